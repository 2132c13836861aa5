/**
 * The table of one projection: each row as text (see `rowText`), and beside it its declared columns,
 * to filter and sort by.
 */
import {
  columnText,
  isScalarType,
  rowForms,
  rowText,
  textsColumn,
  valuesColumn,
  type ColumnType,
  type Filter,
  type RowChange,
  type RowForm,
  type RowQuery,
  type Rows,
} from '@threadbook/sourcing'
import { copied, type Parameter, type SqlRow, type Statement } from './question.js'
import { binder, COLUMN_TYPES, condition, literal, SQL_TYPES, type Bind } from './filter-sql.js'
import { cutToName, identifier, literalText, quoted } from './identifiers.js'

type Row = Record<string, unknown>

export interface RowTable {
  readonly name: string
  /** As SQL names it. */
  readonly into: string
  readonly create: Statement
  /** Answers with name and definition of each index that was made by `makeIndexes`. */
  readonly indexes: Statement
  /** What turns these indexes into the declared ones: statements in any order, each for itself. */
  readonly makeIndexes: (there: readonly SqlRow[]) => readonly Statement[]
  /** Makes of the table, with these indexes, what the same rows under another number are in. */
  readonly rename: (to: RowTable, there: readonly SqlRow[]) => Statement
  /** In a transaction. */
  readonly analyse: Statement
  /** Names and definitions of the declared indexes, in the order in which they are declared. */
  readonly declared: readonly (readonly [name: string, definition: string])[]
  /** The forms that the texts of these rows need. */
  readonly formsOf: (changes: readonly RowChange[]) => ReadonlySet<RowForm>
  /** Statements that write the changes, if the table `moved` that they join has a row. */
  readonly write: (changes: readonly RowChange[], bind: Bind) => readonly string[]
  /** Puts rows that are new. */
  readonly fill: (changes: readonly RowChange[]) => Statement
  /** `also`: a condition of the caller's own. */
  readonly find: (query: RowQuery, also?: (bind: Bind) => string) => Statement
  /** Counts those of the next rows that pass, in the order of keys, by columns of text. */
  readonly countNext: (where: Filter, by: readonly string[], slice: KeySlice) => Statement
  /** The key of the last of the next rows; no answer where there are no more behind them. */
  readonly lastOfNext: (slice: KeySlice) => Statement
}

interface KeySlice {
  /** The key of the row before them. */
  readonly after: string | null
  readonly limit: number
}

/** Unique by the number, readable by the names. */
export const rowTableName = (no: string, { table, version }: Rows): string =>
  cutToName(`rows_${no}_v${String(version)}_${table.name}`)

/** The declared columns, as text to compare. */
export const columnsOf = ({ table }: Rows): string =>
  JSON.stringify(Object.entries(table.columns).sort(([a], [b]) => (a < b ? -1 : 1)))

export const columnValue = (row: object | undefined, column: string, type: ColumnType) => {
  const value = (row as Row | undefined)?.[column] ?? null
  const kept =
    type === 'texts' ? textsColumn(value) : type === 'values' ? valuesColumn(value) : value
  return kept as string | number | boolean
}

