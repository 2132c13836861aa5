import { expect } from '@jest/globals'
import fc from 'fast-check'
import {
  and,
  has,
  is,
  isOneOf,
  not,
  or,
  predicate,
  type Filter,
  type Scalar,
} from '../../filter.js'
import type { Rows } from '../../projection.js'
import type { KeyedRow, ReadModels, RowQuery } from '../../read-models.js'
import { boundedLoop, ok, type Case } from '../suite.js'
import { apply, named, notes, put, rowsOf, type Row } from './fixtures.js'

type ReadModelsCase = Case<ReadModels>
type Order = RowQuery['order']

const everything = and()
const byTitle: Order = { column: 'title', direction: 'ascending' }

const fill = async (
  readModels: ReadModels,
  rows: Readonly<Record<string, Row>>,
  projection = notes,
) => {
  await ok(readModels.open(projection))
  await apply(readModels, projection, ...Object.entries(rows).map(([key, row]) => put(key, row)))
}

const find = (
  readModels: ReadModels,
  where: Filter,
  order: Order = byTitle,
  projection = notes,
): Promise<readonly KeyedRow[]> => ok(readModels.find(projection, { where, order, limit: 10_000 }))

const keysFound = async (...args: Parameters<typeof find>) =>
  (await find(...args)).map(({ key }) => key)

const few = {
  a: { title: 'ant', rank: 1, pinned: true, owner: 'ada' },
  b: { title: 'Bee', rank: 2.5, pinned: false, owner: 'bo' },
  c: { title: 'cat', rank: -3, pinned: null },
  d: { rank: 0, pinned: true, owner: '' },
  e: { title: '', rank: null, owner: 'ada' },
}

const leaf = (attribute: string, operator: string, value: unknown): Filter =>
  ({ attribute, operator, value }) as Filter

/** Which of the rows above pass, in the order of their keys. */
const filters: readonly (readonly [Filter, string])[] = [
  [everything, 'abcde'],
  [or(), ''],
  [is('title', 'ant'), 'a'],
  [is('title', 'ANT'), ''],
  [is('title', null), 'd'],
  [is('title', ''), 'e'],
  [is('rank', 2.5), 'b'],
  [is('rank', 0), 'd'],
  [is('rank', -0), 'd'],
  [is('rank', '1'), ''],
  [is('title', 1), ''],
  [is('pinned', true), 'ad'],
  [is('pinned', false), 'b'],
  [is('pinned', null), 'ce'],
  [is('pinned', 1), ''],
  [is('rank', true), ''],
  [is('owner', null), 'c'],
  [isOneOf('title', ['ant', 'cat', 'dog']), 'ac'],
  [isOneOf('title', ['ant', null]), 'ad'],
  [isOneOf('rank', [1, -3, null]), 'ace'],
  [isOneOf('pinned', [false, null]), 'bce'],
  [isOneOf('rank', [1, 'ant', true]), 'a'],
  [isOneOf('title', []), ''],
  [isOneOf('title', [null]), 'd'],
  [not(isOneOf('title', [])), 'abcde'],
  [leaf('rank', 'lessThan', 1), 'cd'],
  [leaf('rank', 'atMost', 1), 'acd'],
  [leaf('rank', 'greaterThan', 1), 'b'],
  [leaf('rank', 'atLeast', 1), 'ab'],
  [leaf('title', 'lessThan', 'ant'), 'be'],
  [leaf('title', 'atMost', 'ant'), 'abe'],
  [leaf('title', 'greaterThan', 'Bee'), 'ac'],
  [leaf('title', 'atLeast', 'Bee'), 'abc'],
  [leaf('title', 'atLeast', ''), 'abce'],
  [leaf('title', 'greaterThan', 1), ''],
  [leaf('rank', 'atLeast', '1'), ''],
  [leaf('rank', 'lessThan', 'x'), ''],
  [not(is('title', 'ant')), 'bcde'],
  [not(is('title', null)), 'abce'],
  [not(is('pinned', true)), 'bce'],
  [not(leaf('rank', 'lessThan', 1)), 'abe'],
  [not(leaf('rank', 'atLeast', '1')), 'abcde'],
  [not(not(leaf('rank', 'lessThan', 1))), 'cd'],
  [not(isOneOf('title', ['ant', 'cat'])), 'bde'],
  [not(and(is('pinned', true), is('owner', 'ada'))), 'bcde'],
  [not(or(is('pinned', true), is('rank', null))), 'bc'],
  [and(is('pinned', true), is('owner', 'ada')), 'a'],
  [or(is('owner', 'bo'), and(is('owner', 'ada'), is('rank', null))), 'be'],
  [and(or(is('owner', 'ada'), is('owner', null)), not(is('pinned', null))), 'a'],
  [and(everything, not(or())), 'abcde'],
]

