import { getEventListeners } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { expect } from '@jest/globals'
import type { EventStore } from '../../event-store.js'
import { ok, type BesideCase, type Case } from '../suite.js'
import {
  anAppend,
  eventsOf,
  fill,
  idsOf,
  isCaughtUp,
  logOf,
  newEvent,
  newEvents,
  subscriber,
} from './fixtures.js'

const STREAM = 'note-acme.1'
const caughtUp = { type: 'caughtUp' }

const hearing: readonly Case<EventStore>[] = [
  {
    name: 'subscribe to an empty log: caught up at once, without a position, then what comes',
    run: async (store) => {
      const reader = subscriber(store)
      expect(await reader.next()).toEqual({ type: 'caughtUp', position: undefined })
      const events = newEvents(2)
      await ok(store.append(anAppend(STREAM, events)))
      expect(idsOf(eventsOf(await reader.until((_, count) => count === 2)))).toEqual(idsOf(events))
      await reader.leave()
    },
  },
  {
    name: 'subscribe says caughtUp once, after all that stood in the log, and goes on live',
    run: async (store) => {
      await ok(store.append(anAppend(STREAM, newEvents(7))))
      const log = await logOf(store, 7)
      const reader = subscriber(store, { limit: 3 })
      const before = await reader.until(isCaughtUp)
      expect(eventsOf(before)).toEqual(log)
      expect(before.at(-1)).toMatchObject({ position: log[6]!.position })
      for (let i = 0; i < 10; i++) {
        const [event] = newEvents(1)
        await ok(store.append(anAppend(STREAM, [event])))
        const live = await reader.until((_, count) => count === 1)
        expect(live.filter(isCaughtUp)).toEqual([])
        expect(eventsOf(live)).toMatchObject([{ id: event.id, revision: 7 + i }])
      }
      await reader.leave()
    },
  },
  {
    name: 'subscribe gives slices of at most the limit, each with a place to resume from',
    run: async (store) => {
      await ok(store.append(anAppend(STREAM, newEvents(10))))
      const log = await logOf(store, 10)
      const reader = subscriber(store, { limit: 3 })
      const messages = await reader.until(isCaughtUp)
      await reader.leave()
      let count = 0
      for (const message of messages) {
        if (message.type !== 'events') continue
        expect(message.events.length).toBeLessThanOrEqual(3)
        count += message.events.length
        const again = subscriber(store, { after: message.position })
        expect(eventsOf(await again.until(isCaughtUp))).toEqual(log.slice(count))
        await again.leave()
      }
      expect(count).toBe(10)
    },
  },
  {
    name: 'subscribe behind the last event: caught up at once, then only what is new',
    run: async (store) => {
      await ok(store.append(anAppend(STREAM, newEvents(3))))
      const after = (await logOf(store, 3))[2]!.position
      const reader = subscriber(store, { after })
      expect(await reader.next()).toMatchObject(caughtUp)
      await ok(store.append(anAppend(STREAM)))
      expect(eventsOf(await reader.until((_, count) => count > 0))).toMatchObject([{ revision: 3 }])
      await reader.leave()
    },
  },
  {
    name: 'subscribe with a filter: only those, caught up all the same, and live',
    run: async (store) => {
      const filter = { types: ['Done'], streamPrefixes: ['note-'] }
      await fill(store, [
        { stream: STREAM, type: 'Noted' },
        { stream: STREAM, type: 'Done' },
        { stream: 'task-acme.1', type: 'Done' },
        { stream: STREAM, type: 'Noted' },
      ])
      const log = await logOf(store, 4)
      const reader = subscriber(store, { filter, limit: 1 })
      const before = await reader.until(isCaughtUp)
      expect(eventsOf(before)).toEqual([log[1]])
      expect((before.at(-1) as { position: string }).position >= log[3]!.position).toBe(true)
      await fill(store, [
        { stream: 'task-acme.1', type: 'Done' },
        { stream: STREAM, type: 'Noted' },
        { stream: STREAM, type: 'Done' },
      ])
      expect(eventsOf(await reader.until((_, count) => count > 0))).toMatchObject([
        { stream: STREAM, revision: 4 },
      ])
      await reader.leave()
    },
  },
  {
    name: 'subscribe with a filter that nothing passes is caught up with the place to resume from',
    run: async (store) => {
      await ok(store.append(anAppend(STREAM, newEvents(5))))
      const log = await logOf(store, 5)
      const reader = subscriber(store, { filter: { types: ['Nothing'] }, limit: 2 })
      const first = await reader.next()
      expect(first).toMatchObject(caughtUp)
      expect((first as { position: string }).position >= log[4]!.position).toBe(true)
      await reader.leave()
    },
  },
  {
    name: 'a slow reader gets all that came meanwhile, in order, in slices',
    run: async (store) => {
      await ok(store.append(anAppend(STREAM, newEvents(4))))
      await logOf(store, 4)
      const reader = subscriber(store, { limit: 5 })
      const first = await reader.next()
      for (let i = 0; i < 30; i++) await ok(store.append(anAppend(STREAM, newEvents(2))))
      const log = await logOf(store, 64)
      const rest = await reader.until(
        (_, count) => count + eventsOf([first!]).length === log.length,
      )
      expect(eventsOf([first!, ...rest])).toEqual(log)
      for (const message of rest)
        if (message.type === 'events') expect(message.events.length).toBeLessThanOrEqual(5)
      await reader.leave()
    },
  },
  {
    name: 'several subscriptions at once each get everything',
    run: async (store) => {
      const readers = Array.from({ length: 12 }, () => subscriber(store))
      const all = readers.map((reader) => reader.until((_, count) => count === 20))
      for (let i = 0; i < 10; i++) await ok(store.append(anAppend(STREAM, newEvents(2))))
      const log = await logOf(store, 20)
      for (const messages of await Promise.all(all)) {
        expect(eventsOf(messages)).toEqual(log)
        expect(messages.filter(isCaughtUp).length).toBeLessThanOrEqual(1)
      }
      for (const reader of readers) await reader.leave()
    },
  },
  {
    name: 'readers that are abandoned hold nobody up',
    run: async (store) => {
      await ok(store.append(anAppend(STREAM, newEvents(50))))
      await logOf(store, 50)
      const abandoned = Array.from({ length: 20 }, () => subscriber(store, { limit: 1 }))
      for (const reader of abandoned) expect(await reader.next()).toMatchObject({ type: 'events' })
      const reader = subscriber(store)
      for (let i = 0; i < 50; i++) await ok(store.append(anAppend(STREAM)))
      const messages = await reader.until((_, count) => count === 100)
      expect(eventsOf(messages)).toEqual(await logOf(store, 100))
      await reader.leave()
    },
  },
  {
    name: 'what is asked for at once comes one after another',
    run: async (store) => {
      await ok(store.append(anAppend(STREAM, newEvents(2))))
      const log = await logOf(store, 2)
      const reader = subscriber(store, { limit: 1 })
      const messages = await Promise.all([reader.next(), reader.next(), reader.next()])
      expect(messages).toMatchObject([{ events: [log[0]] }, { events: [log[1]] }, caughtUp])
      await reader.leave()
    },
  },
]

