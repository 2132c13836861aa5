/** Random histories, told to the store and to a plain model of it: both must answer alike. */
import { expect } from '@jest/globals'
import fc from 'fast-check'
import type { RecordedEvent } from '../../event.js'
import type { Append, EventFilter, EventStore, ExpectedRevision } from '../../event-store.js'
import { ok, type Case } from '../suite.js'
import {
  anAppend,
  eventId,
  eventsOf,
  isCaughtUp,
  logOf,
  newEvent,
  streamIds,
  subscriber,
} from './fixtures.js'

const STREAMS = ['note-a.1', 'note-a.2', 'task-a.1', 'task_a.1'] as const
const TYPES = ['Noted', 'Done'] as const

/** `ids` count from a small pool, so that they meet again. `end` is the stream's real revision. */
interface Write {
  readonly stream: string
  readonly expected: 'any' | 'noStream' | 'streamExists' | 'end' | number
  readonly ids: readonly number[]
}

type Step =
  | { readonly step: 'append'; readonly writes: readonly Write[] }
  | {
      readonly step: 'readStream'
      readonly stream: string
      readonly from: number | undefined
      readonly direction: 'forwards' | 'backwards'
      readonly limit: number
    }
  | {
      readonly step: 'readAll'
      readonly afterIndex: number
      readonly limit: number
      readonly filter: EventFilter
    }
  | { readonly step: 'subscribe'; readonly afterIndex: number; readonly filter: EventFilter }

const stream = fc.constantFrom(...STREAMS)
const filter: fc.Arbitrary<EventFilter> = fc.record(
  {
    types: fc.subarray([...TYPES, 'Nothing']),
    streamPrefixes: fc.subarray(['note-', 'task-', 'task_', 'note-a.1', '']),
  },
  { requiredKeys: [] },
)
const write: fc.Arbitrary<Write> = fc.record({
  stream,
  expected: fc.oneof(
    { weight: 4, arbitrary: fc.constant('end' as const) },
    { weight: 3, arbitrary: fc.constantFrom('any' as const, 'noStream' as const) },
    { weight: 1, arbitrary: fc.constant('streamExists' as const) },
    { weight: 2, arbitrary: fc.nat(6) },
  ),
  ids: fc.oneof(
    fc.uniqueArray(fc.nat(12), { minLength: 1, maxLength: 3 }),
    fc.uniqueArray(fc.integer({ min: 100, max: 10_000 }), { minLength: 1, maxLength: 4 }),
  ),
})
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      step: fc.constant('append' as const),
      writes: fc.uniqueArray(write, {
        minLength: 1,
        maxLength: 3,
        selector: (one) => one.stream,
      }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      step: fc.constant('readStream' as const),
      stream,
      from: fc.option(fc.nat(8), { nil: undefined }),
      direction: fc.constantFrom('forwards' as const, 'backwards' as const),
      limit: fc.integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      step: fc.constant('readAll' as const),
      afterIndex: fc.nat(20),
      limit: fc.integer({ min: 1, max: 6 }),
      filter,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      step: fc.constant('subscribe' as const),
      afterIndex: fc.nat(20),
      filter,
    }),
  },
)

interface Known {
  readonly id: string
  readonly stream: string
  readonly type: string
}

/** The model: a list of what was appended, in order. */
class Model {
  log: readonly Known[] = []

  of(name: string): readonly Known[] {
    return this.log.filter((known) => known.stream === name)
  }

  end(name: string): number | 'noStream' {
    const { length } = this.of(name)
    return length === 0 ? 'noStream' : length - 1
  }

  /** What the append is answered: a revision, or the stream's real place in a conflict. */
  append(name: string, expected: ExpectedRevision, events: readonly Known[]) {
    const there = idsIn(this.of(name))
    const ids = idsIn(events)
    const actual = this.end(name)
    if (expected === 'noStream' || typeof expected === 'number') {
      const start = expected === 'noStream' ? 0 : expected + 1
      const behind = there.slice(start, start + ids.length)
      if (behind.join() === ids.join()) return { revision: start + ids.length - 1 }
    }
    const isThere =
      expected === 'any' || (expected === 'streamExists' ? there.length > 0 : expected === actual)
    if (!isThere || ids.some((id) => there.includes(id))) return { actual }
    this.log = [...this.log, ...events]
    return { revision: there.length + ids.length - 1 }
  }

