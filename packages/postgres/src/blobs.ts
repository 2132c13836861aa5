import * as E from 'fp-ts/lib/Either.js'
import type { Blobs } from '@threadbook/sourcing'
import { bytesOf } from './bytes.js'
import type { Database } from './database.js'
import { door } from './door.js'

export const blobsOver = (db: Database, s: string): Blobs => {
  const { task, close } = door()
  return {
    put: (id, bytes) => {
      const mine = Buffer.from(bytes) // the caller may change them meanwhile
      return task(async () => {
        await db.run({
          text: `INSERT INTO ${s}.blobs VALUES ($1, $2)
                 ON CONFLICT (id) DO UPDATE SET bytes = excluded.bytes`,
          values: [id, mine],
        })
        return E.right(undefined)
      })
    },
    get: (id) =>
      task(async () => {
        const [row] = await db.run({
          text: `SELECT bytes FROM ${s}.blobs WHERE id = $1`,
          values: [id],
        })
        return E.right(row && bytesOf(row[0]))
      }),
    remove: (ids) =>
      task(async () => {
        await db.run({ text: `DELETE FROM ${s}.blobs WHERE id = ANY($1::text[])`, values: [ids] })
        return E.right(undefined)
      }),
    list: (after, limit) =>
      task(async () => {
        const rows = await db.run({
          text: `SELECT id FROM ${s}.blobs WHERE id > $1 ORDER BY id LIMIT $2`,
          values: [after ?? '', limit],
        })
        return E.right(rows.map(([id]) => id!))
      }),
    close: async () => {
      close()
    },
  }
}
