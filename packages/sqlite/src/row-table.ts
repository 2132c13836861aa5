/**
 * The table of one projection: each row as text (see `rowText`), and beside it its declared columns,
 * to filter and sort by.
 */
import type { Statement } from 'better-sqlite3'
import {
  columnText,
  isScalarType,
  rowForms,
  rowText,
  textsColumn,
  valuesColumn,
  type ColumnType,
  type KeyedRow,
  type RowChange,
  type RowForm,
  type RowQuery,
  type Rows,
  type Scalar,
  type Table,
} from '@threadbook/sourcing'
import type { Step } from './aside.js'
import type { Database } from './database.js'
import {
  condition,
  literalsOf,
  sqlValue,
  type Condition,
  type IsLiteral,
  type SqlValue,
} from './filter-sql.js'
import { LIMIT } from './limit.js'
import { identifier, identifiers, quoted } from './identifiers.js'
import { formValues, KEEP_FORM, type StoredForms } from './row-forms.js'
import { rowSlices, type RowSlices } from './row-slices.js'
import { keptParts } from './watched-rows.js'

type Row = Record<string, unknown>

const SQL_TYPES = {
  text: 'TEXT',
  number: 'REAL',
  boolean: 'INTEGER',
  texts: 'TEXT',
  values: 'TEXT',
} as const

export interface RowTable extends RowSlices {
  readonly projectionNo: number
  readonly name: string
  /** Makes the table. */
  readonly create: () => void
  /** Whether the table that is there has the declared columns. */
  readonly fits: () => boolean
  /** What makes the indexes those that are declared. */
  readonly indexing: () => readonly string[]
  /** So many rows at most. */
  readonly size: () => number
  readonly load: (key: string) => Row | undefined
  readonly write: (change: RowChange) => void
  /** What puts new rows in, as `write` would. */
  readonly inserting: (changes: readonly RowChange[]) => readonly Step[]
  readonly find: (query: RowQuery) => readonly KeyedRow[]
  /** The same, where the rows of a watched filter are kept in order (`isInOrder`). */
  readonly findKept: (query: RowQuery, watchNo: number) => readonly KeyedRow[]
}

/** Unique by the number, readable by the names. */
const rowTableName = (projectionNo: number, { table, version }: Rows): string => {
  identifier(table.name)
  return `rows_${String(projectionNo)}_${table.name}_v${String(version)}`
}

export const valueIn = (row: object | undefined, column: string, type: ColumnType): SqlValue => {
  const value = (row as Row | undefined)?.[column] ?? null
  if (type === 'texts') return textsColumn(value)
  return type === 'values' ? valuesColumn(value) : sqlValue(value as Scalar)
}

/** What lies behind a place in the order, as ranges that an index can serve, in that order. */
const behind = (
  { order, after }: RowQuery,
  column: string,
): readonly [Condition, ...Condition[]] => {
  if (after === undefined) return [{ sql: '1', values: [] }]
  const value = sqlValue(after.value)
  const key = columnText(after.key)
  const isNull = `${column} IS NULL`
  if (order.direction === 'ascending')
    return value === null
      ? [
          { sql: `${isNull} AND _key > ?`, values: [key] },
          { sql: `${column} IS NOT NULL`, values: [] },
        ]
      : [{ sql: `(${column}, _key) > (?, ?)`, values: [value, key] }]
  return value === null
    ? [{ sql: `${isNull} AND _key < ?`, values: [key] }]
    : [
        { sql: `(${column}, _key) < (?, ?)`, values: [value, key] },
        { sql: isNull, values: [] },
      ]
}

/** A query in the pieces that statements are made of: one statement a range, until there are enough. */
export const queryParts = (table: Table, isLiteral: IsLiteral, query: RowQuery) => {
  const { where, order } = query
  // What is no column of single values is null in every row: only the key orders them.
  const isOrdered =
    Object.hasOwn(table.columns, order.column) && isScalarType(table.columns[order.column])
  const column = isOrdered ? identifier(order.column) : 'NULL'
  const direction = order.direction === 'ascending' ? 'ASC' : 'DESC'
  const by = isOrdered ? [`${column} ${direction}`] : []
  return {
    wanted: condition(where, table.columns, isLiteral),
    ranges: behind(query, column),
    orderBy: [...by, `_key ${direction}`].join(', '),
  }
}

