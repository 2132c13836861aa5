/** Appends to a SQLite file at the port, against one prepared insert with the same durability. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { EventStore, NewEvent, NonEmpty } from '@threadbook/sourcing'
import { sqlite } from '@threadbook/sqlite'
import Database from 'better-sqlite3'
import { timed, type Scenario, type Subject } from '../scenario.js'

const data = { owner: 'user:ada', note: 'x'.repeat(200) }
const metadata = {
  schemaVersion: 1,
  account: 'main',
  actor: 'user:ada',
  commandId: '01a20000-0000-7000-8000-000000000000',
  occurredAt: '2026-01-01T00:00:00.000Z',
  recordedAt: '2026-01-01T00:00:00.000Z',
}
const newEvent = (): NewEvent => ({ id: randomUUID(), type: 'Assigned', data, metadata })
const newEvents = (count: number): NonEmpty<NewEvent> =>
  Array.from({ length: count }, newEvent) as unknown as NonEmpty<NewEvent>

/** A table, a unique key, a prepared statement: what one would write without a library. */
const bare = (perCommit: number, commits: number): Subject => ({
  name: 'bare insert',
  settings: `better-sqlite3, WAL, synchronous=FULL, ${perCommit} a commit`,
  run: async (folder) => {
    const db = new Database(join(folder, 'floor.db'))
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.exec(
      `CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT NOT NULL, revision INTEGER
       NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL, metadata TEXT NOT NULL,
       UNIQUE (stream, revision))`,
    )
    const insert = db.prepare(
      'INSERT INTO events (stream, revision, id, type, data, metadata) VALUES (?, ?, ?, ?, ?, ?)',
    )
    const commit = db.transaction((stream: string, events: readonly NewEvent[]) => {
      for (const [revision, { id, type, data, metadata }] of events.entries())
        insert.run(stream, revision, id, type, JSON.stringify(data), JSON.stringify(metadata))
    })
    const batches = Array.from({ length: commits }, () => newEvents(perCommit))
    const result = await timed(perCommit * commits, async () => {
      batches.forEach((events, index) => commit(`conversation-main.${index}`, events))
    })
    db.close()
    return result
  },
})

const ours = (perCommit: number, commits: number): Subject => ({
  name: 'Threadbook, SQLite file',
  settings: `WAL, synchronous=FULL, at the port, ${perCommit} a call`,
  run: async (folder) => {
    const adapters = await sqlite(join(folder, 'threadbook.db'))
    const store: EventStore = adapters.store
    const batches = Array.from({ length: commits }, () => newEvents(perCommit))
    const result = await timed(perCommit * commits, async () => {
      for (const [index, events] of batches.entries()) {
        const stream = `conversation-main.${index}`
        const appended = await store.append({ stream, expected: 'noStream', events })()
        if (appended._tag === 'Left') throw new Error(appended.left.type)
      }
    })
    await adapters.close()
    return result
  },
})

const scenario = (name: string, perCommit: number, commits: number): Scenario => ({
  name,
  operation: 'event',
  size: perCommit * commits,
  floor: bare(perCommit, commits),
  subjects: [ours(perCommit, commits)],
})

export const appendOne = scenario('append one event, SQLite file', 1, 3_000)
export const appendMany = scenario('append 1,000 events in one call, SQLite file', 1_000, 50)
