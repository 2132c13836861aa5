/** What comes in, what goes out, what is said among the team, and what is hidden of it. */
import { accept, refuse } from '@threadbook/sourcing'
import { capabilityAllowed, needsEdition } from '../capabilities.js'
import { mayBeAnsweredByMachine } from '../auto-reply/policy.js'
import type { Stamped } from '../request.js'
import { isUser, type Channel, type SpamCause } from '../vocabulary.js'
import {
  assigned,
  bare,
  idTaken,
  inTrash,
  markedAsSpam,
  noSuchConversation,
  one,
  when,
  type Answer,
  type Event,
} from './answers.js'
import type {
  AddComment,
  HideMessage,
  ReceiveMessage,
  SendMessage,
  UnhideMessage,
} from './commands.js'
import type { ConversationEvent } from './events.js'
import type { Start } from './start.js'
import { isNewParticipant, isWanted, reopens } from './rules.js'
import { hideable, replyChannel, type Present } from './state.js'

const started = (start: Start, channel: Channel): Event<'ConversationStarted'> => ({
  type: 'ConversationStarted',
  data: { ...start, channel },
})

const received = (
  { message, from, mailClass }: ReceiveMessage,
  filtered?: SpamCause,
): ConversationEvent => ({
  type: 'MessageReceived',
  data: { ...message, from, mailClass, ...(filtered !== undefined && { filtered }) },
})

/** The verdict is given when a conversation starts (D-21). */
export const receiveFirst = (command: ReceiveMessage): Answer => {
  const { start, message, spam } = command
  if (start === undefined) return noSuchConversation('absent')
  const first = [started(start, message.channel), received(command)]
  return accept(...first, ...(spam === undefined ? [] : [markedAsSpam(spam)]))
}

export const receive = (command: Stamped<ReceiveMessage>, state: Present): Answer => {
  const { from, spam, at } = command
  if (state.trashed !== undefined) return inTrash(state)
  if (state.continuedIn !== undefined)
    return refuse({ type: 'ConversationContinued', continuedIn: state.continuedIn })
  if (!isWanted(command, state))
    return one(received(command, state.spam === undefined ? spam : undefined))
  return accept(
    received(command),
    ...when(isNewParticipant(command, state), {
      type: 'ParticipantAdded',
      data: { participant: from },
    }),
    ...when(reopens(at, state), bare('Reopened')),
    ...when(state.snoozedUntil !== undefined, bare('Woken')),
  )
}

const sent = (
  { kind, message, to = [], outbox, record }: SendMessage,
  own: Channel,
): Event<'MessageSent'> => {
  const { channel = own, attachments = [] } = message
  const more = { ...(outbox !== undefined && { outbox }), ...(record !== undefined && { record }) }
  return { type: 'MessageSent', data: { ...message, channel, attachments, kind, to, ...more } }
}

/** Composed, logged or a bot's greeting; there must be something to reply to. */
export const sendFirst = (command: SendMessage): Answer => {
  const { start, kind, message } = command
  if (start === undefined || kind === 'reply') return noSuchConversation('absent')
  const first = sent(command, message.channel ?? 'email')
  return accept<ConversationEvent>(started(start, first.data.channel), first)
}

/**
 * K-09, D-27: an agent's reply alone assigns, and a team's conversation stays the team's. From a bot
 * it takes over, and the assignment says so even where the owner stays.
 */
const takenOver = (
  { kind, actor }: SendMessage,
  { owner, handler }: Present,
): readonly ConversationEvent[] =>
  kind === 'reply' && isUser(actor) && (owner === undefined || handler.kind === 'bot')
    ? [assigned(owner ?? actor)]
    : []

export const send = (command: SendMessage, state: Present): Answer => {
  const { kind } = command
  if (state.trashed !== undefined) return inTrash(state)
  if (state.spam !== undefined && (kind === 'reply' || kind === 'bot'))
    return refuse({ type: 'ConversationIsSpam' })
  const { messageId, channel = replyChannel(state) } = command.message
  if (state.deliveries.has(messageId)) return idTaken('message.messageId')
  const { lastMail } = state
  const byMachine = kind === 'bot' && channel === 'email' && lastMail !== undefined
  if (byMachine && !mayBeAnsweredByMachine(lastMail.mailClass))
    return refuse({ type: 'NotAnsweredByMachine', mailClass: lastMail.mailClass })
  return accept(sent(command, replyChannel(state)), ...takenOver(command, state))
}

export const addComment = (command: AddComment, state: Present): Answer => {
  const { commentId, preview, text, mentions = [], spans, outbox } = command
  const leaves = {
    ...(outbox !== undefined && { outbox }),
    ...(spans !== undefined && { spans }),
  }
  return state.comments.has(commentId)
    ? accept()
    : one({ type: 'CommentAdded', data: { commentId, preview, text, mentions, ...leaves } })
}

export const hideMessage = ({ messageId, facts }: HideMessage, state: Present): Answer => {
  const message = hideable(state, messageId)
  if (message === undefined) return refuse({ type: 'NoSuchMessage', messageId })
  if (message.hiddenBy !== undefined) return accept()
  return capabilityAllowed('hideMessages', facts.edition)
    ? one({ type: 'MessageHidden', data: { messageId } })
    : refuse(needsEdition('hideMessages'))
}

/** No edition is asked for: what was hidden before a downgrade can still be shown (D-10). */
export const unhideMessage = (
  { messageId, actor, facts }: UnhideMessage,
  state: Present,
): Answer => {
  const message = hideable(state, messageId)
  if (message === undefined) return refuse({ type: 'NoSuchMessage', messageId })
  const { hiddenBy } = message
  if (hiddenBy === undefined) return accept()
  return facts.superAdmin || (hiddenBy === actor && !facts.removed)
    ? one({ type: 'MessageUnhidden', data: { messageId } })
    : refuse({ type: 'NotAllowedToUnhide', hiddenBy })
}
