/** What leaves, and what becomes of it. Stored for ever: add fields, never rename or remove them. */
import { event, sealed } from '@threadbook/sourcing'
import * as t from 'io-ts'
import { Channel } from '../vocabulary.js'
import { Correspondent } from './correspondent.js'
import type { Content } from './message.js'

/**
 * It goes out through the `Delivery` port. What was sent before there was one, or by somebody
 * else's, does not have this, and is never sent by us.
 */
export const Outbox = t.partial({
  /** The Message-ID it goes out with, without angle brackets. */
  mailId: t.string,
})
export type Outbox = t.TypeOf<typeof Outbox>

/** Of a call that is over. */
export const CallOutcome = t.keyof(
  { connected: null, noAnswer: null, busy: null, failed: null, voicemail: null },
  'CallOutcome',
)
export type CallOutcome = t.TypeOf<typeof CallOutcome>

export const TranscriptCause = t.keyof({ asked: null, ended: null }, 'TranscriptCause')
export type TranscriptCause = t.TypeOf<typeof TranscriptCause>

/**
 * No message of the conversation itself: it moves nothing in the list. Only the note that goes with
 * it is kept; what was said before is put to it when it goes out, without what is hidden (D-10).
 */
const MessageForwarded = event(
  'MessageForwarded',
  {
    messageId: t.string,
    /** The e-mail that was passed on (S-084). */
    forwarded: t.string,
    to: t.readonlyArray(Correspondent),
    preview: sealed<string>(),
    content: sealed<Content>(),
  },
  { subject: sealed<string>(), claims: t.readonlyArray(t.string), outbox: Outbox },
)

/** `ended`: the history of a conversation that was switched to e-mail and then closed (S-076). */
const TranscriptSent = event(
  'TranscriptSent',
  { transcriptId: t.string, to: t.readonlyArray(Correspondent), cause: TranscriptCause },
  { claims: t.readonlyArray(t.string), outbox: Outbox },
)

const ReplyChannelSwitched = event('ReplyChannelSwitched', {
  channel: Channel,
  to: Correspondent,
})

const ContactCalled = event('ContactCalled', { callId: t.string, number: sealed<string>() })
const ContactCallEnded = event(
  'ContactCallEnded',
  { callId: t.string, outcome: CallOutcome },
  { seconds: t.number },
)

// Below, `messageId` is what was on its way: a message, a forwarded one, a transcript, or a mention
// (`notificationId`).

/** Written before anything is handed over. With no answer behind it, nobody knows what became of it. */
const DeliveryAttempted = event('DeliveryAttempted', {
  messageId: t.string,
  /** 1 for the first. */
  attempt: t.number,
})
/** The next system took it and answers for it from here on. */
const MessageHandedOver = event(
  'MessageHandedOver',
  { messageId: t.string, attempt: t.number },
  /** Its id there: receipts may name it. */
  { providerId: t.string },
)
const DeliveryPostponed = event(
  'DeliveryPostponed',
  { messageId: t.string, attempt: t.number, until: t.string },
  { reason: sealed<string>() },
)
/** It may have arrived and it may not: only a person may send it again. */
const DeliveryUnknown = event(
  'DeliveryUnknown',
  { messageId: t.string, attempt: t.number },
  { reason: sealed<string>() },
)
const DeliveryRetried = event('DeliveryRetried', { messageId: t.string })
const MessageDelivered = event('MessageDelivered', { messageId: t.string })
const MessageRead = event('MessageRead', { messageId: t.string })

export const outgoingEvents = [
  MessageForwarded,
  TranscriptSent,
  ReplyChannelSwitched,
  ContactCalled,
  ContactCallEnded,
  DeliveryAttempted,
  MessageHandedOver,
  DeliveryPostponed,
  DeliveryUnknown,
  DeliveryRetried,
  MessageDelivered,
  MessageRead,
] as const
