/** Sets of many rows, filled and dropped: what would do that, for a connection in another thread. */
import { type Folded, type Lease, type Position, type RowSet } from '@threadbook/sourcing'
import type { Step, Transaction } from './aside.js'
import type { Database } from './database.js'
import { quoted } from './identifiers.js'
import { holding } from './leases.js'
import { CLEAR_PARKED, puttingParked } from './parked.js'
import type { RowTable } from './row-table.js'
import { DROP_WATCHED, WATCHED_ANEW } from './watched.js'

/** Adds to so many counters at once. */
export const counting = (counters: number): string =>
  `INSERT INTO counters VALUES ${Array.from({ length: counters }, () => '(?, ?, ?)').join()}
   ON CONFLICT (projection_no, name) DO UPDATE SET value = value + excluded.value`
export const DROP_COUNTERS = 'DELETE FROM counters WHERE projection_no = ?'
export const DROP_SET = 'DELETE FROM projections WHERE projection_no = ?'
export const MOVE_CHECKPOINT = 'UPDATE projections SET checkpoint = ? WHERE projection_no = ?'

/** To be indexed, or dropped, in a few milliseconds. */
export const FEW_ROWS = 500

export interface Filling {
  readonly rows: Folded<Record<string, unknown>>
  readonly position?: Position | undefined
  readonly lease?: Lease | undefined
}

interface SetNamed {
  readonly no: number
  readonly set: RowSet
  readonly rowTable: string
}

const underLease = (lease: Lease | undefined) =>
  lease === undefined ? [] : [{ name: 'held' as const, ...holding(lease) }]

const each = (statements: readonly string[], no: number): readonly Step[] =>
  statements.map((sql) => ({ sql, values: [[no]] }))

export const filling = (
  no: number,
  table: RowTable,
  { rows, position, lease }: Filling,
): Transaction<'held' | 'empty'> => ({
  checks: [
    ...underLease(lease),
    {
      name: 'empty',
      sql: 'SELECT count(*) FROM projections WHERE projection_no = ? AND checkpoint IS NULL',
      values: [no],
      answer: 1,
    },
  ],
  steps: [
    // Before the rows, not behind them: they are kept up to date in the time that rows take to be
    // folded, and for the most part in their order.
    ...table.indexing().map((sql) => ({ sql, values: [[]] })),
    ...table.inserting(rows.changes),
    { sql: counting(1), values: [...rows.counters].map(([name, by]) => [no, name, by]) },
    puttingParked(no, rows.parked),
    ...each(WATCHED_ANEW, no),
    ...(position === undefined ? [] : [{ sql: MOVE_CHECKPOINT, values: [[position, no]] }]),
  ],
})

/** Undefined where there are so few rows that anybody may do it. */
export const dropping = (
  { driver }: Database,
  sets: readonly SetNamed[],
  lease: Lease | undefined,
): Transaction<'held' | 'unchanged'> | undefined => {
  const last = (rowTable: string) =>
    driver
      .prepare(`SELECT max(_row_no) FROM ${quoted(rowTable)}`)
      .pluck()
      .get() as number | null
  if (sets.every(({ rowTable }) => (last(rowTable) ?? 0) <= FEW_ROWS)) return undefined
  return {
    checks: [
      ...underLease(lease),
      ...sets.map(({ no, set }) => ({
        name: 'unchanged' as const,
        sql: 'SELECT role FROM projections WHERE projection_no = ?',
        values: [no],
        answer: set,
      })),
    ],
    steps: sets.flatMap(({ no, rowTable }) => [
      { sql: `DROP TABLE ${quoted(rowTable)}`, values: [[]] },
      ...each([DROP_COUNTERS, CLEAR_PARKED, ...DROP_WATCHED, DROP_SET], no),
    ]),
  }
}
