/**
 * Compares what is served with what the log comes to. Writes go on: pages of rows are looked at with
 * the checkpoint they stand at, and the other side is replayed to just there.
 */
import { setImmediate } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import type { Position } from '../event.js'
import type { EventStore, Unavailable } from '../event-store.js'
import { compareText } from '../filter.js'
import type { Inspected, Inspection } from '../inspection.js'
import type { Lease } from '../lease.js'
import { inSet, skipMark, type Rows } from '../projection.js'
import type { ReadModels } from '../read-models.js'
import {
  differingCounters,
  differingKeys,
  rowDifference,
  type CounterDifference,
  type RowDifference,
} from './differences.js'
import { explainRows } from './explain.js'
import { shadowOf, shadowOver, type Shadow, type ShadowFault } from './shadow.js'

export interface VerifyProgress {
  readonly projection: string
  /** `explaining`: only where something differs. */
  readonly phase: 'replaying' | 'comparing' | 'explaining'
  /** Events replayed, and rows compared, so far. */
  readonly events: number
  readonly rows: number
}

export interface VerifyOptions {
  /** Held while it runs: one process at a time verifies a projection. */
  readonly lease?: Lease | undefined
  /** Ends it: what was replayed is taken away, and it rejects with the reason. */
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined
  /** Differences that are told in full; 100 unless told. */
  readonly limit?: number | undefined
  /** Rows, or counters, at a time; 200 unless told. */
  readonly page?: number | undefined
}

export interface Verified {
  readonly projection: string
  readonly version: number
  /** The position that the last comparison was made at; undefined for an empty log. */
  readonly position: Position | undefined
  /** Events that were replayed. */
  readonly events: number
  /** Rows and counters that were compared. */
  readonly rows: number
  readonly counters: number
  /** By key, then counters by name. */
  readonly differences: readonly (RowDifference | CounterDifference)[]
  /** How many more there are. */
  readonly more: number
  /** Rows that stand still behind an event that broke, and differ for no other reason. */
  readonly waiting: number
  /**
   * Counters that differ, and of which nobody can tell whether that is only for what stands still:
   * 1,000 rows or more do.
   */
  readonly uncompared: number
}

export type VerifyFault = ShadowFault | Unavailable

/** Thrown on the way out of the middle of it. */
class Ended extends Error {
  readonly fault: VerifyFault
  constructor(fault: VerifyFault) {
    super(fault.type)
    this.fault = fault
  }
}

const orEnd = async <A>(answer: Promise<E.Either<VerifyFault, A>>): Promise<A> => {
  const answered = await answer
  if (E.isLeft(answered)) throw new Ended(answered.left)
  return answered.right
}

/** Keys that stand still, at most so many: beyond it counters are not compared. */
const MOST_STANDING = 1_000

