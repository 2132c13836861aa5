/** A part of a log, as if it were all of it: what a test has to itself on a server that others use. */
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

export interface Part {
  /** What its streams' names begin with. */
  readonly prefix: string
  /** Where the log ended before it. */
  readonly start: Position | undefined
}

/** Its own streams, from its own start on. */
export const partOf = (store: EventStore, { prefix, start }: Part): EventStore => {
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
