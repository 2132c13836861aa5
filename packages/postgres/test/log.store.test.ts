/** What others lose or turn around in PostgreSQL (event-stores.md 2-4), seen from inside its transactions. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { EventStore } from '@threadbook/sourcing'
import pg from 'pg'
import { countedPool } from './counted-pool.js'
import { eventually, following, metadata, ok, opening, put, wholeLog } from './fixtures.js'
import { server } from './server.js'

const { config, newSchema, pool } = server()
const { open, closeAll } = opening(config)

let schema: string
let store: EventStore
beforeEach(async () => {
  schema = newSchema()
  store = (await open(schema)).store
})
afterEach(closeAll)

/** An append inside a transaction that the test ends: as one that is stopped in its middle. */
const begin = async () => {
  const client = await pool().connect()
  const run = (text: string, values: unknown[] = []) =>
    client.query({ text, values, rowMode: 'array' })
  await run('BEGIN')
  return {
    run,
    append: async (stream: string) => {
      const { rows } = await run(
        `SELECT * FROM ${pg.escapeIdentifier(schema)}.append($1, $2, $3, $4, $5, $6, $7)`,
        [
          [`note-acme.${stream}`],
          [-2],
          [1],
          [randomUUID()],
          ['Put'],
          ['{}'],
          [JSON.stringify(metadata)],
        ],
      )
      const [refused] = rows[0] as unknown[]
      expect(refused).toBeNull()
    },
    end: async (how: 'COMMIT' | 'ROLLBACK') => {
      await run(how)
      client.release()
    },
    die: () => {
      client.release(true)
    },
  }
}

describe('a reader', () => {
  it('does not pass an append that took its position and commits late', async () => {
    await put(store, 'a')
    const late = await begin()
    await late.append('late')
    await put(store, 'b')
    const reader = following(store)
    const slice = await ok(store.readAll())
    expect(slice.events.map(({ stream }) => stream)).toEqual(['note-acme.a'])
    expect(slice.end).toBe(false)
    await late.end('COMMIT')
    await eventually(() => reader.events.length === 3)
    expect(reader.events.map(({ stream }) => stream)).toEqual([
      'note-acme.a',
      'note-acme.late',
      'note-acme.b',
    ])
    await reader.stop()
  })

  it('waits for no append that was rolled back, nor for one whose connection broke', async () => {
    const undone = await begin()
    await undone.append('undone')
    await put(store, 'a')
    await undone.end('ROLLBACK')
    expect(await wholeLog(store)).toHaveLength(1)
    const broken = await begin()
    await broken.append('broken')
    await put(store, 'b')
    broken.die()
    await eventually(async () => (await wholeLog(store)).length === 2)
    expect((await ok(store.readAll())).end).toBe(true)
  })

  it('waits for no transaction of others, however long it has been writing', async () => {
    const other = await begin()
    await other.run(`CREATE TABLE ${pg.escapeIdentifier(schema)}.elsewhere (a integer)`)
    await put(store, 'a')
    const slice = await ok(store.readAll())
    expect(slice).toMatchObject({ end: true, events: [{ stream: 'note-acme.a' }] })
    await other.end('ROLLBACK')
  })

  it('finds each stream in its order, also where a transaction began early and appends late', async () => {
    await put(store, 'a', 0)
    const early = await begin()
    // It has its id now, before the others have theirs.
    await early.run('SELECT txid_current()')
    await put(store, 'a', 1)
    await put(store, 'a', 2)
    await early.append('a')
    await early.end('COMMIT')
    const log = await wholeLog(store)
    expect(log.map(({ revision }) => revision)).toEqual([0, 1, 2, 3])
    const positions = log.map(({ position }) => position)
    expect(positions).toEqual([...positions].sort())
  })

  it('sees each event once and each stream in order, with writers that dawdle, roll back and die', async () => {
    const reader = following(store)
    const committed = new Set<string>()
    const writer = async (n: number) => {
      for (let round = 0; round < 12; round++) {
        const stream = `s${String((n + round) % 5)}`
        const transaction = await begin()
        await transaction.append(stream)
        await new Promise((resolve) => setTimeout(resolve, ((n * 7 + round * 13) % 5) * 3))
        if (round % 4 === 1) await transaction.end('ROLLBACK')
        else if (round % 6 === 5) transaction.die()
        else {
          await transaction.end('COMMIT')
          committed.add(`${String(n)}/${String(round)}`)
        }
      }
    }
    await Promise.all(Array.from({ length: 12 }, (_, n) => writer(n)))
    await eventually(() => reader.events.length >= committed.size)
    const log = await wholeLog(store)
    expect(log).toHaveLength(committed.size)
    expect(reader.events).toEqual(log)
    const next = new Map<string, number>()
    for (const { stream, revision } of log) {
      expect(revision).toBe(next.get(stream) ?? 0)
      next.set(stream, revision + 1)
    }
    await reader.stop()
  })
})

