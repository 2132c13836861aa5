/** What is served, compared with what the log comes to. */
import { describe, expect, it } from '@jest/globals'
import {
  remove,
  retryParked,
  verifyProjection,
  type Adapters,
  type NewEvent,
  type RecordedEvent,
  type Rows,
  type Verified,
  type VerifyOptions,
} from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { v4 } from 'uuid'

const right = <A>(answer: E.Either<unknown, A>): A => {
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left))
  return answer.right
}

/** Accounts that are paid into; `forged` events count under another name, too. */
const ledger = (breaksAt: (amount: number) => boolean = () => false): Rows => ({
  name: 'ledger',
  version: 1,
  table: { name: 'ledger', columns: { sum: 'number', last: 'number' }, indexes: [] },
  categories: ['account'],
  on: {
    Paid: (row, { data }) => {
      const { amount } = data as { readonly amount: number }
      if (breaksAt(amount)) throw new Error('too much')
      if (row === undefined) return { sum: amount, last: amount, secret: { c: `c${amount}` } }
      row['sum'] = Number(row['sum']) + amount
      row['last'] = amount
      return undefined
    },
    Renamed: (row, { data }) => {
      if (row !== undefined) row['name'] = (data as { readonly name: string }).name
    },
    Closed: () => remove,
  },
  counters: (row) => ['all', ...(Number(row['sum']) > 10 ? ['rich'] : [])],
})

const newEvent = (type: string, data: unknown): NewEvent => ({
  id: v4(),
  type,
  data,
  metadata: {
    schemaVersion: 1,
    account: 'acme',
    actor: 'system',
    commandId: 'c',
    occurredAt: '2026-01-02T03:04:05.678Z',
    recordedAt: '2026-01-02T03:04:05.678Z',
  },
})

const append = async ({ store }: Adapters, key: string, type: string, data: unknown = {}) => {
  const stream = `account-acme.${key}`
  right(await store.append({ stream, expected: 'any', events: [newEvent(type, data)] })())
}
const pay = (adapters: Adapters, key: string, amount: number) =>
  append(adapters, key, 'Paid', { amount })

const opened = async (projection: Rows): Promise<Adapters> => {
  const adapters = await memory()
  right(await adapters.projectInline!([projection], () => undefined)())
  return adapters
}

/** Changes what is kept behind the log's back. */
const forge = async (
  { readModels }: Adapters,
  projection: Rows,
  key: string,
  type: string,
  data: unknown,
) => {
  const position = right(await readModels.checkpoint(projection)())!
  const stream = `account-acme.${key}`
  const event: RecordedEvent = { ...newEvent(type, data), stream, revision: 99, position }
  right(await readModels.apply(projection, { events: [event], after: position, position })())
}

const verified = async (
  adapters: Adapters,
  projection: Rows,
  options?: VerifyOptions,
): Promise<Verified> => right(await verifyProjection(adapters, projection, options))

const shadow = (projection: Rows): Rows => ({ ...projection, name: `verify ${projection.name}` })

