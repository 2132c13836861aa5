/** The way out for what is parked: retried in its order, or skipped for good. */
import { expect } from '@jest/globals'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { isNonEmpty, type NonEmpty, type RecordedEvent } from '../../event.js'
import { inSet, type Rows } from '../../projection.js'
import type { ReadModels, Skip } from '../../read-models.js'
import { faultOf, ok, type BesideCase, type Case } from '../suite.js'
import {
  apply,
  at,
  broken,
  changed,
  keptOf,
  named,
  nothing,
  notes,
  put,
  recorded,
  removed,
  rowsOf,
  type Happening,
  type Row,
} from './fixtures.js'

type ReadModelsCase = Case<ReadModels>

/** Happenings as events of one log, from which parked ones are read again. */
const logOf = (...happenings: readonly Happening[]) => {
  const log = recorded(happenings)
  const events = (...counts: readonly number[]): NonEmpty<RecordedEvent> => {
    const found = counts.map((count) => log[count - 1]!)
    if (!isNonEmpty(found)) throw new Error('expected at least one')
    return found
  }
  return { log, events }
}

const applyAll = (readModels: ReadModels, projection: Rows, log: readonly RecordedEvent[]) =>
  ok(
    readModels.apply(projection, { events: log, after: undefined, position: log.at(-1)!.position }),
  )

/** As `notes`, but Broken breaks only until it is mended: then it sets the rank. */
const mendable = (name = 'mendable') => {
  let isMended = false
  const projection = named(name, {
    on: {
      ...notes.on,
      Broken: (row, event) => {
        if (!isMended) throw new Error('it broke')
        if (row !== undefined) Object.assign(row, event.data)
      },
    },
  })
  const mend = () => {
    isMended = true
  }
  return { projection, mend }
}

const brokenWith = (key: string, data: Row): Happening => ({ key, type: 'Broken', data })

const skip: Skip = { reason: 'a test', by: 'user:ada', at: '2026-02-03T04:05:06.789Z' }

const placesOf = async (readModels: ReadModels, projection: Rows) =>
  (await ok(readModels.parked(projection))).map(({ key, position }) => `${key} ${position}`)

const asking: readonly ReadModelsCase[] = [
  {
    name: 'what is parked says where it stands in the log, and what it is',
    run: async (readModels) => {
      await ok(readModels.open(notes))
      const { log } = logOf(put('a', {}), broken('a'), changed('a', {}))
      await applyAll(readModels, notes, log)
      const [event] = await ok(readModels.parked(notes, { limit: 1 }))
      expect(event).toEqual({
        key: 'a',
        position: at(2),
        stream: log[1]!.stream,
        revision: log[1]!.revision,
        type: 'Broken',
        recordedAt: log[1]!.metadata.recordedAt,
        error: 'Error: it broke',
      })
    },
  },
  {
    name: 'parked events are asked for by key, and up to a limit',
    run: async (readModels) => {
      await ok(readModels.open(notes))
      const { log } = logOf(broken('a'), broken('b'), put('a', {}), put('b', {}), put('a', {}))
      await applyAll(readModels, notes, log)
      const positions = async (query: Parameters<ReadModels['parked']>[1]) =>
        (await ok(readModels.parked(notes, query))).map(({ position }) => position)
      expect(await positions({ key: 'a' })).toEqual([at(1), at(3), at(5)])
      expect(await positions({ key: 'a', limit: 2 })).toEqual([at(1), at(3)])
      expect(await positions({ limit: 3 })).toEqual([at(1), at(2), at(3)])
      expect(await positions({ key: 'c' })).toEqual([])
    },
  },
  {
    name: 'parked keys: the event that broke, and how many wait behind it',
    run: async (readModels) => {
      await ok(readModels.open(notes))
      expect(await ok(readModels.parkedKeys(notes, 10))).toEqual([])
      const { log } = logOf(broken('b'), broken('a'), put('a', {}), broken('a'), put('c', {}))
      await applyAll(readModels, notes, log)
      const keys = await ok(readModels.parkedKeys(notes, 10))
      expect(keys).toMatchObject([
        { key: 'b', position: at(1), type: 'Broken', error: 'Error: it broke', waiting: 0 },
        { key: 'a', position: at(2), type: 'Broken', error: 'Error: it broke', waiting: 2 },
      ])
      expect(await ok(readModels.parkedKeys(notes, 1))).toEqual(keys.slice(0, 1))
    },
  },
]

