import { describe, expect, it } from '@jest/globals'
import { filters, type Filter, type RowQuery, type Rows } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { openDatabase, type Database } from '../src/database.js'
import { openForms } from '../src/row-forms.js'
import { rowTable } from '../src/row-table.js'
import { logSchema } from '../src/schema.js'
import { openTables } from '../src/tables.js'
import { heard, ok, planOf } from './fixtures.js'

const { and, is, isOneOf, not } = filters

const tickets: Rows = {
  name: 'tickets',
  version: 1,
  table: {
    name: 'tickets',
    columns: {
      inbox: 'text',
      owner: 'text',
      status: 'text',
      spam: 'boolean',
      rank: 'number',
      at: 'text',
    },
    indexes: [
      {
        name: 'open',
        columns: ['inbox', 'at'],
        where: and(is('spam', false), and(is('status', 'open'), is('rank', 1))),
      },
      { name: 'by_owner', columns: ['inbox', 'owner', 'at'], where: is('spam', false) },
      { name: 'by_rank', columns: ['rank'] },
      { name: "it's", columns: ['at'], where: is('status', "it's") },
    ],
  },
  categories: ['ticket'],
  on: {},
}

interface Planned {
  readonly sql: string
  readonly plan: string
}

/** The statements that a query becomes, and what SQLite means to do for each. */
const plansOf = async (db: Database, query: RowQuery): Promise<readonly Planned[]> => {
  const { asked, listening } = heard(db)
  rowTable(listening, 1, tickets, openForms(db)).find(query)
  return asked.map((sql) => ({ sql, plan: planOf(db, sql).join('; ') }))
}

const opened = async () => {
  const db = await openDatabase(':memory:', logSchema)
  const tables = openTables(db)
  await ok(db.write(() => tables.open(tickets)))
  return { db, tables }
}

const byTime = (where: Filter, more: Partial<RowQuery> = {}): RowQuery => ({
  where,
  order: { column: 'at', direction: 'descending' },
  limit: 50,
  ...more,
})

const open = and(is('inbox', 'a'), is('rank', 1), is('status', 'open'), is('spam', false))
const behind = { value: '2026', key: 'k' }

describe('SQLite serves', () => {
  it.each([
    ['a view by its partial index', byTime(open), 'open'],
    ['its terms in another order', byTime(and(is('spam', false), and(open))), 'open'],
    ['its pages', byTime(open, { after: behind }), 'open'],
    [
      'its pages the other way round',
      byTime(open, { after: behind, order: { column: 'at', direction: 'ascending' } }),
      'open',
    ],
    [
      "somebody's rows, with what else is asked for",
      byTime(
        and(is('inbox', 'a'), is('owner', 'ada'), is('spam', false), not(isOneOf('rank', [1, 2]))),
        { after: behind },
      ),
      'by_owner',
    ],
    [
      'an order by numbers',
      byTime(and(), { order: { column: 'rank', direction: 'ascending' } }),
      'by_rank',
    ],
    ['a text with a quote', byTime(is('status', "it's")), "it's"],
  ] as const)('%s, without sorting', async (_, query, index) => {
    const { db } = await opened()
    const plans = await plansOf(db, query)
    expect(plans.length).toBeGreaterThan(0)
    for (const { plan } of plans) {
      expect(plan).toContain(`INDEX rows_1_tickets_v1_${index}`)
      expect(plan).not.toContain('TEMP B-TREE')
    }
    await db.close()
  })
})

it('takes no partial index for rows that are not in it', async () => {
  const { db } = await opened()
  const [planned] = await plansOf(db, byTime(and(is('inbox', 'a'), is('status', 'closed'))))
  expect(planned!.plan).not.toContain('_open')
  await db.close()
})

it('makes the indexes anew where they are declared anew, and the others not', async () => {
  const { db, tables } = await opened()
  const indexes = () =>
    db.driver
      .prepare(
        `SELECT name, rootpage FROM sqlite_master WHERE type = 'index' AND name GLOB 'rows_*'`,
      )
      .all() as { name: string; rootpage: number }[]
  const before = indexes()
  const [first, ...rest] = tickets.table.indexes
  const changed: Rows = {
    ...tickets,
    table: { ...tickets.table, indexes: [{ ...first!, columns: ['inbox'] }, ...rest.slice(1)] },
  }
  await ok(db.write(() => tables.open(changed)))
  const after = indexes()
  const named = (name: string) => (index: { name: string }) => index.name.endsWith(name)
  expect(after.find(named('by_rank'))).toEqual(before.find(named('by_rank')))
  expect(after.some(named('by_owner'))).toBe(false)
  expect(before.some(named('by_owner'))).toBe(true)
  const sql = db.driver.prepare(`SELECT sql FROM sqlite_master WHERE name GLOB '*_open'`).pluck()
  expect(sql.get()).toContain('("inbox", _key)')
  await db.close()
})

it('refuses other columns under the same version: its rows could not be trusted', async () => {
  const { db, tables } = await opened()
  const changed: Rows = {
    ...tickets,
    table: { ...tickets.table, columns: { ...tickets.table.columns, more: 'text' } },
  }
  const answer = await db.write(() => tables.open(changed))()
  expect(answer).toMatchObject({
    left: { type: 'Unavailable', reason: expect.stringContaining('version') as unknown },
  })
  expect(E.isRight(await db.write(() => tables.open({ ...changed, version: 2 }))())).toBe(true)
  await db.close()
})

it.each([
  ['an index on what is not there', { indexes: [{ name: 'x', columns: ['nothing'] }] }],
  [
    'a condition that is no constant',
    {
      indexes: [{ name: 'x', columns: ['at'], where: not(is('spam', true)) }],
    },
  ],
  ['columns that differ only in case', { columns: { at: 'text', AT: 'text' }, indexes: [] }],
  ['a column of ours', { columns: { _row: 'text' }, indexes: [] }],
] as const)('refuses %s', async (_, table) => {
  const { db, tables } = await opened()
  const wrong: Rows = { ...tickets, name: 'wrong', table: { ...tickets.table, ...table } }
  const opening = db.write(() => tables.open(wrong))()
  const refused = await opening.then(E.isLeft, () => true)
  expect(refused).toBe(true)
  const { count } = db.driver
    .prepare(`SELECT count(*) count FROM sqlite_master WHERE name GLOB 'rows_2*'`)
    .get() as { count: number }
  expect(count).toBe(0)
  await db.close()
})
