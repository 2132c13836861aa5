import { accept, refuse, type Decision } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { ReadStateCommand, ReadStateRefusal } from './commands.js'
import type { ReadStateEvent } from './events.js'
import type { ReadState } from './state.js'

/** What was seen once is not unseen by a screen that knew less: that is what marking unread is for. */
export const decide = (
  command: Stamped<ReadStateCommand>,
  { conversations }: ReadState,
): Decision<ReadStateRefusal, ReadStateEvent> => {
  const { conversationId: conversation, facts } = command
  const known = conversations.get(conversation)
  if (facts.inbound === undefined)
    return refuse({ type: 'NoSuchConversation', situation: 'absent' })
  switch (command.type) {
    case 'MarkRead': {
      const seen = Math.min(command.seen ?? facts.inbound, facts.inbound)
      const inbound = Math.max(seen, known?.inbound ?? 0)
      return known?.inbound === inbound && !known.markedUnread
        ? accept()
        : accept({ type: 'ConversationRead', data: { conversation, inbound } })
    }
    case 'MarkUnread':
      return known?.markedUnread === true
        ? accept()
        : accept({ type: 'ConversationMarkedUnread', data: { conversation } })
  }
}
