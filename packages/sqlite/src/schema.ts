/** What the tables are, how a file says so, and how an older file becomes one of today. */
import type { Database } from 'better-sqlite3'
import { Refused } from './faults.js'

export interface Schema {
  /** Marks a file as ours (PRAGMA application_id), so that no other database is written into. */
  readonly applicationId: number
  readonly holds: string
  /** `steps[n]` turns version n (PRAGMA user_version) into n + 1. Released ones never change. */
  readonly steps: readonly string[]
}

const numberOf = (driver: Database, pragma: string): number =>
  driver.pragma(pragma, { simple: true }) as number

const newer = (stored: number, known: number): Refused =>
  new Refused(
    `written by newer software (schema version ${String(stored)}, known here are those up to ${String(known)})`,
  )

/** Throws where the file belongs to somebody else, or to software newer than this. */
export const refuseStrangers = (
  driver: Database,
  { applicationId, holds, steps }: Schema,
): void => {
  // In one transaction: another process may be making the file what it is to be.
  const [marked, version, tables] = driver.transaction(() => [
    numberOf(driver, 'application_id'),
    numberOf(driver, 'user_version'),
    driver.prepare('SELECT count(*) FROM sqlite_master').pluck().get() as number,
  ])() as [number, number, number]
  if (marked === 0 && version === 0 && tables === 0) return
  if (marked !== applicationId) throw new Refused(`a database, but not ${holds} of Threadbook`)
  if (version > steps.length) throw newer(version, steps.length)
}

/** In one transaction; whoever comes second finds it done. */
export const migrate = (driver: Database, schema: Schema): void => {
  const { applicationId, steps } = schema
  // Read once, the schema is known to the connection: preparing statements waits for nobody.
  driver.prepare('SELECT count(*) FROM sqlite_master').get()
  if (numberOf(driver, 'user_version') === steps.length) return
  driver
    .transaction(() => {
      refuseStrangers(driver, schema)
      const version = numberOf(driver, 'user_version')
      if (version === steps.length) return
      for (const step of steps.slice(version)) driver.exec(step)
      driver.pragma(`application_id = ${String(applicationId)}`)
      driver.pragma(`user_version = ${String(steps.length)}`)
    })
    .immediate()
}

/** For an open file: a newer program may have taken it over meanwhile. */
export const versionWatch = (driver: Database, { steps }: Schema): (() => void) => {
  const version = driver.prepare('PRAGMA user_version').pluck()
  return () => {
    const stored = version.get() as number
    if (stored > steps.length) throw newer(stored, steps.length)
  }
}

/**
 * The log, and the rows that are made from it: one file, so that one transaction spans both.
 *
 * Each page that an append touches is written once more in full, so there are few. `places` finds a
 * stream's events by revision (integers) and by id (blobs, which sort behind them) in one tree: what
 * belongs to a stream stands together, and both are unique in it. `type_blocks` says which blocks of
 * the log (so many positions each, see `BLOCK`) hold events of a type: written once a block, read in
 * place of an index with an entry for each event.
 */