export const rowTable = (
  db: Database,
  projectionNo: number,
  projection: Rows,
  forms: StoredForms,
): RowTable => {
  const { driver } = db
  const { table } = projection
  const name = rowTableName(projectionNo, projection)
  const into = quoted(name)
  const columns = Object.keys(table.columns)
  const columnNames = identifiers(columns)
  const isLiteral = literalsOf(table)
  const formOf = rowForms()

  const typeOf = (column: string): ColumnType => table.columns[column]!

  /** Made when first needed: the table may not be there yet. */
  const lazily = (sql: string): (() => Statement) => {
    let statement: Statement | undefined
    return () => (statement ??= driver.prepare(sql))
  }
  const load = lazily(`SELECT _row FROM ${into} WHERE _key = ?`)
  const insertSql = `INSERT INTO ${into} (${['_key', '_row', ...columnNames].join(', ')})
     VALUES (?, ?${', ?'.repeat(columns.length)})`
  const insert = lazily(insertSql)
  const remove = lazily(`DELETE FROM ${into} WHERE _key = ?`)

  const indexSql = new Map<string, string>()
  for (const index of table.indexes) {
    identifier(index.name)
    const indexName = `${name}_${index.name}`
    const where =
      index.where === undefined
        ? ''
        : ` WHERE ${condition(index.where, table.columns, () => true).sql}`
    // The key comes last, so that pages of rows are read in order, without sorting.
    const on = [...index.columns.map(identifier), '_key'].join(', ')
    indexSql.set(indexName, `CREATE INDEX ${quoted(indexName)} ON ${into} (${on})${where}`)
  }

  const valuesOf = (row: object) => columns.map((column) => valueIn(row, column, typeOf(column)))

  const write = ({ key, before, after, values: kept }: RowChange) => {
    if (after === undefined || kept === undefined) {
      remove().run(key)
      return
    }
    const form = formOf(after)
    if (form !== undefined) forms.keep(form)
    const text = rowText(form, after, kept)
    const values = valuesOf(after)
    if (before === undefined) {
      insert().run([key, text, ...values])
      return
    }
    // Only what changed: SQLite renews every index of a column that is set, changed or not.
    const changed = columns.flatMap((column, index) =>
      values[index] === valueIn(before, column, typeOf(column)) ? [] : [index],
    )
    const set = ['_row', ...changed.map((index) => columnNames[index]!)]
    db.statement(
      `UPDATE ${into} SET ${set.map((column) => `${column} = ?`).join(', ')} WHERE _key = ?`,
    ).run(text, ...changed.map((index) => values[index]!), key)
  }

  const columnType = (column: string) => SQL_TYPES[typeOf(column)]

  return {
    projectionNo,
    name,
    create: () => {
      const declared = columns.map(
        (column, index) => `${columnNames[index]!} ${columnType(column)}`,
      )
      const all = [
        '_row_no INTEGER PRIMARY KEY',
        '_key TEXT NOT NULL UNIQUE',
        ...declared,
        '_row TEXT NOT NULL',
      ]
      driver.exec(`CREATE TABLE ${into} (${all.join(', ')}) STRICT`)
    },

    fits: () => {
      const there = driver
        .prepare(`SELECT name || ' ' || type FROM pragma_table_info(?) WHERE name NOT GLOB '[_]*'`)
        .pluck()
        .all(name) as string[]
      const declared = columns.map((column) => `${column} ${columnType(column)}`)
      return there.sort().join() === declared.sort().join()
    },

    indexing: () => {
      const there = driver
        .prepare(
          `SELECT name, sql FROM sqlite_master
           WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`,
        )
        .all(name) as { name: string; sql: string }[]
      const kept = new Set(there.map(({ sql }) => sql))
      return [
        ...there
          .filter((index) => indexSql.get(index.name) !== index.sql)
          .map((index) => `DROP INDEX IF EXISTS ${quoted(index.name)}`),
        ...[...indexSql.values()]
          .filter((sql) => !kept.has(sql))
          // Somebody may be at it. SQLite keeps the statement without these words.
          .map((sql) => sql.replace('CREATE INDEX', 'CREATE INDEX IF NOT EXISTS')),
      ]
    },

    size: () =>
      driver.prepare(`SELECT coalesce(max(_row_no), 0) FROM ${into}`).pluck().get() as number,

    load: (key) => {
      const text = load().pluck().get(key) as string | undefined
      return text === undefined ? undefined : forms.read(text)
    },

    write,

    inserting: (changes) => {
      const used = new Set<RowForm>()
      const values = changes.map(({ key, after, values }) => {
        const form = formOf(after!)
        if (form !== undefined) used.add(form)
        return [key, rowText(form, after!, values!), ...valuesOf(after!)]
      })
      return [
        { sql: KEEP_FORM, values: [...used].map(formValues) },
        { sql: insertSql, values },
      ]
    },

    find: (query) => {
      const { wanted, ranges, orderBy } = queryParts(table, isLiteral, query)
      const { limit } = query
      const found: KeyedRow[] = []
      for (const range of ranges) {
        if (found.length >= limit) break
        const rows = db
          .statement(
            `SELECT _key, _row FROM ${into} WHERE ${wanted.sql} AND ${range.sql}
             ORDER BY ${orderBy} ${LIMIT}`,
          )
          .raw()
          .all(...wanted.values, ...range.values, limit - found.length) as [string, string][]
        for (const [key, text] of rows) found.push({ key, row: forms.read(text) })
      }
      return found
    },

    findKept: (query, watchNo) => {
      const { wanted } = queryParts(table, isLiteral, query)
      const kept = keptParts(projection, watchNo, query)
      const rows = db
        .statement(
          `SELECT _key, _row FROM ${kept.from} CROSS JOIN ${into} ON _key = _member
           WHERE ${kept.where} AND ${wanted.sql} ORDER BY ${kept.orderBy} ${LIMIT}`,
        )
        .raw()
        .all(...kept.values, ...wanted.values, query.limit) as [string, string][]
      return rows.map(([key, text]) => ({ key, row: forms.read(text) }))
    },

    ...rowSlices(db, table, into, isLiteral),
  }
}