const composite = {
  a: { tags: ['new', 'vip'], named: { size: 3, 'odd "name\\/\u0001': 'x', due: '2026-11-01' } },
  b: { tags: ['10'], named: { size: -2.5, vip: true, due: '2026-11-02' } },
  c: { tags: [], named: {} },
  d: { tags: null, named: { size: '3', vip: 1, due: null } },
  e: {},
}

/** Which of the rows above pass, in the order of their keys. */
const compositeFilters: readonly (readonly [Filter, string])[] = [
  [has('tags', 'vip'), 'a'],
  [has('tags', 'vi'), ''],
  [has('tags', '10'), 'b'],
  [has('title', 'vip'), ''],
  [has('named', 'size'), ''],
  [has('named/size', '3'), ''],
  [not(has('tags', 'vip')), 'bcde'],
  [is('tags', null), 'cde'],
  [is('named', null), 'ce'],
  [is('named', 'size'), ''],
  [is('tags', 'vip'), ''],
  [isOneOf('tags', ['vip', null]), 'cde'],
  [leaf('tags', 'atLeast', ''), ''],
  [is('named/size', 3), 'a'],
  [is('named/size', '3'), 'd'],
  [is('named/size', null), 'ce'],
  [not(is('named/size', 3)), 'bcde'],
  [is('named/vip', true), 'b'],
  [is('named/vip', 1), 'd'],
  [is('named/due', null), 'cde'],
  [is('named/odd "name\\/\u0001', 'x'), 'a'],
  [is('named/', null), 'abcde'],
  [is('named/constructor', null), 'abcde'],
  [is('title/size', null), 'abcde'],
  [isOneOf('named/size', [3, '3']), 'ad'],
  [isOneOf('named/size', [-2.5, null]), 'bce'],
  [leaf('named/size', 'lessThan', 3), 'b'],
  [leaf('named/size', 'atMost', 3), 'ab'],
  [leaf('named/size', 'greaterThan', -3), 'ab'],
  [leaf('named/size', 'atLeast', ''), 'd'],
  [leaf('named/due', 'greaterThan', '2026-11-01'), 'b'],
  [leaf('named/vip', 'atLeast', 0), 'd'],
]

const ascending: readonly (readonly [string, string])[] = [
  ['title', 'd' + 'e' + 'b' + 'a' + 'c'],
  ['rank', 'e' + 'c' + 'd' + 'a' + 'b'],
  ['pinned', 'ce' + 'b' + 'ad'],
  ['owner', 'c' + 'd' + 'ae' + 'b'],
]

