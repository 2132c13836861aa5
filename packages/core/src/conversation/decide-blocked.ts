/** What a blocked visitor writes: kept in the log, and shown to nobody (D-08, D-25). */
import { accept } from '@threadbook/sourcing'
import { noSuchConversation, one, type Answer } from './answers.js'
import type { ForgetBlockedMessages, ReceiveBlockedMessage } from './commands-work.js'
import type { ConversationEvent } from './events.js'
import type { Present } from './state.js'

const blocked = ({ message, from, key }: ReceiveBlockedMessage): ConversationEvent => ({
  type: 'BlockedMessageReceived',
  data: { ...message, from, key },
})

/** Of somebody with no conversation that lives: it starts one, which no view shows. */
export const receiveFirstBlocked = (command: ReceiveBlockedMessage): Answer => {
  const { start, message } = command
  return start === undefined
    ? noSuchConversation('absent')
    : accept<ConversationEvent>(
        { type: 'ConversationStarted', data: { ...start, channel: message.channel } },
        blocked(command),
      )
}

export const receiveBlocked = (
  command: ReceiveBlockedMessage,
  { blocked: known }: Present,
): Answer => (known.has(command.message.messageId) ? accept() : one(blocked(command)))

/** A hold stops this clock like the others (D-06). */
export const forgetBlocked = ({ until }: ForgetBlockedMessages, state: Present): Answer => {
  const due = [...state.blocked].filter(([, { since, forgotten }]) => !forgotten && since <= until)
  if (due.length === 0 || state.hold !== undefined) return accept()
  return one({
    type: 'BlockedMessagesForgotten',
    data: {
      messageIds: due.map(([messageId]) => messageId),
      keys: due.map(([, { key }]) => key),
      blobs: due.flatMap(([, { blobs }]) => blobs),
    },
  })
}
