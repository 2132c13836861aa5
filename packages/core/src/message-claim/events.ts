/** What the stream of one Message-ID in one inbox holds (D-23). It outlives its conversation. */
import { event, eventTypes, type EventsOf } from '@threadbook/sourcing'
import * as t from 'io-ts'

/** Something refers to the id: mails that bear it, or answer it, belong to this conversation. */
const MessageIdClaimed = event('MessageIdClaimed', {
  conversation: t.string,
  /** Only filtered mail refers to it: wanted mail may take it over. */
  weakly: t.boolean,
})
/** The mail itself came, and is this message: whoever brings it again brings a duplicate. */
const MessageIdReceived = event(
  'MessageIdReceived',
  { conversation: t.string, messageId: t.string },
  { weakly: t.literal(true) },
)
const MessageIdTakenOver = event(
  'MessageIdTakenOver',
  { conversation: t.string },
  { weakly: t.literal(true) },
)
/** Its conversation is gone: the same mail does not come back, and an answer starts anew. */
const MessageIdPurged = event('MessageIdPurged', {})

export const messageClaimEvents = eventTypes(
  MessageIdClaimed,
  MessageIdReceived,
  MessageIdTakenOver,
  MessageIdPurged,
)
export type MessageClaimEvent = EventsOf<typeof messageClaimEvents>
