/** What a conversation's stream holds. Stored for ever: add fields, never rename or remove them. */
import { event, eventTypes, sealed, type EventsOf } from '@threadbook/sourcing'
import * as t from 'io-ts'
import type { MentionSpan } from './mentions.js'
import { Channel, MailClass, Owner, SpamCause } from '../vocabulary.js'
import {
  CrmRefused,
  DealCreated,
  DealRequested,
  MovedToHelpDesk,
  TicketAssociated,
  TicketClosed,
  TicketCloseRequested,
  TicketDeleted,
  TicketDeletionRequested,
  TicketPropertiesChanged,
  TicketRequested,
} from './events-records.js'
import {
  BlockedMessagesForgotten,
  ConversationPropertySet,
  LabelAdded,
  LabelRemoved,
  MovedToInbox,
  ParticipantRemoved,
  Unmerged,
  UnmergedFrom,
} from './events-work.js'
import { Source } from './source.js'
import { Correspondent } from './correspondent.js'
import { Outbox, outgoingEvents } from './events-outgoing.js'
import type { Content } from './message.js'

/** The bytes are a blob, sealed with the conversation's key. */
export const Attachment = t.intersection([
  t.type({
    blob: t.string,
    /** In bytes, as received. */
    size: t.number,
    mimeType: t.string,
    /** Equal for equal bytes within an account; keyed, so that nobody can try out files. */
    mac: t.string,
    name: sealed<string>(),
  }),
  t.partial({
    /** Often the sender's own machine or address. */
    contentId: sealed<string>(),
    inline: t.boolean,
  }),
])
export type Attachment = t.TypeOf<typeof Attachment>

const message = {
  messageId: t.string,
  channel: Channel,
  preview: sealed<string>(),
  content: sealed<Content>(),
  attachments: t.readonlyArray(Attachment),
}
const messageExtras = {
  subject: sealed<string>(),
  /** The blob with the whole content, where `content` is cut. */
  body: t.string,
  /** Names of the claims held for this message. */
  claims: t.readonlyArray(t.string),
}

const ConversationStarted = event(
  'ConversationStarted',
  { inbox: t.string, channel: Channel, key: t.string },
  {
    contact: t.string,
    /** The conversation that could take no more (D-05). */
    continues: t.string,
  },
)

const MessageReceived = event(
  'MessageReceived',
  { ...message, from: Correspondent, mailClass: MailClass },
  {
    ...messageExtras,
    /** Joined a running conversation and was filtered: it changes nothing but the thread (D-21). */
    filtered: SpamCause,
    /** Where it came from, beyond its channel (S-047). */
    source: Source,
  },
)

/**
 * A blocked visitor wrote it: it is in no view, no search and no thread (D-08). Its sealed fields
 * are under a key of its own, so that it can be forgotten by itself (D-25).
 */
const BlockedMessageReceived = event(
  'BlockedMessageReceived',
  { ...message, from: Correspondent, key: t.string },
  { ...messageExtras, source: Source },
)

const MessageSent = event(
  'MessageSent',
  {
    ...message,
    /** `logged`: sent elsewhere and written down here. */
    kind: t.keyof({ reply: null, composed: null, logged: null, bot: null }),
    to: t.readonlyArray(Correspondent),
  },
  {
    ...messageExtras,
    /** Of what was written down here, as a call that was made (S-047). */
    source: Source,
    outbox: Outbox,
    /** The record of the CRM that it was sent from (S-036). */
    record: t.type({ type: t.string, id: t.string }),
  },
)

const MessageDeliveryFailed = event('MessageDeliveryFailed', {
  messageId: t.string,
  reason: sealed<string>(),
})

const CommentAdded = event(
  'CommentAdded',
  {
    commentId: t.string,
    preview: sealed<string>(),
    text: sealed<string>(),
    /** Ids of the users mentioned (S-072). */
    mentions: t.readonlyArray(t.string),
  },
  /** Those mentioned are told through the `Delivery` port. */
  { outbox: Outbox, spans: sealed<readonly MentionSpan[]>() },
)

const MessageHidden = event('MessageHidden', { messageId: t.string })
const MessageUnhidden = event('MessageUnhidden', { messageId: t.string })

const Assigned = event('Assigned', { owner: Owner })
const Unassigned = event('Unassigned', {})

const BotTookOver = event('BotTookOver', { chatflowId: t.string, chatflowName: t.string })
/** The bot reached its action "send to team member"; an assignment is an event of its own. */
const HandedOffToTeamMember = event('HandedOffToTeamMember', {})

const Closed = event('Closed', {})
const Reopened = event('Reopened', {})
const Snoozed = event('Snoozed', { until: t.string })
const Woken = event('Woken', {})

const Trashed = event('Trashed', {})
const Restored = event('Restored', {})
const HoldPlaced = event('HoldPlaced', { reason: sealed<string>() })
const HoldReleased = event('HoldReleased', {})
/** The last event of a stream. Keys and blobs named here are destroyed because of it. */
const Purged = event(
  'Purged',
  { keys: t.readonlyArray(t.string), blobs: t.readonlyArray(t.string) },
  {
    /** They go with it, for good (S-043); and those that were asked for and are not there yet. */
    tickets: t.readonlyArray(t.string),
    ticketRequests: t.readonlyArray(t.string),
    /** They stay, and know nothing of it any more (S-044). */
    deals: t.readonlyArray(t.string),
  },
)

const MarkedAsSpam = event('MarkedAsSpam', { cause: SpamCause })
const UnmarkedAsSpam = event('UnmarkedAsSpam', {})

/** What comes for this conversation goes to the one named from now on (D-24). */
const MergedInto = event('MergedInto', { target: t.string })
/** The other side of it: the thread shows both, and purging this one purges the source (D-24). */
const MergedFrom = event('MergedFrom', { source: t.string })
/** While this one was in Trash, a later message started the one named (D-22). */
const ContinuedIn = event('ContinuedIn', { conversation: t.string })

const ContactAssociated = event('ContactAssociated', { contact: t.string })
const ContactDisassociated = event('ContactDisassociated', {})
const ParticipantAdded = event('ParticipantAdded', { participant: Correspondent })

export const conversationEvents = eventTypes(
  ConversationStarted,
  MessageReceived,
  BlockedMessageReceived,
  BlockedMessagesForgotten,
  MessageSent,
  MessageDeliveryFailed,
  ...outgoingEvents,
  CommentAdded,
  MessageHidden,
  MessageUnhidden,
  Assigned,
  Unassigned,
  BotTookOver,
  HandedOffToTeamMember,
  Closed,
  Reopened,
  Snoozed,
  Woken,
  Trashed,
  Restored,
  HoldPlaced,
  HoldReleased,
  Purged,
  MarkedAsSpam,
  UnmarkedAsSpam,
  MergedInto,
  MergedFrom,
  Unmerged,
  UnmergedFrom,
  MovedToInbox,
  ContinuedIn,
  LabelAdded,
  LabelRemoved,
  ConversationPropertySet,
  ContactAssociated,
  ContactDisassociated,
  ParticipantAdded,
  ParticipantRemoved,
  TicketRequested,
  TicketAssociated,
  TicketCloseRequested,
  TicketClosed,
  TicketPropertiesChanged,
  TicketDeletionRequested,
  TicketDeleted,
  MovedToHelpDesk,
  DealRequested,
  DealCreated,
  CrmRefused,
)
export type ConversationEvent = EventsOf<typeof conversationEvents>
