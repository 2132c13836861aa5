/** What can be asked of a conversation, and how it may be refused. */
import { toSeal, type IsoTime } from '@threadbook/sourcing'
import * as t from 'io-ts'
import type { NeedsEdition } from '../capabilities.js'
import { previewOf } from '../preview.js'
import { asking, request, sealing, type Asks, type RequestOf, type WithFacts } from '../request.js'
import {
  Id,
  IsoTime as Time,
  MailClass,
  Owner,
  SpamCause,
  type Edition,
  type UserSituation,
} from '../vocabulary.js'
import { workInnerRequests, workRequests, type WorkCommand } from './commands-work.js'
import { mentioning, mentionSpans, type Mention } from './mentions.js'
import {
  recordInnerRequests,
  recordRequests,
  type RecordCommand,
  type RecordRefusal,
} from './commands-records.js'
import {
  outgoingRequests,
  type DeliveryCommand,
  type OutgoingCommand,
  type OutgoingRefusal,
} from './commands-outgoing.js'
import type { Outbox } from './events-outgoing.js'
import {
  CorrespondentToSeal,
  Draft,
  draft,
  Message,
  Person,
  withPreview,
  type Written,
} from './message.js'
import { Start } from './start.js'

const conversation = { conversationId: Id }
const message = { ...conversation, messageId: Id }

const ReceiveMessage = request(
  'ReceiveMessage',
  { ...conversation, message: Message, from: CorrespondentToSeal, mailClass: MailClass },
  {
    start: Start,
    /** The verdict of the spam rules on this message. */
    spam: SpamCause,
  },
)
export type ReceiveMessage = RequestOf<typeof ReceiveMessage>
export const receive = asking(ReceiveMessage)

const SendMessage = request(
  'SendMessage',
  {
    ...conversation,
    /** `logged`: sent elsewhere and written down here. */
    kind: t.keyof({ reply: null, composed: null, logged: null, bot: null }),
    message: Draft,
  },
  {
    start: Start,
    to: t.readonlyArray(CorrespondentToSeal),
    /** People by address, instead of `to`; an answer goes to whom it answers unless told. */
    recipients: t.readonlyArray(Person),
    cc: t.readonlyArray(Person),
  },
)
export type SendMessage = RequestOf<typeof SendMessage> & {
  readonly message: { readonly messageId: string }
  readonly outbox?: Outbox
  readonly record?: { readonly type: string; readonly id: string }
}

/** K-09: it assigns an unassigned conversation to the user who replies. */
export const reply = ({
  text,
  html,
  inserts,
  subject,
  messageId,
  channel,
  attachments,
  ...rest
}: Asks<typeof SendMessage, 'kind' | 'message' | 'start'> & Written): RequestOf<
  typeof SendMessage
> => ({
  type: 'SendMessage',
  kind: 'reply',
  ...rest,
  message: draft(
    { text, html, inserts, subject, messageId, channel, attachments },
    { ...(rest.recipients && { to: rest.recipients }), ...(rest.cc && { cc: rest.cc }) },
  ),
})

/** A mail from the inbox to somebody, outside of any conversation (S-046): it starts one. */
const Compose = request(
  'Compose',
  { to: t.readonlyArray(Person), message: Draft },
  { inbox: Id, conversationId: Id, cc: t.readonlyArray(Person) },
)
/** The front door makes a `SendMessage` of it: only it can tell who the recipients are. */
export type Compose = RequestOf<typeof Compose>

export const compose = ({
  text,
  html,
  inserts,
  subject,
  messageId,
  attachments,
  ...rest
}: Asks<typeof Compose, 'message'> & Omit<Written, 'channel'>): Compose => ({
  type: 'Compose',
  ...rest,
  message: draft(
    { text, html, inserts, subject, messageId, attachments, channel: 'email' },
    { to: rest.to, ...(rest.cc && { cc: rest.cc }) },
  ),
})

const FailDelivery = request('FailDelivery', { ...message, reason: sealing(t.string) })
export type FailDelivery = RequestOf<typeof FailDelivery>
export const failDelivery = ({
  reason,
  ...rest
}: Asks<typeof FailDelivery, 'reason'> & { readonly reason: string }): FailDelivery => ({
  type: 'FailDelivery',
  ...rest,
  reason: toSeal(reason),
})

