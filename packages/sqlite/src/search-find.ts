/** Finding rows by their text and by their columns at once. */
import type { Statement } from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import {
  needleOf,
  weightFrom,
  type Rows,
  type SearchHit,
  type SearchQuery,
  type SearchTerm,
  type Unavailable,
} from '@threadbook/sourcing'
import { unavailable } from './faults.js'
import { literalsOf, type SqlValue } from './filter-sql.js'
import { quoted } from './identifiers.js'
import { LIMIT } from './limit.js'
import { queryParts } from './row-table.js'

/**
 * Where more entries than these hold the words, the rows are gone through in their order until
 * there are enough; else the rows of just these entries are looked up.
 */
const FEW_ENTRIES = 2_000

/** As FTS5 has it: each word for itself. Words are letters and digits. */
const matchOf = (terms: readonly SearchTerm[]): string =>
  terms
    .flatMap(({ tokens, prefix }) =>
      tokens.map((token, index) =>
        prefix && index === tokens.length - 1 ? `"${token}" *` : `"${token}"`,
      ),
    )
    .join(' AND ')

/** The same words, each whole: of the entries that match, these match, too. */
const wholeOf = (terms: readonly SearchTerm[]): string =>
  matchOf(terms.map((term) => ({ ...term, prefix: false })))

type Row = Record<string, unknown>

export interface Finding {
  /** As `driver.prepare`, from a cache. */
  readonly statement: (sql: string) => Statement
  /** The schemas, each with a dot, where search index and log are. */
  readonly search: string
  readonly log: string
  /** Reads a row's text. */
  readonly rowOf: (text: string) => Row
}

export const findByText = (
  { statement, search, log, rowOf }: Finding,
  projection: Rows,
  query: SearchQuery,
): E.Either<Unavailable, readonly SearchHit[]> => {
  const { table, name, version } = projection
  const rowTable = statement(
    `SELECT row_table FROM ${log}projections
     WHERE name = ? AND version = ? AND role = 'served'`,
  )
    .pluck()
    .get(name, version) as string | undefined
  if (rowTable === undefined)
    return E.left(unavailable(`the rows of ${name} are not there in version ${String(version)}`))
  const from = `${log}${quoted(rowTable)}`
  const { terms, limit, weighed } = query
  const { wanted, ranges, orderBy } = queryParts(table, literalsOf(table), query)
  const match = matchOf(terms)
  const needles = terms.map(needleOf)
  const holds = needles.map(() => 'instr(e.text, ?) > 0').join(' AND ')

  const count = statement(
    `SELECT count(*) FROM (SELECT 1 FROM ${search}words WHERE words MATCH ?
     LIMIT ${String(FEW_ENTRIES + 1)})`,
  ).pluck()
  const isFew = (match: string) => (count.get(match) as number) <= FEW_ENTRIES
  // FTS5 gathers all entries of a word's beginning before it tells the first, those of a word not.
  const few = isFew(wholeOf(terms)) && isFew(match)
  const [source, sourceValues]: readonly [string, readonly SqlValue[]] = few
    ? [
        // A cross join, so that SQLite begins with these.
        `(SELECT DISTINCT e.row AS found FROM ${search}words w
          CROSS JOIN ${search}entries e ON e.entry_no = w.rowid
          WHERE w.words MATCH ? AND ${holds}) CROSS JOIN ${from} r ON r._key = found WHERE`,
        [match, ...needles],
      ]
    : [
        `${from} r WHERE EXISTS (SELECT 1 FROM ${search}entries e
          WHERE e.row = r._key AND ${holds}) AND`,
        needles,
      ]

  // How much shorter it would be without them: SQLite counts no occurrences.
  const without = `length(e.text) - length(replace(e.text, ?, ''))`
  const weights = weighed === true ? [...needles, ' '].map(() => `, ${without}`).join('') : ''
  const last = statement(
    `SELECT id, row, origin, source${weights} FROM ${search}entries e
     WHERE e.row = ? AND ${holds} ORDER BY e.entry_no DESC LIMIT 1`,
  ).raw()
  const weightValues = weighed === true ? [...needles, ' '] : []
  const hitOf = (key: string, text: string): SearchHit => {
    const [id, row, origin, source, ...shorter] = last.get(...weightValues, key, ...needles) as [
      string,
      string,
      string,
      string,
      ...number[],
    ]
    const hit = { key, row: rowOf(text), entry: { id, row, origin, source } }
    return weighed === true ? { ...hit, weight: weightFrom(shorter, needles) } : hit
  }
  const hits: SearchHit[] = []
  for (const range of ranges) {
    if (hits.length >= limit) break
    const rows = statement(
      `SELECT _key, _row FROM ${source} ${wanted.sql} AND ${range.sql}
       ORDER BY ${orderBy} ${LIMIT}`,
    )
      .raw()
      .all(...sourceValues, ...wanted.values, ...range.values, limit - hits.length) as [
      string,
      string,
    ][]
    for (const [key, text] of rows) hits.push(hitOf(key, text))
  }
  return E.right(hits)
}