describe('an append', () => {
  it('is one round trip: one event or many, one stream or several, also a conflict', async () => {
    const { pool: own, askedBy } = countedPool(config())
    const { postgres } = await import('@threadbook/postgres')
    // No NOTIFY in between: nobody is told.
    const adapters = await postgres(own, { schema, listen: false })
    const count = async (work: () => Promise<unknown>) => {
      // What tells others of the last append may still be on its way.
      await new Promise((resolve) => setTimeout(resolve, 60))
      return (await askedBy(work))[0]
    }
    const { append, appendAll } = adapters.store
    const event = () => ({ id: randomUUID(), type: 'Put', data: {}, metadata })
    const to = (stream: string, expected: 'noStream' | 'any' | number, size = 1) => ({
      stream: `note-acme.${stream}`,
      expected,
      events: [event(), ...Array.from({ length: size - 1 }, event)] as const,
    })
    expect(await count(append(to('one', 'noStream')))).toBe(1)
    expect(await count(append(to('one', 0)))).toBe(1)
    expect(await count(append(to('one', 'any', 50)))).toBe(1)
    expect(await count(appendAll([to('two', 'noStream', 3), to('one', 'any', 2)]))).toBe(1)
    expect(await count(append(to('two', 'noStream', 2)))).toBe(1)
    await adapters.close()
    await own.end()
  })
})

describe('positions', () => {
  it('are what they were after a dump is restored, and go on behind them', async () => {
    for (let n = 0; n < 30; n++) await put(store, `s${String(n % 3)}`, n)
    const undone = await begin()
    await undone.append('undone')
    await undone.end('ROLLBACK')
    await put(store, 'last')
    const before = await wholeLog(store)
    const database = `restored_${randomUUID().replaceAll('-', '')}`
    await pool().query(`CREATE DATABASE ${database}`)
    const there = { ...config(), database }
    const restored = opening(() => there)
    await (await restored.open(schema)).close()
    const target = new pg.Pool(there)
    // `end` answers before its connections are gone: dropping the database may still end one.
    target.on('error', () => undefined)
    for (const table of ['streams', 'events']) {
      const name = `${pg.escapeIdentifier(schema)}.${table}`
      const { rows } = await pool().query<{ row: string }>(
        `SELECT to_json(t)::text AS row FROM ${name} t`,
      )
      for (const { row } of rows)
        await target.query(
          `INSERT INTO ${name} SELECT * FROM json_populate_record(NULL::${name}, $1)`,
          [row],
        )
    }
    // The sequences were left behind, as logical replication leaves them.
    const { store: copy } = await restored.open(schema)
    expect(await wholeLog(copy)).toEqual(before)
    const reader = following(copy)
    const { position } = await put(copy, 'last')
    expect(position! > before.at(-1)!.position).toBe(true)
    await eventually(() => reader.events.length === before.length + 1)
    await reader.stop()
    await restored.closeAll()
    await target.end()
    await pool().query(`DROP DATABASE ${database} WITH (FORCE)`)
  })
})
