import { setTimeout as sleep } from 'node:timers/promises'
import type { Metadata, NewEvent, NonEmpty, RecordedEvent, StreamName } from '../../event.js'
import type {
  Append,
  EventStore,
  ExpectedRevision,
  ReadAllOptions,
  SubscribeOptions,
  SubscriptionMessage,
} from '../../event-store.js'
import { boundedLoop, ok } from '../suite.js'

export const metadata: Metadata = {
  schemaVersion: 1,
  account: 'acme',
  actor: 'user:ada',
  commandId: 'command-1',
  occurredAt: '2026-01-02T03:04:05.678Z',
  recordedAt: '2026-01-02T03:04:06.789Z',
}

export const eventId = (n: number): string =>
  `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`

let used = 0

export const newEvent = (parts: Partial<NewEvent> = {}): NewEvent => ({
  id: eventId(++used),
  type: 'Noted',
  data: { text: 'a note' },
  metadata,
  ...parts,
})

export const newEvents = (count: number, parts: Partial<NewEvent> = {}): NonEmpty<NewEvent> => [
  newEvent(parts),
  ...Array.from({ length: count - 1 }, () => newEvent(parts)),
]

/** As JavaScript may call it: types keep nobody from an empty list. */
export const list = (events: readonly NewEvent[]): NonEmpty<NewEvent> =>
  events as unknown as NonEmpty<NewEvent>

export const anAppend = (
  stream: StreamName,
  events: readonly NewEvent[] = newEvents(1),
  expected: ExpectedRevision = 'any',
): Append => ({ stream, expected, events: list(events) })

/** One append after another, each of one event: its parts by its place. */
export const fill = async (
  store: EventStore,
  events: readonly (Partial<NewEvent> & { readonly stream: StreamName })[],
): Promise<void> => {
  for (const { stream, ...parts } of events)
    await ok(store.append(anAppend(stream, [newEvent(parts)])))
}

export const idsOf = (events: readonly NewEvent[]): readonly string[] => events.map(({ id }) => id)

export const streamIds = async (
  store: EventStore,
  stream: StreamName,
): Promise<readonly string[]> => idsOf((await ok(store.readStream(stream))).events)

/**
 * The log, slice after slice, once it holds that many events: a store may give positions, and so
 * show events here, a moment after the append.
 */
export const logOf = async (
  store: EventStore,
  count: number,
  options: ReadAllOptions = {},
): Promise<readonly RecordedEvent[]> => {
  const events: RecordedEvent[] = []
  const turn = boundedLoop('reading the log')
  for (let { after } = options; ;) {
    turn()
    const slice = await ok(store.readAll({ ...options, after }))
    events.push(...slice.events)
    after = slice.position
    if (slice.end && events.length >= count) return events
    if (slice.end) await sleep(1)
  }
}

export interface Subscriber {
  readonly next: () => Promise<SubscriptionMessage | undefined>
  /** Messages up to the one that passes, which is the last. */
  readonly until: (
    isLast: (message: SubscriptionMessage, events: number) => boolean,
  ) => Promise<readonly SubscriptionMessage[]>
  readonly leave: () => Promise<unknown>
}

export const subscriber = (store: EventStore, options: SubscribeOptions = {}): Subscriber => {
  const iterator = store.subscribe(options)[Symbol.asyncIterator]()
  const next = async () => {
    const result = await iterator.next()
    return result.done === true ? undefined : result.value
  }
  return {
    next,
    until: async (isLast) => {
      const messages: SubscriptionMessage[] = []
      const turn = boundedLoop('reading a subscription')
      for (let events = 0; ;) {
        turn()
        const message = await next()
        if (message === undefined) throw new Error('the subscription ended')
        messages.push(message)
        if (message.type === 'events') events += message.events.length
        if (isLast(message, events)) return messages
      }
    },
    leave: async () => iterator.return?.(),
  }
}

export const eventsOf = (messages: readonly SubscriptionMessage[]): readonly RecordedEvent[] =>
  messages.flatMap((message) => (message.type === 'events' ? message.events : []))

export const isCaughtUp = ({ type }: SubscriptionMessage): boolean => type === 'caughtUp'
