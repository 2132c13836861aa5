import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  countedPosition,
  filters,
  remove,
  type RecordedEvent,
  type RowQuery,
  type Rows,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { openDatabase, type Database } from '../src/database.js'
import { logSchema } from '../src/schema.js'
import { openTables, type Tables } from '../src/tables.js'
import { FEW_IN_ORDER, MOST_IN_ORDER } from '../src/watched-rows.js'
import { heard, newEvent, ok, planOf } from './fixtures.js'

const { and, is } = filters

const tickets: Rows = {
  name: 'tickets',
  version: 1,
  table: {
    name: 'tickets',
    columns: { account: 'text', inbox: 'text', at: 'text', gold: 'boolean' },
    indexes: [],
  },
  categories: ['ticket'],
  counters: (row) => [`all/${String(row['account'])}`],
  watches: {
    of: 'account',
    by: ['inbox'],
    order: { column: 'at', all: (account) => `all/${account}` },
  },
  on: {
    Put: (row, { data }) =>
      row === undefined ? (data as Record<string, unknown>) : void Object.assign(row, data),
    Removed: () => remove,
  },
}

const gold = { name: 'gold', of: 'acme', where: is('gold', true) }
const query: RowQuery = {
  where: and(is('account', 'acme'), is('gold', true), is('inbox', 'support')),
  order: { column: 'at', direction: 'descending' },
  limit: 3,
  watched: gold,
}

const right = <A>(answer: E.Either<unknown, A>): A => {
  if (E.isLeft(answer)) throw new Error(`expected an answer, got ${JSON.stringify(answer.left)}`)
  return answer.right
}

