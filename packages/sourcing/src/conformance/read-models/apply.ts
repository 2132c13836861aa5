import { expect } from '@jest/globals'
import type { ReadModels } from '../../read-models.js'
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
} from './fixtures.js'

type ReadModelsCase = Case<ReadModels>

const open = (readModels: ReadModels) => ok(readModels.open(notes))

const versions: readonly ReadModelsCase[] = [
  {
    name: 'a projection that was opened is empty',
    run: async (readModels) => {
      await open(readModels)
      expect(await keptOf(readModels, notes)).toEqual(nothing)
      expect(await rowsOf(readModels, notes, 'a')).toEqual({})
    },
  },
  {
    name: 'opening the same version again keeps all',
    run: async (readModels) => {
      await open(readModels)
      await apply(readModels, notes, put('a', { title: 'A', owner: 'ada' }), broken('b'))
      const kept = await keptOf(readModels, notes)
      await open(readModels)
      expect(await keptOf(readModels, notes)).toEqual(kept)
      expect(kept.rows).toHaveLength(1)
      expect(kept.parked).toHaveLength(1)
    },
  },
  {
    name: 'another version starts from nothing, with its own columns; others stay, the old one, too',
    run: async (readModels) => {
      const other = named('other')
      for (const projection of [notes, other]) {
        await ok(readModels.open(projection))
        await apply(readModels, projection, put('a', { title: 'A', pinned: true }), broken('b'))
      }
      const kept = await keptOf(readModels, other)
      const old = await keptOf(readModels, notes)
      const higher = named('notes', {
        version: 3,
        table: { name: 'notes', columns: { title: 'number', more: 'text' }, indexes: [] },
      })
      await ok(readModels.open(higher))
      expect(await keptOf(readModels, higher)).toEqual(nothing)
      await apply(readModels, higher, put('a', { title: 7, more: 'new' }))
      expect(await rowsOf(readModels, higher, 'a')).toEqual({ a: { title: 7, more: 'new' } })
      expect(await keptOf(readModels, other)).toEqual(kept)
      expect(await keptOf(readModels, notes)).toEqual(old)
    },
  },
  {
    name: 'software of several versions keeps rows side by side, also where the lower comes later',
    run: async (readModels) => {
      const higher = named('notes', { version: 3 })
      await ok(readModels.open(higher))
      await apply(readModels, higher, put('a', { title: 'new' }), broken('b'))
      const kept = await keptOf(readModels, higher)
      const lower = named('notes', { version: 2 })
      await ok(readModels.open(lower))
      expect(await keptOf(readModels, lower)).toEqual(nothing)
      await apply(readModels, lower, put('a', { title: 'old', pinned: true }))
      expect(await rowsOf(readModels, lower, 'a')).toEqual({ a: { title: 'old', pinned: true } })
      expect(await keptOf(readModels, higher)).toEqual(kept)
    },
  },
  ...(
    [
      ['was never opened', async () => undefined],
      [
        'is there in another version',
        async (readModels: ReadModels) => {
          await ok(readModels.open(named('notes', { version: 2 })))
        },
      ],
    ] as const
  ).map(([what, prepare]): ReadModelsCase => ({
    name: `a projection that ${what} is neither read nor written`,
    run: async (readModels) => {
      await prepare(readModels)
      const events = recorded([put('a', { title: 'A' })])
      const order = { column: 'title', direction: 'ascending' } as const
      for (const task of [
        readModels.checkpoint(notes),
        readModels.apply(notes, { events, after: undefined, position: at(1) }),
        readModels.get(notes, ['a']),
        readModels.find(notes, { where: { and: [] }, order, limit: 1 }),
        readModels.counters(notes, ['all']),
        readModels.parked(notes),
        readModels.parkedKeys(notes, 1),
        readModels.retry(notes, { key: 'a', events: [events[0]!] }),
      ])
        expect(await faultOf<unknown, unknown>(task)).toMatchObject({ type: 'Unavailable' })
    },
  })),
]

