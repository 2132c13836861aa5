/** Filters over the columns of a row: a tree that every read-model adapter compiles for itself. */
import * as t from 'io-ts'

export type Scalar = string | number | boolean | null

/**
 * `is` and `isOneOf` compare null like any other value. The orders (`lessThan` …) hold only where
 * both sides are there: with null they are false. `not` turns true and false round; there is no
 * third value. Text is ordered by its UTF-8 bytes. `has` asks a column of texts for one of them.
 * `properties/size` names the value called `size` in a column of named values. Where a list is
 * empty, or a name has no value, there is null; other than null, lists equal nothing.
 */
export type Leaf =
  | { readonly attribute: string; readonly operator: 'is'; readonly value: Scalar }
  | { readonly attribute: string; readonly operator: 'isOneOf'; readonly value: readonly Scalar[] }
  | { readonly attribute: string; readonly operator: 'has'; readonly value: string }
  | { readonly attribute: string; readonly operator: Order; readonly value: string | number }

export type Order = 'lessThan' | 'atMost' | 'greaterThan' | 'atLeast'

export type Filter =
  | { readonly and: readonly Filter[] }
  | { readonly or: readonly Filter[] }
  | { readonly not: Filter }
  | Leaf

const Scalar: t.Type<Scalar> = t.union([t.string, t.number, t.boolean, t.null], 'Scalar')
const Order = t.keyof({ lessThan: null, atMost: null, greaterThan: null, atLeast: null })

export const Filter: t.Type<Filter> = t.recursion('Filter', () =>
  t.union([
    t.strict({ and: t.readonlyArray(Filter) }),
    t.strict({ or: t.readonlyArray(Filter) }),
    t.strict({ not: Filter }),
    t.strict({ attribute: t.string, operator: t.literal('is'), value: Scalar }),
    t.strict({
      attribute: t.string,
      operator: t.literal('isOneOf'),
      value: t.readonlyArray(Scalar),
    }),
    t.strict({ attribute: t.string, operator: t.literal('has'), value: t.string }),
    t.strict({ attribute: t.string, operator: Order, value: t.union([t.string, t.number]) }),
  ]),
)

export const is = (attribute: string, value: Scalar): Filter => ({
  attribute,
  operator: 'is',
  value,
})
export const isOneOf = (attribute: string, value: readonly Scalar[]): Filter => ({
  attribute,
  operator: 'isOneOf',
  value,
})
export const has = (attribute: string, value: string): Filter => ({
  attribute,
  operator: 'has',
  value,
})
export const and = (...filters: readonly Filter[]): Filter => ({ and: filters })
export const or = (...filters: readonly Filter[]): Filter => ({ or: filters })
export const not = (filter: Filter): Filter => ({ not: filter })

export type Predicate = (row: Readonly<Record<string, unknown>>) => boolean

/** Text by its code points, as UTF-8 bytes sort; JavaScript's own order differs above U+FFFF. */
export const compareText = (a: string, b: string): number => {
  if (a === b) return 0
  for (let i = 0; ; i++) {
    const x = a.codePointAt(i) ?? -1
    const y = b.codePointAt(i) ?? -1
    if (x !== y) return x < y ? -1 : 1
    if (x > 0xffff) i++
  }
}

/**
 * A text as a column keeps it: U+FFFD for each NUL and each lone surrogate, which not every
 * database can hold.
 */
export const columnText = (text: string): string =>
  // Nearly always there is nothing to replace, which is cheaper to see first.
  ODD.test(text) ? text.replace(/[\0\p{Surrogate}]/gu, '\ufffd') : text

/** NUL, and surrogates in pairs, too. */
const ODD = /[\0\ud800-\udfff]/

const columnValue = <A>(value: A): A =>
  typeof value === 'string' ? (columnText(value) as A & string) : value

/** How `find` orders a column's values: null, then all else by its kind; texts by `compareText`. */
export const compareScalars = (a: Scalar, b: Scalar): number => {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null)
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  return Number(a) - Number(b)
}

/** Column and name of what may be a value of a column of named values. */
export const namedValue = (
  attribute: string,
): { readonly column: string; readonly name: string } | undefined => {
  const slash = attribute.indexOf('/')
  return slash === -1
    ? undefined
    : { column: attribute.slice(0, slash), name: columnText(attribute.slice(slash + 1)) }
}

const isNull = (value: unknown): boolean => value === null

/** How an attribute reads in a row. */
const reading = (attribute: string): ((row: Readonly<Record<string, unknown>>) => unknown) => {
  const named = namedValue(attribute)
  if (named === undefined)
    return (row) => {
      const value = row[attribute] ?? null
      return typeof value === 'object' && value !== null && Object.values(value).every(isNull)
        ? null
        : value
    }
  return (row) => {
    const values = row[named.column]
    if (typeof values !== 'object' || values === null || !Object.hasOwn(values, named.name))
      return null
    return (values as Record<string, unknown>)[named.name] ?? null
  }
}

const compare = (a: unknown, b: string | number): number => {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  return NaN
}

const holds: Record<Order, (comparison: number) => boolean> = {
  lessThan: (c) => c < 0,
  atMost: (c) => c <= 0,
  greaterThan: (c) => c > 0,
  atLeast: (c) => c >= 0,
}

/** A filter as a JavaScript predicate: the reference that other adapters are tested against. */
export const predicate = (filter: Filter): Predicate => {
  if ('and' in filter) {
    const all = filter.and.map(predicate)
    return (row) => all.every((part) => part(row))
  }
  if ('or' in filter) {
    const any = filter.or.map(predicate)
    return (row) => any.some((part) => part(row))
  }
  if ('not' in filter) {
    const inner = predicate(filter.not)
    return (row) => !inner(row)
  }
  const read = reading(filter.attribute)
  switch (filter.operator) {
    case 'is': {
      const value = columnValue(filter.value)
      return (row) => read(row) === value
    }
    case 'isOneOf': {
      const values = new Set<unknown>(filter.value.map(columnValue))
      return (row) => values.has(read(row))
    }
    case 'has': {
      const value = columnValue(filter.value)
      return (row) => {
        const values = read(row)
        return Array.isArray(values) && values.includes(value)
      }
    }
    case 'lessThan':
    case 'atMost':
    case 'greaterThan':
    case 'atLeast': {
      const { operator } = filter
      const value = columnValue(filter.value)
      return (row) => holds[operator](compare(read(row), value))
    }
  }
}