const retrying: readonly ReadModelsCase[] = [
  {
    name: 'what is mended is folded in order, with rows and counters; the checkpoint stays',
    run: async (readModels) => {
      const { projection, mend } = mendable()
      await ok(readModels.open(projection))
      const { log, events } = logOf(
        put('a', { title: 'A', owner: 'ada' }),
        brokenWith('a', { rank: 1 }),
        put('b', { title: 'B' }),
        changed('a', { owner: 'bo', pinned: true }),
      )
      await applyAll(readModels, projection, log)
      mend()
      const retried = await ok(readModels.retry(projection, { key: 'a', events: events(2, 4) }))
      const after = { title: 'A', owner: 'bo', rank: 1, pinned: true }
      expect(retried.parked).toEqual([])
      expect(retried.changes).toMatchObject([
        { key: 'a', before: { title: 'A', owner: 'ada' }, after },
      ])
      expect(await rowsOf(readModels, projection, 'a', 'b')).toEqual({
        a: after,
        b: { title: 'B' },
      })
      expect(await keptOf(readModels, projection)).toMatchObject({
        counters: [2, 1, 0, 1],
        parked: [],
        checkpoint: at(4),
      })
      // The key goes on as any other.
      await apply(readModels, projection, changed('a', { title: 'AA' }), removed('b'))
      expect(await rowsOf(readModels, projection, 'a', 'b')).toEqual({
        a: { ...after, title: 'AA' },
      })
      expect(await ok(readModels.parked(projection))).toEqual([])
    },
  },
  {
    name: 'what breaks again stays parked with those behind it; what came before is folded',
    run: async (readModels) => {
      const { projection, mend } = mendable()
      await ok(readModels.open(projection))
      const { log, events } = logOf(
        put('a', { title: 'A' }),
        brokenWith('a', { rank: 1 }),
        changed('a', { pinned: true }),
        brokenWith('a', { rank: 'not a number' }),
        changed('a', { title: 'later' }),
      )
      await applyAll(readModels, projection, log)
      mend()
      const retry = readModels.retry(projection, { key: 'a', events: events(2, 3, 4, 5) })
      const { parked } = await ok(retry)
      expect(parked).toMatchObject([
        { position: at(4), error: 'Error: column rank: expected number, found text of 12' },
        { position: at(5) },
      ])
      expect(await ok(readModels.parked(projection))).toEqual(parked)
      expect(await rowsOf(readModels, projection, 'a')).toEqual({
        a: { title: 'A', rank: 1, pinned: true },
      })
      await apply(readModels, projection, changed('a', { title: 'behind' }))
      expect(await placesOf(readModels, projection)).toHaveLength(3)
    },
  },
  {
    name: 'a part of what is parked can be folded: the rest waits, and says why',
    run: async (readModels) => {
      const { projection, mend } = mendable()
      await ok(readModels.open(projection))
      const { log, events } = logOf(put('a', {}), brokenWith('a', { rank: 1 }), changed('a', {}))
      await applyAll(readModels, projection, log)
      mend()
      const { parked } = await ok(readModels.retry(projection, { key: 'a', events: events(2) }))
      expect(parked).toEqual([])
      expect(await rowsOf(readModels, projection, 'a')).toEqual({ a: { rank: 1 } })
      expect(await ok(readModels.parkedKeys(projection, 10))).toMatchObject([
        { key: 'a', position: at(3), error: 'waits for the rest of a retry', waiting: 0 },
      ])
      await apply(readModels, projection, changed('a', { title: 'behind' }))
      expect(await placesOf(readModels, projection)).toEqual([`a ${at(3)}`, `a ${at(4)}`])
    },
  },
  {
    name: 'a retry of other events than the first ones parked is refused whole',
    run: async (readModels) => {
      const { projection, mend } = mendable()
      await ok(readModels.open(projection))
      const { log, events } = logOf(
        put('a', {}),
        brokenWith('a', { rank: 1 }),
        put('b', {}),
        changed('a', { rank: 2 }),
      )
      await applyAll(readModels, projection, log)
      mend()
      const kept = await keptOf(readModels, projection)
      for (const [key, wrong] of [
        ['a', events(4)],
        ['a', events(4, 2)],
        ['a', events(1, 2)],
        ['a', events(2, 3)],
        ['b', events(3)],
        ['c', events(2)],
      ] as const)
        expect(await faultOf(readModels.retry(projection, { key, events: wrong }))).toEqual({
          type: 'ParkedMoved',
          projection: projection.name,
          key,
        })
      expect(await keptOf(readModels, projection)).toEqual(kept)
    },
  },
  {
    name: 'an event that touches several rows is folded again in the one that broke',
    run: async (readModels) => {
      let breaks = true
      const wide = named('wide', {
        keys: (event) => (event.data as { keys: readonly string[] }).keys,
        on: {
          Put: (row) => {
            if (breaks && row?.['rank'] === 1) throw new Error('it broke')
            return { rank: Number(row?.['rank'] ?? 0) + 1 }
          },
        },
      })
      await ok(readModels.open(wide))
      const { log, events } = logOf(
        put('x', { keys: ['a'] }),
        put('x', { keys: ['a', 'b'] }),
        put('x', { keys: ['a', 'c'] }),
      )
      await applyAll(readModels, wide, log)
      expect(await placesOf(readModels, wide)).toEqual([`a ${at(2)}`, `a ${at(3)}`])
      breaks = false
      await ok(readModels.retry(wide, { key: 'a', events: events(2, 3) }))
      expect(await rowsOf(readModels, wide, 'a', 'b', 'c')).toEqual({
        a: { rank: 3 },
        b: { rank: 1 },
        c: { rank: 1 },
      })
      expect(await ok(readModels.parked(wide))).toEqual([])
    },
  },
  {
    name: 'an event whose keys can be told by now goes to their rows, behind what is parked there',
    run: async (readModels) => {
      let isMended = false
      const picky = named('picky', {
        keys: (event) => {
          const { key } = event.data as { key?: string }
          if (key === undefined && !isMended) throw new Error('no key')
          return [key ?? 'a']
        },
        on: { ...notes.on, Changed: (_, event) => event.data as Row },
      })
      await ok(readModels.open(picky))
      const { log, events } = logOf(
        put('y', { key: 'a' }),
        { ...broken('y'), data: { key: 'a' } },
        changed('x', { title: 'found' }),
      )
      await applyAll(readModels, picky, log)
      isMended = true
      await ok(readModels.retry(picky, { key: 'x', events: events(3) }))
      expect(await ok(readModels.parkedKeys(picky, 10))).toMatchObject([
        { key: 'a', position: at(2) },
        { key: 'x', position: at(3), error: 'waits for a' },
      ])
      await ok(readModels.retry(picky, { key: 'a', events: events(2), skip }))
      await ok(readModels.retry(picky, { key: 'x', events: events(3) }))
      expect(await ok(readModels.parked(picky))).toEqual([])
      expect(await rowsOf(readModels, picky, 'a', 'x')).toEqual({ a: { title: 'found' } })
    },
  },
]

