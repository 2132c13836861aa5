import { expect } from '@jest/globals'
import type { Position, RecordedEvent } from '../../event.js'
import type { EventFilter, EventStore, ReadStreamOptions } from '../../event-store.js'
import { boundedLoop, ok, type BesideCase, type Case } from '../suite.js'
import { anAppend, fill, idsOf, logOf, newEvent, newEvents } from './fixtures.js'

const STREAM = 'note-acme.1'

const streamReads: readonly (readonly [string, ReadStreamOptions, readonly number[]])[] = [
  ['forwards', {}, [0, 1, 2, 3, 4]],
  ['forwards from the beginning', { from: 0 }, [0, 1, 2, 3, 4]],
  ['forwards from the middle', { from: 2 }, [2, 3, 4]],
  ['forwards from the last', { from: 4 }, [4]],
  ['forwards from beyond the end', { from: 5 }, []],
  ['forwards from far beyond the end', { from: 5_000 }, []],
  ['forwards, at most 2', { limit: 2 }, [0, 1]],
  ['forwards from the middle, at most 2', { from: 1, limit: 2 }, [1, 2]],
  ['forwards, at most more than there are', { limit: 50 }, [0, 1, 2, 3, 4]],
  ['backwards', { direction: 'backwards' }, [4, 3, 2, 1, 0]],
  ['backwards from the middle', { direction: 'backwards', from: 2 }, [2, 1, 0]],
  ['backwards from the first', { direction: 'backwards', from: 0 }, [0]],
  ['backwards from beyond the end', { direction: 'backwards', from: 9 }, [4, 3, 2, 1, 0]],
  [
    'backwards from beyond the end, at most 2',
    { direction: 'backwards', from: 9, limit: 2 },
    [4, 3],
  ],
  ['backwards, at most 1', { direction: 'backwards', limit: 1 }, [4]],
  ['backwards from the middle, at most 2', { direction: 'backwards', from: 3, limit: 2 }, [3, 2]],
]

const readingStreams: readonly Case<EventStore>[] = [
  ...streamReads.map(([what, options, revisions]) => ({
    name: `reading a stream of five ${what}`,
    run: async (store: EventStore) => {
      const events = newEvents(5)
      for (const event of events) {
        await ok(store.append(anAppend(STREAM, [event])))
        await ok(store.append(anAppend('note-acme.11')))
      }
      const slice = await ok(store.readStream(STREAM, options))
      expect(slice.exists).toBe(true)
      expect(slice.events.map(({ revision }) => revision)).toEqual(revisions)
      expect(idsOf(slice.events)).toEqual(revisions.map((revision) => events[revision]!.id))
    },
  })),
  ...(['forwards', 'backwards'] as const).map((direction) => ({
    name: `reading an absent stream ${direction}: it does not exist, which is no fault`,
    run: async (store: EventStore) => {
      await ok(store.append(anAppend('note-acme.11')))
      const absent = { exists: false, events: [] }
      expect(await ok(store.readStream(STREAM, { direction }))).toEqual(absent)
      expect(await ok(store.readStream(STREAM, { direction, from: 3, limit: 1 }))).toEqual(absent)
    },
  })),
]

const places: Case<EventStore> = {
  name: 'readStream gives the events that readAll gives, positions and all, both ways',
  run: async (store) => {
    await fill(store, mixed(25))
    const log = await logOf(store, 25)
    for (const stream of new Set(log.map((event) => event.stream))) {
      const mine = log.filter((event) => event.stream === stream)
      for (const [direction, wanted] of [
        ['forwards', mine],
        ['backwards', mine.toReversed()],
      ] as const)
        expect((await ok(store.readStream(stream, { direction }))).events).toEqual(wanted)
    }
  },
}

const isAscending = (events: readonly RecordedEvent[]): boolean =>
  events.every(({ position }, index) => index === 0 || events[index - 1]!.position < position)

const mixed = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    stream: `${['note', 'task', 'note'][index % 3]!}-acme.${String(index % 5)}`,
    type: ['Noted', 'Done', 'Done', 'Removed'][index % 4]!,
  }))

const inSlices = async (store: EventStore, limit: number, filter?: EventFilter) => {
  const events: RecordedEvent[] = []
  const positions: Position[] = []
  for (let after: Position | undefined; ;) {
    const slice = await ok(store.readAll({ after, limit, filter }))
    expect(slice.events.length).toBeLessThanOrEqual(limit)
    events.push(...slice.events)
    const last = slice.events.at(-1)
    if (last !== undefined) expect(last.position <= slice.position!).toBe(true)
    if (slice.position !== undefined && slice.position !== after) positions.push(slice.position)
    if (slice.end) return { events, positions }
    // A slice that is not the last gets on.
    expect(slice.position).toBeDefined()
    expect(after === undefined || slice.position! > after).toBe(true)
    after = slice.position
  }
}

