import { accept } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import {
  bare,
  inTrash,
  markedAsSpam,
  merged,
  noSuchConversation,
  one,
  type Answer,
} from './answers.js'
import { afterMerge, decideRecords, withTickets } from './decide-records.js'
import type { ConversationCommand, FailDelivery } from './commands.js'
import type { DeliveryCommand } from './commands-outgoing.js'
import {
  addComment,
  hideMessage,
  receive,
  receiveFirst,
  send,
  sendFirst,
  unhideMessage,
} from './decide-messages.js'
import { forgetBlocked, receiveBlocked, receiveFirstBlocked } from './decide-blocked.js'
import {
  addLabel,
  addParticipant,
  moveToInbox,
  removeLabel,
  removeParticipant,
  separate,
  setProperty,
  unmerge,
} from './decide-filing.js'
import { decideDelivery } from './decide-deliveries.js'
import { decideOutgoing } from './decide-outgoing.js'
import {
  assign,
  close,
  continueIn,
  handOff,
  mergeInto,
  purge,
  snooze,
  takeOverByBot,
  unassign,
  unmarkAsSpam,
  wake,
} from './decide-work.js'
import type { Conversation, Present } from './state.js'

/** What one does to work on a conversation: in Trash it is only looked at (S-040). */
const work: ReadonlySet<ConversationCommand['type']> = new Set([
  'AddComment',
  'Assign',
  'TakeOverByBot',
  'HandOff',
  'Close',
  'Reopen',
  'Snooze',
  'CreateTicket',
  'ChangeTicket',
  'CreateDeal',
  'AddLabel',
  'RemoveLabel',
  'SetConversationProperty',
  'AddParticipant',
  'RemoveParticipant',
  'MoveToInbox',
  'Forward',
  'SwitchReplyChannel',
  'SendTranscript',
  'CallContact',
])

const aboutDeliveries: ReadonlySet<ConversationCommand['type']> = new Set<
  (DeliveryCommand | FailDelivery)['type']
>([
  'AttemptDelivery',
  'ConfirmHandOver',
  'PostponeDelivery',
  'LoseDelivery',
  'FailDelivery',
  'RetryDelivery',
  'ConfirmDelivery',
  'ConfirmRead',
])

/** Facts about what left hold wherever the conversation is by now. */
const isAboutDelivery = <C extends ConversationCommand>(
  command: C,
): command is Extract<C, DeliveryCommand | FailDelivery> => aboutDeliveries.has(command.type)

/** The same message again: whatever became of the conversation, there is nothing to do. */
const isKnownMessage = (command: ConversationCommand, { messages }: Present): boolean =>
  (command.type === 'ReceiveMessage' || command.type === 'SendMessage') &&
  messages.has(command.message.messageId)

type OtherCommand = Exclude<Stamped<ConversationCommand>, DeliveryCommand | FailDelivery>

const decidePresent = (command: OtherCommand, state: Present): Answer => {
  switch (command.type) {
    case 'ReceiveMessage':
      return receive(command, state)
    case 'SendMessage':
      return send(command, state)
    case 'Forward':
    case 'SwitchReplyChannel':
    case 'SendTranscript':
    case 'CallContact':
    case 'EndCall':
      return decideOutgoing(command, state)
    case 'AddComment':
      return addComment(command, state)
    case 'Assign':
      return assign(command, state)
    case 'Unassign':
      return unassign(command, state)
    case 'TakeOverByBot':
      return takeOverByBot(command, state)
    case 'HandOff':
      return handOff(command, state)
    case 'Close':
      return command.withTickets === true
        ? withTickets(close(command.at, state), state)
        : close(command.at, state)
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
    case 'Absorb':
      return state.sources.has(command.source)
        ? accept()
        : one({ type: 'MergedFrom', data: { source: command.source } })
    case 'Unmerge':
      return unmerge(state)
    case 'Separate':
      return separate(command, state)
    case 'MoveToInbox':
      return moveToInbox(command, state)
    case 'AddLabel':
      return addLabel(command, state)
    case 'RemoveLabel':
      return removeLabel(command, state)
    case 'SetConversationProperty':
      return setProperty(command, state)
    case 'AddParticipant':
      return addParticipant(command, state)
    case 'RemoveParticipant':
      return removeParticipant(command, state)
    case 'ReceiveBlockedMessage':
      return receiveBlocked(command, state)
    case 'ForgetBlockedMessages':
      return forgetBlocked(command, state)
    case 'ContinueIn':
      return continueIn(command, state)
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
    case 'CreateTicket':
    case 'AssociateTicket':
    case 'RecordTicketClosed':
    case 'RecordTicketDeleted':
    case 'ChangeTicket':
    case 'CreateDeal':
    case 'RecordDeal':
    case 'RecordCrmRefusal':
    case 'DeleteTickets':
      return decideRecords(command, state)
  }
}

/** Facts about messages, the system's purge, and saying the same again: the rest is frozen (D-24). */
const decideMerged = (command: OtherCommand, state: Present, target: string): Answer => {
  if (command.type === 'MergeInto' && command.target === target) return accept()
  if (command.type === 'Purge' && command.actor === 'system') return purge(command, state)
  if (command.type === 'HideMessage') return hideMessage(command, state)
  if (command.type === 'UnhideMessage') return unhideMessage(command, state)
  if (command.type === 'Unmerge') return unmerge(state)
  if (command.type === 'Separate') return separate(command, state)
  if (command.type === 'ForgetBlockedMessages') return forgetBlocked(command, state)
  // Two contacts were one person: what is logged of either is the one's (K-22).
  if (command.type === 'AssociateContact' && command.actor === 'system')
    return decidePresent(command, state)
  // What is found for it by others goes to the target; what was asked for here is answered here.
  if (command.type === 'AssociateTicket' && command.request === undefined) return merged(target)
  return afterMerge.has(command.type) ? decidePresent(command, state) : merged(target)
}

export const decide = (command: Stamped<ConversationCommand>, state: Conversation): Answer => {
  switch (state.situation) {
    case 'absent':
      if (command.type === 'ReceiveMessage') return receiveFirst(command)
      if (command.type === 'ReceiveBlockedMessage') return receiveFirstBlocked(command)
      return command.type === 'SendMessage' ? sendFirst(command) : noSuchConversation('absent')
    case 'purged':
      return command.type === 'Purge' ? accept() : noSuchConversation('purged')
    case 'present':
      if (isKnownMessage(command, state)) return accept()
      if (isAboutDelivery(command)) return decideDelivery(command, state)
      if (state.mergedInto !== undefined) return decideMerged(command, state, state.mergedInto)
      if (state.trashed !== undefined && work.has(command.type)) return inTrash(state)
      return decidePresent(command, state)
  }
}
