/** Whose turn it is at what one process does at a time. */
import type { Lease, LeaseRow } from '@threadbook/sourcing'
import type { Database } from './database.js'

/** Steps for the inside of `read` and `write`. */
export interface LeaseTable {
  readonly readAll: () => ReadonlyMap<string, LeaseRow>
  /** Writes. */
  readonly move: (name: string, from: LeaseRow | undefined, to: LeaseRow | undefined) => boolean
  readonly isHeld: (lease: Lease) => boolean
}

/** The question who holds a lease, and the answer under which it is held. */
export const holding = ({ name, holder }: Lease) => ({
  sql: 'SELECT holder FROM leases WHERE name = ?',
  values: [name],
  answer: holder,
})

export const openLeases = ({ driver }: Database): LeaseTable => {
  const find = driver.prepare('SELECT holder, beat FROM leases WHERE name = ?')
  const all = driver.prepare('SELECT name, holder, beat FROM leases')
  const put = driver.prepare('INSERT OR REPLACE INTO leases VALUES (?, ?, ?)')
  const remove = driver.prepare('DELETE FROM leases WHERE name = ?')
  const read = (name: string) => find.get(name) as LeaseRow | undefined
  return {
    readAll: () =>
      new Map(
        (all.all() as (LeaseRow & { name: string })[]).map(({ name, ...row }) => [name, row]),
      ),
    move: (name, from, to) => {
      const there = read(name)
      if (there?.holder !== from?.holder || there?.beat !== from?.beat) return false
      if (to === undefined) remove.run(name)
      else put.run(name, to.holder, to.beat)
      return true
    },
    isHeld: ({ name, holder }) => read(name)?.holder === holder,
  }
}
