/** Who waits hears of what another process appends. */
import { afterEach, describe, expect, it } from '@jest/globals'
import { postgres } from '@threadbook/postgres'
import pg from 'pg'
import { eventually, following, opening, put } from './fixtures.js'
import { server } from './server.js'

const { config, newSchema, pool } = server()
const { open, closeAll } = opening(config)
afterEach(closeAll)

const NEVER_MS = 600_000

const listeners = async (): Promise<readonly number[]> => {
  const { rows } = await pool().query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN %' AND state = 'idle'`,
  )
  return rows.map(({ pid }) => pid)
}

describe('a reader that waits', () => {
  it('is woken by another process, without looking', async () => {
    const schema = newSchema()
    const reading = await open(schema, { lookEvery: NEVER_MS })
    const writing = await open(schema)
    const before = new Set(await listeners())
    const reader = following(reading.store)
    await eventually(async () => (await listeners()).some((pid) => !before.has(pid)))
    for (let n = 1; n <= 5; n++) {
      await put(writing.store, 'a')
      await eventually(() => reader.events.length === n, 5_000)
    }
    await reader.stop()
  })

  it('listens again when that connection breaks, and misses nothing', async () => {
    const schema = newSchema()
    const before = new Set(await listeners())
    const reading = await open(schema, { lookEvery: NEVER_MS })
    const writing = await open(schema)
    const reader = following(reading.store)
    const mine = async () => (await listeners()).filter((pid) => !before.has(pid))
    await eventually(async () => (await mine()).length > 0)
    const [pid] = await mine()
    await pool().query('SELECT pg_terminate_backend($1)', [pid])
    await put(writing.store, 'a')
    await eventually(() => reader.events.length === 1)
    await reader.stop()
  })

  it('finds what came by looking where it may not listen', async () => {
    const schema = newSchema()
    const reading = await open(schema, { listen: false, lookEvery: 50 })
    const writing = await open(schema, { listen: false })
    const reader = following(reading.store)
    await eventually(() => reader.messages.length === 1)
    await put(writing.store, 'a')
    await eventually(() => reader.events.length === 1)
    await reader.stop()
  })

  it('hears at once what its own process appends', async () => {
    const { store } = await open(newSchema(), { listen: false, lookEvery: NEVER_MS })
    const reader = following(store)
    await eventually(() => reader.messages.length === 1)
    await put(store, 'a')
    await eventually(() => reader.events.length === 1, 1_000)
    expect(reader.messages.map(({ type }) => type)).toEqual(['caughtUp', 'events'])
    await reader.stop()
  })

  it('is told without a wait for the disk, in that transaction alone', async () => {
    const own = new pg.Pool({ ...config(), max: 1 })
    const schema = newSchema()
    const { store, close } = await postgres(own, { schema, listen: false })
    const other = await pool().connect()
    const heard: (string | undefined)[] = []
    other.on('notification', ({ payload }) => heard.push(payload))
    await other.query(`LISTEN ${pg.escapeIdentifier(schema)}`)
    await put(store, 'a')
    await eventually(() => heard.length === 1)
    const { rows } = await own.query<object>('SHOW synchronous_commit')
    expect(rows).toEqual([{ synchronous_commit: 'on' }])
    other.release(true)
    await close()
    await own.end()
  })
})
