import { randomBytes, randomUUID } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { compose, connectChannel, purge, trash, user, type Request } from '@threadbook/core'
import { openInbox, type Inbox } from '@threadbook/inbox'
import type { Adapters } from '@threadbook/sourcing'
import { backup, sqlite, type SqliteOptions } from '@threadbook/sqlite'
import Driver from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import { meanwhile } from '../../../test/meanwhile.js'
import { newEvent, ok, tally, wholeLog } from './fixtures.js'
import { folder } from './files.js'

const inFolder = folder()
const beside = meanwhile()
const ada = user('ada')
const options: SqliteOptions = { synchronous: 'NORMAL' }

let made = 0
/** A place of its own for a database, its backups, and what is restored of them. */
const place = () => {
  const root = join(inFolder, String(++made))
  const live = join(root, 'live')
  mkdirSync(live, { recursive: true })
  const to = { log: join(root, 'backup'), keys: join(root, 'backup of keys') }
  return {
    path: join(live, 'support.db'),
    to,
    /** A new folder with these copies; the keys of the backup unless told. */
    restore: (keys = join(to.keys, 'support.keys.db')): string => {
      const restored = join(root, `restored ${String(++made)}`)
      mkdirSync(restored)
      for (const name of ['support.db', 'support.blobs.db'])
        copyFileSync(join(to.log, name), join(restored, name))
      copyFileSync(keys, join(restored, 'support.keys.db'))
      return join(restored, 'support.db')
    },
    liveKeys: join(live, 'support.keys.db'),
  }
}

const right = <A>(answer: E.Either<unknown, A>): A => {
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left))
  return answer.right
}

const ask = async (inbox: Inbox, request: Request) => right(await inbox.execute(request))

const openSupport = async (path: string, more: SqliteOptions = {}): Promise<Inbox> =>
  openInbox(await sqlite(path, { ...options, ...more }))

const connect = (inbox: Inbox) =>
  ask(
    inbox,
    connectChannel({
      inboxId: 'support',
      channel: 'email',
      address: 'support@example.com',
      actor: 'system',
    }),
  )

const write = async (inbox: Inbox, subject: string, text: string): Promise<string> => {
  const to = [{ address: 'bo@example.org', name: 'Bo' }]
  const accepted = await ask(inbox, compose({ to, subject, text, actor: ada }))
  return accepted.conversationId!
}

/** All that one can see of an inbox. */
const seen = async (inbox: Inbox, conversations: readonly string[]) => ({
  counts: right(await inbox.views.counts()),
  sent: right(await inbox.views.list('sent')).items,
  threads: await Promise.all(conversations.map(async (id) => right(await inbox.thread(id)))),
})

afterEach(() => {
  jest.restoreAllMocks()
})

it('a restored backup is whole: views are right and threads can be read', async () => {
  const { path, to, restore } = place()
  const long = 'a long letter '.repeat(20_000)
  const live = await openSupport(path)
  await connect(live)
  const ids = [await write(live, 'Hello', 'How are you?'), await write(live, 'Long', long)]
  const before = await seen(live, ids)
  await backup(path, to)
  await write(live, 'Later', 'too late for the backup')
  await live.close()

  const restored = await openSupport(restore())
  expect(await seen(restored, ids)).toEqual(before)
  expect(JSON.stringify(before)).toContain('How are you?')
  expect(before.counts.conversations).toBe(2)
  // It is no picture: work goes on in it.
  await write(restored, 'Again', 'and on we go')
  expect(right(await restored.views.counts()).conversations).toBe(3)
  await restored.close()
})

it('what was purged after the backup is still gone where the newer keys are in place', async () => {
  const { path, to, restore, liveKeys } = place()
  const live = await openSupport(path)
  await connect(live)
  const secret = await write(live, 'Confidential', 'Wumpelstein')
  const other = await write(live, 'Hello', 'How are you?')
  await backup(path, to)
  const oldKeys = join(to.keys, 'kept too long.db')
  copyFileSync(join(to.keys, 'support.keys.db'), oldKeys)
  await ask(live, trash({ conversationId: secret, actor: ada }))
  await ask(live, purge({ conversationId: secret, actor: ada }))
  await backup(path, { ...to, log: join(inFolder, 'newer logs') })
  await live.close()

  const both = [secret, other]
  const withOldKeys = await openSupport(restore(oldKeys))
  expect(JSON.stringify(await seen(withOldKeys, both))).toContain('Wumpelstein')
  await withOldKeys.close()

  for (const keys of [undefined, liveKeys]) {
    const restored = await openSupport(restore(keys))
    const all = JSON.stringify(await seen(restored, both))
    expect(all).not.toContain('Wumpelstein')
    expect(all).not.toContain('Confidential')
    expect(all).toContain('How are you?')
    // The log does not know of it any more, but can be told again.
    await ask(restored, trash({ conversationId: secret, actor: ada }))
    await ask(restored, purge({ conversationId: secret, actor: ada }))
    expect(right(await restored.views.counts()).conversations).toBe(1)
    await restored.close()
  }
})

