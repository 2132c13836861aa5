/** What is kept of a projection, rows and columns, for those who compare it. */
import {
  columnText,
  compareText,
  type Inspected,
  type InspectedRow,
  type Inspection,
  type Position,
  type Rows,
} from '@threadbook/sourcing'
import type { Run } from './database.js'
import { binder, SQL_TYPES } from './filter-sql.js'
import { identifier } from './identifiers.js'
import type { Parameter } from './question.js'
import type { StoredForms } from './row-forms.js'
import { columnValue, type RowTable } from './row-table.js'

interface Place {
  readonly s: string
  readonly no: string
  readonly table: RowTable
  readonly forms: StoredForms
}

type Found = Omit<InspectedRow, 'unfit'>

/** By key, the columns that hold something else than the row does; compared by the server itself. */
const unfitOf = async (
  run: Run,
  { table }: Place,
  projection: Rows,
  rows: readonly Found[],
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const columns = Object.entries(projection.table.columns)
  if (columns.length === 0 || rows.length === 0) return new Map()
  const values: Parameter[] = []
  const bind = binder(values)
  const expected = [
    bind(
      rows.map(({ key }) => key),
      'text[]',
    ),
    ...columns.map(([column, type]) =>
      bind(
        rows.map(({ row }) => columnValue(row, column, type)),
        `${SQL_TYPES[type]}[]`,
      ),
    ),
  ]
  const names = columns.map((_, index) => `c${String(index)}`)
  const differs = columns.map(
    ([column], index) => `t.${identifier(column)} IS DISTINCT FROM e.${names[index]!}`,
  )
  const unfit = differs.map((is, index) => `CASE WHEN ${is} THEN '${String(index)}' END`)
  const found = await run({
    text: `SELECT t._key, concat_ws(',', ${unfit.join(', ')}) FROM ${table.into} t
           JOIN unnest(${expected.join(', ')}) AS e(_key, ${names.join(', ')}) ON e._key = t._key
           WHERE ${differs.join(' OR ')}`,
    values,
  })
  return new Map(
    found.map(([key, indexes]) => [
      key!,
      indexes!.split(',').map((index) => columns[Number(index)]![0]),
    ]),
  )
}

/** Undefined where the projection is not there any more. */
export const inspect = async (
  run: Run,
  place: Place,
  projection: Rows,
  { rows: wanted, counters: wantedCounters }: Inspection,
): Promise<Inspected | undefined> => {
  const { s, no, table, forms } = place
  // Every statement of it sees the same moment.
  await run({ text: 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY' })
  const [there] = await run({
    text: `SELECT checkpoint FROM ${s}.projections WHERE no = $1`,
    values: [no],
  })
  if (there === undefined) return undefined

  const keys = wanted !== undefined && 'keys' in wanted ? wanted.keys.map(columnText) : []
  const found: Found[] = []
  if (wanted !== undefined) {
    const rows =
      'keys' in wanted
        ? await run({
            text: `SELECT _key, _row FROM ${table.into} WHERE _key = ANY($1::text[])`,
            values: [keys],
          })
        : await run({
            text: `SELECT _key, _row FROM ${table.into} WHERE _key > $1 ORDER BY _key LIMIT $2`,
            values: [wanted.after ?? '', wanted.limit],
          })
    found.push(...(await forms.rows(run, rows)).sort((a, b) => compareText(a.key, b.key)))
  }
  const unfit = await unfitOf(run, place, projection, found)
  const parked =
    keys.length === 0
      ? []
      : await run({
          text: `SELECT DISTINCT key FROM ${s}.parked WHERE projection = $1 AND key = ANY($2::text[])`,
          values: [no, keys],
        })
  const counters =
    wantedCounters === undefined
      ? []
      : await run({
          text: `SELECT name, value FROM ${s}.counters WHERE projection = $1 AND value <> 0
                 AND ${'names' in wantedCounters ? 'name = ANY($2::text[])' : 'name > $2'}
                 ORDER BY name LIMIT $3`,
          values:
            'names' in wantedCounters
              ? [no, wantedCounters.names.map(columnText), null]
              : [no, wantedCounters.after ?? '', wantedCounters.limit],
        })
  return {
    checkpoint: (there[0] ?? undefined) as Position | undefined,
    rows: found.map(({ key, row }) => ({ key, row, unfit: unfit.get(key) ?? [] })),
    parked: new Set(parked.map(([key]) => key!)),
    counters: counters.map(([name, value]) => [name!, Number(value)]),
  }
}