const skipping: readonly ReadModelsCase[] = [
  {
    name: 'a skip passes over the first event only, folds the rest, and is kept with its reason',
    run: async (readModels) => {
      await ok(readModels.open(notes))
      const { log, events } = logOf(
        put('a', { title: 'A' }),
        broken('a'),
        changed('a', { rank: 1 }),
        broken('a'),
        changed('a', { rank: 2 }),
      )
      await applyAll(readModels, notes, log)
      expect(await ok(readModels.skipped(notes))).toEqual([])
      const [first] = await ok(readModels.parked(notes))
      const { parked } = await ok(
        readModels.retry(notes, { key: 'a', events: events(2, 3, 4, 5), skip }),
      )
      expect(parked).toMatchObject([
        { position: at(4), error: 'Error: it broke' },
        { position: at(5) },
      ])
      expect(await rowsOf(readModels, notes, 'a')).toEqual({ a: { title: 'A', rank: 1 } })
      expect(await ok(readModels.skipped(notes))).toEqual([{ ...first, ...skip }])
    },
  },
  {
    name: 'a skip of the last parked event frees its key',
    run: async (readModels) => {
      await ok(readModels.open(notes))
      const { log, events } = logOf(put('a', { title: 'A' }), broken('a'))
      await applyAll(readModels, notes, log)
      await ok(readModels.retry(notes, { key: 'a', events: events(2), skip }))
      await apply(readModels, notes, changed('a', { title: 'AA' }))
      expect(await ok(readModels.parked(notes))).toEqual([])
      expect(await rowsOf(readModels, notes, 'a')).toEqual({ a: { title: 'AA' } })
    },
  },
  {
    name: 'what is skipped is passed over when rows are made anew, in its key alone',
    run: async (readModels) => {
      const both = (version: number, name = 'both') =>
        named(name, {
          version,
          skipsOf: 'both',
          keys: (event) => (event.type === 'Broken' ? ['a', 'b'] : [event.stream.slice(-1)]),
          on: {
            ...notes.on,
            Broken: (row) => {
              if (row?.['title'] === 'A') throw new Error('it broke')
              if (row !== undefined) row['title'] = 'not broken'
            },
          },
        })
      const { log, events } = logOf(put('a', { title: 'A' }), put('b', { title: 'B' }), broken('x'))
      await ok(readModels.open(both(1)))
      await applyAll(readModels, both(1), log)
      await ok(readModels.retry(both(1), { key: 'a', events: events(3), skip }))
      const kept = await keptOf(readModels, both(1))
      expect(kept.rows.map(({ row }) => row['title'])).toEqual(['A', 'not broken'])
      for (const anew of [both(2), both(1, 'shadow')]) {
        await ok(readModels.open(anew))
        await applyAll(readModels, anew, log)
        expect(await keptOf(readModels, anew)).toEqual(kept)
        expect(await ok(readModels.skipped(anew))).toHaveLength(1)
      }
    },
  },
  {
    name: 'an event that was skipped while its keys could not be told is skipped in all of them',
    run: async (readModels) => {
      let isMended = false
      const picky = (version: number) =>
        named('picky', {
          version,
          keys: (event) => {
            if (event.type === 'Changed' && !isMended) throw new Error('no key')
            return ['a']
          },
        })
      const { log, events } = logOf(put('x', { title: 'A' }), changed('x', { title: 'B' }))
      await ok(readModels.open(picky(1)))
      await applyAll(readModels, picky(1), log)
      await ok(readModels.retry(picky(1), { key: 'x', events: events(2), skip }))
      isMended = true
      await ok(readModels.open(picky(2)))
      await applyAll(readModels, picky(2), log)
      expect(await rowsOf(readModels, picky(2), 'a')).toEqual({ a: { title: 'A' } })
    },
  },
  {
    name: 'a set that stands still at a skipped event is not served before a retry passes over it',
    run: async (readModels) => {
      const next = inSet(notes, 'next')
      const { log, events } = logOf(
        put('a', { title: 'A' }),
        broken('a'),
        changed('a', { rank: 1 }),
        put('b', {}),
        broken('b'),
      )
      for (const set of [notes, next]) {
        await ok(readModels.open(set))
        await applyAll(readModels, set, log)
      }
      await ok(readModels.retry(notes, { key: 'a', events: events(2, 3), skip }))
      const kept = await keptOf(readModels, notes)
      expect(await faultOf(readModels.swap(next))).toMatchObject({ type: 'Behind', reached: at(5) })
      expect(await keptOf(readModels, notes)).toEqual(kept)
      await ok(readModels.retry(next, { key: 'a', events: events(2) }))
      expect(await ok(readModels.parkedKeys(next, 10))).toMatchObject([{ key: 'a' }, { key: 'b' }])
      await ok(readModels.retry(next, { key: 'a', events: events(3) }))
      await ok(readModels.swap(next))
      expect(await keptOf(readModels, notes)).toEqual(kept)
      expect(await ok(readModels.skipped(notes))).toHaveLength(1)
    },
  },
  {
    name: 'what is skipped in two sets is told once, as it was first',
    run: async (readModels) => {
      const { log, events } = logOf(put('a', { title: 'A' }), broken('a'))
      const sets = [notes, inSet(notes, 'next')]
      for (const set of sets) {
        await ok(readModels.open(set))
        await applyAll(readModels, set, log)
      }
      for (const [nth, set] of sets.entries()) {
        const mine = { ...skip, reason: `reason ${String(nth)}` }
        await ok(readModels.retry(set, { key: 'a', events: events(2), skip: mine }))
        expect(await ok(readModels.parked(set))).toEqual([])
      }
      expect(await ok(readModels.skipped(notes))).toMatchObject([{ reason: 'reason 0' }])
    },
  },
  {
    name: 'skips of one projection are none of another’s, and end with nobody’s rows',
    run: async (readModels) => {
      const other = named('other')
      const { log, events } = logOf(put('a', {}), broken('a'))
      for (const projection of [notes, other]) {
        await ok(readModels.open(projection))
        await applyAll(readModels, projection, log)
      }
      await ok(readModels.retry(notes, { key: 'a', events: events(2), skip }))
      expect(await ok(readModels.skipped(other))).toEqual([])
      expect(await placesOf(readModels, other)).toEqual([`a ${at(2)}`])
      await ok(readModels.open(named('notes', { version: 2 })))
      expect(await ok(readModels.skipped(notes))).toHaveLength(1)
    },
  },
]

