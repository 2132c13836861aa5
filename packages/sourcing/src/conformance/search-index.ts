/** Full text beside the columns of rows: what is found, by what, in which order, and what never is. */
import { expect } from '@jest/globals'
import fc from 'fast-check'
import type { Adapters } from '../adapters.js'
import type { Position } from '../event.js'
import { and, is, not, or, predicate, type Filter } from '../filter.js'
import { countedPosition } from '../position.js'
import type { RowQuery } from '../read-models.js'
import type { SearchChange, SearchEntry, SearchIndex, SearchQuery } from '../search/search-index.js'
import { indexedText, needleOf, phraseTerm, wordTerm, type SearchTerm } from '../search/tokens.js'
import { fill as fillLog } from './event-store/fixtures.js'
import { apply, notes, put, type Row } from './read-models/fixtures.js'
import { faultOf, ok, suite, type BesideCase, type Case, type KitOptions } from './suite.js'

const log = { version: 1, firstEvent: 'the first' }

const searchOf = ({ search }: Adapters): SearchIndex => {
  if (search === undefined) throw new Error('these adapters find no text: leave this kit out')
  return search
}

const entry = (id: string, text: string, more: Partial<SearchEntry> = {}): SearchEntry => ({
  id,
  row: id.split('/')[0]!,
  origin: id.split('/')[0]!,
  source: `source of ${id}`,
  text: indexedText([text]),
  keys: [],
  ...more,
})
const putEntry = (...args: Parameters<typeof entry>): SearchChange => ({
  type: 'put',
  entry: entry(...args),
})

const change = async (
  adapters: Adapters,
  ...changes: readonly SearchChange[]
): Promise<Position> => {
  const search = searchOf(adapters)
  const after = await ok(search.checkpoint())
  const position = countedPosition(Number(after ?? 0) + 1)
  await ok(search.apply(changes, { after, position }))
  return position
}

const rowsNamed = (...keys: readonly string[]) =>
  keys.map((key, index) => put(key, { title: key, rank: index }))

/** Rows a, b, c … of ranks 0, 1, 2 …, and these entries. */
const fill = async (
  adapters: Adapters,
  texts: Readonly<Record<string, string>>,
  rows: readonly string[] = [...new Set(Object.keys(texts).map((id) => id.split('/')[0]!))],
) => {
  await ok(adapters.readModels.open(notes))
  await ok(searchOf(adapters).open(log))
  await apply(adapters.readModels, notes, ...rowsNamed(...rows))
  await change(adapters, ...Object.entries(texts).map(([id, text]) => putEntry(id, text)))
}

/** As a search box has them: `…` in quotes is a phrase, all else a word. */
const termsOf = (query: string): SearchQueryTerms => {
  const terms = (query.match(/"[^"]*"|\S+/gu) ?? []).flatMap((each) => {
    const term = each.startsWith('"') ? phraseTerm(each) : wordTerm(each)
    return term === undefined ? [] : [term]
  })
  return terms as unknown as SearchQueryTerms
}
type SearchQueryTerms = readonly [SearchTerm, ...SearchTerm[]]

/** One behind the other, from the beginning on. */
const timesIn = (text: string, needle: string): number => {
  let times = 0
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + needle.length))
    times++
  return times
}

const byRank = { column: 'rank', direction: 'ascending' } as const

const find = async (
  adapters: Adapters,
  query: string,
  where: Filter = and(),
  more: Partial<SearchQuery> = {},
) => {
  const terms = termsOf(query)
  return ok(searchOf(adapters).find(notes, { terms, where, order: byRank, limit: 10_000, ...more }))
}
const found = async (...args: Parameters<typeof find>) =>
  (await find(...args)).map(({ key }) => key).join('')

