/** Going through the log from a checkpoint to its end: projections that run behind, and followers. */
import * as E from 'fp-ts/lib/Either.js'
import { isNonEmpty, type NonEmpty, type RecordedEvent } from './event.js'
import type { EventFilter, EventStore, ReadFault, Unavailable } from './event-store.js'
import type { Rows } from './projection.js'
import type { ReadModels } from './read-models.js'
import { streamPrefix } from './stream-name.js'

/** What a projection reads, to be filtered inside the store. */
export const projectionFilter = (projection: Rows): EventFilter => ({
  types: Object.keys(projection.on),
  streamPrefixes: projection.categories.map((category) => streamPrefix(category)),
})

export interface FollowOptions {
  /** Events per slice; 1,000 unless told. */
  readonly limit?: number
  readonly signal?: AbortSignal
  /** After each slice. */
  readonly onProgress?: (events: number) => void
}

/**
 * Brings a projection's rows up to the end of the log; how many events that took is the answer.
 * Where another process is at the same rows, the one whose checkpoint moved first goes on.
 */
export const catchUp = async (
  store: EventStore,
  readModels: ReadModels,
  projection: Rows,
  { limit = 1_000, signal, onProgress }: FollowOptions = {},
): Promise<E.Either<ReadFault, number>> => {
  const filter = projectionFilter(projection)
  for (let handled = 0; ;) {
    if (signal?.aborted === true) return E.right(handled)
    const checkpoint = await readModels.checkpoint(projection)()
    if (E.isLeft(checkpoint)) return checkpoint
    const after = checkpoint.right
    const slice = await store.readAll({ after, filter, limit })()
    if (E.isLeft(slice)) return slice
    const { events, position, end } = slice.right
    if (position !== undefined && position !== after) {
      const applied = await readModels.apply(projection, { events, after, position })()
      if (E.isLeft(applied) && applied.left.type === 'Unavailable') return E.left(applied.left)
      handled += events.length
      onProgress?.(handled)
    }
    if (end) return E.right(handled)
  }
}

/** Somebody who goes through the log: at least once and in order, from a checkpoint of its own. */
export interface Follower {
  /** Its checkpoint's name: never another's. */
  readonly name: string
  readonly filter: EventFilter
  /** Where it begins, the first time: at what is written from now on unless told. */
  readonly from?: 'start' | 'end'
  /** Repeating it changes nothing: after a fault or a crash the last events come again. */
  readonly handle: (
    events: NonEmpty<RecordedEvent>,
    signal?: AbortSignal,
  ) => Promise<E.Either<Unavailable, void>>
}

/** Lets a follower handle all that has come since its checkpoint, from the log's start if it has none. */
export const followUp = async (
  store: EventStore,
  readModels: ReadModels,
  follower: Omit<Follower, 'from'>,
): Promise<E.Either<ReadFault, void>> => {
  const checkpoint = await readModels.readCheckpoint(follower.name)()
  if (E.isLeft(checkpoint)) return checkpoint
  for (let after = checkpoint.right; ;) {
    const slice = await store.readAll({ after, filter: follower.filter })()
    if (E.isLeft(slice)) return slice
    const { events, position, end } = slice.right
    if (isNonEmpty(events)) {
      const handled = await follower.handle(events)
      if (E.isLeft(handled)) return handled
    }
    if (position !== undefined && position !== after) {
      const written = await readModels.writeCheckpoint(follower.name, position)()
      if (E.isLeft(written) && written.left.type === 'Unavailable') return E.left(written.left)
      after = position
    }
    if (end) return E.right(undefined)
  }
}
