/** Schemas are made and brought up to date by whoever comes, once. */
import { afterEach, describe, expect, it } from '@jest/globals'
import { postgres } from '@threadbook/postgres'
import pg from 'pg'
import { ok, opening, put, wholeLog } from './fixtures.js'
import { server } from './server.js'

const { config, newSchema, pool } = server()
const { open, closeAll } = opening(config)
afterEach(closeAll)

/** Of the first version. */
const FIRST_TABLES =
  'streams events projections counters parked checkpoints keys blobs schema_version'.split(' ')

/** That came to tables of the first version later. */
const LATER_COLUMNS = [
  ['projections', 'watch_changes'],
  ['projections', 'role'],
] as const

const versionOf = async (schema: string): Promise<number> => {
  const { rows } = await pool().query<{ version: number }>(
    `SELECT version FROM ${pg.escapeIdentifier(schema)}.schema_version`,
  )
  return rows[0]!.version
}

describe('a schema', () => {
  it('that eight hosts open at once is made once, and refused to none', async () => {
    const schema = newSchema()
    const hosts = await Promise.all(Array.from({ length: 8 }, () => open(schema)))
    await Promise.all(hosts.map(({ store }, n) => put(store, String(n))))
    for (const { store } of hosts) expect(await wholeLog(store)).toHaveLength(8)
  })

  it('of an older version is brought up to date by one of those who open it at once', async () => {
    const schema = newSchema()
    const s = pg.escapeIdentifier(schema)
    const first = await open(schema)
    await put(first.store, 'a')
    const latest = await versionOf(schema)
    const { rows } = await pool().query<{ name: string }>(
      'SELECT tablename AS name FROM pg_tables WHERE schemaname = $1',
      [schema],
    )
    const later = rows.map(({ name }) => name).filter((name) => !FIRST_TABLES.includes(name))
    expect(later).toContain('leases')
    await pool().query(
      [
        ...LATER_COLUMNS.map(
          ([table, column]) => `ALTER TABLE ${s}.${table} DROP COLUMN ${column}`,
        ),
        `ALTER TABLE ${s}.projections ADD UNIQUE (name)`,
        ...later.map((name) => `DROP TABLE ${s}.${pg.escapeIdentifier(name)} CASCADE`),
        `UPDATE ${s}.schema_version SET version = 1`,
      ].join(';'),
    )
    const hosts = await Promise.all(Array.from({ length: 8 }, () => open(schema)))
    expect(await versionOf(schema)).toBe(latest)
    for (const { store, readModels } of hosts) {
      expect(await wholeLog(store)).toHaveLength(1)
      expect(await ok(readModels.readLeases)).toEqual(new Map())
    }
  })

  it('that newer software wrote is refused, and left as it is', async () => {
    const schema = newSchema()
    await open(schema)
    await pool().query(`UPDATE ${pg.escapeIdentifier(schema)}.schema_version SET version = 99`)
    await expect(postgres(config(), { schema })).rejects.toThrow(/newer software \(version 99/)
    expect(await versionOf(schema)).toBe(99)
  })

  it.each(['Two words', 'quo"ted', "it's", '💬 é', 'x'.repeat(63)])(
    'may be called %s',
    async (name) => {
      const schema = `${name.slice(0, 63 - 9)} ${newSchema().slice(-8)}`
      const { store } = await open(schema)
      await put(store, 'a')
      expect(await wholeLog(store)).toHaveLength(1)
      await pool().query(`DROP SCHEMA ${pg.escapeIdentifier(schema)} CASCADE`)
    },
  )

  it.each(['', 'a$b', 'é'.repeat(32)])('may not be called %j, which is said', async (schema) => {
    await expect(postgres(config(), { schema })).rejects.toThrow(/expected a name of 1 to/)
  })

  it('is apart from others in the same database', async () => {
    const [one, other] = [await open(newSchema()), await open(newSchema())]
    await put(one.store, 'a')
    await ok(one.readModels.writeCheckpoint('r', (await wholeLog(one.store))[0]!.position))
    expect(await wholeLog(other.store)).toEqual([])
    expect(await ok(other.readModels.readCheckpoint('r'))).toBeUndefined()
    await put(other.store, 'a', {}, 'noStream')
    expect((await wholeLog(one.store)).length).toBe(1)
  })

  it('on a server that cannot be reached is an error, in time', async () => {
    const nowhere = { host: '127.0.0.1', port: 1, user: 'nobody' }
    await expect(postgres(nowhere, { patience: 300 })).rejects.toThrow(/ECONNREFUSED/)
  })
})
