/** The filter language as a codec: what it refuses it names, field and expectation. */
import { invalid, type Invalid } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { CalendarDay, Owner } from '../vocabulary.js'
import { attributeOf, filterAttributes, operatorsOf, type Attribute } from './attributes.js'
import {
  filterBounds,
  Unit,
  type Ago,
  type Condition,
  type ConversationFilter,
  type Operator,
  type Single,
  type Value,
} from './types.js'

/** What a value has to be: said as it is told to whoever sent another. */
interface Expected {
  readonly name: string
  readonly is: (u: unknown) => boolean
}
const checked = <I extends (u: unknown) => boolean>(name: string, is: I) => ({ name, is })

const text = checked(
  `text of 1 to ${String(filterBounds.text)} characters`,
  (u: unknown): u is string =>
    typeof u === 'string' && u.length >= 1 && u.length <= filterBounds.text,
)
const number = checked('a number', (u: unknown): u is number => Number.isFinite(u))
const flag = checked('true or false', (u: unknown): u is boolean => typeof u === 'boolean')
const owner = checked(
  'user:…, team:… or me',
  (u: unknown): u is string => u === 'me' || (Owner.is(u) && u.length <= filterBounds.text),
)
const scalar = checked(
  'text, a number, or true or false',
  (u: unknown): u is Single => text.is(u) || number.is(u) || flag.is(u),
)
const orderable = checked(
  'text or a number',
  (u: unknown): u is string | number => text.is(u) || number.is(u),
)

const choiceOf = (options: readonly string[]) =>
  checked(
    options.join(', '),
    (u: unknown): u is string => typeof u === 'string' && options.includes(u),
  )

/** The longest span back, in any unit. */
const MOST_AGO = 10_000
const isAgo = (u: unknown): u is Ago => {
  if (typeof u !== 'object' || u === null || Object.keys(u).length !== 2) return false
  const { ago, unit } = u as Partial<Ago>
  return Unit.is(unit) && Number.isInteger(ago) && ago! >= 0 && ago! <= MOST_AGO
}
/** Between these, every zone's days are known and have four digits of a year. */
const isDay = (u: unknown): u is string =>
  CalendarDay.is(u) && u >= '1900-01-01' && u <= '2999-12-31'
const moment = checked(
  `a calendar day as 2026-11-01, or { ago, unit } of 0 to ${String(MOST_AGO)} hours, days, weeks or months`,
  (u: unknown): u is string | Ago => isDay(u) || isAgo(u),
)
const day = checked(
  `a calendar day as 2026-11-01, or { ago, unit } of 0 to ${String(MOST_AGO)} days, weeks or months`,
  (u: unknown): u is string | Ago => moment.is(u) && !(typeof u === 'object' && u.unit === 'hours'),
)

const listOf = (one: Expected): Expected =>
  checked(
    `a list of 1 to ${String(filterBounds.values)}, each ${one.name}`,
    (u: unknown) =>
      Array.isArray(u) &&
      u.length >= 1 &&
      u.length <= filterBounds.values &&
      u.every((value) => one.is(value)),
  )

const single = ({ type, options = [] }: Attribute): Expected => {
  switch (type) {
    case 'choice':
      return choiceOf(options)
    case 'flag':
      return flag
    case 'owner':
    case 'owners':
      return owner
    case 'id':
    case 'ids':
      return text
    case 'number':
      return number
    case 'property':
      return scalar
    case 'date':
    case 'period':
      return text
  }
}

/** What an operator compares an attribute with; undefined where it takes nothing. */
const valueOf = (attribute: Attribute, operator: Operator): Expected | undefined => {
  switch (operator) {
    case 'isKnown':
    case 'isUnknown':
      return undefined
    case 'is':
    case 'isNot':
    case 'has':
    case 'hasNot':
      return single(attribute)
    case 'isOneOf':
    case 'isNoneOf':
    case 'hasOneOf':
    case 'hasNoneOf':
      return listOf(single(attribute))
    case 'lessThan':
    case 'atMost':
    case 'greaterThan':
    case 'atLeast':
      return attribute.type === 'number' ? number : orderable
    case 'on':
      return day
    case 'before':
    case 'from':
    case 'until':
    case 'after':
      return moment
  }
}

