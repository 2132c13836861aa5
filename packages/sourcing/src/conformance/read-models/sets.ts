/** Sets of rows: one is served, one is built beside it, one is kept for a way back. */
import { expect } from '@jest/globals'
import { has, is } from '../../filter.js'
import { foldBatch, foldStreams, inSet, type Rows } from '../../projection.js'
import type { ReadModels } from '../../read-models.js'
import { faultOf, ok, type BesideCase, type Case } from '../suite.js'
import {
  apply,
  at,
  broken,
  changed,
  keptOf,
  named,
  notes,
  nothing,
  put,
  recorded,
  rowsOf,
  type Happening,
} from './fixtures.js'

type ReadModelsCase = Case<ReadModels> | BesideCase<ReadModels>

const next = inSet(notes, 'next')
const previous = inSet(notes, 'previous')
const byTitle = { column: 'title', direction: 'ascending' } as const

const setsOf = async (readModels: ReadModels, projection = notes) =>
  (await ok(readModels.sets(projection)))
    .map(({ version, set, checkpoint }) => `${String(version)} ${set} ${checkpoint ?? 'none'}`)
    .sort()

const generationOf = async (readModels: ReadModels, set: string) =>
  (await ok(readModels.sets(notes))).find((each) => each.set === set)?.generation

const old = [put('a', { title: 'old', owner: 'ada', pinned: true }), put('b', {}), broken('b')]
const anew = [put('a', { title: 'new', owner: 'bo' }), put('c', { rank: 3 }), broken('c')]

/** One set served, another built beside it, as far in the log. */
const two = async (readModels: ReadModels) => {
  await ok(readModels.open(notes))
  await apply(readModels, notes, ...old)
  await ok(readModels.open(next))
  await apply(readModels, next, ...anew)
}

const served = async (readModels: ReadModels, projection: Rows = notes) => ({
  ...(await keptOf(readModels, projection)),
  rows: await rowsOf(readModels, projection, 'a', 'b', 'c'),
})

/** As many rows of one stream each: what a fold of whole streams gives. */
const filled = (happenings: readonly Happening[]) => {
  const fold = foldStreams(notes)
  const some = fold.add(recorded(happenings))!
  const rest = fold.end()
  return [some, rest] as const
}

