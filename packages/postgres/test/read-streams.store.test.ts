/** How the log is read stream by stream where the server knows nothing of it, and amid appends. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { countedPosition, type EventStore, type RecordedEvent } from '@threadbook/sourcing'
import pg from 'pg'
import { metadata, ok, opening, put, wholeLog } from './fixtures.js'
import { fillUnanalysed, mostRows, plansIn } from './plans.js'
import { server } from './server.js'

const { config, newSchema, pool } = server()
const { open, closeAll } = opening(config)

let s: string
let store: EventStore
beforeEach(async () => {
  const schema = newSchema()
  s = pg.escapeIdentifier(schema)
  store = (await open(schema)).store
})
afterEach(closeAll)

describe('a log that was never analysed', () => {
  const EVENTS = 25_000
  const SLICE = 100

  beforeEach(() => fillUnanalysed(pool(), s, EVENTS))

  it.each([
    ['everything', null, null],
    ['one type of one kind of stream', ['Put', 'Other'], ['note-']],
  ])('is read in the order of its indexes: %s', async (_, types, prefixes) => {
    for (const first of [0, 2_500]) {
      const [plan, ...others] = await plansIn(
        pool(),
        `SELECT * FROM ${s}.read_streams($1, $2, $3, $4, $5, $6)`,
        [EVENTS, types, prefixes, first, 0, SLICE],
      )
      expect(plan).toMatch(/Index Scan using streams_pkey/)
      expect(plan).toMatch(/Index Scan using events_stream_revision_key/)
      expect(plan).not.toMatch(/Seq Scan|Bitmap|Hash|Merge/)
      // The events of a few streams at a time are put in order.
      expect(plan).not.toMatch(/(?<!Incremental )Sort {2}\(/)
      expect(mostRows(plan!)).toBeLessThanOrEqual(SLICE * 3)
      expect(others).toEqual([])
    }
  })
})

it('stream by stream, an append that took its place before others and commits late is left out', async () => {
  await put(store, 'a')
  const client = await pool().connect()
  await client.query('BEGIN')
  await client.query(`SELECT ${s}.append_one($1, 0, $2, 'Put', '{}', $3)`, [
    'note-acme.a',
    randomUUID(),
    JSON.stringify(metadata),
  ])
  await put(store, 'b')
  const read = async (upTo: number): Promise<readonly RecordedEvent[]> =>
    (await ok(store.readStreams!({ filter: {}, upTo: countedPosition(upTo) }))).events
  const settled = await ok(store.readAll())
  const before = await read(Number(settled.position))
  expect(before).toEqual(settled.events)
  await client.query('COMMIT')
  client.release()
  const log = await wholeLog(store)
  expect(log.map(({ stream }) => stream)).toEqual(['note-acme.a', 'note-acme.a', 'note-acme.b'])
  expect(await read(Number(settled.position))).toEqual(before)
  expect(await read(3)).toEqual(log)
})