const dropping: readonly (ReadModelsCase | BesideCase<ReadModels>)[] = [
  {
    name: 'what is dropped is gone altogether, in whatever version, and others stay',
    run: async (readModels) => {
      const other = named('other')
      for (const projection of [notes, other]) {
        await ok(readModels.open(projection))
        await apply(readModels, projection, put('a', { pinned: true, owner: 'ada' }), broken('b'))
      }
      const kept = await keptOf(readModels, other)
      await ok(readModels.drop(named('notes', { version: 7 })))
      expect(await faultOf(readModels.checkpoint(notes))).toMatchObject({ type: 'Unavailable' })
      expect(await faultOf(readModels.get(notes, ['a']))).toMatchObject({ type: 'Unavailable' })
      expect(await keptOf(readModels, other)).toEqual(kept)
      await open(readModels)
      expect(await keptOf(readModels, notes)).toEqual(nothing)
      await apply(readModels, notes, put('b', { title: 'B' }))
      expect(await rowsOf(readModels, notes, 'a', 'b')).toEqual({ b: { title: 'B' } })
    },
  },
  {
    name: 'dropping what is not there, or what was dropped, is fine',
    run: async (readModels) => {
      await ok(readModels.drop(notes))
      await open(readModels)
      await ok(readModels.drop(notes))
      await ok(readModels.drop(notes))
      expect(await faultOf(readModels.parked(notes))).toMatchObject({ type: 'Unavailable' })
    },
  },
  {
    name: 'what one process drops is gone for the other, and comes back to both as nothing',
    runBeside: async (one, other) => {
      await open(one)
      await ok(other.open(notes))
      await apply(one, notes, put('a', { title: 'A' }))
      await ok(other.drop(notes))
      expect(await faultOf(one.get(notes, ['a']))).toMatchObject({ type: 'Unavailable' })
      const events = recorded([put('b', {})], 2)
      const task = one.apply(notes, { events, after: at(1), position: at(2) })
      expect(await faultOf(task)).toMatchObject({ type: 'Unavailable' })
      await open(other)
      expect(await keptOf(one, notes)).toEqual(nothing)
    },
  },
]

const folding: readonly ReadModelsCase[] = [
  {
    name: 'rows are made, changed, replaced and removed, and the answer says what changed',
    run: async (readModels) => {
      await open(readModels)
      const first = await apply(
        readModels,
        notes,
        put('a', { title: 'A' }),
        put('b', { title: 'B' }),
        changed('a', { rank: 1 }),
      )
      expect([...first.changes].sort((x, y) => (x.key < y.key ? -1 : 1))).toMatchObject([
        { key: 'a', before: undefined, after: { title: 'A', rank: 1 } },
        { key: 'b', before: undefined, after: { title: 'B' } },
      ])
      const second = await apply(
        readModels,
        notes,
        changed('a', { title: 'AA' }),
        removed('b'),
        put('c', { title: 'C' }),
      )
      expect([...second.changes].sort((x, y) => (x.key < y.key ? -1 : 1))).toMatchObject([
        { key: 'a', before: { title: 'A', rank: 1 }, after: { title: 'AA', rank: 1 } },
        { key: 'b', before: { title: 'B' }, after: undefined },
        { key: 'c', before: undefined, after: { title: 'C' } },
      ])
      expect(await rowsOf(readModels, notes, 'a', 'b', 'c')).toEqual({
        a: { title: 'AA', rank: 1 },
        c: { title: 'C' },
      })
      expect(await ok(readModels.checkpoint(notes))).toBe(at(6))
    },
  },
  {
    name: 'a row that was removed comes back as a new one, in the same batch, too',
    run: async (readModels) => {
      await open(readModels)
      await apply(readModels, notes, put('a', { title: 'A', rank: 1 }), put('b', { title: 'B' }))
      await apply(readModels, notes, removed('a'), put('a', { title: 'again' }), removed('b'))
      await apply(readModels, notes, put('b', { title: 'again' }))
      expect(await rowsOf(readModels, notes, 'a', 'b')).toEqual({
        a: { title: 'again' },
        b: { title: 'again' },
      })
      expect(await ok(readModels.counters(notes, ['all']))).toEqual([2])
    },
  },
  {
    name: 'events of other types and other categories change nothing but the checkpoint',
    run: async (readModels) => {
      await open(readModels)
      const applied = await apply(
        readModels,
        notes,
        { key: 'a', type: 'Seen' },
        { ...put('a', { title: 'A' }), category: 'task' },
        { ...put('a', { title: 'A' }), category: 'notes' },
        removed('never'),
        changed('never', { title: 'B' }),
      )
      expect(applied).toEqual({ changes: [], parked: [] })
      expect(await keptOf(readModels, notes)).toEqual({ ...nothing, checkpoint: at(5) })
    },
  },
  {
    name: 'a batch without events moves the checkpoint',
    run: async (readModels) => {
      await open(readModels)
      await apply(readModels, notes, put('a', { title: 'A' }))
      await ok(readModels.apply(notes, { events: [], after: at(1), position: at(40) }))
      expect(await ok(readModels.checkpoint(notes))).toBe(at(40))
      expect(await rowsOf(readModels, notes, 'a')).toEqual({ a: { title: 'A' } })
    },
  },
  {
    name: 'two thousand rows in one batch, read by their keys',
    run: async (readModels) => {
      await open(readModels)
      const keys = Array.from({ length: 2_000 }, (_, index) => `key ${String(index)}`)
      await apply(readModels, notes, ...keys.map((key, rank) => put(key, { title: key, rank })))
      await apply(readModels, notes, ...keys.map((key) => changed(key, { owner: 'ada' })))
      const rows = await ok(readModels.get(notes, [...keys, 'never']))
      expect(rows.size).toBe(2_000)
      expect(rows.get('key 1999')).toEqual({ title: 'key 1999', rank: 1999, owner: 'ada' })
      expect(await ok(readModels.counters(notes, ['all', 'owner/ada']))).toEqual([2_000, 2_000])
    },
  },
  {
    name: 'an event touches as many rows as its projection names',
    run: async (readModels) => {
      const wide = named('wide', {
        keys: (event) => (event.data as { keys: readonly string[] }).keys,
        on: { Put: (_, event) => ({ title: event.id }) },
      })
      await ok(readModels.open(wide))
      await apply(readModels, wide, put('x', { keys: ['a', 'b', 'a'] }), put('x', { keys: [] }))
      expect(Object.keys(await rowsOf(readModels, wide, 'a', 'b', 'x')).sort()).toEqual(['a', 'b'])
      expect(await ok(readModels.counters(wide, ['all']))).toEqual([2])
    },
  },
  {
    name: 'what a reader does to a row does not change what is kept',
    run: async (readModels) => {
      await open(readModels)
      const data = { title: 'A', tags: ['x'] }
      await apply(readModels, notes, put('a', data))
      data.tags.push('y')
      const row = (await rowsOf(readModels, notes, 'a'))['a']!
      ;(row['tags'] as string[]).push('z')
      expect(await rowsOf(readModels, notes, 'a')).toEqual({ a: { title: 'A', tags: ['x'] } })
    },
  },
  {
    name: 'projections keep to themselves',
    run: async (readModels) => {
      const other = named('other')
      await open(readModels)
      await ok(readModels.open(other))
      await apply(readModels, notes, put('a', { title: 'mine' }), broken('b'))
      expect(await keptOf(readModels, other)).toEqual(nothing)
      await apply(readModels, other, put('a', { title: 'theirs', pinned: true }))
      expect(await rowsOf(readModels, notes, 'a')).toEqual({ a: { title: 'mine' } })
      expect(await ok(readModels.counters(notes, ['pinned']))).toEqual([0])
    },
  },
]

