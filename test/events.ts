import { randomUUID } from 'node:crypto'
import type { EventStore, NewEvent, RecordedEvent } from '@threadbook/sourcing'
import { right } from '../packages/inbox/test/fixtures.js'

export const newEvent = (data: unknown = {}, type = 'Put'): NewEvent => ({
  id: randomUUID(),
  type,
  data,
  metadata: {
    schemaVersion: 1,
    account: 'acme',
    actor: 'system',
    commandId: 'command-1',
    occurredAt: '2026-01-02T03:04:05.678Z',
    recordedAt: '2026-01-02T03:04:06.789Z',
  },
})

export const wholeLog = async (store: EventStore): Promise<readonly RecordedEvent[]> => {
  const all: RecordedEvent[] = []
  for (let after: RecordedEvent['position'] | undefined; ;) {
    const { events, position, end } = right(await store.readAll({ after })())
    all.push(...events)
    if (end) return all
    after = position
  }
}
