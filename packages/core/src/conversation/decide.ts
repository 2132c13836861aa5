import { accept, refuse, type Decision } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { Channel, Owner } from '../vocabulary.js'
import type {
  AddComment,
  Assign,
  ConversationCommand,
  ConversationRefusal,
  FailDelivery,
  HandOff,
  HideMessage,
  MergeInto,
  Purge,
  ReceiveMessage,
  SendMessage,
  Snooze,
  Start,
  TakeOverByBot,
  UnhideMessage,
  UnmarkAsSpam,
  Wake,
} from './commands.js'
import type { ConversationEvent } from './events.js'
import { closableFrom, isNewParticipant, isWanted, reopens } from './rules.js'
import { replyChannel, type Conversation, type Present } from './state.js'

type Answer = Decision<ConversationRefusal, ConversationEvent>
type Event<T extends ConversationEvent['type']> = Extract<ConversationEvent, { readonly type: T }>

const one = (event: ConversationEvent): Answer => accept(event)
const bare = (
  type: 'Unassigned' | 'Closed' | 'Reopened' | 'Woken' | 'Trashed' | 'Restored' | 'HoldReleased',
): ConversationEvent => ({ type, data: {} })
const when = (condition: boolean, event: ConversationEvent): readonly ConversationEvent[] =>
  condition ? [event] : []

const noSuchConversation = (situation: 'absent' | 'purged'): Answer =>
  refuse({ type: 'NoSuchConversation', situation })

const inTrash = ({ continuedIn }: Present): Answer =>
  refuse({ type: 'ConversationInTrash', ...(continuedIn !== undefined && { continuedIn }) })

const merged = (target: string): Answer => refuse({ type: 'ConversationMerged', target })

const anotherThanItself = (field: string): Answer =>
  refuse({
    type: 'InvalidCommand',
    field,
    expected: 'another conversation',
    found: 'the conversation itself',
  })

const started = (start: Start, channel: Channel): Event<'ConversationStarted'> => ({
  type: 'ConversationStarted',
  data: { ...start, channel },
})

const markedAsSpam = (cause: Event<'MarkedAsSpam'>['data']['cause']): ConversationEvent => ({
  type: 'MarkedAsSpam',
  data: { cause },
})

const assigned = (owner: Owner): ConversationEvent => ({ type: 'Assigned', data: { owner } })

const received = (
  { message, from, mailClass }: ReceiveMessage,
  filtered?: Event<'MessageReceived'>['data']['filtered'],
): ConversationEvent => ({
  type: 'MessageReceived',
  data: { ...message, from, mailClass, ...(filtered !== undefined && { filtered }) },
})

/** The verdict is given when a conversation starts (D-21). */
const receiveFirst = (command: ReceiveMessage): Answer => {
  const { start, message, spam } = command
  if (start === undefined) return noSuchConversation('absent')
  const first = [started(start, message.channel), received(command)]
  return accept(...first, ...(spam === undefined ? [] : [markedAsSpam(spam)]))
}