const counting: readonly ReadModelsCase[] = [
  {
    name: 'counters follow the rows, exactly, down to none',
    run: async (readModels) => {
      await open(readModels)
      const counters = () =>
        ok(readModels.counters(notes, ['pinned', 'all', 'owner/ada', 'owner/bo', 'never']))
      await apply(
        readModels,
        notes,
        put('a', { title: 'A', pinned: true, owner: 'ada' }),
        put('b', { title: 'B', owner: 'ada' }),
      )
      expect(await counters()).toEqual([1, 2, 2, 0, 0])
      await apply(
        readModels,
        notes,
        changed('a', { owner: 'bo' }),
        changed('b', { pinned: true }),
        changed('b', { title: 'BB' }),
      )
      expect(await counters()).toEqual([2, 2, 1, 1, 0])
      await apply(readModels, notes, changed('a', { pinned: false }), removed('b'))
      expect(await counters()).toEqual([0, 1, 0, 1, 0])
      await apply(readModels, notes, removed('a'))
      expect(await counters()).toEqual([0, 0, 0, 0, 0])
    },
  },
  {
    name: 'counters are answered in the order asked for, as often as asked for',
    run: async (readModels) => {
      await open(readModels)
      await apply(readModels, notes, put('a', { title: 'A', pinned: true }), put('b', {}))
      expect(await ok(readModels.counters(notes, ['all', 'never', 'pinned', 'all']))).toEqual([
        2, 0, 1, 2,
      ])
      expect(await ok(readModels.counters(notes, []))).toEqual([])
    },
  },
]

