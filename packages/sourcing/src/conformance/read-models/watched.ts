/** Filters that are watched: their counts are those of the rows that pass, at every moment. */
import { expect } from '@jest/globals'
import * as fc from 'fast-check'
import { and, is, not, type Filter } from '../../filter.js'
import type { Rows } from '../../projection.js'
import type { ReadModels } from '../../read-models.js'
import type { WatchedName } from '../../watched.js'
import { boundedLoop, faultOf, ok, type BesideCase, type Case } from '../suite.js'
import { anyFilter, anyRow } from './find.js'
import {
  apply,
  broken,
  changed,
  named,
  notes,
  put,
  removed,
  type Happening,
  type Row,
} from './fixtures.js'

type ReadModelsCase = Case<ReadModels>

const MOST = 10
const pinned = { name: 'pinned', of: 'ada', where: is('pinned', true) }

/** By title, without those of which there are none. */
const countOf = async (readModels: ReadModels, name: WatchedName, projection: Rows = notes) => {
  const count = await ok(readModels.watchedCount(projection, name))
  return (
    count && {
      counting: count.counting,
      counts: new Map(
        count.counts.flatMap((each) =>
          each.count === 0 ? [] : [[each.values[0] ?? null, each.count] as const],
        ),
      ),
    }
  )
}

const counted = (counts: readonly (readonly [string | null, number])[], counting = false) => ({
  counting,
  counts: new Map(counts),
})

const countAll = async (
  readModels: ReadModels,
  name: WatchedName,
  limit = 3,
  projection: Rows = notes,
): Promise<void> => {
  const turn = boundedLoop('counting')
  while ((await ok(readModels.countWatched(projection, name, limit))) === false) turn()
}

const note = (key: string, data: Row = {}): Happening =>
  put(key, { owner: 'ada', title: 'A', pinned: true, ...data })

const watching = async (readModels: ReadModels, ...filters: readonly (typeof pinned)[]) => {
  await ok(readModels.open(notes))
  for (const filter of filters) expect(await ok(readModels.watch(notes, filter, MOST))).toBe(true)
}

