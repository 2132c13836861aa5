import { attributeOf, propertyName } from './attributes.js'
import { printSearchText } from './print-text.js'
import type { Condition, Operator, Single } from './types.js'

/** What each of these says the opposite of. */
const OPPOSITES: Readonly<Partial<Record<Operator, Operator>>> = {
  isNot: 'is',
  isNoneOf: 'isOneOf',
  hasNot: 'has',
  hasNoneOf: 'hasOneOf',
}
const OF_ONE: Readonly<Partial<Record<Operator, Operator>>> = { isOneOf: 'is', hasOneOf: 'has' }

/** As it is typed where it can be: a list of one is the one, and what negates begins with a minus. */
const typed = ({ attribute, operator, value }: Condition): string | undefined => {
  const opposite = OPPOSITES[operator]
  const positive = opposite ?? operator
  const one = OF_ONE[positive]
  const single = one !== undefined && Array.isArray(value) && value.length === 1
  const condition = {
    attribute,
    operator: single ? one : positive,
    ...(value !== undefined && { value: single ? (value as readonly Single[])[0]! : value }),
  }
  return printSearchText({
    terms: [{ type: 'condition', condition, negated: opposite !== undefined }],
  })
}

/**
 * Any condition in the words of a search box, for people to read. What has no short form there is
 * written after the same fashion; `parseSearchText` reads back only the others.
 */
export const conditionText = (condition: Condition): string => {
  const { attribute, operator, value } = condition
  const name = attributeOf(attribute)?.words[0] ?? propertyName(attribute) ?? attribute
  if (operator === 'isKnown' || operator === 'isUnknown')
    return typed(condition) ?? `${name}:${operator === 'isKnown' ? 'any' : 'none'}`
  return typed(condition) ?? `${name} ${operator} ${JSON.stringify(value)}`
}