const AddComment = request(
  'AddComment',
  { ...conversation, text: sealing(t.string), preview: sealing(t.string) },
  {
    commentId: Id,
    /** Ids of the users mentioned (S-072). */
    mentions: t.readonlyArray(Id),
    /** Where in the text. */
    spans: sealing(mentionSpans),
  },
  withPreview(({ text }) => text),
)
export type AddComment = RequestOf<typeof AddComment> & {
  readonly commentId: string
  readonly outbox?: Outbox
}
/** The text may be in parts, with mentions between them: who is mentioned then follows from it. */
export const comment = ({
  text: written,
  ...rest
}: Asks<typeof AddComment, 'text' | 'preview' | 'spans'> & {
  readonly text: string | readonly (string | Mention)[]
}): RequestOf<typeof AddComment> => {
  const { text, mentions, spans } = mentioning(typeof written === 'string' ? [written] : written)
  return {
    type: 'AddComment',
    ...rest,
    text: toSeal(text),
    preview: toSeal(previewOf(text)),
    ...(spans.length > 0 && { mentions, spans: toSeal(spans) }),
  }
}

const Assign = request('Assign', { ...conversation, owner: Owner })
export type Assign = RequestOf<typeof Assign> &
  WithFacts<{ readonly ownerSituation: UserSituation }>
export const assign = asking(Assign)

/** `from`: only where it is theirs still. */
const Unassign = request('Unassign', conversation, { from: Owner })
export type Unassign = RequestOf<typeof Unassign>
export const unassign = asking(Unassign)

const TakeOverByBot = request('TakeOverByBot', {
  ...conversation,
  chatflowId: Id,
  chatflowName: t.string,
})
export type TakeOverByBot = RequestOf<typeof TakeOverByBot>
export const takeOverByBot = asking(TakeOverByBot)

/** The bot's action "send to team member"; without an owner to nobody in particular. */
const HandOff = request('HandOff', conversation, { owner: Owner })
export type HandOff = RequestOf<typeof HandOff> &
  WithFacts<{ readonly ownerSituation: UserSituation }>
export const handOff = asking(HandOff)

const Close = request('Close', conversation, {
  /** Its tickets, too (S-086); they stay open unless told. */
  withTickets: t.literal(true),
})
type Close = RequestOf<typeof Close>
export const close = asking(Close)

const Reopen = request('Reopen', conversation)
type Reopen = RequestOf<typeof Reopen>
export const reopen = asking(Reopen)

const Snooze = request('Snooze', { ...conversation, until: Time })
export type Snooze = RequestOf<typeof Snooze>
export const snooze = asking(Snooze)

const Wake = request('Wake', conversation)
export type Wake = RequestOf<typeof Wake>
export const wake = asking(Wake)

const Trash = request('Trash', conversation)
type Trash = RequestOf<typeof Trash>
export const trash = asking(Trash)

const Restore = request('Restore', conversation)
type Restore = RequestOf<typeof Restore>
export const restore = asking(Restore)

const PlaceHold = request('PlaceHold', { ...conversation, reason: sealing(t.string) })
export type PlaceHold = RequestOf<typeof PlaceHold>
export const placeHold = ({
  reason,
  ...rest
}: Asks<typeof PlaceHold, 'reason'> & { readonly reason: string }): PlaceHold => ({
  type: 'PlaceHold',
  ...rest,
  reason: toSeal(reason),
})

const ReleaseHold = request('ReleaseHold', conversation)
type ReleaseHold = RequestOf<typeof ReleaseHold>
export const releaseHold = asking(ReleaseHold)

/** For good. By a person from Trash only; by `system` when a clock ran out or a person is erased. */
const Purge = request('Purge', conversation, {
  /** Somebody is to be forgotten: `system` purges it from wherever it is (D-15). */
  erasure: t.literal(true),
})
export type Purge = RequestOf<typeof Purge>
export const purge = asking(Purge)

const MarkAsSpam = request('MarkAsSpam', conversation, { cause: SpamCause })
type MarkAsSpam = RequestOf<typeof MarkAsSpam>
export const markAsSpam = asking(MarkAsSpam)

/** The contact is created before (D-29) and named here. */
const UnmarkAsSpam = request('UnmarkAsSpam', conversation, { contact: Id })
export type UnmarkAsSpam = RequestOf<typeof UnmarkAsSpam>
export const unmarkAsSpam = asking(UnmarkAsSpam)

const HideMessage = request('HideMessage', message)
export type HideMessage = RequestOf<typeof HideMessage> & WithFacts<{ readonly edition: Edition }>
export const hideMessage = asking(HideMessage)

