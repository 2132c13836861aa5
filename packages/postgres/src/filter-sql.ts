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
import { identifier, literalText } from './identifiers.js'
import type { Parameter } from './question.js'

/** Turns a value into what stands for it in the SQL: a parameter, or a literal. */
export type Bind = (value: Parameter, type: string) => string

const ORDER = { lessThan: '<', atMost: '<=', greaterThan: '>', atLeast: '>=' } as const
const IN_JAVASCRIPT = { text: 'string', number: 'number', boolean: 'boolean' } as const

/** Text sorts and compares by its bytes, whatever the database's language. */
export const SQL_TYPES = {
  text: 'text',
  number: 'float8',
  boolean: 'boolean',
  // Without NUL and lone surrogates by now, which jsonb refuses.
  texts: 'jsonb',
  values: 'jsonb',
} as const
export const COLUMN_TYPES = { ...SQL_TYPES, text: 'text COLLATE "C"' } as const

const plain = (value: string | number | boolean) =>
  typeof value === 'string' ? columnText(value) : value

/** A column of one type never holds a value of another. */
const canHold = (type: ScalarType, value: Scalar): value is string | number | boolean =>
  typeof value === IN_JAVASCRIPT[type] && !Number.isNaN(value)

const isOneOf = (
  column: string,
  type: ScalarType,
  values: readonly Scalar[],
  bind: Bind,
): string => {
  const name = identifier(column)
  const kept = values.filter((value) => canHold(type, value)).map(plain)
  const parts = [
    ...(values.includes(null) ? [`${name} IS NULL`] : []),
    ...(kept.length === 0 ? [] : [`${name} = ANY(${bind(kept, `${SQL_TYPES[type]}[]`)})`]),
  ]
  return parts.length === 0 ? 'false' : `(${parts.join(' OR ')})`
}

/** A leaf about one of a column of named values, kept as comparable texts. */
const onNamedValue = (column: string, key: string, leaf: Leaf, bind: Bind): string => {
  const value = () => `(${identifier(column)} ->> ${bind(key, 'text')}) COLLATE "C"`
  switch (leaf.operator) {
    case 'is':
      return leaf.value === null
        ? `${value()} IS NULL`
        : `${value()} = ${bind(comparableText(leaf.value)!, 'text')}`
    case 'isOneOf': {
      const texts = leaf.value.flatMap((each) => comparableText(each) ?? [])
      const among = `${value()} = ANY(${bind(texts, 'text[]')})`
      return leaf.value.includes(null) ? `(${value()} IS NULL OR ${among})` : among
    }
    case 'has':
      return 'false'
    case 'lessThan':
    case 'atMost':
    case 'greaterThan':
    case 'atLeast': {
      if (Number.isNaN(leaf.value)) return 'false'
      const text = comparableText(leaf.value)!
      const tests = [
        [ORDER[leaf.operator], text],
        ['>=', text.charAt(0)],
        ['<', behindKindOf(leaf.value)],
      ] as const
      return `(${tests.map(([sign, with_]) => `${value()} ${sign} ${bind(with_, 'text')}`).join(' AND ')})`
    }
  }
}

/** A leaf about a column of texts, or about all named values at once. */
const onMany = (column: string, type: 'texts' | 'values', leaf: Leaf, bind: Bind): string => {
  const name = identifier(column)
  switch (leaf.operator) {
    case 'has':
      return type === 'values'
        ? 'false'
        : `jsonb_exists(${name}, ${bind(columnText(leaf.value), 'text')})`
    case 'is':
      return leaf.value === null ? `${name} IS NULL` : 'false'
    case 'isOneOf':
      return leaf.value.includes(null) ? `${name} IS NULL` : 'false'
    case 'lessThan':
    case 'atMost':
    case 'greaterThan':
    case 'atLeast':
      return 'false'
  }
}

const typeOf = (columns: Table['columns'], column: string) =>
  Object.hasOwn(columns, column) ? columns[column] : undefined

/**
 * Two-valued without saying so: a comparison with null is unknown, which AND, OR and WHERE treat as
 * false; and NOT is written so that it makes true of it. So `=` can stay `=`, which indexes serve.
 */
export const condition = (filter: Filter, columns: Table['columns'], bind: Bind): string => {
  const compile = (part: Filter) => condition(part, columns, bind)
  if ('and' in filter)
    return filter.and.length === 0 ? 'true' : `(${filter.and.map(compile).join(' AND ')})`
  if ('or' in filter)
    return filter.or.length === 0 ? 'false' : `(${filter.or.map(compile).join(' OR ')})`
  if ('not' in filter) return `(${compile(filter.not)}) IS NOT TRUE`
  const { attribute } = filter
  const named = namedValue(attribute)
  if (named !== undefined && typeOf(columns, named.column) === 'values')
    return onNamedValue(named.column, named.name, filter, bind)
  const declared = typeOf(columns, attribute)
  if (declared === 'texts' || declared === 'values')
    return onMany(attribute, declared, filter, bind)
  const type = isScalarType(declared) ? declared : undefined
  switch (filter.operator) {
    case 'is': {
      const { value } = filter
      // What is no column reads as null in every row.
      if (type === undefined) return String(value === null)
      if (value === null) return `${identifier(attribute)} IS NULL`
      if (!canHold(type, value)) return 'false'
      return `${identifier(attribute)} = ${bind(plain(value), SQL_TYPES[type])}`
    }
    case 'isOneOf':
      if (type === undefined) return String(filter.value.includes(null))
      return isOneOf(attribute, type, filter.value, bind)
    case 'has':
      return 'false'
    case 'lessThan':
    case 'atMost':
    case 'greaterThan':
    case 'atLeast': {
      const { value } = filter
      if (type === undefined || !canHold(type, value)) return 'false'
      return `${identifier(attribute)} ${ORDER[filter.operator]} ${bind(plain(value), SQL_TYPES[type])}`
    }
  }
}

/** For indexes, which know no parameters. */
export const literal: Bind = (value, type) => {
  if (typeof value === 'string') return literalText(value)
  if (value === null || typeof value === 'object')
    throw new Error('expected an `and` of `is` with constants')
  return `${literalText(String(value))}::${type}`
}

/** Binds to the end of a list of parameters. */
export const binder =
  (values: Parameter[]): Bind =>
  (value, type) =>
    `$${String(values.push(value))}::${type}`
