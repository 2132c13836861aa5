/** The port to an append-only log of streams. Every adapter passes the conformance kit. */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { NewEvent, NonEmpty, Position, RecordedEvent, StreamName } from './event.js'

/** A number is exact: the revision of the stream's last event. */
export type ExpectedRevision = 'any' | 'noStream' | 'streamExists' | number

export interface Append {
  readonly stream: StreamName
  readonly expected: ExpectedRevision
  readonly events: NonEmpty<NewEvent>
}

export interface Appended {
  readonly stream: StreamName
  /** Of the last event appended. */
  readonly revision: number
  /** Of the last event appended; absent where the store assigns it later. */
  readonly position?: Position
}

/** The stream is not where the append expected it; `actual` is where it really is. */
export interface Conflict {
  readonly type: 'Conflict'
  readonly stream: StreamName
  readonly expected: ExpectedRevision
  readonly actual: number | 'noStream'
}

/** The stream was ended: nothing can be appended to it or read from it, ever. */
export interface StreamEnded {
  readonly type: 'StreamEnded'
  readonly stream: StreamName
}

export interface AppendTooLarge {
  readonly type: 'AppendTooLarge'
  readonly stream: StreamName
  readonly bytes: number
  readonly limit: number
}

/** The append could never succeed as it is written; nothing was sent. */
export interface InvalidAppend {
  readonly type: 'InvalidAppend'
  readonly stream: StreamName
  readonly field: string
  readonly expected: string
}

/** The store cannot be reached, or did not answer. After an append the outcome may be unknown. */
export interface Unavailable {
  readonly type: 'Unavailable'
  readonly reason: string
}

export type AppendFault = Conflict | StreamEnded | AppendTooLarge | InvalidAppend | Unavailable
export type ReadFault = StreamEnded | Unavailable

export interface ReadStreamOptions {
  /**
   * Where to begin, inclusive. Forwards: 0 unless told. Backwards: the last event unless told;
   * a revision beyond the end means the last event.
   */
  readonly from?: number
  readonly direction?: 'forwards' | 'backwards'
  /** At most this many events, at least 1; all of them unless told. */
  readonly limit?: number
}

export interface StreamSlice {
  /** False for a stream that never was, or was deleted. */
  readonly exists: boolean
  readonly events: readonly RecordedEvent[]
}

/**
 * Both kinds given: an event must pass both. A kind given as an empty list lets nothing pass.
 * Applied inside the store.
 */
export interface EventFilter {
  readonly types?: readonly string[]
  readonly streamPrefixes?: readonly string[]
}

export interface ReadAllOptions {
  /** Exclusive; from the beginning unless told. */
  readonly after?: Position | undefined
  readonly filter?: EventFilter | undefined
  /** Events per slice, at least 1; 1,000 unless told. */
  readonly limit?: number | undefined
}

export interface AllSlice {
  readonly events: readonly RecordedEvent[]
  /**
   * Where to resume: all up to here is in this slice or was filtered out. Absent only where
   * nothing at all was before it.
   */
  readonly position: Position | undefined
  /** Nothing stood behind this slice when it was read. */
  readonly end: boolean
}

export interface ReadStreamsOptions {
  readonly filter: EventFilter
  /** Inclusive. Events behind it are left out. */
  readonly upTo: Position
  /** What a slice before answered as `next`; from the beginning unless told. */
  readonly after?: string | undefined
  /** Events per slice, at least 1; 1,000 unless told. */
  readonly limit?: number | undefined
}

export interface StreamsSlice {
  readonly events: readonly RecordedEvent[]
  /** Where to resume; absent where nothing stands behind this slice. */
  readonly next?: string | undefined
  /** How much of the way is done, from 0 to 1. */
  readonly share: number
}

export interface SubscribeOptions extends ReadAllOptions {
  /** Ends the subscription, also one that waits. */
  readonly signal?: AbortSignal | undefined
}

export type SubscriptionMessage =
  | {
      readonly type: 'events'
      readonly events: NonEmpty<RecordedEvent>
      /** A checkpoint to keep once these are handled. */
      readonly position: Position
    }
  /** Once, when everything that stood in the log at the start has been given out before it. */
  | { readonly type: 'caughtUp'; readonly position: Position | undefined }
  /** The last message: the store refuses for good. Faults that may pass are retried, for ever. */
  | { readonly type: 'failed'; readonly fault: ReadFault }

export interface EventStore {
  /**
   * Appends all of them or none. A repetition (an exact revision or `noStream`, and all ids stand
   * in this order right behind it) is answered as the first time, however late. Any other append
   * with an id that stands in the stream already is a `Conflict`, whatever it expected.
   */
  readonly append: (append: Append) => TaskEither<AppendFault, Appended>
  /**
   * Several streams, each named once, in order. Atomic where the store can (`atomic`), else
   * appended in order, and to be resumed by repeating the call.
   */
  readonly appendAll: (appends: NonEmpty<Append>) => TaskEither<AppendFault, NonEmpty<Appended>>
  readonly readStream: (
    stream: StreamName,
    options?: ReadStreamOptions,
  ) => TaskEither<ReadFault, StreamSlice>
  /** The next events of all streams, each stream's in its order. */
  readonly readAll: (options?: ReadAllOptions) => TaskEither<ReadFault, AllSlice>
  /**
   * The log stream by stream, each whole and in its order, in an order of streams that stays the
   * same: for rows that are each folded from one stream, many times as fast as by `readAll`. Absent
   * where the store cannot.
   */
  readonly readStreams?: (options: ReadStreamsOptions) => TaskEither<ReadFault, StreamsSlice>
  /**
   * Catches up, says so once, goes on live. At least once, in order; pulled, so that a slow reader
   * holds at most one slice. Leaving the loop, or the signal, ends it and frees what it held.
   */
  readonly subscribe: (options?: SubscribeOptions) => AsyncIterable<SubscriptionMessage>
  /** Whether `appendAll` is all or nothing. */
  readonly atomic: boolean
  /** The largest append in bytes (data and metadata of all its events); absent where none is set. */
  readonly maxAppendBytes?: number
  /** Ends its subscriptions and frees what it holds; from then on all else is `Unavailable`. */
  readonly close: () => Promise<void>
}
