/** Whatever the zone that a filter's days are meant in, every store lists what it says, in one order. */
import { expect, it } from '@jest/globals'
import type { ConversationFilter } from '@threadbook/core'
import { conversationFilters } from '@threadbook/core/testing'
import {
  conversationRows,
  listedFilter,
  listQuery,
  type ListQuery,
} from '@threadbook/projection-views'
import {
  compareText,
  foldBatch,
  predicate,
  type IsoTime,
  type RecordedEvent,
  type Rows,
} from '@threadbook/sourcing'
import * as fc from 'fast-check'
import { right } from '../packages/inbox/test/fixtures.js'
import { logs } from '../packages/projection-views/test/histories.js'
import { onEveryStore } from './stores.js'

const rows = conversationRows as unknown as Rows
const named = (name: string): Rows => ({ ...rows, name, table: { ...rows.table, name } })

const zones = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'America/Los_Angeles',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Pacific/Auckland',
  'Pacific/Kiritimati',
)

const DAYS = ['2026-02-28', '2026-03-01', '2026-03-28', '2026-03-29', '2026-03-30', '2026-10-25']

/** Around midnight somewhere, also where clocks are put forward or back. */
const moments: fc.Arbitrary<IsoTime> = fc
  .tuple(fc.constantFrom(...DAYS), fc.integer({ min: -14 * 2, max: 14 * 2 }), fc.nat(1))
  .map(([day, halfHours, second]) =>
    new Date(Date.parse(day) + halfHours * 1_800_000 - second * 1_000).toISOString(),
  )

const ofDays: fc.Arbitrary<ConversationFilter> = fc
  .record({
    attribute: fc.constantFrom('activity', 'startedAt', 'lastMessageAt', 'waitingSince'),
    operator: fc.constantFrom('on', 'before', 'from', 'until', 'after'),
    value: fc.oneof(
      fc.constantFrom(...DAYS),
      fc.record({ ago: fc.nat(3), unit: fc.constantFrom('days', 'weeks', 'months') }),
    ),
  })
  .map((condition) => condition as ConversationFilter)

const filters: fc.Arbitrary<ConversationFilter> = fc.oneof(
  { weight: 2, arbitrary: ofDays },
  ofDays.map((not) => ({ not })),
  fc.tuple(ofDays, conversationFilters).map((or) => ({ or })),
  conversationFilters,
)

const queries: fc.Arbitrary<ListQuery> = fc.record({
  account: fc.constant('acme'),
  inboxes: fc.constantFrom(undefined, ['support'], ['support', 'sales']),
  filter: filters,
  zone: zones,
  now: moments,
  viewer: fc.constantFrom(undefined, 'ada'),
  hideSpam: fc.boolean(),
  hideTrash: fc.boolean(),
})

/** The same history at other times. */
const at = (log: readonly RecordedEvent[], times: readonly IsoTime[]): readonly RecordedEvent[] =>
  log.map((event, index) => {
    const occurredAt = times[index % times.length]!
    return { ...event, metadata: { ...event.metadata, occurredAt, recordedAt: occurredAt } }
  })

onEveryStore(
  ({ place }) => {
    it('two thousand filters, in zones all over the world, list what they say', async () => {
      const { open } = await place()
      const adapters = await open()
      const { readModels } = adapters
      let count = 0
      await fc.assert(
        fc.asyncProperty(
          logs,
          fc.array(moments, { minLength: 1, maxLength: 9 }),
          fc.array(queries, { minLength: 50, maxLength: 50 }),
          async (history, times, asked) => {
            const projection = named(`list${String(++count)}`)
            const events = at(history, times)
            right(await readModels.open(projection)())
            const position = events.at(-1)!.position
            right(await readModels.apply(projection, { events, after: undefined, position })())
            const { changes } = foldBatch(rows, new Map(), new Set(), events)
            for (const query of asked) {
              const isListed = predicate(listedFilter(query))
              const expected = changes
                .filter(({ after }) => after !== undefined && isListed(after))
                .map(({ key, after }) => ({ key, at: after!['lastMessageAt'] as string }))
                .sort((a, b) => compareText(b.at, a.at) || compareText(b.key, a.key))
                .map(({ key }) => key)
              const plan = right(listQuery('law', query, 'newestFirst', {}))
              const found = await Promise.all(
                plan.queries.map(async (each) => right(await readModels.find(projection, each)())),
              )
              expect(plan.page(found).rows.map(({ key }) => key)).toEqual(expected)
            }
            right(await readModels.drop(projection)())
          },
        ),
        { numRuns: 40 },
      )
      await adapters.close()
    })
  },
  ['memory', 'sqlite', 'postgres'],
)