const KEYS = ['a', 'b', 'c'] as const

const happening = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...KEYS).map((key) => put(key, { title: key })) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...KEYS), fc.nat(3))
      .map(([key, rank]) => changed(key, { rank })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...KEYS), fc.nat(3))
      .map(([key, rank]) => brokenWith(key, { rank })),
  },
  { weight: 1, arbitrary: fc.constantFrom(...KEYS).map(removed) },
)

/**
 * One applies a log in batches, the other retries keys all the while; halfway through, the handler
 * is mended. At the end, all is as if nothing had ever broken.
 */
const racing = async (one: ReadModels, other: ReadModels): Promise<void> => {
  let round = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(happening, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
      fc.nat(8),
      async (batches, mendedAt) => {
        const { projection, mend } = mendable(`race${String(++round)}`)
        const log = recorded(batches.flat())
        await ok(one.open(projection))
        await ok(other.open(projection))
        const retry = async (key: string) => {
          const parked = await ok(other.parked(projection, { key, limit: 2 }))
          const events = parked.map(({ position }) => log[Number(position) - 1]!)
          if (!isNonEmpty(events)) return false
          const answer = await other.retry(projection, { key, events })()
          if (E.isLeft(answer)) expect(answer.left.type).toBe('ParkedMoved')
          return true
        }
        let count = 0
        for (const [index, batch] of batches.entries()) {
          if (index === mendedAt) mend()
          const events = log.slice(count, count + batch.length)
          const after = count === 0 ? undefined : at(count)
          count += batch.length
          await Promise.all([
            ok(one.apply(projection, { events, after, position: at(count) })),
            ...KEYS.map(retry),
          ])
          // Of each parked key the first event says why, and no other.
          const parked = await ok(one.parked(projection))
          for (const key of KEYS)
            expect(
              parked.filter((each) => each.key === key).map(({ error }) => error !== undefined),
            ).toEqual(parked.filter((each) => each.key === key).map((_, place) => place === 0))
        }
        mend()
        for (const key of KEYS) while (await retry(key));
        const sound = mendable(`sound${String(round)}`)
        sound.mend()
        await ok(one.open(sound.projection))
        await applyAll(one, sound.projection, log)
        expect(await keptOf(one, projection)).toEqual(await keptOf(one, sound.projection))
      },
    ),
    { numRuns: 25 },
  )
}

