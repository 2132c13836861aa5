import { describe, expect, it } from '@jest/globals'
import {
  filterAttributes,
  operatorsOf,
  team,
  user,
  type ConversationFilter,
} from '@threadbook/core'
import { conversationFilters } from '@threadbook/core/testing'
import { compileFilter, conversationRows, type ConversationRow } from '@threadbook/projection-views'
import { predicate } from '@threadbook/sourcing'
import * as fc from 'fast-check'
import {
  assigned,
  bot,
  closed,
  contact,
  markedAsSpam,
  minute,
  received,
  rowOf,
  sent,
  snoozed,
  started,
  unassigned,
  type Fact,
} from './fixtures.js'

const context = { now: '2026-03-10T22:30:00.000Z', zone: 'Europe/Berlin', viewer: 'ada' }

const passes = (filter: ConversationFilter, row: ConversationRow, differing = {}): boolean =>
  predicate(compileFilter(filter, { ...context, ...differing }))(row)

const condition = (attribute: string, operator: string, value?: unknown) =>
  ({ attribute, operator, ...(value !== undefined && { value }) }) as ConversationFilter

const mail: readonly Fact[] = [started(), received()]
const told = (type: string, data: object): Fact => ({ type, data })

/** A condition, and a history that passes it and one that does not. */
const pairs: readonly (readonly [ConversationFilter, readonly Fact[], readonly Fact[]])[] = [
  [condition('status', 'is', 'open'), mail, [...mail, closed]],
  [condition('channel', 'isOneOf', ['chat', 'form']), [started({ channel: 'form' })], mail],
  [
    condition('owner', 'is', 'me'),
    [...mail, assigned(user('ada'))],
    [...mail, assigned(user('bo'))],
  ],
  [condition('owner', 'isNot', 'me'), mail, [...mail, assigned(user('ada'))]],
  [condition('owner', 'isUnknown'), mail, [...mail, assigned(team('night'))]],
  [
    condition('everOwner', 'has', 'user:bo'),
    [...mail, assigned(user('bo')), assigned(user('ada'))],
    [...mail, assigned(user('ada'))],
  ],
  [
    condition('everOwner', 'hasNoneOf', ['me', 'user:bo']),
    mail,
    [...mail, assigned(user('bo')), unassigned],
  ],
  [condition('contact', 'is', 'zoe'), [...mail, contact('zoe')], mail],
  [
    condition('label', 'hasOneOf', ['vip', 'new']),
    [...mail, told('LabelAdded', { label: 'vip' })],
    mail,
  ],
  [
    condition('property.size', 'atLeast', 3),
    [...mail, told('ConversationPropertySet', { name: 'size', value: 3 })],
    [...mail, told('ConversationPropertySet', { name: 'size', value: '3' })],
  ],
  [
    condition('property.due', 'lessThan', '2026-11-01'),
    [...mail, told('ConversationPropertySet', { name: 'due', value: '2026-10-31' })],
    mail,
  ],
  [condition('snoozed', 'is', true), [...mail, snoozed()], mail],
  [condition('replied', 'is', true), [...mail, sent()], mail],
  [condition('spamCause', 'isKnown'), [...mail, markedAsSpam()], mail],
  [condition('chatflow', 'is', 'Greeter'), [...mail, bot()], mail],
  [condition('participants', 'atLeast', 1), mail, [started()]],
  [condition('inbox', 'is', 'support'), mail, [started({ inbox: 'sales' })]],
  [condition('waitingSince', 'isKnown'), mail, [...mail, sent()]],
]

describe('a condition', () => {
  it.each(pairs)('%j', (filter, passing, failing) => {
    expect(passes(filter, rowOf(...passing))).toBe(true)
    expect(passes(filter, rowOf(...failing))).toBe(false)
  })

  it('about me is about nobody where nobody looks', () => {
    const row = rowOf(...mail)
    expect(passes(condition('owner', 'is', 'me'), row, { viewer: undefined })).toBe(false)
    expect(passes(condition('everOwner', 'has', 'me'), row, { viewer: undefined })).toBe(false)
  })

  it('D-28 of days is of calendar days in its zone', () => {
    const at = (time: string) => rowOf(started({ at: time }), received({ at: time }))
    // Half past eleven at night in Berlin, of the 9th.
    const late = at('2026-03-09T22:30:00.000Z')
    const on = condition('lastMessageAt', 'on', '2026-03-09')
    expect(passes(on, late)).toBe(true)
    expect(passes(on, late, { zone: 'Asia/Tokyo' })).toBe(false)
    expect(passes(condition('lastMessageAt', 'on', { ago: 1, unit: 'days' }), late)).toBe(true)
    expect(passes(condition('lastMessageAt', 'after', '2026-03-09'), late)).toBe(false)
    expect(passes(condition('lastMessageAt', 'from', '2026-03-09'), late)).toBe(true)
    expect(passes(condition('lastMessageAt', 'until', '2026-03-09'), late)).toBe(true)
    expect(passes(condition('lastMessageAt', 'before', '2026-03-09'), late)).toBe(false)
    expect(passes(condition('lastMessageAt', 'from', { ago: 24, unit: 'hours' }), late)).toBe(true)
    expect(passes(condition('lastMessageAt', 'after', { ago: 24, unit: 'hours' }), late)).toBe(
      false,
    )
  })
})

