/** Building a set of rows from the log, beside the one that is served, until it can be served itself. */
import { performance } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Adapters } from '../adapters.js'
import type { Position } from '../event.js'
import type { StreamsSlice } from '../event-store.js'
import { Faulted } from '../faulted.js'
import { projectionFilter } from '../follow.js'
import type { Lease } from '../lease.js'
import { positionCount } from '../position.js'
import { retryParked } from '../parked.js'
import { foldStreams, isOfStreams, skipMarks, type Folded, type Rows } from '../projection.js'

export interface RebuildProgress {
  readonly stage: 'reading' | 'indexing' | 'serving'
  /** Read so far. */
  readonly events: number
  /** How much of the log that is, from 0 to 1; undefined where the store cannot tell. */
  readonly share: number | undefined
}

export interface Building {
  readonly adapters: Adapters
  /** In the set that is being built. */
  readonly projection: Rows
  readonly lease: Lease
  readonly signal: AbortSignal
  /** Does work while nobody moves on the rows that are served. */
  readonly alone: <A>(work: () => Promise<A>) => Promise<A>
  /** `more`: events read since the last time. */
  readonly onProgress: (
    stage: RebuildProgress['stage'],
    more: number,
    share: number | undefined,
  ) => void
}

const orThrow = <F extends { readonly type: string }, A>(answer: E.Either<F, A>): A => {
  if (E.isLeft(answer)) throw new Faulted(answer.left)
  return answer.right
}

/** What a fault of a port leads to: out of the building, which starts anew or is given up. */
export const orFault = async <F extends { readonly type: string }, A>(
  task: TaskEither<F, A>,
): Promise<A> => {
  return orThrow(await task())
}

/** What one slice may take of the host's time, reading, folding and writing together. */
const SLICE_MS = 12
const FIRST_SLICE = 200
/** Takes a few milliseconds, however long a busy machine needs for it. */
const FEWEST = 200
const MOST = 1_000

/**
 * Rows written in one transaction, or a slice's more: a commit costs as much as many of them. What is
 * held for longer than that is no more short-lived garbage, and memory grows by many times its size.
 */
const ROWS_AT_ONCE = 200

/** How many events to take at a time, so that they take the time they may. */
const sliceSize = () => {
  let limit = FIRST_SLICE
  return {
    get limit() {
      return limit
    },
    took: (ms: number) => {
      const fitting = (limit * SLICE_MS) / Math.max(ms, 1)
      limit = Math.round(Math.min(MOST, limit * 2, Math.max(FEWEST, fitting)))
    },
  }
}

/** Slices of such a size; in between the host gets its turn. */
const slices = (signal: AbortSignal) => {
  const size = sliceSize()
  return async <A>(work: (limit: number) => Promise<A>): Promise<A> => {
    signal.throwIfAborted()
    const began = performance.now()
    const done = await work(size.limit)
    size.took(performance.now() - began)
    await setImmediate()
    return done
  }
}

/** The end of the log as it is now, looked for from a place on; undefined where nothing is in it. */
export const endOf = async (
  { store }: Pick<Adapters, 'store'>,
  from?: Position,
): Promise<Position | undefined> => {
  for (let after = from; ;) {
    const slice = await orFault(store.readAll({ after, filter: { types: [] } }))
    after = slice.position ?? after
    if (slice.end) return after
  }
}

