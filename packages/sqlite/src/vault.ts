import { randomBytes } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import type { KeyId, Vault } from '@threadbook/sourcing'
import { bytesOf } from './bytes.js'
import { openDatabase, type DatabaseOptions } from './database.js'
import { vaultSchema } from './schema.js'

const KEY_BYTES = 32

/** Always as durable as can be: a lost key is content lost for good. */
export const sqliteVault = async (
  file: string,
  options: Omit<DatabaseOptions, 'synchronous'> = {},
): Promise<Vault> => {
  const db = await openDatabase(file, vaultSchema, { ...options, synchronous: 'FULL' })
  const { driver } = db
  driver.pragma('secure_delete = ON')
  const add = driver.prepare(
    `INSERT INTO keys (id, destroyed, bytes) VALUES (?, 0, ?)
     ON CONFLICT (id) DO UPDATE SET destroyed = 0, bytes = excluded.bytes`,
  )
  const find = driver.prepare('SELECT bytes FROM keys WHERE id = ? AND destroyed = 0').pluck()
  const overwrite = driver.prepare(
    'UPDATE keys SET destroyed = 1, bytes = zeroblob(length(bytes)) WHERE id = ? AND destroyed = 0',
  )
  const addMacKey = driver.prepare('INSERT OR IGNORE INTO mac_keys VALUES (?, ?)')
  const findMacKey = driver.prepare('SELECT bytes FROM mac_keys WHERE account = ?').pluck()

  // Keys destroyed just before a crash may still stand in the write-ahead log.
  db.checkpoint()

  return {
    add: (keys) =>
      db.write(() => {
        for (const [id, bytes] of keys) add.run(id, bytes)
        return E.right(undefined)
      }),
    read: (wanted) => {
      const ids = [...wanted] // may be read more than once
      return db.read(() => {
        const found = new Map<KeyId, Uint8Array>()
        for (const id of ids) {
          const bytes = find.get(id) as Buffer | undefined
          if (bytes !== undefined) found.set(id, bytesOf(bytes))
        }
        return E.right(found)
      })
    },
    destroy: (ids) => async () => {
      const overwritten = await db.write(() => {
        for (const id of ids) overwrite.run(id)
        return E.right(undefined)
      })()
      return E.isLeft(overwritten) ? overwritten : db.emptyLog()
    },
    macKey: (account) => async () => {
      const known = await db.read(() => E.right(findMacKey.get(account) as Buffer | undefined))()
      if (E.isLeft(known)) return known
      if (known.right !== undefined) return E.right(bytesOf(known.right))
      return db.write(() => {
        addMacKey.run(account, randomBytes(KEY_BYTES))
        return E.right(bytesOf(findMacKey.get(account) as Buffer))
      })()
    },
    close: db.close,
  }
}
