import * as E from 'fp-ts/lib/Either.js'
import type { Blobs } from '@threadbook/sourcing'
import { bytesOf } from './bytes.js'
import { openDatabase, type DatabaseOptions } from './database.js'
import { blobsSchema } from './schema.js'

export const sqliteBlobs = async (file: string, options: DatabaseOptions = {}): Promise<Blobs> => {
  const db = await openDatabase(file, blobsSchema, options)
  const { driver } = db
  const put = driver.prepare(
    `INSERT INTO blobs (id, bytes) VALUES (?, ?)
     ON CONFLICT (id) DO UPDATE SET bytes = excluded.bytes`,
  )
  const find = driver.prepare('SELECT bytes FROM blobs WHERE id = ?').pluck()
  const remove = driver.prepare('DELETE FROM blobs WHERE id = ?')
  return {
    put: (id, bytes) =>
      db.write(() => {
        put.run(id, bytes)
        return E.right(undefined)
      }),
    get: (id) =>
      db.read(() => {
        const bytes = find.get(id) as Buffer | undefined
        return E.right(bytes === undefined ? undefined : bytesOf(bytes))
      }),
    remove: (ids) =>
      db.write(() => {
        for (const id of ids) remove.run(id)
        return E.right(undefined)
      }),
    close: db.close,
  }
}
