/**
 * Projections kept inside the transactions of the appends themselves: a command returns and the
 * views are right.
 */
import { performance } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import {
  countedPosition,
  handles,
  positionCount,
  projectionFilter,
  type Adapters,
  type ParkedEvent,
  type Position,
  type RecordedEvent,
  type Rows,
  type Unavailable,
} from '@threadbook/sourcing'
import type { Database } from './database.js'
import { recorded, type Log, type StoredEvent } from './log.js'
import type { Tables } from './tables.js'

type OnParked = (projection: string, parked: readonly ParkedEvent[]) => void

interface Kept {
  readonly projection: Rows
  readonly listeners: Set<OnParked>
  catchingUp: boolean
}

/** Versions of one projection stand side by side. */
const keptAs = ({ name, version }: Rows): string => `${name} ${String(version)}`

/** So many events behind, a projection catches up within the append that finds it so. */
const NEAR = 1_000

/** What one slice of catching up may take, and the events it begins with. */
const SLICE_MS = 20
const FIRST_SLICE = 100
const LARGEST_SLICE = 5_000

export interface Inline {
  readonly projectInline: NonNullable<Adapters['projectInline']>
  readonly swapInline: NonNullable<Adapters['swapInline']>
  /** To be told of each new event, inside its transaction. */
  readonly onStored: (stored: StoredEvent) => void
  /** Looks no more for what others append. */
  readonly close: () => void
}

export const inlineOver = (db: Database, log: Log, tables: Tables): Inline => {
  const live = new Map<string, Kept>()
  let appended: StoredEvent[] = []
  let parked: (readonly [Kept, readonly ParkedEvent[]])[] = []
  let left: Kept[] = []

  const startAnew = () => {
    appended = []
    parked = []
    left = []
  }

  const fold = (kept: Kept, events: readonly RecordedEvent[]): void => {
    const applied = tables.fold(kept.projection, events)
    if (E.isRight(applied) && applied.right.parked.length > 0)
      parked.push([kept, applied.right.parked])
  }

  const own = (projection: Rows): RecordedEvent[] =>
    appended.filter((stored) => handles(projection, stored)).map(recorded)

  /** Brings the rows up to the log's end; true where they are. */
  const project = (kept: Kept): boolean => {
    const { projection } = kept
    const checkpoint = tables.checkpointNow(projection)
    if (E.isLeft(checkpoint)) {
      // They were taken away.
      live.delete(keptAs(projection))
      return false
    }
    const head = log.head()
    const after = positionCount(checkpoint.right)
    const behind = head - after
    if (behind === appended.length) {
      const events = own(projection)
      if (events.length > 0) fold(kept, events)
      return true
    }
    if (behind > NEAR) left.push(kept)
    if (behind > NEAR || behind <= 0) return false
    const filter = projectionFilter(projection)
    fold(kept, log.readAll({ after: checkpoint.right, filter, limit: NEAR }).events)
    return true
  }

  const projectAll = () => {
    const projected = [...live.values()].filter(project).map(({ projection }) => projection)
    tables.pass(projected, countedPosition(log.head()))
  }

  /** In a transaction: whether the projection is at the log's end, or no longer ours. */
  const slice = (kept: Kept, limit: number): boolean => {
    const { projection } = kept
    const checkpoint = tables.checkpointNow(projection)
    if (E.isLeft(checkpoint)) return true
    const after = checkpoint.right
    const filter = projectionFilter(projection)
    const { events, position, end } = log.readAll({ after, filter, limit })
    if (position !== after && position !== undefined) {
      fold(kept, events)
      tables.pass([projection], position)
    }
    return end
  }

  const catchUp = async (kept: Kept): Promise<E.Either<Unavailable, void>> => {
    for (let limit = FIRST_SLICE; ;) {
      let took = 0
      const done = await db.write(() => {
        const began = performance.now()
        const end = slice(kept, limit)
        took = performance.now() - began
        return E.right(end)
      })()
      if (E.isLeft(done)) return done
      if (done.right) return E.right(undefined)
      limit = Math.round(
        Math.min(LARGEST_SLICE, Math.max(1, (limit * SLICE_MS) / Math.max(took, 1))),
      )
      await setImmediate()
    }
  }

  const catchUpBehind = async (kept: Kept) => {
    if (kept.catchingUp) return
    kept.catchingUp = true
    try {
      // Where that fails, the next append finds it behind and begins again.
      await catchUp(kept)
    } finally {
      kept.catchingUp = false
    }
  }

  /** What another process appends without keeping these rows is caught up as soon as it is seen. */
  const look = async (kept: Kept) => {
    const behind = await db.read(() =>
      E.map((checkpoint: Position | undefined) => positionCount(checkpoint) < log.headNow())(
        tables.checkpoint(kept.projection),
      ),
    )()
    if (E.isRight(behind) && behind.right) await catchUpBehind(kept)
  }
  let unwatch: (() => void) | undefined

  db.listen({
    forget: startAnew,
    beforeCommit: () => {
      if (appended.length > 0) projectAll()
    },
    afterCommit: () => {
      const told = parked
      const behind = left
      startAnew()
      for (const kept of behind) void catchUpBehind(kept)
      for (const [{ projection, listeners }, events] of told)
        for (const onParked of listeners) tell(onParked, projection.name, events)
    },
  })

  return {
    onStored: (stored) => {
      if (live.size > 0) appended.push(stored)
    },
    projectInline: (projections, onParked) => async () => {
      for (const projection of projections) {
        const opened = await db.write(() => tables.open(projection))()
        if (E.isLeft(opened)) return opened
      }
      const mine = projections.map((projection) => {
        const kept = live.get(keptAs(projection)) ?? {
          projection,
          listeners: new Set<OnParked>(),
          catchingUp: false,
        }
        kept.listeners.add(onParked)
        live.set(keptAs(projection), kept)
        return kept
      })
      unwatch ??= db.watch(() => {
        for (const kept of live.values()) void look(kept)
      })
      for (const kept of mine) {
        const caughtUp = await catchUp(kept)
        if (E.isLeft(caughtUp)) return caughtUp
      }
      return E.right(undefined)
    },
    swapInline: (projection, lease) =>
      db.write(() => {
        const checkpoint = tables.checkpointNow(projection)
        if (E.isLeft(checkpoint)) return checkpoint
        const after = checkpoint.right
        const head = log.head()
        if (head - positionCount(after) <= NEAR && head > positionCount(after)) {
          const filter = projectionFilter(projection)
          const { events } = log.readAll({ after, filter, limit: NEAR })
          const position = countedPosition(head)
          const applied = tables.apply(projection, { events, after, position, lease })
          if (E.isLeft(applied) && applied.left.type !== 'CheckpointMoved')
            return E.left(applied.left)
        }
        return tables.swap(projection, lease)
      }),
    close: () => unwatch?.(),
  }
}

const tell = (onParked: OnParked, projection: string, events: readonly ParkedEvent[]) => {
  try {
    onParked(projection, events)
  } catch (error) {
    // The events are stored; what a host does with the news cannot undo that.
    process.emitWarning(String(error))
  }
}
