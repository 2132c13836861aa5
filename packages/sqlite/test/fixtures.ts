import { randomUUID } from 'node:crypto'
import {
  filters,
  remove,
  type EventStore,
  type Metadata,
  type NewEvent,
  type NonEmpty,
  type RecordedEvent,
  type Rows,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Database } from '../src/database.js'

const metadata: Metadata = {
  schemaVersion: 1,
  account: 'acme',
  actor: 'user:ada',
  commandId: 'command-1',
  occurredAt: '2026-01-02T03:04:05.678Z',
  recordedAt: '2026-01-02T03:04:06.789Z',
}

export const newEvent = (type = 'Put', data: unknown = {}): NewEvent => ({
  id: randomUUID(),
  type,
  data,
  metadata,
})

export const events = (count: number, type?: string, data?: unknown): NonEmpty<NewEvent> => [
  newEvent(type, data),
  ...Array.from({ length: count - 1 }, () => newEvent(type, data)),
]

export const ok = async <F, A>(task: TaskEither<F, A>): Promise<A> => {
  const answer = await task()
  if (E.isLeft(answer)) throw new Error(`expected an answer, got ${JSON.stringify(answer.left)}`)
  return answer.right
}

export const fault = async <F, A>(task: TaskEither<F, A>): Promise<F> => {
  const answer = await task()
  if (E.isRight(answer)) throw new Error(`expected a fault, got ${JSON.stringify(answer.right)}`)
  return answer.left
}

export const wholeLog = async (
  store: EventStore,
  options: Parameters<EventStore['readAll']>[0] = {},
): Promise<readonly RecordedEvent[]> => {
  const all: RecordedEvent[] = []
  for (let { after } = options; ;) {
    const { events, position, end } = await ok(store.readAll({ ...options, after }))
    all.push(...events)
    if (end) return all
    if (position === undefined || position === after) throw new Error('the slices stand still')
    after = position
  }
}

/** The database, and the statements that it was asked for. */
export const heard = (db: Database): { readonly asked: string[]; readonly listening: Database } => {
  const asked: string[] = []
  const statement: Database['statement'] = (sql) => {
    asked.push(sql)
    return db.statement(sql)
  }
  return { asked, listening: { ...db, statement } }
}

/** What SQLite means to do for a statement, step by step. */
export const planOf = ({ driver }: Database, sql: string): readonly string[] => {
  const values = Array.from({ length: sql.split('?').length - 1 }, () => '1')
  const steps = driver.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[]
  return steps.map(({ detail }) => detail)
}

/** Counts what it is told of, so that a lost or doubled event shows in its row. */
export const tally: Rows = {
  name: 'tally',
  version: 1,
  table: {
    name: 'tally',
    columns: { count: 'number', owner: 'text', open: 'boolean' },
    indexes: [
      { name: 'by_count', columns: ['count'] },
      { name: 'open_by_owner', columns: ['owner', 'count'], where: filters.is('open', true) },
    ],
  },
  categories: ['note'],
  on: {
    Put: (row, event) => {
      if (row === undefined) return { count: 1, owner: null, open: true, ids: [event.id] }
      row['count'] = Number(row['count']) + 1
      ;(row['ids'] as string[]).push(event.id)
      return undefined
    },
    Owned: (row, event) => {
      if (row !== undefined) row['owner'] = (event.data as { owner: string }).owner
    },
    Closed: (row) => {
      if (row !== undefined) row['open'] = false
    },
    Removed: () => remove,
    Broken: () => {
      throw new Error('it broke')
    },
  },
  counters: (row) => ['all', ...(row['open'] === true ? ['open'] : [])],
}