/** All there is up to a place, row by row; false where rows are not each of one stream. */
const fillByStreams = async (
  { adapters: { store, readModels }, projection, lease, signal, onProgress }: Building,
  upTo: Position,
): Promise<boolean> => {
  const filter = projectionFilter(projection)
  const skips = await orFault(readModels.skipped(projection))
  const fold = foldStreams(projection, skips.length > 0 ? { skipped: skipMarks(skips) } : {})
  const size = sliceSize()
  const read = (after?: string) => store.readStreams!({ filter, upTo, after, limit: size.limit })()
  const write = (rows: Folded<Record<string, unknown>>) =>
    readModels.fill(projection, { rows, lease })()

  // While a slice is read and folded, those folded before are being written, and no more are held.
  let reading: ReturnType<typeof read> | undefined = read()
  const writing: ReturnType<typeof write>[] = []
  try {
    while (reading !== undefined) {
      const { events, next, share }: StreamsSlice = orThrow(await reading)
      signal.throwIfAborted()
      const began = performance.now()
      reading = next === undefined ? undefined : read(next)
      const rows = fold.add(events, ROWS_AT_ONCE)
      size.took(performance.now() - began)
      if (rows === undefined) return false
      if (rows.changes.length > 0 || rows.parked.length > 0) {
        if (writing.length >= (readModels.fillsAtOnce ?? 1)) orThrow(await writing.shift()!)
        writing.push(write(rows))
      }
      onProgress('reading', events.length, share)
      await setImmediate()
    }
  } finally {
    await Promise.all([reading, ...writing])
  }
  for (const written of writing) orThrow(await written)
  await orFault(readModels.fill(projection, { rows: fold.end(), position: upTo, lease }))
  return true
}

/** On from where the set stands to the end of the log. */
export const catchUpSet = async ({
  adapters: { store, readModels },
  projection,
  lease,
  signal,
  onProgress,
}: Building): Promise<void> => {
  const filter = projectionFilter(projection)
  const slice = slices(signal)
  let after = await orFault(readModels.checkpoint(projection))
  const end = await endOf({ store }, after)
  for (;;) {
    const read = await slice(async (limit) => {
      const read = await orFault(store.readAll({ after, filter, limit }))
      const { events, position } = read
      if (position !== undefined && position !== after)
        await orFault(readModels.apply(projection, { events, after, position, lease }))
      return read
    })
    after = read.position
    const share = positionCount(after) / positionCount(end)
    onProgress('reading', read.events.length, share <= 1 ? share : undefined)
    if (read.end || (after !== undefined && end !== undefined && after >= end)) return
  }
}

/** From nothing to the log's end, with its indexes, which are made last. */
export const buildSet = async (building: Building): Promise<void> => {
  const { adapters, projection, lease, onProgress } = building
  const { store, readModels } = adapters
  const anew = async () => {
    await orFault(readModels.drop(projection, lease))
    await orFault(readModels.open(projection))
  }
  await anew()
  const upTo = await endOf(adapters)
  if (upTo !== undefined && store.readStreams !== undefined && isOfStreams(projection))
    if (!(await fillByStreams(building, upTo))) await anew()
  await catchUpSet(building)
  onProgress('indexing', 0, 1)
  await orFault(readModels.index(projection))
}

/** Events that broke here before somebody skipped them are passed over here, too. */
const passOverSkipped = async ({
  adapters: { store, readModels },
  projection,
  signal,
}: Building): Promise<void> => {
  for (const { key, position } of await orFault(readModels.skipped(projection))) {
    const [first] = await orFault(readModels.parked(projection, { key, limit: 1 }))
    if (first?.position !== position) continue
    await orFault(() => retryParked(store, readModels, projection, key, { signal }))
  }
}

/** Tries beside whoever moves on what is served; then they wait, so that it ends under any load. */
const TRIES = 3

/** Serves the set once it has come as far as the one that is served. */
export const serveSet = async (building: Building): Promise<void> => {
  const { adapters, projection, lease, signal, alone, onProgress } = building
  const swap = adapters.swapInline ?? adapters.readModels.swap
  const attempt = async () => {
    await passOverSkipped(building)
    await catchUpSet({ ...building, onProgress: () => undefined })
    signal.throwIfAborted()
    onProgress('serving', 0, 1)
    return swap(projection, lease)()
  }
  for (let tries = 1; ; tries++) {
    const swapped = await (tries <= TRIES ? attempt() : alone(attempt))
    if (E.isRight(swapped)) return
    if (swapped.left.type !== 'Behind') throw new Faulted(swapped.left)
  }
}