const texts = {
  a: 'The refund for Émile, 42 EUR (order 2026-11)',
  b: 'Refunds are made by ada.lovelace@example.org',
  c: 'Größe und Straße; naïve coöperation',
  d: '東京都に住んでいます',
  e: 'Возврат денег за заказ',
  f: 'οδός Ερμού και ΟΔΌΣ',
  g: 'ｆｕｌｌ ｗｉｄｔｈ ﬁle',
  h: 'كِتَاب and קֹפֶץ',
}

const queries: readonly (readonly [string, string])[] = [
  ['refund', 'ab'],
  ['"refund"', 'a'],
  ['REFUND', 'ab'],
  ['refundable', ''],
  ['r', ''],
  ['efund', ''],
  ['emile', 'a'],
  ['ÉMI', 'a'],
  ['E\u0301mile', 'a'],
  ['"refund for emile"', 'a'],
  ['"for refund"', ''],
  ['refund emile', 'a'],
  ['emile refund', 'a'],
  ['refund ada', 'b'],
  ['emile ada', ''],
  ['42', 'a'],
  ['2026-11', 'a'],
  ['ada.lovelace@example.org', 'b'],
  ['lovelace@example', 'b'],
  ['ada@example', ''],
  ['grosse', 'c'],
  ['strasse', 'c'],
  ['straße', 'c'],
  ['naive', 'c'],
  ['cooperation', 'c'],
  ['東京', 'd'],
  ['京都', 'd'],
  ['東都', ''],
  ['возврат', 'e'],
  ['ВОЗВ', 'e'],
  ['οδος', 'f'],
  ['"ερμου και οδος"', 'f'],
  ['full width file', 'g'],
  ['كتاب', 'h'],
  ['קפץ', 'h'],
]

