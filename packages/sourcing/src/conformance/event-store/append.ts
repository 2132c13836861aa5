import { expect } from '@jest/globals'
import type { NewEvent } from '../../event.js'
import type { Append, EventStore, ExpectedRevision } from '../../event-store.js'
import { boundedLoop, faultOf, ok, type BesideCase, type Case } from '../suite.js'
import {
  anAppend,
  eventId,
  idsOf,
  list,
  logOf,
  newEvent,
  newEvents,
  streamIds,
} from './fixtures.js'

type StoreCase = Case<EventStore>

const STREAM = 'note-acme.1'
const OTHER = 'note-acme.2'

const matrix: readonly (readonly ['absent' | 'at 4', ExpectedRevision, 'appends' | 'conflicts'])[] =
  [
    ['absent', 'any', 'appends'],
    ['absent', 'noStream', 'appends'],
    ['absent', 'streamExists', 'conflicts'],
    ['absent', 0, 'conflicts'],
    ['absent', 4, 'conflicts'],
    ['at 4', 'any', 'appends'],
    ['at 4', 'noStream', 'conflicts'],
    ['at 4', 'streamExists', 'appends'],
    ['at 4', 0, 'conflicts'],
    ['at 4', 3, 'conflicts'],
    ['at 4', 4, 'appends'],
    ['at 4', 5, 'conflicts'],
  ]

const expectedRevisions = matrix.map(([state, expected, outcome]): StoreCase => ({
  name: `expected revision: a stream ${state}, expected ${String(expected)}: ${outcome}`,
  run: async (store) => {
    const before = state === 'absent' ? [] : newEvents(5)
    if (before.length > 0) await ok(store.append(anAppend(STREAM, before)))
    const batch = newEvents(2)
    const task = store.append(anAppend(STREAM, batch, expected))
    if (outcome === 'appends') {
      expect(await ok(task)).toMatchObject({ stream: STREAM, revision: before.length + 1 })
      expect(await streamIds(store, STREAM)).toEqual(idsOf([...before, ...batch]))
    } else {
      const actual = state === 'absent' ? 'noStream' : 4
      expect(await faultOf(task)).toEqual({ type: 'Conflict', stream: STREAM, expected, actual })
      expect(await streamIds(store, STREAM)).toEqual(idsOf(before))
    }
  },
}))

const n = (...numbers: readonly number[]): readonly NewEvent[] =>
  numbers.map((number) => newEvent({ id: eventId(1_000_000 + number) }))

/** What stands before the repetitions below: 1 2 3, then 4 5, then 6, each its own append. */
const threeAppends = async (store: EventStore) => {
  await ok(store.append(anAppend(STREAM, n(1, 2, 3), 'noStream')))
  await ok(store.append(anAppend(STREAM, n(4, 5), 2)))
  await ok(store.append(anAppend(STREAM, n(6), 4)))
}

const repetitions: readonly (readonly [string, ExpectedRevision, readonly number[], number])[] = [
  ['the whole first batch', 'noStream', [1, 2, 3], 2],
  ['the first part of a batch', 'noStream', [1, 2], 1],
  ['a single first event', 'noStream', [1], 0],
  ['the last part of a batch', 0, [2, 3], 2],
  ['the whole second batch', 2, [4, 5], 4],
  ['the last append', 4, [6], 5],
  ['one that spans two batches', 1, [3, 4, 5], 4],
  ['one that spans all of them', 'noStream', [1, 2, 3, 4, 5, 6], 5],
]

const repeated = repetitions.map(([what, expected, ids, revision]): StoreCase => ({
  name: `repetition, answered as the first time: ${what}`,
  run: async (store) => {
    await threeAppends(store)
    const log = await logOf(store, 6)
    const answer = await ok(store.append(anAppend(STREAM, n(...ids), expected)))
    expect(answer).toMatchObject({ stream: STREAM, revision })
    if (answer.position !== undefined) expect(answer.position).toBe(log[revision]!.position)
    expect(await streamIds(store, STREAM)).toEqual(idsOf(n(1, 2, 3, 4, 5, 6)))
  },
}))

