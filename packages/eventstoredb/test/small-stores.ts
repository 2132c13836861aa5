/** Stores with nothing in them, on small servers of their own. */
import type { EventStore } from '@threadbook/sourcing'
import { eventStoreDBEventStore } from '@threadbook/eventstoredb'
import { keepingLimit, startAppending, type Opening } from './opening.js'
import {
  EventLog,
  startRelay,
  startServer,
  urlOf,
  type Relay,
  type SmallServer,
} from './server/index.js'

/** A small server, and a relay in front of it. */
interface Small {
  readonly server: SmallServer
  readonly relay: Relay
}

const smalls = new WeakMap<EventStore, Small>()

const openOnSmallServer = async (): Promise<EventStore> => {
  const server = await startServer(new EventLog())
  const relay = await startRelay(server)
  const store = await eventStoreDBEventStore(urlOf(relay))
  const closing = keepingLimit(store, {
    close: async () => {
      await store.close()
      await relay.close()
      await server.stop()
    },
  })
  smalls.set(closing, { server, relay })
  return closing
}

const small = (store: EventStore): Small => smalls.get(store)!

export const onSmallServers: Opening = {
  open: openOnSmallServer,
  beside: (store) => eventStoreDBEventStore(urlOf(small(store).server)),
  disturb: async (store) => {
    const { server, relay } = small(store)
    server.log.restart()
    relay.cut()
  },
  appendAndDie: async (store, append) => {
    const { server } = small(store)
    const child = startAppending(urlOf(server), append)
    server.switches.beforeAnswer = async ({ method }) => {
      if (!/append/i.test(method)) return
      server.switches.beforeAnswer = () => undefined
      child.kill()
      await child.died
    }
    await child.died
  },
  deleteStream: async (store, stream) => {
    small(store).server.log.softDelete(stream, 'any')
  },
  endStream: async (store, stream) => {
    small(store).server.log.tombstone(stream, 'any')
  },
}
