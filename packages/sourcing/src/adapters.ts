import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Blobs } from './blobs.js'
import type { EventStore, Unavailable } from './event-store.js'
import type { ParkedEvent, Rows } from './projection.js'
import type { NewerProjection, ReadModels } from './read-models.js'
import type { Vault } from './vault.js'

/** What a host hands to the front door. Whoever opened them closes them, through `close`. */
export interface Adapters {
  readonly store: EventStore
  readonly readModels: ReadModels
  readonly vault: Vault
  readonly blobs: Blobs
  /**
   * Where log and rows share one transaction: keeps these projections inside every append of this
   * process from now on, once they have caught up. `onParked` hears of events that broke.
   */
  readonly projectInline?: (
    projections: readonly Rows[],
    onParked: (projection: string, parked: readonly ParkedEvent[]) => void,
  ) => TaskEither<Unavailable | NewerProjection, void>
  readonly close: () => Promise<void>
}