const fixed: readonly ReadModelsCase[] = [
  {
    name: 'the count of a watched filter moves with the rows that begin and cease to pass',
    run: async (readModels) => {
      await watching(readModels, pinned)
      await countAll(readModels, pinned)
      expect(await countOf(readModels, pinned)).toEqual(counted([]))
      await apply(readModels, notes, note('a'), note('b'), note('c', { title: 'C' }))
      await apply(readModels, notes, note('d', { pinned: false }), note('e', { owner: 'bo' }))
      expect(await countOf(readModels, pinned)).toEqual(
        counted([
          ['A', 2],
          ['C', 1],
        ]),
      )
      await apply(
        readModels,
        notes,
        changed('a', { pinned: false }),
        changed('d', { pinned: true }),
      )
      await apply(readModels, notes, changed('b', { title: null }), changed('c', { rank: 1 }))
      expect(await countOf(readModels, pinned)).toEqual(
        counted([
          ['A', 1],
          [null, 1],
          ['C', 1],
        ]),
      )
      await apply(readModels, notes, removed('b'), changed('c', { owner: 'bo' }))
      await apply(readModels, notes, changed('e', { owner: 'ada' }), broken('d'))
      expect(await countOf(readModels, pinned)).toEqual(counted([['A', 2]]))
    },
  },
  {
    name: 'a new filter is counted in the order of keys, exact for the rows that were looked at',
    run: async (readModels) => {
      await ok(readModels.open(notes))
      await apply(readModels, notes, note('b'), note('d'), note('f'), note('h'), note('j'))
      await watching(readModels, pinned)
      expect(await countOf(readModels, pinned)).toEqual(counted([], true))
      await apply(readModels, notes, note('c'))
      expect(await countOf(readModels, pinned)).toEqual(counted([], true))
      expect(await ok(readModels.countWatched(notes, pinned, 3))).toBe(false)
      expect(await countOf(readModels, pinned)).toEqual(counted([['A', 3]], true))
      await apply(
        readModels,
        notes,
        note('a'),
        note('e'),
        removed('b'),
        changed('c', { title: 'C' }),
      )
      expect(await countOf(readModels, pinned)).toEqual(
        counted(
          [
            ['A', 2],
            ['C', 1],
          ],
          true,
        ),
      )
      expect(await ok(readModels.countWatched(notes, pinned, 4))).toBe(false)
      await apply(readModels, notes, removed('j'))
      expect(await ok(readModels.countWatched(notes, pinned, 1))).toBe(true)
      await apply(readModels, notes, note('z'))
      const whole = counted([
        ['A', 6],
        ['C', 1],
      ])
      expect(await countOf(readModels, pinned)).toEqual(whole)
      expect(await ok(readModels.countWatched(notes, pinned, 1))).toBe(true)
      expect(await countOf(readModels, pinned)).toEqual(whole)
    },
  },
  {
    name: 'what is watched is told by name, up to the most that may be, until it is unwatched',
    run: async (readModels) => {
      const others = ['b', 'a', 'c'].map((name) => ({ ...pinned, name }))
      await watching(readModels, ...others)
      expect(await ok(readModels.watched(notes, 'ada'))).toEqual(['a', 'b', 'c'])
      expect(await ok(readModels.watched(notes, 'bo'))).toEqual([])
      expect(await ok(readModels.watch(notes, { ...pinned, name: 'd' }, 3))).toBe(false)
      expect(await ok(readModels.watch(notes, { ...pinned, name: 'a' }, 3))).toBe(true)
      expect(await ok(readModels.watch(notes, { ...pinned, name: 'd', of: 'bo' }, 3))).toBe(true)
      await ok(readModels.unwatch(notes, 'ada', ['a', 'c', 'never']))
      expect(await ok(readModels.watched(notes, 'ada'))).toEqual(['b'])
      expect(await ok(readModels.watched(notes, 'bo'))).toEqual(['d'])
      for (const name of ['a', 'never']) {
        expect(await countOf(readModels, { name, of: 'ada' })).toBeUndefined()
        expect(await ok(readModels.countWatched(notes, { name, of: 'ada' }, 1))).toBeUndefined()
      }
    },
  },
  {
    name: 'watched again under its name, a filter stays as it was; unwatched, it begins anew',
    run: async (readModels) => {
      await watching(readModels, pinned)
      await apply(readModels, notes, note('a'), note('b', { pinned: false }))
      await countAll(readModels, pinned)
      const other = { ...pinned, where: is('pinned', false) }
      expect(await ok(readModels.watch(notes, other, MOST))).toBe(true)
      expect(await countOf(readModels, pinned)).toEqual(counted([['A', 1]]))
      await ok(readModels.unwatch(notes, 'ada', ['pinned']))
      expect(await ok(readModels.watch(notes, { ...other, where: not(pinned.where) }, 1))).toBe(
        true,
      )
      expect(await countOf(readModels, pinned)).toEqual(counted([], true))
      await countAll(readModels, pinned, 1)
      await apply(readModels, notes, note('c', { pinned: false }))
      expect(await countOf(readModels, pinned)).toEqual(counted([['A', 2]]))
    },
  },
  {
    name: 'nothing is watched of a new version, nor of a projection that was never opened',
    run: async (readModels) => {
      for (const task of [
        readModels.watch(notes, pinned, MOST),
        readModels.unwatch(notes, 'ada', ['pinned']),
        readModels.watched(notes, 'ada'),
        readModels.watchedCount(notes, pinned),
        readModels.countWatched(notes, pinned, 1),
      ])
        expect(await faultOf<unknown, unknown>(task)).toMatchObject({ type: 'Unavailable' })
      await watching(readModels, pinned)
      await apply(readModels, notes, note('a'))
      const higher = named('notes', { version: 2 })
      await ok(readModels.open(higher))
      expect(await ok(readModels.watched(higher, 'ada'))).toEqual([])
      await ok(readModels.watch(higher, pinned, MOST))
      await apply(readModels, higher, note('b'))
      await countAll(readModels, pinned, 3, higher)
      expect(await countOf(readModels, pinned, higher)).toEqual(counted([['A', 1]]))
    },
  },
  {
    name: 'a watched filter over what is no column passes as it does when rows are found',
    run: async (readModels) => {
      const never = { ...pinned, name: 'never', where: is('constructor', 'A') }
      const always = { ...pinned, name: 'always', where: and(is('more', null), is('tags/0', null)) }
      await watching(readModels, never, always)
      await countAll(readModels, always)
      await countAll(readModels, never)
      await apply(readModels, notes, note('a', { more: 'there', tags: ['x'] }))
      expect(await countOf(readModels, always)).toEqual(counted([['A', 1]]))
      expect(await countOf(readModels, never)).toEqual(counted([]))
    },
  },
]

type Step =
  | { readonly do: 'happen'; readonly happenings: readonly Happening[] }
  | { readonly do: 'watch'; readonly name: string; readonly where: Filter }
  | { readonly do: 'count'; readonly name: string; readonly limit: number }
  | { readonly do: 'unwatch'; readonly name: string }

