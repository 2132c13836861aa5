/** The filter language as SQL over a table's columns; `predicate` is what it has to agree with. */
import {
  behindKindOf,
  columnText,
  comparableText,
  isScalarType,
  namedValue,
  type Filter,
  type Leaf,
  type Scalar,
  type ScalarType,
  type Table,
} from '@threadbook/sourcing'
import { identifier } from './identifiers.js'

export type SqlValue = string | number | null

export interface Condition {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

/** True for the values that stand in the SQL itself instead of being bound. */
export type IsLiteral = (column: string, value: Scalar) => boolean

const ORDER = { lessThan: '<', atMost: '<=', greaterThan: '>', atLeast: '>=' } as const
const IN_JAVASCRIPT = { text: 'string', number: 'number', boolean: 'boolean' } as const

const TRUE: Condition = { sql: '1', values: [] }
const FALSE: Condition = { sql: '0', values: [] }

export const sqlValue = (value: Scalar): SqlValue => {
  if (typeof value === 'boolean') return Number(value)
  return typeof value === 'string' ? columnText(value) : value
}

const literal = (value: Scalar): string => {
  const plain = sqlValue(value)
  if (plain === null) return 'NULL'
  return typeof plain === 'string' ? `'${plain.replaceAll("'", "''")}'` : String(plain)
}

/** A column of one type never holds a value of another. */
const canHold = (type: ScalarType, value: Scalar): boolean =>
  typeof value === IN_JAVASCRIPT[type] && !Number.isNaN(value)

const is = (column: string, type: ScalarType, value: Scalar, isLiteral: IsLiteral): Condition => {
  if (value !== null && !canHold(type, value)) return FALSE
  return value === null || typeof value === 'boolean' || isLiteral(column, value)
    ? { sql: `${identifier(column)} IS ${literal(value)}`, values: [] }
    : { sql: `${identifier(column)} IS ?`, values: [sqlValue(value)] }
}

const isOneOf = (
  column: string,
  type: ScalarType,
  values: readonly Scalar[],
  isLiteral: IsLiteral,
): Condition => {
  const name = identifier(column)
  // Without infinity, too: JSON would make null of it.
  const kept = values.filter(
    (value) => canHold(type, value) && (type !== 'number' || Number.isFinite(value)),
  )
  const orNull = values.includes(null)
  const [only] = kept
  if (kept.length === 0 || only === undefined)
    return orNull ? is(column, type, null, isLiteral) : FALSE
  if (kept.length === 1 && !orNull) return is(column, type, only, isLiteral)
  // One bound list, so that its length does not change the statement.
  const inList = `${name} IN (SELECT value FROM json_each(?))`
  return {
    sql: orNull ? `(${name} IS NULL OR ${inList})` : `(${name} IS NOT NULL AND ${inList})`,
    values: [JSON.stringify(kept.map(sqlValue))],
  }
}

/** Balanced: SQLite bounds how deep an expression may be, not how wide. */
const joined = (parts: readonly Condition[], by: 'AND' | 'OR', none: Condition): Condition => {
  const [first] = parts
  if (first === undefined) return none
  if (parts.length === 1) return first
  const half = parts.length >> 1
  const left = joined(parts.slice(0, half), by, none)
  const right = joined(parts.slice(half), by, none)
  return { sql: `(${left.sql} ${by} ${right.sql})`, values: [...left.values, ...right.values] }
}

/** A leaf about one of a column of named values, kept as comparable texts. */
const onNamedValue = (column: string, key: string, leaf: Leaf): Condition => {
  const name = identifier(column)
  /** To take JSON apart costs many times what it costs to see that a text is not in it. */
  const found = (needle: string, test: string, ...values: readonly SqlValue[]): Condition => ({
    sql: `(instr(${name}, ?) > 0 AND
           EXISTS (SELECT 1 FROM json_each(${name}) WHERE key = ?${test}))`,
    values: [needle, key, ...values],
  })
  const named = `${JSON.stringify(key)}:`
  const one = (test: string, ...values: readonly SqlValue[]) => found(named, test, ...values)
  const not = ({ sql, values }: Condition): Condition => ({ sql: `NOT ${sql}`, values })
  switch (leaf.operator) {
    case 'is': {
      const text = comparableText(leaf.value)
      return text === undefined
        ? not(one(''))
        : found(named + JSON.stringify(text), ' AND value = ?', text)
    }
    case 'isOneOf': {
      const texts = leaf.value.flatMap((value) => comparableText(value) ?? [])
      const among = one(' AND value IN (SELECT value FROM json_each(?))', JSON.stringify(texts))
      return leaf.value.includes(null) ? joined([not(one('')), among], 'OR', FALSE) : among
    }
    case 'has':
      return FALSE
    case 'lessThan':
    case 'atMost':
    case 'greaterThan':
    case 'atLeast': {
      const { value } = leaf
      if (Number.isNaN(value)) return FALSE
      const text = comparableText(value)!
      return one(
        ` AND value ${ORDER[leaf.operator]} ? AND value >= ? AND value < ?`,
        text,
        text.charAt(0),
        behindKindOf(value),
      )
    }
  }
}

/** A leaf about a column of texts, or about all named values at once. */
const onMany = (column: string, type: 'texts' | 'values', leaf: Leaf): Condition => {
  const name = identifier(column)
  switch (leaf.operator) {
    case 'has':
      if (type === 'values') return FALSE
      return {
        sql: `(instr(${name}, ?) > 0 AND EXISTS (SELECT 1 FROM json_each(${name}) WHERE value = ?))`,
        values: [JSON.stringify(columnText(leaf.value)), columnText(leaf.value)],
      }
    case 'is':
      return leaf.value === null ? { sql: `${name} IS NULL`, values: [] } : FALSE
    case 'isOneOf':
      return leaf.value.includes(null) ? { sql: `${name} IS NULL`, values: [] } : FALSE
    case 'lessThan':
    case 'atMost':
    case 'greaterThan':
    case 'atLeast':
      return FALSE
  }
}

const typeOf = (columns: Table['columns'], column: string) =>
  Object.hasOwn(columns, column) ? columns[column] : undefined

export const condition = (
  filter: Filter,
  columns: Table['columns'],
  isLiteral: IsLiteral,
): Condition => {
  const compile = (part: Filter) => condition(part, columns, isLiteral)
  if ('and' in filter) return joined(filter.and.map(compile), 'AND', TRUE)
  if ('or' in filter) return joined(filter.or.map(compile), 'OR', FALSE)
  if ('not' in filter) {
    const { sql, values } = compile(filter.not)
    return { sql: `NOT (${sql})`, values }
  }
  const { attribute } = filter
  const named = namedValue(attribute)
  if (named !== undefined && typeOf(columns, named.column) === 'values')
    return onNamedValue(named.column, named.name, filter)
  const declared = typeOf(columns, attribute)
  if (declared === 'texts' || declared === 'values') return onMany(attribute, declared, filter)
  const type = isScalarType(declared) ? declared : undefined
  switch (filter.operator) {
    case 'is':
      // What is no column reads as null in every row.
      if (type === undefined) return filter.value === null ? TRUE : FALSE
      return is(attribute, type, filter.value, isLiteral)
    case 'isOneOf':
      if (type === undefined) return filter.value.includes(null) ? TRUE : FALSE
      return isOneOf(attribute, type, filter.value, isLiteral)
    case 'has':
      return FALSE
    case 'lessThan':
    case 'atMost':
    case 'greaterThan':
    case 'atLeast': {
      if (type === undefined || !canHold(type, filter.value)) return FALSE
      const name = identifier(attribute)
      return {
        sql: `(${name} IS NOT NULL AND ${name} ${ORDER[filter.operator]} ?)`,
        values: [sqlValue(filter.value)],
      }
    }
  }
}

/** The values that partial indexes are made of: a query must name them as the index does. */
export const literalsOf = ({ indexes }: Table): IsLiteral => {
  const literals = new Set<string>()
  const key = (column: string, value: Scalar) => JSON.stringify([column, value])
  const collect = (filter: Filter, index: string): void => {
    if ('and' in filter) for (const part of filter.and) collect(part, index)
    else if ('operator' in filter && filter.operator === 'is')
      literals.add(key(filter.attribute, filter.value))
    else throw new Error(`index ${index}: expected an \`and\` of \`is\` in its \`where\``)
  }
  for (const { name, where } of indexes) if (where !== undefined) collect(where, name)
  return (column, value) => literals.has(key(column, value))
}