export const rowTable = (schema: string, no: string, projection: Rows): RowTable => {
  const { table } = projection
  const name = rowTableName(no, projection)
  const into = `${schema}.${quoted(name)}`
  const columns = Object.entries(table.columns).map(([column, type]) => ({
    column,
    type,
    name: identifier(column),
  }))

  const declaredIndexes = new Map<string, string>()
  for (const { name, columns: on, where } of table.indexes) {
    // The key comes last, so that pages of rows are read in order, without sorting.
    const by = [...on.map((column) => `${identifier(column)} NULLS FIRST`), '_key'].join(', ')
    const only = where === undefined ? '' : ` WHERE ${condition(where, table.columns, literal)}`
    declaredIndexes.set(cutToName(`rows_${no}_${name}`), `ON ${into} (${by})${only}`)
  }

  /** What lies behind a place in the order, as ranges that an index can serve, in that order. */
  const behind = ({ order, after }: RowQuery, column: string, bind: Bind): readonly string[] => {
    if (after === undefined) return ['true']
    const { value } = after
    const isUp = order.direction === 'ascending'
    const beyond = isUp ? '>' : '<'
    const key = bind(columnText(after.key), 'text')
    if (column === '') return [`_key ${beyond} ${key}`]
    if (value === null) {
      const nulls = `${column} IS NULL AND _key ${beyond} ${key}`
      return isUp ? [nulls, `${column} IS NOT NULL`] : [nulls]
    }
    const type = SQL_TYPES[table.columns[order.column]!]
    const bound = bind(typeof value === 'string' ? columnText(value) : value, type)
    const values = `(${column}, _key) ${beyond} (${bound}, ${key})`
    return isUp ? [values] : [values, `${column} IS NULL`]
  }

  const names = ['_key', '_row', ...columns.map(({ name }) => name)]
  const formOf = rowForms()
  const textOf = ({ after, values }: RowChange): string => rowText(formOf(after!), after!, values!)

  const indexed = new Set(table.indexes.flatMap((index) => index.columns.map(identifier)))

  const behindKey = (after: string | null, bind: Bind): string =>
    after === null ? '' : `WHERE _key > ${bind(after, 'text')}`

  return {
    name,
    into,
    create: {
      // Room in each page, so that a changed row finds its place beside its old self. Rows stay in
      // their table up to half a page: what is sealed in them is not worth compressing.
      text: `CREATE TABLE ${into} (${[
        '_key text COLLATE "C" PRIMARY KEY',
        '_row text NOT NULL',
        ...columns.map(({ name, type }) => `${name} ${COLUMN_TYPES[type]}`),
      ].join(', ')}) WITH (fillfactor = 85, toast_tuple_target = 4080)`,
    },

    indexes: {
      text: `SELECT c.relname, obj_description(c.oid, 'pg_class')
             FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
             WHERE i.indrelid = to_regclass(${literalText(into)}) AND NOT i.indisprimary`,
    },

    makeIndexes: (there) => {
      const kept = new Set<string>()
      const statements: string[] = []
      for (const [name, definition] of there)
        if (declaredIndexes.get(name!) === definition) kept.add(name!)
        else statements.push(`DROP INDEX ${schema}.${quoted(name!)}`)
      for (const [name, definition] of declaredIndexes)
        if (!kept.has(name))
          // PostgreSQL writes definitions in its own way; as a comment this one can be compared.
          statements.push(
            `CREATE INDEX IF NOT EXISTS ${quoted(name)} ${definition};
             COMMENT ON INDEX ${schema}.${quoted(name)} IS ${literalText(definition)}`,
          )
      return statements.map((text) => ({ text }))
    },

    // A table filled anew has no statistics until the server comes round to it. Those of what indexes
    // are made of, by a tenth of the usual sample, take 35 to 125 ms; all by the whole, seconds.
    analyse: {
      text: `SET LOCAL default_statistics_target = 10;
             ANALYZE ${into} (${['_key', ...indexed].join(', ')})`,
    },

    declared: [...declaredIndexes],

    rename: (to, there) => {
      const names = new Set(there.map(([name]) => name))
      const rename = (what: string, from: string, name: string) =>
        `ALTER ${what} ${from} RENAME TO ${quoted(name)}`
      const statements = [rename('TABLE', into, to.name)]
      for (const [index, [name]] of [...declaredIndexes].entries())
        if (names.has(name)) {
          const [newName, definition] = to.declared[index]!
          statements.push(
            rename('INDEX', `${schema}.${quoted(name)}`, newName),
            `COMMENT ON INDEX ${schema}.${quoted(newName)} IS ${literalText(definition)}`,
          )
        }
      return { text: statements.join(';') }
    },

    formsOf: (changes) => {
      const forms = new Set<RowForm>()
      for (const { after } of changes) {
        const form = after && formOf(after)
        if (form !== undefined) forms.add(form)
      }
      return forms
    },

    write: (changes, bind) => {
      const gone = changes.filter(({ after }) => after === undefined).map(({ key }) => key)
      const put = changes.filter(({ after }) => after !== undefined)
      const arrays = [
        bind(
          put.map(({ key }) => key),
          'text[]',
        ),
        bind(put.map(textOf), 'text[]'),
        ...columns.map(({ column, type }) =>
          bind(
            put.map(({ after }) => columnValue(after, column, type)),
            `${SQL_TYPES[type]}[]`,
          ),
        ),
      ]
      const set = names.slice(1).map((name) => `${name} = excluded.${name}`)
      return [
        `DELETE FROM ${into} USING moved WHERE _key = ANY(${bind(gone, 'text[]')})`,
        `INSERT INTO ${into} (${names.join(', ')})
           SELECT u.* FROM moved, unnest(${arrays.join(', ')}) u
           ON CONFLICT (_key) DO UPDATE SET ${set.join(', ')}`,
      ]
    },

    fill: (changes) => {
      let copy = ''
      for (const change of changes) {
        const { key, after } = change
        if (after === undefined) continue
        copy += `${copied(key)}\t${copied(textOf(change))}`
        for (const { column, type } of columns)
          copy += `\t${copied(columnValue(after, column, type))}`
        copy += '\n'
      }
      return { text: `COPY ${into} (${names.join(', ')}) FROM STDIN`, copy }
    },

    find: (query, also) => {
      const values: Parameter[] = []
      const bind = binder(values)
      const { order, where, limit } = query
      const filtered = condition(where, table.columns, bind)
      const wanted = also === undefined ? filtered : `${filtered} AND ${also(bind)}`
      // What is no column of single values is null in every row: only the key orders them.
      const isOrdered =
        Object.hasOwn(table.columns, order.column) && isScalarType(table.columns[order.column])
      const column = isOrdered ? identifier(order.column) : ''
      const isUp = order.direction === 'ascending'
      const by = [
        ...(column === '' ? [] : [`${column} ${isUp ? 'ASC NULLS FIRST' : 'DESC NULLS LAST'}`]),
        `_key ${isUp ? 'ASC' : 'DESC'}`,
      ].join(', ')
      const most = `LIMIT ${bind(limit, 'bigint')}`
      const read = ['_key', '_row', ...(column === '' ? [] : [column])].join(', ')
      const [first, ...more] = behind(query, column, bind).map(
        (range) =>
          `SELECT ${read} FROM ${into} WHERE ${wanted} AND ${range} ORDER BY ${by} ${most}`,
      )
      if (more.length === 0) return { text: first!, values }
      const ranges = [first!, ...more].map((range) => `(${range})`).join(' UNION ALL ')
      return { text: `SELECT _key, _row FROM (${ranges}) r ORDER BY ${by} ${most}`, values }
    },

    countNext: (where, by, { after, limit }) => {
      const values: Parameter[] = []
      const bind = binder(values)
      const names = by.map(identifier).join(', ')
      return {
        text: `SELECT count(*), ${names}
               FROM (SELECT * FROM ${into} ${behindKey(after, bind)}
                     ORDER BY _key LIMIT ${bind(limit, 'bigint')}) r
               WHERE ${condition(where, table.columns, bind)} GROUP BY ${names}`,
        values,
      }
    },

    lastOfNext: ({ after, limit }) => {
      const values: Parameter[] = []
      const bind = binder(values)
      return {
        text: `SELECT _key FROM ${into} ${behindKey(after, bind)}
               ORDER BY _key LIMIT 1 OFFSET ${bind(limit - 1, 'bigint')}`,
        values,
      }
    },
  }
}