const noRepetitions: readonly (readonly [string, ExpectedRevision, readonly number[]])[] = [
  ['more events than are there', 4, [6, 7]],
  ['old events and a new one', 'noStream', [1, 2, 7]],
  ['a new event before old ones', 'noStream', [7, 1, 2]],
  ['another order', 'noStream', [2, 1]],
  ['one left out', 'noStream', [1, 3]],
  ['another revision', 2, [1, 2, 3]],
  ['new events', 'noStream', [7, 8]],
  ['old events at the end', 5, [4, 5]],
  ['a new event and an old one at the end', 5, [7, 1]],
  ['old events, expecting any revision', 'any', [1, 2, 3]],
  ['the last event, expecting any revision', 'any', [6]],
  ['old events, expecting that the stream exists', 'streamExists', [4, 5]],
]

const notRepeated = noRepetitions.map(([what, expected, ids]): StoreCase => ({
  name: `no repetition, a conflict: ${what}`,
  run: async (store) => {
    await threeAppends(store)
    expect(await faultOf(store.append(anAppend(STREAM, n(...ids), expected)))).toEqual({
      type: 'Conflict',
      stream: STREAM,
      expected,
      actual: 5,
    })
    expect(await streamIds(store, STREAM)).toEqual(idsOf(n(1, 2, 3, 4, 5, 6)))
  },
}))

const twice = newEvent()
const cyclic: Record<string, unknown> = {}
cyclic['self'] = cyclic

const invalids: readonly (readonly [string, string, Append])[] = [
  ['no events', 'events', anAppend(STREAM, [])],
  ['an id twice in a batch', 'events.2.id', anAppend(STREAM, [twice, newEvent(), twice])],
  ['an id that is no UUID', 'events.0.id', anAppend(STREAM, [newEvent({ id: 'one' })])],
  [
    'an id in upper case',
    'events.1.id',
    anAppend(STREAM, [newEvent(), newEvent({ id: 'ABCDEF00-0000-4000-8000-000000000001' })]),
  ],
  ['an empty type', 'events.1.type', anAppend(STREAM, [newEvent(), newEvent({ type: '' })])],
  ['a type with NUL', 'events.0.type', anAppend(STREAM, [newEvent({ type: 'a\0b' })])],
  ['an empty stream name', 'stream', anAppend('')],
  ['a stream name with a lone surrogate', 'stream', anAppend('note-acme.\ud800')],
  ['a negative revision', 'expected', anAppend(STREAM, newEvents(1), -1)],
  ['a fractional revision', 'expected', anAppend(STREAM, newEvents(1), 0.5)],
  ['a revision that is not a number', 'expected', anAppend(STREAM, newEvents(1), NaN)],
  [
    'a revision of another language',
    'expected',
    anAppend(STREAM, newEvents(1), 'no_stream' as unknown as ExpectedRevision),
  ],
  ['no data', 'events.0.data', anAppend(STREAM, [newEvent({ data: undefined })])],
  ['data that JSON cannot hold', 'events.0.data', anAppend(STREAM, [newEvent({ data: 1n })])],
  ['data that holds itself', 'events.0.data', anAppend(STREAM, [newEvent({ data: cyclic })])],
]

const refused = invalids.map(([what, field, append]): StoreCase => ({
  name: `refused, naming the field: ${what}`,
  run: async (store) => {
    const fault = { type: 'InvalidAppend', stream: append.stream, field }
    expect(await faultOf(store.append(append))).toMatchObject(fault)
    const inOrder = store.appendAll([anAppend(OTHER), append])
    expect(await faultOf(inOrder)).toMatchObject(fault)
    expect((await ok(store.readStream(OTHER))).exists).toBe(false)
  },
}))

