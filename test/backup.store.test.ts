/**
 * Backup and restore on PostgreSQL, as docs/backup.md has it: a dump of all but the keys, then one
 * of the keys. The tables are read and written here as pg_dump would do it, which does not come with
 * the server of the tests; views are left out, to show that they need not be in a backup.
 */
import { randomBytes } from 'node:crypto'
import { expect, it } from '@jest/globals'
import { connectChannel, purge, trash, user } from '@threadbook/core'
import { receiveMail } from '@threadbook/email'
import { openInbox, type Inbox } from '@threadbook/inbox'
import { postgres } from '@threadbook/postgres'
import pg from 'pg'
import { expectRebuilt, right } from '../packages/inbox/test/fixtures.js'
import { server } from '../packages/postgres/test/server.js'
import { wanted } from '../scripts/stores.mjs'

const ada = user('ada')
const long = 'a long story '.repeat(20_000)

type Dump = ReadonlyMap<string, readonly string[]>
const LOG = ['streams', 'events', 'blobs', 'checkpoints']
const KEYS = ['keys']
/** What the server makes by itself is in no dump. */
const COLUMNS: Readonly<Record<string, string>> = { keys: '(name, bytes)' }

if (!wanted.includes('postgres')) it.skip('STORES leaves PostgreSQL out', () => undefined)
else {
  const { config, pool, newSchema } = server()
  const of = (schema: string, table: string) =>
    `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`

  const dump = async (schema: string, tables: readonly string[]): Promise<Dump> => {
    const rows = new Map<string, readonly string[]>()
    for (const table of tables) {
      const found = await pool().query<{ row: string }>(
        `SELECT to_json(t)::text AS row FROM ${of(schema, table)} t`,
      )
      rows.set(
        table,
        found.rows.map(({ row }) => row),
      )
    }
    return rows
  }

  const restore = async (schema: string, ...dumps: readonly Dump[]): Promise<void> => {
    await (await postgres(config(), { schema })).close()
    for (const [table, rows] of dumps.flatMap((each) => [...each])) {
      const into = of(schema, table)
      const columns = COLUMNS[table] ?? ''
      const read = columns === '' ? '*' : columns.slice(1, -1)
      for (const row of rows)
        await pool().query(
          `INSERT INTO ${into} ${columns} SELECT ${read} FROM json_populate_record(NULL::${into}, $1)`,
          [row],
        )
    }
  }

  const keyEncryptionKey = randomBytes(32)
  const open = async (schema: string): Promise<Inbox> =>
    openInbox(await postgres(config(), { schema, keyEncryptionKey }))
  const receive = async (inbox: Inbox, id: string, text: string): Promise<string> => {
    const mail = `From: Bo <${id}@example.org>\nSubject: Order ${id}\nMessage-ID: <${id}@example.org>\n\n${text}\n`
    return right(await receiveMail(inbox, Buffer.from(mail))).conversationId
  }
  const shown = async (inbox: Inbox) => {
    right(await inbox.caughtUp())
    const { items } = right(await inbox.views.list('allOpen'))
    const threads = await Promise.all(
      items.map(async ({ conversationId }) => right(await inbox.thread(conversationId))),
    )
    return { items, threads }
  }
  const begun = async (): Promise<{
    schema: string
    inbox: Inbox
    first: string
    second: string
  }> => {
    const schema = newSchema()
    const inbox = await open(schema)
    const channel = { inboxId: 'support', channel: 'email', address: 's@example.com' } as const
    right(await inbox.execute(connectChannel({ ...channel, actor: 'system' })))
    const first = await receive(inbox, 'first', 'Where is my order?')
    return { schema, inbox, first, second: await receive(inbox, 'second', long) }
  }

  it('a restored backup is whole', async () => {
    const { schema, inbox } = await begun()
    const before = await shown(inbox)
    const log = await dump(schema, LOG)
    // In use meanwhile: its keys are in the second dump, and nobody needs them.
    await receive(inbox, 'third', 'Hello?')
    const keys = await dump(schema, KEYS)
    await inbox.close()
    const restored = newSchema()
    await restore(restored, log, keys)
    await using again = await open(restored)
    expect(await shown(again)).toEqual(before)
    expect(before.items).toHaveLength(2)
    await expectRebuilt(again.door.adapters)
    // And it goes on from there.
    await receive(again, 'fourth', 'Hello!')
    expect((await shown(again)).items).toHaveLength(3)
  })

  it('what was purged after a backup is gone once the newer keys are in place', async () => {
    const { schema, inbox, second: conversationId } = await begun()
    const log = await dump(schema, LOG)
    right(await inbox.execute(trash({ conversationId, actor: ada })))
    right(await inbox.execute(purge({ conversationId, actor: ada })))
    const keys = await dump(schema, KEYS)
    await inbox.close()
    const restored = newSchema()
    await restore(restored, log, keys)
    await using again = await open(restored)
    const { items, threads } = await shown(again)
    expect(items).toHaveLength(2)
    const told = JSON.stringify({ items, threads })
    expect(told).toContain('Where is my order?')
    expect(told).not.toContain('Order second')
    expect(told).not.toContain('a long story')
    // The older log does not know of the purge: its row is there, erased, until it is purged again.
    right(await again.execute(trash({ conversationId, actor: ada })))
    right(await again.execute(purge({ conversationId, actor: ada })))
    expect((await shown(again)).items).toHaveLength(1)
  })

  it('without the key-encryption key a restored backup opens for nobody', async () => {
    const { schema, inbox } = await begun()
    const dumps = [await dump(schema, LOG), await dump(schema, KEYS)]
    await inbox.close()
    const restored = newSchema()
    await restore(restored, ...dumps)
    await expect(postgres(config(), { schema: restored })).rejects.toThrow(/key-encryption key/)
  })
}