describe('rows that pass a watched filter', () => {
  let db: Database
  let tables: Tables
  let count: number

  beforeEach(async () => {
    db = await openDatabase(':memory:', logSchema)
    tables = openTables(db)
    count = 0
    await write(() => tables.open(tickets))
  })

  const write = async <A>(work: () => E.Either<unknown, A>): Promise<A> =>
    right(await db.write(work)())

  const put = (...rows: readonly (readonly [key: string, data?: object])[]) => {
    const after = count === 0 ? undefined : countedPosition(count)
    const events = rows.map(([key, data]): RecordedEvent => ({
      ...newEvent(data === undefined ? 'Removed' : 'Put', data),
      stream: `ticket-acme.${key}`,
      revision: 0,
      position: countedPosition(++count),
    }))
    return write(() => tables.apply(tickets, { events, after, position: countedPosition(count) }))
  }

  const ticket = (at: string, data: object = {}) => ({
    account: 'acme',
    inbox: 'support',
    gold: true,
    at,
    ...data,
  })

  const watch = async () => {
    await write(() => tables.watch(tickets, gold, 10))
    while ((await write(() => tables.countWatched(tickets, gold, 1_000))) === false);
  }

  const kept = () =>
    db.driver.prepare('SELECT listed_by, place, key FROM watched_rows ORDER BY 1, 2, 3').raw().all()
  const found = () => right(tables.find(tickets, query)).map(({ key }) => key)
  const total = () =>
    right(tables.watchedCount(tickets, gold))!.counts.reduce((sum, each) => sum + each.count, 0)

  it('are kept by inbox and time, as they come, move, change and go', async () => {
    await put(['a', ticket('1')], ['b', ticket('2', { gold: false })], ['c', ticket('3')])
    await watch()
    expect(kept()).toEqual([
      ['support', '1', 'a'],
      ['support', '3', 'c'],
    ])
    await put(['a', { at: '4' }], ['b', { gold: true }], ['d', ticket('5')], ['e', ticket('6')])
    await put(['d', { inbox: 'sales' }], ['e', { account: 'other' }])
    expect(kept()).toEqual([
      ['sales', '5', 'd'],
      ['support', '2', 'b'],
      ['support', '3', 'c'],
      ['support', '4', 'a'],
    ])
    await put(['a'], ['c', { gold: false }])
    expect(kept()).toEqual([
      ['sales', '5', 'd'],
      ['support', '2', 'b'],
    ])
  })

  it('are what a page is read from, once all were looked at', async () => {
    await put(...['a', 'b', 'c', 'd'].map((key, at) => [key, ticket(String(at))] as const))
    await write(() => tables.watch(tickets, gold, 10))
    await write(() => tables.countWatched(tickets, gold, 2))
    expect(found()).toEqual(['d', 'c', 'b'])
    await watch()
    expect(found()).toEqual(['d', 'c', 'b'])
    // Not the rows, nor any index of theirs: what is not kept here is not found.
    db.driver.exec(`DELETE FROM watched_rows WHERE key = 'c'`)
    expect(found()).toEqual(['d', 'b', 'a'])
    expect(right(tables.find(tickets, { ...query, watched: undefined }))).toHaveLength(3)
  })

  it('are read in their order, without sorting', async () => {
    const { asked, listening } = heard(db)
    tables = openTables(listening)
    await watch()
    asked.length = 0
    right(tables.find(tickets, { ...query, after: { value: '4', key: 'a' } }))
    const [sql] = asked
    const plan = planOf(db, sql!)
    expect(plan[0]).toMatch(/USING PRIMARY KEY \(watch_no=\? AND listed_by=\? AND \(place,key\)<\(/)
    expect(plan.join()).not.toContain('TEMP B-TREE')
  })

  it('are gone with their filter, and with their set', async () => {
    await put(['a', ticket('1')])
    await watch()
    await write(() => tables.unwatch(tickets, 'acme', ['gold']))
    expect(kept()).toEqual([])
    await watch()
    expect(kept()).toHaveLength(1)
    await write(() => tables.drop(tickets))
    expect(kept()).toEqual([])
  })

  const keys = (count: number) =>
    Array.from({ length: count }, (_, at) => `k${String(at).padStart(6, '0')}`)
  const fill = async (count: number, data: object = {}) => {
    const rows = keys(count).map((key) => [key, ticket(key, data)] as const)
    for (let at = 0; at < rows.length; at += 2_000) await put(...rows.slice(at, at + 2_000))
  }

  it('are let go of where more than one of fifty passes; they are counted and found all the same', async () => {
    await fill(50 * (FEW_IN_ORDER + 1), { gold: false })
    await put(...keys(FEW_IN_ORDER + 1).map((key) => [key, { gold: true }] as const))
    await watch()
    expect(kept()).toHaveLength(FEW_IN_ORDER + 1)
    await put(['z', ticket('z')])
    expect(kept()).toEqual([])
    expect(total()).toBe(FEW_IN_ORDER + 2)
    expect(found()).toEqual(['z', 'k000100', 'k000099'])
    await put(['z', { gold: false }], ['y', ticket('y')])
    expect(found()).toEqual(['y', 'k000100', 'k000099'])
    expect(kept()).toEqual([])
    await put(['y', { gold: false }])
    await write(() => tables.unwatch(tickets, 'acme', ['gold']))
    await watch()
    expect(kept()).toHaveLength(FEW_IN_ORDER + 1)
  })

  it('are not kept where more than one of fifty passes when they are looked at', async () => {
    await fill(FEW_IN_ORDER + 1)
    await watch()
    expect(kept()).toEqual([])
    expect(total()).toBe(FEW_IN_ORDER + 1)
    expect(found()).toEqual(['k000100', 'k000099', 'k000098'])
  })

  it('are 20,000 at most', async () => {
    await fill(MOST_IN_ORDER)
    // As if there were so many others.
    db.driver.exec(`UPDATE counters SET value = ${String(100 * MOST_IN_ORDER)}`)
    await watch()
    expect(kept()).toHaveLength(MOST_IN_ORDER)
    await put(['z', ticket('z')])
    expect(kept()).toEqual([])
    expect(total()).toBe(MOST_IN_ORDER + 1)
  })

  it('begin anew in a file from before they were kept', async () => {
    await db.close()
    const before = logSchema.steps.findIndex((step) => step.includes('watched_rows'))
    const earlier = { ...logSchema, steps: logSchema.steps.slice(0, before) }
    const old = await openDatabase(':memory:', earlier)
    old.driver.exec(`
      INSERT INTO watched VALUES (1, 1, 'acme', 'gold', '{"and":[]}', NULL, 1);
      INSERT INTO watched_counts VALUES (1, '["support"]', 7)`)
    for (const step of logSchema.steps.slice(before)) old.driver.exec(step)
    db = old
    tables = openTables(db)
    count = 0
    await write(() => tables.open(tickets))
    await put(['a', ticket('1')])
    expect(right(tables.watchedCount(tickets, gold))).toBeUndefined()
    await watch()
    expect(total()).toBe(1)
    expect(kept()).toHaveLength(1)
    await ok(db.read(() => E.right(undefined)))
  })
})