const poison: readonly ReadModelsCase[] = [
  {
    name: 'an event whose handler throws is parked with its key; other keys go on',
    run: async (readModels) => {
      await open(readModels)
      const applied = await apply(
        readModels,
        notes,
        put('a', { title: 'A', owner: 'ada' }),
        put('b', { title: 'B' }),
        broken('a'),
        changed('a', { title: 'never' }),
        changed('b', { title: 'BB' }),
      )
      const parked = [
        { key: 'a', position: at(3), error: 'Error: it broke' },
        { key: 'a', position: at(4) },
      ]
      expect(applied.parked).toMatchObject(parked)
      expect(await ok(readModels.parked(notes))).toEqual(applied.parked)
      expect(await rowsOf(readModels, notes, 'a', 'b')).toEqual({
        a: { title: 'A', owner: 'ada' },
        b: { title: 'BB' },
      })
      expect(await ok(readModels.counters(notes, ['all', 'owner/ada']))).toEqual([2, 1])
      expect(await ok(readModels.checkpoint(notes))).toBe(at(5))
    },
  },
  {
    name: 'later events of a parked key wait behind it, in later batches, too',
    run: async (readModels) => {
      await open(readModels)
      await apply(readModels, notes, put('a', { title: 'A' }), broken('b'), put('c', {}))
      const applied = await apply(
        readModels,
        notes,
        put('b', { title: 'B' }),
        broken('a'),
        broken('b'),
        removed('c'),
      )
      expect(applied.parked).toHaveLength(3)
      expect(await ok(readModels.parked(notes))).toMatchObject([
        { key: 'b', position: at(2), error: 'Error: it broke' },
        { key: 'b', position: at(4) },
        { key: 'a', position: at(5), error: 'Error: it broke' },
        { key: 'b', position: at(6) },
      ])
      expect(await rowsOf(readModels, notes, 'a', 'b', 'c')).toEqual({ a: { title: 'A' } })
      expect(await ok(readModels.counters(notes, ['all']))).toEqual([1])
    },
  },
  ...(
    [
      ['in a column what it was not made for', { title: 7 }],
      ['a number that is none', { rank: NaN }],
      ['what JSON cannot hold', { more: 1n }],
    ] as const
  ).map(([what, data]): ReadModelsCase => ({
    name: `a row that would hold ${what} parks its event`,
    run: async (readModels) => {
      await open(readModels)
      await apply(readModels, notes, put('a', { title: 'A' }), put('b', { title: 'B' }))
      await apply(readModels, notes, changed('a', data), changed('b', { rank: 1 }))
      expect(await ok(readModels.parked(notes))).toMatchObject([{ key: 'a', position: at(3) }])
      expect(await rowsOf(readModels, notes, 'a', 'b')).toEqual({
        a: { title: 'A' },
        b: { title: 'B', rank: 1 },
      })
    },
  })),
  {
    name: 'an event whose keys cannot be told is parked with its stream',
    run: async (readModels) => {
      const picky = named('picky', {
        keys: (event) => {
          const { key } = event.data as { key?: string }
          if (key === undefined) throw new Error('no key')
          return [key]
        },
      })
      await ok(readModels.open(picky))
      await apply(readModels, picky, put('x', { key: 'a' }), put('x', {}), put('y', { key: 'b' }))
      expect(await ok(readModels.parked(picky))).toMatchObject([
        { key: 'x', position: at(2), error: 'Error: no key' },
      ])
      expect(await rowsOf(readModels, picky, 'a', 'b', 'x')).toEqual({
        a: { key: 'a' },
        b: { key: 'b' },
      })
    },
  },
]

/** Both apply from the same checkpoint. */
const fenced = async (one: ReadModels, other: ReadModels): Promise<void> => {
  await open(one)
  await apply(one, notes, put('a', { title: 'A', rank: 0 }))
  const batch = (n: number, last: number) => ({
    events: recorded([changed('a', { [`by${String(n)}`]: n }), put(`b${String(n)}`, {})], 2),
    after: at(1),
    position: at(last),
  })
  const results = await Promise.all(
    [0, 1, 2, 3].map((n) => (n % 2 === 0 ? one : other).apply(notes, batch(n, 10 + n))()),
  )
  const winner = results.findIndex((result) => result._tag === 'Right')
  const actual = at(10 + winner)
  const moved = { type: 'CheckpointMoved', projection: 'notes', expected: at(1), actual }
  expect(results.filter((_, n) => n !== winner)).toEqual(
    Array.from({ length: 3 }, () => ({ _tag: 'Left', left: moved })),
  )
  expect(await rowsOf(other, notes, 'a', 'b0', 'b1', 'b2', 'b3')).toEqual({
    a: { title: 'A', rank: 0, [`by${String(winner)}`]: winner },
    [`b${String(winner)}`]: {},
  })
  expect(await ok(other.counters(notes, ['all']))).toEqual([2])
}

