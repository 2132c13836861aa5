/** The port to the rows of projections. Rows, counters and checkpoint change in one transaction. */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Unavailable } from './event-store.js'
import type { IsoTime, NonEmpty, Position, RecordedEvent } from './event.js'
import type { Filter, Scalar } from './filter.js'
import type { Inspected, Inspection } from './inspection.js'
import type { Lease, LeaseLost, Leases } from './lease.js'
import type { Folded, ParkedEvent, RowChange, Rows, RowSet } from './projection.js'
import type { WatchedName, Watching } from './watched.js'

export interface RowQuery {
  readonly where: Filter
  readonly order: { readonly column: string; readonly direction: 'ascending' | 'descending' }
  /** Rows behind this one in the order (its value of the ordered column, then its key). */
  readonly after?: { readonly value: Scalar; readonly key: string } | undefined
  /** At least 1. */
  readonly limit: number
  /**
   * A watched filter that every row passes which `where` holds for. It changes nothing of what is
   * found: a store that keeps its rows in order may look at these only.
   */
  readonly watched?: WatchedName | undefined
}

export interface KeyedRow<Row = Record<string, unknown>> {
  readonly key: string
  readonly row: Row
}

export interface Applied {
  readonly changes: readonly RowChange[]
  readonly parked: readonly ParkedEvent[]
}

export interface ParkedQuery {
  /** Of this key only. */
  readonly key?: string | undefined
  /** At most this many, at least 1; all of them unless told. */
  readonly limit?: number | undefined
}

/** A key that is parked: the event that broke, and how many wait behind it. */
export interface ParkedKey extends ParkedEvent {
  readonly error: string
  readonly waiting: number
}

/** Who passed over an event for good, when, and why. */
export interface Skip {
  readonly reason: string
  readonly by: string
  readonly at: IsoTime
}

/** A skipped event, and what it had thrown. */
export interface SkippedEvent extends ParkedEvent, Skip {}

export interface Retry {
  readonly key: string
  /** The first events that are parked for the key, in their order: all of them, or some. */
  readonly events: NonEmpty<RecordedEvent>
  /** The first of them is not folded but passed over, now and whenever rows are made anew. */
  readonly skip?: Skip | undefined
}

/** Others were at the parked events of this key: nothing was written. */
export interface ParkedMoved {
  readonly type: 'ParkedMoved'
  readonly projection: string
  readonly key: string
}

/** Somebody else moved the checkpoint meanwhile: nothing was written. */
export interface CheckpointMoved {
  readonly type: 'CheckpointMoved'
  readonly projection: string
  readonly expected: Position | undefined
  readonly actual: Position | undefined
}

/**
 * The set that was to be served has not come as far as the one that is, or a row of it stands still
 * at an event that was skipped since. Nothing was changed.
 */
export interface Behind {
  readonly type: 'Behind'
  readonly projection: string
  readonly reached: Position | undefined
  readonly served: Position | undefined
}

export interface StoredSet {
  readonly version: number
  readonly set: RowSet
  /** Never another set's, nor that of what is served once something else is. */
  readonly generation: string
  readonly checkpoint: Position | undefined
}

/**
 * Each version of a projection has rows of its own, so that software of several versions can run
 * side by side. Whatever names a projection answers `Unavailable` where its rows are not there in
 * just its version and set.
 */
