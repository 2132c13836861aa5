import * as E from 'fp-ts/lib/Either.js'
import { openVault, type KeyEncryption, type StoredKeys, type Vault } from '@threadbook/sourcing'
import { bytesOf } from './bytes.js'
import { openDatabase, type Database, type DatabaseOptions } from './database.js'
import { vaultSchema } from './schema.js'

interface KeyRow {
  readonly name: string
  readonly bytes: Buffer
}

const storedKeys = (db: Database): StoredKeys => {
  const { driver } = db
  const put = driver.prepare(
    `INSERT INTO keys (name, destroyed, bytes) VALUES (?, 0, ?)
     ON CONFLICT (name) DO UPDATE SET destroyed = 0, bytes = excluded.bytes`,
  )
  const putNew = driver.prepare(
    'INSERT INTO keys (name, destroyed, bytes) VALUES (?, 0, ?) ON CONFLICT (name) DO NOTHING',
  )
  const find = driver.prepare('SELECT bytes FROM keys WHERE name = ? AND destroyed = 0').pluck()
  const overwrite = driver.prepare(
    'UPDATE keys SET destroyed = 1, bytes = zeroblob(length(bytes)) WHERE name = ? AND destroyed = 0',
  )
  const dataVersion = driver.prepare('PRAGMA data_version').pluck()
  const nextWrapping = driver
    .prepare(
      'SELECT wrapped_by FROM keys WHERE destroyed = 0 AND wrapped_by > ? ORDER BY wrapped_by LIMIT 1',
    )
    .pluck()
  const findWrapped = driver.prepare(
    'SELECT name, bytes FROM keys WHERE destroyed = 0 AND wrapped_by = ? LIMIT ?',
  )
  const page = driver.prepare(
    'SELECT name, bytes FROM keys WHERE destroyed = 0 AND name > ? ORDER BY name LIMIT ?',
  )
  const replace = driver.prepare(
    'UPDATE keys SET bytes = ? WHERE name = ? AND bytes = ? AND destroyed = 0',
  )

  return {
    put: (keys) =>
      db.write(() => {
        for (const [name, stored] of keys) put.run(name, stored)
        return E.right(undefined)
      }),
    putNew: (name, stored) =>
      db.write(() => {
        putNew.run(name, stored)
        return E.right(bytesOf(find.get(name) as Buffer))
      }),
    get: (names) =>
      db.readTogether(() => {
        const found = new Map<string, Uint8Array>()
        for (const name of names) {
          const bytes = find.get(name) as Buffer | undefined
          if (bytes !== undefined) found.set(name, bytesOf(bytes))
        }
        return E.right(found)
      }),
    version: db.read(() => E.right(dataVersion.get())),
    remove: (names) => async () => {
      const overwritten = await db.write(() => {
        for (const name of names) overwrite.run(name)
        return E.right(undefined)
      })()
      return E.isLeft(overwritten) ? overwritten : db.emptyLog()
    },
    wrappings: db.read(() => {
      const found: string[] = []
      for (let last: Buffer = Buffer.alloc(0); ;) {
        const next = nextWrapping.get(last) as Buffer | undefined
        if (next === undefined) return E.right(found)
        found.push(next.toString('hex'))
        last = next
      }
    }),
    wrappedBy: (id, limit) =>
      db.read(() => {
        const rows = findWrapped.all(Buffer.from(id, 'hex'), limit) as KeyRow[]
        return E.right(new Map(rows.map(({ name, bytes }) => [name, bytesOf(bytes)])))
      }),
    replace: (keys) =>
      db.write(() => {
        for (const { name, from, to } of keys) replace.run(to, name, from)
        return E.right(undefined)
      }),
    list: (after, limit) =>
      db.read(() => {
        const rows = page.all(after ?? '', limit) as KeyRow[]
        return E.right(new Map(rows.map(({ name, bytes }) => [name, bytesOf(bytes)])))
      }),
    scrub: db.emptyLog,
    close: db.close,
  }
}

export type VaultOptions = Omit<DatabaseOptions, 'synchronous'> & KeyEncryption

/**
 * Always as durable as can be: a lost key is content lost for good. Rejects, with the id of the
 * key-encryption key that is missing, where there are keys that it could not unwrap.
 */
export const sqliteVault = async (file: string, options: VaultOptions = {}): Promise<Vault> => {
  const db = await openDatabase(file, vaultSchema, { ...options, synchronous: 'FULL' })
  db.driver.pragma('secure_delete = ON')
  // Keys destroyed or wrapped anew just before a crash may still stand in the write-ahead log.
  db.checkpoint()
  try {
    return await openVault(storedKeys(db), options)
  } catch (error) {
    await db.close()
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`cannot open ${file}: ${reason}`, { cause: error })
  }
}
