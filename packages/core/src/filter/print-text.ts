import { attributeOf, propertyName, type Attribute } from './attributes.js'
import {
  DATE_SIGNS,
  DATE_WORDS,
  isBareValue,
  NUMBER_SIGNS,
  UNITS,
  type SearchText,
  type Term,
} from './search-text.js'
import type { Ago, Condition, Single, Value } from './types.js'

const quote = (text: string): string => `"${text.replace(/["\\]/gu, '\\$&')}"`
const bareOrQuoted = (text: string): string => (isBareValue(text) ? text : quote(text))

const letterOf = (unit: Ago['unit']): string =>
  Object.entries(UNITS).find(([, each]) => each === unit)![0]

const moment = (value: Value | undefined): string => {
  if (typeof value === 'object' && 'ago' in value)
    return `${String(value.ago)}${letterOf(value.unit)}`
  return String(value)
}

/** Texts that a bare value would be taken for something else. */
const isReserved = (text: string): boolean => /^(?:none|any|yes|no|true|false|-?\d.*)$/u.test(text)

const single = ({ type }: Attribute, value: Single): string => {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return String(value)
  if (type === 'owner' || type === 'owners') {
    const id = /^user:(?!(?:me|none|any)$|user:|team:)(.+)$/su.exec(value)?.[1] ?? value
    return bareOrQuoted(id)
  }
  return isReserved(value) ? quote(value) : bareOrQuoted(value)
}

const keyOf = ({ key, words }: Attribute): string => {
  const name = propertyName(key)
  if (name === undefined) return words[0] ?? key
  return /^[^\s":]+$/u.test(name) ? key : `property.${quote(name)}`
}

const signOf = (signs: readonly (readonly [string, string])[], operator: string): string =>
  signs.find(([, each]) => each === operator)?.[0] ?? ''

const condition = ({ attribute: key, operator, value }: Condition): string | undefined => {
  const attribute = attributeOf(key)
  if (attribute === undefined) return undefined
  if (operator === 'isKnown' || operator === 'isUnknown')
    return attribute.type === 'property'
      ? undefined
      : `${keyOf(attribute)}:${operator === 'isKnown' ? 'any' : 'none'}`
  if (attribute.type === 'period') {
    const word = Object.entries(DATE_WORDS).find(([, each]) => each === operator)?.[0]
    return word === undefined ? undefined : `${word}:${moment(value)}`
  }
  if (attribute.type === 'date')
    return `${keyOf(attribute)}:${signOf(DATE_SIGNS, operator)}${moment(value)}`
  if (Array.isArray(value)) {
    // A list of one is written as the one.
    if (!/^(?:isOneOf|hasOneOf)$/u.test(operator) || value.length < 2) return undefined
    const all = (value as readonly Single[]).map((each) => single(attribute, each))
    return `${keyOf(attribute)}:${all.join(',')}`
  }
  if (/^(?:isNot|hasNot)$/u.test(operator)) return undefined
  const sign = signOf(NUMBER_SIGNS, operator)
  return `${keyOf(attribute)}:${sign}${single(attribute, value as Single)}`
}

const printed = (term: Term): string | undefined => {
  switch (term.type) {
    case 'word':
      return term.text
    case 'phrase':
      return quote(term.text)
    case 'condition': {
      const text = condition(term.condition)
      return text === undefined ? undefined : `${term.negated ? '-' : ''}${text}`
    }
  }
}

/**
 * As `parseSearchText` reads it again. Undefined where a term has no short form: it negates by its
 * operator instead of by `negated`, or asks whether a custom property is known.
 */
export const printSearchText = ({ terms }: SearchText): string | undefined => {
  const texts = terms.map(printed)
  return texts.includes(undefined) ? undefined : texts.join(' ')
}
