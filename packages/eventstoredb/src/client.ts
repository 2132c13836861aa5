/** What the store needs of a client, and has in both that speak to the server. */
import { setTimeout } from 'node:timers/promises'
import { leaveSharedCall, seizeSharedCall, takeSharedCall } from './shared-call.js'

export interface LogPosition {
  readonly commit: bigint
  readonly prepare: bigint
}

export interface Credentials {
  readonly username: string
  readonly password: string
}

/**
 * Data may be whatever JSON holds; the clients' types only know of objects. Metadata goes as it is,
 * the bytes of its JSON: clients would write it out again.
 */
export interface ClientEvent {
  readonly id: string
  readonly contentType: 'application/json'
  readonly type: string
  readonly data: Record<string, unknown>
  readonly metadata: Uint8Array
}

export interface ReadBack {
  readonly streamId: string
  readonly id: string
  readonly revision: bigint
  readonly type: string
  readonly data: unknown
  readonly metadata?: unknown
  readonly position?: LogPosition | undefined
}

/** A link whose target is gone comes without an event. */
export interface Resolved {
  readonly event?: ReadBack | undefined
  readonly link?: ReadBack | undefined
}

export interface ServerFilter {
  readonly filterOn: 'eventType' | 'streamName'
  readonly regex: string
  readonly checkpointInterval: number
  readonly maxSearchWindow: number
  readonly checkpointReached: (subscription: unknown, position: LogPosition) => void
}

/** What the two clients call by different names is passed by both. */
interface AppendOptions {
  readonly expectedRevision: 'no_stream' | bigint
  readonly streamState: 'no_stream' | bigint
  readonly requiresLeader: boolean
  readonly deadline: number
  readonly credentials?: Credentials
}

interface ReadOptions {
  readonly direction: 'forwards' | 'backwards'
  readonly maxCount?: number
  readonly requiresLeader: boolean
}

export interface AppendAnswer {
  readonly success: boolean
  readonly nextExpectedRevision: bigint
  readonly position?: LogPosition | undefined
}

/** An open `$all`: a readable stream of objects that also says `caughtUp`. */
export interface OpenCall {
  readonly readableLength: number
  on(event: 'data', listener: (resolved: Resolved) => void): unknown
  on(event: 'error', listener: (error: unknown) => void): unknown
  on(event: 'caughtUp' | 'end' | 'close', listener: () => void): unknown
  pause(): unknown
  resume(): unknown
  unsubscribe(): Promise<void>
}

/** `EventStoreDBClient` of `@eventstore/db-client`, `KurrentDBClient` of `@kurrent/kurrentdb-client`. */
export interface StreamsClient {
  appendToStream(
    stream: string,
    events: ClientEvent[],
    options: AppendOptions,
  ): Promise<AppendAnswer>
  readStream(
    stream: string,
    options: ReadOptions & { readonly fromRevision: 'start' | 'end' | bigint },
  ): AsyncIterable<Resolved>
  readAll(options: ReadOptions & { readonly fromPosition: 'end' }): AsyncIterable<Resolved>
  subscribeToAll(options: {
    readonly fromPosition: 'start' | LogPosition
    readonly filter: ServerFilter
    readonly requiresLeader: boolean
  }): OpenCall
  dispose(): Promise<void>
}

export interface Connection {
  readonly client: StreamsClient
  /** As the client appends. */
  readonly append: StreamsClient['appendToStream']
  /**
   * To be passed with an append, which then is a call of its own; undefined where it may go
   * through the call that all share. What is sent again goes alone.
   */
  readonly credentialsFor: (isRepeated: boolean) => Credentials | undefined
  /** Frees what was opened here. */
  readonly close: () => Promise<void>
}

/** The client ignores them on a connection without TLS, and yet sends the append by itself. */
const IGNORED: Credentials = { username: 'none', password: 'none' }

const credentialsIn = (connectionString: string): Credentials | undefined => {
  const [, username, password] = /^[^:]+:\/\/([^:/?]+):([^@/?]+)@/.exec(connectionString) ?? []
  if (username !== undefined && password !== undefined)
    return { username: decodeURIComponent(username), password: decodeURIComponent(password) }
  return /[?&]tls=false(&|$)/i.test(connectionString) ? IGNORED : undefined
}

/** How long closing waits for what the client has under way to end, and how often it looks. */
const CLOSING_MS = 1_000
const LOOK_EVERY_MS = 10

/**
 * Ends what the client has open, and again until nothing is under way: an append that was asked for
 * in the same moment opens its call afterwards, which would keep the process alive.
 */
const disposeOf = async (
  client: StreamsClient,
  underWay: ReadonlySet<Promise<unknown>>,
): Promise<void> => {
  const began = performance.now()
  for (;;) {
    await client.dispose()
    if (underWay.size === 0 || performance.now() - began >= CLOSING_MS) return
    await setTimeout(LOOK_EVERY_MS)
  }
}

/**
 * The client is loaded only if it is used: it and the newer one write their messages to the same
 * global names, and whichever a process loads last breaks the other.
 */
export const connect = async (
  connection: string | StreamsClient,
  credentials: Credentials | undefined,
): Promise<Connection> => {
  if (typeof connection !== 'string') {
    if (credentials === undefined) seizeSharedCall(connection)
    return {
      client: connection,
      append: (...asked) => connection.appendToStream(...asked),
      credentialsFor: () => credentials,
      close: async () => {
        leaveSharedCall(connection)
      },
    }
  }
  const { EventStoreDBClient } = await import('@eventstore/db-client')
  const client: StreamsClient = EventStoreDBClient.connectionString(connection)
  const own = credentials ?? credentialsIn(connection)
  const underWay = new Set<Promise<unknown>>()
  return {
    client,
    append: (...asked) => {
      const answer = client.appendToStream(...asked)
      underWay.add(answer)
      const ended = () => void underWay.delete(answer)
      answer.then(ended, ended)
      return answer
    },
    credentialsFor: (isRepeated) => (!isRepeated && takeSharedCall(client) ? undefined : own),
    close: async () => {
      await disposeOf(client, underWay)
      leaveSharedCall(client)
    },
  }
}
