/** Searches in the order of how well they match. */
import { describe, expect, it } from '@jest/globals'
import type { Adapters, HitWeight } from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import { scoreOf } from '../src/search/rank.js'
import { openDesk, right, type Desk } from './fixtures.js'

const search = async (desk: Desk, text: string, request: object = {}) =>
  right(await desk.inbox.search({ text, sort: 'bestMatch', ...request }))
const ids = async (...args: Parameters<typeof search>): Promise<readonly string[]> =>
  (await search(...args)).found.map(({ item }) => item.conversationId)

const paged = async (desk: Desk, text: string, limit: number) => {
  const found: string[] = []
  const sorts = new Set<string>()
  for (let after: string | undefined; ;) {
    const page = await search(desk, text, { after, limit })
    expect(page.found.length).toBeLessThanOrEqual(limit)
    found.push(...page.found.map(({ item }) => item.conversationId))
    sorts.add(page.sort)
    after = page.next
    if (after === undefined) return { found, sorts: [...sorts] }
  }
}

describe('a search by bestMatch', () => {
  it('S-019 D-13 has those first that say the words most, in the shortest text; of equals the newest', async () => {
    const desk = await openDesk()
    const filler = 'and so many other words about nothing at all '
    const often = await desk.receive({ text: 'refund refund refund' })
    const long = await desk.receive({ text: `refund ${filler.repeat(10)}` })
    const once = await desk.receive({ text: 'A refund, please, soon' })
    const again = await desk.receive({ text: 'A refund, please, soon' })
    await desk.receive({ text: filler })
    expect(await ids(desk, 'refund')).toEqual([often, again, once, long])
    expect((await search(desk, 'refund')).sort).toBe('bestMatch')
    expect(await ids(desk, 'refund is:open')).toEqual([often, again, once, long])
    expect(await ids(desk, 'refund please')).toEqual([again, once])
    expect(await ids(desk, 'refund', { sort: 'newestFirst' })).toEqual([again, once, long, often])
    expect((await paged(desk, 'refund', 1)).found).toEqual([often, again, once, long])
  })

  it('says so where there is nothing to rank: without words, or by an index that weighs nothing', async () => {
    const adapters = await memory()
    const { search: index } = adapters
    const plain: Adapters = {
      ...adapters,
      search: {
        ...index!,
        find: (projection, query) => index!.find(projection, { ...query, weighed: false }),
      },
    }
    const desk = await openDesk(plain)
    const first = await desk.receive({ text: 'refund refund' })
    const second = await desk.receive({ text: 'refund' })
    for (const text of ['refund', 'is:open']) {
      const { found, sort } = await search(desk, text)
      expect(found.map(({ item }) => item.conversationId)).toEqual([second, first])
      expect(sort).toBe('newestFirst')
    }
    expect(right(await desk.inbox.search({ text: 'refund', sort: 'oldestFirst' })).sort).toBe(
      'oldestFirst',
    )
  })

  it('goes on by time behind the newest two hundred hits: pages add up to the whole', async () => {
    const desk = await openDesk()
    const all: string[] = []
    for (let n = 0; n < 215; n++)
      all.push(await desk.receive({ text: 'refund '.repeat(1 + (n % 3)), from: `b${String(n)}` }))
    const { found, sorts } = await paged(desk, 'refund', 40)
    expect(sorts).toEqual(['bestMatch', 'newestFirst'])
    expect(found.slice(200)).toEqual(all.slice(0, 15).reverse())
    expect([...found].sort()).toEqual([...all].sort())
    expect(found.slice(0, 3)).toEqual([212, 209, 206].map((n) => all[n]))
  }, 60_000)

  it.each([
    ['after', { after: 'rank.nonsense' }],
    ['after', { after: 'nonsense' }],
    ['limit', { limit: 0 }],
    ['sort', { sort: 'bestmatch' }],
  ] as const)('is refused by its %s: %j', async (field, request) => {
    const desk = await openDesk()
    await desk.receive({ text: 'refund' })
    const asked = { text: 'refund', sort: 'bestMatch', ...request } as never
    expect(await desk.inbox.search(asked)).toMatchObject(E.left({ type: 'InvalidQuery', field }))
  })
})

describe('a score', () => {
  const count = fc.integer({ min: 1, max: 1_000 })
  const weight = fc.record({
    counts: fc.array(count, { minLength: 1, maxLength: 4 }),
    words: fc.integer({ min: 1, max: 20_000 }),
  })

  it('is higher for a word more, lower for a longer text, and never that of a further term', () => {
    fc.assert(
      fc.property(weight, fc.nat(3), ({ counts, words }, at) => {
        const score = scoreOf({ counts, words })
        const more: HitWeight = {
          counts: counts.map((each, index) => (index === at % counts.length ? each + 1 : each)),
          words,
        }
        expect(scoreOf(more)).toBeGreaterThan(score)
        expect(scoreOf({ counts, words: words + 1 })).toBeLessThan(score)
        expect(score).toBeLessThan(counts.length)
      }),
    )
  })
})
