/** What the server knows of a table of rows that was filled anew. */
import { afterEach, expect, it } from '@jest/globals'
import {
  countedPosition,
  filters,
  inSet,
  type RecordedEvent,
  type Rows,
} from '@threadbook/sourcing'
import { metadata, ok, opening } from './fixtures.js'
import { server } from './server.js'

const { config, newSchema, pool } = server()
const { open, closeAll } = opening(config)
afterEach(closeAll)

const notes: Rows = {
  name: 'notes',
  version: 1,
  table: {
    name: 'notes',
    columns: { owner: 'text', pinned: 'boolean' },
    indexes: [
      { name: 'notes_by_owner', columns: ['owner', 'pinned'] },
      { name: 'pinned_notes', columns: ['owner'], where: filters.is('pinned', true) },
    ],
  },
  categories: ['note'],
  on: { Put: (_, { data }) => data as Record<string, unknown> },
}

const COUNT = 1_000

it('is analysed once its indexes are made: nobody waits for the server to come round to it', async () => {
  const schema = newSchema()
  const { readModels } = await open(schema)
  const next = inSet(notes, 'next')
  await ok(readModels.open(notes))
  await ok(readModels.open(next))
  const position = countedPosition(COUNT)
  const events = Array.from({ length: COUNT }, (_, n): RecordedEvent => ({
    id: '019a0000-0001-7000-8000-000000000001',
    stream: `note-acme.${String(n)}`,
    revision: 0,
    type: 'Put',
    data: { owner: n % 10 === 0 ? 'ada' : 'bo', pinned: n % 50 === 0 },
    position: countedPosition(n + 1),
    metadata,
  }))
  await ok(readModels.apply(next, { events, after: undefined, position }))
  await ok(readModels.index(next))
  const { rows } = await pool().query<{ attname: string; common: string }>(
    `SELECT attname, most_common_vals::text AS common FROM pg_stats
     WHERE schemaname = $1 AND attname IN ('owner', 'pinned') ORDER BY attname`,
    [schema],
  )
  expect(rows).toEqual([
    { attname: 'owner', common: '{bo,ada}' },
    { attname: 'pinned', common: '{f,t}' },
  ])
})
