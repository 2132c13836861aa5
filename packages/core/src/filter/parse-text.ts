import * as E from 'fp-ts/lib/Either.js'
import { attributeOf, filterAttributes, propertyAttribute, type Attribute } from './attributes.js'
import { decodeFilter } from './codec.js'
import {
  CONDITION,
  DATE_SIGNS,
  DATE_WORDS,
  NUMBER_SIGNS,
  UNITS,
  type SearchText,
  type Term,
} from './search-text.js'
import type { Ago, Condition, Operator, Single } from './types.js'

export interface InvalidSearchText {
  readonly type: 'InvalidSearchText'
  /** Where in the text, in UTF-16 units from 0. */
  readonly position: number
  readonly expected: string
  readonly found: string
}

/** Longer is no search any more. */
const LONGEST = 2_000

const wrong = (position: number, expected: string, found: string) =>
  E.left<InvalidSearchText>({ type: 'InvalidSearchText', position, expected, found })

type Parsed<A> = E.Either<InvalidSearchText, A>

const byWord = new Map(filterAttributes.flatMap((a) => a.words.map((word) => [word, a] as const)))
const activity = attributeOf('activity')!

const keysKnown = (): string =>
  [...byWord.keys(), ...Object.keys(DATE_WORDS), 'is', 'has', 'no', 'property.…']
    .map((key) => `${key}:`)
    .join(' ')

interface Piece {
  readonly text: string
  readonly at: number
  readonly quoted: boolean
  /** So many of its characters are a comparison. */
  readonly signs: number
}

/** From a quote to its end; a backslash takes what follows as it is. */
const quotedFrom = (text: string, at: number): Parsed<{ value: string; end: number }> => {
  let value = ''
  for (let i = at + 1; i < text.length; i++) {
    const sign = text.charAt(i)
    if (sign === '"') return E.right({ value, end: i + 1 })
    value += sign === '\\' && i + 1 < text.length ? text.charAt(++i) : sign
  }
  return wrong(text.length, 'a closing "', 'the end')
}

