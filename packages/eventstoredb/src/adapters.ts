import type { Adapters } from '@threadbook/sourcing'
import type { StreamsClient } from './client.js'
import { eventStoreDBEventStore, type EventStoreDBOptions } from './event-store.js'

/** What an event store does not keep. The adapters of another database, as they are, will do. */
export interface Beside extends Pick<Adapters, 'readModels' | 'vault' | 'blobs' | 'search'> {
  readonly close?: () => Promise<void>
}

/**
 * The log on an EventStoreDB or KurrentDB server, all else in another database:
 * `eventStoreDB('esdb://…', { readModels: await postgres('postgres://…') })`. They are closed together.
 */
export const eventStoreDB = async (
  connectTo: string | StreamsClient,
  beside: Beside | { readonly readModels: Beside },
  options?: EventStoreDBOptions,
): Promise<Adapters> => {
  const rest = 'vault' in beside ? beside : beside.readModels
  const { readModels, vault, blobs, search } = rest
  const store = await eventStoreDBEventStore(connectTo, options)
  return {
    store,
    readModels,
    vault,
    blobs,
    ...(search !== undefined && { search }),
    close: async () => {
      await store.close()
      if (rest.close !== undefined) await rest.close()
      else
        await Promise.all(
          [readModels, vault, blobs, ...(search === undefined ? [] : [search])].map((part) =>
            part.close(),
          ),
        )
    },
  }
}
