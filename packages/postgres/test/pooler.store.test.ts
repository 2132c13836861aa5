/** Behind a pooler that gives each transaction another connection. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { postgres } from '@threadbook/postgres'
import type { Adapters, Rows } from '@threadbook/sourcing'
import { eventually, following, newEvent, ok, put, wholeLog } from './fixtures.js'
import { startPooler, type Pooler } from './pooler.js'
import { server } from './server.js'

const { config, newSchema } = server()
let pooler: Pooler
beforeAll(async () => {
  pooler = await startPooler(config())
})
afterAll(() => {
  pooler.close()
})

const opened: Adapters[] = []
const open = async (...args: Parameters<typeof postgres>) => {
  const adapters = await postgres(...args)
  opened.push(adapters)
  return adapters
}
afterEach(async () => {
  for (const adapters of opened.splice(0)) await adapters.close()
})

const notes: Rows = {
  name: 'notes',
  version: 1,
  table: { name: 'notes', columns: { count: 'number' }, indexes: [] },
  categories: ['note'],
  on: { Put: (row) => ({ count: Number(row?.['count'] ?? 0) + 1 }) },
}

describe('behind a pooler in transaction mode', () => {
  it('schemas are made, and appends, rows, leases, keys and blobs work', async () => {
    const schema = newSchema()
    const many = await Promise.all(
      Array.from({ length: 3 }, () => open(pooler.config, { schema, listen: false })),
    )
    const { store, readModels, vault, blobs } = many[0]!
    const before = pooler.changes()
    await Promise.all(
      many.flatMap((each, who) =>
        Array.from({ length: 20 }, (_, n) => put(each.store, String((who + n) % 7), n)),
      ),
    )
    // The same statements, prepared by somebody on every connection.
    expect(pooler.changes() - before).toBeGreaterThan(10)
    const log = await wholeLog(store)
    expect(log).toHaveLength(60)
    expect(new Set(log.map(({ id }) => id)).size).toBe(60)

    await ok(readModels.open(notes))
    const lease = { name: 'notes', holder: 'me' }
    expect(await ok(readModels.moveLease('notes', undefined, { holder: 'me', beat: 0 }))).toBe(true)
    const position = log.at(-1)!.position
    await ok(readModels.apply(notes, { events: log, after: undefined, position, lease }))
    const rows = await ok(readModels.get(notes, ['0', '1', '2', '3', '4', '5', '6']))
    expect([...rows.values()].reduce((sum, row) => sum + Number(row['count']), 0)).toBe(60)

    await ok(vault.add(new Map([['a', Buffer.alloc(32, 1)]])))
    expect([...(await ok(vault.read(['a']))).keys()]).toEqual(['a'])
    await ok(blobs.put('a', Buffer.alloc(100_000, 1)))
    expect((await ok(blobs.get('a')))?.length).toBe(100_000)
  })

  it('sixteen racing appends end in one that wins', async () => {
    const { store } = await open(pooler.config, { schema: newSchema(), listen: false })
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, n) =>
        store.append({ stream: 'note-acme.1', expected: 'noStream', events: [newEvent(n)] })(),
      ),
    )
    expect(answers.filter(({ _tag }) => _tag === 'Right')).toHaveLength(1)
  })

  it('new events of others are found by looking, LISTEN or not', async () => {
    const schema = newSchema()
    for (const listen of [false, undefined] as const) {
      const reading = await open(pooler.config, { schema, listen, lookEvery: 100 })
      const writing = await open(pooler.config, { schema, listen: false })
      const reader = following(reading.store)
      await eventually(() => reader.messages.some(({ type }) => type === 'caughtUp'))
      const there = reader.events.length
      await put(writing.store, 'a')
      await eventually(() => reader.events.length === there + 1)
      await reader.stop()
    }
  })

  it('with a direct connection for LISTEN they are heard of at once', async () => {
    const schema = newSchema()
    const reading = await open(pooler.config, { schema, listen: config(), lookEvery: 600_000 })
    const writing = await open(pooler.config, { schema, listen: false })
    const reader = following(reading.store)
    await eventually(() => reader.messages.some(({ type }) => type === 'caughtUp'))
    // Until it listens nobody tells it, and it does not look.
    await eventually(async () => {
      const there = reader.events.length
      await put(writing.store, 'a')
      await eventually(() => reader.events.length > there, 500).catch(() => undefined)
      return reader.events.length > there
    })
    await reader.stop()
  })
})
