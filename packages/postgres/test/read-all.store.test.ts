/** How the log is read where the server knows nothing of it: no statistics, and much of everything. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { postgres } from '@threadbook/postgres'
import {
  countedPosition,
  type EventFilter,
  type EventStore,
  type Position,
} from '@threadbook/sourcing'
import pg from 'pg'
import { countedPool } from './counted-pool.js'
import { ok, opening } from './fixtures.js'
import { fillUnanalysed, mostRows, plansIn } from './plans.js'
import { server } from './server.js'

const { config, newSchema, pool } = server()
const { open, closeAll } = opening(config)

const EVENTS = 5_000
const SLICE = 100

let schema: string
let s: string
let store: EventStore
beforeEach(async () => {
  schema = newSchema()
  s = pg.escapeIdentifier(schema)
  store = (await open(schema)).store
  await fillUnanalysed(pool(), s, EVENTS)
})
afterEach(closeAll)

/** The plans of one read. */
const plansOf = async (after: number, types: string[] | null, prefixes: string[] | null) =>
  plansIn(pool(), `SELECT * FROM ${s}.read_all($1, $2, $3, $4)`, [after, SLICE, types, prefixes])

const whole = async (filter: EventFilter, limit: number, from?: Position) => {
  const positions: number[] = []
  for (let after = from; ;) {
    const { events, position, end } = await ok(store.readAll({ after, filter, limit }))
    positions.push(...events.map((event) => Number(event.position)))
    if (end) return positions
    after = position
  }
}

describe('a log that was never analysed', () => {
  it.each([
    ['everything', null, null],
    ['most types of one kind of stream', ['Put', 'Rare', 'Other'], ['note-']],
    ['one kind of stream', null, ['note-']],
  ])('is read slice by slice in the order of its index: %s', async (_, types, prefixes) => {
    for (const after of [0, EVENTS / 2]) {
      const [plan, ...others] = await plansOf(after, types, prefixes)
      expect(plan).toMatch(/Index Scan using events_pkey/)
      expect(plan).not.toMatch(/Sort|Seq Scan|Bitmap|Hash|Merge/)
      expect(mostRows(plan!)).toBeLessThanOrEqual(SLICE * 3)
      expect(others).toEqual([])
    }
  })

  it('is read by its index of types where little passes', async () => {
    const [near, sought, found, ...others] = await plansOf(0, ['Rare', 'Other'], ['note-'])
    expect(near).not.toMatch(/Sort|Seq Scan|Bitmap/)
    expect(sought).toMatch(/Index (Only )?Scan using events_of_type/)
    expect(sought).not.toMatch(/Seq Scan|Bitmap|events_pkey/)
    expect(found).not.toMatch(/Sort|Seq Scan|Bitmap/)
    for (const plan of [sought, found])
      expect(mostRows(plan!)).toBeLessThanOrEqual(EVENTS / 1_000 + 1)
    expect(others).toEqual([])
  })

  it.each([1, 3, 1_000])('gives out all that passes, near and far, %d at a time', async (limit) => {
    const all = Array.from({ length: EVENTS }, (_, n) => n + 1)
    const rare = all.filter((n) => n % 1_000 === 0)
    const isNote = (n: number) => n % 2 === 0
    expect(await whole({ types: ['Rare', 'Rare'] }, limit)).toEqual(rare)
    expect(await whole({ types: ['Rare'], streamPrefixes: ['note-'] }, limit)).toEqual(
      rare.filter(isNote),
    )
    expect(await whole({ types: ['Rare'], streamPrefixes: ['task-'] }, limit)).toEqual([])
    expect(await whole({ types: ['Put'], streamPrefixes: ['task-acme.99'] }, limit)).toEqual(
      all.filter(
        (n) =>
          `task-acme.${String(((n - 1) % (EVENTS / 5)) + 1)}`.startsWith('task-acme.99') &&
          (((n - 1) % (EVENTS / 5)) + 1) % 2 === 1,
      ),
    )
  })
})

describe('readers that look in the same moment', () => {
  const filters: readonly EventFilter[] = [
    {},
    { types: ['Rare'] },
    { types: ['Put'], streamPrefixes: ['task-'] },
    { streamPrefixes: ['note-acme.1', 'task-acme.99'] },
    { types: ['Other'] },
    { types: [] },
  ]

  it('share one statement, and each finds what it would alone, in slices of its own', async () => {
    const { pool: own, askedBy } = countedPool(config())
    const adapters = await postgres(own, { schema, listen: false })
    const [asked, ends] = await askedBy(() =>
      Promise.all(
        filters.map((filter, n) =>
          ok(adapters.store.readAll({ after: countedPosition(EVENTS - n * 20), filter })),
        ),
      ),
    )
    expect(asked).toBe(1)
    expect(ends.every(({ end, position }) => end && Number(position) === EVENTS)).toBe(true)
    expect(ends.map(({ events }) => events.length)).toEqual([0, 1, 20, 6, 0, 0])
    await adapters.close()
    await own.end()
  })

  it.each([1, 40, 1_000])(
    'miss nothing on the way through the log, %d at a time',
    async (limit) => {
      const alone: (readonly number[])[] = []
      for (const filter of filters) alone.push(await whole(filter, 1_000))
      // Some begin elsewhere, and all drift apart.
      const together = await Promise.all(
        filters.map((filter, n) => whole(filter, limit + n, countedPosition(n * 100))),
      )
      expect(together).toEqual(alone.map((found, n) => found.filter((at) => at > n * 100)))
    },
  )
})
