/**
 * What one process does at a time. A row beside the checkpoints says whose turn it is, and checkpoints
 * move under it only, in one transaction: whoever was taken for dead and is not can write no more.
 * Each process has a row of its own that it changes as a sign of life. Nobody's clock is compared with
 * another's: a process is dead when its row stood still while another watched it for long enough.
 */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Unavailable } from './event-store.js'

/** A turn at what the lease is named after. */
export interface Lease {
  readonly name: string
  /** Made anew for each turn. */
  readonly holder: string
}

export interface LeaseRow {
  readonly holder: string
  /** Counts signs of life. */
  readonly beat: number
}

/** The turn is over, and somebody else may have begun theirs: nothing was written. */
export interface LeaseLost {
  readonly type: 'LeaseLost'
  readonly lease: string
}

export interface Leases {
  /** All of them by name: there are few. */
  readonly readLeases: TaskEither<Unavailable, ReadonlyMap<string, LeaseRow>>
  /** Puts `to` where `from` stands, undefined being nobody; false where something else stands. */
  readonly moveLease: (
    name: string,
    from: LeaseRow | undefined,
    to: LeaseRow | undefined,
  ) => TaskEither<Unavailable, boolean>
}