const fencing: readonly (ReadModelsCase | BesideCase<ReadModels>)[] = [
  ...(
    [
      ['behind', undefined],
      ['behind', at(1)],
      ['ahead', at(7)],
    ] as const
  ).map(([where, after]): ReadModelsCase => ({
    name: `a batch from ${after === undefined ? 'the beginning' : `a place ${where}`} is refused whole once the checkpoint is elsewhere`,
    run: async (readModels) => {
      await open(readModels)
      await apply(readModels, notes, put('a', { title: 'A' }), put('b', { title: 'B' }))
      const kept = await keptOf(readModels, notes)
      const events = recorded([put('a', { title: 'AA' }), broken('b'), put('c', {})], 8)
      const task = readModels.apply(notes, { events, after, position: at(10) })
      expect(await faultOf(task)).toEqual({
        type: 'CheckpointMoved',
        projection: 'notes',
        expected: after,
        actual: at(2),
      })
      expect(await keptOf(readModels, notes)).toEqual(kept)
    },
  })),
  {
    name: 'a batch that expects a checkpoint where there is none is refused',
    run: async (readModels) => {
      await open(readModels)
      const events = recorded([put('a', {})], 2)
      const task = readModels.apply(notes, { events, after: at(1), position: at(2) })
      expect(await faultOf(task)).toMatchObject({ type: 'CheckpointMoved', expected: at(1) })
      expect(await keptOf(readModels, notes)).toEqual(nothing)
    },
  },
  { name: 'of four batches from one checkpoint one is applied', run: (one) => fenced(one, one) },
  { name: 'of batches from two processes one is applied', runBeside: fenced },
  {
    name: 'what one process opens, the other finds in that version, and keeps its own',
    runBeside: async (one, other) => {
      await open(one)
      await ok(other.open(notes))
      await apply(one, notes, put('a', { title: 'A' }))
      expect(await rowsOf(other, notes, 'a')).toEqual({ a: { title: 'A' } })
      const higher = named('notes', { version: 2 })
      await ok(other.open(higher))
      expect(await rowsOf(one, notes, 'a')).toEqual({ a: { title: 'A' } })
      expect(await keptOf(one, higher)).toEqual(nothing)
    },
  },
]

const reactions: readonly ReadModelsCase[] = [
  {
    name: "a reaction's checkpoint is kept by its name, apart from a projection's",
    run: async (readModels) => {
      await open(readModels)
      expect(await ok(readModels.readCheckpoint('notes'))).toBeUndefined()
      await ok(readModels.writeCheckpoint('notes', at(5)))
      await ok(readModels.writeCheckpoint('mailer', at(1)))
      await ok(readModels.writeCheckpoint('mailer', at(2)))
      expect(await ok(readModels.readCheckpoint('notes'))).toBe(at(5))
      expect(await ok(readModels.readCheckpoint('mailer'))).toBe(at(2))
      expect(await ok(readModels.checkpoint(notes))).toBeUndefined()
      await apply(readModels, notes, put('a', {}))
      expect(await ok(readModels.readCheckpoint('notes'))).toBe(at(5))
      await ok(readModels.open(named('notes', { version: 2 })))
      expect(await ok(readModels.readCheckpoint('notes'))).toBe(at(5))
    },
  },
  {
    name: 'after close every call is answered Unavailable, and closing again is no error',
    run: async (readModels) => {
      await open(readModels)
      await readModels.close()
      await readModels.close()
      const order = { column: 'title', direction: 'ascending' } as const
      for (const task of [
        readModels.open(notes),
        readModels.drop(notes),
        readModels.index(notes),
        readModels.sets(notes),
        readModels.fill(notes, { rows: { changes: [], counters: new Map(), parked: [] } }),
        readModels.swap(notes),
        readModels.checkpoint(notes),
        readModels.apply(notes, { events: [], after: undefined, position: at(1) }),
        readModels.get(notes, ['a']),
        readModels.find(notes, { where: { and: [] }, order, limit: 1 }),
        readModels.counters(notes, ['all']),
        readModels.parked(notes),
        readModels.parkedKeys(notes, 1),
        readModels.retry(notes, { key: 'a', events: [recorded([put('a', {})])[0]!] }),
        readModels.skipped(notes),
        readModels.readCheckpoint('a'),
        readModels.writeCheckpoint('a', at(1)),
      ])
        expect(await faultOf<unknown, unknown>(task)).toMatchObject({ type: 'Unavailable' })
    },
  },
]

export const applyCases: readonly (ReadModelsCase | BesideCase<ReadModels>)[] = [
  ...versions,
  ...dropping,
  ...folding,
  ...counting,
  ...poison,
  ...fencing,
  ...reactions,
]
