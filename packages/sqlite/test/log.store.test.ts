import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { sqliteLog } from '@threadbook/sqlite'
import {
  countedPosition,
  type Append,
  type EventFilter,
  type NonEmpty,
  type RecordedEvent,
} from '@threadbook/sourcing'
import Driver from 'better-sqlite3'
import fc from 'fast-check'
import { events, fault, newEvent, ok, wholeLog } from './fixtures.js'
import { folder } from './files.js'

const inFolder = folder()

const passes =
  ({ types, streamPrefixes }: EventFilter) =>
  (event: Pick<RecordedEvent, 'type' | 'stream'>): boolean =>
    (types === undefined || types.includes(event.type)) &&
    (streamPrefixes === undefined ||
      streamPrefixes.some((prefix) => event.stream.startsWith(prefix)))

describe('a log of more events than one slice looks at', () => {
  const COUNT = 25_000
  const opened = (async () => {
    const path = join(inFolder, 'long.db')
    const log = await sqliteLog(path)
    // A rare type now and then, two in turn, many seen once, and few streams of another kind.
    const streamOf = (n: number) =>
      n % 200 === 17 ? `task-acme.${String(n)}` : `note-acme.${String(n % 50)}`
    const typeOf = (n: number) => {
      if (n % 9_000 === 8_999) return 'Rare'
      if (n % 50 === 25) return `Type ${String(n)}`
      return n % 2 === 0 ? 'Even' : 'Odd'
    }
    for (let n = 0; n < COUNT;) {
      const one = () => {
        const event = newEvent(typeOf(n), { n })
        return { stream: streamOf(n++), event }
      }
      const batch = Array.from({ length: 100 }, one)
      const streams = new Map<string, ReturnType<typeof newEvent>[]>()
      for (const { stream, event } of batch)
        streams.set(stream, [...(streams.get(stream) ?? []), event])
      const appends = [...streams].map(([stream, [first, ...more]]) => ({
        stream,
        expected: 'any' as const,
        events: [first!, ...more] as const,
      }))
      const [first, ...more] = appends
      await ok(log.store.appendAll([first!, ...more]))
    }
    const all = await wholeLog(log.store)
    return { ...log, path, all }
  })()

  const filters: readonly EventFilter[] = [
    { types: ['Rare'] },
    { types: ['Rare', 'Rare', 'Unheard'] },
    { types: ['Odd', 'Rare'] },
    { types: ['Odd', 'Even', 'Rare'] },
    { streamPrefixes: ['task-'] },
    { streamPrefixes: ['task-', 'note-acme.7'] },
    { types: ['Even'], streamPrefixes: ['task-'] },
    { types: ['Odd'], streamPrefixes: ['task-'] },
    { types: ['Rare'], streamPrefixes: ['note-'] },
    { types: ['Rare'], streamPrefixes: ['task-'] },
    { types: ['Type 25', 'Type 12025'] },
    { types: Array.from({ length: 450 }, (_, n) => `Type ${String(n * 50 + 25)}`) },
  ]

  it.each(filters)('gives all that passes, in order, once: %.80j', async (filter) => {
    const { store, all } = await opened
    expect(all).toHaveLength(COUNT)
    const expected = all.filter(passes(filter)).map(({ data }) => data)
    for (const limit of [1_000, Math.ceil(expected.length / 100)]) {
      const found = await wholeLog(store, { filter, limit })
      expect(found.map(({ data }) => data)).toEqual(expected)
    }
  })

  it('asks for a rare type without reading the others', async () => {
    const { store, path, all } = await opened
    const { position } = all.findLast(({ type }) => type === 'Rare')!
    const slice = await ok(store.readAll({ filter: { types: ['Rare'] } }))
    // All of them at once, though thousands of others stand between.
    expect(slice).toMatchObject({ end: true, position: all.at(-1)!.position })
    expect(slice.events.at(-1)!.position).toBe(position)
    expect(slice.events).toHaveLength(2)
    const file = new Driver(path, { readonly: true })
    const blocks = file
      .prepare(`SELECT count(*) FROM type_blocks JOIN types USING (type_no) WHERE name = 'Rare'`)
      .pluck()
    expect(blocks.get()).toBe(2)
    file.close()
  })

  it('closes', async () => {
    await (await opened).close()
  })
})

