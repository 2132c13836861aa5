/** Rows that pass a watched filter: whoever names it finds what is found without. */
import { expect } from '@jest/globals'
import * as fc from 'fast-check'
import { and, is, isOneOf, type Filter } from '../../filter.js'
import type { Rows } from '../../projection.js'
import type { ReadModels, RowQuery } from '../../read-models.js'
import type { WatchedFilter } from '../../watched.js'
import { boundedLoop, ok, type Case } from '../suite.js'
import { anyFilter, anyRow, anyText } from './find.js'
import { apply, changed, named, notes, put, removed, type Happening } from './fixtures.js'

const MOST = 10

/** Notes that are kept by their titles, in the order of when they are due. */
const dated = (name: string): Rows => {
  const projection = named(name, {
    watches: {
      of: 'owner',
      by: ['title'],
      order: { column: 'due', all: (owner) => `owner/${owner}` },
    },
  })
  const { table } = projection
  return { ...projection, table: { ...table, columns: { ...table.columns, due: 'text' } } }
}

type Step =
  | { readonly do: 'happen'; readonly happenings: readonly Happening[] }
  | { readonly do: 'watch'; readonly where: Filter }
  | { readonly do: 'count'; readonly limit: number }
  | { readonly do: 'unwatch' }

const key = fc.constantFrom('', '0', 'A', 'a', 'ab', 'é', '\uffee', '\u{10000}', '🦜', 'z')
const few = fc.option(fc.oneof(fc.constantFrom('A', 'B', 'é'), anyText), { freq: 4 })
const row = fc.record(
  {
    rank: fc.constantFrom(1, 2, null),
    pinned: fc.boolean(),
    title: few,
    owner: fc.constantFrom('ada', 'ada', 'ada', 'bo', null),
    due: few,
  },
  { requiredKeys: ['owner'] },
)
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(key, row).map(([at, data]) => put(at, data)) },
  {
    weight: 2,
    arbitrary: fc.tuple(key, anyRow).map(([at, { owner: _, ...data }]) => changed(at, data)),
  },
  { weight: 3, arbitrary: fc.tuple(key, few).map(([at, due]) => changed(at, { due })) },
  key.map(removed),
)
const where = fc.oneof(fc.constant<Filter>({ and: [] }), fc.constant(is('pinned', true)), anyFilter)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('happen' as const),
      happenings: fc.array(happening, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('watch' as const), where }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('count' as const),
      limit: fc.integer({ min: 1, max: 12 }),
    }),
  },
  fc.record({ do: fc.constant('unwatch' as const) }),
)

const title = fc.oneof(fc.constantFrom('A', 'B', 'é'), anyText)
const narrower: fc.Arbitrary<Filter> = fc.oneof(
  fc.constant<Filter>({ and: [] }),
  title.map((value) => is('title', value)),
  fc.constant(is('title', null)),
  fc.array(few, { maxLength: 3 }).map((values) => isOneOf('title', values)),
  fc.record({
    attribute: fc.constant('title'),
    operator: fc.constantFrom('lessThan' as const, 'greaterThan' as const, 'atMost' as const),
    value: title,
  }),
  fc
    .tuple(title, title)
    .map(([from, to]) =>
      and(
        { attribute: 'title', operator: 'greaterThan', value: from },
        { attribute: 'title', operator: 'lessThan', value: to },
      ),
    ),
  anyFilter,
)
const question = fc.record({
  narrower,
  column: fc.constantFrom('due', 'due', 'due', 'title', 'rank'),
  direction: fc.constantFrom('ascending' as const, 'descending' as const),
  limit: fc.integer({ min: 1, max: 4 }),
})

/** All pages, each by the place where the one before ended. */
const pages = async (readModels: ReadModels, projection: Rows, query: RowQuery) => {
  const keys: string[][] = []
  const turn = boundedLoop('reading pages', 100)
  for (let after: RowQuery['after']; ;) {
    turn()
    const page = await ok(readModels.find(projection, { ...query, after }))
    keys.push(page.map(({ key }) => key))
    const last = page.at(-1)
    if (last === undefined || page.length < query.limit) return keys
    const value = last.row[query.order.column] as string | number | null | undefined
    after = { value: value ?? null, key: last.key }
  }
}

export const watchedRowsCases: readonly Case<ReadModels>[] = [
  {
    name: 'whoever names a watched filter finds the same pages, at every moment of any history',
    run: async (readModels) => {
      let turn = 0
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 4, maxLength: 20 }),
          fc.array(question, { minLength: 1, maxLength: 3 }),
          async (steps, questions) => {
            const projection = dated(`dated${String(++turn)}`)
            await ok(readModels.open(projection))
            let watched: WatchedFilter = { name: 'one', of: 'ada', where: { and: [] } }
            for (const one of steps) {
              if (one.do === 'happen') await apply(readModels, projection, ...one.happenings)
              else if (one.do === 'unwatch')
                await ok(readModels.unwatch(projection, 'ada', ['one']))
              else if (one.do === 'count')
                await ok(readModels.countWatched(projection, watched, one.limit))
              else {
                await ok(readModels.unwatch(projection, 'ada', ['one']))
                watched = { ...watched, where: one.where }
                await ok(readModels.watch(projection, watched, MOST))
              }
              for (const { narrower, column, direction, limit } of questions) {
                const query = {
                  where: and(is('owner', 'ada'), and(watched.where, narrower)),
                  order: { column, direction },
                  limit,
                }
                expect(await pages(readModels, projection, { ...query, watched })).toEqual(
                  await pages(readModels, projection, query),
                )
              }
            }
          },
        ),
        { numRuns: 40 },
      )
    },
  },
  {
    name: 'a filter that is not watched may be named, too',
    run: async (readModels) => {
      await ok(readModels.open(notes))
      await apply(readModels, notes, put('a', { owner: 'ada', title: 'A' }))
      const found = await ok(
        readModels.find(notes, {
          where: is('owner', 'ada'),
          order: { column: 'title', direction: 'ascending' },
          limit: 10,
          watched: { name: 'never', of: 'ada' },
        }),
      )
      expect(found.map(({ key }) => key)).toEqual(['a'])
    },
  },
]
