/** Closes its store while it appends; ends by itself, if that left nothing behind. */
import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { eventStoreDBEventStore } from '@threadbook/eventstoredb'

const [url = '', pause = ''] = process.argv.slice(2)
const store = await eventStoreDBEventStore(url)
const metadata = {
  schemaVersion: 1,
  account: 'acme',
  actor: 'system',
  commandId: 'c',
  occurredAt: '2026-01-02T03:04:05.678Z',
  recordedAt: '2026-01-02T03:04:05.678Z',
}
const answers = ['1', '2', '3'].map((n) =>
  store.append({
    stream: `note-acme.${n}`,
    expected: 'noStream',
    events: [{ id: randomUUID(), type: 'Noted', data: {}, metadata }],
  })(),
)
if (pause !== '0') await setTimeout(Number(pause))
await store.close()
await Promise.all(answers)
