/** Stores with nothing in them, on a server that is there, apart from all else on it. */
import { randomUUID } from 'node:crypto'
import { EventStoreDBClient } from '@eventstore/db-client'
import * as E from 'fp-ts/lib/Either.js'
import type { EventStore } from '@threadbook/sourcing'
import { eventStoreDBEventStore } from '@threadbook/eventstoredb'
import { keepingLimit, startAppending, type Opening } from './opening.js'
import { partOf, type Part } from './part-of-a-log.js'
import { startRelay, urlOf, type Relay } from './server/index.js'

/** Where a relay can stand between: one host, named by its address, without TLS. */
const relayTo = async (url: string): Promise<{ readonly url: string; readonly relay?: Relay }> => {
  const [, host, port] = /^esdb:\/\/(127\.0\.0\.1|localhost):(\d+)\/?\?tls=false$/.exec(url) ?? []
  if (host === undefined || port === undefined) return { url }
  const relay = await startRelay({ port: Number(port) })
  return { url: urlOf(relay), relay }
}

export const onServer = (url: string): Opening => {
  const parts = new WeakMap<EventStore, Part>()
  const relays = new WeakMap<EventStore, Relay>()

  const openPart = async (part: Part, to: string) => {
    const store = partOf(await eventStoreDBEventStore(to), part)
    parts.set(store, part)
    return store
  }
  const asAdmin = async (
    store: EventStore,
    stream: string,
    work: (client: EventStoreDBClient, name: string) => Promise<unknown>,
  ) => {
    const client = EventStoreDBClient.connectionString(url)
    await work(client, parts.get(store)!.prefix + stream)
    await client.dispose()
  }

  return {
    open: async () => {
      const first = await eventStoreDBEventStore(url)
      const end = await first.readAll({ filter: { types: [] } })()
      await first.close()
      if (E.isLeft(end)) throw new Error(`${url}: ${JSON.stringify(end.left)}`)
      const prefix = `kit${randomUUID().slice(0, 8)}-`
      const { url: to, relay } = await relayTo(url)
      const store = await openPart({ prefix, start: end.right.position }, to)
      if (relay === undefined) return store
      const closing = keepingLimit(store, {
        close: async () => {
          await store.close()
          await relay.close()
        },
      })
      parts.set(closing, parts.get(store)!)
      relays.set(closing, relay)
      return closing
    },
    beside: (store) => openPart(parts.get(store)!, url),
    disturb: async (store) => relays.get(store)?.cut(),
    appendAndDie: (store, append) => {
      const stream = parts.get(store)!.prefix + append.stream
      return startAppending(url, { ...append, stream }).died
    },
    deleteStream: (store, stream) =>
      asAdmin(store, stream, (client, name) => client.deleteStream(name)),
    endStream: (store, stream) =>
      asAdmin(store, stream, (client, name) => client.tombstoneStream(name)),
  }
}