export const logSchema: Schema = {
  applicationId: 0x54_62_6c_67,
  holds: 'an event log',
  steps: [
    `
    CREATE TABLE streams (
      stream_no INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE
    ) STRICT;
    CREATE TABLE types (
      type_no INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE
    ) STRICT;
    CREATE TABLE events (
      position INTEGER PRIMARY KEY,
      stream_no INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      id BLOB NOT NULL,
      type_no INTEGER NOT NULL,
      data TEXT NOT NULL,
      metadata TEXT NOT NULL
    ) STRICT;
    CREATE TABLE places (
      stream_no INTEGER NOT NULL,
      key ANY NOT NULL,
      position INTEGER NOT NULL,
      PRIMARY KEY (stream_no, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE type_blocks (
      type_no INTEGER NOT NULL,
      block INTEGER NOT NULL,
      PRIMARY KEY (type_no, block)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE projections (
      projection_no INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      version INTEGER NOT NULL,
      row_table TEXT NOT NULL,
      checkpoint TEXT
    ) STRICT;
    CREATE TABLE counters (
      projection_no INTEGER NOT NULL,
      name TEXT NOT NULL,
      value INTEGER NOT NULL,
      PRIMARY KEY (projection_no, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE parked (
      projection_no INTEGER NOT NULL,
      position TEXT NOT NULL,
      key TEXT NOT NULL,
      error TEXT,
      PRIMARY KEY (projection_no, position, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE checkpoints (
      name TEXT PRIMARY KEY,
      position TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    `,
    `
    CREATE TABLE leases (
      name TEXT PRIMARY KEY,
      holder TEXT NOT NULL,
      beat INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    `,
    `
    CREATE TABLE watched (
      watch_no INTEGER PRIMARY KEY,
      projection_no INTEGER NOT NULL,
      part TEXT NOT NULL,
      name TEXT NOT NULL,
      filter TEXT NOT NULL,
      up_to TEXT,
      done INTEGER NOT NULL,
      UNIQUE (projection_no, part, name)
    ) STRICT;
    CREATE TABLE watched_counts (
      watch_no INTEGER NOT NULL,
      counted_by TEXT NOT NULL,
      count INTEGER NOT NULL,
      PRIMARY KEY (watch_no, counted_by)
    ) STRICT, WITHOUT ROWID;
    `,
    `
    ALTER TABLE parked ADD COLUMN stream TEXT NOT NULL DEFAULT '';
    ALTER TABLE parked ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE parked ADD COLUMN type TEXT NOT NULL DEFAULT '';
    ALTER TABLE parked ADD COLUMN recorded_at TEXT NOT NULL DEFAULT '';
    UPDATE parked SET
      stream = s.name, revision = e.revision, type = t.name,
      recorded_at = coalesce(e.metadata ->> 'recordedAt', '')
      FROM events e JOIN streams s USING (stream_no) JOIN types t USING (type_no)
      WHERE e.position = CAST(parked.position AS INTEGER);
    CREATE INDEX parked_by_key ON parked (projection_no, key, position);
    CREATE INDEX parked_broken ON parked (projection_no, position, key) WHERE error IS NOT NULL;
    CREATE TABLE skipped (
      projection TEXT NOT NULL,
      position TEXT NOT NULL,
      key TEXT NOT NULL,
      error TEXT NOT NULL,
      stream TEXT NOT NULL,
      revision INTEGER NOT NULL,
      type TEXT NOT NULL,
      recorded_at TEXT NOT NULL,
      reason TEXT NOT NULL,
      by TEXT NOT NULL,
      at TEXT NOT NULL,
      PRIMARY KEY (projection, position, key)
    ) STRICT, WITHOUT ROWID;
    `,
    // Each version of a projection has rows of its own, and what is built beside what is served, too.
    `
    CREATE TABLE projection_sets (
      projection_no INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL,
      version INTEGER NOT NULL,
      role TEXT NOT NULL,
      row_table TEXT NOT NULL,
      checkpoint TEXT,
      UNIQUE (name, version, role)
    ) STRICT;
    INSERT INTO projection_sets
      SELECT projection_no, name, version, 'served', row_table, checkpoint FROM projections;
    DROP TABLE projections;
    ALTER TABLE projection_sets RENAME TO projections;
    `,
    // What rows begin with stands for the names of their fields. Older software would not read them.
    `
    CREATE TABLE row_forms (
      form_no INTEGER PRIMARY KEY,
      names TEXT NOT NULL
    ) STRICT;
    `,
    // The rows that pass a watched filter, in order. What was watched is watched anew once it is asked for.
    `
    CREATE TABLE watched_rows (
      watch_no INTEGER NOT NULL,
      listed_by ANY NOT NULL,
      place ANY NOT NULL,
      key TEXT NOT NULL,
      PRIMARY KEY (watch_no, listed_by, place, key)
    ) STRICT, WITHOUT ROWID;
    ALTER TABLE watched ADD COLUMN ordered_by TEXT;
    DELETE FROM watched;
    DELETE FROM watched_counts;
    `,
  ],
}

/**
 * Rows of keys are never deleted and never change their size: SQLite moves neighbouring rows when a
 * page runs empty and may leave their old bytes behind; so a key's bytes stand in one place only,
 * and are overwritten there, also when it is wrapped anew. The index finds what is left to be.
 */
export const vaultSchema: Schema = {
  applicationId: 0x54_62_6b_79,
  holds: 'a vault of keys',
  steps: [
    `
    CREATE TABLE keys (
      slot INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      destroyed INTEGER NOT NULL,
      bytes BLOB NOT NULL,
      wrapped_by BLOB NOT NULL AS (substr(bytes, 1, 8))
    ) STRICT;
    CREATE INDEX keys_by_wrapping ON keys (wrapped_by) WHERE destroyed = 0;
    `,
  ],
}

/** Large blobs in pieces: SQLite takes each row into memory as a whole, three times over. */
export const blobsSchema: Schema = {
  applicationId: 0x54_62_62_6c,
  holds: 'a store of blobs',
  steps: [
    `
    CREATE TABLE pieces (
      piece_no INTEGER PRIMARY KEY,
      blob TEXT NOT NULL,
      place INTEGER NOT NULL,
      bytes BLOB NOT NULL,
      UNIQUE (blob, place)
    ) STRICT;
    `,
  ],
}

/**
 * Words in the plain, so nothing of what is removed may stay: secure-delete of FTS5 takes words out
 * of its index instead of marking them. Numbers are never given twice: SQLite (3.53) loses words of a
 * number that was taken out and put in again, with these two settings. Which words stand next to each other is seen in the text.
 * `s` is the schema's name and a dot, or nothing.
 */
export const searchTables = (s: string): string => `
    CREATE TABLE ${s}state (
      version INTEGER NOT NULL,
      first_event TEXT NOT NULL,
      checkpoint TEXT
    ) STRICT;
    CREATE TABLE ${s}entries (
      entry_no INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      row TEXT NOT NULL,
      origin TEXT NOT NULL,
      source TEXT NOT NULL,
      text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX ${s}entries_by_row ON entries (row);
    CREATE INDEX ${s}entries_by_origin ON entries (origin);
    CREATE TABLE ${s}entry_keys (
      key TEXT NOT NULL,
      entry_no INTEGER NOT NULL,
      PRIMARY KEY (key, entry_no)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX ${s}keys_by_entry ON entry_keys (entry_no);
    CREATE VIRTUAL TABLE ${s}words USING fts5(
      text, content = 'entries', content_rowid = 'entry_no',
      tokenize = 'ascii', detail = 'none', columnsize = 0
    );
    INSERT INTO ${s}words (words, rank) VALUES ('secure-delete', 1);
    `

export const searchSchema: Schema = {
  applicationId: 0x54_62_73_65,
  holds: 'a search index',
  steps: [searchTables('')],
}
