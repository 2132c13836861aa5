import { describe, expect, it } from '@jest/globals'
import {
  attributeOf,
  decodeFilter,
  dependsOnViewerOrTime,
  filterAttributes,
  filterBounds,
  isFilterableInViews,
  operatorsOf,
} from '@threadbook/core'
import { conversationFilters } from '@threadbook/core/testing'
import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'

const open = { attribute: 'status', operator: 'is', value: 'open' }
const refusal = (u: unknown) => {
  const decoded = decodeFilter(u)
  return E.isLeft(decoded) ? decoded.left : undefined
}

describe('a filter', () => {
  it('is JSON: what is decoded from its text is the filter again', () => {
    fc.assert(
      fc.property(conversationFilters, (filter) => {
        expect(decodeFilter(JSON.parse(JSON.stringify(filter)))).toEqual(
          E.right(JSON.parse(JSON.stringify(filter))),
        )
      }),
    )
  })

  it.each<[unknown, string, string]>([
    ['open', '', '{ and }, { or }, { not } or { attribute, operator, value }'],
    [{ and: open }, 'and', 'a list of filters'],
    [{ and: [open, { or: [{ ...open, value: 'opne' }] }] }, 'and.1.or.0.value', 'open, closed'],
    [{ not: { ...open, operator: 'greater' } }, 'not.operator', operatorsOf.choice.join(', ')],
    [{ ...open, values: 1 }, 'values', 'no such field'],
    [{ and: [], or: [] }, 'or', 'no such field'],
    [{ attribute: 'owner', operator: 'is', value: 'ada' }, 'value', 'user:…, team:… or me'],
    [{ attribute: 'owner', operator: 'isKnown', value: true }, 'value', 'no value'],
    [{ attribute: 'participants', operator: 'atLeast', value: NaN }, 'value', 'a number'],
    [{ attribute: 'spam', operator: 'is', value: 'yes' }, 'value', 'true or false'],
  ])('refuses %j by the name of the field', (u, field, expected) => {
    expect(refusal(u)).toMatchObject({ type: 'InvalidFilter', field, expected })
  })

  it('names the attributes there are where there is none such', () => {
    const refused = refusal({ attribute: 'colour', operator: 'is', value: 'red' })
    expect(refused).toMatchObject({ field: 'attribute', found: 'text of 6' })
    expect(refused!.expected).toContain('status, channel, owner')
  })

  it.each([
    '2026-02-30',
    '26-1-1',
    '0001-01-01',
    '2026-11-01T00:00:00.000Z',
    { ago: -1, unit: 'days' },
    { ago: 1.5, unit: 'days' },
    { ago: 1, unit: 'years' },
    { ago: 1 },
    20261101,
  ])('takes %j for no day', (value) => {
    expect(refusal({ attribute: 'activity', operator: 'before', value })?.field).toBe('value')
  })

  it('has hours ago before and after it, but nothing on them', () => {
    const value = { ago: 3, unit: 'hours' }
    expect(refusal({ attribute: 'activity', operator: 'from', value })).toBeUndefined()
    expect(refusal({ attribute: 'activity', operator: 'on', value })?.field).toBe('value')
  })

  it('is bounded in depth, in conditions, in lists and in texts', () => {
    const nested = (levels: number): unknown => (levels === 0 ? open : { not: nested(levels - 1) })
    expect(refusal(nested(filterBounds.depth))).toBeUndefined()
    expect(refusal(nested(filterBounds.depth + 1))?.expected).toContain('levels')

    const wide = (n: number) => ({ or: Array.from({ length: n }, () => open) })
    expect(refusal(wide(filterBounds.conditions))).toBeUndefined()
    expect(refusal({ and: [wide(40), wide(40)] })?.expected).toContain('64 conditions')
    expect(refusal(wide(65))?.expected).toContain('64 filters')

    const among = (n: number, text = 'c') => ({
      attribute: 'contact',
      operator: 'isOneOf',
      value: Array.from({ length: n }, () => text),
    })
    expect(refusal(among(filterBounds.values))).toBeUndefined()
    for (const each of [among(0), among(101), among(1, 'x'.repeat(201)), among(1, '')])
      expect(refusal(each)?.field).toBe('value')
  })

  it('takes any JSON without throwing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (u) => {
        expect(['Left', 'Right']).toContain(decodeFilter(u)._tag)
      }),
    )
  })
})

describe('the catalogue of attributes', () => {
  it('names each once, with operators for each', () => {
    expect(new Set(filterAttributes.map(({ key }) => key)).size).toBe(filterAttributes.length)
    const words = filterAttributes.flatMap((attribute) => attribute.words)
    expect(new Set(words).size).toBe(words.length)
    for (const { type } of filterAttributes) expect(operatorsOf[type].length).toBeGreaterThan(0)
    expect(attributeOf('property.size')).toMatchObject({ name: 'size', type: 'property' })
    expect(attributeOf('property.')).toBeUndefined()
  })

  it('K-08 leaves out of views: chatflow, inbox, source URL, thread id, first-response figures', () => {
    const refused = [
      'chatflow',
      'inbox',
      'sourceUrl',
      'threadId',
      'firstResponseAt',
      'firstResponseTime',
    ]
    for (const key of refused) expect(isFilterableInViews(key)).toBe(false)
    for (const key of ['status', 'owner', 'ticket', 'property.size'])
      expect(isFilterableInViews(key)).toBe(true)
  })
})

it('can be counted ahead only where neither who looks nor when decides', () => {
  const leaf = (attribute: string, operator: string, value: unknown) =>
    ({ attribute, operator, value }) as never
  expect(dependsOnViewerOrTime(leaf('status', 'is', 'open'))).toBe(false)
  expect(dependsOnViewerOrTime(leaf('activity', 'from', '2026-11-01'))).toBe(false)
  for (const filter of [
    leaf('activity', 'from', { ago: 1, unit: 'days' }),
    leaf('owner', 'is', 'me'),
    leaf('owner', 'isOneOf', ['user:ada', 'me']),
    leaf('unread', 'is', true),
  ])
    expect(dependsOnViewerOrTime({ and: [{ not: { or: [filter] } }] })).toBe(true)
})