export const setCases: readonly ReadModelsCase[] = [
  {
    name: 'a set that is built beside the one that is served leaves that as it is',
    run: async (readModels) => {
      await ok(readModels.open(notes))
      await apply(readModels, notes, ...old)
      const kept = await keptOf(readModels, notes)
      await ok(readModels.open(next))
      expect(await keptOf(readModels, next)).toEqual(nothing)
      await apply(readModels, next, ...anew)
      await ok(readModels.index(next))
      expect(await keptOf(readModels, notes)).toEqual(kept)
      expect(await rowsOf(readModels, next, 'a', 'b', 'c')).toEqual({
        a: anew[0]!.data,
        c: anew[1]!.data,
      })
      expect(await setsOf(readModels)).toEqual([`1 next ${at(3)}`, `1 served ${at(3)}`])
    },
  },
  {
    name: 'a swap serves the other set: rows, counters, parked events and checkpoint; and back again',
    run: async (readModels) => {
      await two(readModels)
      const before = await served(readModels)
      const after = await served(readModels, next)
      await ok(readModels.swap(next))
      expect(await served(readModels)).toEqual(after)
      expect(await served(readModels, previous)).toEqual(before)
      expect(await setsOf(readModels)).toEqual([`1 previous ${at(3)}`, `1 served ${at(3)}`])
      await ok(readModels.swap(previous))
      expect(await served(readModels)).toEqual(before)
      expect(await served(readModels, previous)).toEqual(after)
      await apply(readModels, notes, changed('a', { title: 'on it goes' }))
      expect((await rowsOf(readModels, notes, 'a'))['a']).toMatchObject({ title: 'on it goes' })
      expect(await served(readModels, previous)).toEqual(after)
    },
  },
  {
    name: 'what was found by an index is found by it after a swap, both ways',
    run: async (readModels) => {
      await two(readModels)
      await ok(readModels.index(next))
      for (const [set, title] of [
        [next, 'new'],
        [previous, 'old'],
      ] as const) {
        await ok(readModels.swap(set))
        const query = { where: { and: [] }, order: byTitle, limit: 10 }
        const found = await ok(readModels.find(notes, query))
        expect(found.at(-1)).toMatchObject({ key: 'a', row: { title } })
        // Indexes that are there are found to be there.
        await ok(readModels.open(notes))
        await ok(readModels.index(notes))
      }
    },
  },
  {
    name: 'a set that is behind is not served, and nothing changes',
    run: async (readModels) => {
      await two(readModels)
      await apply(readModels, notes, put('b', { title: 'later' }))
      const before = await served(readModels)
      expect(await faultOf(readModels.swap(next))).toEqual({
        type: 'Behind',
        projection: 'notes',
        reached: at(3),
        served: at(4),
      })
      await ok(readModels.drop(next))
      await ok(readModels.open(next))
      expect(await faultOf(readModels.swap(next))).toMatchObject({ type: 'Behind', served: at(4) })
      expect(await served(readModels)).toEqual(before)
    },
  },
  {
    name: 'a set that is not there cannot be served; the one that is served already is, again',
    run: async (readModels) => {
      await ok(readModels.open(notes))
      await apply(readModels, notes, ...old)
      expect(await faultOf(readModels.swap(next))).toMatchObject({ type: 'Unavailable' })
      await ok(readModels.swap(notes))
      expect(await setsOf(readModels)).toEqual([`1 served ${at(3)}`])
    },
  },
  {
    name: 'the first set of a version is served as any other, and leaves other versions alone',
    run: async (readModels) => {
      const higher = named('notes', { version: 2 })
      await ok(readModels.open(notes))
      await apply(readModels, notes, ...old)
      const kept = await keptOf(readModels, notes)
      await ok(readModels.open(inSet(higher, 'next')))
      await apply(readModels, inSet(higher, 'next'), ...anew)
      await ok(readModels.swap(inSet(higher, 'next')))
      expect(await rowsOf(readModels, higher, 'a')).toEqual({ a: anew[0]!.data })
      expect(await keptOf(readModels, notes)).toEqual(kept)
      expect(await setsOf(readModels)).toEqual([`1 served ${at(3)}`, `2 served ${at(3)}`])
    },
  },
  {
    name: 'the third set that is served takes the place of the first',
    run: async (readModels) => {
      await two(readModels)
      await ok(readModels.swap(next))
      const second = await served(readModels)
      await ok(readModels.open(next))
      await apply(readModels, next, put('x', {}), put('y', {}), put('z', {}))
      await ok(readModels.swap(next))
      expect(await served(readModels, previous)).toEqual(second)
      expect(await rowsOf(readModels, notes, 'a', 'x')).toEqual({ x: {} })
      expect(await setsOf(readModels)).toHaveLength(2)
    },
  },
  {
    name: 'what is served tells its generation, which is never that of what was served before',
    run: async (readModels) => {
      await two(readModels)
      const seen = [await generationOf(readModels, 'served')]
      await ok(readModels.swap(next))
      seen.push(await generationOf(readModels, 'served'))
      await apply(readModels, notes, put('b', {}))
      expect(await generationOf(readModels, 'served')).toBe(seen[1])
      await ok(readModels.drop(previous))
      await ok(readModels.open(next))
      await apply(readModels, next, ...anew, put('d', {}))
      await ok(readModels.swap(next))
      seen.push(await generationOf(readModels, 'served'))
      expect(new Set(seen).size).toBe(3)
    },
  },
  {
    name: 'one set is dropped, and the others stay',
    run: async (readModels) => {
      await two(readModels)
      const before = await served(readModels)
      await ok(readModels.drop(next))
      expect(await faultOf(readModels.checkpoint(next))).toMatchObject({ type: 'Unavailable' })
      await ok(readModels.drop(next))
      await ok(readModels.drop({ ...named('notes', { version: 2 }), set: 'served' }))
      expect(await served(readModels)).toEqual(before)
      await ok(readModels.drop(notes))
      expect(await setsOf(readModels)).toEqual([])
    },
  },
  {
    name: 'rows are filled in whole, as folded one after the other, and the checkpoint comes last',
    run: async (readModels) => {
      const happenings = [
        put('a', { title: 'A', owner: 'ada' }),
        changed('a', { pinned: true }),
        put('b', { title: 'B' }),
        broken('b'),
        changed('b', { title: 'never' }),
        put('c', { title: 'C', owner: 'bo' }),
      ]
      await ok(readModels.open(next))
      const [some, rest] = filled(happenings)
      await ok(readModels.fill(next, { rows: some }))
      expect(await ok(readModels.checkpoint(next))).toBeUndefined()
      await ok(readModels.fill(next, { rows: rest, position: at(6) }))
      const kept = await keptOf(readModels, next)
      await ok(readModels.open(notes))
      await apply(readModels, notes, ...happenings)
      expect(kept).toEqual(await keptOf(readModels, notes))
      const more = filled([put('d', {}), broken('d')])[1]
      expect(await faultOf(readModels.fill(next, { rows: more }))).toEqual({
        type: 'CheckpointMoved',
        projection: 'notes',
        expected: undefined,
        actual: at(6),
      })
      expect(await keptOf(readModels, next)).toEqual(kept)
    },
  },
  {
    name: 'rows that were filled in are found by their columns, whatever these hold',
    run: async (readModels) => {
      const odd = '\t\\N\\.\n\r\\"{NULL},é\u0001\u{1F600}'
      const key = 'a\t\\N\n'
      const row = {
        title: odd,
        rank: -1.5e-7,
        pinned: false,
        owner: '\\N',
        tags: ['', odd],
        named: { [odd]: odd, n: 1 },
      }
      await ok(readModels.open(next))
      const [, rest] = filled([put('none', {}), put(key, row)])
      await ok(readModels.fill(next, { rows: rest, position: at(2) }))
      for (const where of [
        is('title', odd),
        is('rank', -1.5e-7),
        is('pinned', false),
        is('owner', '\\N'),
        has('tags', odd),
        is(`named/${odd}`, odd),
      ])
        expect(await ok(readModels.find(next, { where, order: byTitle, limit: 2 }))).toEqual([
          { key, row },
        ])
    },
  },
  {
    name: 'under a lease that another holds no set is filled, dropped or served',
    run: async (readModels) => {
      await two(readModels)
      await ok(readModels.moveLease('rebuild', undefined, { holder: 'ada', beat: 0 }))
      const lease = { name: 'rebuild', holder: 'bo' }
      const before = await keptOf(readModels, next)
      const rows = foldBatch(notes, new Map(), new Set(), recorded([put('z', {})]))
      for (const task of [
        readModels.fill(next, { rows, lease }),
        readModels.drop(next, lease),
        readModels.swap(next, lease),
      ])
        expect(await faultOf<unknown, unknown>(task)).toEqual({
          type: 'LeaseLost',
          lease: 'rebuild',
        })
      expect(await keptOf(readModels, next)).toEqual(before)
      await ok(readModels.swap(next, { name: 'rebuild', holder: 'ada' }))
      expect(await rowsOf(readModels, notes, 'a')).toEqual({ a: anew[0]!.data })
    },
  },
  {
    name: 'what one process serves, the other reads and writes from then on',
    runBeside: async (one, other) => {
      await two(one)
      await ok(other.open(notes))
      expect(await rowsOf(other, notes, 'a')).toEqual({ a: old[0]!.data })
      expect(await ok(other.counters(notes, ['owner/ada', 'owner/bo']))).toEqual([1, 0])
      await ok(one.swap(next))
      expect(await rowsOf(other, notes, 'a')).toEqual({ a: anew[0]!.data })
      const query = { where: { and: [] }, order: byTitle, limit: 10 }
      expect(await ok(other.find(notes, query))).toHaveLength(2)
      expect(await ok(other.counters(notes, ['owner/ada', 'owner/bo']))).toEqual([0, 1])
      expect((await ok(other.parked(notes))).map(({ key }) => key)).toEqual(['c'])
      await apply(other, notes, changed('a', { rank: 1 }))
      expect((await rowsOf(one, notes, 'a'))['a']).toMatchObject({ rank: 1, title: 'new' })
      expect(await ok(other.checkpoint(previous))).toBe(at(3))
    },
  },
  {
    name: 'a batch that meets a swap is in what is served, or says that it is not',
    runBeside: async (one, other) => {
      await ok(one.open(notes))
      await ok(other.open(notes))
      let n = 1
      for (let round = 0; round < 10; round++) {
        const fresh = Array.from({ length: n - 1 }, (_, at) => put(`key ${String(at + 1)}`, {}))
        await ok(one.open(next))
        if (fresh.length > 0) await apply(one, next, ...fresh)
        const batch = {
          events: recorded([put(`key ${String(n)}`, {})], n),
          after: n === 1 ? undefined : at(n - 1),
          position: at(n),
        }
        const [applied, swapped] = await Promise.all([
          other.apply(notes, batch)(),
          one.swap(next)(),
        ])
        if (applied._tag === 'Left') expect(applied.left.type).toBe('CheckpointMoved')
        if (swapped._tag === 'Left') expect(swapped.left.type).toBe('Behind')
        else if (applied._tag === 'Right')
          // It came behind the swap: to the set that is served now.
          expect(await ok(one.checkpoint(notes))).toBe(at(n))
        if (applied._tag === 'Right') n++
        const keys = Array.from({ length: n - 1 }, (_, at) => `key ${String(at + 1)}`)
        expect(Object.keys(await rowsOf(other, notes, ...keys)).sort()).toEqual(keys.sort())
        await ok(one.drop(next))
      }
    },
  },
]