export interface ReadModels extends Leases, Watching {
  /** Makes a projection's set where it is missing: empty, and without indexes if it is `next`. */
  readonly open: (projection: Rows) => TaskEither<Unavailable, void>
  /** Makes the declared indexes of a set, where they are missing. */
  readonly index: (projection: Rows) => TaskEither<Unavailable, void>
  /**
   * Takes away all that is kept under its name, in whatever version and set; where it tells a set,
   * just that one of its version. Where nothing is there, that is fine. Under a lease only while
   * that is held.
   */
  readonly drop: (projection: Rows, lease?: Lease) => TaskEither<Unavailable | LeaseLost, void>
  /** All that is kept under its name, in whatever version. */
  readonly sets: (projection: Rows) => TaskEither<Unavailable, readonly StoredSet[]>
  /**
   * Puts folded rows of keys that are new to it into a set that has no checkpoint yet, which it
   * gets with `position`. All of it, or nothing.
   */
  readonly fill: (
    projection: Rows,
    filling: {
      readonly rows: Folded<Record<string, unknown>>
      readonly position?: Position | undefined
      readonly lease?: Lease | undefined
    },
  ) => TaskEither<Unavailable | CheckpointMoved | LeaseLost, void>
  /** How many fills are best under way at a time; 1 unless told. */
  readonly fillsAtOnce?: number
  /**
   * Serves the set that is told, in one step with everything that is in it; what was served before
   * becomes `previous`, in place of what may be there. Never a set that is behind the one that is
   * served, or stands still where that does not. Under a lease only while that is held.
   */
  readonly swap: (
    projection: Rows,
    lease?: Lease,
  ) => TaskEither<Unavailable | Behind | LeaseLost, void>
  /** The position up to which its rows speak; undefined before the first event. */
  readonly checkpoint: (projection: Rows) => TaskEither<Unavailable, Position | undefined>
  /**
   * Folds events (all that the log holds after `after` and up to `position`, filtered or not) into
   * rows, counters, the counts of watched filters and parked events, and moves the checkpoint from `after` to `position`: all in
   * one transaction, or nothing. Rows are kept as JSON, their text columns as `columnText` has them.
   * Under a lease only while that is held, which the same transaction makes sure of.
   */
  readonly apply: (
    projection: Rows,
    batch: {
      readonly events: readonly RecordedEvent[]
      readonly after: Position | undefined
      readonly position: Position
      readonly lease?: Lease | undefined
    },
  ) => TaskEither<Unavailable | CheckpointMoved | LeaseLost, Applied>
  readonly get: (
    projection: Rows,
    keys: readonly string[],
  ) => TaskEither<Unavailable, ReadonlyMap<string, Record<string, unknown>>>
  /**
   * Ordered by the column, nulls least, then by key (both in the direction asked for). Text, keys
   * too, as `compareText` has it. Texts in `where` and `after` are compared as `columnText` has them.
   */
  readonly find: (projection: Rows, query: RowQuery) => TaskEither<Unavailable, readonly KeyedRow[]>
  /** The counters asked for, in that order; one that was never counted is 0. */
  readonly counters: (
    projection: Rows,
    names: readonly string[],
  ) => TaskEither<Unavailable, readonly number[]>
  /** By position, then by key. */
  readonly parked: (
    projection: Rows,
    query?: ParkedQuery,
  ) => TaskEither<Unavailable, readonly ParkedEvent[]>
  /** The keys that are parked, by the position of the event that broke, then by key. */
  readonly parkedKeys: (
    projection: Rows,
    limit: number,
  ) => TaskEither<Unavailable, readonly ParkedKey[]>
  /**
   * Folds what is parked for a key again, in one transaction, whatever the checkpoint: what breaks
   * stays parked, with what waits behind it, and what was skipped in another set is passed over.
   * Rows, counters and parked events change together.
   */
  readonly retry: (projection: Rows, retry: Retry) => TaskEither<Unavailable | ParkedMoved, Applied>
  /** Rows with their columns, parked keys, counters and checkpoint, all of one moment. */
  readonly inspect: (projection: Rows, inspection: Inspection) => TaskEither<Unavailable, Inspected>
  /**
   * What was skipped, by position, then by key. It is kept by the projection's name, for all its
   * versions, and `apply` passes over it.
   */
  readonly skipped: (projection: Rows) => TaskEither<Unavailable, readonly SkippedEvent[]>
  /** A reaction's place in the log, kept beside the rows. */
  readonly readCheckpoint: (name: string) => TaskEither<Unavailable, Position | undefined>
  /** Under a lease only while that is held. */
  readonly writeCheckpoint: (
    name: string,
    position: Position,
    lease?: Lease,
  ) => TaskEither<Unavailable | LeaseLost, void>
  /** From then on all else is `Unavailable`. */
  readonly close: () => Promise<void>
}

/** What a port answers with, at once. */
type AtOnce<Ask> = Ask extends (...asked: infer Asked) => () => Promise<infer Answer>
  ? (...asked: Asked) => Answer
  : never

/** What an adapter answers the same way, at once, inside of transactions of its own. */
export type ReadModelSteps = {
  readonly [
    Name in
      | 'fill'
      | 'swap'
      | 'checkpoint'
      | 'apply'
      | 'get'
      | 'find'
      | 'counters'
      | 'parked'
      | 'parkedKeys'
      | 'retry'
      | 'inspect'
      | keyof Watching
  ]: AtOnce<ReadModels[Name]>
}
