/**
 * Filters as Chatwoot exports them: a list of conditions, each with how the next is joined. As in
 * its SQL, `AND` binds closer than `OR`.
 */
import { shapeOf } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { propertyAttribute } from './attributes.js'
import { decodeFilter, type InvalidFilter } from './codec.js'
import type { Condition, ConversationFilter, Operator, Single, Value } from './types.js'

/** How its numbers become ids of ours; `user:7`, `team:7` and the number itself unless told. */
export interface FlatIds {
  readonly user?: (id: string) => string
  readonly team?: (id: string) => string
  readonly inbox?: (id: string) => string
  readonly contact?: (id: string) => string
}

type Imported<A> = E.Either<InvalidFilter, A>
type Fields = Readonly<Record<string, unknown>>

const wrong = (field: string, expected: string, value: unknown): E.Either<InvalidFilter, never> =>
  E.left({
    type: 'InvalidFilter',
    field,
    expected,
    // These are words of a language, nobody's private text.
    found: typeof value === 'string' && value.length <= 40 ? value : shapeOf(value),
  })

const MOST = 64

/** Values come as they are, or as what a menu showed of them. */
const plainValue = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'id' in value ? value.id : value

const STATUSES: Readonly<Record<string, ConversationFilter>> = {
  open: {
    and: [
      { attribute: 'status', operator: 'is', value: 'open' },
      { attribute: 'snoozed', operator: 'is', value: false },
      { attribute: 'heldByBot', operator: 'is', value: false },
    ],
  },
  resolved: { attribute: 'status', operator: 'is', value: 'closed' },
  // What a bot holds until it hands over.
  pending: {
    and: [
      { attribute: 'status', operator: 'is', value: 'open' },
      { attribute: 'heldByBot', operator: 'is', value: true },
    ],
  },
  snoozed: { attribute: 'snoozed', operator: 'is', value: true },
  all: { and: [] },
}

const statusOf = (
  values: readonly unknown[],
  operator: unknown,
  at: string,
): Imported<ConversationFilter> => {
  if (operator !== 'equal_to' && operator !== 'not_equal_to')
    return wrong(`${at}.filter_operator`, 'equal_to, not_equal_to', operator)
  const parts: ConversationFilter[] = []
  for (const [index, value] of values.entries()) {
    const known = typeof value === 'string' && Object.hasOwn(STATUSES, value)
    if (!known)
      return wrong(`${at}.values.${String(index)}`, Object.keys(STATUSES).join(', '), value)
    parts.push(STATUSES[value]!)
  }
  const any: ConversationFilter = parts.length === 1 ? parts[0]! : { or: parts }
  return E.right(operator === 'equal_to' ? any : { not: any })
}

interface Known {
  readonly attribute: string
  readonly kind: 'id' | 'ids' | 'date'
  readonly id?: (value: string) => string
}

const knownOf = (key: string, ids: FlatIds): Known | undefined => {
  const known: Readonly<Record<string, Known>> = {
    assignee_id: { attribute: 'owner', kind: 'id', id: ids.user ?? ((id) => `user:${id}`) },
    team_id: { attribute: 'owner', kind: 'id', id: ids.team ?? ((id) => `team:${id}`) },
    inbox_id: { attribute: 'inbox', kind: 'id', id: ids.inbox ?? String },
    contact_id: { attribute: 'contact', kind: 'id', id: ids.contact ?? String },
    labels: { attribute: 'label', kind: 'ids' },
    created_at: { attribute: 'startedAt', kind: 'date' },
    last_activity_at: { attribute: 'lastMessageAt', kind: 'date' },
    priority: { attribute: propertyAttribute('priority'), kind: 'id' },
  }
  return Object.hasOwn(known, key) ? known[key] : undefined
}

const OPERATORS: Readonly<Record<Known['kind'], Readonly<Record<string, Operator>>>> = {
  id: {
    equal_to: 'isOneOf',
    not_equal_to: 'isNoneOf',
    is_present: 'isKnown',
    is_not_present: 'isUnknown',
  },
  ids: {
    equal_to: 'hasOneOf',
    not_equal_to: 'hasNoneOf',
    is_present: 'isKnown',
    is_not_present: 'isUnknown',
  },
  date: { is_greater_than: 'after', is_less_than: 'before', days_before: 'before' },
}

