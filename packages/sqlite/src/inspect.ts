/** What is kept of a projection, rows and columns, for those who compare it. */
import {
  columnText,
  compareText,
  type InspectedCounters,
  type InspectedRow,
  type InspectedRows,
  type Rows,
} from '@threadbook/sourcing'
import type { Database } from './database.js'
import type { SqlValue } from './filter-sql.js'
import { identifiers, quoted } from './identifiers.js'
import { LIMIT } from './limit.js'
import type { StoredForms } from './row-forms.js'
import { valueIn } from './row-table.js'

type Found = readonly [key: string, text: string, ...columns: SqlValue[]]

const sorted = (names: readonly string[]): readonly string[] =>
  [...new Set(names.map(columnText))].sort(compareText)

/** Steps for the inside of `readTogether`. */
export const inspecting = (db: Database, forms: StoredForms) => ({
  rows: (projection: Rows, table: string, which: InspectedRows): readonly InspectedRow[] => {
    const columns = Object.entries(projection.table.columns)
    const names = identifiers(Object.keys(projection.table.columns))
    const all = `SELECT ${['_key', '_row', ...names].join(', ')} FROM ${quoted(table)}`
    const asked = (sql: string, ...values: readonly unknown[]) =>
      db
        .statement(sql)
        .raw()
        .all(...values) as Found[]
    const found =
      'keys' in which
        ? sorted(which.keys).flatMap((key) => asked(`${all} WHERE _key = ?`, key))
        : asked(`${all} WHERE _key > ? ORDER BY _key ${LIMIT}`, which.after ?? '', which.limit)
    return found.map(([key, text, ...values]): InspectedRow => {
      const row = forms.read(text)
      const unfit = columns.flatMap(([column, type], index) =>
        values[index] === valueIn(row, column, type) ? [] : [column],
      )
      return { key, row, unfit }
    })
  },

  counters: (
    projectionNo: number,
    which: InspectedCounters,
  ): readonly (readonly [string, number])[] => {
    const all = 'SELECT name, value FROM counters WHERE projection_no = ? AND value <> 0'
    const asked = (sql: string, ...values: readonly unknown[]) =>
      db
        .statement(sql)
        .raw()
        .all(projectionNo, ...values) as [string, number][]
    return 'names' in which
      ? sorted(which.names).flatMap((name) => asked(`${all} AND name = ?`, name))
      : asked(`${all} AND name > ? ORDER BY name ${LIMIT}`, which.after ?? '', which.limit)
  },
})
