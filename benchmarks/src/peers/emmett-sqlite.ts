/** Emmett on a SQLite file (@event-driven-io/emmett-sqlite 0.42.4): a connection a call, as it comes. */
import { join } from 'node:path'
import { CommandHandler, inlineProjections, type Event } from '@event-driven-io/emmett'
import {
  getSQLiteEventStore,
  sqliteConnection,
  sqliteRawSQLProjection,
  type SQLiteConnection,
  type SQLiteEventStore,
} from '@event-driven-io/emmett-sqlite'
import Database from 'better-sqlite3'
import { listOf, newEvents } from '../fixtures/events.js'
import { repeated } from '../repeated.js'
import { timed, WARM_UP, type Run, type Subject } from '../scenario.js'
import { evolve, initialState, peersEvent, type PeersEvent } from './conversation.js'

export const EMMETT_SQLITE =
  'emmett-sqlite 0.42.4, its own pragmas: WAL, synchronous=FULL (the default)'

const FULL = 2

interface Opened {
  readonly store: SQLiteEventStore
  readonly connection: SQLiteConnection
}

type Row = Event<string, Record<string, unknown>>
const quoted = (text: unknown): string => `'${String(text).replaceAll("'", "''")}'`

/** A list of conversations with their owners: a small part of what our views keep. */
export const ownersProjection = sqliteRawSQLProjection<Row>({
  canHandle: ['ConversationStarted', 'Assigned', 'Unassigned', 'Closed', 'MessageReceived'],
  evolve: ({ type, data, ...rest }) => {
    const { streamName } = (rest as unknown as { metadata: { streamName: string } }).metadata
    const id = quoted(streamName)
    switch (type) {
      case 'ConversationStarted':
        return `INSERT INTO list (id, owner, status) VALUES (${id}, NULL, 'open')
                ON CONFLICT (id) DO NOTHING`
      case 'Assigned':
        return `UPDATE list SET owner = ${quoted(data['owner'])} WHERE id = ${id}`
      case 'Unassigned':
        return `UPDATE list SET owner = NULL WHERE id = ${id}`
      case 'Closed':
        return `UPDATE list SET status = 'closed' WHERE id = ${id}`
      default:
        return `UPDATE list SET status = 'open' WHERE id = ${id}`
    }
  },
  initSQL: `CREATE TABLE IF NOT EXISTS list (id TEXT PRIMARY KEY, owner TEXT, status TEXT)`,
})

export interface EmmettOptions {
  /** One connection for all calls, instead of one for each. */
  readonly kept: boolean
  readonly projected?: boolean
}

export const openEmmett = async (
  folder: string,
  { kept, projected = false }: EmmettOptions,
): Promise<Opened> => {
  const fileName = join(folder, 'emmett.db')
  const connection = sqliteConnection({ fileName })
  const synchronous = await connection.querySingle<{ synchronous: number }>('PRAGMA synchronous')
  if (synchronous?.synchronous !== FULL) throw new Error('expected synchronous=FULL')
  const store = getSQLiteEventStore({
    fileName,
    ...(kept && { connectionOptions: { singleton: true, connection } }),
    ...(projected && { projections: inlineProjections([ownersProjection]) }),
  })
  await store.schema.migrate()
  return { store, connection }
}

/** Looked at from outside: what was answered has to be committed. */
const expectStored = (folder: string, events: number): void => {
  const db = new Database(join(folder, 'emmett.db'), { readonly: true })
  const stored = db.prepare('SELECT count(*) FROM emt_messages').pluck().get() as number
  db.close()
  if (stored !== events) throw new Error(`expected ${events} events to be stored, found ${stored}`)
}

const nameOf = (kept: boolean) => (kept ? 'Emmett, one connection' : 'Emmett')
const settingsOf = (kept: boolean) =>
  `${EMMETT_SQLITE}, ${kept ? 'one connection kept open' : 'a connection a call, as by default'}`

const appending = (perCall: number, calls: number, kept: boolean): Subject => ({
  name: nameOf(kept),
  settings: `${settingsOf(kept)}, ${perCall} a call, one call at a time`,
  run: async ({ folder }) => {
    const { store } = await openEmmett(folder, { kept })
    const batches = listOf(calls, () => newEvents(perCall).map(peersEvent))
    for (let i = 0; i < WARM_UP; i++)
      await store.appendToStream<PeersEvent & Event>(`warm-${i}`, newEvents(1).map(peersEvent))
    const measured = await timed(calls * perCall, async () => {
      for (const [index, events] of batches.entries())
        await store.appendToStream<PeersEvent & Event>(`conversation-${index}`, events)
    })
    expectStored(folder, WARM_UP + calls * perCall)
    return measured
  },
})

/** So many calls, whatever the size: they take long enough. */
export const emmettAppends = (perCall: number, calls: number): readonly Subject[] => [
  appending(perCall, calls, false),
  appending(perCall, calls, true),
]

const CONVERSATIONS = 200

const commanding = (commands: number, kept: boolean): Subject => ({
  name: nameOf(kept),
  settings: `${settingsOf(kept)}, CommandHandler (no cache of states), streams of 5 events, one inline projection of one table without indexes`,
  run: async ({ folder }) => {
    const { store } = await openEmmett(folder, { kept, projected: true })
    const handle = CommandHandler<ReturnType<typeof initialState>, PeersEvent & Event>({
      evolve,
      initialState,
    })
    const started = { type: 'ConversationStarted', data: {}, metadata: {} }
    for (let i = 0; i < CONVERSATIONS; i++)
      await store.appendToStream<PeersEvent & Event>(`conversation-${i}`, [
        started,
        ...newEvents(4).map(peersEvent),
      ])
    const execute = async (from: number, to: number) => {
      for (let i = from; i < to; i++)
        await handle(store, `conversation-${i % CONVERSATIONS}`, ({ owner }) => {
          const next = `user:${i}`
          return owner === next ? [] : [{ ...peersEvent(newEvents(1)[0]), data: { owner: next } }]
        })
    }
    await execute(0, WARM_UP)
    const measured = await timed(commands, () => execute(WARM_UP, WARM_UP + commands))
    expectStored(folder, CONVERSATIONS * 5 + WARM_UP + commands)
    return measured
  },
})

export const emmettCommands = (commands: number): readonly Subject[] => [
  commanding(commands, false),
  commanding(commands, true),
]

/** Loads and folds one stream of `events`, `loads` times to warm up and as often again. */
export const emmettLoad = (
  events: (size: number) => readonly PeersEvent[],
  loads: number,
): Subject => ({
  name: 'Emmett',
  settings: `${EMMETT_SQLITE}, aggregateStream, a simple fold, nothing validated`,
  run: async ({ folder, size }: Run) => {
    const { store } = await openEmmett(folder, { kept: true })
    const all = events(size)
    for (let from = 0; from < all.length; from += 1_000)
      await store.appendToStream<PeersEvent & Event>('conversation-0', [
        ...all.slice(from, from + 1_000),
      ])
    const load = async () => {
      const { state } = await store.aggregateStream<
        ReturnType<typeof initialState>,
        PeersEvent & Event
      >('conversation-0', { evolve, initialState })
      if (state.events !== size) throw new Error(`expected ${size} events, got ${state.events}`)
    }
    return repeated(size, loads, load)
  },
})
