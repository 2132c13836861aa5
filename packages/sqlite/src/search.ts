/**
 * The search index: in a file beside the log (`support.search.db`), as its words are plain. It is
 * made anew from the log where it is missing, so it is no part of a backup.
 */
import Driver from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import { BoundedMap, type SearchIndex } from '@threadbook/sourcing'
import { beside, MEMORY } from './beside.js'
import { openDatabase, type Database, type DatabaseOptions } from './database.js'
import { door } from './door.js'
import { searchEntries } from './search-entries.js'
import { rowsRead } from './row-forms.js'
import { findByText, type Finding } from './search-find.js'
import { searchSchema, searchTables } from './schema.js'

const MOST_STATEMENTS = 128

interface Opened extends Finding {
  /** Where it is written. */
  readonly db: Database
  readonly close: () => Promise<void>
}

/** In memory there is one connection only: both are in it. */
const besideLog = (log: Database): Opened => {
  log.driver.exec(`ATTACH ':memory:' AS search`)
  log.driver.exec(searchTables('search.'))
  return {
    db: log,
    statement: log.statement,
    search: 'search.',
    log: 'main.',
    rowOf: rowsRead(log.statement, 'main.'),
    close: () => Promise.resolve(),
  }
}

/**
 * Written through a connection of its own, and read through another that sees the log, too: a
 * transaction of the log's own connection would lock both files.
 */
const inFile = async (path: string, options: DatabaseOptions): Promise<Opened> => {
  const file = beside(path, 'search')
  const db = await openDatabase(file, searchSchema, { ...options, synchronous: 'NORMAL' })
  db.driver.pragma('secure_delete = ON')
  const reader = new Driver(file, { readonly: true })
  reader.prepare('ATTACH ? AS log').run(path)
  const statements = new BoundedMap<string, Driver.Statement>(MOST_STATEMENTS)
  const prepared = (sql: string) => {
    let statement = statements.get(sql)
    if (statement === undefined) statements.set(sql, (statement = reader.prepare(sql)))
    return statement
  }
  return {
    db,
    statement: prepared,
    search: 'main.',
    log: 'log.',
    rowOf: rowsRead(prepared, 'log.'),
    close: async () => {
      reader.close()
      await db.close()
    },
  }
}

const REMOVES: ReadonlySet<string> = new Set(['remove', 'removeOrigin'])

export const sqliteSearch = async (
  path: string,
  log: Database,
  options: DatabaseOptions = {},
): Promise<SearchIndex> => {
  const opened = path === MEMORY ? besideLog(log) : await inFile(path, options)
  const { db, search } = opened
  const { through, close } = door()
  const entries = searchEntries(db, path === MEMORY ? search : '')
  const head = () =>
    opened
      .statement(`SELECT coalesce(max(position), 0) FROM ${opened.log}events`)
      .pluck()
      .get() as number
  return {
    open: (searched) => through(db.write(() => entries.open(searched, head()))),
    checkpoint: () => through(db.read(() => E.right(entries.checkpoint()))),
    apply: (changes, checkpoint) =>
      through(async () => {
        const applied = await db.write(() => entries.apply(changes, checkpoint))()
        // What was removed still stands in the write-ahead log.
        if (E.isRight(applied) && changes.some(({ type }) => REMOVES.has(type))) db.checkpoint()
        return applied
      }),
    openedBy: (keys) => through(db.read(() => E.right(entries.openedBy(keys)))),
    find: (projection, query) => through(db.read(() => findByText(opened, projection, query))),
    close: async () => {
      close()
      await opened.close()
    },
  }
}
