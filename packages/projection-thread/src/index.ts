export { hiddenText, type Hiding } from './hiding.js'
export type {
  Comment,
  Entry,
  HiddenMessage,
  ShownAttachment,
  ShownMessage,
  ShownSource,
  Viewer,
} from './entries.js'
export type { ShownPerson } from './linked.js'
export type {
  Call,
  ChannelSwitch,
  Forwarded,
  HiddenForward,
  OutgoingEntry,
  Sending,
  SentTranscript,
} from './outgoing-entries.js'
export type { ShownParticipant } from './participants.js'
export { readable } from './readable.js'
export { forwarding, transcript, type Telling, type Told } from './transcript.js'
export { threadKeys } from './keys.js'
export { type LinkedRecord, type ReadSoFar } from './records.js'
export { thread, type Thread, type ThreadParts } from './thread.js'
