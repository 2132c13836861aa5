import { describe, expect, it } from '@jest/globals'
import {
  filterOfText,
  parseSearchText,
  printSearchText,
  type Condition,
  type Term,
} from '@threadbook/core'
import { conditions } from '@threadbook/core/testing'
import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'

const parsed = (text: string) => {
  const found = parseSearchText(text)
  if (E.isLeft(found)) throw new Error(JSON.stringify(found.left))
  return found.right
}
const error = (text: string) => {
  const found = parseSearchText(text)
  return E.isLeft(found) ? found.left : undefined
}
/** The one condition in a text. */
const condition = (text: string) => {
  const [term] = parsed(text).terms
  return term?.type === 'condition' ? term.condition : undefined
}
const is = (attribute: string, value: unknown) => ({ attribute, operator: 'is', value })

describe('what people type in a search box', () => {
  it('S-009 is words, phrases and conditions, all at once', () => {
    const text = 'status:open channel:email assignee:ada before:2026-11-01 "refund" zoe'
    expect(parsed(text).terms).toEqual([
      { type: 'condition', condition: is('status', 'open'), negated: false },
      { type: 'condition', condition: is('channel', 'email'), negated: false },
      { type: 'condition', condition: is('owner', 'user:ada'), negated: false },
      {
        type: 'condition',
        condition: { attribute: 'activity', operator: 'before', value: '2026-11-01' },
        negated: false,
      },
      { type: 'phrase', text: 'refund' },
      { type: 'word', text: 'zoe' },
    ])
  })

  it.each<[string, unknown]>([
    ['owner:ada', is('owner', 'user:ada')],
    ['assignee:me', is('owner', 'me')],
    ['assignee:team:night', is('owner', 'team:night')],
    ['assignee:none', { attribute: 'owner', operator: 'isUnknown' }],
    ['has:assignee', { attribute: 'owner', operator: 'isKnown' }],
    ['no:label', { attribute: 'label', operator: 'isUnknown' }],
    ['assignee:ada,me', { attribute: 'owner', operator: 'isOneOf', value: ['user:ada', 'me'] }],
    ['formerly:bo', { attribute: 'everOwner', operator: 'has', value: 'user:bo' }],
    ['filtered:yes', is('spam', true)],
    ['spam:no', is('spam', false)],
    ['is:filtered', is('spam', true)],
    ['is:spam', is('spam', true)],
    ['is:closed', is('status', 'closed')],
    ['bot:"Order status"', is('chatflow', 'Order status')],
    ['label:vip,new', { attribute: 'label', operator: 'hasOneOf', value: ['vip', 'new'] }],
    ['since:7d', { attribute: 'activity', operator: 'from', value: { ago: 7, unit: 'days' } }],
    ['on:today', { attribute: 'activity', operator: 'on', value: { ago: 0, unit: 'days' } }],
    [
      'last:<2w',
      { attribute: 'lastMessageAt', operator: 'before', value: { ago: 2, unit: 'weeks' } },
    ],
    [
      'waiting:>=24h',
      { attribute: 'waitingSince', operator: 'from', value: { ago: 24, unit: 'hours' } },
    ],
    ['participants:>2', { attribute: 'participants', operator: 'greaterThan', value: 2 }],
    ['property.size:>=3', { attribute: 'property.size', operator: 'atLeast', value: 3 }],
    ['property.size:"3"', is('property.size', '3')],
    ['property.size:"<3"', is('property.size', '<3')],
    ['property."odd name":yes', is('property.odd name', true)],
  ])('%s is one condition', (text, expected) => {
    expect(condition(text)).toEqual(expected)
  })

  it('negates by a minus', () => {
    expect(filterOfText(parsed('-status:open word'))).toEqual({
      and: [{ not: is('status', 'open') }],
    })
  })

  it('takes what is no condition for words', () => {
    for (const text of [
      'https://example.org/a',
      '10:30',
      'Re: invoice',
      'ada@example.org',
      '-',
      ':)',
    ])
      expect(parsed(text).terms.every(({ type }) => type === 'word')).toBe(true)
  })

  it.each([
    ['refund status:opne', 14, 'open, closed', 'opne'],
    ['asignee:ada', 0, 'status:', 'asignee'],
    ['before:yesterdy', 7, 'a calendar day as 2026-11-01', 'yesterdy'],
    ['on:3h', 3, 'a calendar day', '3h'],
    ['label:a,,b', 8, 'a value', ','],
    ['label:a,', 8, 'a value', 'the end'],
    ['say "hello', 10, 'a closing "', 'the end'],
    ['label:"a"b', 9, 'a blank or a comma', 'b'],
    ['is:purple', 3, 'open, closed', 'purple'],
    ['participants:many', 13, 'a number', 'many'],
  ])('says of %s where it is wrong', (text, position, expected, found) => {
    const told = error(text)
    expect(told).toMatchObject({ type: 'InvalidSearchText', position, found })
    expect(told!.expected).toContain(expected)
  })

  it('is bounded', () => {
    expect(error('x'.repeat(2_001))).toMatchObject({ position: 2_000 })
  })
})

const word = fc.oneof(
  fc.constantFrom('refund', 'https://x.y', '10:30', '-', 'a,b', 'é', 're:', 'no'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).filter((text) => {
    const found = parseSearchText(text)
    const terms = E.isRight(found) ? found.right.terms : []
    return terms.length === 1 && terms[0]!.type === 'word' && terms[0]!.text === text
  }),
)

/** As parsing makes them: positive, and lists of two and more. */
const canHaveShortForm = ({ operator, attribute, value }: Condition): boolean =>
  !/^(?:isNot|isNoneOf|hasNot|hasNoneOf)$/u.test(operator) &&
  !(Array.isArray(value) && value.length < 2) &&
  !(attribute.startsWith('property.') && /^(?:isKnown|isUnknown)$/u.test(operator))

const term: fc.Arbitrary<Term> = fc.oneof(
  word.map((text): Term => ({ type: 'word', text })),
  fc.string({ unit: 'grapheme', maxLength: 8 }).map((text): Term => ({ type: 'phrase', text })),
  {
    weight: 4,
    arbitrary: fc
      .tuple(conditions.filter(canHaveShortForm), fc.boolean())
      .map(([condition, negated]): Term => ({ type: 'condition', condition, negated })),
  },
)

describe('the short form', () => {
  it('is read as it was printed', () => {
    fc.assert(
      fc.property(fc.array(term, { maxLength: 5 }), (terms) => {
        const text = printSearchText({ terms })
        expect(text).toBeDefined()
        expect([text, parsed(text!).terms]).toEqual([text, terms])
      }),
      { numRuns: 2_000 },
    )
  })

  it('of what was read is read as the same again', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (text) => {
        const once = parseSearchText(text)
        if (E.isLeft(once)) return
        const printed = printSearchText(once.right)
        if (printed !== undefined) expect(parsed(printed)).toEqual(once.right)
      }),
    )
  })
})
