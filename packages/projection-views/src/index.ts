export { assigneeRows, type AssigneeRow } from './assignees.js'
export { contactNames, type ContactNameRow } from './contact-names.js'
export type { ConversationFacts, ConversationRow } from './conversation-row.js'
export { conversationRows } from './conversation-rows.js'
export {
  conversationCounters,
  readableCounters,
  spamCauseCounters,
  viewCounters,
} from './counters.js'
export { inboxKey, inboxRows, type InboxRow } from './inbox-rows.js'
export { hiddenText, listItem, listKeys, type Hidden, type ListItem } from './list-item.js'
export { customViewQuery, customViewRows, seenBy, type CustomViewRow } from './custom-views.js'
export { compileFilter, UNREAD, type FilterContext } from './filter-columns.js'
export {
  exactly,
  hiddenByDefault,
  listedFilter,
  listFilter,
  listQuery,
  type ListQuery,
} from './list-query.js'
export { coalesce, touchFilter, touchOf, type Pending, type Touch } from './live-touches.js'
export { pastList, placeInCursor } from './cursor.js'
export { dueQuery, pageQuery, type DueRequest, type PageRequest } from './page.js'
export {
  planPage,
  refuseQuery,
  type ConversationPage,
  type InvalidQuery,
  type PageOptions,
  type PageQuery,
} from './page-plan.js'
export {
  isUnread,
  readByUser,
  readCounter,
  readStateKey,
  readStateProjection,
  type ReadStateRow,
} from './read-states.js'
export { along, type Step } from './explain/along.js'
export {
  listStatements,
  termOf,
  viewStatements,
  type Found,
  type Statement,
  type Term,
} from './explain/terms.js'
export { momentsOfChange } from './explain/time.js'
export { beforeAll, rowAfter, type RowMoment } from './rows-along.js'
export { teamRows, teamsOfUser, type TeamRow } from './team-rows.js'
export {
  contactEntryId,
  entryId,
  entryOf,
  partsOf,
  readSource,
  searchKeys,
  type PartText,
  type SearchedPart,
} from './search-entries.js'
export {
  isViewKey,
  viewFilter,
  viewOf,
  views,
  type Sort,
  type Status,
  type View,
  type ViewKey,
  type ViewScope,
} from './views.js'
