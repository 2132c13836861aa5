/** The number of a custom view's conversations, where it is kept with the rows (decision 057). */
import type { CustomViewRow } from '@threadbook/projection-views'
import type { WatchedCount } from '@threadbook/sourcing'
import type { Door } from '../door.js'
import { answer } from '../fault.js'
import { rows } from '../list-items.js'
import { countAWhile, countBehind } from './count-behind.js'
import { unwatchStale } from './unwatch.js'
import { watchedFilter } from './watched-view.js'

/** An account's views beyond these are counted when somebody asks. */
const MOST_WATCHED = 200

export interface CountedPart {
  /** All of the account's where left out. */
  readonly inboxes: readonly string[] | undefined
  readonly status: 'open' | 'closed' | 'any'
}

const sumOf = ({ counts }: WatchedCount, { inboxes, status }: CountedPart): number => {
  const its = inboxes && new Set<string | null>(inboxes)
  let sum = 0
  for (const { values, count } of counts) {
    const [inbox, itsStatus] = values as [string | null, string | null]
    if (its?.has(inbox) !== false && (status === 'any' || itsStatus === status)) sum += count
  }
  return sum
}

export interface KeptCount {
  readonly count: number
  /** There may be more: not all conversations were looked at yet. */
  readonly counting: boolean
}

/**
 * A view that nobody asked about is watched from now on. Undefined where it cannot be kept, or an
 * account's other views are as many as may be.
 */
export const keptCount = async (
  door: Door,
  viewId: string,
  view: CustomViewRow,
  part: CountedPart,
): Promise<KeptCount | undefined> => {
  const filter = watchedFilter(viewId, view)
  if (filter === undefined) return undefined
  const { readModels } = door.adapters
  const found = () => answer(readModels.watchedCount(rows, filter))
  const watch = () => answer(readModels.watch(rows, filter, MOST_WATCHED))
  let counted = await found()
  if (counted === undefined) {
    if (!(await watch()) && (!(await unwatchStale(door)) || !(await watch()))) return undefined
    counted = await found()
  }
  if (counted?.counting === true) {
    const done = await answer(() => countAWhile(readModels, filter))
    if (done === false) countBehind(readModels, filter)
    counted = await found()
  }
  return counted && { count: sumOf(counted, part), counting: counted.counting }
}
