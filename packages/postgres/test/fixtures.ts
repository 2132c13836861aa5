import { randomUUID } from 'node:crypto'
import { postgres, type PostgresOptions } from '@threadbook/postgres'
import type {
  Adapters,
  EventStore,
  ExpectedRevision,
  NewEvent,
  RecordedEvent,
  SubscriptionMessage,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type pg from 'pg'

export const metadata = {
  schemaVersion: 1,
  account: 'acme',
  actor: 'user:ada',
  commandId: 'command-1',
  occurredAt: '2026-01-02T03:04:05.678Z',
  recordedAt: '2026-01-02T03:04:06.789Z',
}

export const newEvent = (data: unknown = {}): NewEvent => ({
  id: randomUUID(),
  type: 'Put',
  data,
  metadata,
})

export const ok = async <F, A>(task: TaskEither<F, A>): Promise<A> => {
  const answer = await task()
  if (E.isLeft(answer)) throw new Error(`expected an answer, got ${JSON.stringify(answer.left)}`)
  return answer.right
}

export const put = (
  store: EventStore,
  stream: string,
  data: unknown = {},
  expected: ExpectedRevision = 'any',
) => ok(store.append({ stream: `note-acme.${stream}`, expected, events: [newEvent(data)] }))

export const wholeLog = async (store: EventStore): Promise<readonly RecordedEvent[]> => {
  const all: RecordedEvent[] = []
  for (let after: RecordedEvent['position'] | undefined; ;) {
    const { events, position, end } = await ok(store.readAll({ after }))
    all.push(...events)
    if (end) return all
    after = position
  }
}

/** What a subscription gives out, as it comes. */
export const following = (store: EventStore) => {
  const events: RecordedEvent[] = []
  const messages: SubscriptionMessage[] = []
  const stopping = new AbortController()
  const ended = (async () => {
    for await (const message of store.subscribe({ signal: stopping.signal })) {
      messages.push(message)
      if (message.type === 'events') events.push(...message.events)
    }
  })()
  return {
    events,
    messages,
    stop: async () => {
      stopping.abort()
      await ended
    },
  }
}

export const eventually = async (
  isSo: () => boolean | Promise<boolean>,
  withinMs = 15_000,
): Promise<void> => {
  for (const deadline = Date.now() + withinMs; !(await isSo());) {
    if (Date.now() > deadline) throw new Error(`not so within ${String(withinMs)} ms`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Opens with connections of its own, each as one process would. */
export const opening = (config: () => pg.PoolConfig) => {
  const open: Adapters[] = []
  return {
    open: async (schema: string, options: PostgresOptions = {}) => {
      const adapters = await postgres(config(), { schema, ...options })
      open.push(adapters)
      return adapters
    },
    closeAll: async () => {
      for (const adapters of open.splice(0)) await adapters.close()
    },
  }
}
