/** The tables of what broke: parked events by projection, skipped ones by a projection's name. */
import {
  columnText,
  skipMark,
  type ParkedEvent,
  type ParkedKey,
  type ParkedQuery,
  type Position,
  type RecordedEvent,
  type SkippedEvent,
} from '@threadbook/sourcing'
import type { Step } from './aside.js'
import type { Database } from './database.js'
import type { SqlValue } from './filter-sql.js'
import { LIMIT } from './limit.js'

/** Steps for the inside of `read` and `write`. */
export interface ParkedTable {
  readonly keys: (projectionNo: number) => readonly string[]
  readonly find: (projectionNo: number, query?: ParkedQuery) => readonly ParkedEvent[]
  readonly findKeys: (projectionNo: number, limit: number) => readonly ParkedKey[]
  /** Writes; what is there of the same key and position is replaced. */
  readonly put: (projectionNo: number, events: readonly ParkedEvent[]) => void
  /** Writes. */
  readonly remove: (projectionNo: number, key: string, events: readonly RecordedEvent[]) => void
  /** Writes. */
  readonly clear: (projectionNo: number) => void
  readonly skipped: (name: string) => readonly SkippedEvent[]
  /** As `FoldOptions` want them. */
  readonly skipMarks: (name: string) => ReadonlySet<string>
  /** Whether an event that was skipped is what a key stands still at. */
  readonly isSkippedParked: (projectionNo: number, name: string) => boolean
  /** Writes, unless it is there. */
  readonly skip: (name: string, event: SkippedEvent) => void
}

const COLUMNS = 'position, key, stream, revision, type, recorded_at AS recordedAt, error'

interface Row {
  readonly position: Position
  readonly key: string
  readonly stream: string
  readonly revision: number
  readonly type: string
  readonly recordedAt: string
  readonly error: string | null
}

const parkedEvent = <R extends Row>({ error, ...event }: R): Omit<R, 'error'> & ParkedEvent =>
  error === null ? event : { ...event, error }

const PUT = `INSERT OR REPLACE INTO parked
  (projection_no, position, key, error, stream, revision, type, recorded_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`

/** All of a set's. */
export const CLEAR_PARKED = 'DELETE FROM parked WHERE projection_no = ?'

const putValues = (
  no: number,
  { position, key, error, ...event }: ParkedEvent,
): readonly SqlValue[] => {
  const { stream, revision, type, recordedAt } = event
  return [no, position, key, error ?? null, stream, revision, type, recordedAt]
}

/** What puts them in, as `put` would. */
export const puttingParked = (no: number, events: readonly ParkedEvent[]): Step => ({
  sql: PUT,
  values: events.map((event) => putValues(no, event)),
})

export const openParked = ({ driver }: Pick<Database, 'driver'>): ParkedTable => {
  const keys = driver.prepare('SELECT DISTINCT key FROM parked WHERE projection_no = ?').pluck()
  const all = driver.prepare(
    `SELECT ${COLUMNS} FROM parked WHERE projection_no = ? ORDER BY position, key ${LIMIT}`,
  )
  const ofKey = driver.prepare(
    `SELECT ${COLUMNS} FROM parked WHERE projection_no = ? AND key = ? ORDER BY position ${LIMIT}`,
  )
  const broken = driver.prepare(
    `SELECT ${COLUMNS}, (
       SELECT count(*) FROM parked AS waiting WHERE waiting.projection_no = parked.projection_no
       AND waiting.key = parked.key AND waiting.position > parked.position
     ) AS waiting
     FROM parked WHERE projection_no = ? AND error IS NOT NULL ORDER BY position, key ${LIMIT}`,
  )
  const put = driver.prepare(PUT)
  const remove = driver.prepare(
    'DELETE FROM parked WHERE projection_no = ? AND position = ? AND key = ?',
  )
  const clear = driver.prepare(CLEAR_PARKED)
  const skipped = driver.prepare(
    `SELECT ${COLUMNS}, reason, by, at FROM skipped WHERE projection = ? ORDER BY position, key`,
  )
  const skip = driver.prepare(
    'INSERT OR IGNORE INTO skipped VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )

  const skippedParked = driver
    .prepare(
      `SELECT EXISTS (SELECT 1 FROM skipped CROSS JOIN parked USING (position, key)
       WHERE projection = ? AND projection_no = ? AND parked.error IS NOT NULL)`,
    )
    .pluck()

  const skippedBy = (name: string) =>
    (skipped.all(name) as (Row & SkippedEvent)[]).map(parkedEvent) as SkippedEvent[]

  return {
    keys: (no) => keys.all(no) as string[],
    find: (no, { key, limit = -1 } = {}) =>
      (key === undefined
        ? (all.all(no, limit) as Row[])
        : (ofKey.all(no, columnText(key), limit) as Row[])
      ).map(parkedEvent),
    findKeys: (no, limit) =>
      (broken.all(no, limit) as (Row & ParkedKey)[]).map(parkedEvent) as ParkedKey[],
    put: (no, events) => {
      for (const event of events) put.run(putValues(no, event))
    },
    remove: (no, key, events) => {
      for (const { position } of events) remove.run(no, position, key)
    },
    clear: (no) => void clear.run(no),
    skipped: skippedBy,
    skipMarks: (name) =>
      new Set(skippedBy(name).map(({ key, position }) => skipMark(key, position))),
    isSkippedParked: (no, name) => skippedParked.get(name, no) === 1,
    skip: (
      name,
      { position, key, error = '', stream, revision, type, recordedAt, ...skipping },
    ) => {
      const { reason, by, at } = skipping
      skip.run(name, position, key, error, stream, revision, type, recordedAt, reason, by, at)
    },
  }
}