const cases: readonly (Case<Adapters> | BesideCase<Adapters>)[] = [
  {
    name: 'words, beginnings of words and phrases, without regard to case and accents, in any writing',
    run: async (adapters) => {
      await fill(adapters, texts)
      for (const [query, keys] of queries)
        expect([query, await found(adapters, query)]).toEqual([query, keys])
    },
  },
  {
    name: 'all words in one entry, though a row has several; the last of them is the hit',
    run: async (adapters) => {
      await fill(adapters, {
        'a/1': 'refund please',
        'a/2': 'invoice attached',
        'a/3': 'refund made',
        'b/1': 'refund of the invoice',
      })
      expect(await found(adapters, 'refund invoice')).toBe('b')
      const [hit] = await find(adapters, 'refund')
      expect(hit).toEqual({
        key: 'a',
        row: { title: 'a', rank: 0 },
        entry: { id: 'a/3', row: 'a', origin: 'a', source: 'source of a/3' },
      })
    },
  },
  {
    name: 'no phrase reaches from one part of an entry into the next',
    run: async (adapters) => {
      await fill(adapters, {}, ['a'])
      const text = indexedText(['your order', 'number nine'])
      await change(adapters, { type: 'put', entry: entry('a', '', { text }) })
      expect(await found(adapters, '"order number"')).toBe('')
      expect(await found(adapters, '"your order" "number nine"')).toBe('a')
    },
  },
  {
    name: 'text and filter hold together, and what has no row is not found',
    run: async (adapters) => {
      await fill(adapters, { a: 'refund', b: 'refund', c: 'refund', gone: 'refund' }, [
        'a',
        'b',
        'c',
      ])
      expect(await found(adapters, 'refund')).toBe('abc')
      expect(await found(adapters, 'refund', not(is('title', 'b')))).toBe('ac')
      expect(await found(adapters, 'refund', or())).toBe('')
      expect(await found(adapters, 'refund', is('rank', 2))).toBe('c')
    },
  },
  {
    name: 'in order and in pages, as rows are',
    run: async (adapters) => {
      const keys = Array.from({ length: 9 }, (_, index) => `k${String(index)}`)
      await fill(adapters, Object.fromEntries(keys.map((key) => [key, 'refund'])))
      const order = { column: 'rank', direction: 'descending' } as const
      expect(await found(adapters, 'refund', and(), { order })).toBe([...keys].reverse().join(''))
      const pages: string[] = []
      for (let after: RowQuery['after']; ;) {
        const page = await find(adapters, 'refund', and(), { order, after, limit: 4 })
        pages.push(page.map(({ key }) => key).join(''))
        const last = page.at(-1)
        if (last === undefined) break
        after = { value: last.row['rank'] as number, key: last.key }
      }
      expect(pages).toEqual(['k8k7k6k5', 'k4k3k2k1', 'k0', ''])
    },
  },
  {
    name: 'an entry put again replaces itself',
    run: async (adapters) => {
      await fill(adapters, { a: 'refund' })
      await change(adapters, putEntry('a', 'invoice'))
      expect(await found(adapters, 'refund')).toBe('')
      expect(await found(adapters, 'invoice')).toBe('a')
    },
  },
  {
    name: 'what was removed is not found, and what is removed twice is no error',
    run: async (adapters) => {
      await fill(adapters, { 'a/1': 'refund', 'a/2': 'refund', 'b/1': 'refund' })
      await change(adapters, { type: 'remove', id: 'a/1' }, { type: 'remove', id: 'never' })
      expect(await found(adapters, 'refund')).toBe('ab')
      await change(adapters, { type: 'removeOrigin', origin: 'a' })
      await change(adapters, { type: 'removeOrigin', origin: 'a' })
      expect(await found(adapters, 'refund')).toBe('b')
    },
  },
  {
    name: 'what was written for one row finds another, and itself again',
    run: async (adapters) => {
      await fill(adapters, { a: 'refund', b: 'invoice', c: 'receipt' })
      await change(adapters, { type: 'moveRow', from: 'a', to: 'b' })
      await change(adapters, { type: 'moveRow', from: 'b', to: 'c' })
      expect(await found(adapters, 'refund')).toBe('c')
      expect(await found(adapters, 'invoice')).toBe('c')
      await change(
        adapters,
        { type: 'moveOrigin', origin: 'b', to: 'b' },
        { type: 'moveOrigin', origin: 'a', to: 'b' },
      )
      expect(await found(adapters, 'refund')).toBe('b')
      await change(adapters, { type: 'removeOrigin', origin: 'a' })
      expect(await found(adapters, 'refund')).toBe('')
      expect(await found(adapters, 'invoice')).toBe('b')
    },
  },
  {
    name: 'entries by the keys that opened them',
    run: async (adapters) => {
      await fill(adapters, {}, ['a'])
      await change(
        adapters,
        putEntry('a/1', 'x', { keys: ['k1', 'k2'] }),
        putEntry('a/2', 'x', { keys: ['k2'] }),
        putEntry('a/3', 'x', { keys: ['k3'] }),
        { type: 'remove', id: 'a/3' },
      )
      const ids = async (...keys: readonly string[]) =>
        (await ok(searchOf(adapters).openedBy(keys))).map(({ id }) => id)
      expect(await ids('k2')).toEqual(['a/1', 'a/2'])
      expect(await ids('k1', 'k2', 'k3')).toEqual(['a/1', 'a/2'])
      expect(await ids('k3')).toEqual([])
    },
  },
  {
    name: 'a checkpoint that somebody else moved: nothing is written',
    run: async (adapters) => {
      await fill(adapters, { a: 'refund' })
      const search = searchOf(adapters)
      const actual = await ok(search.checkpoint())
      const changes = [putEntry('a/2', 'invoice')]
      const position = countedPosition(9)
      for (const expected of [undefined, countedPosition(8)])
        expect(await faultOf(search.apply(changes, { after: expected, position }))).toMatchObject({
          type: 'CheckpointMoved',
          expected,
          actual,
        })
      expect(await found(adapters, 'invoice')).toBe('')
      expect(await ok(search.checkpoint())).toBe(actual)
    },
  },
  {
    name: 'changes without a checkpoint leave it where it is',
    run: async (adapters) => {
      await fill(adapters, { a: 'refund', b: 'refund' })
      const search = searchOf(adapters)
      const before = await ok(search.checkpoint())
      await ok(search.apply([{ type: 'remove', id: 'a' }]))
      expect(await found(adapters, 'refund')).toBe('b')
      expect(await ok(search.checkpoint())).toBe(before)
    },
  },
  {
    name: 'an older version, or the index of another log, is emptied; a newer one is refused',
    run: async (adapters) => {
      // As long as what the index says it has read.
      await fillLog(
        adapters.store,
        Array.from({ length: 5 }, () => ({ stream: 'note-acme.a' })),
      )
      await fill(adapters, { a: 'refund' })
      const search = searchOf(adapters)
      await ok(search.open(log))
      expect(await found(adapters, 'refund')).toBe('a')
      await ok(search.open({ ...log, version: 2 }))
      expect(await ok(search.checkpoint())).toBeUndefined()
      expect(await found(adapters, 'refund')).toBe('')
      expect(await faultOf(search.open(log))).toMatchObject({
        type: 'NewerSearchIndex',
        version: 1,
        stored: 2,
      })
      await change(adapters, putEntry('a', 'refund'))
      await ok(search.open({ version: 2, firstEvent: 'another' }))
      expect(await found(adapters, 'refund')).toBe('')
      expect(await ok(search.openedBy([]))).toEqual([])
    },
  },
  {
    name: 'a word that thousands of entries hold, and one of them that holds another',
    run: async (adapters) => {
      const keys = Array.from({ length: 2_500 }, (_, index) => `k${String(index)}`)
      await fill(
        adapters,
        Object.fromEntries(
          keys.map((key, index) => [key, index === 1_234 ? 'refund rare' : 'refund']),
        ),
      )
      const order = { column: 'rank', direction: 'descending' } as const
      const page = await find(adapters, 'refund', not(is('title', 'k2499')), { order, limit: 3 })
      expect(page.map(({ key }) => key)).toEqual(['k2498', 'k2497', 'k2496'])
      expect(page[0]!.entry.id).toBe('k2498')
      expect(await found(adapters, 'refund rare')).toBe('k1234')
      expect(await found(adapters, 'refund', is('rank', 7))).toBe('k7')
      expect(await find(adapters, 'refund')).toHaveLength(2_500)
    },
  },
  {
    name: 'a long text is indexed up to its first hundred thousand characters',
    run: async (adapters) => {
      await fill(adapters, { a: `first ${'word '.repeat(20_000)}last`, b: 'x'.repeat(100_000) })
      expect(await found(adapters, 'first')).toBe('a')
      expect(await found(adapters, 'last')).toBe('')
      expect(await found(adapters, 'xxxx')).toBe('b')
    },
  },
  {
    name: 'once closed, nothing more',
    run: async (adapters) => {
      await fill(adapters, { a: 'refund' })
      const search = searchOf(adapters)
      await search.close()
      expect(await faultOf(search.checkpoint())).toMatchObject({ type: 'Unavailable' })
      expect(
        await faultOf(
          search.find(notes, { terms: termsOf('x'), where: and(), order: byRank, limit: 1 }),
        ),
      ).toMatchObject({ type: 'Unavailable' })
    },
  },
  {
    name: 'hits come with their weight where it is asked for: how often each term is there, in how many words',
    run: async (adapters) => {
      await fill(adapters, {
        'a/1': 'refund',
        'a/2': 'Refund, refunds; the refund 東京 and 東京 of the order',
        'b/1': 'a refund once',
      })
      const weights = async (query: string) =>
        (await find(adapters, query, and(), { weighed: true })).map(({ weight }) => weight)
      expect(await weights('refund "東京"')).toEqual([{ counts: [3, 2], words: 12 }])
      expect(await weights('refund')).toEqual([
        { counts: [3], words: 12 },
        { counts: [1], words: 3 },
      ])
      const [hit] = await find(adapters, 'refund')
      expect(hit).not.toHaveProperty('weight')
    },
  },
  {
    name: 'any entries, terms and filters: what the texts hold, in the order of the rows',
    run: async (adapters) => {
      await ok(adapters.readModels.open(notes))
      await ok(searchOf(adapters).open(log))
      const rows = Array.from({ length: 12 }, (_, index): readonly [string, Row] => [
        `row ${String(index)}`,
        { title: ['x', 'y', null][index % 3], rank: index % 4 === 0 ? null : index % 5 },
      ])
      await apply(adapters.readModels, notes, ...rows.map(([key, row]) => put(key, row)))
      const word = fc.constantFrom(
        'ab',
        'abc',
        'b',
        'é',
        'E',
        '東',
        '京',
        'x-y',
        "it's",
        '"',
        '*',
        '\0',
      )
      const text = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '))
      const term = fc
        .tuple(fc.array(word, { minLength: 1, maxLength: 3 }), fc.boolean())
        .map(([words, isWord]) => (isWord ? wordTerm : phraseTerm)(words.join(' ')))
        .filter((made): made is SearchTerm => made !== undefined)
      const where = fc.constantFrom<Filter>(and(), is('title', 'x'), not(is('rank', null)), or())
      let made = new Map<string, readonly [row: string, text: string]>()
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.nat({ max: 14 }), fc.nat({ max: 12 }), text), { minLength: 1 }),
          fc.array(fc.tuple(fc.array(term, { minLength: 1, maxLength: 2 }), where, fc.boolean()), {
            minLength: 3,
          }),
          async (puts, asked) => {
            await change(
              adapters,
              ...[...made.keys()].map((id): SearchChange => ({ type: 'remove', id })),
              ...puts.map(([id, row, words]) =>
                putEntry(`e${String(id)}`, words, { row: `row ${String(row)}` }),
              ),
            )
            made = new Map(
              puts.map(([id, row, words]) => [
                `e${String(id)}`,
                [`row ${String(row)}`, indexedText([words])],
              ]),
            )
            for (const [terms, filter, isDown] of asked) {
              const order = {
                column: 'rank',
                direction: isDown ? 'descending' : 'ascending',
              } as const
              const query = { where: filter, order, limit: 100 }
              const all = await ok(adapters.readModels.find(notes, query))
              const holds = (key: string) =>
                [...made.values()].some(
                  ([row, words]) =>
                    row === key && terms.every((each) => words.includes(needleOf(each))),
                )
              const hits = await ok(
                searchOf(adapters).find(notes, {
                  ...query,
                  terms: terms as unknown as SearchQueryTerms,
                  weighed: true,
                }),
              )
              for (const { entry: hit, weight } of hits) {
                const [, words] = made.get(hit.id)!
                expect(weight).toEqual({
                  counts: terms.map((each) => timesIn(words, needleOf(each))),
                  words: words.trim().split(' ').length,
                })
              }
              expect(hits.map(({ key }) => key)).toEqual(all.map(({ key }) => key).filter(holds))
              expect(all.every(({ row }) => predicate(filter)(row))).toBe(true)
            }
          },
        ),
        { numRuns: 60 },
      )
    },
  },
  {
    name: 'what one process put, moved or removed, another finds so',
    runBeside: async (adapters, other) => {
      await fill(adapters, { a: 'refund', b: 'refund' })
      await ok(other.readModels.open(notes))
      expect(await found(other, 'refund')).toBe('ab')
      await change(adapters, { type: 'remove', id: 'a' })
      expect(await found(other, 'refund')).toBe('b')
      await change(other, { type: 'removeOrigin', origin: 'b' })
      expect(await found(adapters, 'refund')).toBe('')
    },
  },
]

/** All that a search index owes its callers, over the read models that it comes with. */
export const searchIndexConformance = (
  name: string,
  open: () => Promise<Adapters>,
  options?: KitOptions<Adapters>,
): void => {
  suite(`search index: ${name}`, cases, open, options)
}
