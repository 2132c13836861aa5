/** Keeps projections up to date where log and rows do not share a transaction. */
import { setTimeout } from 'node:timers/promises'
import {
  catchUp,
  Faulted,
  projectionFilter,
  type Adapters,
  type CommandFault,
  type OnParked,
  type Position,
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

const SHORTEST_PAUSE_MS = 20
const LONGEST_PAUSE_MS = 5_000

/** Pauses grow with each failure, up to a bound, and are never quite the same. */
const pauseAfter = (failures: number): number =>
  Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 2 ** failures) * (0.5 + Math.random() / 2)

/** Ends early, and without an error, when it is aborted. */
const pause = async (milliseconds: number, signal: AbortSignal | undefined): Promise<void> => {
  await setTimeout(milliseconds, undefined, { ref: false, ...(signal && { signal }) }).catch(
    () => undefined,
  )
}

/**
 * Follows the log with each projection until the log fails it: false. Two processes may do so with
 * the same rows: a batch counts for one of them only, and the other goes on from there.
 */
const follow = async (
  { store, readModels }: Adapters,
  projection: Rows,
  onParked: OnParked,
  signal: AbortSignal,
): Promise<boolean> => {
  const checkpoint = await readModels.checkpoint(projection)()
  if (E.isLeft(checkpoint)) return false
  let after = checkpoint.right
  const filter = projectionFilter(projection)
  for await (const message of store.subscribe({ after, filter, signal })) {
    if (message.type === 'caughtUp') continue
    if (message.type === 'failed') return false
    const { events, position } = message
    const applied = await readModels.apply(projection, { events, after, position })()
    if (E.isLeft(applied)) return applied.left.type === 'CheckpointMoved'
    if (applied.right.parked.length > 0) onParked(projection.name, applied.right.parked)
    after = position
  }
  return true
}

export const startProjector = (
  adapters: Adapters,
  projections: readonly Rows[],
  onParked: OnParked,
): Projector => {
  const { store, readModels } = adapters
  const stopping = new AbortController()
  const { signal } = stopping

  const keep = async (projection: Rows): Promise<void> => {
    for (let failures = 0; !signal.aborted;) {
      failures = (await follow(adapters, projection, onParked, signal)) ? 0 : failures + 1
      if (failures > 0) await pause(pauseAfter(failures), signal)
    }
  }
  const running = Promise.all(projections.map(keep))

  /** Where the last event of a receipt stands; undefined as long as the store has given it no place. */
  const placeOf = async ({ stream, revision, position }: Receipt): Promise<Position | undefined> =>
    position ??
    (await answer(store.readStream(stream, { from: revision, limit: 1 }))).events[0]?.position

  const holds = async (projection: Rows, place: Position): Promise<boolean> => {
    const caughtUp = await catchUp(store, readModels, projection)
    if (E.isLeft(caughtUp)) throw new Faulted(caughtUp.left)
    const checkpoint = await answer(readModels.checkpoint(projection))
    return checkpoint !== undefined && checkpoint >= place
  }

  return {
    waitFor: (receipts, until) =>
      answering(async () => {
        for (const receipt of receipts) {
          if (receipt.outcome !== 'accepted' && receipt.outcome !== 'repeated') continue
          for (let tries = 0; ; tries++) {
            until?.throwIfAborted()
            const place = await placeOf(receipt)
            const held =
              place !== undefined &&
              (await Promise.all(projections.map((each) => holds(each, place)))).every(Boolean)
            if (held) break
            await pause(pauseAfter(tries), until)
          }
        }
        return E.right(undefined)
      }),
    caughtUp: (until) =>
      answering(async () => {
        for (const projection of projections) {
          until?.throwIfAborted()
          const caughtUp = await catchUp(store, readModels, projection)
          if (E.isLeft(caughtUp)) return caughtUp
        }
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
