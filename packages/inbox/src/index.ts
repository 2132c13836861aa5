export { openInbox, type Inbox, type OpenOptions } from './open-inbox.js'
export type { ReadBulkOperation, ShownBulkOperation } from './bulk-operation.js'
export type { Clock, Door, Mac } from './door.js'
export {
  deliverBy,
  type Delivery,
  type HandedOver,
  type NotHandedOver,
  type Outgoing,
  type OutgoingAttachment,
  type OutgoingMail,
  type Route,
} from './delivery/port.js'
export type {
  Allowed,
  AllowedActions,
  ActionsAbout,
  ConversationActions,
  MessageActions,
  SelectionActions,
} from './allowed-actions.js'
export type { Assignee, AssigneesRequest } from './assignees.js'
export type { AvailabilityRequest, ShownAvailability } from './availability.js'
export type { AsOf } from './history/as-of/request.js'
export type {
  Explained,
  ExplainRequest,
  Explanation,
  NoSuchConversation,
} from './history/explain.js'
export type { EventCause, TimeCause, Transition } from './history/transitions.js'
export type { OpenableInbox } from './inboxes.js'
export type { Accepted, Executed } from './execute.js'
export type { Ids, NoCrm, NoSender, Refusal } from './steps/step.js'
export type {
  Health,
  Lag,
  LastFault,
  ProjectionHealth,
  ReactionHealth,
  Reason,
  RunBy,
  SearchHealth,
} from './health/health.js'
export type { Projections } from './projections/index.js'
export type { ParkedRequest, ParkedRow, SkippedRow } from './projections/parked.js'
export type { InvalidRequest } from './projections/projections.js'
export type { RebuildRequest } from './projections/rebuild.js'
export type { SkipRequest } from './projections/retry.js'
export type { VerifyRequest } from './projections/verify.js'
export { effect, reaction, type InboxReaction, type ReactionWorld } from './reactions/reaction.js'
export type { ReactionNews } from './reactions/run-reaction.js'
export type { ParkedReaction, Reactions } from './reactions/start-reactions.js'
export type { SearchRequest, SearchSort } from './search/request.js'
export type {
  Found,
  FoundConversation,
  NoSearchIndex,
  Searched,
  SearchNotReady,
  SearchRefusal,
} from './search/search.js'
export type { Snippet } from './search/snippet.js'
export type { Ticked } from './tick.js'
export { by, destinationOf, mergeConversations, type Destination } from './conversations.js'
export type { AttachedFile, AttachFile, FileToAttach, NewMail } from './attach.js'
export type { FoundMessage, MessageGone, NoSuchMessage, ReadMessage } from './message.js'
export { messageClaimOf } from './message-ids.js'
export {
  contactOf,
  ensureContact,
  identityOf,
  policyOf,
  standingOf,
  type KnownContact,
  type Stranger,
} from './people.js'
export type { CustomViewEntry, NoSuchView, ViewCount, ViewersRequest } from './custom-views.js'
export type { ReloadReason, SubscribeRequest, ViewMessage } from './live/messages.js'
export type { Counts, CountRequest, ListPage, ListRequest, Views } from './views.js'
export type { NoSuchBlob, NoSuchThread, ReadBlob, ReadThread, ThreadRequest } from './thread.js'
export type { Assistance, Assisted, NoAssistant, WriteRequest } from './assistant.js'
export type { ReadSidebar } from './sidebar.js'
export type { ReadTimeline, TimelineRequest } from './timeline.js'
export { timesOf, type Times } from './times.js'
