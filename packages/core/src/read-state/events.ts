/** What one user has read: a stream of its own, so that reading writes to no conversation. */
import { event, eventTypes, type EventsOf } from '@threadbook/sourcing'
import * as t from 'io-ts'

const ConversationRead = event('ConversationRead', {
  conversation: t.string,
  /** Of the messages that came in and were not filtered, so many were seen (D-13, D-21). */
  inbound: t.number,
})
/** By hand: unread until it is read again. */
const ConversationMarkedUnread = event('ConversationMarkedUnread', { conversation: t.string })

export const readStateEvents = eventTypes(ConversationRead, ConversationMarkedUnread)
export type ReadStateEvent = EventsOf<typeof readStateEvents>
