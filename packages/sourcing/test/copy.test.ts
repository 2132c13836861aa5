import { describe, expect, it } from '@jest/globals'
import {
  copyEvents,
  type EventStore,
  type NewEvent,
  type NonEmpty,
  type RecordedEvent,
} from '@threadbook/sourcing'
import { memoryEventStore } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'
import { v5 } from 'uuid'

const IDS = '6ba7b810-9dad-11d1-80b4-00c04fd430c8'
const happened = (name: string): NewEvent => ({
  id: v5(name, IDS),
  type: 'Happened',
  data: { name },
  metadata: {
    schemaVersion: 1,
    account: 'main',
    actor: 'system',
    commandId: v5(`command of ${name}`, IDS),
    occurredAt: '2026-01-01T00:00:00.000Z',
    recordedAt: '2026-01-02T00:00:00.000Z',
  },
})

const append = async (store: EventStore, stream: string, ...names: NonEmpty<string>) => {
  const [first, ...others] = names.map(happened)
  const done = await store.append({ stream, expected: 'any', events: [first!, ...others] })()
  if (E.isLeft(done)) throw new Error(done.left.type)
}

const all = async (store: EventStore) => {
  const slice = await store.readAll({ limit: 100_000 })()
  if (E.isLeft(slice)) throw new Error(slice.left.type)
  return slice.right.events
}
/** All but the position, which is each store's own. */
const placeless = (events: readonly RecordedEvent[]) =>
  events.map(({ position: _, ...event }) => event)

/** Three streams whose events alternate. */
const source = async (): Promise<EventStore> => {
  const store = memoryEventStore()
  await append(store, 'a-main.1', 'one', 'two')
  await append(store, 'b-main.1', 'three')
  await append(store, 'a-main.1', 'four')
  await append(store, 'c-main.1', 'five', 'six')
  await append(store, 'b-main.1', 'seven')
  return store
}

describe('copying a log', () => {
  it('keeps ids, order, revisions and times', async () => {
    const from = await source()
    const to = memoryEventStore()
    expect(await copyEvents(from, to)).toEqual(E.right({ events: 7, streams: 3 }))
    expect(placeless(await all(to))).toEqual(placeless(await all(from)))
  })

  it.each([1, 2, 3, 100])('reads %i events at once and loses none', async (limit) => {
    const from = await source()
    const to = memoryEventStore()
    await copyEvents(from, to, { limit })
    expect(placeless(await all(to))).toEqual(placeless(await all(from)))
  })

  it('goes on after it was stopped, and stores nothing twice', async () => {
    const from = await source()
    const to = memoryEventStore()
    const stopping = new AbortController()
    const onProgress = (events: number) => {
      if (events >= 3) stopping.abort()
    }
    const stopped = copyEvents(from, to, { limit: 1, signal: stopping.signal, onProgress })
    await expect(stopped).rejects.toThrow()
    expect(await all(to)).toHaveLength(3)
    expect(await copyEvents(from, to)).toEqual(E.right({ events: 7, streams: 3 }))
    expect(placeless(await all(to))).toEqual(placeless(await all(from)))
  })

  it('refuses a target that holds something else in a stream', async () => {
    const to = memoryEventStore()
    await append(to, 'a-main.1', 'another')
    expect(await copyEvents(await source(), to)).toMatchObject(
      E.left({ type: 'Conflict', stream: 'a-main.1' }),
    )
  })

  it('names a stream that only the target has', async () => {
    const to = memoryEventStore()
    await append(to, 'd-main.1', 'another')
    const streams = [{ stream: 'd-main.1', from: 0, to: 1 }]
    expect(await copyEvents(await source(), to)).toEqual(E.left({ type: 'CopyDiffers', streams }))
  })

  it('refuses a stream whose beginning is gone', async () => {
    const from = await source()
    const cut: EventStore = {
      ...from,
      readAll: (options) => async () => {
        const slice = await from.readAll(options)()
        return E.isLeft(slice)
          ? slice
          : E.right({ ...slice.right, events: slice.right.events.slice(1) })
      },
    }
    expect(await copyEvents(cut, memoryEventStore())).toEqual(
      E.left({ type: 'BeginningGone', stream: 'a-main.1', revision: 1 }),
    )
  })
})
