import { randomBytes } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import type { Vault } from '@threadbook/sourcing'
import { bytesOf } from './bytes.js'
import type { Database } from './database.js'
import { door } from './door.js'

const KEY_BYTES = 32

export const vaultOver = (db: Database, s: string): Vault => {
  const { task, close } = door()

  const macKey = async (account: string): Promise<Uint8Array | undefined> => {
    const [row] = await db.run({
      text: `SELECT bytes FROM ${s}.mac_keys WHERE account = $1`,
      values: [account],
    })
    return row && bytesOf(row[0])
  }

  return {
    add: (keys) =>
      task(async () => {
        await db.run({
          text: `INSERT INTO ${s}.keys SELECT * FROM unnest($1::text[], $2::bytea[])
                 ON CONFLICT (id) DO UPDATE SET bytes = excluded.bytes`,
          values: [[...keys.keys()], [...keys.values()].map((bytes) => Buffer.from(bytes))],
        })
        return E.right(undefined)
      }),
    read: (ids) => {
      const wanted = [...ids] // may be read more than once
      return task(async () => {
        const rows = await db.run({
          text: `SELECT id, bytes FROM ${s}.keys WHERE id = ANY($1::text[])`,
          values: [wanted],
        })
        return E.right(new Map(rows.map(([id, bytes]) => [id!, bytesOf(bytes)])))
      })
    },
    destroy: (ids) =>
      task(async () => {
        await db.run({ text: `DELETE FROM ${s}.keys WHERE id = ANY($1::text[])`, values: [ids] })
        return E.right(undefined)
      }),
    macKey: (account) =>
      task(async () => {
        const known = await macKey(account)
        if (known !== undefined) return E.right(known)
        await db.run({
          text: `INSERT INTO ${s}.mac_keys VALUES ($1, $2) ON CONFLICT DO NOTHING`,
          values: [account, randomBytes(KEY_BYTES)],
        })
        return E.right((await macKey(account))!)
      }),
    close: async () => {
      close()
    },
  }
}
