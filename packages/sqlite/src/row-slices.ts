/** Rows in the order of keys, slice by slice: how what is newly watched is counted. */
import type { Filter, Table } from '@threadbook/sourcing'
import type { Database } from './database.js'
import { condition, type IsLiteral } from './filter-sql.js'
import { identifiers } from './identifiers.js'
import { LIMIT } from './limit.js'

export interface CountSlice {
  /** Text columns. */
  readonly by: readonly string[]
  /** All columns that the filter speaks of, and those that are asked for. */
  readonly reads: readonly string[]
  /** The key of the last row that was looked at. */
  readonly after: string | null
  readonly limit: number
}

export interface CountedSlice {
  /** By the JSON of the values of `by`. */
  readonly counts: readonly (readonly [values: string, count: number])[]
  /** The key of the last row that was looked at; undefined where there are no more behind these. */
  readonly last: string | undefined
}

interface PassingSlice extends Pick<CountedSlice, 'last'> {
  readonly rows: readonly (readonly [key: string, ...values: (string | null)[]])[]
}

export interface RowSlices {
  /** Counts those of the next rows that pass, in the order of keys. */
  readonly countNext: (where: Filter, slice: CountSlice) => CountedSlice
  /** Those of the next rows that pass, in the order of keys, with their values of these columns. */
  readonly passingNext: (
    where: Filter,
    columns: readonly string[],
    slice: CountSlice,
  ) => PassingSlice
}

/** `into`: the table's name as SQL has it. */
export const rowSlices = (
  { statement }: Database,
  table: Table,
  into: string,
  isLiteral: IsLiteral,
): RowSlices => {
  const next = (
    where: Filter,
    { reads, after, limit }: CountSlice,
    what: string,
    grouped = '',
  ): { readonly found: unknown[]; readonly last: string | undefined } => {
    const behind = after === null ? '' : 'WHERE _key > ?'
    const from = after === null ? [] : [after]
    const last = statement(`SELECT _key FROM ${into} ${behind} ORDER BY _key LIMIT 1 OFFSET ?`)
      .pluck()
      .get(...from, limit - 1) as string | undefined
    const wanted = condition(where, table.columns, isLiteral)
    // The limit inside keeps SQLite to the order of keys, whatever index the filter would suit.
    const found = statement(
      `SELECT ${what}
       FROM (SELECT ${['_key', ...identifiers(reads)].join(', ')} FROM ${into} ${behind}
             ORDER BY _key ${LIMIT})
       WHERE ${wanted.sql} ${grouped}`,
    )
      .raw()
      .all(...from, limit, ...wanted.values)
    return { found, last }
  }

  return {
    countNext: (where, slice) => {
      const values = identifiers(slice.by).join(', ')
      const { found, last } = next(where, slice, `count(*), ${values}`, `GROUP BY ${values}`)
      return {
        counts: (found as [number, ...(string | null)[]][]).map(([count, ...its]) => [
          JSON.stringify(its),
          count,
        ]),
        last,
      }
    },

    passingNext: (where, wanted, slice) => {
      const values = identifiers(wanted).join(', ')
      const { found, last } = next(where, slice, `_key, ${values}`)
      return { rows: found as [string, ...(string | null)[]][], last }
    },
  }
}
