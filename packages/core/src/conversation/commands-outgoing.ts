/** What can be asked for of what leaves, and what is told of what became of it. */
import { toSeal } from '@threadbook/sourcing'
import * as t from 'io-ts'
import {
  asking,
  request,
  sealing,
  struct,
  type Asks,
  type RequestOf,
  type WithFacts,
} from '../request.js'
import { Channel, Id, IsoTime as Time, type MailClass } from '../vocabulary.js'
import { CallOutcome, TranscriptCause, type Outbox } from './events-outgoing.js'
import type { CorrespondentToSeal } from './message.js'
import { Draft, draft, Person, type Written } from './message.js'

const conversation = { conversationId: Id }
const message = { ...conversation, messageId: Id }
const attempted = { ...message, attempt: t.number }

type ToSeal = t.TypeOf<typeof CorrespondentToSeal>
/** A request that names people, as it is decided: they are in boxes, and known by their hashes. */
type Addressed<A> = Omit<A, 'to'> & {
  readonly to: readonly ToSeal[]
  readonly claims?: readonly string[]
  readonly outbox?: Outbox
}

/** To another team or to somebody outside, from the most recent e-mail only (S-084). */
const Forward = request('Forward', {
  ...conversation,
  /** The e-mail that is passed on. */
  forwarded: Id,
  to: t.readonlyArray(Person),
  message: Draft,
})
export type Forward = Addressed<RequestOf<typeof Forward>> & {
  readonly message: { readonly messageId: string }
} & WithFacts<{
    /** See `latestEmail`; undefined where there is none. */
    readonly latestEmail: { readonly messageId: string; readonly hidden: boolean } | undefined
  }>
/** What is written goes above what was said before. */
export const forward = ({
  text,
  html,
  inserts,
  subject,
  messageId,
  ...rest
}: Asks<typeof Forward, 'message'> & Omit<Written, 'channel' | 'attachments'>): RequestOf<
  typeof Forward
> => ({
  type: 'Forward',
  ...rest,
  message: draft({ text, html, inserts, subject, messageId, channel: 'email' }, { to: rest.to }),
})

/** A mail that went out from elsewhere, from a record of the CRM say, is written down here (S-036). */
const LogSentMail = request(
  'LogSentMail',
  { to: t.readonlyArray(Person), message: Draft },
  {
    inbox: Id,
    /** The conversation it belongs to; it starts one where left out. */
    conversationId: Id,
    cc: t.readonlyArray(Person),
    /** Its Message-ID: an answer to it finds its way here, and it is written down once. */
    mailId: t.string,
    /** The record it was sent from. */
    record: struct('Record', { type: Id, id: Id }),
  },
)
/** The front door makes a `SendMessage` of it. */
export type LogSentMail = RequestOf<typeof LogSentMail>
export const logSentMail = ({
  text,
  html,
  inserts,
  subject,
  messageId,
  attachments,
  ...rest
}: Asks<typeof LogSentMail, 'message'> & Omit<Written, 'channel'>): LogSentMail => ({
  type: 'LogSentMail',
  ...rest,
  message: draft(
    { text, html, inserts, subject, messageId, attachments, channel: 'email' },
    {
      to: rest.to,
      ...(rest.cc && { cc: rest.cc }),
      ...(rest.mailId !== undefined && { sourceId: rest.mailId }),
    },
  ),
})

/** From chat or Messenger to e-mail, and no other way (S-075). */
const SwitchReplyChannel = request(
  'SwitchReplyChannel',
  { ...conversation, channel: Channel },
  /** Where answers go from now on; the contact's own address unless told. */
  { to: Person },
)
export type SwitchReplyChannel = Omit<RequestOf<typeof SwitchReplyChannel>, 'to'> & {
  readonly to?: ToSeal
}
export const switchReplyChannel = asking(SwitchReplyChannel)

/** A copy of the chat, without comments, without what is hidden or filtered (S-077). */
const SendTranscript = request('SendTranscript', conversation, {
  transcriptId: Id,
  /** The visitor unless told. */
  to: t.readonlyArray(Person),
  /** `asked` unless told. */
  cause: TranscriptCause,
})
export type SendTranscript = Addressed<RequestOf<typeof SendTranscript>> & {
  readonly transcriptId: string
}
export const sendTranscript = asking(SendTranscript)

/** From the reply editor (S-065); a host's telephony makes the call. */
const CallContact = request(
  'CallContact',
  { ...conversation, number: sealing(t.string) },
  { callId: Id },
)
export type CallContact = RequestOf<typeof CallContact> & { readonly callId: string }
export const callContact = ({
  number,
  ...rest
}: Asks<typeof CallContact, 'number'> & { readonly number: string }): RequestOf<
  typeof CallContact