  passing({ types, streamPrefixes }: EventFilter, from = 0): readonly Known[] {
    return this.log
      .slice(from)
      .filter(({ type }) => types === undefined || types.includes(type))
      .filter((known) => streamPrefixes?.some((prefix) => known.stream.startsWith(prefix)) ?? true)
  }
}

const idsIn = (known: readonly Known[]) => known.map(({ id }) => id)
const known = (events: readonly RecordedEvent[]): readonly Known[] =>
  events.map((event) => ({ id: event.id, stream: event.stream, type: event.type }))

const appendBoth = async (store: EventStore, model: Model, writes: readonly Write[]) => {
  const appends = writes.map((one) => {
    const end = model.end(one.stream)
    const expected = one.expected === 'end' ? end : one.expected
    const events = one.ids.map((id) => newEvent({ id: eventId(id), type: TYPES[id % 2]! }))
    return anAppend(one.stream, events, expected)
  })
  const told = (to: Model, many: readonly Append[]) =>
    many.map(({ stream, expected, events }) =>
      to.append(
        stream,
        expected,
        events.map(({ id, type }) => ({ id, stream, type })),
      ),
    )
  const trial = new Model()
  trial.log = model.log
  const answers = told(trial, appends)
  const refused = answers.findIndex((answer) => 'actual' in answer)
  const [first, ...rest] = appends
  const result = await (rest.length === 0
    ? store.append(first!)()
    : store.appendAll([first!, ...rest])())
  if (refused >= 0) {
    const { stream: name, expected } = appends[refused]!
    const fault = { type: 'Conflict', stream: name, expected, ...answers[refused] }
    expect(result).toEqual({ _tag: 'Left', left: fault })
    // One after another: what came before the refused one stands.
    if (!store.atomic) told(model, appends.slice(0, refused))
    return
  }
  model.log = trial.log
  expect(result).toMatchObject({
    _tag: 'Right',
    right: rest.length === 0 ? answers[0]! : answers,
  })
}

const run = async (store: EventStore, steps: readonly Step[]): Promise<void> => {
  const model = new Model()
  const wholeLog = () => logOf(store, model.log.length)
  /** A position that was really given, and how many events stand before it. */
  const place = async (index: number) => {
    const log = await wholeLog()
    const from = Math.min(index, log.length)
    return { from, after: log[from - 1]?.position }
  }
  for (const now of steps) {
    switch (now.step) {
      case 'append':
        await appendBoth(store, model, now.writes)
        break
      case 'readStream': {
        const { exists, events } = await ok(
          store.readStream(now.stream, {
            direction: now.direction,
            limit: now.limit,
            ...(now.from === undefined ? {} : { from: now.from }),
          }),
        )
        const all = model.of(now.stream)
        expect(exists).toBe(all.length > 0)
        const wanted =
          now.direction === 'forwards'
            ? all.slice(now.from ?? 0)
            : all.slice(0, (now.from ?? all.length) + 1).reverse()
        expect(known(events)).toEqual(wanted.slice(0, now.limit))
        break
      }
      case 'readAll': {
        const { from, after } = await place(now.afterIndex)
        const wanted = model.passing(now.filter, from)
        const slice = await ok(store.readAll({ after, limit: now.limit, filter: now.filter }))
        expect(known(slice.events)).toEqual(wanted.slice(0, slice.events.length))
        expect(slice.events.length).toBeLessThanOrEqual(now.limit)
        if (slice.end) expect(slice.events).toHaveLength(wanted.length)
        const rest = await logOf(store, wanted.length, {
          after,
          limit: now.limit,
          filter: now.filter,
        })
        expect(known(rest)).toEqual(wanted)
        break
      }
      case 'subscribe': {
        const { from, after } = await place(now.afterIndex)
        const reader = subscriber(store, { after, filter: now.filter, limit: 3 })
        const messages = await reader.until(isCaughtUp)
        await reader.leave()
        expect(known(eventsOf(messages))).toEqual(model.passing(now.filter, from))
        break
      }
    }
  }
  expect(known(await wholeLog())).toEqual(model.log)
  for (const name of STREAMS) expect(await streamIds(store, name)).toEqual(idsIn(model.of(name)))
}

export const modelCases: readonly Case<EventStore>[] = [
  {
    name: 'any history of appends and reads is answered as by a plain model',
    timeoutMs: 180_000,
    run: async (_, open) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
          const store = await open()
          await run(store, steps)
          await store.close()
        }),
        { numRuns: 60 },
      )
    },
  },
]