const verifying = async (
  { store, readModels }: { readonly store: EventStore; readonly readModels: ReadModels },
  projection: Rows,
  { lease, signal, onProgress, limit = 100, page = 200 }: VerifyOptions,
): Promise<Verified> => {
  const { name, version } = projection
  let events = 0
  let rows = 0
  let counters = 0
  let waiting = 0
  let uncompared = 0
  let more = 0
  let at: Position | undefined
  const found: RowDifference[] = []
  const foundCounters: CounterDifference[] = []
  const tell = (phase: VerifyProgress['phase']) => {
    onProgress?.({ projection: name, phase, events, rows })
  }

  const ofAnyVersion = shadowOf(projection)
  // A set that is being built: to lose it is no loss, so its writes wait for no disk.
  const shadow: Shadow = shadowOver(store, readModels, inSet(ofAnyVersion, 'next'), {
    lease,
    signal,
    onEvents: (count) => {
      events = count
      tell(rows === 0 ? 'replaying' : 'comparing')
    },
  })
  /** Some milliseconds a page, after which others have their turn. */
  const looking = async (of: Rows, what: Inspection) => {
    signal?.throwIfAborted()
    const inspected = await orEnd(readModels.inspect(of, what)())
    await setImmediate()
    return inspected
  }
  /** Both sides, at the same position. */
  const both = async (one: Inspection, other: Inspection = one) => {
    const served = await looking(projection, one)
    await orEnd(shadow.advance(served.checkpoint))
    at = served.checkpoint
    const replayed = await looking(shadow.projection, other)
    return { served, replayed }
  }
  const skips = async () =>
    new Set(
      (await orEnd(readModels.skipped(projection)())).map((each) =>
        skipMark(each.key, each.position),
      ),
    )
  const skippedBefore = await skips()

  /** Passed over since the replay began: there it broke, and stands still. */
  const skippedSince = async (): Promise<ReadonlySet<string>> => {
    const keys = new Set<string>()
    const now = await orEnd(readModels.skipped(projection)())
    for (const { key, position } of now)
      if (!skippedBefore.has(skipMark(key, position))) keys.add(key)
    return keys
  }

  /** A second look, at these rows alone: what stands still is left to those who look after it. */
  const compareRows = async (keys: readonly string[]) => {
    if (keys.length === 0) return
    const { served, replayed } = await both({ rows: { keys } })
    const rowOf = ({ rows: all }: Inspected, key: string) => all.find((row) => row.key === key)
    const since = replayed.parked.size === 0 ? new Set<string>() : await skippedSince()
    for (const key of keys) {
      const difference = rowDifference(key, rowOf(served, key), rowOf(replayed, key))
      if (difference === undefined) continue
      if (served.parked.has(key) || since.has(key)) waiting++
      else if (found.length >= limit) more++
      else {
        const [broken] = replayed.parked.has(key)
          ? await orEnd(readModels.parked(shadow.projection, { key, limit: 1 })())
          : []
        found.push(
          broken?.error === undefined ? difference : { ...difference, breaks: broken.error },
        )
      }
    }
  }

  const counted = ({ counters: all }: Inspected, counter: string) =>
    all.find(([each]) => each === counter)?.[1] ?? 0

  /** As `compareRows`; what rows count for that stand still is left out on both sides. */
  const compareCounters = async (names: readonly string[]) => {
    if (names.length === 0) return
    const standing = new Set(await skippedSince())
    for (const side of [projection, shadow.projection])
      for (const { key } of await orEnd(readModels.parkedKeys(side, MOST_STANDING)()))
        standing.add(key)
    if (standing.size >= MOST_STANDING) {
      uncompared += names.length
      return
    }
    const { served, replayed } = await both({ counters: { names }, rows: { keys: [...standing] } })
    const ofStanding = (side: Inspected, counter: string) =>
      side.rows.filter(({ row }) => projection.counters?.(row).includes(counter)).length
    for (const counter of names) {
      const one = counted(served, counter)
      const other = counted(replayed, counter)
      if (one - ofStanding(served, counter) === other - ofStanding(replayed, counter)) continue
      if (found.length + foundCounters.length >= limit) more++
      else foundCounters.push({ type: 'counter', name: counter, served: one, replayed: other })
    }
  }

  /** Up to where two pages can be compared: both hold all up to there. */
  const boundOf = (...pages: readonly (readonly string[])[]): string | undefined =>
    pages.flatMap((names) => (names.length < page ? [] : [names.at(-1)!])).sort(compareText)[0]

  await orEnd(readModels.drop(ofAnyVersion)())
  try {
    await orEnd(readModels.open(shadow.projection)())
    const start = await orEnd(readModels.checkpoint(projection)())
    await orEnd(shadow.advance(start))

    for (let after: string | undefined; ;) {
      const { served, replayed } = await both({ rows: { after, limit: page } })
      const upTo = boundOf(...[served, replayed].map((side) => side.rows.map(({ key }) => key)))
      const within = (side: Inspected) =>
        side.rows.filter(({ key }) => upTo === undefined || compareText(key, upTo) <= 0)
      await compareRows(differingKeys(within(served), within(replayed)))
      rows += within(served).length
      tell('comparing')
      if (upTo === undefined) break
      after = upTo
    }

    for (let after: string | undefined; ;) {
      const { served, replayed } = await both({ counters: { after, limit: page } })
      const upTo = boundOf(...[served, replayed].map((side) => side.counters.map(([each]) => each)))
      const within = (side: Inspected) =>
        side.counters.filter(([each]) => upTo === undefined || compareText(each, upTo) <= 0)
      await compareCounters(differingCounters(within(served), within(replayed)))
      counters += within(served).length
      if (upTo === undefined) break
      after = upTo
    }

    if (found.length > 0 && at !== undefined) tell('explaining')
    const skipped = found.length > 0 ? await skips() : skippedBefore
    const explained =
      found.length > 0 && at !== undefined
        ? await orEnd(explainRows(store, projection, found, { skipped, upTo: at, signal }))
        : found
    return {
      projection: name,
      version,
      position: at,
      events,
      rows,
      counters,
      differences: [...explained, ...foundCounters],
      more,
      waiting,
      uncompared,
    }
  } finally {
    await readModels.drop(ofAnyVersion)()
  }
}

/**
 * Replays a projection beside its rows, under another name, and compares rows, their columns and
 * counters with what is served; a difference is one that both sides have at one position. What
 * is sealed is compared as it is stored. Needs room for the rows once more, until it ends; what a
 * verification that was killed left behind is taken away by the next.
 */
export const verifyProjection = async (
  adapters: { readonly store: EventStore; readonly readModels: ReadModels },
  projection: Rows,
  options: VerifyOptions = {},
): Promise<E.Either<VerifyFault, Verified>> => {
  try {
    return E.right(await verifying(adapters, projection, options))
  } catch (error) {
    if (error instanceof Ended) return E.left(error.fault)
    throw error
  }
}
