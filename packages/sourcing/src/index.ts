export * as filters from './filter.js'
export { tellParked, type Adapters, type OnParked } from './adapters.js'
export {
  checkAppends,
  isExpected,
  repetitionStart,
  type CheckedAppend,
  type EncodedEvent,
} from './append-rules.js'
export type { Blobs } from './blobs.js'
export { BoundedMap } from './bounded-map.js'
export { randomDraws } from './random-draws.js'
export { accept, fold, refuse, type Category, type Decider, type Decision } from './decider.js'
export {
  isNonEmpty,
  type DomainEvent,
  type IsoTime,
  type Metadata,
  type NewEvent,
  type NonEmpty,
  type Position,
  type RecordedEvent,
  type StreamEvent,
  type StreamName,
} from './event.js'
export type {
  AllSlice,
  Append,
  Appended,
  AppendFault,
  AppendTooLarge,
  Conflict,
  EventFilter,
  EventStore,
  ExpectedRevision,
  InvalidAppend,
  ReadAllOptions,
  ReadFault,
  ReadStreamOptions,
  ReadStreamsOptions,
  StreamEnded,
  StreamSlice,
  StreamsSlice,
  SubscribeOptions,
  SubscriptionMessage,
  Unavailable,
} from './event-store.js'
export { passes } from './event-filter.js'
export {
  decodeEvent,
  event,
  eventTypes,
  type EventFault,
  type EventOf,
  type EventsOf,
  type EventType,
  type EventTypes,
  type MalformedEvent,
  type UnknownEvent,
  type Upcaster,
} from './event-type.js'
export {
  columnText,
  compareScalars,
  compareText,
  Filter,
  namedValue,
  predicate,
  type Leaf,
  type Predicate,
  type Scalar,
} from './filter.js'
export { behindKindOf, comparableText, textsColumn, valuesColumn } from './column-values.js'
export { countedPosition, positionCount } from './position.js'
export { reactionFilter, type Effect, type Reaction, type Reads } from './reaction.js'
export {
  foldBatch,
  handles,
  inSet,
  isScalarType,
  projectionTurn,
  remove,
  touchedKeys,
  type ColumnType,
  type Folded,
  type Handler,
  type Index,
  skipMark,
  skipMarks,
  type FoldOptions,
  type ParkedEvent,
  type Projection,
  type Remove,
  type RowChange,
  type Rows,
  type RowSet,
  type ScalarType,
  type Table,
} from './projection.js'
export type {
  Applied,
  Behind,
  CheckpointMoved,
  KeyedRow,
  ParkedKey,
  ParkedMoved,
  ParkedQuery,
  ReadModels,
  ReadModelSteps,
  Retry,
  RowQuery,
  Skip,
  SkippedEvent,
  StoredSet,
} from './read-models.js'
export {
  distinctTokens,
  indexedText,
  needleOf,
  phraseTerm,
  placeInText,
  tokensOf,
  weightFrom,
  wordTerm,
  type EntryPlace,
  type HitWeight,
  type NewerSearchIndex,
  type SearchChange,
  type SearchEntry,
  type SearchHit,
  type SearchedLog,
  type SearchIndex,
  type SearchQuery,
  type SearchTerm,
} from './search/index.js'
export { formNo, rowForms, rowReader, rowText, type RowForm } from './row-forms.js'
export {
  copySealed,
  erased,
  isErased,
  isSealedData,
  sealBytes,
  sealed,
  toSeal,
  unseal,
  unsealBytes,
  type Erased,
  type Sealed,
  type SealedCopy,
  type SealedData,
} from './sealed.js'
export { isAccountName, streamCategory, streamId, streamName, streamPrefix } from './stream-name.js'
export {
  copy,
  type AllCopied,
  type CopyAllFault,
  type CopyAllOptions,
  type OthersThere,
} from './copy-all.js'
export {
  copyEvents,
  type BeginningGone,
  type Copied,
  type CopyDiffers,
  type CopyFault,
  type CopyOptions,
} from './copy.js'
export {
  commandHandling,
  type CommandFault,
  type CommandHandling,
  type Committed,
  type Receipt,
  type TooManyConflicts,
} from './command-handling.js'
export { Faulted } from './faulted.js'
export { catchUp, followUp, projectionFilter, type Follower, type FollowOptions } from './follow.js'
export { startFollowing, type Following, type FollowingOptions } from './following.js'
export type {
  Inspected,
  InspectedCounters,
  InspectedRow,
  InspectedRows,
  Inspection,
} from './inspection.js'
export { retryParked, type NothingParked, type RetriedKey, type RetryOptions } from './parked.js'
export type { RebuildProgress } from './rebuild/build.js'
export {
  rebuilder,
  type Rebuilder,
  type RebuildOptions,
  type Rebuilt,
  type RolledBack,
} from './rebuild/rebuild.js'
export { foldAgain, planRetry } from './retry.js'
export { keyRing, type KeyRing } from './key-ring.js'
export {
  keyEncryptionKeyId,
  type KeyEncryption,
  type KeyEncryptionKey,
  type KeyEncryptionKeyId,
} from './key-wrapping.js'
export type { StoredByName } from './keys-at-hand.js'
export { openVault, type Replacement, type StoredKeys } from './stored-keys.js'
export type { Lease, LeaseLost, LeaseRow, Leases } from './lease.js'
export {
  oneTurn,
  processTurns,
  type ProcessTurns,
  type TurnClock,
  type TurnOptions,
} from './turns-of-processes.js'
export {
  backOff,
  subscription,
  wakeup,
  type SubscriptionSource,
  type Wakeup,
} from './subscription.js'
export { invalid, shapeOf, type Invalid } from './validation.js'
export {
  passageCounts,
  watchedMoves,
  watchedParts,
  watchedPassages,
  watchCompiler,
  watchedValues,
  type Passage,
  type Watch,
  type WatchedCount,
  type WatchedFilter,
  type WatchedName,
  type Watching,
} from './watched.js'
export type { ExportedKey, KeyId, RotateOptions, Vault } from './vault.js'
export type { CommandContext, KeyGone, Transaction } from './transaction.js'
export type {
  CounterDifference,
  Difference,
  EventPlace,
  FieldDifference,
  RowDifference,
} from './verify/differences.js'
export {
  verifyProjection,
  type Verified,
  type VerifyFault,
  type VerifyOptions,
  type VerifyProgress,
} from './verify/verify.js'