/** Long enough that a `next()` asked for before is under way, whatever ends it then. */
const underWay = async (store: EventStore): Promise<void> => {
  for (let i = 0; i < 3; i++) {
    await ok(store.readAll())
    await setImmediate()
  }
}

const listening = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length

const leaving: readonly Case<EventStore>[] = [
  {
    name: 'leaving the loop ends the subscription and frees the signal',
    run: async (store) => {
      await ok(store.append(anAppend(STREAM, newEvents(3))))
      await logOf(store, 3)
      const { signal } = new AbortController()
      let messages = 0
      for await (const message of store.subscribe({ signal, limit: 1 })) {
        messages++
        if (message.type === 'caughtUp') break
      }
      expect(messages).toBe(4)
      expect(listening(signal)).toBe(0)
    },
  },
  {
    name: 'return() ends a subscription that waits',
    run: async (store) => {
      const { signal } = new AbortController()
      const iterator = store.subscribe({ signal })[Symbol.asyncIterator]()
      expect((await iterator.next()).value).toMatchObject(caughtUp)
      const waiting = iterator.next()
      await underWay(store)
      await iterator.return?.()
      expect(await waiting).toEqual({ done: true, value: undefined })
      expect(await iterator.next()).toEqual({ done: true, value: undefined })
      expect(listening(signal)).toBe(0)
    },
  },
  {
    name: 'return() before the first message ends it, too',
    run: async (store) => {
      const iterator = store.subscribe()[Symbol.asyncIterator]()
      await iterator.return?.()
      expect(await iterator.next()).toEqual({ done: true, value: undefined })
    },
  },
  {
    name: 'the signal ends a subscription that waits',
    run: async (store) => {
      const controller = new AbortController()
      const reader = subscriber(store, { signal: controller.signal })
      expect(await reader.next()).toMatchObject(caughtUp)
      const waiting = reader.next()
      await underWay(store)
      controller.abort()
      expect(await waiting).toBeUndefined()
      expect(await reader.next()).toBeUndefined()
      expect(listening(controller.signal)).toBe(0)
    },
  },
  {
    name: 'the signal ends a subscription between two messages',
    run: async (store) => {
      await ok(store.append(anAppend(STREAM, newEvents(3))))
      await logOf(store, 3)
      const controller = new AbortController()
      const reader = subscriber(store, { signal: controller.signal, limit: 1 })
      expect(await reader.next()).toMatchObject({ type: 'events' })
      controller.abort()
      expect(await reader.next()).toBeUndefined()
    },
  },
  {
    name: 'a signal that was given before ends it before the first message',
    run: async (store) => {
      await ok(store.append(anAppend(STREAM)))
      const reader = subscriber(store, { signal: AbortSignal.abort() })
      expect(await reader.next()).toBeUndefined()
    },
  },
  {
    name: 'subscriptions of one signal end together, the others go on',
    run: async (store) => {
      const controller = new AbortController()
      const mine = [1, 2, 3].map(() => subscriber(store, { signal: controller.signal }))
      const other = subscriber(store)
      for (const reader of [...mine, other]) expect(await reader.next()).toMatchObject(caughtUp)
      const waiting = mine.map((reader) => reader.next())
      const going = other.next()
      await underWay(store)
      controller.abort()
      expect(await Promise.all(waiting)).toEqual([undefined, undefined, undefined])
      await ok(store.append(anAppend(STREAM)))
      expect(await going).toMatchObject({ type: 'events' })
      await other.leave()
    },
  },
  {
    name: 'close() ends the subscriptions, those that wait and those that do not',
    run: async (store) => {
      await ok(store.append(anAppend(STREAM)))
      await logOf(store, 1)
      const [idle, waiting] = [subscriber(store), subscriber(store)]
      expect(await idle.next()).toMatchObject({ type: 'events' })
      await waiting.until(isCaughtUp)
      const last = waiting.next()
      await underWay(store)
      await store.close()
      expect(await last).toBeUndefined()
      expect(await idle.next()).toBeUndefined()
      expect(await subscriber(store).next()).toBeUndefined()
    },
  },
]