it('S-016 S-111 takes place on each day from its first message to its last', () => {
  const row = rowOf(
    started({ at: '2026-03-02T12:00:00.000Z' }),
    received({ at: '2026-03-02T12:00:00.000Z' }),
    sent({ at: '2026-03-05T12:00:00.000Z' }),
  )
  const onDay = (operator: string, day: string) => passes(condition('activity', operator, day), row)
  const days = ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-05', '2026-03-06']
  const passing = (operator: string) => days.map((day) => onDay(operator, day))
  expect(passing('on')).toEqual([false, true, true, true, false])
  expect(passing('from')).toEqual([true, true, true, true, false])
  expect(passing('after')).toEqual([true, true, true, false, false])
  expect(passing('before')).toEqual([false, false, true, true, true])
  expect(passing('until')).toEqual([false, true, true, true, true])
})

describe('every condition that can be written', () => {
  it('compares a column that the list has', () => {
    const columns = Object.keys(conversationRows.table.columns)
    const attributesIn = (filter: unknown): readonly string[] => {
      if (typeof filter !== 'object' || filter === null) return []
      const { attribute } = filter as { attribute?: string }
      return attribute === undefined ? Object.values(filter).flatMap(attributesIn) : [attribute]
    }
    fc.assert(
      fc.property(conversationFilters, (filter) => {
        for (const attribute of attributesIn(compileFilter(filter, context)))
          expect([...columns, 'unread', 'properties']).toContain(attribute.split('/')[0])
      }),
    )
  })

  it('passes or does not, and its negation the other way round', () => {
    const row = rowOf(...mail, assigned(user('ada')))
    fc.assert(
      fc.property(conversationFilters, (filter) => {
        expect(passes({ not: filter }, row)).toBe(!passes(filter, row))
      }),
    )
  })

  it('is told from its opposite', () => {
    const opposite = { is: 'isNot', isOneOf: 'isNoneOf', has: 'hasNot', hasOneOf: 'hasNoneOf' }
    const row = rowOf(...mail)
    for (const { key, type, options } of filterAttributes)
      for (const [one, other] of Object.entries(opposite)) {
        if (!operatorsOf[type].includes(one as never)) continue
        if (!operatorsOf[type].includes(other as never)) continue
        const single = options?.[0] ?? (type === 'number' ? 1 : 'user:ada')
        const value = one.endsWith('OneOf') ? [single] : single
        expect(passes(condition(key, one, value), row)).toBe(
          !passes(condition(key, other, value), row),
        )
      }
  })
})

describe('waiting', () => {
  const since = (...facts: readonly Fact[]) => rowOf(...facts).waitingSince
  it('D-13 is since the first message that nobody of the team answered', () => {
    expect(since(started(), received({ at: minute(2) }))).toBe(minute(2))
    expect(since(started(), received({ at: minute(2) }), received({ at: minute(4) }))).toBe(
      minute(2),
    )
    expect(since(started(), received({ at: minute(2) }), sent({ at: minute(3) }))).toBeNull()
    const again = [
      received({ at: minute(2) }),
      sent({ at: minute(3) }),
      received({ at: minute(5) }),
    ]
    expect(since(started(), ...again)).toBe(minute(5))
  })

  it('D-13 is ended by no comment, no bot, and no mail that was written before', () => {
    const waiting = [started(), received({ at: minute(2) })]
    expect(since(...waiting, sent({ at: minute(3), kind: 'bot' }))).toBe(minute(2))
    expect(since(...waiting, sent({ at: minute(1), kind: 'logged' }))).toBe(minute(2))
    const answered = [...waiting, sent({ at: minute(5) })]
    expect(since(...answered, received({ at: minute(4) }))).toBeNull()
  })

  it('ends when the conversation is closed', () => {
    expect(since(started(), received(), closed)).toBeNull()
  })
})
