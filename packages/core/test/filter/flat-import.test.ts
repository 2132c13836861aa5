import { describe, expect, it } from '@jest/globals'
import { importFlatFilter } from '@threadbook/core'
import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'

const entry = (
  attribute_key: string,
  filter_operator: string,
  values: readonly unknown[],
  query_operator: string | null = null,
  more: object = {},
) => ({ attribute_key, filter_operator, values, query_operator, ...more })

const imported = (...entries: readonly unknown[]) => {
  const found = importFlatFilter(entries)
  if (E.isLeft(found)) throw new Error(JSON.stringify(found.left))
  return found.right
}
const refused = (input: unknown) => {
  const found = importFlatFilter(input)
  return E.isLeft(found) ? found.left : undefined
}

describe('a filter that Chatwoot exported', () => {
  it('becomes a tree, AND before OR', () => {
    expect(
      imported(
        entry('status', 'equal_to', ['resolved'], 'and'),
        entry('assignee_id', 'equal_to', [7], 'or'),
        entry('labels', 'equal_to', ['vip', 'new']),
      ),
    ).toEqual({
      or: [
        {
          and: [
            { attribute: 'status', operator: 'is', value: 'closed' },
            { attribute: 'owner', operator: 'is', value: 'user:7' },
          ],
        },
        { attribute: 'label', operator: 'hasOneOf', value: ['vip', 'new'] },
      ],
    })
  })

  it.each<[unknown, unknown]>([
    [
      entry('team_id', 'not_equal_to', [{ id: 3, name: 'Night' }]),
      { attribute: 'owner', operator: 'isNot', value: 'team:3' },
    ],
    [entry('assignee_id', 'is_not_present', []), { attribute: 'owner', operator: 'isUnknown' }],
    [
      entry('created_at', 'is_greater_than', ['2026-11-01']),
      { attribute: 'startedAt', operator: 'after', value: '2026-11-01' },
    ],
    [
      entry('last_activity_at', 'days_before', ['3']),
      { attribute: 'lastMessageAt', operator: 'before', value: { ago: 3, unit: 'days' } },
    ],
    [
      entry('seats', 'is_greater_than', [5], null, { custom_attribute_type: 'number' }),
      { attribute: 'property.seats', operator: 'greaterThan', value: 5 },
    ],
    [entry('status', 'equal_to', ['all']), { and: [] }],
    [
      entry('status', 'not_equal_to', ['snoozed']),
      { not: { attribute: 'snoozed', operator: 'is', value: true } },
    ],
  ])('%j', (one, expected) => {
    expect(imported(one)).toEqual(expected)
  })

  it('takes the host’s own ids', () => {
    const found = importFlatFilter([entry('inbox_id', 'equal_to', [4])], {
      inbox: (id) => `inbox-${id}`,
    })
    expect(found).toEqual(E.right({ attribute: 'inbox', operator: 'is', value: 'inbox-4' }))
  })

  it.each<[unknown, string, string]>([
    [{}, '', 'object'],
    [[entry('browser_language', 'equal_to', ['en'])], '0.attribute_key', 'browser_language'],
    [[entry('status', 'contains', ['open'])], '0.filter_operator', 'contains'],
    [[entry('status', 'equal_to', ['opne'])], '0.values.0', 'opne'],
    [[entry('labels', 'equal_to', [])], '0.values', 'list of 0'],
    [[entry('created_at', 'is_less_than', ['soon'])], '0.values', 'text of 4'],
    [
      [entry('labels', 'is_present', [], 'xor'), entry('labels', 'is_present', [])],
      '0.query_operator',
      'xor',
    ],
    [[entry('labels', 'is_present', [], null), 1], '0.query_operator', 'null'],
    [['x'], '0', 'x'],
  ])('%j is refused by the name of its field', (input, field, found) => {
    expect(refused(input)).toMatchObject({ type: 'InvalidFilter', field, found })
  })

  it('takes any JSON without throwing', () => {
    const any = fc.oneof(
      fc.jsonValue(),
      fc.array(
        fc.record({
          attribute_key: fc.constantFrom('status', 'labels', 'x'),
          filter_operator: fc.constantFrom('equal_to', 'days_before', 'is_present'),
          values: fc.jsonValue(),
          query_operator: fc.constantFrom('and', 'OR', null),
        }),
      ),
    )
    fc.assert(
      fc.property(any, (u) => {
        expect(['Left', 'Right']).toContain(importFlatFilter(u)._tag)
      }),
    )
  })
})
