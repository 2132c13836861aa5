/** Stores on small servers of their own, each closed with its server. */
import type { EventStore } from '@threadbook/sourcing'
import { eventStoreDBEventStore } from '@threadbook/eventstoredb'
import { EventLog, startServer, type SmallServer } from './server/index.js'

export const urlOf = ({ port }: { readonly port: number }): string =>
  `esdb://127.0.0.1:${String(port)}?tls=false`

const servers = new WeakMap<EventStore, SmallServer>()

export const openOnSmallServer = async (): Promise<EventStore> => {
  const server = await startServer(new EventLog())
  const store = await eventStoreDBEventStore(urlOf(server))
  const closing: EventStore = {
    ...store,
    get maxAppendBytes() {
      return store.maxAppendBytes ?? Infinity
    },
    close: async () => {
      await store.close()
      await server.stop()
    },
  }
  servers.set(closing, server)
  return closing
}

/** The same log through a client of its own, as another process would. */
export const besideOnSmallServer = async (store: EventStore): Promise<EventStore> =>
  eventStoreDBEventStore(urlOf(servers.get(store)!))
