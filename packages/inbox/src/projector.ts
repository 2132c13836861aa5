/**
 * Keeps projections up to date where log and rows do not share a transaction: each of them in one
 * process at a time, the others watch, and take over when it dies.
 */
import { setTimeout } from 'node:timers/promises'
import {
  Faulted,
  projectionFilter,
  projectionTurn,
  type Adapters,
  type CheckpointMoved,
  type CommandFault,
  type Lease,
  type LeaseLost,
  type OnParked,
  type Position,
  type ProcessTurns,
  type ReadFault,
  type Receipt,
  type Rows,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { answer, answering } from './fault.js'

export interface Projector {
  /** Answers once the rows hold what the receipts speak of, whichever process wrote them. */
  readonly waitFor: (
    receipts: readonly Receipt[],
    signal?: AbortSignal,
  ) => Promise<E.Either<CommandFault, void>>
  /** Answers once the rows hold all that stood in the log when it was asked. */
  readonly caughtUp: (signal?: AbortSignal) => Promise<E.Either<CommandFault, void>>
  readonly stop: () => Promise<void>
}

const SHORTEST_PAUSE_MS = 2
const LONGEST_PAUSE_MS = 100

/** Pauses grow with each look, up to a bound, and are never quite the same. */
const pauseAfter = (looks: number): number =>
  Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 2 ** looks) * (0.5 + Math.random() / 2)

/** Ends early, and without an error, when it is aborted. */
const pause = async (milliseconds: number, signal: AbortSignal | undefined): Promise<void> => {
  await setTimeout(milliseconds, undefined, { ...(signal && { signal }) }).catch(() => undefined)
}

/** How far a log is read at once, to see whether rows are behind it. */
const LOOK = 1_000

/** A projection, and the faults that ended turns of this process at it. */
interface Kept {
  readonly projection: Rows
  readonly faults: ReadFault[]
}

export const startProjector = (
  { store, readModels }: Adapters,
  projections: readonly Rows[],
  onParked: OnParked,
  turns: ProcessTurns,
): Projector => {
  const stopping = new AbortController()
  const { signal } = stopping

  /** Follows the log until the turn is over; a Left says why it could not go on. */
  const follow = async (
    projection: Rows,
    lease: Lease,
    turn: AbortSignal,
  ): Promise<E.Either<ReadFault | LeaseLost | CheckpointMoved, void>> => {
    const checkpoint = await readModels.checkpoint(projection)()
    if (E.isLeft(checkpoint)) return checkpoint
    let after = checkpoint.right
    const filter = projectionFilter(projection)
    for await (const message of store.subscribe({ after, filter, signal: turn })) {
      if (message.type === 'failed') return E.left(message.fault)
      const { position } = message
      // Caught up: what was filtered out need not be looked through again.
      const events = message.type === 'events' ? message.events : []
      if (position === undefined || position === after) continue
      const applied = await readModels.apply(projection, { events, after, position, lease })()
      if (E.isLeft(applied)) return applied
      if (applied.right.parked.length > 0) onParked(projection.name, applied.right.parked)
      after = position
    }
    return E.right(undefined)
  }

  const keep = ({ projection, faults }: Kept): Promise<void> =>
    turns.take(
      projectionTurn(projection),
      async (lease, turn) => {
        while (!turn.aborted) {
          const followed = await follow(projection, lease, turn)
          // What went wrong with its end is no fault: somebody else goes on.
          if (turn.aborted) return
          // Somebody moved the checkpoint without a lease: on from there.
          if (E.isRight(followed) || followed.left.type === 'CheckpointMoved') continue
          if (followed.left.type !== 'LeaseLost') faults.push(followed.left)
          return
        }
      },
      signal,
    )

  const all = projections.map((projection): Kept => ({ projection, faults: [] }))
  const running = Promise.all(all.map(keep))

  /** Looks until it is so, as long as nothing happens that makes waiting pointless. */
  const untilSo = async (
    isSo: () => Promise<boolean>,
    until: AbortSignal | undefined,
  ): Promise<void> => {
    const before = all.map(({ faults }) => faults.length)
    for (let looks = 0; !(await isSo()); looks++) {
      until?.throwIfAborted()
      const fault = all.flatMap(({ faults }, index) => faults.slice(before[index]))[0]
      if (fault !== undefined) throw new Faulted(fault)
      if (signal.aborted) throw new Faulted({ type: 'Unavailable', reason: 'closed' })
      await pause(pauseAfter(looks), until)
    }
  }

  /** Where the last event of a receipt stands; undefined as long as the store has given it no place. */
  const placeOf = async ({ stream, revision, position }: Receipt): Promise<Position | undefined> =>
    position ??
    (await answer(store.readStream(stream, { from: revision, limit: 1 }))).events[0]?.position

  /** Whether the rows hold all up to a place: checkpoints stand still where nothing concerns them. */
  const holds = async (projection: Rows, place: Position): Promise<boolean> => {
    const filter = projectionFilter(projection)
    for (let after = await answer(readModels.checkpoint(projection)); ;) {
      if (after !== undefined && after >= place) return true
      const { events, position, end } = await answer(store.readAll({ after, filter, limit: 1 }))
      const [next] = events
      if (next !== undefined) return next.position > place
      if (end) return true
      after = position
    }
  }

  const reached = (projection: Rows, place: Position, until: AbortSignal | undefined) =>
    untilSo(() => holds(projection, place), until)

  /** Goes on behind the rows to the log's end, and waits for each slice's last event. */
  const reachedEnd = async (projection: Rows, until: AbortSignal | undefined): Promise<void> => {
    const filter = projectionFilter(projection)
    for (let after = await answer(readModels.checkpoint(projection)); ;) {
      const slice = await answer(store.readAll({ after, filter, limit: LOOK }))
      const last = slice.events.at(-1)
      if (last !== undefined) await reached(projection, last.position, until)
      if (slice.end) return
      after = slice.position
    }
  }

  return {
    waitFor: (receipts, until) =>
      answering(async () => {
        for (const receipt of receipts) {
          if (receipt.outcome !== 'accepted' && receipt.outcome !== 'repeated') continue
          let place: Position | undefined
          await untilSo(async () => (place = await placeOf(receipt)) !== undefined, until)
          await Promise.all(projections.map((each) => reached(each, place!, until)))
        }
        return E.right(undefined)
      }),
    caughtUp: (until) =>
      answering(async () => {
        await Promise.all(projections.map((each) => reachedEnd(each, until)))
        return E.right(undefined)
      }),
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

/** Where the rows are right as soon as a command is answered. */
export const nothingToWaitFor: Projector = {
  waitFor: () => Promise.resolve(E.right(undefined)),
  caughtUp: () => Promise.resolve(E.right(undefined)),
  stop: () => Promise.resolve(),
}