const readingAll: readonly Case<EventStore>[] = [
  {
    name: 'readAll of an empty log: nothing, at the end, no position',
    run: async (store) => {
      const nothing = { events: [], position: undefined, end: true }
      expect(await ok(store.readAll())).toEqual(nothing)
      expect(await ok(store.readAll({ filter: { types: ['Noted'] } }))).toEqual(nothing)
    },
  },
  {
    name: 'readAll gives all streams in the order of their appends, positions ascending as text',
    run: async (store) => {
      await fill(store, mixed(25))
      const log = await logOf(store, 25)
      expect(log.map(({ stream, type }) => ({ stream, type }))).toEqual(mixed(25))
      expect(isAscending(log)).toBe(true)
    },
  },
  ...[1, 2, 7, 24, 25, 26, 100].map((limit) => ({
    name: `readAll of 25 events in slices of ${String(limit)} equals the whole`,
    run: async (store: EventStore) => {
      await fill(store, mixed(25))
      const whole = await logOf(store, 25)
      expect((await inSlices(store, limit)).events).toEqual(whole)
    },
  })),
  {
    name: 'readAll gives 1,000 events unless told otherwise',
    run: async (store) => {
      await ok(store.append(anAppend(STREAM, newEvents(1_000))))
      await ok(store.append(anAppend(STREAM, newEvents(1))))
      await logOf(store, 1_001)
      const slice = await ok(store.readAll())
      expect(slice.events).toHaveLength(1_000)
      expect(slice.end).toBe(false)
    },
  },
  {
    name: 'readAll resumes behind every event',
    run: async (store) => {
      await ok(store.append(anAppend(STREAM, newEvents(3))))
      await fill(store, mixed(9))
      const log = await logOf(store, 12)
      for (const [index, { position }] of log.entries())
        expect(await logOf(store, 11 - index, { after: position })).toEqual(log.slice(index + 1))
    },
  },
  {
    name: 'readAll behind the last event: nothing, at the end, the same place',
    run: async (store) => {
      await fill(store, mixed(3))
      const after = (await logOf(store, 3)).at(-1)!.position
      const slice = await ok(store.readAll({ after }))
      expect(slice).toMatchObject({ events: [], end: true })
      expect(slice.position! >= after).toBe(true)
      await ok(store.append(anAppend(STREAM)))
      expect(await logOf(store, 1, { after: slice.position })).toHaveLength(1)
    },
  },
]

/** One event each: what is an operator to a database is a letter here. */
const oddStreams = [
  'a%b-acme.1',
  'a_b-acme.1',
  'axb-acme.1',
  'axxb-acme.1',
  'A%B-acme.1',
  'a\\b-acme.1',
  '[ab]-acme.1',
  'a*b-acme.1',
  'note-acme.1',
  'note-acme.10',
  'note-acme2.1',
  'Note-acme.1',
  'notes-acme.1',
  'edge',
  'edge\u{10ffff}',
  'edge\u{10ffff}\u{10ffff}z',
  'edge\uffff',
  'edgf',
  'caf\u00e9-acme.1',
  '🦜-acme.1',
  '🦝-acme.1',
]

const prefixes: readonly (readonly string[])[] = [
  ['a%'],
  ['a_'],
  ['a\\'],
  ['a*'],
  ['[ab]'],
  ['a'],
  ['A'],
  ['%'],
  ['note-acme.'],
  ['note-acme.1'],
  ['note-'],
  ['note'],
  ['edge'],
  ['edge\u{10ffff}'],
  ['edge\u{10ffff}\u{10ffff}'],
  ['edge\uffff'],
  ['caf\u00e9'],
  ['cafe\u0301'],
  ['🦜'],
  ['nothing'],
  ['acme'],
  ['note-', 'a%'],
  ['note-', 'note-acme.', 'notes-'],
  [''],
  [],
]

const types = ['Noted', 'noted', 'Not%', 'Not_d', "it's", 'Done']

const typeFilters: readonly (readonly string[])[] = [
  ['Noted'],
  ['Not%'],
  ['Not_d', "it's"],
  ['Noted', 'Noted', 'Done'],
  ['Nothing'],
  ['Done', ...Array.from({ length: 500 }, (_, index) => `Type${String(index)}`)],
  [],
]