const severalStreams: readonly StoreCase[] = [
  {
    name: 'appendAll appends to each stream and answers in the order asked',
    run: async (store) => {
      await ok(store.append(anAppend(OTHER, newEvents(2))))
      const [first, second] = [newEvents(3), newEvents(1)]
      expect(
        await ok(
          store.appendAll([anAppend(STREAM, first, 'noStream'), anAppend(OTHER, second, 1)]),
        ),
      ).toMatchObject([
        { stream: STREAM, revision: 2 },
        { stream: OTHER, revision: 2 },
      ])
      expect(await streamIds(store, STREAM)).toEqual(idsOf(first))
      expect((await streamIds(store, OTHER)).slice(2)).toEqual(idsOf(second))
      expect(idsOf(await logOf(store, 6)).slice(2)).toEqual(idsOf([...first, ...second]))
    },
  },
  {
    name: 'appendAll names the stream in conflict; if atomic nothing is written, else it is resumed',
    run: async (store) => {
      const [first, second, third] = [newEvents(2), newEvents(1), newEvents(1)]
      const appends = (expected: ExpectedRevision) =>
        store.appendAll([
          anAppend(STREAM, first, 'noStream'),
          anAppend(OTHER, second, expected),
          anAppend('note-acme.3', third, 'noStream'),
        ])
      expect(await faultOf(appends(0))).toEqual({
        type: 'Conflict',
        stream: OTHER,
        expected: 0,
        actual: 'noStream',
      })
      expect((await ok(store.readStream(STREAM))).exists).toBe(!store.atomic)
      expect((await ok(store.readStream(OTHER))).exists).toBe(false)
      expect((await ok(store.readStream('note-acme.3'))).exists).toBe(false)
      await ok(appends('noStream'))
      expect(idsOf(await logOf(store, 4))).toEqual(idsOf([...first, ...second, ...third]))
    },
  },
  {
    name: 'appendAll repeated is answered as the first time, also after others appended',
    run: async (store) => {
      const appends = [
        anAppend(STREAM, newEvents(2), 'noStream'),
        anAppend(OTHER, newEvents(3), 'noStream'),
      ] as const
      const first = await ok(store.appendAll(appends))
      await ok(store.append(anAppend(STREAM)))
      await ok(store.append(anAppend(OTHER)))
      expect(await ok(store.appendAll(appends))).toMatchObject(first)
      expect(await logOf(store, 7)).toHaveLength(7)
    },
  },
  {
    name: 'appendAll goes on where an earlier one stopped: what stands is answered, the rest appended',
    run: async (store) => {
      const [first, second] = [newEvents(2), newEvents(1)]
      await ok(store.append(anAppend(STREAM, first, 'noStream')))
      expect(
        await ok(
          store.appendAll([
            anAppend(STREAM, first, 'noStream'),
            anAppend(OTHER, second, 'noStream'),
          ]),
        ),
      ).toMatchObject([{ revision: 1 }, { revision: 0 }])
      expect(idsOf(await logOf(store, 3))).toEqual(idsOf([...first, ...second]))
    },
  },
  {
    name: 'appendAll refuses the same stream twice',
    run: async (store) => {
      const [a, b] = [anAppend(STREAM), anAppend(STREAM)]
      expect(await faultOf(store.appendAll([a, anAppend(OTHER), b]))).toMatchObject({
        type: 'InvalidAppend',
        stream: STREAM,
        field: 'stream',
      })
      expect((await ok(store.readAll())).events).toEqual([])
    },
  },
  {
    name: 'one id may stand in two streams',
    run: async (store) => {
      const event = newEvent()
      await ok(store.append(anAppend(STREAM, [event], 'noStream')))
      await ok(store.append(anAppend(OTHER, [event], 'noStream')))
      await ok(
        store.appendAll([anAppend('note-acme.3', [event]), anAppend('note-acme.4', [event])]),
      )
      expect(idsOf(await logOf(store, 4))).toEqual([event.id, event.id, event.id, event.id])
    },
  },
]

