/** Filters of every attribute and operator, with values that a screen would send, and odd ones. */
import * as fc from 'fast-check'
import {
  attributeOf,
  filterAttributes,
  operatorsOf,
  propertyAttribute,
  type Attribute,
} from '../filter/attributes.js'
import type {
  Ago,
  Condition,
  ConversationFilter,
  Operator,
  Single,
  Value,
} from '../filter/types.js'

const odd = fc.oneof(
  fc.constantFrom('1', '2', 'me', 'none', 'any', 'yes', 'a b', '"', '\\', ',', '<2', 'user:', '10'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
)
const owner = fc.oneof(
  fc.constantFrom('me', 'user:ada', 'team:night'),
  odd.map((id) => `user:${id}x`),
  odd.map((id) => `team:${id}x`),
)
const number = fc.oneof(
  fc.integer({ min: -3, max: 9 }),
  // JSON has one zero only.
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n)),
)
const days = fc.constantFrom('2026-03-01', '2026-03-02', '2026-03-29', '1999-12-31')
const ago: fc.Arbitrary<Ago> = fc.record({
  ago: fc.integer({ min: 0, max: 40 }),
  unit: fc.constantFrom('days', 'weeks', 'months'),
})
const hours: fc.Arbitrary<Ago> = fc.record({
  ago: fc.integer({ min: 0, max: 40 }),
  unit: fc.constant('hours'),
})

const singleOf = ({ type, options = [] }: Attribute): fc.Arbitrary<Single> => {
  switch (type) {
    case 'choice':
      return fc.constantFrom(...options)
    case 'flag':
      return fc.boolean()
    case 'owner':
    case 'owners':
      return owner
    case 'number':
      return number
    case 'property':
      return fc.oneof(odd, number, fc.boolean(), days)
    case 'id':
    case 'ids':
    case 'date':
    case 'period':
      return odd
  }
}

const valueOf = (attribute: Attribute, operator: Operator): fc.Arbitrary<Value | undefined> => {
  switch (operator) {
    case 'isKnown':
    case 'isUnknown':
      return fc.constant(undefined)
    case 'is':
    case 'isNot':
    case 'has':
    case 'hasNot':
      return singleOf(attribute)
    case 'isOneOf':
    case 'isNoneOf':
    case 'hasOneOf':
    case 'hasNoneOf':
      return fc.array(singleOf(attribute), { minLength: 1, maxLength: 4 })
    case 'lessThan':
    case 'atMost':
    case 'greaterThan':
    case 'atLeast':
      return attribute.type === 'number' ? number : fc.oneof(odd, number, days)
    case 'on':
      return fc.oneof(days, ago)
    case 'before':
    case 'from':
    case 'until':
    case 'after':
      return fc.oneof(days, ago, hours)
  }
}

const attributes = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...filterAttributes) },
  odd.map((name) => attributeOf(propertyAttribute(name))!),
)

/** Any condition that `decodeFilter` takes. */
export const conditions: fc.Arbitrary<Condition> = attributes.chain((attribute) =>
  fc.constantFrom(...operatorsOf[attribute.type]).chain((operator) =>
    valueOf(attribute, operator).map((value) => ({
      attribute: attribute.key,
      operator,
      ...(value !== undefined && { value }),
    })),
  ),
)

/** Any filter that `decodeFilter` takes. */
export const conversationFilters: fc.Arbitrary<ConversationFilter> = fc.letrec<{
  filter: ConversationFilter
}>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    conditions,
    fc.array(tie('filter'), { maxLength: 3 }).map((and) => ({ and })),
    fc.array(tie('filter'), { maxLength: 3 }).map((or) => ({ or })),
    tie('filter').map((not) => ({ not })),
  ),
})).filter
