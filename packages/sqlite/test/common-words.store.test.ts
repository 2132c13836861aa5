/** How it is told that a word is common: without gathering all that begins so. */
import { beforeAll, describe, expect, it } from '@jest/globals'
import {
  countedPosition,
  filters,
  indexedText,
  type RecordedEvent,
  type Rows,
  type SearchIndex,
  type SearchTerm,
} from '@threadbook/sourcing'
import type { Statement } from 'better-sqlite3'
import { openDatabase, type Database } from '../src/database.js'
import { logSchema } from '../src/schema.js'
import { sqliteSearch } from '../src/search.js'
import { openTables } from '../src/tables.js'
import { newEvent, ok } from './fixtures.js'

const notes: Rows = {
  name: 'notes',
  version: 1,
  table: {
    name: 'notes',
    columns: { at: 'number' },
    indexes: [{ name: 'notes_by_time', columns: ['at'] }],
  },
  categories: ['note'],
  on: { Put: (_, { data }) => data as Record<string, unknown> },
}

/** One more than are looked up. */
const MANY = 2_001
const EVERY_HUNDREDTH = 100

const wordsOf = (n: number): string =>
  n % EVERY_HUNDREDTH === 0 ? `common rare place${String(n)}` : `common place${String(n)}`

describe('a search', () => {
  let search: SearchIndex
  /** What is counted, and where rows are looked for. */
  let counted: string[]
  let sources: string[]

  beforeAll(async () => {
    const db = await openDatabase(':memory:', logSchema)
    const listening: Database = {
      ...db,
      statement: (sql) => {
        const statement = db.statement(sql)
        if (sql.startsWith('SELECT _key')) sources.push(sql)
        if (!sql.startsWith('SELECT count')) return statement
        const get = (match: string) => {
          counted.push(match)
          return statement.pluck().get(match)
        }
        return { pluck: () => ({ get }) } as unknown as Statement
      },
    }
    const tables = openTables(db)
    search = await sqliteSearch(':memory:', listening)
    await ok(search.open({ version: 1, firstEvent: 'x' }))
    await ok(db.write(() => tables.open(notes)))
    const events = Array.from({ length: MANY }, (_, n): RecordedEvent => ({
      ...newEvent('Put', { at: n }),
      stream: `note-acme.${String(n)}`,
      revision: 0,
      position: countedPosition(n + 1),
    }))
    const position = countedPosition(MANY)
    await ok(db.write(() => tables.apply(notes, { events, after: undefined, position })))
    await ok(
      search.apply(
        events.map((_, n) => {
          const id = String(n)
          const text = indexedText([wordsOf(n)])
          return { type: 'put', entry: { id, row: id, origin: id, source: '', text, keys: [] } }
        }),
      ),
    )
  })

  const find = async (...terms: [SearchTerm, ...SearchTerm[]]) => {
    counted = []
    sources = []
    const hits = await ok(
      search.find(notes, {
        where: filters.and(),
        order: { column: 'at', direction: 'descending' },
        limit: 3,
        terms,
      }),
    )
    return hits.map(({ key }) => key)
  }
  const word = (token: string, prefix = true): SearchTerm => ({ tokens: [token], prefix })

  it('for a common word looks for the word alone, and goes through the rows in order', async () => {
    expect(await find(word('common'))).toEqual(['2000', '1999', '1998'])
    expect(counted).toEqual(['"common"'])
    expect(sources.join()).toContain('EXISTS')
  })

  it('for what many words begin with gathers these, as far as need be', async () => {
    expect(await find(word('place'))).toEqual(['2000', '1999', '1998'])
    expect(counted).toEqual(['"place"', '"place" *'])
    expect(sources.join()).toContain('EXISTS')
  })

  it('for a rare word looks its entries up, with a common one beside it too', async () => {
    for (const terms of [[word('rare')], [word('common'), word('ra')]] as const) {
      expect(await find(...(terms as [SearchTerm]))).toEqual(['2000', '1900', '1800'])
      expect(sources.join()).toContain('CROSS JOIN')
    }
    expect(counted).toEqual(['"common" AND "ra"', '"common" * AND "ra" *'])
  })
})
