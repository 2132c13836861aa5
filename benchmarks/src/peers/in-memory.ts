/** Loading a long stream with the in-memory stores of peers. Both keep objects and parse nothing. */
import { EventStore, EventType } from '@castore/core'
import { InMemoryEventStorageAdapter } from '@castore/event-storage-adapter-in-memory'
import { getInMemoryEventStore, type Event } from '@event-driven-io/emmett'
import { repeated } from '../repeated.js'
import type { Measured, Run, Subject } from '../scenario.js'
import { evolve, initialState, type PeersEvent, type PeersState } from './conversation.js'

type Events = (size: number) => readonly PeersEvent[]

const loading = (
  { size }: Run,
  loads: number,
  load: () => Promise<PeersState | undefined>,
): Promise<Measured> => {
  return repeated(size, loads, async () => {
    const state = await load()
    if (state?.events !== size) throw new Error(`expected ${size} events, got ${state?.events}`)
  })
}

export const emmettInMemory = (events: Events, loads: number): Subject => ({
  name: 'Emmett, in memory',
  settings: 'emmett 0.42.0, aggregateStream, keeps objects: nothing parsed, nothing validated',
  run: async (run) => {
    const store = getInMemoryEventStore()
    await store.appendToStream<PeersEvent & Event>('conversation-0', [...events(run.size)])
    return loading(run, loads, async () => {
      const { state } = await store.aggregateStream<PeersState, PeersEvent & Event>(
        'conversation-0',
        { evolve, initialState },
      )
      return state
    })
  },
})

const ID = '01a20000-0001-7000-8000-000000000000'

/** Castore's states know their id and version. */
type CastoreState = PeersState & { readonly aggregateId: string; readonly version: number }
interface CastoreEvent {
  readonly aggregateId: string
  readonly version: number
  readonly type: string
  readonly timestamp: string
  readonly payload: Record<string, unknown>
  readonly metadata: Record<string, unknown>
}

export const castoreConversations = (
  eventStorageAdapter: ConstructorParameters<typeof EventStore>[0]['eventStorageAdapter'],
) =>
  new EventStore<string, EventType<string, CastoreEvent>[], CastoreEvent>({
    eventStoreId: 'conversations',
    eventTypes: [new EventType<string, CastoreEvent>({ type: 'Assigned' })],
    reducer: (state: CastoreState | undefined, event: CastoreEvent): CastoreState => {
      const before = state ?? { ...initialState(), aggregateId: event.aggregateId, version: 0 }
      const after = evolve(before, { type: event.type, data: event.payload })
      return Object.assign(after as CastoreState, { version: event.version })
    },
    ...(eventStorageAdapter && { eventStorageAdapter }),
  })

export const castoreEvent = (
  { type, data, metadata }: PeersEvent,
  aggregateId: string,
  version: number,
): CastoreEvent => ({
  aggregateId,
  version,
  type,
  timestamp: '2026-01-01T00:00:00.000Z',
  payload: data,
  metadata,
})

export const castoreInMemory = (events: Events, loads: number): Subject => ({
  name: 'Castore, in memory',
  settings: 'castore 2.4.2, getAggregate, keeps objects: nothing parsed, nothing validated',
  run: async (run) => {
    const initialEvents = events(run.size).map((event, index) => castoreEvent(event, ID, index + 1))
    // By pushEvent each would look through all before it.
    const adapter = new InMemoryEventStorageAdapter({ initialEvents })
    const store = castoreConversations(adapter)
    return loading(run, loads, async () => {
      const { aggregate } = await store.getAggregate(ID)
      return aggregate as CastoreState | undefined
    })
  },
})
