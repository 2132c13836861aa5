/**
 * The adapter of EventStoreDB against the client it is built on, both on the server that
 * EVENTSTOREDB_URL names.
 */
import { randomUUID } from 'node:crypto'
import { EventStoreDBClient, jsonEvent, streamNameFilter } from '@eventstore/db-client'
import { eventStoreDBEventStore } from '@threadbook/eventstoredb'
import type { NewEvent, NonEmpty, Position } from '@threadbook/sourcing'
import { data, metadata, newEvents } from '../fixtures/events.js'
import { timed, type Scenario, type Subject } from '../scenario.js'

const url = process.env['EVENTSTOREDB_URL'] ?? ''

/** As the client wants them. */
const forClient = (events: readonly NewEvent[]) =>
  events.map(({ id, type }) => jsonEvent({ id, type, data, metadata }))

/** Streams that nobody else writes to. */
const ownPrefix = () => `bench-${randomUUID().slice(0, 8)}.`

interface Appending {
  readonly perAppend: number
  readonly appends: number
  readonly atOnce: number
}

/** Each lane appends to a stream of its own, at exact revisions, one after another. */
const inLanes = async (
  { perAppend, appends, atOnce }: Appending,
  append: (stream: string, revision: number, events: NonEmpty<NewEvent>) => Promise<unknown>,
) => {
  const prefix = ownPrefix()
  const lane = async (index: number) => {
    for (let i = 0; i < appends / atOnce; i++)
      await append(`${prefix}${index}`, i * perAppend - 1, newEvents(perAppend))
  }
  await Promise.all(Array.from({ length: atOnce }, (_, index) => lane(index)))
}

const bareAppend =
  (client: EventStoreDBClient) =>
  (stream: string, revision: number, events: NonEmpty<NewEvent>): Promise<unknown> =>
    client.appendToStream(stream, forClient(events), {
      expectedRevision: revision < 0 ? 'no_stream' : BigInt(revision),
    })

const bare = (appending: Appending): Subject => ({
  name: 'bare client',
  settings: '@eventstore/db-client, exact revisions',
  run: async () => {
    const client = EventStoreDBClient.connectionString(url)
    const append = bareAppend(client)
    const { perAppend, appends } = appending
    await inLanes(appending, append)
    const result = await timed(perAppend * appends, () => inLanes(appending, append))
    await client.dispose()
    return result
  },
})

const ours = (appending: Appending): Subject => ({
  name: 'Threadbook',
  settings: 'at the port, exact revisions',
  run: async () => {
    const store = await eventStoreDBEventStore(url)
    const append = async (stream: string, revision: number, events: NonEmpty<NewEvent>) => {
      const expected = revision < 0 ? 'noStream' : revision
      const answer = await store.append({ stream, expected, events })()
      if (answer._tag === 'Left') throw new Error(JSON.stringify(answer.left))
    }
    const { perAppend, appends } = appending
    await inLanes(appending, append)
    const result = await timed(perAppend * appends, () => inLanes(appending, append))
    await store.close()
    return result
  },
})

const EVENTS = 20_000

/** What is to be caught up with, and the place right before it. */
const filled = async (client: EventStoreDBClient) => {
  const prefix = ownPrefix()
  const { position } = await client.appendToStream('bench-before', forClient(newEvents(1)))
  const append = bareAppend(client)
  for (let i = 0; i < EVENTS / 500; i++) await append(`${prefix}${i}`, -1, newEvents(500))
  if (position === undefined) throw new Error('an append was answered without a position')
  return { prefix, position }
}

const bareCatchUp: Subject = {
  name: 'bare client',
  settings: 'subscribeToAll by prefix, each event looked at',
  run: async () => {
    const client = EventStoreDBClient.connectionString(url)
    const { prefix, position } = await filled(client)
    const result = await timed(EVENTS, async () => {
      const filter = streamNameFilter({ prefixes: [prefix] })
      const subscription = client.subscribeToAll({ fromPosition: position, filter })
      let seen = 0
      for await (const { event } of subscription)
        if (event !== undefined && ++seen === EVENTS) break
    })
    await client.dispose()
    return result
  },
}

const digits = (number: bigint) => number.toString().padStart(20, '0')

const ourCatchUp: Subject = {
  name: 'Threadbook',
  settings: 'subscribe by prefix at the port, slices of 1,000',
  run: async () => {
    const client = EventStoreDBClient.connectionString(url)
    const { prefix, position } = await filled(client)
    await client.dispose()
    const store = await eventStoreDBEventStore(url)
    const result = await timed(EVENTS, async () => {
      const after = `${digits(position.commit)}/${digits(position.prepare)}` as Position
      let seen = 0
      for await (const message of store.subscribe({ after, filter: { streamPrefixes: [prefix] } }))
        if (message.type === 'events' && (seen += message.events.length) === EVENTS) break
    })
    await store.close()
    return result
  },
}

const appending = (name: string, how: Appending): Scenario => ({
  name: `EventStoreDB: ${name}`,
  operation: 'event',
  measure: 'perSecond',
  needs: 'eventStoreDB',
  sizes: [how.perAppend * how.appends],
  quick: how.perAppend * how.appends,
  floor: bare(how),
  subjects: [ours(how)],
})

export const eventStoreDBScenarios: readonly Scenario[] = [
  appending('appends one after another', { perAppend: 1, appends: 1_000, atOnce: 1 }),
  appending('appends sixteen at once', { perAppend: 1, appends: 8_000, atOnce: 16 }),
  appending('appends of 500 events', { perAppend: 500, appends: 40, atOnce: 1 }),
  {
    name: 'EventStoreDB: catching up',
    operation: 'event',
    measure: 'perSecond',
    needs: 'eventStoreDB',
    sizes: [EVENTS],
    quick: EVENTS,
    floor: bareCatchUp,
    subjects: [ourCatchUp],
  },
]
