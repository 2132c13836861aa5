import { setMaxListeners } from 'node:events'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import {
  backOff,
  checkAppends,
  isNonEmpty,
  type Append,
  type Appended,
  type AppendFault,
  type CheckedAppend,
  type EventStore,
  type InvalidAppend,
  type NonEmpty,
  type Unavailable,
} from '@threadbook/sourcing'
import { appender, bytesOf } from './append.js'
import { connect, type Credentials, type StreamsClient } from './client.js'
import { realClock, type Clock, type Limits } from './clock.js'
import { unavailable } from './faults.js'
import { openFeed } from './feed.js'
import { KnownIds } from './known-ids.js'
import type { Patience } from './persist.js'
import { logEnd, readAll, readStream, type ReadDeps } from './read.js'
import { isSystemType } from './recorded.js'
import { subscribe } from './subscribe.js'

export interface EventStoreDBOptions {
  /** The longest silence of the server in one call; 10,000 ms unless told. */
  readonly timeoutMs?: number
  /** How long a call is tried again while the server cannot be reached; 30,000 ms unless told. */
  readonly patienceMs?: number
  /** `MaxAppendSize` of the server; 1,048,576 unless told. A smaller one is learnt from it. */
  readonly maxAppendBytes?: number
  /**
   * For appends that go as calls of their own; those of the connection string unless told. A client
   * that is passed in sends all of them so if it gets these, else as it does by itself.
   */
  readonly credentials?: Credentials
  /** How long a subscription nobody asks for more keeps its call open; 30,000 ms unless told. */
  readonly idleMs?: number
  /** Milliseconds before the next attempt, the first being number 0; doubling unless told. */
  readonly pause?: (attempt: number) => number
  readonly clock?: Clock
}

/** Their events would be kept from readers like the server's own. */
const checkNames = ({ stream, events }: CheckedAppend): E.Either<InvalidAppend, void> => {
  const refuse = (field: string) =>
    E.left({
      type: 'InvalidAppend' as const,
      stream,
      field,
      expected: 'a name that does not begin with $, which the server keeps for itself',
    })
  if (stream.startsWith('$')) return refuse('stream')
  const reserved = events.findIndex(({ type }) => isSystemType(type))
  return reserved < 0 ? E.right(undefined) : refuse(`events.${String(reserved)}.type`)
}

/** The log on an EventStoreDB or KurrentDB server; no connection is made before the first call. */
export const eventStoreDBEventStore = async (
  connectTo: string | StreamsClient,
  {
    timeoutMs = 10_000,
    patienceMs = 30_000,
    maxAppendBytes = 1_048_576,
    credentials,
    idleMs = 30_000,
    pause = backOff,
    clock = realClock,
  }: EventStoreDBOptions = {},
): Promise<EventStore> => {
  const closing = new AbortController()
  const { signal } = closing
  setMaxListeners(0, signal)
  const limits: Limits = { clock, timeoutMs, signal }
  const patience: Patience = { clock, patienceMs, pause, signal }
  const connection = await connect(connectTo, credentials)
  const { client } = connection
  const reading: ReadDeps = { client, limits, patience }
  const known = new KnownIds()
  let limit = maxAppendBytes

  const readAndLearn: typeof readStream = async (deps, stream, options = {}) => {
    const slice = await readStream(deps, stream, options)
    if (E.isRight(slice) && options.direction !== 'backwards')
      known.learn(stream, options.from ?? 0, slice.right.events)
    return slice
  }
  const append = appender({
    connection,
    limits,
    patience,
    known,
    readStream: (stream, options) => readAndLearn(reading, stream, options),
    onLimit: (told) => {
      limit = Math.min(limit, told)
    },
  })

  const open =
    <F, A>(task: TaskEither<F, A>): TaskEither<F | Unavailable, A> =>
    () =>
      signal.aborted ? Promise.resolve(E.left(unavailable('closed'))) : task()

  const checked = (appends: readonly Append[]): E.Either<AppendFault, readonly CheckedAppend[]> => {
    const sound = checkAppends(appends)
    if (E.isLeft(sound)) return sound
    for (const one of sound.right) {
      const named = checkNames(one)
      if (E.isLeft(named)) return named
      const bytes = bytesOf(one)
      if (bytes > limit) return E.left({ type: 'AppendTooLarge', stream: one.stream, bytes, limit })
    }
    return sound
  }

  const appendInOrder = async (
    appends: readonly Append[],
  ): Promise<E.Either<AppendFault, NonEmpty<Appended>>> => {
    const sound = checked(appends)
    if (E.isLeft(sound)) return sound
    const all: Appended[] = []
    for (const one of sound.right) {
      const appended = await append(one)
      if (E.isLeft(appended)) return appended
      all.push(appended.right)
    }
    if (!isNonEmpty(all)) throw new Error('appends: expected at least one')
    return E.right(all)
  }

  return {
    append: (one) =>
      open(async () => {
        const sound = checked([one])
        return E.isLeft(sound) ? sound : append(sound.right[0]!)
      }),
    appendAll: (appends) => open(() => appendInOrder(appends)),
    readStream: (stream, options) => open(() => readAndLearn(reading, stream, options)),
    readAll: (options) => open(() => readAll(reading, options)),
    subscribe: (options) =>
      subscribe(
        {
          open: (after, filter, bound) => openFeed(client, { after, filter, bound }),
          end: (stopped) => logEnd(client, { ...limits, signal: stopped }),
          clock,
          pause,
          idleMs,
          closing: signal,
        },
        options,
      ),
    atomic: false,
    get maxAppendBytes() {
      return limit
    },
    close: async () => {
      if (signal.aborted) return
      closing.abort()
      await connection.close()
    },
  }
}
