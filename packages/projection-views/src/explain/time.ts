/** When the passing of time alone turns a filter of relative days, for a row that stays as it is. */
import { predicate, type Filter, type IsoTime, type Leaf } from '@threadbook/sourcing'

const leavesOf = (filter: Filter): readonly Leaf[] => {
  if ('and' in filter) return filter.and.flatMap(leavesOf)
  if ('or' in filter) return filter.or.flatMap(leavesOf)
  return 'not' in filter ? leavesOf(filter.not) : [filter]
}

const isoTime = (milliseconds: number): IsoTime => new Date(milliseconds).toISOString()

/**
 * The moments after `from` and up to `until` at which some comparison of the filter turns, in their
 * order. As time goes on, the days that a filter means move on and never back: each comparison turns
 * once at most.
 */
export const momentsOfChange = (
  filterAt: (now: IsoTime) => Filter,
  row: Readonly<Record<string, unknown>>,
  from: IsoTime,
  until: IsoTime,
): readonly IsoTime[] => {
  if (until <= from) return []
  const answers = (now: IsoTime) => leavesOf(filterAt(now)).map((leaf) => predicate(leaf)(row))
  const before = answers(from)
  const after = answers(until)
  const turns = new Set<IsoTime>()
  for (const [index, was] of before.entries()) {
    if (was === after[index]) continue
    let early = Date.parse(from)
    let late = Date.parse(until)
    while (late - early > 1) {
      const middle = early + Math.floor((late - early) / 2)
      if (answers(isoTime(middle))[index] === was) early = middle
      else late = middle
    }
    turns.add(isoTime(late))
  }
  return [...turns].sort()
}
