/** The log read stream by stream, as rows are rebuilt from it. */
import { expect } from '@jest/globals'
import type { RecordedEvent } from '../../event.js'
import type { EventFilter, EventStore, ReadStreamsOptions } from '../../event-store.js'
import { boundedLoop, ok, type Case } from '../suite.js'
import { anAppend, fill, logOf, newEvents } from './fixtures.js'

const everything: EventFilter = { streamPrefixes: [''] }

/** Streams of two kinds that grow by turns, one of them longer than a slice. */
const some = async (store: EventStore): Promise<readonly RecordedEvent[]> => {
  const streams = ['note-acme.1', 'task-acme.1', 'note-acme.2', 'note-bolt.1', 'note-acme.1']
  const all = Array.from({ length: 25 }, (_, index) => ({
    stream: streams[index % streams.length]!,
    type: ['Noted', 'Done', 'Noted', 'Removed'][index % 4]!,
  }))
  await fill(store, all)
  return logOf(store, all.length)
}

const inSlices = async (
  store: EventStore,
  options: ReadStreamsOptions,
): Promise<readonly RecordedEvent[]> => {
  const events: RecordedEvent[] = []
  const turn = boundedLoop('reading streams')
  let share = 0
  for (let { after } = options; ;) {
    turn()
    const slice = await ok(store.readStreams!({ ...options, after }))
    expect(slice.events.length).toBeLessThanOrEqual(options.limit ?? 1_000)
    expect(slice.share).toBeGreaterThanOrEqual(share)
    expect(slice.share).toBeLessThanOrEqual(1)
    share = slice.share
    events.push(...slice.events)
    if (slice.next === undefined) return events
    after = slice.next
  }
}

/** Each stream's events, in the order in which the streams were begun on. */
const byStream = (events: readonly RecordedEvent[]) => {
  const streams = new Map<string, RecordedEvent[]>()
  for (const event of events) {
    // One that is gone back to was not read whole.
    if (event.stream !== [...streams.keys()].at(-1)) expect(streams.has(event.stream)).toBe(false)
    streams.set(event.stream, [...(streams.get(event.stream) ?? []), event])
  }
  return streams
}

const expectStreams = (events: readonly RecordedEvent[], wanted: readonly RecordedEvent[]) => {
  expect(events).toHaveLength(wanted.length)
  for (const [stream, its] of byStream(events))
    expect(its).toEqual(wanted.filter((event) => event.stream === stream))
}

export const readStreamsCases: readonly Case<EventStore>[] = [
  {
    name: 'readStreams of a log without what is asked for: nothing, and nothing behind it',
    run: async (store) => {
      const [first] = await some(store)
      for (const filter of [
        { types: ['Nothing'] },
        { streamPrefixes: ['nothing-'] },
        { types: [] },
      ])
        expect(await inSlices(store, { filter, upTo: first!.position })).toEqual([])
    },
  },
  ...[1, 2, 7, 24, 25, 26, 100].map((limit) => ({
    name: `readStreams in slices of ${String(limit)}: each stream whole and in order, as readAll has it`,
    run: async (store: EventStore) => {
      const log = await some(store)
      const upTo = log.at(-1)!.position
      const events = await inSlices(store, { filter: everything, upTo, limit })
      expectStreams(events, log)
      expect(await inSlices(store, { filter: everything, upTo })).toEqual(events)
    },
  })),
  {
    name: 'readStreams leaves out what stands behind the position that it reads up to',
    run: async (store) => {
      const log = await some(store)
      for (const [index, { position: upTo }] of log.entries())
        expectStreams(
          await inSlices(store, { filter: everything, upTo, limit: 4 }),
          log.slice(0, index + 1),
        )
    },
  },
  ...[1, 3, 100].map((limit) => ({
    name: `readStreams by kinds of streams and types, in slices of ${String(limit)}`,
    run: async (store: EventStore) => {
      const log = await some(store)
      const upTo = log.at(-1)!.position
      const notes = log.filter(({ stream }) => stream.startsWith('note-'))
      const kinds = { streamPrefixes: ['note-'] }
      expectStreams(await inSlices(store, { filter: kinds, upTo, limit }), notes)
      const filter = { ...kinds, types: ['Noted', 'Removed'] }
      const wanted = notes.filter(({ type }) => filter.types.includes(type))
      expect(wanted.length).toBeGreaterThan(5)
      expectStreams(await inSlices(store, { filter, upTo, limit }), wanted)
    },
  })),
  {
    name: 'readStreams goes on where it was, whatever was appended meanwhile',
    run: async (store) => {
      const log = await some(store)
      const upTo = log.at(-1)!.position
      const options = { filter: everything, upTo, limit: 3 }
      const events: RecordedEvent[] = []
      const turn = boundedLoop('reading streams amid appends')
      for (let after: string | undefined; ;) {
        turn()
        const slice = await ok(store.readStreams!({ ...options, after }))
        events.push(...slice.events)
        if (slice.next === undefined) break
        // Anybody can take it up from there: in another order it was not before.
        expect(await ok(store.readStreams!({ ...options, after }))).toMatchObject({
          events: slice.events,
          next: slice.next,
        })
        after = slice.next
        for (const stream of ['note-acme.1', 'note-acme.0', `note-new.${String(events.length)}`])
          await ok(store.append(anAppend(stream, newEvents(2))))
      }
      expectStreams(events, log)
    },
  },
]