const fixed: readonly ReadModelsCase[] = [
  {
    name: 'find by every operator, with nulls and values of other types',
    run: async (readModels) => {
      await fill(readModels, few)
      for (const [where, keys] of filters)
        expect([where, (await keysFound(readModels, where)).sort().join('')]).toEqual([where, keys])
    },
  },
  {
    name: 'the filters above pass the same rows by the predicate',
    run: async () => {
      for (const [where, keys] of filters) {
        const passing = Object.entries(few).filter(([, row]) => predicate(where)(row))
        expect([where, passing.map(([key]) => key).join('')]).toEqual([where, keys])
      }
    },
  },
  {
    name: 'find by lists of texts and by named values',
    run: async (readModels) => {
      await fill(readModels, composite)
      for (const [where, keys] of compositeFilters) {
        const found = (await keysFound(readModels, where)).sort().join('')
        expect([where, found]).toEqual([where, keys])
      }
    },
  },
  {
    name: 'the filters by lists and named values pass the same rows by the predicate',
    run: async () => {
      for (const [where, keys] of compositeFilters) {
        const passing = Object.entries(composite).filter(([, row]) => predicate(where)(row))
        expect([where, passing.map(([key]) => key).join('')]).toEqual([where, keys])
      }
    },
  },
  {
    name: 'an order by a list, or by named values, is the order of the keys',
    run: async (readModels) => {
      await fill(readModels, composite)
      for (const column of ['tags', 'named']) {
        const up = await keysFound(readModels, everything, { column, direction: 'ascending' })
        expect(up.join('')).toBe('abcde')
        const down = await keysFound(readModels, everything, { column, direction: 'descending' })
        expect(down.join('')).toBe('edcba')
      }
    },
  },
  ...ascending.map(([column, keys]): ReadModelsCase => ({
    name: `find ordered by ${column}, both ways: nulls least, ties by key`,
    run: async (readModels) => {
      await fill(readModels, few)
      const up = await keysFound(readModels, everything, { column, direction: 'ascending' })
      expect(up.join('')).toBe(keys)
      const down = await keysFound(readModels, everything, { column, direction: 'descending' })
      expect(down).toEqual([...up].reverse())
    },
  })),
  {
    name: 'find gives at most the limit, with the rows as they are',
    run: async (readModels) => {
      await fill(readModels, few)
      const query = { where: is('pinned', true), order: byTitle }
      expect(await ok(readModels.find(notes, { ...query, limit: 1 }))).toEqual([
        { key: 'd', row: few.d },
      ])
      expect(await ok(readModels.find(notes, { ...query, limit: 9 }))).toEqual([
        { key: 'd', row: few.d },
        { key: 'a', row: few.a },
      ])
    },
  },
  {
    name: 'find by many values at once',
    run: async (readModels) => {
      await fill(readModels, few)
      const many = Array.from({ length: 1_000 }, (_, index) => `value ${String(index)}`)
      expect(await keysFound(readModels, isOneOf('title', [...many, 'cat']))).toEqual(['c'])
      expect(await keysFound(readModels, not(isOneOf('title', [...many, 'cat'])))).toHaveLength(4)
    },
  },
  {
    name: 'find by what looks like the database’s own language',
    run: async (readModels) => {
      const odd = [`'; DROP TABLE notes; --`, '"', '%', '_', '\\', '$1', '?', ':x', 'null', 'true']
      await fill(readModels, Object.fromEntries(odd.map((text) => [text, { title: text }])))
      for (const text of odd) {
        expect(await keysFound(readModels, is('title', text))).toEqual([text])
        expect(Object.keys(await rowsOf(readModels, notes, text))).toEqual([text])
      }
    },
  },
  {
    name: 'columns with names that databases reserve',
    run: async (readModels) => {
      const odd = named('group', {
        table: {
          name: 'group',
          columns: { order: 'text', select: 'number', 'two words': 'text', Order2: 'text' },
          indexes: [{ name: 'index', columns: ['order', 'select'] }],
        },
      })
      await fill(readModels, { a: { order: 'x', select: 2 }, b: { order: 'y', select: 1 } }, odd)
      const order = { column: 'select', direction: 'ascending' } as const
      expect(await keysFound(readModels, everything, order, odd)).toEqual(['b', 'a'])
      expect(await keysFound(readModels, is('order', 'x'), order, odd)).toEqual(['a'])
      expect(await keysFound(readModels, is('two words', null), order, odd)).toHaveLength(2)
    },
  },
]

const NUL_AND_SURROGATES = 'a\0b\ud83dc\udc00'
const AS_COLUMN = 'a\ufffdb\ufffdc\ufffd'

