import { randomBytes, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { keyEncryptionKeyId } from '@threadbook/sourcing'
import { sqlite, sqliteVault } from '@threadbook/sqlite'
import Driver from 'better-sqlite3'
import { events, ok } from './fixtures.js'
import { folder } from './files.js'
import { start } from './processes.js'

const inFolder = folder()
const at = (name: string): string => join(inFolder, name)

const kekFile = (name: string): string => {
  const path = at(name)
  writeFileSync(path, randomBytes(32))
  return path
}
const [ours, next] = [kekFile('ours.kek'), kekFile('next.kek')]

const newKeys = (count: number): ReadonlyMap<string, Uint8Array> =>
  new Map(Array.from({ length: count }, () => [randomUUID(), Uint8Array.from(randomBytes(32))]))

/** All of a vault's keys as they are stored. */
const storedIn = (path: string): readonly Buffer[] => {
  const file = new Driver(path, { readonly: true })
  const stored = file.prepare('SELECT bytes FROM keys ORDER BY slot').pluck().all()
  file.close()
  return stored as Buffer[]
}

/** Which of these bytes stand in any of the files whose names begin so. */
const foundIn = (prefix: string, wanted: readonly Uint8Array[]): readonly Uint8Array[] => {
  const names = readdirSync(inFolder).filter((name) => name.startsWith(prefix))
  const bytes = Buffer.concat(names.map((name) => readFileSync(at(name))))
  return wanted.filter((each) => bytes.includes(Buffer.from(each)))
}

describe('a file of 32 bytes', () => {
  it('is a key-encryption key, the same as the bytes in it', async () => {
    const path = at('named.db')
    const first = await sqlite(path, { keyEncryptionKey: ours })
    const keys = newKeys(2)
    await ok(first.vault.add(keys))
    await first.close()
    expect(foundIn('named', [...keys.values()])).toEqual([])

    const second = await sqlite(path, { keyEncryptionKey: readFileSync(ours) })
    expect(await ok(second.vault.read(keys.keys()))).toEqual(keys)
    await second.close()
    await expect(sqlite(path)).rejects.toThrow(
      `cannot open ${at('named.keys.db')}: keys are wrapped by the key-encryption key ` +
        `${keyEncryptionKeyId(ours)} (none was given)`,
    )
    await expect(sqlite(path, { keyEncryptionKey: next })).rejects.toThrow(
      `${keyEncryptionKeyId(ours)} (given: ${keyEncryptionKeyId(next)})`,
    )
  })

  it('that is not there, or has another size, is told of, and no key is stored', async () => {
    const path = at('nameless.keys.db')
    writeFileSync(at('hex.kek'), randomBytes(32).toString('hex'))
    await expect(sqliteVault(path, { keyEncryptionKey: at('none.kek') })).rejects.toThrow(
      /nameless\.keys\.db: .*none\.kek/,
    )
    await expect(sqliteVault(path, { keyEncryptionKey: at('hex.kek') })).rejects.toThrow(
      `key-encryption key in ${at('hex.kek')}: expected 32 bytes, found 64`,
    )
    expect(storedIn(path)).toEqual([])
  })
})

it('rotation leaves no byte of the keys as they were stored in any file, and the log untouched', async () => {
  const path = at('rotated.db')
  const plain = await sqlite(path)
  await ok(plain.store.append({ stream: 'note-acme.a', expected: 'noStream', events: events(3) }))
  const early = newKeys(300)
  await ok(plain.vault.add(early))
  await plain.close()

  const adapters = await sqlite(path, { keyEncryptionKey: ours })
  const late = newKeys(700)
  await ok(adapters.vault.add(late))
  for (const account of ['acme', 'bolt', 'core']) await ok(adapters.vault.macKey(account))
  const beside = await sqliteVault(at('rotated.keys.db'), { keyEncryptionKey: ours })
  const files = ['rotated.db', 'rotated.db-wal', 'rotated.blobs.db'].map(at)
  const log = files.map((file) => readFileSync(file))
  const before = [...storedIn(at('rotated.keys.db')), ...early.values()]
  expect(foundIn('rotated', before)).toHaveLength(before.length)

  expect(await ok(adapters.vault.rotate(next))).toBe(1_003)
  expect(foundIn('rotated', before)).toEqual([])
  // Half of each, in case a part was left.
  expect(
    foundIn(
      'rotated',
      before.map((each) => each.subarray(-16)),
    ),
  ).toEqual([])
  expect(files.map((file) => readFileSync(file))).toEqual(log)
  const keys = new Map([...early, ...late])
  expect(await ok(adapters.vault.read(keys.keys()))).toEqual(keys)
  await beside.close()
  await adapters.close()
})

it('a process that is killed while it rotates loses no key, and another one finishes', async () => {
  const path = at('killed.keys.db')
  const vault = await sqliteVault(path, { keyEncryptionKey: ours })
  const keys = newKeys(4_000)
  await ok(vault.add(keys))
  const gone = [...keys.keys()].slice(0, 5)
  await ok(vault.destroy(gone))
  const kept = new Map([...keys].slice(5))
  const mac = await ok(vault.macKey('acme'))
  await vault.close()
  const before = storedIn(path).filter((each) => !each.equals(Buffer.alloc(68)))

  for (const batches of [1, 3])
    expect(await start('rotate', path, ours, next, String(batches)).ended).toBeNull()
  const both = { keyEncryptionKey: next, earlierKeyEncryptionKeys: [ours] }
  const halfway = await sqliteVault(path, both)
  expect(await ok(halfway.read(keys.keys()))).toEqual(kept)
  await halfway.close()

  const last = start('rotate', path, ours, next, 'never')
  // 3,996 keys, 256 a batch, four batches of them done.
  expect(await last.all()).toEqual(['12'])
  const after = await sqliteVault(path, { keyEncryptionKey: next })
  expect(await ok(after.read(keys.keys()))).toEqual(kept)
  expect(await ok(after.macKey('acme'))).toEqual(mac)
  await after.close()
  expect(foundIn('killed', before)).toEqual([])
})

it('opening and rotating find keys by what they are wrapped by, however many there are', () => {
  const file = new Driver(at('rotated.keys.db'), { readonly: true })
  const planOf = (sql: string) =>
    (file.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[])
      .map(({ detail }) => detail)
      .join()
  const live = 'FROM keys WHERE destroyed = 0 AND wrapped_by'
  expect(planOf(`SELECT wrapped_by ${live} > x'00' ORDER BY wrapped_by LIMIT 1`)).toMatch(
    /^SEARCH keys USING .*INDEX keys_by_wrapping[^,]*$/,
  )
  expect(planOf(`SELECT name, bytes ${live} = x'00' LIMIT 9`)).toMatch(
    /^SEARCH keys USING INDEX keys_by_wrapping[^,]*$/,
  )
  file.close()
})
