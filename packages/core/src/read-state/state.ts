import type { StreamEvent } from '@threadbook/sourcing'
import type { ReadStateEvent } from './events.js'

interface ReadConversation {
  readonly inbound: number
  readonly markedUnread: boolean
}

export interface ReadState {
  /** By conversation; never read ones are absent. */
  readonly conversations: ReadonlyMap<string, ReadConversation>
}

export const initial = (): ReadState => ({ conversations: new Map() })

export const evolve = (state: ReadState, event: StreamEvent<ReadStateEvent>): ReadState => {
  // The fold's own map, which it may change (see `Decider.evolve`).
  const conversations = state.conversations as Map<string, ReadConversation>
  const { conversation } = event.data
  switch (event.type) {
    case 'ConversationRead':
      conversations.set(conversation, { inbound: event.data.inbound, markedUnread: false })
      return state
    case 'ConversationMarkedUnread': {
      const inbound = conversations.get(conversation)?.inbound ?? 0
      conversations.set(conversation, { inbound, markedUnread: true })
      return state
    }
  }
}
