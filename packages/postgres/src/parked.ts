/** The tables of what broke: parked events by projection, skipped ones by a projection's name. */
import {
  columnText,
  type ParkedEvent,
  type ParkedKey,
  type ParkedQuery,
  type Position,
  type RecordedEvent,
  type SkippedEvent,
} from '@threadbook/sourcing'
import type { Bind } from './filter-sql.js'
import type { SqlRow, Statement } from './question.js'

const FIELDS = ['position', 'key', 'stream', 'revision', 'type', 'recorded_at', 'error'] as const
const columns = (of: string): string => FIELDS.map((field) => `${of}.${field}`).join(', ')

const parkedEvent = (row: SqlRow): ParkedEvent => {
  const [position, key, stream, revision, type, recordedAt, error] = row
  return {
    key: key!,
    position: position! as Position,
    stream: stream!,
    revision: Number(revision),
    type: type!,
    recordedAt: recordedAt!,
    ...(typeof error === 'string' ? { error } : {}),
  }
}

/** Statements that answer with a row of nulls where a projection is there and has none. */
export const parkedStatements = (s: string) => ({
  find: (no: string, { key, limit }: ParkedQuery = {}): Statement => ({
    text: `SELECT ${columns('e')} FROM ${s}.projections p
           LEFT JOIN LATERAL (
             SELECT * FROM ${s}.parked e WHERE e.projection = p.no
             ${key === undefined ? '' : 'AND e.key = $3'} ORDER BY e.position, e.key LIMIT $2
           ) e ON true
           WHERE p.no = $1 ORDER BY e.position, e.key`,
    values: [no, limit ?? null, ...(key === undefined ? [] : [columnText(key)])],
  }),
  found: (rows: readonly SqlRow[]): readonly ParkedEvent[] =>
    rows.filter(([position]) => position !== null).map(parkedEvent),

  findKeys: (no: string, limit: number): Statement => ({
    text: `SELECT ${columns('e')}, (
             SELECT count(*) FROM ${s}.parked w
             WHERE w.projection = e.projection AND w.key = e.key AND w.position > e.position
           ) FROM ${s}.projections p
           LEFT JOIN LATERAL (
             SELECT * FROM ${s}.parked e WHERE e.projection = p.no AND e.error IS NOT NULL
             ORDER BY e.position, e.key LIMIT $2
           ) e ON true
           WHERE p.no = $1 ORDER BY e.position, e.key`,
    values: [no, limit],
  }),
  foundKeys: (rows: readonly SqlRow[]): readonly ParkedKey[] =>
    rows
      .filter(([position]) => position !== null)
      .map((row) => ({
        ...parkedEvent(row),
        error: row[FIELDS.length - 1]!,
        waiting: Number(row[FIELDS.length]),
      })),

  /** A step that writes them, if the table `moved` that it joins has a row. */
  put: (events: readonly ParkedEvent[], bind: Bind): string => {
    const texts = (text: (event: ParkedEvent) => string | null) => bind(events.map(text), 'text[]')
    const values = [
      texts(({ position }) => position),
      texts(({ key }) => key),
      texts(({ error }) => error ?? null),
      texts(({ stream }) => stream),
      bind(
        events.map(({ revision }) => revision),
        'integer[]',
      ),
      texts(({ type }) => type),
      texts(({ recordedAt }) => recordedAt),
    ]
    return `INSERT INTO ${s}.parked
              (projection, position, key, error, stream, revision, type, recorded_at)
              SELECT moved.no, p.* FROM moved, unnest(${values.join(', ')}) p
              ON CONFLICT (projection, position, key) DO UPDATE SET error = excluded.error`
  },

  remove: (no: string, key: string, events: readonly RecordedEvent[]): Statement => ({
    text: `DELETE FROM ${s}.parked WHERE projection = $1 AND key = $2 AND position = ANY($3::text[])`,
    values: [no, key, events.map(({ position }) => position)],
  }),

  skip: (name: string, { error = '', ...event }: SkippedEvent): Statement => {
    const { position, key, stream, revision, type, recordedAt, reason, by, at } = event
    return {
      text: `INSERT INTO ${s}.skipped VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             ON CONFLICT DO NOTHING`,
      values: [
        name,
        position,
        key,
        error,
        stream,
        revision,
        type,
        recordedAt,
        columnText(reason),
        columnText(by),
        at,
      ],
    }
  },
  /** A row where an event that was skipped is what a key stands still at. */
  skippedParked: (no: string, name: string): Statement => ({
    text: `SELECT 1 FROM ${s}.skipped k JOIN ${s}.parked e USING (position, key)
           WHERE k.projection = $2 AND e.projection = $1 AND e.error IS NOT NULL LIMIT 1`,
    values: [no, name],
  }),
  skipped: (name: string): Statement => ({
    text: `SELECT ${columns('e')}, reason, skipped_by, skipped_at FROM ${s}.skipped e
           WHERE projection = $1 ORDER BY position, key`,
    values: [name],
  }),
  foundSkipped: (rows: readonly SqlRow[]): readonly SkippedEvent[] =>
    rows.map((row) => {
      const [reason, by, at] = row.slice(FIELDS.length)
      return { ...parkedEvent(row), reason: reason!, by: by!, at: at! }
    }),
})
