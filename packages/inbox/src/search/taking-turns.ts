import type { SearchIndex } from '@threadbook/sourcing'

const last = new WeakMap<SearchIndex, Promise<unknown>>()

/**
 * One at a time in this process: what was read from the log a moment ago is not put into the index
 * behind its removal.
 */
export const takingTurns = <A>(search: SearchIndex, work: () => Promise<A>): Promise<A> => {
  const before = last.get(search)
  const mine = before === undefined ? work() : before.then(work, work)
  last.set(search, mine)
  return mine
}