/** A list of one is the one. */
const SINGLE: Readonly<Partial<Record<Operator, Operator>>> = {
  isOneOf: 'is',
  isNoneOf: 'isNot',
  hasOneOf: 'has',
  hasNoneOf: 'hasNot',
}

const compared = (attribute: string, operator: Operator, values: readonly Single[]): Condition => {
  const one = SINGLE[operator]
  if (one === undefined) return { attribute, operator, value: values[0]! }
  const [first] = values
  return values.length === 1 && first !== undefined
    ? { attribute, operator: one, value: first }
    : { attribute, operator, value: values }
}

const customOperators = {
  ...OPERATORS.id,
  is_greater_than: 'greaterThan',
  is_less_than: 'lessThan',
} as const

const conditionOf = (entry: Fields, at: string, ids: FlatIds): Imported<ConversationFilter> => {
  const { attribute_key: key, filter_operator: asked, custom_attribute_type: custom } = entry
  const given = entry['values'] ?? []
  if (typeof key !== 'string') return wrong(`${at}.attribute_key`, 'the name of an attribute', key)
  const list = Array.isArray(given) ? given : [given]
  const values = list.map(plainValue)
  if (key === 'status') return statusOf(values, asked, at)
  const isCustom = typeof custom === 'string' && custom !== ''
  const known = isCustom ? undefined : knownOf(key, ids)
  if (known === undefined && !isCustom)
    return wrong(
      `${at}.attribute_key`,
      'status, assignee_id, team_id, inbox_id, contact_id, labels, created_at, last_activity_at, priority, or a custom attribute with its custom_attribute_type',
      key,
    )
  const attribute = known?.attribute ?? propertyAttribute(key)
  const operators: Readonly<Record<string, Operator>> =
    known === undefined ? customOperators : OPERATORS[known.kind]
  const operator =
    typeof asked === 'string' && Object.hasOwn(operators, asked) ? operators[asked]! : undefined
  if (operator === undefined)
    return wrong(`${at}.filter_operator`, Object.keys(operators).join(', '), asked)
  if (operator === 'isKnown' || operator === 'isUnknown') return E.right({ attribute, operator })
  if (values.length === 0) return wrong(`${at}.values`, 'at least one value', given)
  if (asked === 'days_before') {
    const days = Number(values[0])
    const value: Value = { ago: days, unit: 'days' }
    return checkedAt({ attribute, operator, value }, at)
  }
  const singles = values.map((value) => {
    const single = typeof value === 'number' && known !== undefined ? String(value) : value
    return known?.id !== undefined && typeof single === 'string' ? known.id(single) : single
  })
  return checkedAt(compared(attribute, operator, singles as readonly Single[]), at)
}

const checkedAt = (condition: Condition, at: string): Imported<ConversationFilter> => {
  const checked = decodeFilter(condition)
  return E.isRight(checked) ? checked : E.left({ ...checked.left, field: `${at}.values` })
}

export const importFlatFilter = (
  input: unknown,
  ids: FlatIds = {},
): Imported<ConversationFilter> => {
  if (!Array.isArray(input) || input.length > MOST)
    return wrong('', `a list of at most ${String(MOST)} conditions`, input)
  const groups: ConversationFilter[][] = [[]]
  for (const [index, entry] of (input as readonly unknown[]).entries()) {
    const at = String(index)
    if (typeof entry !== 'object' || entry === null)
      return wrong(at, '{ attribute_key, filter_operator, values, query_operator }', entry)
    const condition = conditionOf(entry as Fields, at, ids)
    if (E.isLeft(condition)) return condition
    groups.at(-1)!.push(condition.right)
    const joinedBy = (entry as Fields)['query_operator'] ?? null
    const isLast = index === input.length - 1
    const by = typeof joinedBy === 'string' ? joinedBy.toLowerCase() : joinedBy
    if (by === 'or' && !isLast) groups.push([])
    else if (by !== 'and' && by !== 'or' && !(isLast && (by === null || by === '')))
      return wrong(`${at}.query_operator`, isLast ? 'and, or, or null' : 'and, or', joinedBy)
  }
  const parts = groups.map((and): ConversationFilter => (and.length === 1 ? and[0]! : { and }))
  return decodeFilter(parts.length === 1 ? parts[0]! : { or: parts })
}
