import * as E from 'fp-ts/lib/Either.js'
import type { Blobs } from '@threadbook/sourcing'
import { bytesOf } from './bytes.js'
import { openDatabase, type DatabaseOptions } from './database.js'
import { blobsSchema } from './schema.js'

const PIECE_BYTES = 1024 * 1024

export const sqliteBlobs = async (file: string, options: DatabaseOptions = {}): Promise<Blobs> => {
  const db = await openDatabase(file, blobsSchema, options)
  const { driver } = db
  // What was written is seldom read again soon.
  driver.pragma('cache_size = -2000')
  const put = driver.prepare('INSERT INTO pieces (blob, place, bytes) VALUES (?, ?, ?)')
  const find = driver.prepare('SELECT bytes FROM pieces WHERE blob = ? ORDER BY place').pluck()
  const remove = driver.prepare('DELETE FROM pieces WHERE blob = ?')
  const ids = driver
    .prepare('SELECT DISTINCT blob FROM pieces WHERE blob > ? ORDER BY blob LIMIT ?')
    .pluck()
  return {
    put: (id, bytes) =>
      db.write(() => {
        remove.run(id)
        // Of no bytes, too, there is one piece.
        for (let at = 0; at === 0 || at < bytes.length; at += PIECE_BYTES)
          put.run(id, at / PIECE_BYTES, bytes.subarray(at, at + PIECE_BYTES))
        return E.right(undefined)
      }),
    get: (id) =>
      db.read(() => {
        const pieces = find.all(id) as Buffer[]
        const [first] = pieces
        if (first === undefined) return E.right(undefined)
        return E.right(bytesOf(pieces.length === 1 ? first : Buffer.concat(pieces)))
      }),
    remove: (ids) =>
      db.write(() => {
        for (const id of ids) remove.run(id)
        return E.right(undefined)
      }),
    list: (after, limit) => db.read(() => E.right(ids.all(after ?? '', limit) as string[])),
    close: db.close,
  }
}
