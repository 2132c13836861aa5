/** The list at a place of the log, from whatever is nearest to it; made where nothing is near. */
import { BoundedMap, Faulted, type Position, type ReadModels } from '@threadbook/sourcing'
import type { Door } from '../../door.js'
import type { Making } from './making.js'
import { openRowsAsOf, type RowsAsOf } from './rows-as-of.js'
import { basesOf, makeSnapshot, nearest } from './snapshots.js'

/** What was worked out for a place serves its other pages, too. */
const PLACES_KEPT = 2
const MOST_ATTEMPTS = 5

interface Kept {
  readonly opened: BoundedMap<string, RowsAsOf>
  /** Snapshots are made one after the other. */
  making: Promise<unknown>
}

const kept = new WeakMap<ReadModels, Kept>()

const keptOf = ({ adapters: { readModels } }: Door): Kept => {
  const there = kept.get(readModels) ?? {
    opened: new BoundedMap<string, RowsAsOf>(PLACES_KEPT),
    making: Promise.resolve(),
  }
  kept.set(readModels, there)
  return there
}

const nameOf = ({ account }: Door, position: Position): string => `${account}/${position}`

const fromNearest = async (
  door: Door,
  position: Position,
  making: Making,
): Promise<RowsAsOf | undefined> => {
  for (const base of nearest(await basesOf(door), position)) {
    const found = await openRowsAsOf(door, base, position, making)
    if (found !== undefined) return found
  }
  return undefined
}

export const openAsOf = async (
  door: Door,
  position: Position,
  making: Making,
): Promise<RowsAsOf> => {
  const mine = keptOf(door)
  const name = nameOf(door, position)
  const known = mine.opened.get(name)
  if (known !== undefined) return known
  for (let attempts = 0; attempts < MOST_ATTEMPTS; attempts++) {
    const found = await fromNearest(door, position, making)
    if (found !== undefined) {
      mine.opened.set(name, found)
      return found
    }
    const turn = mine.making.then(async () => {
      // What was made meanwhile may do.
      const made = await fromNearest(door, position, making)
      if (made === undefined) await makeSnapshot(door, await basesOf(door), position, making)
    })
    mine.making = turn.catch(() => undefined)
    await turn
  }
  throw new Faulted({ type: 'Unavailable', reason: 'others keep moving the snapshots' })
}

/** Its base is no longer what it was. */
export const forgetAsOf = (door: Door, position: Position): void => {
  keptOf(door).opened.take(nameOf(door, position))
}
