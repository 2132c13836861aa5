/** The rows that pass a watched filter, in their order: a page of them is one range (decision 063). */
import {
  type Filter,
  type Passage,
  type RowQuery,
  type Rows,
  type Watch,
} from '@threadbook/sourcing'
import type { Database } from './database.js'
import { sqlValue, type Condition, type SqlValue } from './filter-sql.js'

/**
 * Of filters that one row of 50 passes, or more, the rows are not kept: reading along in the order of
 * all rows soon finds a page of them, and each that is kept costs when it moves.
 */
const ONE_OF = 50
/** So few are kept in any case: a page that they do not fill is looked for to the end. */
export const FEW_IN_ORDER = 100
export const MOST_IN_ORDER = 20_000

const areFew = (passing: number, all: () => number): boolean =>
  passing <= FEW_IN_ORDER || (passing <= MOST_IN_ORDER && passing * ONE_OF <= all())

/** Null comes before all texts, and is a value of a primary key. */
const NO_VALUE = 0
const placed = (value: SqlValue): SqlValue => value ?? NO_VALUE

/** Whether rows of such a query can be read from those that are kept. */
export const isInOrder = ({ table, watches }: Rows, { order, after }: RowQuery): boolean =>
  watches?.order?.column === order.column &&
  table.columns[order.column] === 'text' &&
  (after === undefined || after.value === null || typeof after.value === 'string')

/** As the column holds it: all that rows are kept by are text columns. */
const valueOf = (row: Readonly<Record<string, unknown>>, column: string | undefined): SqlValue => {
  const value = column === undefined ? null : row[column]
  return typeof value === 'string' ? sqlValue(value) : null
}

const ORDER = { is: '=', lessThan: '<', greaterThan: '>' } as const

/** What a filter says of the column that rows are kept by, as far as a range can use it. */
const rangeOf = (filter: Filter, column: string | undefined): readonly Condition[] => {
  if ('and' in filter) return filter.and.flatMap((part) => rangeOf(part, column))
  if (!('operator' in filter) || filter.attribute !== column) return []
  if (
    filter.operator !== 'is' &&
    filter.operator !== 'lessThan' &&
    filter.operator !== 'greaterThan'
  )
    return []
  const { operator, value } = filter
  return typeof value === 'string'
    ? [{ sql: `_by ${ORDER[operator]} ?`, values: [sqlValue(value)] }]
    : []
}

/** Where the rows of a query are found among those that are kept, and in which order. */
export const keptParts = ({ watches }: Rows, watchNo: number, query: RowQuery) => {
  const { order, after } = query
  const [than, direction] = order.direction === 'ascending' ? ['>', 'ASC'] : ['<', 'DESC']
  const behind: readonly Condition[] =
    after === undefined
      ? []
      : [
          {
            sql: `(_place, _member) ${than} (?, ?)`,
            values: [placed(sqlValue(after.value)), sqlValue(after.key)],
          },
        ]
  const all = [...rangeOf(query.where, watches?.by[0]), ...behind]
  return {
    from: `(SELECT listed_by AS _by, place AS _place, key AS _member
            FROM watched_rows WHERE watch_no = ?)`,
    where: ['1', ...all.map(({ sql }) => sql)].join(' AND '),
    values: [watchNo, ...all.flatMap(({ values }) => values)],
    orderBy: `_place ${direction}, _member ${direction}`,
  }
}

/** Steps for the inside of `write`. */
export const openWatchedRows = (db: Database) => {
  const { driver } = db
  const put = driver.prepare('INSERT OR IGNORE INTO watched_rows VALUES (?, ?, ?, ?)')
  const take = driver.prepare(
    'DELETE FROM watched_rows WHERE watch_no = ? AND listed_by = ? AND place = ? AND key = ?',
  )
  const clear = driver.prepare('DELETE FROM watched_rows WHERE watch_no = ?')
  const countOf = driver
    .prepare('SELECT coalesce(sum(count), 0) FROM watched_counts WHERE watch_no = ?')
    .pluck()
  const giveUp = driver.prepare('UPDATE watched SET ordered_by = NULL WHERE watch_no = ?')

  const add = (no: number, by: SqlValue, place: SqlValue, key: string) => {
    put.run(no, placed(by), placed(place), key)
  }

  return {
    add,
    clear: (no: number) => {
      clear.run(no)
    },
    move: ({ watches }: Rows, passages: readonly Passage<Watch & { readonly no: number }>[]) => {
      const { by, order } = watches!
      const placeOf = (row: Readonly<Record<string, unknown>>) =>
        [valueOf(row, by[0]), valueOf(row, order?.column)] as const
      for (const { watch, key, before, after } of passages) {
        if (watch.inOrder !== true) continue
        const from = before && placeOf(before)
        const to = after && placeOf(after)
        if (from?.[0] === to?.[0] && from?.[1] === to?.[1]) continue
        if (from !== undefined) take.run(watch.no, placed(from[0]), placed(from[1]), key)
        if (to !== undefined) add(watch.no, ...to, key)
      }
    },
    /** Lets go of the rows of a filter that too many pass by now; whether it did. `all`: how many could. */
    bound: (no: number, all: () => number): boolean => {
      if (areFew(countOf.get(no) as number, all)) return false
      clear.run(no)
      giveUp.run(no)
      return true
    },
  }
}
