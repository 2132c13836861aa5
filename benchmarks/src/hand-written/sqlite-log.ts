/** A table, a unique key, prepared statements: what one would write without a library. */
import { join } from 'node:path'
import type { NewEvent } from '@threadbook/sourcing'
import Database from 'better-sqlite3'

export const HAND_WRITTEN = 'better-sqlite3, WAL, synchronous=FULL, one table, one unique key'

export interface HandWrittenLog {
  readonly db: Database.Database
  /** One durable commit. */
  readonly append: (stream: string, revision: number, events: readonly NewEvent[]) => void
}

export const handWrittenLog = (folder: string): HandWrittenLog => {
  const db = new Database(join(folder, 'hand-written.db'))
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec(
    `CREATE TABLE IF NOT EXISTS events (position INTEGER PRIMARY KEY, stream TEXT NOT NULL,
     revision INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL,
     metadata TEXT NOT NULL, UNIQUE (stream, revision))`,
  )
  const insert = db.prepare(
    'INSERT INTO events (stream, revision, id, type, data, metadata) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const append = db.transaction((stream: string, revision: number, events: readonly NewEvent[]) => {
    for (const [index, { id, type, data, metadata }] of events.entries())
      insert.run(stream, revision + index, id, type, JSON.stringify(data), JSON.stringify(metadata))
  })
  return { db, append }
}