describe('while others write', () => {
  /** As the front door does it: key and blob are there before the event that names them. */
  const writeOne = async ({ vault, blobs, store }: Adapters) => {
    const id = randomUUID()
    await ok(vault.add(new Map([[id, Uint8Array.from(randomBytes(32))]])))
    await ok(blobs.put(id, randomBytes(2_000)))
    await ok(
      store.append({
        stream: `note-acme.${id}`,
        expected: 'noStream',
        events: [newEvent('Put', { id })],
      }),
    )
    return id
  }

  /** Does something right before and right after each file is copied. */
  const aroundEachCopy = (work: () => Promise<void>) => {
    // eslint-disable-next-line @typescript-eslint/unbound-method
    const copying = Driver.prototype.backup
    jest.spyOn(Driver.prototype, 'backup').mockImplementation(async function (
      this: Driver.Database,
      ...args
    ) {
      await work()
      const copied = await copying.apply(this, args)
      await work()
      return copied
    })
  }

  it('no key and no blob is missing that the copied log names, and no row', async () => {
    const { path, to, restore } = place()
    const live = await sqlite(path, options)
    await ok(live.projectInline!([tally], () => undefined))
    for (let n = 0; n < 20; n++) await writeOne(live)
    aroundEachCopy(async () => void (await writeOne(live)))
    await backup(path, to)
    expect(await wholeLog(live.store)).toHaveLength(26)
    await live.close()

    const restored = await sqlite(restore(), options)
    const log = await wholeLog(restored.store)
    const ids = log.map(({ data }) => (data as { id: string }).id)
    expect(ids.length).toBeGreaterThanOrEqual(20)
    expect((await ok(restored.vault.read(ids))).size).toBe(ids.length)
    for (const id of ids) expect(await ok(restored.blobs.get(id))).toHaveLength(2_000)
    expect((await ok(restored.readModels.get(tally, ids))).size).toBe(ids.length)
    expect(await ok(restored.readModels.checkpoint(tally))).toBe(log.at(-1)!.position)
    await restored.close()
  })

  it('what is forgotten before the keys are copied is not in the backup', async () => {
    const { path, to, restore } = place()
    const live = await sqlite(path, options)
    const [early, late] = [await writeOne(live), await writeOne(live)]
    let copies = 0
    aroundEachCopy(async () => {
      // Before and after each of three copies: after that of the log, and after that of the blobs.
      if (++copies === 2) await ok(live.vault.destroy([early]))
      if (copies === 4) await ok(live.vault.destroy([late]))
    })
    await backup(path, to)
    expect(copies).toBe(6)
    await live.close()
    const restored = await sqlite(restore(), options)
    expect((await ok(restored.vault.read([early, late]))).size).toBe(0)
    expect(await wholeLog(restored.store)).toHaveLength(2)
    await restored.close()
  })

  it('each file is as it was at one moment', async () => {
    const { path, to, restore } = place()
    const live = await sqlite(path, options)
    await ok(live.projectInline!([tally], () => undefined))
    for (let n = 0; n < 200; n++) await writeOne(live)
    const written = beside(async () => void (await writeOne(live)))
    await backup(path, to)
    await written()
    await live.close()

    const file = new Driver(restore())
    expect(file.pragma('integrity_check', { simple: true })).toBe('ok')
    const [events, rows] = ['SELECT count(*) FROM events', 'SELECT value FROM counters'].map(
      (sql) => file.prepare(sql).pluck().get(),
    )
    expect(rows).toBe(events)
    file.close()
  })
})

it('wrapped keys are wrapped in their copy, too', async () => {
  const { path, to, restore } = place()
  const keyEncryptionKey = randomBytes(32)
  const live = await openSupport(path, { keyEncryptionKey })
  await connect(live)
  const id = await write(live, 'Hello', 'How are you?')
  await backup(path, to)
  await live.close()
  const restored = restore()
  await expect(openSupport(restored)).rejects.toThrow('key-encryption key')
  const opened = await openSupport(restored, { keyEncryptionKey })
  expect(JSON.stringify(await seen(opened, [id]))).toContain('How are you?')
  await opened.close()
})

it('a backup takes the place of the one before, and of what was left beside it', async () => {
  const { path, to, restore } = place()
  const live = await openSupport(path)
  await connect(live)
  await backup(path, to)
  for (const name of ['support.db-wal', 'support.db-shm', 'support.db.part'])
    writeFileSync(join(to.log, name), randomBytes(5_000))
  const id = await write(live, 'Hello', 'How are you?')
  await backup(path, to)
  await live.close()
  expect(readdirSync(to.log).sort()).toEqual(['support.blobs.db', 'support.db'])
  expect(readdirSync(to.keys)).toEqual(['support.keys.db'])
  const restored = await openSupport(restore())
  expect(JSON.stringify(await seen(restored, [id]))).toContain('How are you?')
  await restored.close()
})

it('a copy that does not succeed leaves the one before as it was', async () => {
  const { path, to, restore } = place()
  const live = await openSupport(path)
  await connect(live)
  const id = await write(live, 'Hello', 'How are you?')
  await backup(path, to)
  jest.spyOn(Driver.prototype, 'backup').mockRejectedValue(new Error('the disk is full'))
  await expect(backup(path, to)).rejects.toThrow(
    `cannot copy ${path} to ${to.log}: the disk is full`,
  )
  await live.close()
  const restored = await openSupport(restore())
  expect(JSON.stringify(await seen(restored, [id]))).toContain('How are you?')
  await restored.close()
})

it('what is not there, or in memory only, cannot be copied', async () => {
  const { path, to } = place()
  await expect(backup(path, to)).rejects.toThrow(`cannot copy ${path}`)
  expect(existsSync(path)).toBe(false)
  await expect(backup(':memory:', to)).rejects.toThrow('in memory')
})