const receive = (command: Stamped<ReceiveMessage>, state: Present): Answer => {
  const { message, from, spam, at } = command
  if (state.messages.has(message.messageId)) return accept()
  if (state.mergedInto !== undefined) return merged(state.mergedInto)
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

const sent = ({ kind, message, to = [] }: SendMessage, channel: Channel): Event<'MessageSent'> => ({
  type: 'MessageSent',
  data: { channel, attachments: [], ...message, kind, to },
})

/** Composed, logged or a bot's greeting; there must be something to reply to. */
const sendFirst = (command: SendMessage): Answer => {
  const { start, kind, message } = command
  if (start === undefined || kind === 'reply') return noSuchConversation('absent')
  const first = sent(command, message.channel ?? 'email')
  return accept<ConversationEvent>(started(start, first.data.channel), first)
}

const send = (command: SendMessage, state: Present): Answer => {
  const { kind, message, actor } = command
  if (state.messages.has(message.messageId)) return accept()
  if (state.trashed !== undefined) return inTrash(state)
  if (state.spam !== undefined && (kind === 'reply' || kind === 'bot'))
    return refuse({ type: 'ConversationIsSpam' })
  const replier = actor.startsWith('user:') ? (actor as Owner) : undefined
  // K-09, D-27: an agent's reply alone, and only where nobody, person or team, has it yet.
  const takes = kind === 'reply' && replier !== undefined && state.owner === undefined
  return accept(sent(command, replyChannel(state)), ...(takes ? [assigned(replier)] : []))
}

const failDelivery = ({ messageId, reason }: FailDelivery, state: Present): Answer => {
  const message = state.messages.get(messageId)
  if (message?.direction !== 'out') return refuse({ type: 'NoSuchMessage', messageId })
  return message.failed
    ? accept()
    : one({ type: 'MessageDeliveryFailed', data: { messageId, reason } })
}

const addComment = (command: AddComment, state: Present): Answer => {
  const { commentId, preview, text, mentions = [] } = command
  return state.comments.has(commentId)
    ? accept()
    : one({ type: 'CommentAdded', data: { commentId, preview, text, mentions } })
}

const assign = ({ owner, facts }: Assign, state: Present): Answer => {
  if (state.owner === owner) return accept()
  if (facts.ownerSituation === 'removed') return refuse({ type: 'OwnerRemoved', owner })
  if (facts.ownerSituation === 'deactivated') return refuse({ type: 'OwnerDeactivated', owner })
  return one(assigned(owner))
}

const takeOverByBot = (
  { chatflowId, chatflowName }: TakeOverByBot,
  { handler }: Present,
): Answer =>
  handler.kind === 'bot' && handler.chatflowId === chatflowId
    ? accept()
    : one({ type: 'BotTookOver', data: { chatflowId, chatflowName } })

/** The visitor waits: with an owner who is gone, it is handed to nobody in particular. */
const handOff = ({ owner, facts }: HandOff, state: Present): Answer => {
  if (state.handler.kind === 'human') return accept()
  const gone = facts.ownerSituation === 'removed' || facts.ownerSituation === 'deactivated'
  const takes = owner !== undefined && !gone && state.owner !== owner
  return accept<ConversationEvent>(
    { type: 'HandedOffToTeamMember', data: {} },
    ...(takes ? [assigned(owner)] : []),
  )
}

const close = (at: string, state: Present): Answer => {
  if (state.closed !== undefined) return accept()
  const from = closableFrom(state)
  return from !== undefined && at < from
    ? refuse({ type: 'BotStillTalking', closableFrom: from })
    : one(bare('Closed'))
}

/** Snoozed conversations are open (D-04): a closed one comes back with it. */
const snooze = ({ until, now }: Stamped<Snooze>, state: Present): Answer => {
  if (state.snoozedUntil === until) return accept()
  if (until <= now)
    return refuse({
      type: 'InvalidCommand',
      field: 'until',
      expected: `a time later than ${now}`,
      found: until,
    })
  const open = when(state.closed !== undefined, bare('Reopened'))
  return accept(...open, { type: 'Snoozed', data: { until } })
}

/** A person may wake it at any time, the clock only when it is due: it may have been set anew. */
const wake = ({ actor, now }: Stamped<Wake>, { snoozedUntil }: Present): Answer => {
  if (snoozedUntil === undefined) return accept()
  return actor === 'system' && now < snoozedUntil
    ? refuse({ type: 'NotYet', field: 'snoozedUntil', expected: snoozedUntil })
    : one(bare('Woken'))
}

/** Nothing is purged while it is held (D-06), and nothing by a person but from Trash (D-15). */
const purge = ({ actor, erasure }: Purge, state: Present): Answer => {
  const { hold, trashed, spam, mergedInto, key, blobs } = state
  if (hold !== undefined) return refuse({ type: 'ConversationOnHold' })
  const bySystem = spam !== undefined || mergedInto !== undefined || erasure === true
  return trashed !== undefined || (actor === 'system' && bySystem)
    ? one({ type: 'Purged', data: { keys: [key], blobs: [...blobs] } })
    : refuse({ type: 'ConversationNotInTrash' })
}

const unmarkAsSpam = ({ contact }: UnmarkAsSpam, state: Present): Answer =>
  state.spam === undefined
    ? accept()
    : accept<ConversationEvent>(
        { type: 'UnmarkedAsSpam', data: {} },
        ...(contact !== undefined && contact !== state.contact
          ? [{ type: 'ContactAssociated' as const, data: { contact } }]
          : []),
      )

const hideMessage = ({ messageId, facts }: HideMessage, state: Present): Answer => {
  const message = state.messages.get(messageId)
  if (message === undefined) return refuse({ type: 'NoSuchMessage', messageId })
  if (message.hiddenBy !== undefined) return accept()
  return facts.edition === 'enterprise'
    ? one({ type: 'MessageHidden', data: { messageId } })
    : refuse({ type: 'NeedsEdition', capability: 'hideMessages', edition: 'enterprise' })
}

/** No edition is asked for: what was hidden before a downgrade can still be shown (D-10). */
const unhideMessage = ({ messageId, actor, facts }: UnhideMessage, state: Present): Answer => {
  const message = state.messages.get(messageId)
  if (message === undefined) return refuse({ type: 'NoSuchMessage', messageId })
  const { hiddenBy } = message
  if (hiddenBy === undefined) return accept()
  return facts.superAdmin || (hiddenBy === actor && !facts.removed)
    ? one({ type: 'MessageUnhidden', data: { messageId } })
    : refuse({ type: 'NotAllowedToUnhide', hiddenBy })
}

const mergeInto = ({ conversationId, target }: MergeInto): Answer =>
  target === conversationId
    ? anotherThanItself('target')
    : one({ type: 'MergedInto', data: { target } })

/** Facts about messages, the system's purge, and saying the same again: the rest is frozen (D-24). */
const decideMerged = (
  command: Stamped<ConversationCommand>,
  state: Present,
  target: string,
): Answer => {
  if (command.type === 'MergeInto' && command.target === target) return accept()
  if (command.type === 'Purge' && command.actor === 'system') return purge(command, state)
  if (command.type === 'ReceiveMessage') return receive(command, state)
  if (command.type === 'FailDelivery') return failDelivery(command, state)
  if (command.type === 'HideMessage') return hideMessage(command, state)
  if (command.type === 'UnhideMessage') return unhideMessage(command, state)
  return merged(target)
}

/** What one does with a conversation to work on it: in Trash it is only looked at (S-040). */
const isWork = ({ type }: ConversationCommand): boolean =>
  ['AddComment', 'Assign', 'TakeOverByBot', 'HandOff', 'Close', 'Reopen', 'Snooze'].includes(type)

const decidePresent = (command: Stamped<ConversationCommand>, state: Present): Answer => {
  switch (command.type) {
    case 'ReceiveMessage':
      return receive(command, state)
    case 'SendMessage':
      return send(command, state)
    case 'FailDelivery':
      return failDelivery(command, state)
    case 'AddComment':
      return addComment(command, state)
    case 'Assign':
      return assign(command, state)
    case 'Unassign':
      return state.owner === undefined ? accept() : one(bare('Unassigned'))
    case 'TakeOverByBot':
      return takeOverByBot(command, state)
    case 'HandOff':
      return handOff(command, state)
    case 'Close':
      return close(command.at, state)
    case 'Reopen':
      return state.closed === undefined ? accept() : one(bare('Reopened'))
    case 'Snooze':
      return snooze(command, state)
    case 'Wake':
      return wake(command, state)
    case 'Trash':
      // Trashing again restarts the 30 days (D-06).
      return one(bare('Trashed'))
    case 'Restore':
      return state.trashed === undefined ? accept() : one(bare('Restored'))
    case 'PlaceHold':
      return state.hold !== undefined
        ? accept()
        : one({ type: 'HoldPlaced', data: { reason: command.reason } })
    case 'ReleaseHold':
      return state.hold === undefined ? accept() : one(bare('HoldReleased'))
    case 'Purge':
      return purge(command, state)
    case 'MarkAsSpam':
      return state.spam !== undefined ? accept() : one(markedAsSpam(command.cause ?? 'marked'))
    case 'UnmarkAsSpam':
      return unmarkAsSpam(command, state)
    case 'HideMessage':
      return hideMessage(command, state)
    case 'UnhideMessage':
      return unhideMessage(command, state)
    case 'MergeInto':
      return mergeInto(command)
    case 'ContinueIn': {
      const { conversation, conversationId } = command
      if (conversation === conversationId) return anotherThanItself('conversation')
      return state.continuedIn === conversation
        ? accept()
        : one({ type: 'ContinuedIn', data: { conversation } })
    }
    case 'AssociateContact': {
      const { contact } = command
      return state.contact === contact
        ? accept()
        : one({ type: 'ContactAssociated', data: { contact } })
    }
    case 'DisassociateContact':
      return state.contact === undefined
        ? accept()
        : one({ type: 'ContactDisassociated', data: {} })
  }
}

export const decide = (command: Stamped<ConversationCommand>, state: Conversation): Answer => {
  switch (state.situation) {
    case 'absent':
      if (command.type === 'ReceiveMessage') return receiveFirst(command)
      return command.type === 'SendMessage' ? sendFirst(command) : noSuchConversation('absent')
    case 'purged':
      return command.type === 'Purge' ? accept() : noSuchConversation('purged')
    case 'present':
      if (state.mergedInto !== undefined) return decideMerged(command, state, state.mergedInto)
      if (state.trashed !== undefined && isWork(command)) return inTrash(state)
      return decidePresent(command, state)
  }
}
