/** Stores with nothing in them: on small servers of their own, or apart from all else on a real one. */
import { randomUUID } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type {
  Append,
  EventFilter,
  EventStore,
  NonEmpty,
  Position,
  SubscriptionMessage,
} from '@threadbook/sourcing'
import { eventStoreDBEventStore } from '@threadbook/eventstoredb'
import { EventLog, startServer, type SmallServer } from './server/index.js'

export const urlOf = ({ port }: { readonly port: number }): string =>
  `esdb://127.0.0.1:${String(port)}?tls=false`

export interface Opening {
  readonly open: () => Promise<EventStore>
  /** The same log through a client of its own, as another process would. */
  readonly beside: (store: EventStore) => Promise<EventStore>
}

const servers = new WeakMap<EventStore, SmallServer>()

const openOnSmallServer = async (): Promise<EventStore> => {
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

export const onSmallServers: Opening = {
  open: openOnSmallServer,
  beside: (store) => eventStoreDBEventStore(urlOf(servers.get(store)!)),
}

interface Part {
  /** What its streams' names begin with. */
  readonly prefix: string
  /** Where the log ended before it. */
  readonly start: Position | undefined
}

/** A part of a log, as if it were all of it: its own streams, from its own start on. */
const partOf = (store: EventStore, { prefix, start }: Part): EventStore => {
  const inner = <A extends { readonly stream: string }>(one: A): A =>
    one.stream === '' ? one : { ...one, stream: prefix + one.stream }
  const outer = <A extends { readonly stream: string }>(one: A): A => ({
    ...one,
    stream: one.stream.slice(one.stream.startsWith(prefix) ? prefix.length : 0),
  })
  const told =
    <F, A, B>(task: TaskEither<F, A>, answer: (a: A) => B): TaskEither<F, B> =>
    async () =>
      E.bimap(
        (fault: F) =>
          typeof fault === 'object' && fault !== null && 'stream' in fault
            ? (outer(fault as { stream: string }) as F)
            : fault,
        answer,
      )(await task())
  const filterOf = ({ types, streamPrefixes = [''] }: EventFilter = {}): EventFilter => ({
    ...(types === undefined ? {} : { types }),
    streamPrefixes: streamPrefixes.map((one) => prefix + one),
  })
  const isEmpty = async () => {
    const any = await store.readAll({ after: start, filter: filterOf(), limit: 1 })()
    return E.isRight(any) && any.right.events.length === 0
  }
  const placeOf = async (position: Position | undefined, after: Position | undefined) =>
    after === undefined && (await isEmpty()) ? undefined : position

  return {
    append: (append) => told(store.append(inner(append)), outer),
    appendAll: (appends) =>
      told(
        store.appendAll(appends.map(inner) as unknown as NonEmpty<Append>),
        (all) => all.map(outer) as unknown as typeof all,
      ),
    readStream: (stream, options) =>
      told(store.readStream(inner({ stream }).stream, options), (slice) => ({
        ...slice,
        events: slice.events.map(outer),
      })),
    readAll:
      ({ after, filter, limit } = {}) =>
      async () => {
        const wanted = { after: after ?? start, filter: filterOf(filter), limit }
        const read = await told(store.readAll(wanted), (slice) => ({
          ...slice,
          events: slice.events.map(outer),
        }))()
        if (E.isLeft(read)) return read
        const position = await placeOf(read.right.position, after)
        return E.right({ ...read.right, position })
      },
    subscribe: ({ after, filter, ...options } = {}) => ({
      [Symbol.asyncIterator]: () => {
        const wanted = { ...options, after: after ?? start, filter: filterOf(filter) }
        const reader = store.subscribe(wanted)[Symbol.asyncIterator]()
        const message = async (value: SubscriptionMessage): Promise<SubscriptionMessage> => {
          if (value.type === 'failed') return value
          if (value.type === 'caughtUp')
            return { ...value, position: await placeOf(value.position, after) }
          return { ...value, events: value.events.map(outer) as unknown as typeof value.events }
        }
        return {
          next: async () => {
            const { value, done } = await reader.next()
            if (done === true) return { done, value: undefined }
            return { done: false, value: await message(value) }
          },
          return: async () => (await reader.return?.()) ?? { done: true, value: undefined },
        }
      },
    }),
    atomic: store.atomic,
    get maxAppendBytes() {
      return store.maxAppendBytes ?? Infinity
    },
    close: () => store.close(),
  }
}

export const onServer = (url: string): Opening => {
  const parts = new WeakMap<EventStore, Part>()
  const openPart = async (part: Part) => {
    const store = partOf(await eventStoreDBEventStore(url), part)
    parts.set(store, part)
    return store
  }
  return {
    open: async () => {
      const store = await eventStoreDBEventStore(url)
      const end = await store.readAll({ filter: { types: [] } })()
      await store.close()
      if (E.isLeft(end)) throw new Error(`${url}: ${JSON.stringify(end.left)}`)
      return openPart({ prefix: `kit${randomUUID().slice(0, 8)}-`, start: end.right.position })
    },
    beside: (store) => openPart(parts.get(store)!),
  }
}
