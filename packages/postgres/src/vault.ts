import * as E from 'fp-ts/lib/Either.js'
import type { StoredKeys } from '@threadbook/sourcing'
import { bytesOf } from './bytes.js'
import type { Database } from './database.js'
import type { Parameter, SqlRow } from './question.js'
import { door } from './door.js'

const keysOf = (rows: readonly SqlRow[]): ReadonlyMap<string, Uint8Array> =>
  new Map(rows.map(([name, bytes]) => [name!, bytesOf(bytes)]))

export const storedKeysOver = (db: Database, s: string): StoredKeys => {
  const { task, close } = door()
  const { run } = db

  const get = async (names: readonly string[]) =>
    keysOf(
      await run({
        text: `SELECT name, bytes FROM ${s}.keys WHERE name = ANY($1::text[])`,
        values: [names],
      }),
    )

  const ran = (text: string, ...values: readonly Parameter[]) =>
    task(async () => {
      await run({ text, values })
      return E.right(undefined)
    })

  return {
    put: (keys) =>
      ran(
        `INSERT INTO ${s}.keys (name, bytes) SELECT * FROM unnest($1::text[], $2::bytea[])
         ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes`,
        [...keys.keys()],
        [...keys.values()].map((stored) => Buffer.from(stored)),
      ),
    putNew: (name, stored) =>
      task(async () => {
        await run({
          text: `INSERT INTO ${s}.keys (name, bytes) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
          values: [name, Buffer.from(stored)],
        })
        return E.right((await get([name])).get(name)!)
      }),
    get: (names) => task(async () => E.right(await get(names))),
    remove: (names) => ran(`DELETE FROM ${s}.keys WHERE name = ANY($1::text[])`, names),
    wrappings: task(async () => {
      const rows = await run({
        text: `WITH RECURSIVE each (id) AS (
                 (SELECT wrapped_by FROM ${s}.keys ORDER BY wrapped_by LIMIT 1)
                 UNION ALL
                 SELECT (SELECT wrapped_by FROM ${s}.keys WHERE wrapped_by > each.id
                         ORDER BY wrapped_by LIMIT 1)
                 FROM each WHERE each.id IS NOT NULL
               ) SELECT encode(id, 'hex') FROM each WHERE id IS NOT NULL`,
      })
      return E.right(rows.map(([id]) => id!))
    }),
    wrappedBy: (id, limit) =>
      task(async () =>
        E.right(
          keysOf(
            await run({
              text: `SELECT name, bytes FROM ${s}.keys WHERE wrapped_by = decode($1, 'hex') LIMIT $2`,
              values: [id, limit],
            }),
          ),
        ),
      ),
    replace: (keys) =>
      ran(
        `UPDATE ${s}.keys SET bytes = given.after
         FROM unnest($1::text[], $2::bytea[], $3::bytea[]) AS given (name, before, after)
         WHERE keys.name = given.name AND keys.bytes = given.before`,
        keys.map(({ name }) => name),
        keys.map(({ from }) => Buffer.from(from)),
        keys.map(({ to }) => Buffer.from(to)),
      ),
    list: (after, limit) =>
      task(async () =>
        E.right(
          keysOf(
            await run({
              text: `SELECT name, bytes FROM ${s}.keys WHERE name > $1 ORDER BY name LIMIT $2`,
              values: [after ?? '', limit],
            }),
          ),
        ),
      ),
    // When its bytes leave the table's file and the write-ahead log is the server's business.
    scrub: task(async () => E.right(undefined)),
    close: async () => {
      close()
    },
  }
}