const fidelity: readonly ReadModelsCase[] = [
  {
    name: 'booleans, numbers, text and what rides along come back as they were',
    run: async (readModels) => {
      const row = {
        title: '🦜 "quoted"\n',
        rank: -1.5e-7,
        pinned: false,
        owner: null,
        list: [1, { deep: [true, null] }],
        text: 'rides along',
        ['']: 0,
      }
      const numbers = [0, 1, -1, 0.1, 2 ** 53, -(2 ** 53), 1e21, 1.7976931348623157e308, 5e-324]
      await fill(readModels, {
        a: row,
        ...Object.fromEntries(numbers.map((rank) => [`n${String(rank)}`, { rank }])),
      })
      expect(await rowsOf(readModels, notes, 'a')).toEqual({ a: row })
      for (const rank of numbers)
        expect(await find(readModels, is('rank', rank))).toEqual([
          { key: `n${String(rank)}`, row: { rank } },
        ])
    },
  },
  {
    name: 'NUL and lone surrogates: U+FFFD in a text column, kept in what rides along',
    run: async (readModels) => {
      await fill(readModels, {
        a: { title: NUL_AND_SURROGATES, more: { text: NUL_AND_SURROGATES } },
      })
      const row = { title: AS_COLUMN, more: { text: NUL_AND_SURROGATES } }
      expect(await rowsOf(readModels, notes, 'a')).toEqual({ a: row })
      expect(await find(readModels, everything)).toEqual([{ key: 'a', row }])
    },
  },
  {
    name: 'NUL and lone surrogates in a filter are compared as a column would keep them',
    run: async (readModels) => {
      await fill(readModels, { a: { title: NUL_AND_SURROGATES }, b: { title: 'z' } })
      for (const text of [NUL_AND_SURROGATES, AS_COLUMN]) {
        expect(await keysFound(readModels, is('title', text))).toEqual(['a'])
        expect(await keysFound(readModels, isOneOf('title', ['x', text]))).toEqual(['a'])
        expect(await keysFound(readModels, leaf('title', 'atLeast', text))).toEqual(['a', 'b'])
        expect(await keysFound(readModels, leaf('title', 'lessThan', text))).toEqual([])
        const behind = { where: everything, order: byTitle, after: { value: text, key: 'a' } }
        const rest = await ok(readModels.find(notes, { ...behind, limit: 5 }))
        expect(rest.map(({ key }) => key)).toEqual(['b'])
      }
    },
  },
  {
    name: 'texts sort by their UTF-8 bytes: above U+FFFF last, no language’s rules',
    run: async (readModels) => {
      const sorted = [
        '',
        ' ',
        'A',
        'B',
        'a',
        'aa',
        'b',
        'z',
        'é',
        'ａ',
        '\uffee',
        '\u{10000}',
        '🦜',
      ]
      await fill(
        readModels,
        Object.fromEntries([...sorted].reverse().map((title) => [`key ${title}`, { title }])),
      )
      const titles = (await find(readModels, everything)).map(({ row }) => row['title'])
      expect(titles).toEqual(sorted)
      const from = leaf('title', 'atLeast', '\uffee')
      expect((await find(readModels, from)).map(({ row }) => row['title'])).toEqual(
        sorted.slice(10),
      )
      const byPinned = { column: 'pinned', direction: 'ascending' } as const
      expect(await keysFound(readModels, everything, byPinned)).toEqual(
        sorted.map((title) => `key ${title}`),
      )
    },
  },
]

const TEXTS = ['', 'a', 'A', 'ab', 'é', 'e\u0301', '\uffee', '\u{10000}', '🦜', '%', '10', '9']
const NUMBERS = [0, 1, -1, 2.5, 10, 9, 1e10, -1e-10]

/** Any but halves of a pair. The kind that fast-check has costs a second in each file that loads it. */
const character = fc
  .integer({ min: 0, max: 0x10ffff - 0x800 })
  .map((n) => String.fromCodePoint(n < 0xd800 ? n : n + 0x800))
export const anyText = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.string({ unit: character, maxLength: 3 }),
)
const text = anyText
const number = fc.oneof(
  fc.constantFrom(...NUMBERS),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)
const nullable = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { freq: 4 })

const scalar: fc.Arbitrary<Scalar> = fc.oneof(text, number, fc.boolean(), fc.constant(null))

export const anyRow = fc.record(
  {
    title: nullable(text),
    owner: text,
    rank: nullable(number),
    pinned: nullable(fc.boolean()),
    tags: nullable(fc.array(text, { maxLength: 3 })),
    named: nullable(fc.dictionary(text, scalar, { maxKeys: 4, noNullPrototype: true })),
  },
  { requiredKeys: [] },
)
const rows = fc.array(anyRow, { minLength: 1, maxLength: 25 })

const ordered = fc.constantFrom('title', 'owner', 'rank', 'pinned')
const column = fc.oneof({ weight: 4, arbitrary: ordered }, fc.constantFrom('tags', 'named'), {
  weight: 2,
  arbitrary: text.map((name) => `named/${name}`),
})
export const anyFilter = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.record({ attribute: column, operator: fc.constant('is' as const), value: scalar }),
    fc.record({
      attribute: column,
      operator: fc.constant('isOneOf' as const),
      value: fc.array(scalar, { maxLength: 4 }),
    }),
    fc.record({
      attribute: column,
      operator: fc.constantFrom(
        'lessThan' as const,
        'atMost' as const,
        'greaterThan' as const,
        'atLeast' as const,
      ),
      value: fc.oneof(text, number),
    }),
    fc.record({
      attribute: fc.oneof(fc.constant('tags'), column),
      operator: fc.constant('has' as const),
      value: text,
    }),
    fc.array(tie('filter'), { maxLength: 3 }).map((and) => ({ and })),
    fc.array(tie('filter'), { maxLength: 3 }).map((or) => ({ or })),
    tie('filter').map((not) => ({ not })),
  ),
})).filter
const order: fc.Arbitrary<Order> = fc.record({
  column: ordered,
  direction: fc.constantFrom('ascending' as const, 'descending' as const),
})

