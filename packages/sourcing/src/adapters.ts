import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Blobs } from './blobs.js'
import type { EventStore, Unavailable } from './event-store.js'
import type { ParkedEvent, Rows } from './projection.js'
import type { Lease, LeaseLost } from './lease.js'
import type { Behind, ReadModels } from './read-models.js'
import type { SearchIndex } from './search/search-index.js'
import type { Vault } from './vault.js'

export type OnParked = (projection: string, parked: readonly ParkedEvent[]) => void

/** What a host does with the news cannot undo the append: what it throws becomes a warning. */
export const tellParked = (
  onParked: OnParked,
  projection: string,
  parked: readonly ParkedEvent[],
): void => {
  try {
    onParked(projection, parked)
  } catch (error) {
    process.emitWarning(String(error))
  }
}

/** What a host hands to the front door. Whoever opened them closes them, through `close`. */
export interface Adapters {
  readonly store: EventStore
  readonly readModels: ReadModels
  readonly vault: Vault
  readonly blobs: Blobs
  /** Over the rows of `readModels`. Without it nothing is found by its text. */
  readonly search?: SearchIndex
  /**
   * Where log and rows share one transaction: keeps these projections inside every append of this
   * process from now on, once they have caught up. `onParked` hears of events that broke, before the append is
   * answered (`tellParked`).
   */
  readonly projectInline?: (
    projections: readonly Rows[],
    onParked: OnParked,
  ) => TaskEither<Unavailable, void>
  /**
   * With `projectInline`: as `swap` of the read models, after the set has caught up with the log in
   * the same step, as far as that is short; `Behind` else.
   */
  readonly swapInline?: (
    projection: Rows,
    lease?: Lease,
  ) => TaskEither<Unavailable | Behind | LeaseLost, void>
  readonly close: () => Promise<void>
}
