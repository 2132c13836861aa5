/** What those see who doubt it: all of one moment. */
import { expect } from '@jest/globals'
import { compareText } from '../../filter.js'
import type { ReadModels } from '../../read-models.js'
import { ok, type Case } from '../suite.js'
import { apply, at, broken, changed, notes, put, removed, type Row } from './fixtures.js'

const texts = ['a', 'B', 'é', 'z', '💬', 'ﬀ'] as const

export const inspectCases: readonly Case<ReadModels>[] = [
  {
    name: 'of nothing there is nothing to be inspected',
    run: async (readModels) => {
      await ok(readModels.open(notes))
      const all = { rows: { limit: 10 }, counters: { limit: 10 } }
      expect(await ok(readModels.inspect(notes, all))).toEqual({
        checkpoint: undefined,
        rows: [],
        parked: new Set(),
        counters: [],
      })
    },
  },
  {
    name: 'rows are inspected in the order of their keys, page by page, with the checkpoint',
    run: async (readModels) => {
      await ok(readModels.open(notes))
      await apply(readModels, notes, ...[...texts].reverse().map((key) => put(key, { title: key })))
      const sorted = [...texts].sort(compareText)
      const seen: string[] = []
      for (let after: string | undefined; ;) {
        const page = await ok(readModels.inspect(notes, { rows: { after, limit: 4 } }))
        expect(page.checkpoint).toBe(at(texts.length))
        seen.push(...page.rows.map(({ key }) => key))
        if (page.rows.length < 4) break
        after = seen.at(-1)
      }
      expect(seen).toEqual(sorted)
      const { rows } = await ok(
        readModels.inspect(notes, { rows: { keys: ['z', 'never', 'a', 'z'] } }),
      )
      expect(rows).toEqual(['a', 'z'].map((key) => ({ key, row: { title: key }, unfit: [] })))
    },
  },
  {
    name: 'columns of every kind fit the rows that they were made from',
    run: async (readModels) => {
      await ok(readModels.open(notes))
      const rows: readonly Row[] = [
        {},
        { title: null, rank: null, pinned: null, tags: [], named: {} },
        { title: 'a\0b\ud800', rank: 0.1, pinned: true, owner: '', tags: ['x', 'é', 'x'] },
        { rank: -0, pinned: false, named: { b: 1, a: 'x', c: true, d: null } },
        { rank: Number.MAX_VALUE, title: "quo'te\\ \n", other: { more: [1] } },
      ]
      await apply(readModels, notes, ...rows.map((row, index) => put(String(index), row)))
      const inspected = await ok(readModels.inspect(notes, { rows: { limit: 10 } }))
      expect(inspected.rows.map(({ unfit }) => unfit)).toEqual(rows.map(() => []))
    },
  },
  {
    name: 'counters are inspected by name, or page by page, without those that are 0',
    run: async (readModels) => {
      await ok(readModels.open(notes))
      await apply(
        readModels,
        notes,
        put('a', { owner: 'ada', pinned: true }),
        put('b', { owner: 'bo' }),
        put('c', { owner: 'cy' }),
        removed('c'),
        changed('a', { pinned: false }),
      )
      const inspect = async (counters: Parameters<ReadModels['inspect']>[1]['counters']) =>
        (await ok(readModels.inspect(notes, { counters }))).counters
      expect(await inspect({ limit: 10 })).toEqual([
        ['all', 2],
        ['owner/ada', 1],
        ['owner/bo', 1],
      ])
      expect(await inspect({ limit: 1, after: 'all' })).toEqual([['owner/ada', 1]])
      expect(await inspect({ names: ['owner/cy', 'owner/bo', 'all'] })).toEqual([
        ['all', 2],
        ['owner/bo', 1],
      ])
    },
  },
  {
    name: 'of the keys asked for it says which are parked',
    run: async (readModels) => {
      await ok(readModels.open(notes))
      await apply(readModels, notes, put('a', {}), broken('a'), broken('b'), put('c', {}))
      const { parked } = await ok(readModels.inspect(notes, { rows: { keys: ['a', 'b', 'c'] } }))
      expect(parked).toEqual(new Set(['a', 'b']))
    },
  },
]