const filtering: readonly Case<EventStore>[] = [
  ...prefixes.map((streamPrefixes) => ({
    name: `readAll by what streams begin with, letter by letter: ${JSON.stringify(streamPrefixes)}`,
    run: async (store: EventStore) => {
      await fill(
        store,
        oddStreams.map((stream) => ({ stream })),
      )
      await logOf(store, oddStreams.length)
      const wanted = oddStreams.filter((stream) =>
        streamPrefixes.some((prefix) => stream.startsWith(prefix)),
      )
      const { events } = await inSlices(store, 100, { streamPrefixes })
      expect(events.map(({ stream }) => stream)).toEqual(wanted)
    },
  })),
  {
    name: 'readAll by types, letter by letter',
    run: async (store) => {
      await fill(
        store,
        types.map((type) => ({ stream: STREAM, type })),
      )
      await logOf(store, types.length)
      for (const wanted of typeFilters) {
        const { events } = await inSlices(store, 100, { types: wanted })
        expect(events.map(({ type }) => type)).toEqual(
          types.filter((type) => wanted.includes(type)),
        )
      }
    },
  },
  ...[1, 3, 100].map((limit) => ({
    name: `readAll by types and by prefixes at once, in slices of ${String(limit)}`,
    run: async (store: EventStore) => {
      await fill(store, mixed(40))
      const whole = await logOf(store, 40)
      const filter = { types: ['Done', 'Removed'], streamPrefixes: ['task-', 'note-acme.1'] }
      const { events, positions } = await inSlices(store, limit, filter)
      const wanted = whole.filter(
        ({ type, stream }) =>
          filter.types.includes(type) &&
          filter.streamPrefixes.some((prefix) => stream.startsWith(prefix)),
      )
      expect(wanted.length).toBeGreaterThan(5)
      expect(events).toEqual(wanted)
      // Whoever stops at any of these places has missed nothing and sees nothing twice.
      for (const after of positions) {
        const rest = wanted.filter(({ position }) => position > after)
        expect(await logOf(store, rest.length, { after, filter })).toEqual(rest)
      }
    },
  })),
  {
    name: "a slice's position moves over events that were filtered out",
    run: async (store) => {
      await ok(store.append(anAppend(STREAM, newEvents(30))))
      await ok(store.append(anAppend(STREAM, [newEvent({ type: 'Done' })])))
      await ok(store.append(anAppend(STREAM, newEvents(30))))
      const whole = await logOf(store, 61)
      const { events, positions } = await inSlices(store, 10, { types: ['Done'] })
      expect(events).toEqual([whole[30]])
      expect(positions.at(-1)! >= whole[60]!.position).toBe(true)
      const none = await inSlices(store, 10, { types: ['Nothing'] })
      expect(none.positions.at(-1)! >= whole[60]!.position).toBe(true)
    },
  },
]

/** A reader that goes on while others write must see exactly what a late reader sees. */
const readingBesideWriters = async (reader: EventStore, writers: EventStore): Promise<void> => {
  const [count, each] = [8, 20]
  const write = async (writer: number) => {
    for (let i = 0; i < each; i++)
      await ok(
        writers.append(anAppend(`note-acme.${String((writer + i) % 4)}`, newEvents(1 + (i % 3)))),
      )
  }
  const total = count * Array.from({ length: each }, (_, i) => 1 + (i % 3)).reduce((a, b) => a + b)
  const reading = (async () => {
    const seen: RecordedEvent[] = []
    const turn = boundedLoop('reading beside writers', 1_000_000)
    for (let after: Position | undefined; seen.length < total;) {
      turn()
      const slice = await ok(reader.readAll({ after, limit: 7 }))
      seen.push(...slice.events)
      after = slice.position
      if (slice.end) await new Promise((resolve) => setImmediate(resolve))
    }
    return seen
  })()
  await Promise.all(Array.from({ length: count }, (_, writer) => write(writer)))
  const seen = await reading
  const whole = await logOf(reader, total)
  expect(idsOf(seen)).toEqual(idsOf(whole))
  expect(isAscending(whole)).toBe(true)
  for (const stream of new Set(whole.map((event) => event.stream))) {
    const mine = whole.filter((event) => event.stream === stream)
    expect(mine.map(({ revision }) => revision)).toEqual([...mine.keys()])
    expect((await ok(reader.readStream(stream))).events).toEqual(mine)
  }
}

export const readCases: readonly (Case<EventStore> | BesideCase<EventStore>)[] = [
  ...readingStreams,
  ...readingAll,
  places,
  ...filtering,
  {
    name: 'a reader beside 8 writers misses nothing: one order, each stream in its own',
    run: (store) => readingBesideWriters(store, store),
  },
  {
    name: 'a reader beside 8 writers of another process misses nothing',
    runBeside: readingBesideWriters,
  },
]
