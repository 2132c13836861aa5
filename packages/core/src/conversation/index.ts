/** A conversation between the team and somebody outside. */
import type { Category } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { ConversationCommand, ConversationRefusal } from './commands.js'
import { decide } from './decide.js'
import { conversationEvents, type ConversationEvent } from './events.js'
import { evolve, initial, keyOf, type Conversation } from './state.js'

export {
  assign,
  associateContact,
  close,
  comment,
  compose,
  continueIn,
  conversationInnerRequests,
  conversationRequests,
  disassociateContact,
  failDelivery,
  handOff,
  hideMessage,
  markAsSpam,
  mergeInto,
  placeHold,
  purge,
  receive,
  releaseHold,
  reopen,
  reply,
  restore,
  snooze,
  takeOverByBot,
  trash,
  unassign,
  unhideMessage,
  unmarkAsSpam,
  wake,
} from './commands.js'
export {
  addLabel,
  addParticipant,
  forgetBlockedMessages,
  moveToInbox,
  removeLabel,
  removeParticipant,
  setConversationProperty,
  unmerge,
} from './commands-work.js'
export type { AddParticipant, MoveToInbox, ReceiveBlockedMessage } from './commands-work.js'
export type {
  AddComment,
  Assign,
  Compose,
  ConversationCommand,
  ConversationRefusal,
  ConversationRequest,
  HandOff,
  HideMessage,
  ReceiveMessage,
  SendMessage,
  UnhideMessage,
} from './commands.js'
export {
  associateTicket,
  changeTicket,
  createDeal,
  createTicket,
  recordCrmRefusal,
  recordDeal,
  recordTicketClosed,
  recordTicketDeleted,
} from './commands-records.js'
export type { CreateDeal, CreateTicket } from './commands-records.js'
export type { CrmTask } from './events-records.js'
export { mention, mentioning } from './mentions.js'
export type { Mention, Mentioning, MentionSpan } from './mentions.js'
export {
  attemptDelivery,
  callContact,
  confirmDelivery,
  confirmHandOver,
  confirmRead,
  endCall,
  forward,
  logSentMail,
  loseDelivery,
  postponeDelivery,
  retryDelivery,
  sendTranscript,
  switchReplyChannel,
} from './commands-outgoing.js'
export type { Forward, LogSentMail, SendTranscript } from './commands-outgoing.js'
export type { Correspondent } from './correspondent.js'
export { latestEmail } from './decide-outgoing.js'
export { notificationId, type DeliveryFacts, type DeliveryStatus } from './deliveries.js'
export type { Attachment, ConversationEvent } from './events.js'
export type { CallOutcome, Outbox, TranscriptCause } from './events-outgoing.js'
export { draft } from './message.js'
export type { Content, Draft, Message, Person, Written } from './message.js'
export { PropertyName, PropertyValue } from './property.js'
export { closableFrom } from './rules.js'
export type { SourceDetails, SourceToSeal } from './source.js'
export type { Start } from './start.js'
export { hideable, replyChannel } from './state.js'
export type { CrmProblem, CrmRequest, Records, TicketFacts } from './state-records.js'
export type { Conversation, Handler, MessageFacts, Present, Purged } from './state.js'

export const conversations: Category<
  Stamped<ConversationCommand>,
  Conversation,
  ConversationEvent,
  ConversationRefusal
> = {
  category: 'conversation',
  events: conversationEvents,
  initial,
  evolve,
  decide,
  keyOf,
}