> => ({ type: 'CallContact', ...rest, number: toSeal(number) })

const EndCall = request(
  'EndCall',
  { ...conversation, callId: Id, outcome: CallOutcome },
  /** How long it lasted. */
  { seconds: t.number },
)
export type EndCall = RequestOf<typeof EndCall>
export const endCall = asking(EndCall)

/** The right to hand it over, once: whoever is answered `accepted` has it. */
const AttemptDelivery = request('AttemptDelivery', message)
export type AttemptDelivery = RequestOf<typeof AttemptDelivery>
export const attemptDelivery = asking(AttemptDelivery)

const ConfirmHandOver = request('ConfirmHandOver', attempted, { providerId: Id })
export type ConfirmHandOver = RequestOf<typeof ConfirmHandOver>
export const confirmHandOver = asking(ConfirmHandOver)

type Reasoned<A> = Omit<A, 'reason'> & { readonly reason?: string }
const reasoned = <A extends { readonly reason?: unknown }>({ reason, ...rest }: A) => ({
  ...rest,
  ...(typeof reason === 'string' && { reason: toSeal(reason) }),
})

const PostponeDelivery = request(
  'PostponeDelivery',
  { ...attempted, until: Time },
  { reason: sealing(t.string) },
)
export type PostponeDelivery = RequestOf<typeof PostponeDelivery>
export const postponeDelivery = (
  fields: Reasoned<Asks<typeof PostponeDelivery, never>>,
): PostponeDelivery => ({ type: 'PostponeDelivery', ...reasoned(fields) })

/** Nobody will ever know what became of the attempt. */
const LoseDelivery = request('LoseDelivery', attempted, { reason: sealing(t.string) })
export type LoseDelivery = RequestOf<typeof LoseDelivery>
export const loseDelivery = (fields: Reasoned<Asks<typeof LoseDelivery, never>>): LoseDelivery => ({
  type: 'LoseDelivery',
  ...reasoned(fields),
})

/** A person sends again what failed, or what nobody knows of. */
const RetryDelivery = request('RetryDelivery', message)
export type RetryDelivery = RequestOf<typeof RetryDelivery>
export const retryDelivery = asking(RetryDelivery)

const which = {
  messageId: Id,
  /** Instead of one: everything sent until then. */
  upTo: Time,
}
/** A receipt: it arrived. One of `messageId` and `upTo` is given. */
const ConfirmDelivery = request('ConfirmDelivery', conversation, which)
export type ConfirmDelivery = RequestOf<typeof ConfirmDelivery>
export const confirmDelivery = asking(ConfirmDelivery)

/** A receipt: it was read. One of `messageId` and `upTo` is given. */
const ConfirmRead = request('ConfirmRead', conversation, which)
export type ConfirmRead = RequestOf<typeof ConfirmRead>
export const confirmRead = asking(ConfirmRead)

export const outgoingRequests = [
  Forward,
  LogSentMail,
  SwitchReplyChannel,
  SendTranscript,
  CallContact,
  EndCall,
  AttemptDelivery,
  ConfirmHandOver,
  PostponeDelivery,
  LoseDelivery,
  RetryDelivery,
  ConfirmDelivery,
  ConfirmRead,
] as const

/** What is told of deliveries: it holds wherever the conversation is. */
export type DeliveryCommand =
  | AttemptDelivery
  | ConfirmHandOver
  | PostponeDelivery
  | LoseDelivery
  | RetryDelivery
  | ConfirmDelivery
  | ConfirmRead

export type OutgoingCommand = Forward | SwitchReplyChannel | SendTranscript | CallContact | EndCall

export type OutgoingRefusal =
  /** Only the most recent e-mail is forwarded (S-084); there may be none. */
  | { readonly type: 'NotTheLatestEmail'; readonly latestEmail?: string }
  /** What is hidden leaves by no way (D-10). */
  | { readonly type: 'MessageIsHidden'; readonly messageId: string }
  /** From chat or Messenger to e-mail only (S-075). */
  | { readonly type: 'CannotSwitchChannel'; readonly from: Channel; readonly to: Channel }
  /** No e-mail address of the contact is known, and none was given. */
  | { readonly type: 'NoEmailAddress'; readonly conversationId: string }
  /** A transcript is of a chat (S-077). */
  | { readonly type: 'NoTranscript'; readonly channel: Channel }
  | { readonly type: 'NoSuchCall'; readonly callId: string }
  /** What a machine wrote is never answered by a machine (domain.md, § 4). */
  | { readonly type: 'NotAnsweredByMachine'; readonly mailClass: MailClass }
  /** Only what failed or is unknown, and went out from here, is sent again. */
  | { readonly type: 'NotRetryable'; readonly messageId: string; readonly status: string }