const nothing = checked('no value', (u: unknown): u is undefined => u === undefined)
const attributeName = (): string =>
  `${filterAttributes.map(({ key }) => key).join(', ')}, or property. and a name`

interface Count {
  conditions: number
}

type Found = t.Validation<ConversationFilter>
type Fields = Readonly<Record<string, unknown>>

const fail = (u: unknown, context: t.Context, key: string, expected: string): Found =>
  t.failure(u, t.appendContext(context, key, { name: expected } as t.Mixed, u))

const noOthers = (u: Fields, allowed: readonly string[], context: t.Context) => {
  const other = Object.keys(u).find((key) => !allowed.includes(key))
  return other === undefined ? undefined : fail(u[other], context, other, 'no such field')
}

const checkCondition = (u: Fields, context: t.Context): Found => {
  const { attribute: key, operator, value } = u
  const attribute = typeof key === 'string' && key.length <= filterBounds.text && attributeOf(key)
  if (!attribute) return fail(key, context, 'attribute', attributeName())
  const operators = operatorsOf[attribute.type]
  if (!operators.includes(operator as Operator))
    return fail(operator, context, 'operator', operators.join(', '))
  const codec = valueOf(attribute, operator as Operator) ?? nothing
  if (!codec.is(value)) return fail(value, context, 'value', codec.name)
  return (
    noOthers(u, ['attribute', 'operator', 'value'], context) ??
    t.success({
      attribute: attribute.key,
      operator: operator as Operator,
      ...(value !== undefined && { value: value as Value }),
    } satisfies Condition)
  )
}

const check = (u: unknown, context: t.Context, depth: number, count: Count): Found => {
  const wrong = (expected: string) => fail(u, context, '', expected)
  if (typeof u !== 'object' || u === null || Array.isArray(u))
    return wrong('{ and }, { or }, { not } or { attribute, operator, value }')
  if (depth > filterBounds.depth)
    return wrong(`at most ${String(filterBounds.depth)} levels of and, or, not`)
  const fields = u as Fields
  const under = (key: string, value: unknown, at = context) =>
    t.appendContext(at, key, { name: 'a filter' } as t.Mixed, value)
  for (const by of ['and', 'or'] as const) {
    const list = fields[by]
    if (list === undefined) continue
    if (!Array.isArray(list)) return fail(list, context, by, 'a list of filters')
    // Also so that a list of empty lists stays small.
    if (list.length > filterBounds.conditions)
      return fail(list, context, by, `at most ${String(filterBounds.conditions)} filters`)
    const parts: ConversationFilter[] = []
    for (const [index, part] of list.entries()) {
      const inner = under(String(index), part, under(by, list))
      const found = check(part, inner, depth + 1, count)
      if (E.isLeft(found)) return found
      parts.push(found.right)
    }
    return (
      noOthers(fields, [by], context) ?? t.success(by === 'and' ? { and: parts } : { or: parts })
    )
  }
  if (++count.conditions > filterBounds.conditions)
    return wrong(`at most ${String(filterBounds.conditions)} conditions`)
  if (fields['not'] === undefined) return checkCondition(fields, context)
  count.conditions--
  const found = check(fields['not'], under('not', fields['not']), depth + 1, count)
  if (E.isLeft(found)) return found
  return noOthers(fields, ['not'], context) ?? t.success({ not: found.right })
}

/** A filter that comes from outside. What is right is given back as it was. */
export const ConversationFilterCodec: t.Type<ConversationFilter> = new t.Type(
  'a filter',
  (u: unknown): u is ConversationFilter => E.isRight(check(u, [], 0, { conditions: 0 })),
  (u, context) => check(u, context, 0, { conditions: 0 }),
  t.identity,
)

export interface InvalidFilter extends Invalid {
  readonly type: 'InvalidFilter'
}

export const decodeFilter = (u: unknown): E.Either<InvalidFilter, ConversationFilter> => {
  const decoded = ConversationFilterCodec.decode(u)
  return E.isRight(decoded) ? decoded : E.left({ type: 'InvalidFilter', ...invalid(decoded.left) })
}
