/** A store, a small server, and a relay between them that a test can cut. */
import { afterEach } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type {
  Append,
  EventStore,
  ExpectedRevision,
  NewEvent,
  NonEmpty,
  RecordedEvent,
  SubscribeOptions,
  SubscriptionMessage,
} from '@threadbook/sourcing'
import {
  eventStoreDBEventStore,
  type EventStoreDBOptions,
  type StreamsClient,
} from '@threadbook/eventstoredb'
import {
  EventLog,
  startRelay,
  startServer,
  type Relay,
  type SmallServer,
  urlOf,
} from './server/index.js'

export interface Rig {
  readonly log: EventLog
  readonly server: SmallServer
  readonly relay: Relay
  /** Of the relay. */
  readonly url: string
  readonly store: EventStore
}

const toClose: (() => Promise<unknown>)[] = []

/** Closed after the test. */
export const closing = <A extends { readonly close: () => Promise<void> }>(one: A): A => {
  toClose.push(() => one.close())
  return one
}

afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close()
})

export const startSmallServer = async (
  log = new EventLog(),
  options?: Parameters<typeof startServer>[1],
): Promise<SmallServer> => {
  const server = await startServer(log, options)
  closing({ close: server.stop })
  return server
}

export const rig = async (
  options: EventStoreDBOptions = {},
  {
    maxAppendBytes,
    client,
  }: {
    readonly maxAppendBytes?: number
    readonly client?: (url: string) => StreamsClient
  } = {},
): Promise<Rig> => {
  const log = new EventLog()
  const server = await startSmallServer(log, maxAppendBytes === undefined ? {} : { maxAppendBytes })
  const relay = closing(await startRelay(server))
  const url = urlOf(relay)
  const to = client?.(url) ?? url
  const store = closing(await eventStoreDBEventStore(to, { pause: () => 0, ...options }))
  return { log, server, relay, url, store }
}

export const STREAM = 'note-acme.1'

let events = 0

export const newEvent = (parts: Partial<NewEvent> = {}): NewEvent => ({
  id: `00000000-0000-4000-8000-${(++events).toString(16).padStart(12, '0')}`,
  type: 'Noted',
  data: { text: 'a note' },
  metadata: {
    schemaVersion: 1,
    account: 'acme',
    actor: 'user:ada',
    commandId: 'command-1',
    occurredAt: '2026-01-02T03:04:05.678Z',
    recordedAt: '2026-01-02T03:04:06.789Z',
  },
  ...parts,
})

export const newEvents = (count: number, parts?: Partial<NewEvent>): NonEmpty<NewEvent> =>
  Array.from({ length: count }, () => newEvent(parts)) as unknown as NonEmpty<NewEvent>

export const anAppend = (
  batch: NonEmpty<NewEvent> = [newEvent()],
  expected: ExpectedRevision = 'noStream',
  stream = STREAM,
): Append => ({ stream, expected, events: batch })

export const ok = async <F, A>(task: TaskEither<F, A>): Promise<A> => {
  const answer = await task()
  if (E.isLeft(answer)) throw new Error(`expected an answer, got ${JSON.stringify(answer.left)}`)
  return answer.right
}

export const faultOf = async <F, A>(task: TaskEither<F, A>): Promise<F> => {
  const answer = await task()
  if (E.isRight(answer)) throw new Error(`expected a fault, got ${JSON.stringify(answer.right)}`)
  return answer.left
}

export const idsOf = (all: readonly { readonly id: string }[]): readonly string[] =>
  all.map(({ id }) => id)

/** What really stands in the log, whatever a client says. */
export const storedIds = ({ log }: Rig, stream = STREAM): readonly string[] =>
  idsOf(log.records.filter((record) => record.stream === stream))

/** As another writer would, and without a call. */
export const write = (
  { log }: Pick<Rig, 'log'>,
  { id, type, data, metadata }: NewEvent = newEvent(),
  stream = STREAM,
): void => {
  const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))
  const event = { id, type, isJson: true, data: bytes(data), metadata: bytes(metadata) }
  log.append(stream, 'any', [event])
}

export const reading = (
  store: EventStore,
  options?: SubscribeOptions,
): AsyncIterator<SubscriptionMessage> => store.subscribe(options)[Symbol.asyncIterator]()

/** Messages up to and with the one that passes. */
export const until = async (
  reader: AsyncIterator<SubscriptionMessage>,
  isLast: (message: SubscriptionMessage, all: readonly RecordedEvent[]) => boolean,
): Promise<readonly SubscriptionMessage[]> => {
  const messages: SubscriptionMessage[] = []
  for (;;) {
    const { value, done } = await reader.next()
    if (done === true) throw new Error('the subscription ended')
    messages.push(value)
    if (isLast(value, eventsIn(messages))) return messages
  }
}

export const eventsIn = (messages: readonly SubscriptionMessage[]): readonly RecordedEvent[] =>
  messages.flatMap((message) => (message.type === 'events' ? message.events : []))

/** Waits for what is bound to become so; a test that hangs here has failed. */
export const eventually = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 1))
}

/** Lets what was sent arrive, so that it is not lost with the connection; right either way. */
export const arrival = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

/** A promise that a test settles: what a server waits for. */
export const gate = (): { readonly open: () => void; readonly opened: Promise<void> } => {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}
