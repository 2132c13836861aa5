/** The domain's filters over the columns of the list: what every read model can answer. */
import {
  attributeOf,
  conditionsOf,
  propertyName,
  spanOf,
  user,
  type Ago,
  type Attribute,
  type Condition,
  type ConversationFilter,
  type Value,
} from '@threadbook/core'
import { filters, type Filter, type IsoTime, type Scalar } from '@threadbook/sourcing'
import type { ConversationFacts } from './conversation-row.js'

const { and, has, is, isOneOf, not, or } = filters

/** What a filter may leave open until somebody looks. */
export interface FilterContext {
  /** Relative days are counted back from here. */
  readonly now: IsoTime
  /** An IANA zone, whose days are meant. */
  readonly zone: string
  /** Who `me` is; nobody where left out. */
  readonly viewer?: string | undefined
}

/** Of whoever looks, so in no row: see `readingUnread`. */
export const UNREAD = 'unread'

type Column = keyof ConversationFacts | typeof UNREAD

const COLUMNS: Readonly<Record<string, Column>> = {
  status: 'status',
  channel: 'channel',
  owner: 'owner',
  everOwner: 'everOwners',
  contact: 'contact',
  label: 'labels',
  ticket: 'ticket',
  ticketStatus: 'ticketStatus',
  startedAt: 'firstActivityAt',
  lastMessageAt: 'lastMessageAt',
  waitingSince: 'waitingSince',
  unread: UNREAD,
  snoozed: 'snoozed',
  replied: 'replied',
  deliveryFailed: 'deliveryFailed',
  participants: 'participants',
  spam: 'spam',
  spamCause: 'spamCause',
  trashed: 'trashed',
  heldByBot: 'heldByBot',
  chatflow: 'chatflow',
  inbox: 'inbox',
}

/** An attribute as the rows name it; undefined for one that there is no more. */
const columnOf = (attribute: string): string | undefined => {
  const name = propertyName(attribute)
  if (name !== undefined) return `properties/${name}`
  return Object.hasOwn(COLUMNS, attribute) ? COLUMNS[attribute] : undefined
}

/** The attribute that a column of the list is; undefined where people cannot filter by it. */
export const attributeOfColumn = (column: string): string | undefined =>
  Object.keys(COLUMNS).find((attribute) => COLUMNS[attribute] === column)

const order = (
  attribute: string,
  operator: 'lessThan' | 'atMost' | 'greaterThan' | 'atLeast',
  value: string | number,
): Filter => ({ attribute, operator, value })

const nothing = or()

/** Compared with the moments that a span of time begins and ends with. */
const dated = (
  first: string,
  last: string,
  operator: Condition['operator'],
  { from, to }: { readonly from: IsoTime; readonly to: IsoTime },
): Filter => {
  switch (operator) {
    case 'before':
      return order(first, 'lessThan', from)
    case 'from':
      return order(last, 'atLeast', from)
    case 'until':
      // Of one moment, it is in the span itself.
      return order(first, from === to ? 'atMost' : 'lessThan', to)
    case 'after':
      return order(last, from === to ? 'greaterThan' : 'atLeast', to)
    case 'on':
      return and(order(first, 'lessThan', to), order(last, 'atLeast', from))
    case 'is':
    case 'isNot':
    case 'isOneOf':
    case 'isNoneOf':
    case 'has':
    case 'hasNot':
    case 'hasOneOf':
    case 'hasNoneOf':
    case 'isKnown':
    case 'isUnknown':
    case 'lessThan':
    case 'atMost':
    case 'greaterThan':
    case 'atLeast':
      return nothing
  }
}

const scalars = (
  value: Value | undefined,
  { type }: Attribute,
  { viewer }: FilterContext,
): readonly Scalar[] => {
  const list: readonly Scalar[] = Array.isArray(value)
    ? (value as readonly Scalar[])
    : [value as Scalar]
  if (type !== 'owner' && type !== 'owners') return list
  return list.flatMap((each) => {
    if (each !== 'me') return [each]
    return viewer === undefined ? [] : [user(viewer)]
  })
}

/** One value, or several: as `is`, where an index may serve it. */
const among = (column: string, values: readonly Scalar[]): Filter =>
  values.length === 1 ? is(column, values[0]!) : isOneOf(column, values)

const holdsOne = (column: string, values: readonly Scalar[]): Filter =>
  or(...values.map((value) => has(column, String(value))))

const compileCondition = (condition: Condition, context: FilterContext): Filter => {
  const { attribute: key, operator, value } = condition
  const attribute = attributeOf(key)
  if (attribute === undefined) return nothing
  if (attribute.type === 'period' || attribute.type === 'date') {
    const column = columnOf(key)
    if (operator === 'isKnown') return not(is(column ?? '', null))
    if (operator === 'isUnknown') return is(column ?? '', null)
    const span = spanOf(value as string | Ago, context.now, context.zone)
    return attribute.type === 'period'
      ? dated('firstActivityAt', 'lastMessageAt', operator, span)
      : dated(column!, column!, operator, span)
  }
  const column = columnOf(key)
  if (column === undefined) return nothing
  const values = scalars(value, attribute, context)
  switch (operator) {
    case 'is':
    case 'isOneOf':
      return among(column, values)
    case 'isNot':
    case 'isNoneOf':
      return not(among(column, values))
    case 'has':
    case 'hasOneOf':
      return holdsOne(column, values)
    case 'hasNot':
    case 'hasNoneOf':
      return not(holdsOne(column, values))
    case 'isKnown':
      return not(is(column, null))
    case 'isUnknown':
      return is(column, null)
    case 'lessThan':
    case 'atMost':
    case 'greaterThan':
    case 'atLeast':
      return order(column, operator, value as string | number)
    case 'before':
    case 'from':
    case 'until':
    case 'after':
    case 'on':
      return nothing
  }
}

/** A filter over the columns of `conversationRows`, for whoever looks, now. */
export const compileFilter = (filter: ConversationFilter, context: FilterContext): Filter => {
  if ('and' in filter) return and(...filter.and.map((part) => compileFilter(part, context)))
  if ('or' in filter) return or(...filter.or.map((part) => compileFilter(part, context)))
  if ('not' in filter) return not(compileFilter(filter.not, context))
  return compileCondition(filter, context)
}

/** Whether a filter speaks of one of these attributes. */
export const speaksOf = (filter: ConversationFilter, ...attributes: readonly string[]): boolean =>
  conditionsOf(filter).some(({ attribute }) => attributes.includes(attribute))
