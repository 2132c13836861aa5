/** A filter over conversations, in the words of the domain: data that views and searches are made of. */
import * as t from 'io-ts'

/**
 * How an attribute is compared. What has no value (null) is only ever `isUnknown`: it passes
 * `isNot`, `isNoneOf`, `hasNot` and `hasNoneOf`, as whatever differs does, and no other. `not` turns
 * true and false round; there is no third value.
 */
export type Operator =
  | 'is'
  | 'isNot'
  | 'isOneOf'
  | 'isNoneOf'
  | 'has'
  | 'hasNot'
  | 'hasOneOf'
  | 'hasNoneOf'
  | 'isKnown'
  | 'isUnknown'
  | 'lessThan'
  | 'atMost'
  | 'greaterThan'
  | 'atLeast'
  /** Of days: before it begins. Of what lasted: began before that. */
  | 'before'
  /** On it or later. */
  | 'from'
  /** On it or earlier. */
  | 'until'
  /** When it is over. */
  | 'after'
  | 'on'

/** So long ago: a moment for hours, a calendar day for the others. */
export interface Ago {
  readonly ago: number
  readonly unit: 'hours' | 'days' | 'weeks' | 'months'
}

export type Single = string | number | boolean
export type Value = Single | Ago | readonly Single[]

export interface Condition {
  readonly attribute: string
  readonly operator: Operator
  /** Left out by `isKnown` and `isUnknown`. */
  readonly value?: Value
}

export type ConversationFilter =
  | { readonly and: readonly ConversationFilter[] }
  | { readonly or: readonly ConversationFilter[] }
  | { readonly not: ConversationFilter }
  | Condition

export const Unit = t.keyof({ hours: null, days: null, weeks: null, months: null }, 'Unit')

const Single = t.union([t.string, t.number, t.boolean])
const Value: t.Type<Value> = t.union([
  Single,
  t.type({ ago: t.number, unit: Unit }),
  t.readonlyArray(Single),
])
const Condition = t.intersection([
  t.type({ attribute: t.string, operator: t.string }),
  t.partial({ value: Value }),
])

/** A filter as it is stored: its shape only, for attributes may come and go. */
export const StoredFilter: t.Type<ConversationFilter> = t.recursion('Filter', () =>
  t.union([
    t.type({ and: t.readonlyArray(StoredFilter) }),
    t.type({ or: t.readonlyArray(StoredFilter) }),
    t.type({ not: StoredFilter }),
    // Whether it is an operator is seen where it is read.
    Condition as unknown as t.Type<Condition>,
  ]),
)

/** Figures that bound a filter, so that every store can answer every one. */
export const filterBounds = {
  /** Of `and`, `or`, `not` inside each other. */
  depth: 8,
  conditions: 64,
  values: 100,
  /** Characters of a text. */
  text: 200,
} as const

/** Each condition in it. */
export const conditionsOf = (filter: ConversationFilter): readonly Condition[] => {
  if ('and' in filter) return filter.and.flatMap(conditionsOf)
  if ('or' in filter) return filter.or.flatMap(conditionsOf)
  return 'not' in filter ? conditionsOf(filter.not) : [filter]
}

/** Whether who looks, or when, decides what passes: then it cannot be counted ahead. */
export const dependsOnViewerOrTime = (filter: ConversationFilter): boolean =>
  conditionsOf(filter).some(
    ({ attribute, value }) =>
      attribute === 'unread' ||
      value === 'me' ||
      (Array.isArray(value) && value.includes('me')) ||
      (typeof value === 'object' && 'ago' in value),
  )
