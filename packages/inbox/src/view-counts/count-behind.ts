/** Counts what is newly watched, a little at a time. */
import { performance } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import type { ReadModels, Unavailable, WatchedName } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { rows } from '../list-items.js'

/** What one slice may take, and the rows it begins with. */
const SLICE_MS = 20
const FIRST_SLICE = 1_000
const LARGEST_SLICE = 50_000

type Counted = E.Either<Unavailable, boolean | undefined>

/** Slice by slice, as long as `goesOn` says so. Whether all is counted; undefined: not watched. */
const countWhile = async (
  readModels: ReadModels,
  name: WatchedName,
  goesOn: () => boolean,
): Promise<Counted> => {
  for (let limit = FIRST_SLICE; ;) {
    const began = performance.now()
    const counted = await readModels.countWatched(rows, name, limit)()
    if (E.isLeft(counted) || counted.right !== false || !goesOn()) return counted
    const took = Math.max(1, performance.now() - began)
    limit = Math.round(Math.min(LARGEST_SLICE, Math.max(1, (limit * SLICE_MS) / took)))
    await setImmediate()
  }
}

/** A slice's time long; whoever waits for the answer sees what came of it. */
export const countAWhile = (readModels: ReadModels, name: WatchedName): Promise<Counted> => {
  const began = performance.now()
  return countWhile(readModels, name, () => performance.now() - began < SLICE_MS)
}

const underWay = new WeakMap<ReadModels, Set<string>>()

/**
 * To the end, once in this process, while others are served. Closing the read models ends it; what
 * it leaves undone, the next who asks for the number takes up where it was.
 */
export const countBehind = (readModels: ReadModels, name: WatchedName): void => {
  const names = underWay.get(readModels) ?? new Set<string>()
  underWay.set(readModels, names)
  const id = JSON.stringify([name.of, name.name])
  if (names.has(id)) return
  names.add(id)
  const done = () => void names.delete(id)
  countWhile(readModels, name, () => true).then(done, done)
}
