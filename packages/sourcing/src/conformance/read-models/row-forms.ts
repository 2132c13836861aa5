/** Rows come back as JSON keeps them, whatever the names and values of their fields. */
import { expect } from '@jest/globals'
import fc from 'fast-check'
import { foldBatch, inSet } from '../../projection.js'
import type { ReadModels } from '../../read-models.js'
import { ok, type BesideCase, type Case } from '../suite.js'
import { apply, changed, named, notes, put, recorded, rowsOf, type Row } from './fixtures.js'

type ReadModelsCase = Case<ReadModels> | BesideCase<ReadModels>

const long = 'a name that takes some room'
const asJson = (row: Row): Row => JSON.parse(JSON.stringify(row)) as Row

const odd = fc.oneof(
  fc.constantFrom('', '"', '\\', '\n', '\0', '\ud800', 'é', '東', '😀', '[1]', '{}'),
  fc.string(),
)
const value = fc.oneof(
  fc.jsonValue(),
  odd,
  fc.constantFrom(undefined, null, -0, 1e21, 2 ** 53 + 2, [undefined], { a: undefined, b: -0 }),
)
const names = [long, `${long}, too`, 'toString', 'constructor', 'length', '0', '-1', '', '名']
const others = fc.dictionary(fc.oneof(fc.constantFrom(...names), odd), value, { maxKeys: 6 })
const columns = fc.record(
  {
    title: fc.option(fc.constantFrom('', 'A', 'é"\\')),
    rank: fc.option(fc.constantFrom(0, -0, 0.1, -7, 1e300)),
    pinned: fc.option(fc.boolean()),
    owner: fc.constantFrom(undefined, null, 'ada'),
    tags: fc.constantFrom<unknown>(null, [], ['x', 'y'], ['"']),
    named: fc.constantFrom<unknown>(null, {}, { a: 1, 'b/c': 'x', d: null }),
  },
  { requiredKeys: [] },
)
/** Their fields in any order: what is a column's stands at either end. */
const anyRow = fc
  .tuple(others, columns, fc.boolean())
  .map(([more, some, isFirst]): Row => (isFirst ? { ...some, ...more } : { ...more, ...some }))

export const rowFormCases: readonly ReadModelsCase[] = [
  {
    name: 'any rows come back as JSON has them: put, changed, and filled into a set',
    run: async (readModels) => {
      const filled = inSet(notes, 'next')
      await ok(readModels.open(notes))
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(anyRow, anyRow), { minLength: 1, maxLength: 5 }),
          async (rows) => {
            const keys = rows.map((_, index) => String(index))
            const expected = (made: readonly Row[]) =>
              Object.fromEntries(made.map((row, index) => [String(index), asJson(row)]))
            const puts = rows.map(([row], index) => put(String(index), row))

            await apply(readModels, notes, ...puts)
            expect(await rowsOf(readModels, notes, ...keys)).toEqual(
              expected(rows.map(([row]) => row)),
            )
            await apply(
              readModels,
              notes,
              ...rows.map(([, more], index) => changed(String(index), more)),
            )
            expect(await rowsOf(readModels, notes, ...keys)).toEqual(
              expected(rows.map(([row, more]) => ({ ...asJson(row), ...more }))),
            )

            await ok(readModels.drop(filled))
            await ok(readModels.open(filled))
            const folded = foldBatch(filled, new Map(), new Set(), recorded(puts))
            await ok(readModels.fill(filled, { rows: folded }))
            expect(await rowsOf(readModels, filled, ...keys)).toEqual(
              expected(rows.map(([row]) => row)),
            )
          },
        ),
        { numRuns: 40 },
      )
    },
  },
  {
    name: 'rows each of which has names of its own come back, however many',
    run: async (readModels) => {
      await ok(readModels.open(notes))
      const rows = Array.from({ length: 60 }, (_, index): Row => ({
        title: String(index),
        [`${long} ${String(index)}`]: index,
      }))
      await apply(readModels, notes, ...rows.map((row, index) => put(String(index), row)))
      const found = await ok(
        readModels.find(notes, {
          where: { and: [] },
          order: { column: 'rank', direction: 'ascending' },
          limit: 100,
        }),
      )
      expect(Object.fromEntries(found.map(({ key, row }) => [key, row]))).toEqual(
        Object.fromEntries(rows.map((row, index) => [String(index), row])),
      )
    },
  },
  {
    name: 'another process reads rows of new names, and adds to them',
    runBeside: async (readModels, other) => {
      await ok(readModels.open(notes))
      expect(await rowsOf(other, notes, 'a')).toEqual({})
      const row = { title: 'A', [long]: { x: 1 }, [`${long}, too`]: [] }
      await apply(readModels, notes, put('a', row))
      expect(await rowsOf(other, notes, 'a')).toEqual({ a: row })
      await apply(other, notes, changed('a', { [`${long}, again`]: null }))
      const after = { a: { ...row, [`${long}, again`]: null } }
      expect(await rowsOf(readModels, notes, 'a')).toEqual(after)
      const second = named('second')
      await ok(other.open(second))
      await apply(other, second, put('a', row))
      expect(await rowsOf(readModels, second, 'a')).toEqual({ a: row })
    },
  },
]
