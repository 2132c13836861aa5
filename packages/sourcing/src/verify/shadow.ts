/** A projection's rows replayed beside those that are served, up to any position that is asked for. */
import { performance } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import type { Position } from '../event.js'
import type { EventStore, ReadFault } from '../event-store.js'
import { projectionFilter } from '../follow.js'
import type { Lease, LeaseLost } from '../lease.js'
import type { Rows } from '../projection.js'
import type { CheckpointMoved, ReadModels } from '../read-models.js'

/** What one slice may take, so that others have their turn, and the events it begins with. */
const SLICE_MS = 10
const FIRST_SLICE = 100
const LARGEST_SLICE = 1_000

/** The same rows under another name, without indexes: nobody looks for them. */
export const shadowOf = ({ watches: _, ...projection }: Rows): Rows => ({
  ...projection,
  name: `verify ${projection.name}`,
  skipsOf: projection.skipsOf ?? projection.name,
  table: { ...projection.table, indexes: [] },
})

/** The rows that are served were set back meanwhile, as by a rollback. */
interface SetBack {
  readonly type: 'SetBack'
  readonly projection: string
}

export type ShadowFault = ReadFault | LeaseLost | CheckpointMoved | SetBack

export interface Shadow {
  readonly projection: Rows
  /** Replays up to there, neither more nor less; never back. */
  readonly advance: (to: Position | undefined) => Promise<E.Either<ShadowFault, void>>
}

export interface ShadowOptions {
  readonly lease?: Lease | undefined
  readonly signal?: AbortSignal | undefined
  /** Hears how many events were replayed so far. */
  readonly onEvents?: ((events: number) => void) | undefined
}

/** `projection`: a shadow that was opened and holds nothing. */
export const shadowOver = (
  store: EventStore,
  readModels: ReadModels,
  projection: Rows,
  { lease, signal, onEvents }: ShadowOptions,
): Shadow => {
  const filter = projectionFilter(projection)
  let at: Position | undefined
  let limit = FIRST_SLICE
  let events = 0
  return {
    projection,
    advance: async (to) => {
      if (to === undefined ? at !== undefined : at !== undefined && to < at)
        return E.left({ type: 'SetBack', projection: projection.skipsOf ?? projection.name })
      while (to !== undefined && at !== to) {
        signal?.throwIfAborted()
        const began = performance.now()
        const slice = await store.readAll({ after: at, filter, limit })()
        if (E.isLeft(slice)) return slice
        const { position = to, end } = slice.right
        const wanted = slice.right.events.filter((event) => event.position <= to)
        const reached = end || position > to ? to : position
        const batch = { events: wanted, after: at, position: reached, lease }
        const applied = await readModels.apply(projection, batch)()
        if (E.isLeft(applied)) return applied
        at = reached
        events += wanted.length
        onEvents?.(events)
        const took = Math.max(performance.now() - began, 1)
        limit = Math.round(Math.min(LARGEST_SLICE, Math.max(10, (limit * SLICE_MS) / took)))
        await setImmediate()
      }
      return E.right(undefined)
    },
  }
}
