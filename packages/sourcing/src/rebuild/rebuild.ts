/** Rows built anew while the old ones are served, in one process at a time, and the way back. */
import * as E from 'fp-ts/lib/Either.js'
import { tellParked, type Adapters, type OnParked } from '../adapters.js'
import type { ReadFault } from '../event-store.js'
import { Faulted } from '../faulted.js'
import type { Lease } from '../lease.js'
import { inSet, projectionTurn, type Rows, type RowSet } from '../projection.js'
import type { StoredSet } from '../read-models.js'
import { oneTurn, type ProcessTurns } from '../turns-of-processes.js'
import {
  buildSet,
  catchUpSet,
  endOf,
  orFault,
  serveSet,
  type Building,
  type RebuildProgress,
} from './build.js'

export interface RebuildOptions {
  /** Ends it: what was built so far is taken away, and the answer rejects with the reason. */
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: RebuildProgress) => void) | undefined
}

/** `byAnother`: it was done meanwhile, in answer to somebody else who had asked for it. */
export type Rebuilt = 'rebuilt' | 'byAnother'
export type RolledBack = 'rolledBack' | 'byAnother' | 'nothingKept'

export interface Rebuilder {
  /**
   * Builds the rows anew from the log, beside those that are served, and serves them in their place
   * in one step. Those served before are kept for a way back, until the next time.
   */
  readonly rebuild: (
    projection: Rows,
    options?: RebuildOptions,
  ) => Promise<E.Either<ReadFault, Rebuilt>>
  /** Serves again what was served before, once it has caught up with the log. */
  readonly rollback: (
    projection: Rows,
    options?: RebuildOptions,
  ) => Promise<E.Either<ReadFault, RolledBack>>
  /**
   * Sees to it that there are rows of just these versions, built beside those of other versions,
   * which software that knows these goes on serving. Two versions are kept: this one, and of those
   * before it the one that has come furthest.
   */
  readonly ensure: (
    projections: readonly Rows[],
    options?: RebuildOptions,
  ) => Promise<E.Either<ReadFault, void>>
  /** Takes away what a rebuild that was killed left behind, once nobody is at it. */
  readonly tidy: (projection: Rows, signal: AbortSignal) => Promise<void>
}

const ofVersion = (sets: readonly StoredSet[], { version }: Rows, set: RowSet) =>
  sets.find((each) => each.version === version && each.set === set)

/** Another process goes on with it, or has changed what is there: to be looked at anew. */
const isLost = (error: unknown): boolean => {
  const fault = error instanceof Faulted ? (error as Faulted).fault.type : undefined
  return fault === 'LeaseLost' || fault === 'CheckpointMoved'
}

export const rebuilder = (
  adapters: Adapters,
  turns: ProcessTurns,
  onParked: OnParked = () => undefined,
): Rebuilder => {
  const { readModels } = adapters
  const setsOf = (projection: Rows) => orFault(readModels.sets(projection))

  /** In one process at a time, and again from the start where a turn was lost in the middle. */
  const inTurn = <A>(
    { name, version }: Rows,
    signal: AbortSignal | undefined,
    work: (lease: Lease, turn: AbortSignal) => Promise<A>,
  ): Promise<A> =>
    oneTurn(
      turns,
      `rebuild ${name} ${String(version)}`,
      async (lease, turn) => {
        try {
          return { is: await work(lease, turn) }
        } catch (error) {
          if (isLost(error) || turn.aborted) return undefined
          throw error
        }
      },
      signal,
    )

  const answering = async <A>(work: () => Promise<A>): Promise<E.Either<ReadFault, A>> => {
    try {
      return E.right(await work())
    } catch (error) {
      if (error instanceof Faulted) return E.left(error.fault as ReadFault)
      throw error
    }
  }

  const buildingOf = (
    projection: Rows,
    lease: Lease,
    signal: AbortSignal,
    onProgress: RebuildOptions['onProgress'],
  ): Building => {
    let events = 0
    return {
      adapters,
      projection,
      lease,
      signal,
      alone: (work) => turns.seize(projectionTurn(projection), work),
      onProgress: (stage, more, share) => {
        events += more
        onProgress?.({ stage, events, share })
      },
    }
  }

  const buildAndServe = async (
    projection: Rows,
    lease: Lease,
    turn: AbortSignal,
    onProgress: RebuildOptions['onProgress'],
  ): Promise<void> => {
    const next = inSet(projection, 'next')
    const building = buildingOf(next, lease, turn, onProgress)
    try {
      await buildSet(building)
      await orFault(readModels.drop(inSet(projection, 'previous'), lease))
      await serveSet(building)
    } catch (error) {
      // Nothing half done stays; under the lease, as it may be another's by now.
      if (!isLost(error)) await readModels.drop(next, lease)()
      throw error
    }
    const parked = await orFault(readModels.parked(projection))
    if (parked.length > 0) tellParked(onParked, projection.name, parked)
  }

  const forgetOldVersions = async (projection: Rows): Promise<void> => {
    const older = (await setsOf(projection))
      .filter(({ version, set }) => version < projection.version && set === 'served')
      .sort(
        (a, b) =>
          Number((b.checkpoint ?? '') > (a.checkpoint ?? '')) -
            Number((b.checkpoint ?? '') < (a.checkpoint ?? '')) || b.version - a.version,
      )
    for (const { version } of older.slice(1))
      for (const set of ['next', 'previous', 'served'] as const)
        await orFault(readModels.drop({ ...projection, version, set }))
  }

  return {
    rebuild: (projection, { signal, onProgress } = {}) =>
      answering(async () => {
        const asked = ofVersion(await setsOf(projection), projection, 'served')
        return inTurn(projection, signal, async (lease, turn) => {
          const now = ofVersion(await setsOf(projection), projection, 'served')
          if (now?.generation !== asked?.generation) return 'byAnother'
          await buildAndServe(projection, lease, turn, onProgress)
          return 'rebuilt'
        })
      }),

    rollback: (projection, { signal, onProgress } = {}) =>
      answering(async () => {
        const asked = ofVersion(await setsOf(projection), projection, 'served')
        return inTurn(projection, signal, async (lease, turn) => {
          const sets = await setsOf(projection)
          if (ofVersion(sets, projection, 'served')?.generation !== asked?.generation)
            return 'byAnother'
          if (ofVersion(sets, projection, 'previous') === undefined) return 'nothingKept'
          const previous = inSet(projection, 'previous')
          const building = buildingOf(previous, lease, turn, onProgress)
          await catchUpSet(building)
          await serveSet(building)
          return 'rolledBack'
        })
      }),

    ensure: (projections, { signal, onProgress } = {}) =>
      answering(async () => {
        const isThere = async (projection: Rows) =>
          ofVersion(await setsOf(projection), projection, 'served') !== undefined
        const there = await Promise.all(projections.map(isThere))
        const missing = projections.filter((_, index) => there[index] === false)
        if (missing.length === 0 || (await endOf(adapters)) === undefined) return
        for (const projection of missing) {
          await inTurn(projection, signal, async (lease, turn) => {
            if (!(await isThere(projection)))
              await buildAndServe(projection, lease, turn, onProgress)
          })
          await forgetOldVersions(projection)
        }
      }),

    tidy: async (projection, signal) => {
      const isLeft = async () =>
        ofVersion(await setsOf(projection), projection, 'next') !== undefined
      if (!(await isLeft())) return
      await inTurn(projection, signal, async (lease) => {
        if (await isLeft()) await orFault(readModels.drop(inSet(projection, 'next'), lease))
      })
    },
  }
}