const answers: readonly StoreCase[] = [
  {
    name: 'an append is answered by revision and position of its last event',
    run: async (store) => {
      const first = await ok(store.append(anAppend(STREAM, newEvents(3))))
      const second = await ok(store.append(anAppend(OTHER, newEvents(2))))
      const log = await logOf(store, 5)
      expect(first.revision).toBe(2)
      expect(second.revision).toBe(1)
      if (first.position !== undefined) expect(first.position).toBe(log[2]!.position)
      if (second.position !== undefined) expect(second.position).toBe(log[4]!.position)
    },
  },
  {
    name: 'nothing is appended before the task is run, and once for each run',
    run: async (store) => {
      const task = store.append(anAppend(STREAM, newEvents(1), 'noStream'))
      expect((await ok(store.readStream(STREAM))).exists).toBe(false)
      await ok(task)
      await ok(task)
      expect(await streamIds(store, STREAM)).toHaveLength(1)
    },
  },
  {
    name: 'an append larger than the limit is refused with its size; without a limit 2 MiB are taken',
    run: async (store) => {
      const limit = store.maxAppendBytes
      const events = ['a', 'b'].map((letter) =>
        newEvent({ data: { text: letter.repeat((limit ?? 2 * 1024 * 1024) / 2) } }),
      )
      const task = store.append(anAppend(STREAM, events))
      if (limit === undefined) await ok(task)
      else {
        const fault = await faultOf(task)
        expect(fault).toMatchObject({ type: 'AppendTooLarge', stream: STREAM, limit })
        expect((fault as { bytes: number }).bytes).toBeGreaterThan(limit)
      }
      expect((await ok(store.readStream(STREAM))).exists).toBe(limit === undefined)
    },
  },
  {
    name: 'a thousand events in one append keep their order',
    run: async (store) => {
      const events = newEvents(1_000)
      expect(await ok(store.append(anAppend(STREAM, events)))).toMatchObject({ revision: 999 })
      expect(await streamIds(store, STREAM)).toEqual(idsOf(events))
    },
  },
  {
    name: 'after close every call is answered Unavailable, and closing again is no error',
    run: async (store) => {
      await store.close()
      await store.close()
      for (const task of [
        store.append(anAppend(STREAM)),
        store.appendAll([anAppend(STREAM)]),
        store.readStream(STREAM),
        store.readAll(),
      ])
        expect(await faultOf<unknown, unknown>(task)).toMatchObject({ type: 'Unavailable' })
    },
  },
]

/** Each contender sends its own event; where both stores are one, they race in one process. */
const race = async (
  [one, other]: readonly [EventStore, EventStore],
  contenders: number,
  expected: ExpectedRevision,
) => {
  const batches = Array.from({ length: contenders }, () => newEvents(2))
  const results = await Promise.all(
    batches.map((batch, index) =>
      (index % 2 === 0 ? one : other).append(anAppend(STREAM, batch, expected))(),
    ),
  )
  const won = batches.filter((_, index) => results[index]!._tag === 'Right')
  const faults = results.flatMap((result) => (result._tag === 'Left' ? [result.left] : []))
  return { won, faults }
}

const exactlyOneWins =
  (contenders: number, before: number) =>
  async (one: EventStore, other: EventStore): Promise<void> => {
    if (before > 0) await ok(one.append(anAppend(STREAM, newEvents(before))))
    const expected = before === 0 ? 'noStream' : before - 1
    const { won, faults } = await race([one, other], contenders, expected)
    expect(won).toHaveLength(1)
    expect(faults).toEqual(
      Array.from({ length: contenders - 1 }, () => ({
        type: 'Conflict',
        stream: STREAM,
        expected,
        actual: before + 1,
      })),
    )
    expect((await streamIds(other, STREAM)).slice(before)).toEqual(idsOf(won.flat()))
  }

const everyoneWins =
  (contenders: number) =>
  async (one: EventStore, other: EventStore): Promise<void> => {
    const { won, faults } = await race([one, other], contenders, 'any')
    expect(faults).toEqual([])
    const { events } = await ok(other.readStream(STREAM))
    expect(events.map(({ revision }) => revision)).toEqual([...Array(contenders * 2).keys()])
    // No batch has another's events in its midst.
    const ids = idsOf(events)
    for (const [first, second] of won)
      expect(ids.indexOf(second!.id)).toBe(ids.indexOf(first.id) + 1)
  }