const key = fc.constantFrom('', '0', 'A', 'a', 'ab', 'é', '\uffee', '\u{10000}', '🦜', 'z')
const row = fc
  .tuple(anyRow, fc.constantFrom('ada', 'ada', 'ada', 'bo', null))
  .map(([made, owner]): Row => ({ ...made, owner }))
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(key, row).map(([at, data]) => put(at, data)) },
  { weight: 3, arbitrary: fc.tuple(key, row).map(([at, data]) => changed(at, data)) },
  key.map(removed),
)
const name = fc.constantFrom('one', 'two', 'three')
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('happen' as const),
      happenings: fc.array(happening, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('watch' as const), name, where: anyFilter }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('count' as const),
      name,
      limit: fc.integer({ min: 1, max: 4 }),
    }),
  },
  fc.record({ do: fc.constant('unwatch' as const), name }),
)

const random: readonly ReadModelsCase[] = [
  {
    name: 'at every moment of any history, a count that is there is that of the rows found',
    run: async (readModels) => {
      let turn = 0
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 20 }), async (steps) => {
          const projection = named(`watched${String(++turn)}`)
          await ok(readModels.open(projection))
          const filters = new Map<string, Filter>()
          const found = async (where: Filter) => {
            const rows = await ok(
              readModels.find(projection, {
                where: and(is('owner', 'ada'), where),
                order: { column: 'title', direction: 'ascending' },
                limit: 100,
              }),
            )
            const counts = new Map<string | null, number>()
            for (const { row } of rows) {
              const title = (row['title'] ?? null) as string | null
              counts.set(title, (counts.get(title) ?? 0) + 1)
            }
            return counts
          }
          for (const one of steps) {
            if (one.do === 'happen') await apply(readModels, projection, ...one.happenings)
            else if (one.do === 'unwatch') {
              await ok(readModels.unwatch(projection, 'ada', [one.name]))
              filters.delete(one.name)
            } else if (one.do === 'count')
              await ok(readModels.countWatched(projection, { ...one, of: 'ada' }, one.limit))
            else if (!filters.has(one.name)) {
              await ok(readModels.watch(projection, { ...one, of: 'ada' }, MOST))
              filters.set(one.name, one.where)
            }
            for (const [name, where] of filters) {
              const count = (await countOf(readModels, { name, of: 'ada' }, projection))!
              const whole = await found(where)
              if (!count.counting) expect(count.counts).toEqual(whole)
              for (const [title, some] of count.counts) {
                expect(some).toBeGreaterThan(0)
                expect(some).toBeLessThanOrEqual(whole.get(title) ?? 0)
              }
            }
          }
          for (const [name, where] of filters) {
            await countAll(readModels, { name, of: 'ada' }, 3, projection)
            const count = await countOf(readModels, { name, of: 'ada' }, projection)
            expect(count).toEqual({ counting: false, counts: await found(where) })
          }
        }),
        { numRuns: 60 },
      )
    },
  },
]

const beside: readonly BesideCase<ReadModels>[] = [
  {
    name: 'what one process watches, another that applies events counts along with it',
    runBeside: async (here, there) => {
      await watching(here, pinned)
      await ok(there.open(notes))
      await apply(there, notes, note('b'), note('d'))
      expect(await ok(there.countWatched(notes, pinned, 1))).toBe(false)
      await apply(here, notes, note('a'), note('e'))
      expect(await countOf(there, pinned)).toEqual(counted([['A', 2]], true))
      await countAll(here, pinned, 1)
      await apply(there, notes, note('c'), removed('a'))
      expect(await countOf(here, pinned)).toEqual(counted([['A', 4]]))
      await ok(here.unwatch(notes, 'ada', ['pinned']))
      await apply(there, notes, note('f'))
      await watching(there, { ...pinned, where: is('pinned', false) })
      await countAll(there, pinned)
      await apply(here, notes, changed('f', { pinned: false }))
      expect(await countOf(there, pinned)).toEqual(counted([['A', 1]]))
    },
  },
  {
    name: 'counting in one process and applying in another at once miss nothing',
    runBeside: async (here, there) => {
      await watching(here, pinned)
      await ok(there.open(notes))
      const keys = Array.from({ length: 40 }, (_, at) => `k${String(at).padStart(2, '0')}`)
      await apply(here, notes, ...keys.map((each) => note(each)))
      const writing = async () => {
        for (const [at, each] of keys.entries())
          await apply(there, notes, at % 2 === 0 ? removed(each) : changed(each, { title: 'B' }))
      }
      await Promise.all([writing(), countAll(here, pinned, 2)])
      await countAll(here, pinned)
      expect(await countOf(here, pinned)).toEqual(counted([['B', 20]]))
    },
  },
]

export const watchedCases: readonly (ReadModelsCase | BesideCase<ReadModels>)[] = [
  ...fixed,
  ...random,
  ...beside,
]