const races: readonly (ReadModelsCase | BesideCase<ReadModels>)[] = [
  {
    name: 'after any history, with retries among its batches, rows are as if nothing had broken',
    run: (one) => racing(one, one),
  },
  { name: 'retries of one process lose nothing of what another applies', runBeside: racing },
  {
    name: 'of four retries at once one is carried out, in whichever process',
    run: async (readModels) => {
      await ok(readModels.open(notes))
      expect(await keptOf(readModels, notes)).toEqual(nothing)
      const { log, events } = logOf(put('a', { rank: 0 }), broken('a'), changed('a', { rank: 1 }))
      await applyAll(readModels, notes, log)
      const answers = await Promise.all(
        [0, 1, 2, 3].map(() => readModels.retry(notes, { key: 'a', events: events(2, 3), skip })()),
      )
      expect(answers.filter(E.isRight)).toHaveLength(1)
      expect(await ok(readModels.skipped(notes))).toHaveLength(1)
      expect(await rowsOf(readModels, notes, 'a')).toEqual({ a: { rank: 1 } })
    },
  },
  {
    name: 'what one process skips or retries, the other knows of',
    runBeside: async (one, other) => {
      await ok(one.open(notes))
      const { log, events } = logOf(put('a', {}), broken('a'), put('b', {}), broken('b'))
      await applyAll(one, notes, log)
      await ok(other.retry(notes, { key: 'a', events: events(2), skip }))
      await apply(one, notes, changed('a', { rank: 1 }), changed('b', { rank: 1 }))
      expect(await rowsOf(other, notes, 'a', 'b')).toEqual({ a: { rank: 1 }, b: {} })
      expect(await placesOf(one, notes)).toEqual([`b ${at(4)}`, `b ${at(6)}`])
      expect(await ok(one.skipped(notes))).toHaveLength(1)
    },
  },
]

export const parkedCases = [...asking, ...retrying, ...skipping, ...races]