/** Values with commas between them, up to the next blank. */
const piecesFrom = (
  text: string,
  at: number,
): Parsed<{ pieces: readonly Piece[]; end: number }> => {
  const pieces: Piece[] = []
  for (let i = at; ;) {
    // Signs stand before a quote, too: due:>="a day".
    const sign = /^[<>]=?/u.exec(text.slice(i))?.[0] ?? ''
    const start = i + sign.length
    if (text.charAt(start) === '"') {
      const quoted = quotedFrom(text, start)
      if (E.isLeft(quoted)) return quoted
      // What only looks like a sign inside of quotes is none.
      pieces.push({ text: sign + quoted.right.value, at: i, quoted: true, signs: sign.length })
      i = quoted.right.end
    } else {
      const [bare] = /^[^\s",]*/u.exec(text.slice(i))!
      if (bare === '') return wrong(i, 'a value', i < text.length ? text.charAt(i) : 'the end')
      pieces.push({ text: bare, at: i, quoted: false, signs: sign.length })
      i += bare.length
    }
    if (text.charAt(i) === ',') i++
    else if (i < text.length && !/\s/u.test(text.charAt(i)))
      return wrong(i, 'a blank or a comma', text.charAt(i))
    else return E.right({ pieces, end: i })
  }
}

const RELATIVE = /^(\d{1,5})([hdwm])$/u
const DAYS: Readonly<Record<string, Ago>> = {
  today: { ago: 0, unit: 'days' },
  yesterday: { ago: 1, unit: 'days' },
}

const momentOf = (text: string): string | Ago => {
  const relative = RELATIVE.exec(text)
  if (relative === null) return DAYS[text] ?? text
  return { ago: Number(relative[1]), unit: UNITS[relative[2] as keyof typeof UNITS] }
}

const signed = <O extends string>(
  { text, signs: length }: Piece,
  signs: readonly (readonly [string, O])[],
): { operator: O; rest: string } => {
  const sign = text.slice(0, length)
  const [, operator] = signs.find(([each]) => each === sign)!
  return { operator, rest: text.slice(length) }
}

const FLAGS: Readonly<Record<string, boolean>> = { yes: true, true: true, no: false, false: false }

const isNumber = (text: string): boolean => /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/iu.test(text)

/** A property's value: what is quoted is text; else numbers and yes or no are what they look like. */
const propertyValue = (text: string, quoted: boolean): Single => {
  if (quoted) return text
  return isNumber(text) ? Number(text) : (FLAGS[text] ?? text)
}

const singleOf = ({ type }: Attribute, { text, quoted }: Piece): Single => {
  switch (type) {
    case 'flag':
      return FLAGS[text] ?? text
    case 'owner':
    case 'owners':
      return text === 'me' || /^(?:user|team):/u.test(text) ? text : `user:${text}`
    case 'number':
      return isNumber(text) ? Number(text) : text
    case 'property':
      return propertyValue(text, quoted)
    case 'choice':
    case 'id':
    case 'ids':
    case 'date':
    case 'period':
      return text
  }
}

const conditionOf = (attribute: Attribute, pieces: readonly Piece[]): Condition => {
  const { key, type } = attribute
  const one = pieces.length === 1 ? pieces[0]! : undefined
  if (one?.text === 'none' && !one.quoted && type !== 'flag' && type !== 'property')
    return { attribute: key, operator: 'isUnknown' }
  if (one?.text === 'any' && !one.quoted && type !== 'flag' && type !== 'property')
    return { attribute: key, operator: 'isKnown' }
  if (one !== undefined && (type === 'date' || type === 'period')) {
    const { operator, rest } = signed(one, DATE_SIGNS)
    return { attribute: key, operator, value: momentOf(rest) }
  }
  if (one !== undefined && (type === 'number' || type === 'property')) {
    const { operator, rest } = signed(one, NUMBER_SIGNS)
    return { attribute: key, operator, value: singleOf(attribute, { ...one, text: rest }) }
  }
  const many = type === 'owners' || type === 'ids'
  if (one !== undefined)
    return { attribute: key, operator: many ? 'has' : 'is', value: singleOf(attribute, one) }
  const operator: Operator = many ? 'hasOneOf' : 'isOneOf'
  return { attribute: key, operator, value: pieces.map((piece) => singleOf(attribute, piece)) }
}

/** `is:open` and `has:owner` are said of attributes and options by their own names. */
const shorthand = (key: string, { text }: Piece): Condition | undefined => {
  if (key !== 'is') {
    const attribute = byWord.get(text)
    if (attribute === undefined || attribute.type === 'flag') return undefined
    return { attribute: attribute.key, operator: key === 'has' ? 'isKnown' : 'isUnknown' }
  }
  if (text === 'open' || text === 'closed')
    return { attribute: 'status', operator: 'is', value: text }
  const attribute = byWord.get(text)
  return attribute?.type === 'flag'
    ? { attribute: attribute.key, operator: 'is', value: true }
    : undefined
}

const attributeNamed = (key: string): Attribute | undefined => {
  const name = /^property\.(.+)$/su.exec(key)?.[1]
  if (name === undefined) return byWord.get(key)
  const unquoted = name.startsWith('"') ? name.slice(1, -1).replace(/\\(.)/gsu, '$1') : name
  return attributeOf(propertyAttribute(unquoted))
}

const readCondition = (key: string, keyAt: number, pieces: readonly Piece[]): Parsed<Condition> => {
  const [first] = pieces
  if (key === 'is' || key === 'has' || key === 'no') {
    const found = pieces.length === 1 ? shorthand(key, first!) : undefined
    const expected = key === 'is' ? 'open, closed, filtered, trashed, unread, …' : 'an attribute'
    return found === undefined ? wrong(first!.at, expected, first!.text) : E.right(found)
  }
  const dated = Object.hasOwn(DATE_WORDS, key) ? DATE_WORDS[key] : undefined
  const attribute = dated === undefined ? attributeNamed(key) : activity
  if (attribute === undefined) return wrong(keyAt, keysKnown(), key)
  const condition: Condition =
    dated !== undefined && pieces.length === 1
      ? { attribute: attribute.key, operator: dated, value: momentOf(first!.text) }
      : conditionOf(attribute, pieces)
  const checked = decodeFilter(condition)
  return E.isRight(checked)
    ? E.right(condition)
    : wrong(first!.at, checked.left.expected, pieces.map(({ text }) => text).join(','))
}

/** What is typed in a search box. An error says where, and what was expected there. */
export const parseSearchText = (text: string): Parsed<SearchText> => {
  if (text.length > LONGEST)
    return wrong(LONGEST, `at most ${String(LONGEST)} characters`, `${String(text.length)} of them`)
  const terms: Term[] = []
  for (let at = 0; ;) {
    at += /^\s*/u.exec(text.slice(at))![0].length
    if (at === text.length) return E.right({ terms })
    if (text.charAt(at) === '"') {
      const phrase = quotedFrom(text, at)
      if (E.isLeft(phrase)) return phrase
      terms.push({ type: 'phrase', text: phrase.right.value })
      at = phrase.right.end
      continue
    }
    const start = CONDITION.exec(text.slice(at))
    if (start === null) {
      const [word] = /^[^\s"]+/u.exec(text.slice(at))!
      terms.push({ type: 'word', text: word })
      at += word.length
      continue
    }
    const [all, minus, key] = start as unknown as [string, string, string]
    const values = piecesFrom(text, at + all.length)
    if (E.isLeft(values)) return values
    const condition = readCondition(key, at + minus.length, values.right.pieces)
    if (E.isLeft(condition)) return condition
    terms.push({ type: 'condition', condition: condition.right, negated: minus === '-' })
    at = values.right.end
  }
}