const rankOf = (value: unknown): number => ['boolean', 'number', 'string'].indexOf(typeof value)

/** Of its own making, so that it does not err together with the one under test. */
const compareValues = (a: unknown, b: unknown): number => {
  if (rankOf(a) !== rankOf(b)) return rankOf(a) - rankOf(b)
  if (typeof a === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b as string))
  return Number(a) - Number(b)
}

const wanted = (all: readonly KeyedRow[], where: Filter, { column, direction }: Order) =>
  all
    .filter(({ row }) => predicate(where)(row))
    .sort(
      (a, b) =>
        (direction === 'ascending' ? 1 : -1) *
        (compareValues(a.row[column] ?? null, b.row[column] ?? null) ||
          compareValues(a.key, b.key)),
    )

const paged = async (readModels: ReadModels, projection: Rows, query: RowQuery) => {
  const found: KeyedRow[] = []
  const turn = boundedLoop('reading pages', 1_000)
  for (let after = query.after; ;) {
    turn()
    const page = await ok(readModels.find(projection, { ...query, after }))
    expect(page.length).toBeLessThanOrEqual(query.limit)
    found.push(...page)
    const last = page.at(-1)
    if (last === undefined) return found
    after = { value: (last.row[query.order.column] ?? null) as Scalar, key: last.key }
  }
}

const random: readonly ReadModelsCase[] = [
  {
    name: 'any filter in any order finds what the predicate passes; pages add up to the whole list',
    run: async (readModels) => {
      let count = 0
      await fc.assert(
        fc.asyncProperty(
          rows,
          fc.array(fc.tuple(anyFilter, order, fc.integer({ min: 1, max: 7 })), { minLength: 5 }),
          async (made, queries) => {
            const projection = named(`notes${String(++count)}`)
            const keyed = made.map((row, index) => [`${TEXTS[index % 12]!}${String(index)}`, row])
            await fill(readModels, Object.fromEntries(keyed) as Record<string, Row>, projection)
            const all = await find(readModels, everything, byTitle, projection)
            expect(all).toHaveLength(made.length)
            for (const [where, by, limit] of queries) {
              const expected = wanted(all, where, by)
              expect(await find(readModels, where, by, projection)).toEqual(expected)
              const pages = await paged(readModels, projection, { where, order: by, limit })
              expect(pages).toEqual(expected)
            }
          },
        ),
        { numRuns: 40 },
      )
    },
  },
  {
    name: 'two thousand filters over one set of rows find what the predicate passes',
    run: async (readModels) => {
      const [made = []] = fc.sample(fc.array(fc.tuple(rows), { minLength: 4, maxLength: 4 }), 1)
      const keyed = made.flat(2).map((row, index) => [`key ${String(index)}`, row])
      await fill(readModels, Object.fromEntries(keyed) as Record<string, Row>)
      const all = await find(readModels, everything, byTitle)
      await fc.assert(
        fc.asyncProperty(anyFilter, order, async (where, by) => {
          expect(await find(readModels, where, by)).toEqual(wanted(all, where, by))
        }),
        { numRuns: 2_000 },
      )
    },
  },
]

const pages: readonly ReadModelsCase[] = ['title', 'owner', 'rank', 'pinned'].flatMap((column) =>
  (['ascending', 'descending'] as const).map((direction): ReadModelsCase => ({
    name: `pages of 3 by ${column}, ${direction}, over nulls and ties, add up to the whole list`,
    run: async (readModels) => {
      const made = Array.from({ length: 30 }, (_, index) => ({
        title: index % 4 === 0 ? null : TEXTS[index % 5],
        owner: index < 20 ? 'ada' : 'bo',
        rank: index % 5 === 0 ? null : index % 3,
        pinned: [true, false, null][index % 3],
      }))
      await fill(readModels, Object.fromEntries(made.map((row, i) => [`key ${String(i)}`, row])))
      const by = { column, direction }
      const whole = await find(readModels, everything, by)
      expect(whole).toHaveLength(30)
      const inPages = await paged(readModels, notes, { where: everything, order: by, limit: 3 })
      expect(inPages).toEqual(whole)
    },
  })),
)

export const findCases: readonly ReadModelsCase[] = [...fixed, ...pages, ...fidelity, ...random]
