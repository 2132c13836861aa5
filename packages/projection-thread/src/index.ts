export {
  hiddenText,
  readable,
  type Comment,
  type Entry,
  type HiddenMessage,
  type ShownAttachment,
  type ShownMessage,
  type ShownPerson,
  type Viewer,
} from './entries.js'
export { threadKeys } from './keys.js'
export { thread, type Thread, type ThreadParts } from './thread.js'