describe('verifyProjection', () => {
  it('finds nothing where rows are what the log comes to, and leaves nothing behind', async () => {
    const adapters = await opened(ledger())
    for (let n = 0; n < 40; n++) await pay(adapters, `a${n % 13}`, n)
    await append(adapters, 'a3', 'Closed')
    expect(await verified(adapters, ledger(), { page: 5 })).toEqual({
      projection: 'ledger',
      version: 1,
      position: right(await adapters.readModels.checkpoint(ledger())()),
      events: 41,
      rows: 12,
      counters: 2,
      differences: [],
      more: 0,
      waiting: 0,
      uncompared: 0,
    })
    expect(E.isLeft(await adapters.readModels.checkpoint(shadow(ledger()))())).toBe(true)
  })

  it('of an empty log there is nothing to say', async () => {
    const adapters = await opened(ledger())
    expect(await verified(adapters, ledger())).toMatchObject({ position: undefined, rows: 0 })
  })

  it('names the fields that differ, both values as stored, and the events they come from', async () => {
    const adapters = await opened(ledger())
    await pay(adapters, 'a', 1)
    await append(adapters, 'a', 'Renamed', { name: 'one' })
    await pay(adapters, 'a', 2)
    await pay(adapters, 'b', 1)
    await forge(adapters, ledger(), 'a', 'Renamed', { name: 'another' })
    const [, renamed] = right(await adapters.store.readStream('account-acme.a')()).events
    const { differences } = await verified(adapters, ledger())
    expect(differences).toEqual([
      {
        type: 'differs',
        key: 'a',
        fields: [
          {
            field: 'name',
            served: 'another',
            replayed: 'one',
            setBy: {
              position: renamed!.position,
              stream: 'account-acme.a',
              revision: 1,
              type: 'Renamed',
              recordedAt: renamed!.metadata.recordedAt,
            },
          },
        ],
        columns: [],
        events: [
          expect.objectContaining({ type: 'Paid', revision: 0 }),
          expect.objectContaining({ type: 'Renamed', revision: 1 }),
          expect.objectContaining({ type: 'Paid', revision: 2 }),
        ],
      },
    ])
  })

  it('finds rows that are missing, and rows that should not be there', async () => {
    const adapters = await opened(ledger())
    for (const key of ['a', 'b', 'c', 'd']) await pay(adapters, key, 1)
    await append(adapters, 'd', 'Closed')
    await forge(adapters, ledger(), 'b', 'Closed', {})
    await forge(adapters, ledger(), 'd', 'Paid', { amount: 3 })
    await forge(adapters, ledger(), 'z', 'Paid', { amount: 4 })
    const { differences } = await verified(adapters, ledger(), { page: 2 })
    expect(differences).toMatchObject([
      { type: 'missing', key: 'b', events: [{ type: 'Paid' }] },
      { type: 'surplus', key: 'd', events: [{ type: 'Paid' }, { type: 'Closed' }] },
      { type: 'surplus', key: 'z', events: [] },
      { type: 'counter', name: 'all', served: 4, replayed: 3 },
    ])
  })

  it('finds a counter that is wrong, while its rows are right', async () => {
    let isWrong = false
    const wrong: Rows = {
      ...ledger(),
      counters: (row) => [
        'all',
        ...(isWrong ? ['all', 'never'] : []),
        `last/${String(row['last'])}`,
      ],
    }
    const adapters = await opened(wrong)
    for (const key of ['a', 'b', 'c']) await pay(adapters, key, 1)
    isWrong = true
    await forge(adapters, wrong, 'd', 'Paid', { amount: 1 })
    isWrong = false
    await forge(adapters, wrong, 'd', 'Closed', {})
    expect((await verified(adapters, wrong, { page: 1 })).differences).toEqual([
      { type: 'counter', name: 'all', served: 4, replayed: 3 },
      { type: 'counter', name: 'never', served: 1, replayed: 0 },
    ])
  })

  it('tells as many as are asked for, and how many more there are', async () => {
    const adapters = await opened(ledger())
    for (let n = 0; n < 10; n++) await pay(adapters, `a${n}`, 1)
    for (let n = 0; n < 7; n++) await forge(adapters, ledger(), `a${n}`, 'Renamed', { name: 'x' })
    const { differences, more } = await verified(adapters, ledger(), { limit: 3, page: 2 })
    expect(differences).toHaveLength(3)
    expect(more).toBe(4)
  })

  it('leaves rows that stand still to those who look after them, and their counters right', async () => {
    let isMended = false
    const breaking = ledger((amount) => amount > 100 && !isMended)
    const adapters = await opened(breaking)
    for (const key of ['a', 'b']) await pay(adapters, key, 1)
    await pay(adapters, 'a', 101)
    await pay(adapters, 'c', 101)
    expect(await verified(adapters, breaking)).toMatchObject({ differences: [], waiting: 0 })
    isMended = true
    expect(await verified(adapters, breaking)).toMatchObject({ differences: [], waiting: 2 })
    for (const key of ['a', 'c'])
      right(await retryParked(adapters.store, adapters.readModels, breaking, key))
    expect(await verified(adapters, breaking)).toMatchObject({ differences: [], waiting: 0 })
  })

  it('counts the counters that differ, and looks into none, where a thousand rows stand still', async () => {
    let isWrong = false
    const breaking: Rows = {
      ...ledger((amount) => amount > 100),
      counters: () => ['all', ...(isWrong ? ['never', 'all'] : [])],
    }
    const adapters = await opened(breaking)
    for (let n = 1; n < 1_000; n++) await pay(adapters, `k${String(n)}`, 101)
    isWrong = true
    await forge(adapters, breaking, 'a', 'Paid', { amount: 1 })
    isWrong = false
    await forge(adapters, breaking, 'a', 'Closed', {})
    const wrong = [
      { type: 'counter', name: 'all', served: 1, replayed: 0 },
      { type: 'counter', name: 'never', served: 1, replayed: 0 },
    ]
    expect(await verified(adapters, breaking)).toMatchObject({ differences: wrong, uncompared: 0 })
    await pay(adapters, 'k1000', 101)
    expect(await verified(adapters, breaking)).toMatchObject({ differences: [], uncompared: 2 })
  })

  it('passes over what was skipped', async () => {
    const breaking = ledger((amount) => amount > 100)
    const adapters = await opened(breaking)
    for (const amount of [1, 101, 2]) await pay(adapters, 'a', amount)
    const skip = { reason: 'a test', by: 'system', at: '2026-01-02T03:04:05.678Z' }
    const { store, readModels } = adapters
    right(await retryParked(store, readModels, breaking, 'a', { skip }))
    expect(await verified(adapters, breaking)).toMatchObject({ differences: [], waiting: 0 })
  })

  it('does not take a skip in the middle of it for a difference', async () => {
    const breaking = ledger((amount) => amount > 100)
    const adapters = await opened(breaking)
    for (const amount of [1, 101, 2]) await pay(adapters, 'a', amount)
    const skip = { reason: 'a test', by: 'system', at: '2026-01-02T03:04:05.678Z' }
    const { store, readModels } = adapters
    let isSkipped = false
    const inspect: typeof readModels.inspect = (projection, what) => async () => {
      if (!isSkipped) {
        isSkipped = true
        right(await retryParked(store, readModels, breaking, 'a', { skip }))
      }
      return readModels.inspect(projection, what)()
    }
    const disturbed = { ...adapters, readModels: { ...readModels, inspect } }
    expect(await verified(disturbed, breaking)).toMatchObject({ differences: [], waiting: 1 })
  })

  it('says where an event breaks on replay that did not when it came', async () => {
    let breaks = false
    const later = ledger(() => breaks)
    const adapters = await opened(later)
    await pay(adapters, 'a', 1)
    breaks = true
    expect((await verified(adapters, later)).differences).toMatchObject([
      { type: 'surplus', key: 'a', breaks: 'Error: too much' },
    ])
  })

  it('takes away what a verification that was killed left behind', async () => {
    const adapters = await opened(ledger())
    await pay(adapters, 'a', 1)
    right(await adapters.readModels.open(shadow({ ...ledger(), version: 7 }))())
    expect((await verified(adapters, ledger())).differences).toEqual([])
  })

  it('ends when it is told to, and leaves nothing behind', async () => {
    const adapters = await opened(ledger())
    for (let n = 0; n < 300; n++) await pay(adapters, `a${n}`, 1)
    const stop = new AbortController()
    const phases: string[] = []
    const asked = verifyProjection(adapters, ledger(), {
      signal: stop.signal,
      onProgress: ({ phase, events }) => {
        phases.push(phase)
        if (events > 0) stop.abort(new Error('enough'))
      },
    })
    await expect(asked).rejects.toThrow('enough')
    expect(phases).toEqual(['replaying'])
    expect(E.isLeft(await adapters.readModels.checkpoint(shadow(ledger()))())).toBe(true)
  })

  it('answers a fault of the store as it is', async () => {
    const adapters = await opened(ledger())
    await pay(adapters, 'a', 1)
    await adapters.store.close()
    expect(await verifyProjection(adapters, ledger())).toMatchObject({
      left: { type: 'Unavailable' },
    })
  })

  it('with writers at work finds what was damaged, and nothing else', async () => {
    const key = fc.nat(9).map((n) => `a${n}`)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(key, fc.nat(20)), { minLength: 5, maxLength: 40 }),
        fc.array(fc.tuple(key, fc.constantFrom('Renamed', 'Closed')), { maxLength: 3 }),
        fc.integer({ min: 1, max: 4 }),
        async (payments, damages, page) => {
          const adapters = await opened(ledger())
          const half = payments.length >> 1
          for (const [to, amount] of payments.slice(0, half)) await pay(adapters, to, amount)
          const damaged = new Set<string>()
          for (const [at, type] of damages) {
            const { readModels } = adapters
            const there = right(await readModels.get(ledger(), [at])()).has(at)
            if (!there) continue
            damaged.add(at)
            await forge(adapters, ledger(), at, type, { name: 'damaged' })
          }
          // One more payment each time that something is asked.
          const rest = payments.slice(half).filter(([to]) => !damaged.has(to))
          const disturb = async () => {
            const next = rest.shift()
            if (next !== undefined) await pay(adapters, ...next)
          }
          const { readModels, store } = adapters
          const disturbed: Adapters = {
            ...adapters,
            readModels: {
              ...readModels,
              inspect:
                (...asked) =>
                async () => {
                  await disturb()
                  return readModels.inspect(...asked)()
                },
            },
            store: {
              ...store,
              readAll:
                (...asked) =>
                async () => {
                  await disturb()
                  return store.readAll(...asked)()
                },
            },
          }
          const { differences } = await verified(disturbed, ledger(), { page })
          const keys = differences.flatMap((each) => (each.type === 'counter' ? [] : [each.key]))
          expect(keys).toEqual([...damaged].sort())
        },
      ),
    )
  })
})
