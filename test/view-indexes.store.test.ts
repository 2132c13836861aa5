/** Pages of the list's own views, and of custom ones, are ranges of an index: nothing is sorted. */
import { describe, expect, it } from '@jest/globals'
import type { ConversationFilter } from '@threadbook/core'
import {
  conversationRows,
  hiddenByDefault,
  listQuery,
  pageQuery,
  views,
  type PageQuery,
} from '@threadbook/projection-views'
import type { Rows } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { openDatabase, type Database } from '../packages/sqlite/src/database.js'
import { openForms } from '../packages/sqlite/src/row-forms.js'
import { rowTable } from '../packages/sqlite/src/row-table.js'
import { logSchema } from '../packages/sqlite/src/schema.js'
import { openTables } from '../packages/sqlite/src/tables.js'
import { ok } from '../packages/sqlite/test/fixtures.js'

const rows = conversationRows as unknown as Rows

const plansOf = (db: Database, query: E.Either<unknown, PageQuery>): readonly string[] => {
  if (E.isLeft(query)) throw new Error(JSON.stringify(query.left))
  const asked: string[] = []
  const listening: Database = {
    ...db,
    statement: (sql) => {
      asked.push(sql)
      return db.statement(sql)
    },
  }
  for (const each of query.right.queries) rowTable(listening, 1, rows, openForms(db)).find(each)
  return asked.map((sql) => {
    const values = Array.from({ length: sql.split('?').length - 1 }, () => '1')
    const steps = db.driver.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as {
      detail: string
    }[]
    return steps.map(({ detail }) => detail).join('; ')
  })
}

const opened = async (): Promise<Database> => {
  const db = await openDatabase(':memory:', logSchema)
  await ok(db.write(() => openTables(db).open(rows)))
  return db
}

const INDEXES: Readonly<Record<string, string>> = {
  unassigned: 'unassigned',
  assignedToMe: 'by_owner',
  allOpen: 'all_open',
  chat: 'by_channel',
  email: 'by_channel',
  messenger: 'by_channel',
  forms: 'by_channel',
  calls: 'by_channel',
  bots: 'bots',
  allClosed: 'by_status',
  sent: 'sent',
  spam: 'spam',
  trash: 'trash',
}

describe.each(views.map(({ key }) => key))('%s', (key) => {
  it.each(['newestFirst', 'oldestFirst'] as const)('is a range of its index, %s', async (sort) => {
    const db = await opened()
    const scope = { account: 'main', inbox: 'support', viewer: 'ada' }
    const first = plansOf(db, pageQuery(key, { ...scope, sort }))
    for (const plan of first) {
      expect(plan).toContain(`_${INDEXES[key]!} (`)
      expect(plan).not.toContain('TEMP B-TREE')
    }
    await db.close()
  })
})

describe('a list of the whole account', () => {
  it.each(views.map(({ key }) => key))('%s: each inbox is a range of its index', async (key) => {
    const db = await opened()
    const known = ['sales', 'support']
    const plans = plansOf(db, pageQuery(key, { account: 'main', viewer: 'ada', known }))
    for (const plan of plans.slice(0, known.length)) {
      expect(plan).toContain(`_${INDEXES[key]!} (`)
      expect(plan).not.toContain('TEMP B-TREE')
    }
    // What is between them is looked for, and mostly there is nothing.
    expect(plans).toHaveLength(2 * known.length + 1)
    for (const plan of plans.slice(known.length)) expect(plan).toMatch(/inbox[<>]\?/)
    await db.close()
  })
})

it('D-13 who waits longest is read from an index of its own', async () => {
  const db = await opened()
  const scope = { account: 'main', inbox: 'support', sort: 'longestWaiting' } as const
  const [waiting] = plansOf(db, pageQuery('allOpen', scope))
  expect(waiting).toContain('_by_waiting (')
  expect(waiting).not.toContain('TEMP B-TREE')
  await db.close()
})

it('a custom view of three conditions is read in the order of an index, with the rest along', async () => {
  const db = await opened()
  const filter: ConversationFilter = {
    and: [
      { attribute: 'channel', operator: 'is', value: 'email' },
      { attribute: 'property.tier', operator: 'is', value: 'gold' },
      { attribute: 'label', operator: 'has', value: 'vip' },
    ],
  }
  const query = {
    account: 'main',
    inboxes: ['support'],
    filter,
    ...hiddenByDefault(filter),
    now: '2026-03-10T22:30:00.000Z',
    zone: 'UTC',
  }
  for (const plan of plansOf(db, listQuery('view', query, 'newestFirst', {}))) {
    expect(plan).toContain('_by_time (')
    expect(plan).not.toContain('TEMP B-TREE')
  }
  const ofOne = { and: [filter, { attribute: 'status', operator: 'is', value: 'open' }] } as const
  const open = { ...query, filter: ofOne, ...hiddenByDefault(ofOne) }
  for (const plan of plansOf(db, listQuery('view', open, 'newestFirst', {}))) {
    expect(plan).toContain('_by_status (')
    expect(plan).not.toContain('TEMP B-TREE')
  }
  await db.close()
})

it.each(['newestFirst', 'oldestFirst'] as const)(
  'S-019 what is searched, Spam and Trash among it, is read in the order of an index, %s',
  async (sort) => {
    const db = await opened()
    const query = {
      account: 'main',
      inboxes: ['support', 'sales'],
      filter: { and: [] },
      hideSpam: false,
      hideTrash: false,
      now: '2026-03-10T22:30:00.000Z',
      zone: 'UTC',
    }
    const plans = plansOf(db, listQuery('search', query, 'newestFirst', { sort }))
    expect(plans).toHaveLength(2)
    for (const plan of plans) {
      expect(plan).toContain('_by_time (')
      expect(plan).not.toContain('TEMP B-TREE')
    }
    await db.close()
  },
)
