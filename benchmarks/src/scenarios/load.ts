/** Loading a long stream into a state, against reading its rows and parsing their JSON. */
import { join } from 'node:path'
import { conversations } from '@threadbook/core'
import { commandHandling, keyRing, type Adapters, type RecordedEvent } from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import { sqlite } from '@threadbook/sqlite'
import Database from 'better-sqlite3'
import { randomUUID } from 'node:crypto'
import {
  conversationEvents,
  conversationId,
  streamOf,
  writeLongConversation,
} from '../fixtures/conversations.js'
import { FILE, longStream } from '../fixtures/logs.js'
import { peersEvent } from '../peers/conversation.js'
import { emmettLoad } from '../peers/emmett-sqlite.js'
import { castoreInMemory, emmettInMemory } from '../peers/in-memory.js'
import { repeated } from '../repeated.js'
import { right } from '../right.js'
import type { Measured, Scenario, Subject } from '../scenario.js'

const LOADS = 10

const eventsOfPeers = (size: number) => conversationEvents(size).map(peersEvent)

/** Without what was cached before: each time as after a start. */
const loading = ({ store, vault }: Adapters, size: number): Promise<Measured> => {
  const keys = keyRing(vault, randomUUID)
  const now = () => new Date().toISOString()
  return repeated(size, LOADS, async () => {
    const { read } = commandHandling({ store, keys, now })
    const state = right(await read('main', conversations, conversationId(0)))
    if (state.situation !== 'present') throw new Error('expected the conversation to be there')
  })
}

const readAndParse: Subject = {
  name: 'read and parse',
  settings: 'better-sqlite3, the same rows of the same file, JSON.parse of data and metadata',
  run: async ({ fixture, size }) => {
    const db = new Database(join(fixture, FILE), { readonly: true })
    const select = db
      .prepare(
        `SELECT e.data, e.metadata FROM streams s JOIN places p USING (stream_no)
         JOIN events e USING (position)
         WHERE s.name = ? AND p.key >= 0 AND p.key < x'' ORDER BY p.key`,
      )
      .raw()
    const measured = await repeated(size, LOADS, () => {
      const events = (select.all(streamOf(0)) as [string, string][]).map(([data, metadata]) => ({
        data: JSON.parse(data) as unknown,
        metadata: JSON.parse(metadata) as unknown,
      }))
      if (events.length < size) throw new Error(`expected ${size} events, got ${events.length}`)
    })
    db.close()
    return measured
  },
}

export const loadSqlite: Scenario = {
  name: 'load and fold a long stream, SQLite',
  operation: 'event',
  measure: 'perSecond',
  sizes: [10_000],
  quick: 10_000,
  fixture: longStream,
  floor: readAndParse,
  subjects: [
    {
      name: 'Threadbook',
      settings: 'SQLite file, validated by codecs, folded, nothing cached',
      run: async ({ fixture, size }) => {
        await using adapters = await sqlite(join(fixture, FILE))
        return await loading(adapters, size)
      },
    },
  ],
  peers: [emmettLoad(eventsOfPeers, LOADS)],
}

const inMemory = async (size: number): Promise<Adapters> => {
  const adapters = await memory()
  await writeLongConversation(adapters, size)
  return adapters
}

const textsOf = ({ data, metadata }: RecordedEvent) => ({
  data: JSON.stringify(data),
  metadata: JSON.stringify(metadata),
})

export const loadMemory: Scenario = {
  name: 'load and fold a long stream, memory',
  operation: 'event',
  measure: 'perSecond',
  sizes: [10_000],
  quick: 10_000,
  floor: {
    name: 'a Map of JSON texts',
    settings: 'JSON.parse of data and metadata',
    run: async ({ size }) => {
      const { store } = await inMemory(size)
      const { events } = right(await store.readStream(streamOf(0))())
      const streams = new Map([[streamOf(0), events.map(textsOf)]])
      return repeated(size, LOADS, () => {
        const parsed = streams.get(streamOf(0))!.map(({ data, metadata }) => ({
          data: JSON.parse(data) as unknown,
          metadata: JSON.parse(metadata) as unknown,
        }))
        if (parsed.length !== size) throw new Error(`expected ${size} events`)
      })
    },
  },
  subjects: [
    {
      name: 'Threadbook',
      settings: 'memory, validated by codecs, folded, nothing cached',
      run: async ({ size }) => loading(await inMemory(size), size),
    },
  ],
  peers: [emmettInMemory(eventsOfPeers, LOADS), castoreInMemory(eventsOfPeers, LOADS)],
}
