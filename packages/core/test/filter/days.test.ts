import { describe, expect, it } from '@jest/globals'
import { dayAt, spanOf, startOfDay } from '@threadbook/core'
import * as fc from 'fast-check'

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Pacific/Auckland',
  'Asia/Kolkata',
  'America/Sao_Paulo',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
]

describe('a calendar day', () => {
  it.each([
    ['2026-11-01', 'UTC', '2026-11-01T00:00:00.000Z'],
    ['2026-11-01', 'Europe/Berlin', '2026-10-31T23:00:00.000Z'],
    ['2026-07-01', 'Europe/Berlin', '2026-06-30T22:00:00.000Z'],
    ['2026-11-01', 'Pacific/Auckland', '2026-10-31T11:00:00.000Z'],
    ['2026-11-01', 'America/New_York', '2026-11-01T04:00:00.000Z'],
    // Clocks went from 23:59:59 to 01:00: the day has no midnight.
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
    // Samoa left this day out.
    ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ])('%s begins in %s at %s', (day, zone, start) => {
    expect(startOfDay(day, zone)).toBe(start)
  })

  it('begins where the moment before was another day', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1990-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
        fc.constantFrom(...zones),
        (date, zone) => {
          const day = dayAt(date.getTime(), zone)
          const start = Date.parse(startOfDay(day, zone))
          expect(start).toBeLessThanOrEqual(date.getTime())
          expect(dayAt(start, zone)).toBe(day)
          expect(dayAt(start - 1, zone) < day).toBe(true)
        },
      ),
    )
  })
})

describe('so long ago', () => {
  const now = '2026-03-31T22:30:00.000Z' // 1 April in Berlin
  it.each([
    [{ ago: 0, unit: 'days' }, '2026-03-31T22:00:00.000Z', '2026-04-01T22:00:00.000Z'],
    [{ ago: 1, unit: 'days' }, '2026-03-30T22:00:00.000Z', '2026-03-31T22:00:00.000Z'],
    // Over the change to summer time: the day has 23 hours.
    [{ ago: 3, unit: 'days' }, '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    [{ ago: 1, unit: 'weeks' }, '2026-03-24T23:00:00.000Z', '2026-03-25T23:00:00.000Z'],
    [{ ago: 1, unit: 'months' }, '2026-02-28T23:00:00.000Z', '2026-03-01T23:00:00.000Z'],
    [{ ago: 3, unit: 'hours' }, '2026-03-31T19:30:00.000Z', '2026-03-31T19:30:00.000Z'],
  ] as const)('%j is a day in the zone, or a moment', (value, from, to) => {
    expect(spanOf(value, now, 'Europe/Berlin')).toEqual({ from, to })
  })

  it('of months ends with the shorter month', () => {
    const { from } = spanOf({ ago: 1, unit: 'months' }, '2026-03-31T12:00:00.000Z', 'UTC')
    expect(from).toBe('2026-02-28T00:00:00.000Z')
  })
})