/** Subscribed while others write: the same events in the same order as a late reader gets. */
const subscribedBesideWriters = async (reader: EventStore, writers: EventStore): Promise<void> => {
  const subscribed = [1, 7, 100].map((limit) => subscriber(reader, { limit }))
  const received = subscribed.map((one) => one.until((_, count) => count === 200))
  const write = async (writer: number) => {
    for (let i = 0; i < 25; i++) {
      const event = newEvent({ data: { writer, i } })
      await ok(writers.append(anAppend(`note-acme.${String(writer % 3)}`, [event])))
    }
  }
  await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)))
  const log = await logOf(reader, 200)
  for (const messages of await Promise.all(received)) {
    expect(idsOf(eventsOf(messages))).toEqual(idsOf(log))
    expect(messages.filter(isCaughtUp).length).toBeLessThanOrEqual(1)
  }
  for (const one of subscribed) await one.leave()
}

const heardWhileWaiting = async (store: EventStore, other: EventStore): Promise<void> => {
  const reader = subscriber(store)
  expect(await reader.next()).toMatchObject(caughtUp)
  for (let i = 0; i < 3; i++) {
    const waiting = reader.next()
    await underWay(store)
    const [event] = newEvents(1)
    await ok(other.append(anAppend(STREAM, [event])))
    expect(await waiting).toMatchObject({ type: 'events', events: [{ id: event.id }] })
  }
  await reader.leave()
}

export const subscribeCases: readonly (Case<EventStore> | BesideCase<EventStore>)[] = [
  ...hearing,
  ...leaving,
  {
    name: 'subscribed beside 8 writers: nothing is missed, one order',
    run: (store) => subscribedBesideWriters(store, store),
  },
  {
    name: 'subscribed beside 8 writers of another process: nothing is missed, one order',
    runBeside: subscribedBesideWriters,
  },
  {
    name: 'a subscription that waits hears of what is appended',
    run: (store) => heardWhileWaiting(store, store),
  },
  {
    name: 'a subscription that waits hears of what another process appends',
    runBeside: heardWhileWaiting,
  },
]
