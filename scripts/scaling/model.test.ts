import { describe, expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import assumed from './assumed.json' with { type: 'json' }
import costs from './costs.json' with { type: 'json' }
import { bears, breaking, commandsPerDay, day, dealt, grown, queue, sizes } from './model.mjs'
import { bytes, shown, tableNames, time, withTables } from './tables.mjs'

const inputs = { costs, assumed }
const stores = ['sqlite', 'postgres', 'eventstoredb'] as const
const counts = fc.integer({ min: 1, max: 1_000_000_000 })
const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0)

describe('a day', () => {
  it('holds its commands, the storm beside them, and has its peak at noon', () => {
    const minutes = day(inputs, 144_000)
    const { peakFactor, storm } = assumed.load
    expect(minutes).toHaveLength(1_440)
    expect(sum(minutes)).toBeCloseTo(144_000 + storm.minutes * storm.factor * 100, 3)
    expect(Math.max(...minutes)).toBeCloseTo((peakFactor + storm.factor) * 100, 3)
    expect(minutes.indexOf(Math.max(...minutes))).toBe(720)
  })

  it('has one conversation where as many are kept as there are days', () => {
    const days = assumed.load.yearsKept * 365
    expect(commandsPerDay(inputs, days)).toBe(costs.perConversation.commands)
  })
})

describe('a queue', () => {
  it('is empty where it is served in time', () =>
    expect(queue([60, 60, 0], 1)).toEqual({
      longestWaitSeconds: 0,
      minutesBehind: 0,
      waitingAtTheEnd: 0,
    }))

  it('waits for what was too much, until it is served', () =>
    expect(queue([180, 0, 60, 0, 0], 1)).toEqual({
      longestWaitSeconds: 120,
      minutesBehind: 3,
      waitingAtTheEnd: 0,
    }))

  it('never serves more than came, nor loses any', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(1_000)), fc.integer({ min: 1, max: 20 }), (arrivals, pace) => {
        const { waitingAtTheEnd } = queue(arrivals, pace)
        expect(waitingAtTheEnd).toBeGreaterThanOrEqual(sum(arrivals) - arrivals.length * pace * 60)
        expect(waitingAtTheEnd).toBeLessThanOrEqual(sum(arrivals))
      }),
    ))
})

describe('growth', () => {
  it.each(stores)('on %s makes nothing smaller or quicker', (store) =>
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const less = grown(inputs, store, Math.min(a, b))
        const more = grown(inputs, store, Math.max(a, b))
        for (const name of Object.keys(less) as (keyof typeof less)[])
          expect([name, more[name] >= less[name]]).toEqual([name, true])
      }),
      { numRuns: 30 },
    ),
  )

  it('keeps the log once on SQLite, and as much and more on EventStoreDB', () => {
    const { log, rows } = sizes(inputs, 'sqlite', 1_000)
    expect(log).toBe(1_000 * costs.sqlite.bytesPerConversation.log)
    expect(rows).toBe(1_000 * costs.sqlite.bytesPerConversation.rows)
    expect(sizes(inputs, 'eventstoredb', 1_000).log).toBeGreaterThan(log)
  })

  it('has no lag where views are kept inside the append', () => {
    expect(bears(inputs, 'sqlite').projectedPerSecond).toBe(Infinity)
    expect(grown(inputs, 'sqlite', 1e12).lagSeconds).toBe(0)
    expect(grown(inputs, 'postgres', 1e12).waitSeconds).toBeGreaterThan(0)
  })

  it.each(stores)('on %s reaches each limit where it is said to, and not before', (store) => {
    const order = breaking(inputs, store)
    expect(order.map(({ conversations }) => conversations)).toEqual(
      order.map(({ conversations }) => conversations).sort((a, b) => a - b),
    )
    const rebuild = order.find(({ limit }) => limit === 'rebuild')!.conversations
    const hours = (share: number) => grown(inputs, store, rebuild * share).rebuildHours
    expect(hours(0.98)).toBeLessThan(assumed.limits.rebuildHours)
    expect(hours(1.02)).toBeGreaterThan(assumed.limits.rebuildHours)
  })
})

it('deals accounts out evenly until one of them fills a machine', () => {
  const even = { number: 64, zipf: 0 }
  expect(dealt(even, 8).fullest).toBeCloseTo(1 / 8)
  const { fullest, largestAccount } = dealt(assumed.accounts, 64)
  expect(fullest).toBe(largestAccount)
})

describe('the page', () => {
  it('is given every table by its name, and keeps its words', () => {
    const page = tableNames.map((name) => `${name}:\n<!-- scaling: ${name} -->\n<!-- /scaling -->`)
    const made = withTables(page.join('\n'), inputs)
    expect(made.match(/^\| --- \|/gm)).toHaveLength(tableNames.length)
    for (const name of tableNames) expect(made).toContain(`${name}:\n`)
    expect(withTables(made, inputs)).toBe(made)
  })

  it('is refused with a table that there is not', () =>
    expect(() => withTables('<!-- scaling: x -->\n<!-- /scaling -->', inputs)).toThrow('table x'))

  it('says figures as people read them', () => {
    expect([shown(1_234_567), shown(0.0123), shown(0)]).toEqual(['1,200,000', '0.012', '0'])
    expect([bytes(999), bytes(1.5e12)]).toEqual(['1,000 B', '1.5 TB'])
    expect([time(0), time(0.5), time(90), time(600), time(36_000)]).toEqual([
      '0',
      '500 ms',
      '90 s',
      '10 min',
      '10 h',
    ])
  })
})
