/** Connections that break, servers that start anew, processes that are killed. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from '@jest/globals'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Position, RecordedEvent } from '../../event.js'
import type { Append, EventStore, ExpectedRevision } from '../../event-store.js'
import { boundedLoop, faultOf, ok, type BesideCase } from '../suite.js'
import {
  anAppend,
  eventsOf,
  idsOf,
  isCaughtUp,
  logOf,
  newEvents,
  streamIds,
  subscriber,
} from './fixtures.js'
import type { HookCase } from './hooks.js'

const STREAM = 'note-acme.1'
const TIMES = 6

type Disturb = (store: EventStore) => Promise<void>

/** Disturbs a few times, at moments that differ from time to time. */
const disturbances = (store: EventStore, disturb: Disturb) => {
  let left = TIMES
  const all = (async () => {
    for (; left > 0; left--) {
      await sleep(Math.random() * 25)
      await disturb(store)
    }
  })()
  return { all, areOver: () => left === 0 }
}

/** What is `Unavailable` is asked again, as a caller would. */
const insist = async <A>(task: TaskEither<{ readonly type: string }, A>): Promise<A> => {
  const turn = boundedLoop('asking again what was unavailable', 500)
  for (;;) {
    turn()
    const answer = await task()
    if (answer._tag === 'Right') return answer.right
    expect(answer.left).toMatchObject({ type: 'Unavailable' })
    await sleep(5)
  }
}

/** So many events in four streams, a few an append. */
const filled = async (store: EventStore, count: number): Promise<readonly RecordedEvent[]> => {
  for (let i = 0; i < count / 5; i++)
    await ok(store.append(anAppend(`note-acme.${String(i % 4)}`, newEvents(5))))
  return logOf(store, count)
}

export const disturbedCases: readonly HookCase<Disturb>[] = [
  {
    name: 'appends that are disturbed, and repeated until they are answered, stand once, in order',
    runWith: async (store, disturb) => {
      const { all, areOver } = disturbances(store, disturb)
      const write = async (stream: string) => {
        const ids: string[] = []
        while (!areOver() || ids.length < 10) {
          const batch = newEvents(2)
          const expected = ids.length === 0 ? 'noStream' : ids.length - 1
          ids.push(...idsOf(batch))
          expect(await insist(store.append(anAppend(stream, batch, expected)))).toMatchObject({
            stream,
            revision: ids.length - 1,
          })
        }
        return ids
      }
      const streams = [0, 1, 2, 3].map((writer) => `note-acme.${String(writer)}`)
      const written = await Promise.all(streams.map(write))
      await all
      for (const [index, stream] of streams.entries())
        expect(idsOf((await insist(store.readStream(stream))).events)).toEqual(written[index])
      const log = await logOf(store, written.flat().length)
      expect([...idsOf(log)].sort()).toEqual(written.flat().sort())
    },
  },
  {
    name: 'the log is read whole and in order by slices, however often that is disturbed',
    runWith: async (store, disturb) => {
      const log = await filled(store, 200)
      const { all, areOver } = disturbances(store, disturb)
      while (!areOver()) {
        const events: RecordedEvent[] = []
        for (let after: Position | undefined; ;) {
          const slice = await insist(store.readAll({ after, limit: 30 }))
          events.push(...slice.events)
          after = slice.position
          if (slice.end) break
        }
        expect(events).toEqual(log)
      }
      await all
    },
  },
  {
    name: 'a stream is read whole, in both directions, however often that is disturbed',
    runWith: async (store, disturb) => {
      const events = newEvents(200)
      await ok(store.append(anAppend(STREAM, events)))
      const { all, areOver } = disturbances(store, disturb)
      while (!areOver()) {
        const forwards = await insist(store.readStream(STREAM))
        expect(idsOf(forwards.events)).toEqual(idsOf(events))
        const backwards = await insist(store.readStream(STREAM, { direction: 'backwards' }))
        expect(idsOf(backwards.events)).toEqual([...idsOf(events)].reverse())
      }
      await all
    },
  },
  ...[1, 7, 1_000].map((limit): HookCase<Disturb> => ({
    name: `a subscription that is disturbed goes on by itself: all once, caught up once (slices of ${String(limit)})`,
    runWith: async (store, disturb) => {
      const log = await filled(store, 200)
      const reader = subscriber(store, { limit })
      const before = disturbances(store, disturb)
      const messages = [...(await reader.until(isCaughtUp))]
      expect(eventsOf(messages)).toEqual(log)
      await before.all
      const { all, areOver } = disturbances(store, disturb)
      const added: string[] = []
      let revision = (await insist(store.readStream(STREAM))).events.length - 1
      while (!areOver() || added.length < 10) {
        const batch = newEvents(2)
        const append = anAppend(STREAM, batch, revision)
        revision = (await insist(store.append(append))).revision
        added.push(...idsOf(batch))
        const live = await reader.until((_, count) => count === batch.length)
        expect(idsOf(eventsOf(live))).toEqual(idsOf(batch))
        messages.push(...live)
      }
      await all
      expect(messages.filter(isCaughtUp)).toHaveLength(1)
      await reader.leave()
    },
  })),
]

type AppendAndDie = (store: EventStore, append: Append) => Promise<void>

export const killedCases: readonly HookCase<AppendAndDie>[] = [
  ...(
    [
      ['noStream', 0],
      [2, 3],
    ] satisfies readonly (readonly [ExpectedRevision, number])[]
  ).map(([expected, there]): HookCase<AppendAndDie> => ({
    name: `an append whose process is killed before it is told stands once: expected ${String(expected)}`,
    runWith: async (store, appendAndDie) => {
      const before = newEvents(3).slice(0, there)
      if (there > 0) await ok(store.append(anAppend(STREAM, before, 'noStream')))
      const append = anAppend(STREAM, newEvents(2), expected)
      await appendAndDie(store, append)
      const later = newEvents(1)
      await ok(store.append(anAppend(STREAM, later, 'any')))
      for (let i = 0; i < 2; i++)
        expect(await ok(store.append(append))).toMatchObject({ revision: there + 1 })
      const ids = idsOf([...before, ...append.events, ...later])
      expect(await streamIds(store, STREAM)).toEqual(ids)
      expect(idsOf(await logOf(store, ids.length))).toEqual(ids)
    },
  })),
  {
    name: 'an append at any revision whose process is killed before it is told is not stored again',
    runWith: async (store, appendAndDie) => {
      const append = anAppend(STREAM, newEvents(2), 'any')
      await appendAndDie(store, append)
      expect(await faultOf(store.append(append))).toMatchObject({ type: 'Conflict', actual: 1 })
      expect(await streamIds(store, STREAM)).toEqual(idsOf(append.events))
    },
  },
]

/** Closed while it appends, without waiting: whatever became of it, the repetition is answered. */
export const cutOffCases: readonly BesideCase<EventStore>[] = [
  {
    name: 'appends under way when their process closes are answered, and repeated they stand once',
    runBeside: async (store, other) => {
      const appends = [...Array(16).keys()].map((index) =>
        anAppend(`note-acme.${String(index)}`, newEvents(2), 'noStream'),
      )
      const answers = appends.map((append) => other.append(append)())
      await other.close()
      for (const answer of await Promise.all(answers))
        if (answer._tag === 'Left') expect(answer.left).toMatchObject({ type: 'Unavailable' })
      for (const append of appends)
        expect(await ok(store.append(append))).toMatchObject({ revision: 1 })
      const stored = await logOf(store, 32)
      expect([...idsOf(stored)].sort()).toEqual(
        appends.flatMap(({ events }) => idsOf(events)).sort(),
      )
    },
  },
]