it('gives the end of the log and of each stream as it is, to all who have the file open, whoever wrote it', async () => {
  const action = fc.record({
    by: fc.nat(1),
    streams: fc.uniqueArray(fc.nat(3), { minLength: 1 }),
    // More than are kept at hand, and more text.
    events: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 4, max: 90 })),
    size: fc.constantFrom(10, 10, 40_000),
    conflicting: fc.boolean(),
    reader: fc.nat(1),
    back: fc.nat(100),
    limit: fc.constantFrom(3, 1_000),
    filter: fc.constantFrom<EventFilter>(
      {},
      { types: ['Odd', 'None'] },
      { streamPrefixes: ['a-1'] },
    ),
  })
  let file = 0
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 8 }), async (actions) => {
      const path = join(inFolder, `end ${String(file++)}.db`)
      const logs = [await sqliteLog(path), await sqliteLog(path)] as const
      const all: Pick<RecordedEvent, 'id' | 'stream' | 'type'>[] = []
      for (const each of actions) {
        const appends = each.streams.map((nth) => ({
          stream: `a-${String(nth)}.b`,
          expected: 'any' as const,
          events: events(each.events, nth % 2 === 0 ? 'Even' : 'Odd', 'x'.repeat(each.size)),
        }))
        const { store } = logs[each.by]!
        if (each.conflicting)
          await fault(
            store.appendAll([
              ...appends,
              { stream: 'a-9.b', expected: 'streamExists', events: events(1) },
            ] as unknown as NonEmpty<Append>),
          )
        else {
          await ok(store.appendAll(appends as unknown as NonEmpty<Append>))
          for (const { stream, events } of appends)
            all.push(...events.map(({ id, type }) => ({ id, stream, type })))
        }
        const from = Math.max(0, all.length - each.back)
        const after = from === 0 ? undefined : countedPosition(from)
        const { filter, limit } = each
        const found = await wholeLog(logs[each.reader]!.store, { after, filter, limit })
        const expected = all
          .map((event, index) => ({ ...event, position: countedPosition(index + 1) }))
          .slice(from)
          .filter(passes(filter))
        expect(
          found.map(({ id, stream, type, position }) => ({ id, stream, type, position })),
        ).toEqual(expected)
        for (let nth = 0; nth < 4; nth++) {
          const stream = `a-${String(nth)}.b`
          const there = all.filter((event) => event.stream === stream).map(({ id }) => id)
          const since = Math.max(0, there.length - (each.back % 3))
          const read = await ok(logs[each.reader]!.store.readStream(stream, { from: since }))
          expect(read.exists).toBe(there.length > 0)
          expect(read.events.map(({ id }) => id)).toEqual(there.slice(since))
        }
      }
      for (const { close } of logs) await close()
    }),
    { numRuns: 25 },
  )
})

it("keeps a stream's name once, ids in 16 bytes, and each type's name once", async () => {
  const path = join(inFolder, 'lean.db')
  const { store, close } = await sqliteLog(path)
  for (let n = 0; n < 20; n++)
    await ok(store.append({ stream: 'note-acme.a', expected: 'any', events: [newEvent()] }))
  await close()
  const file = new Driver(path, { readonly: true })
  expect(file.prepare('SELECT name FROM streams').all()).toEqual([{ name: 'note-acme.a' }])
  expect(file.prepare('SELECT name FROM types').all()).toEqual([{ name: 'Put' }])
  expect(file.prepare('SELECT DISTINCT typeof(id) t, length(id) n FROM events').all()).toEqual([
    { t: 'blob', n: 16 },
  ])
  file.close()
})
