/** Emmett and Castore on PostgreSQL. */
import { CommandHandler, inlineProjections, type Event } from '@event-driven-io/emmett'
import {
  getPostgreSQLEventStore,
  pongoSingleStreamProjection,
} from '@event-driven-io/emmett-postgresql'
import { PostgresEventStorageAdapter } from '@castore/event-storage-adapter-postgres'
import { randomUUID } from 'node:crypto'
import { newEvents } from '../fixtures/events.js'
import { inLanes } from '../lanes.js'
import { newDatabase, POSTGRES } from '../postgres-database.js'
import type { Run, Subject } from '../scenario.js'
import {
  evolve,
  initialState,
  peersEvent,
  type PeersEvent,
  type PeersState,
} from './conversation.js'
import { castoreConversations, castoreEvent } from './in-memory.js'

export const EMMETT_POSTGRES = `emmett-postgresql 0.42.0, ${POSTGRES}`
const CASTORE = `castore 2.4.2, ${POSTGRES}`
const EVENTS_EACH = 5

type Row = Event<string, Record<string, unknown>>

interface ListItem {
  [key: string]: unknown
  readonly owner: string | null
  readonly status: string
}

/** A document for each conversation, by Pongo, as its docs advise: a small part of our views. */
export const listProjection = pongoSingleStreamProjection<ListItem, Row>({
  collectionName: 'list',
  canHandle: ['ConversationStarted', 'Assigned', 'Unassigned', 'Closed', 'MessageReceived'],
  initialState: () => ({ owner: null, status: 'open' }),
  evolve: (item: ListItem, { type, data }: Row): ListItem => {
    if (type === 'Assigned') return { ...item, owner: data['owner'] as string }
    if (type === 'Unassigned') return { ...item, owner: null }
    return { ...item, status: type === 'Closed' ? 'closed' : 'open' }
  },
})

export const openEmmettPostgres = async (run: Pick<Run, 'folder'>, projected: boolean) => {
  const url = await newDatabase(run)
  const store = getPostgreSQLEventStore(
    url,
    projected ? { projections: inlineProjections([listProjection]) } : {},
  )
  await store.schema.migrate()
  return { store, url }
}

const openCastore = async (run: Pick<Run, 'folder'>) => {
  const connectionString = await newDatabase(run)
  await PostgresEventStorageAdapter.createEventTable({ connectionString })
  return castoreConversations(new PostgresEventStorageAdapter({ connectionString }))
}

export const peersAppends = (each: number): readonly Subject[] => [
  {
    name: 'Emmett',
    settings: `${EMMETT_POSTGRES}, its own pool, exact versions`,
    run: async (run) => {
      const { store } = await openEmmettPostgres(run, false)
      return inLanes(run.size, each, (lane, index) => {
        const version = index % EVENTS_EACH
        return store.appendToStream<PeersEvent & Event>(
          `conversation-${lane}x${Math.floor(index / EVENTS_EACH)}`,
          newEvents(1).map(peersEvent),
          { expectedStreamVersion: version === 0 ? 'STREAM_DOES_NOT_EXIST' : BigInt(version) },
        )
      })
    },
  },
  {
    name: 'Castore',
    settings: `${CASTORE}, its own pool, exact versions`,
    run: async (run) => {
      const store = await openCastore(run)
      const ids = new Map<number, string>()
      return inLanes(run.size, each, (lane, index) => {
        const version = index % EVENTS_EACH
        const id = version === 0 ? randomUUID() : ids.get(lane)!
        ids.set(lane, id)
        return store.pushEvent(castoreEvent(peersEvent(newEvents(1)[0]), id, version + 1))
      })
    },
  },
]

const assigned = (by: string): PeersEvent => ({
  ...peersEvent(newEvents(1)[0]),
  data: { owner: by },
})

/** Each lane goes round conversations of its own: nobody waits for a conflict. */
export const peersCommands = (each: number, conversationsEach: number): readonly Subject[] => [
  {
    name: 'Emmett',
    settings: `${EMMETT_POSTGRES}, CommandHandler (no cache of states), one inline projection by Pongo`,
    run: async (run) => {
      const { store } = await openEmmettPostgres(run, true)
      const handle = CommandHandler<PeersState, PeersEvent & Event>({ evolve, initialState })
      const name = (lane: number, index: number) =>
        `conversation-${lane}x${index % conversationsEach}`
      for (let lane = 0; lane < run.size; lane++)
        for (let index = 0; index < conversationsEach; index++)
          await store.appendToStream<PeersEvent & Event>(name(lane, index), [
            { type: 'ConversationStarted', data: {}, metadata: {} },
            ...newEvents(EVENTS_EACH - 1).map(peersEvent),
          ])
      return inLanes(run.size, each, (lane, index) =>
        handle(store, name(lane, index), ({ owner }) =>
          owner === `user:${index}` ? [] : [assigned(`user:${index}`)],
        ),
      )
    },
  },
  {
    name: 'Castore',
    settings: `${CASTORE}, getAggregate and pushEvent, no views (it brings none)`,
    run: async (run) => {
      const store = await openCastore(run)
      const ids = new Map<string, string>()
      const idOf = (lane: number, index: number) => {
        const name = `${lane} ${index % conversationsEach}`
        const id = ids.get(name) ?? randomUUID()
        ids.set(name, id)
        return id
      }
      for (let lane = 0; lane < run.size; lane++)
        for (let index = 0; index < conversationsEach; index++)
          for (let version = 1; version <= EVENTS_EACH; version++)
            await store.pushEvent(castoreEvent(assigned('user:ada'), idOf(lane, index), version))
      return inLanes(run.size, each, async (lane, index) => {
        const id = idOf(lane, index)
        const { aggregate } = await store.getAggregate(id)
        const version = (aggregate as { readonly version: number }).version + 1
        await store.pushEvent(castoreEvent(assigned(`user:${index}`), id, version))
      })
    },
  },
]
