/** What goes in comes out: names, types, data and metadata, as JSON would give them back. */
import { expect } from '@jest/globals'
import type { Metadata, NewEvent } from '../../event.js'
import type { EventStore } from '../../event-store.js'
import { ok, type Case } from '../suite.js'
import { anAppend, idsOf, logOf, metadata, newEvent, streamIds } from './fixtures.js'

const names: readonly (readonly [string, string])[] = [
  ['spaces', 'a name  with spaces '],
  ['slashes', 'a/b\\c//d'],
  ['quotes', `it's "quoted" -- ; DROP`],
  ['emoji', 'note-acme.🦜🏳️‍🌈'],
  ['wildcards', '%_*?[a-z]'],
  ['signs', 'note-acme.a-b.c-d@e:f#g'],
  ['line ends', 'a\r\nb\tc'],
  ['1,000 characters', `note-acme.${'x'.repeat(990)}`],
  ['1,000 characters of four bytes', '🦜'.repeat(500)],
]

/** Alike to a careless store, and yet three names. */
const lookAlikes: readonly (readonly [string, readonly [string, string, string]])[] = [
  ['case', ['note-a.1', 'note-A.1', 'NOTE-a.1']],
  ['white space', ['note-a.1', 'note-a.1 ', ' note-a.1']],
  ['composed and decomposed letters', ['caf\u00e9', 'cafe\u0301', 'cafe']],
]

const datas: readonly (readonly [string, unknown])[] = [
  ['NUL', { text: 'a\0b', '\0': 1 }],
  ['lone surrogates', { high: 'a\ud83d', low: '\udc00b', swapped: '\udc00\ud83d', '\ud800': 1 }],
  ['characters of four bytes', { text: '🦜𝒳\u{10ffff}' }],
  ['quotes and line ends', { text: `'"\\\n\r\t\u2028\u2029` }],
  ['minus zero', { zero: -0 }],
  [
    'large and small numbers',
    [1e21, 2 ** 53, -(2 ** 63), 1.7976931348623157e308, 5e-324, 0.1 + 0.2],
  ],
  ['no numbers', [NaN, Infinity]],
  ['keys that are names in JavaScript', JSON.parse('{"__proto__":{"a":1},"constructor":2,"":3}')],
  ['keys in their order', { b: 1, a: 2, aa: 3, B: 4 }],
  ['fields that are undefined', { here: null, gone: undefined, list: [undefined] }],
  ['what is written as text', { at: new Date(0) }],
  ['a deep tree', Array.from({ length: 200 }).reduce((below) => ({ below }), 'bottom')],
  ['a list', [1, [2, []], {}]],
  ['text alone', 'text'],
  ['a number alone', 42],
  ['null alone', null],
  ['a long text', { text: 'long '.repeat(60_000) }],
]

const there = async (store: EventStore, event: NewEvent) => {
  const stream = 'note-acme.1'
  await ok(store.append(anAppend(stream, [event])))
  const [fromStream] = (await ok(store.readStream(stream))).events
  const [fromLog] = await logOf(store, 1)
  expect(fromStream).toEqual(fromLog)
  expect(fromStream).toMatchObject({ id: event.id, type: event.type, stream, revision: 0 })
  return fromStream!
}

export const fidelityCases: readonly Case<EventStore>[] = [
  ...names.map(([what, name]) => ({
    name: `a stream's name and an event's type come back as they were: ${what}`,
    run: async (store: EventStore) => {
      await ok(store.append(anAppend('note-acme.1')))
      const event = newEvent({ type: name })
      await ok(store.append(anAppend(name, [event], 'noStream')))
      const { exists, events } = await ok(store.readStream(name))
      expect(exists).toBe(true)
      expect(events).toMatchObject([{ id: event.id, stream: name, type: name }])
      const filter = { types: [name], streamPrefixes: [name] }
      expect(await logOf(store, 1, { filter })).toEqual(events)
    },
  })),
  ...lookAlikes.map(([what, streams]) => ({
    name: `names that look alike are three streams: ${what}`,
    run: async (store: EventStore) => {
      for (const stream of streams)
        await ok(store.append(anAppend(stream, [newEvent({ type: stream })], 'noStream')))
      for (const stream of streams) {
        expect(await streamIds(store, stream)).toHaveLength(1)
        const filter = { types: [stream] }
        expect(await logOf(store, 1, { filter })).toMatchObject([{ stream, revision: 0 }])
      }
    },
  })),
  ...datas.map(([what, data]) => ({
    name: `data comes back as JSON gives it: ${what}`,
    run: async (store: EventStore) => {
      const read = await there(store, newEvent({ data }))
      // As text, since equality overlooks the order of keys, `__proto__` and the sign of zero.
      expect(JSON.stringify(read.data)).toBe(JSON.stringify(data))
    },
  })),
  {
    name: 'metadata comes back whole, with what a later version may have added',
    run: async (store) => {
      const more = {
        ...metadata,
        correlationId: 'c\ud800\0',
        causationId: 'd',
        later: { of: ['any', 1, null] },
      } satisfies Metadata & { later: unknown }
      expect((await there(store, newEvent({ metadata: more }))).metadata).toEqual(more)
    },
  },
  {
    name: 'what the writer changes later does not change what is stored',
    run: async (store) => {
      const event = newEvent({ data: { list: [1] } })
      await ok(store.append(anAppend('note-acme.1', [event])))
      ;(event.data as { list: number[] }).list.push(2)
      expect((await ok(store.readStream('note-acme.1'))).events[0]!.data).toEqual({ list: [1] })
    },
  },
  {
    name: 'what a reader changes does not change what the next one reads',
    run: async (store) => {
      await ok(store.append(anAppend('note-acme.1', [newEvent({ data: { list: [1] } })])))
      const read = async () => (await ok(store.readStream('note-acme.1'))).events[0]!
      ;((await read()).data as { list: number[] }).list.push(2)
      expect((await read()).data).toEqual({ list: [1] })
    },
  },
  {
    name: 'events of types nobody knows are stored and read like any other',
    run: async (store) => {
      const events = [newEvent({ type: 'Unheard.Of', data: { anything: true } }), newEvent()]
      await ok(store.append(anAppend('whatever', events)))
      expect(idsOf(await logOf(store, 2))).toEqual(idsOf(events))
    },
  },
]