const oneBatchManyTimes =
  (contenders: number) =>
  async (one: EventStore, other: EventStore): Promise<void> => {
    const append = anAppend(STREAM, newEvents(2), 'noStream')
    const answered = await Promise.all(
      Array.from({ length: contenders }, (_, index) =>
        ok((index % 2 === 0 ? one : other).append(append)),
      ),
    )
    expect(new Set(answered.map(({ revision }) => revision))).toEqual(new Set([1]))
    expect(await streamIds(other, STREAM)).toEqual(idsOf(append.events))
  }

/** Reads, then appends at the revision it read, again until it wins. */
const persistent = async (store: EventStore): Promise<void> => {
  const turn = boundedLoop('appending again after each conflict', 500)
  for (const batch = newEvents(1); ;) {
    turn()
    const { events } = await ok(store.readStream(STREAM))
    const expected = events.at(-1)?.revision ?? 'noStream'
    const result = await store.append(anAppend(STREAM, batch, expected))()
    if (result._tag === 'Right') return
    expect(result.left).toMatchObject({ type: 'Conflict', expected })
    expect((result.left as { actual: unknown }).actual).not.toBe(expected)
  }
}

const allLand = async (one: EventStore, other: EventStore): Promise<void> => {
  await Promise.all(
    Array.from({ length: 8 }, (_, index) => persistent(index % 2 === 0 ? one : other)),
  )
  const { events } = await ok(one.readStream(STREAM))
  expect(events.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
}

/** Both want both streams, in opposite order: neither half of the loser's may stand. */
const crossing = async (one: EventStore, other: EventStore): Promise<void> => {
  const [first, second] = [newEvents(2), newEvents(2)]
  const appends = (events: readonly NewEvent[], streams: readonly [string, string]) =>
    [
      anAppend(streams[0], list(events), 'noStream'),
      anAppend(streams[1], list(events), 'noStream'),
    ] as const
  const results = await Promise.all([
    one.appendAll(appends(first, [STREAM, OTHER]))(),
    other.appendAll(appends(second, [OTHER, STREAM]))(),
  ])
  const stored = [await streamIds(one, STREAM), await streamIds(one, OTHER)]
  for (const ids of stored) expect([idsOf(first), idsOf(second)]).toContainEqual(ids)
  if (!one.atomic) return
  const winners = [first, second].filter((_, index) => results[index]!._tag === 'Right')
  expect(winners).toHaveLength(1)
  expect(stored).toEqual([idsOf(winners[0]!), idsOf(winners[0]!)])
}

const races: readonly (readonly [string, (one: EventStore, other: EventStore) => Promise<void>])[] =
  [
    ...[2, 3, 8, 16].flatMap(
      (contenders) =>
        [
          [
            `${String(contenders)} want to create a stream: one does`,
            exactlyOneWins(contenders, 0),
          ],
          [`${String(contenders)} append at one revision: one does`, exactlyOneWins(contenders, 5)],
          [`${String(contenders)} append at any revision: all do`, everyoneWins(contenders)],
          [`one batch ${String(contenders)} times: stored once`, oneBatchManyTimes(contenders)],
        ] as const,
    ),
    ['8 append again after each conflict, until all have', allLand],
    ['two want the same two streams in opposite order: one gets both', crossing],
  ]

export const appendCases: readonly (StoreCase | BesideCase<EventStore>)[] = [
  ...expectedRevisions,
  ...repeated,
  ...notRepeated,
  ...refused,
  ...severalStreams,
  ...answers,
  ...races.map(([what, run]) => ({
    name: `race: ${what}`,
    run: (store: EventStore) => run(store, store),
  })),
  ...races.map(([what, runBeside]) => ({ name: `race between processes: ${what}`, runBeside })),
  {
    name: 'a repetition by another process is answered as the first time',
    runBeside: async (store, other) => {
      await threeAppends(store)
      const again = other.append(anAppend(STREAM, n(1, 2, 3), 'noStream'))
      expect(await ok(again)).toMatchObject({ revision: 2 })
      expect(await streamIds(store, STREAM)).toHaveLength(6)
    },
  },
]
