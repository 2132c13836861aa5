/** Writing to the search index: steps for the inside of a transaction. */
import * as E from 'fp-ts/lib/Either.js'
import {
  positionCount,
  type CheckpointMoved,
  type EntryPlace,
  type KeyId,
  type NewerSearchIndex,
  type Position,
  type SearchChange,
  type SearchedLog,
  type SearchEntry,
} from '@threadbook/sourcing'
import type { Database } from './database.js'

export interface SearchEntries {
  /** Writes. `head`: the last position of the log beside it, 0 where it is empty. */
  readonly open: (log: SearchedLog, head: number) => E.Either<NewerSearchIndex, void>
  readonly checkpoint: () => Position | undefined
  /** Writes. */
  readonly apply: (
    changes: readonly SearchChange[],
    checkpoint?: { readonly after: Position | undefined; readonly position: Position },
  ) => E.Either<CheckpointMoved, void>
  readonly openedBy: (keys: readonly KeyId[]) => readonly EntryPlace[]
}

interface State {
  readonly version: number
  readonly first_event: string
  readonly checkpoint: Position | null
}

/** `s`: the schema's name and a dot, or nothing. */
export const searchEntries = ({ driver }: Database, s: string): SearchEntries => {
  const findState = driver.prepare(`SELECT version, first_event, checkpoint FROM ${s}state`)
  const putState = driver.prepare(`INSERT INTO ${s}state VALUES (?, ?, NULL)`)
  const moveCheckpoint = driver.prepare(`UPDATE ${s}state SET checkpoint = ?`)
  const insert = driver.prepare(
    `INSERT INTO ${s}entries (id, row, origin, source, text) VALUES (?, ?, ?, ?, ?)`,
  )
  const insertKey = driver.prepare(`INSERT OR IGNORE INTO ${s}entry_keys VALUES (?, ?)`)
  const addWords = driver.prepare(`INSERT INTO ${s}words (rowid, text) VALUES (?, ?)`)
  const takeWords = driver.prepare(
    `INSERT INTO ${s}words (words, rowid, text) VALUES ('delete', ?, ?)`,
  )
  const byId = driver.prepare(`SELECT entry_no, text FROM ${s}entries WHERE id = ?`)
  const byOrigin = driver.prepare(`SELECT entry_no, text FROM ${s}entries WHERE origin = ?`)
  const remove = driver.prepare(`DELETE FROM ${s}entries WHERE entry_no = ?`)
  const removeKeys = driver.prepare(`DELETE FROM ${s}entry_keys WHERE entry_no = ?`)
  const moveRow = driver.prepare(`UPDATE ${s}entries SET row = ? WHERE row = ?`)
  const moveOrigin = driver.prepare(`UPDATE ${s}entries SET row = ? WHERE origin = ?`)
  const opened = driver.prepare(
    `SELECT DISTINCT id, row, origin, source FROM ${s}entries
     WHERE entry_no IN (SELECT entry_no FROM ${s}entry_keys
                        WHERE key IN (SELECT value FROM json_each(?)))
     ORDER BY id`,
  )

  const state = () => findState.get() as State | undefined

  const take = (found: readonly { entry_no: number; text: string }[]) => {
    for (const { entry_no, text } of found) {
      takeWords.run(entry_no, text)
      removeKeys.run(entry_no)
      remove.run(entry_no)
    }
  }
  type Found = { entry_no: number; text: string }[]

  const put = ({ id, row, origin, source, text, keys }: SearchEntry) => {
    take(byId.all(id) as Found)
    const { lastInsertRowid } = insert.run(id, row, origin, source, text)
    for (const key of keys) insertKey.run(key, lastInsertRowid)
    addWords.run(lastInsertRowid, text)
  }

  const carryOut = (change: SearchChange): void => {
    switch (change.type) {
      case 'put':
        put(change.entry)
        return
      case 'remove':
        take(byId.all(change.id) as Found)
        return
      case 'removeOrigin':
        take(byOrigin.all(change.origin) as Found)
        return
      case 'moveRow':
        moveRow.run(change.to, change.from)
        return
      case 'moveOrigin':
        moveOrigin.run(change.to, change.origin)
        return
    }
  }

  const empty = () => {
    driver.exec(
      `INSERT INTO ${s}words (words) VALUES ('delete-all');
       DELETE FROM ${s}entries; DELETE FROM ${s}entry_keys; DELETE FROM ${s}state`,
    )
  }

  return {
    open: ({ version, firstEvent }, head) => {
      const there = state()
      if (there !== undefined && there.version > version)
        return E.left({ type: 'NewerSearchIndex', version, stored: there.version })
      const isOurs = there?.version === version && there.first_event === firstEvent
      // Ahead of its log, that was put back to an earlier state. Where the log is elsewhere, this
      // one is empty, and positions are not its own.
      const isAhead = head > 0 && positionCount(there?.checkpoint ?? undefined) > head
      if (isOurs && !isAhead) return E.right(undefined)
      empty()
      putState.run(version, firstEvent)
      return E.right(undefined)
    },

    checkpoint: () => state()?.checkpoint ?? undefined,

    apply: (changes, moved) => {
      const actual = state()?.checkpoint ?? undefined
      const expected = moved?.after
      if (moved !== undefined && actual !== expected)
        return E.left({ type: 'CheckpointMoved', projection: 'search', expected, actual })
      for (const change of changes) carryOut(change)
      if (moved !== undefined) moveCheckpoint.run(moved.position)
      return E.right(undefined)
    },

    openedBy: (keys) => opened.all(JSON.stringify(keys)) as EntryPlace[],
  }
}
