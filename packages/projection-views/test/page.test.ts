import { describe, expect, it } from '@jest/globals'
import { user } from '@threadbook/core'
import {
  compareText,
  foldBatch,
  predicate,
  type Filter,
  type RecordedEvent,
} from '@threadbook/sourcing'
import { memoryReadModels } from '@threadbook/sourcing/memory'
import { anyText } from '@threadbook/core/testing'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import {
  conversationRows,
  dueQuery,
  pageQuery,
  viewFilter,
  views,
  type PageRequest,
  type Sort,
} from '../src/index.js'
import {
  assigned,
  closed,
  held,
  markedAsSpam,
  minute,
  received,
  record,
  rows,
  scope,
  started,
  trashed,
} from './fixtures.js'
import { logs } from './histories.js'

const ok = <A>(answer: E.Either<unknown, A>): A => {
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left))
  return answer.right
}

const listing = async (log: readonly RecordedEvent[]) => {
  const models = memoryReadModels()
  ok(await models.open(rows)())
  const position = log.at(-1)!.position
  ok(await models.apply(rows, { events: log, after: undefined, position })())
  const page = async (view: string, request: PageRequest) => {
    const query = ok(pageQuery(view, request))
    const found = await Promise.all(query.queries.map((each) => models.find(rows, each)()))
    return query.page(found.map(ok))
  }
  /** Every page until the last, one after the other. */
  const keys = async (view: string, request: PageRequest) => {
    const all: string[] = []
    let after: string | undefined
    do {
      const { rows, next } = await page(view, { ...request, after })
      all.push(...rows.map(({ key }) => key))
      after = next
    } while (after !== undefined)
    return all
  }
  return { models, page, keys }
}

const conversation = (id: string, n: number) => record(id, [started(), received({ at: minute(n) })])
const three = [...conversation('a', 5), ...conversation('b', 9), ...conversation('c', 5)]

describe('S-019 the order', () => {
  it('is newest first by default', async () =>
    expect(await (await listing(three)).keys('allOpen', scope)).toEqual(['b', 'c', 'a']))
  it('is oldest first on demand', async () => {
    const request = { ...scope, sort: 'oldestFirst' } as const
    expect(await (await listing(three)).keys('allOpen', request)).toEqual(['a', 'c', 'b'])
  })
  it('D-28 of equal times is by id, the same on every page', async () => {
    const list = await listing(three)
    expect(await list.keys('allOpen', { ...scope, limit: 1 })).toEqual(['b', 'c', 'a'])
  })
})

