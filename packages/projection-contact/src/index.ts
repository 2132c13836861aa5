export { isLogged, loggedMessages, recordsOf } from './logged.js'
export { recordKey, recordRows, type RecordRow } from './record-rows.js'
export {
  sidebar,
  type ContactCard,
  type LinkedRecord,
  type Section,
  type ShownProperty,
  type Sidebar,
  type SidebarParts,
  type TicketCard,
  type Why,
} from './sidebar.js'
export { timeline, timelineKeys, type TimelineEntry, type TimelineParts } from './timeline.js'
