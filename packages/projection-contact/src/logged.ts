/** What of a conversation is logged on records, and on which. */
import {
  conversations,
  type ConversationEvent,
  type Present,
  type RecordReference,
} from '@threadbook/core'
import { fold, type StreamEvent } from '@threadbook/sourcing'

export type MessageEvent = StreamEvent<
  Extract<ConversationEvent, { readonly type: 'MessageReceived' | 'MessageSent' }>
>

/**
 * Messages of both directions; neither what was filtered in a running conversation (D-21), nor a
 * bounce, which nobody wrote. Comments are the team's own (S-071).
 */
export const isLogged = (event: StreamEvent<ConversationEvent>): event is MessageEvent =>
  event.type === 'MessageSent' ||
  (event.type === 'MessageReceived' &&
    event.data.filtered === undefined &&
    event.data.mailClass !== 'bounce')

/**
 * The messages that records show. Hidden ones are not among them until they are unhidden (S-095,
 * S-097), and nothing of a purged conversation is (S-042, S-044).
 */
export const loggedMessages = (
  events: readonly StreamEvent<ConversationEvent>[],
): readonly MessageEvent[] => {
  const state = fold(conversations, events)
  if (state.situation !== 'present') return []
  return events
    .filter(isLogged)
    .filter(({ data }) => state.messages.get(data.messageId)?.hiddenBy === undefined)
}

/**
 * The records that all of a conversation is logged on (S-105). What is hidden is logged on them, too:
 * it comes back where it was. A contact's company shows what the contact shows.
 */
export const recordsOf = ({ contact, records }: Present): readonly RecordReference[] => [
  ...(contact === undefined ? [] : [{ type: 'contact' as const, id: contact }]),
  ...[...records.tickets.keys()].map((id) => ({ type: 'ticket' as const, id })),
  ...[...records.deals].map((id) => ({ type: 'deal' as const, id })),
]