describe('pages', () => {
  it('say whether another follows', async () => {
    const list = await listing(three)
    const first = await list.page('allOpen', { ...scope, limit: 2 })
    expect(first.rows).toHaveLength(2)
    const second = await list.page('allOpen', { ...scope, limit: 2, after: first.next })
    expect(second.rows.map(({ key }) => key)).toEqual(['a'])
    expect(second.next).toBeUndefined()
    expect(await list.page('allOpen', { ...scope, limit: 3 })).not.toHaveProperty('next')
  })
  it('D-16 together are the view: each row once, in order, of this account and inbox alone', async () => {
    const requests = fc.record({
      view: fc.constantFrom(...views.map(({ key }) => key)),
      account: fc.constantFrom('acme', 'other'),
      inbox: fc.constantFrom(undefined, 'support', ['sales', 'a/b'], ['support', 'support'], []),
      known: fc.constantFrom(undefined, [], ['support'], ['sales', 'none', 'a/b', 'sales']),
      sort: fc.constantFrom<Sort>('newestFirst', 'oldestFirst'),
      limit: fc.integer({ min: 1, max: 3 }),
      teams: fc.constantFrom(undefined, ['night'], ['night', 'night']),
      any: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(logs, fc.array(requests, { minLength: 8 }), async (log, asked) => {
        const list = await listing(log)
        const { changes } = foldBatch(rows, new Map(), new Set(), log)
        for (const { view, any, ...rest } of asked) {
          const fixed = view === 'allOpen' || view === 'allClosed'
          const request = {
            ...rest,
            viewer: 'ada',
            ...(any && !fixed && { status: 'any' as const }),
          }
          const inView = predicate(viewFilter(view, request))
          const expected = changes
            .filter(({ after }) => after !== undefined && inView(after))
            .map(({ key, after }) => ({ key, at: after!.lastMessageAt as string }))
            .sort((a, b) => compareText(a.at, b.at) || compareText(a.key, b.key))
            .map(({ key }) => key)
          if (rest.sort === 'newestFirst') expected.reverse()
          expect(await list.keys(view, request)).toEqual(expected)
        }
      }),
      { numRuns: 60 },
    )
  })
  it('are asked for inbox by inbox, owner by owner and status by status', () => {
    const count = (view: string, request: Partial<PageRequest>) =>
      ok(pageQuery(view, { ...scope, ...request })).queries.length
    expect(count('allOpen', {})).toBe(1)
    expect(count('chat', { status: 'any' })).toBe(1)
    expect(count('allOpen', { inbox: ['support', 'sales'] })).toBe(2)
    expect(count('unassigned', { status: 'any' })).toBe(2)
    expect(count('assignedToMe', { teams: ['day', 'night'], inbox: ['support', 'sales'] })).toBe(6)
    const known = Array.from({ length: 100 }, (_, n) => String(n))
    expect(count('allOpen', { inbox: known })).toBe(1)
    // Each inbox, and what may be in none of them.
    expect(count('allOpen', { inbox: undefined, known: known.slice(0, 31) })).toBe(63)
    expect(count('allOpen', { inbox: undefined, known: known.slice(0, 32) })).toBe(1)
    expect(count('allOpen', { inbox: 'support', known })).toBe(1)
  })
})

describe('what makes no sense is refused by the name of its field', () => {
  const wrong = (view: string, request: Partial<PageRequest>) => {
    const answer = pageQuery(view, { ...scope, ...request })
    return E.isLeft(answer) ? answer.left : undefined
  }
  it.each<[string, string, Partial<PageRequest>, string]>([
    ['a view there is none of', 'inbox', {}, 'view'],
    ['a sort there is none of', 'chat', { sort: 'random' as Sort }, 'sort'],
    ['a status there is none of', 'chat', { status: 'shut' as 'open' }, 'status'],
    ['another status of All open', 'allOpen', { status: 'closed' }, 'status'],
    ['mine, without saying who', 'assignedToMe', { viewer: undefined }, 'viewer'],
    ['no rows', 'chat', { limit: 0 }, 'limit'],
    ['half a row', 'chat', { limit: 1.5 }, 'limit'],
    ['more rows than a page holds', 'chat', { limit: 501 }, 'limit'],
    ['a cursor that is none', 'chat', { after: 'page 2' }, 'after'],
    ['an empty cursor', 'chat', { after: '' }, 'after'],
  ])('%s', (_, view, request, field) =>
    expect(wrong(view, request)).toMatchObject({ type: 'InvalidQuery', field }),
  )
  it('the cursor of another view, or of the other order', async () => {
    const list = await listing(three)
    const { next } = await list.page('allOpen', { ...scope, limit: 1 })
    expect(wrong('allOpen', { after: next })).toBeUndefined()
    expect(wrong('email', { after: next })).toMatchObject({ field: 'after' })
    expect(wrong('allOpen', { after: next, sort: 'oldestFirst' })).toMatchObject({ field: 'after' })
  })
  it('a cursor that was cut or changed', async () => {
    const list = await listing(three)
    const next = (await list.page('allOpen', { ...scope, limit: 1 })).next!
    for (let end = 0; end < next.length; end++)
      expect(wrong('allOpen', { after: next.slice(0, end) })).toMatchObject({ field: 'after' })
  })
  it('but not a cursor whose key holds any text at all', async () => {
    await fc.assert(
      fc.asyncProperty(anyText({ minLength: 1 }), async (id) => {
        const list = await listing([...conversation(`${id}1`, 1), ...conversation(`${id}2`, 1)])
        expect(await list.keys('allOpen', { ...scope, limit: 1 })).toHaveLength(2)
      }),
    )
  })
})

describe('D-06 what the clocks let go', () => {
  const due = async (because: 'trash' | 'spam', until: string) => {
    const { models } = await listing([
      ...record('old', [started(), trashed]),
      ...record('older', [started(), trashed]),
      ...record('held', [started(), trashed, held()]),
      ...record('spam', [started(), markedAsSpam()]),
      ...record('kept', [started(), received(), assigned(user('ada')), closed]),
      ...record('young', [started(), received(), trashed]),
    ])
    const query = dueQuery({ account: 'acme', because, until, limit: 10 })
    return ok(await models.find(rows, query)()).map(({ key }) => key)
  }
  it('is what was trashed or marked by then and is not held', async () => {
    expect(await due('trash', minute(1))).toEqual(['old', 'older'])
    expect(await due('trash', minute(2))).toEqual(['old', 'older', 'young'])
    expect(await due('spam', minute(1))).toEqual(['spam'])
    expect(await due('spam', minute(0))).toEqual([])
  })
})

describe('the indexes', () => {
  const { columns, indexes } = conversationRows.table
  const terms = (filter: Filter | undefined): readonly Filter[] =>
    filter === undefined ? [] : 'and' in filter ? filter.and : [filter]
  it('hold columns of the table only', () => {
    for (const index of indexes)
      for (const column of index.columns) expect(Object.keys(columns)).toContain(column)
  })
  it.each(views.map(({ key }) => key))(
    '%s is a range of one whose terms stand in its filter, in order of time',
    (key) => {
      const { queries } = ok(pageQuery(key, scope))
      expect(queries).toHaveLength(1)
      const filter = terms(queries[0].where).map((term) => JSON.stringify(term))
      const fixed = new Set(
        terms(queries[0].where).flatMap((term) =>
          'operator' in term && term.operator === 'is' ? [term.attribute] : [],
        ),
      )
      const usable = indexes.filter(
        ({ columns, where }) =>
          terms(where).every((term) => filter.includes(JSON.stringify(term))) &&
          columns.at(-1) === 'lastMessageAt' &&
          columns.slice(0, -1).every((column) => fixed.has(column)),
      )
      // All that is left of the filter is in the index, so that nothing is read in vain.
      const covers = usable.filter(({ columns, where }) =>
        terms(queries[0].where).every(
          (term) =>
            terms(where).some((other) => JSON.stringify(other) === JSON.stringify(term)) ||
            ('attribute' in term && columns.includes(term.attribute)),
        ),
      )
      expect(covers).toHaveLength(1)
    },
  )
})