const UnhideMessage = request('UnhideMessage', message)
export type UnhideMessage = RequestOf<typeof UnhideMessage> &
  WithFacts<{
    /** Whether the actor is one. */
    readonly superAdmin: boolean
    /** Whether the user who hid the message was removed from the account. */
    readonly removed: boolean
  }>
export const unhideMessage = asking(UnhideMessage)

const MergeInto = request('MergeInto', { ...conversation, target: Id })
export type MergeInto = RequestOf<typeof MergeInto>
export const mergeInto = asking(MergeInto)

/** The target's half of a merge, decided with it. */
const Absorb = request('Absorb', { ...conversation, source: Id })
type Absorb = RequestOf<typeof Absorb>

const ContinueIn = request('ContinueIn', { ...conversation, conversation: Id })
export type ContinueIn = RequestOf<typeof ContinueIn>
export const continueIn = asking(ContinueIn)

const AssociateContact = request('AssociateContact', { ...conversation, contact: Id })
type AssociateContact = RequestOf<typeof AssociateContact>
export const associateContact = asking(AssociateContact)

const DisassociateContact = request('DisassociateContact', conversation)
type DisassociateContact = RequestOf<typeof DisassociateContact>
export const disassociateContact = asking(DisassociateContact)

export const conversationRequests = [
  ReceiveMessage,
  SendMessage,
  Compose,
  FailDelivery,
  ...outgoingRequests,
  AddComment,
  Assign,
  Unassign,
  TakeOverByBot,
  HandOff,
  Close,
  Reopen,
  Snooze,
  Wake,
  Trash,
  Restore,
  PlaceHold,
  ReleaseHold,
  Purge,
  MarkAsSpam,
  UnmarkAsSpam,
  HideMessage,
  UnhideMessage,
  MergeInto,
  ContinueIn,
  AssociateContact,
  DisassociateContact,
  ...recordRequests,
  ...workRequests,
] as const
export type ConversationRequest = RequestOf<(typeof conversationRequests)[number]>

/** Asked for by nobody outside: the front door decides them beside others. */
export const conversationInnerRequests = [
  Absorb,
  ...recordInnerRequests,
  ...workInnerRequests,
] as const

export type ConversationCommand =
  | ReceiveMessage
  | SendMessage
  | FailDelivery
  | DeliveryCommand
  | OutgoingCommand
  | AddComment
  | Assign
  | Unassign
  | TakeOverByBot
  | HandOff
  | Close
  | Reopen
  | Snooze
  | Wake
  | Trash
  | Restore
  | PlaceHold
  | ReleaseHold
  | Purge
  | MarkAsSpam
  | UnmarkAsSpam
  | HideMessage
  | UnhideMessage
  | MergeInto
  | Absorb
  | ContinueIn
  | AssociateContact
  | DisassociateContact
  | RecordCommand
  | WorkCommand

export type ConversationRefusal =
  | RecordRefusal
  | OutgoingRefusal
  | { readonly type: 'NoSuchConversation'; readonly situation: 'absent' | 'purged' }
  /** What comes for it goes to `target`. */
  | { readonly type: 'ConversationMerged'; readonly target: string }
  /** What comes for it goes to `continuedIn`, or starts a new conversation (D-05). */
  | { readonly type: 'ConversationInTrash'; readonly continuedIn?: string }
  /** It was in Trash once; what comes for it goes on in the other one all the same (D-22). */
  | { readonly type: 'ConversationContinued'; readonly continuedIn: string }
  /** Only from Trash (D-15). */
  | { readonly type: 'ConversationNotInTrash' }
  | { readonly type: 'ConversationOnHold' }
  /** Nothing is sent from Spam: the contact is only made when it is marked as not spam (D-29). */
  | { readonly type: 'ConversationIsSpam' }
  /** S-087: until the visitor was quiet for 30 minutes, counted to `closableFrom`. */
  | { readonly type: 'BotStillTalking'; readonly closableFrom: IsoTime }
  | { readonly type: 'NoSuchMessage'; readonly messageId: string }
  | { readonly type: 'NotAllowedToUnhide'; readonly hiddenBy: string }
  | { readonly type: 'OwnerRemoved'; readonly owner: Owner }
  | { readonly type: 'OwnerDeactivated'; readonly owner: Owner }
  | { readonly type: 'TooMany'; readonly what: 'labels' | 'properties'; readonly most: number }
  | NeedsEdition
  /** Something is not due before the time given. */
  | { readonly type: 'NotYet'; readonly field: string; readonly expected: string }
  | {
      readonly type: 'InvalidCommand'
      readonly field: string
      readonly expected: string
      readonly found: string
    }
