/** What an inbox of so many conversations holds in memory while nobody asks for anything. */
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { openInbox } from '@threadbook/inbox'
import { memory } from '@threadbook/sourcing/memory'
import { sqlite } from '@threadbook/sqlite'
import Database from 'better-sqlite3'
import { writeConversations } from '../fixtures/conversations.js'
import { FILE } from '../fixtures/logs.js'
import { right } from '../right.js'
import type { Fixture, Measured, Scenario } from '../scenario.js'

const EVENTS_EACH = 2

const inbox: Fixture = {
  name: 'inbox of short conversations',
  make: async (folder, conversations) => {
    await using adapters = await sqlite(join(folder, FILE))
    await writeConversations(adapters, { conversations, eventsEach: EVENTS_EACH })
    const opened = await openInbox(adapters)
    await opened.close()
  },
}

const collected = async (): Promise<NodeJS.MemoryUsage> => {
  await setTimeout(100)
  global.gc!()
  global.gc!()
  return process.memoryUsage()
}

const measured = (bytes: number): Measured => ({ operations: 1, ms: 0, bytes })
const resident = async () => measured((await collected()).rss)
const onHeap = async () => {
  const { heapUsed, external } = await collected()
  return measured(heapUsed + external)
}

const shared = {
  operation: 'conversation',
  measure: 'bytes',
  sizes: [100_000],
  quick: 10_000,
  rounds: 3,
} as const

export const restingSqlite: Scenario = {
  ...shared,
  name: 'memory at rest, SQLite: the whole process',
  fixture: inbox,
  floor: {
    name: 'Node with better-sqlite3',
    settings: 'the same file open, a page of 50 rows read',
    run: async ({ fixture }) => {
      const db = new Database(join(fixture, FILE), { readonly: true })
      db.prepare('SELECT data, metadata FROM events LIMIT 50').all()
      const memory = await resident()
      db.close()
      return memory
    },
  },
  subjects: [
    {
      name: 'Threadbook',
      settings: 'inbox open on the file, a page of 50 and the counts read',
      run: async ({ fixture }) => {
        await using inbox = await openInbox(await sqlite(join(fixture, FILE)))
        right(await inbox.views.list('allOpen', { limit: 50 }))
        right(await inbox.views.counts())
        return await resident()
      },
    },
  ],
}

export const restingMemory: Scenario = {
  ...shared,
  name: 'memory at rest, all in memory: the heap',
  fixture: inbox,
  floor: {
    name: 'a Map of JSON texts',
    settings: 'events as JSON text by stream, no views, no index, no keys',
    run: async ({ fixture }) => {
      const db = new Database(join(fixture, FILE), { readonly: true })
      const streams = new Map<number, [id: string, data: string, metadata: string][]>()
      const rows = db.prepare('SELECT stream_no, hex(id), data, metadata FROM events').raw()
      for (const [stream, ...event] of rows.iterate() as Iterable<[number, string, string, string]>)
        streams.set(stream, [...(streams.get(stream) ?? []), event])
      db.close()
      const memory = await onHeap()
      if (streams.size === 0) throw new Error('expected streams')
      return memory
    },
  },
  subjects: [
    {
      name: 'Threadbook',
      settings: 'memory adapters: log, views, keys, search index',
      run: async ({ size }) => {
        const adapters = await memory()
        await writeConversations(adapters, { conversations: size, eventsEach: EVENTS_EACH })
        await using inbox = await openInbox(adapters)
        right(await inbox.indexWords())
        return await onHeap()
      },
    },
  ],
}
