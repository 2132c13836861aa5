/** An inbox that moves house: what it is and what it has forgotten goes with it. */
import { expect, it } from '@jest/globals'
import { assign, comment, connectChannel, purge, trash, user } from '@threadbook/core'
import { receiveMail } from '@threadbook/email'
import { openInbox, type Inbox } from '@threadbook/inbox'
import { copy, type Adapters, type RecordedEvent } from '@threadbook/sourcing'
import { expectRebuilt, right } from '../packages/inbox/test/fixtures.js'
import { newEvent, wholeLog } from './events.js'
import { eventually, start } from './processes.js'
import { theseStores, type Place } from './stores.js'

const ada = user('ada')
const long = 'a long story '.repeat(20_000)
const attached = `--x\r\nContent-Type: text/plain\r\n\r\nSee there.\r\n--x\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=a.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.alloc(50_000, 7).toString('base64')}\r\n--x--\r\n`

const mail = (id: string, body: string, type = 'text/plain') =>
  Buffer.from(
    `From: Bo Ek <${id}@example.org>\r\nTo: support@example.com\r\nSubject: Order ${id}\r\nMessage-ID: <${id}@example.org>\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`,
  )

/** Conversations of many kinds, one of them purged: its id is the answer. */
const fill = async (inbox: Inbox): Promise<string> => {
  const channel = { inboxId: 'support', channel: 'email', address: 'support@example.com' } as const
  right(await inbox.execute(connectChannel({ ...channel, actor: 'system' })))
  const ids: string[] = []
  for (const [id, body, type] of [
    ['plain', 'Where is my order?'],
    ['long', long],
    ['attached', attached, 'multipart/mixed; boundary=x'],
    ['purged', long],
  ] as const)
    ids.push(right(await receiveMail(inbox, mail(id, body, type))).conversationId)
  for (const conversationId of ids)
    right(await inbox.execute(comment({ conversationId, text: 'Look.', actor: ada })))
  right(await inbox.execute(assign({ conversationId: ids[0]!, owner: ada, actor: ada })))
  const conversationId = ids.at(-1)!
  right(await inbox.execute(trash({ conversationId, actor: ada })))
  right(await inbox.execute(purge({ conversationId, actor: ada })))
  return conversationId
}

const placeless = (log: readonly RecordedEvent[]) => log.map(({ position: _, ...event }) => event)

/** All that an inbox shows, and its log. */
const shown = async ({ open }: Place) => {
  await using inbox = await openInbox(await open())
  right(await inbox.caughtUp())
  const { items } = right(await inbox.views.list('allOpen', { viewer: 'ada' }))
  const threads = []
  for (const { conversationId } of items)
    threads.push(right(await inbox.thread(conversationId, { viewer: 'ada' })))
  await inbox.settled()
  await expectRebuilt(inbox.door.adapters)
  return {
    items,
    threads,
    counts: right(await inbox.views.counts({ viewer: 'ada' })),
    again: right(await receiveMail(inbox, mail('plain', 'Where is my order?'))).outcome,
    log: placeless(await wholeLog(inbox.door.adapters.store)),
  }
}

const copied = async (from: Adapters, to: Adapters) => {
  const answer = await copy(from, to)
  await from.close()
  await to.close()
  return answer
}

const stores = theseStores('sqlite', 'postgres', 'eventstoredb')
if (stores === undefined) it.skip('STORES leaves out one of those it is copied to', () => undefined)
else {
  const [onSqlite, onPostgres, onEventStoreDB] = stores as [
    (typeof stores)[number],
    (typeof stores)[number],
    (typeof stores)[number],
  ]

  it('from SQLite to PostgreSQL to EventStoreDB and back it stays what it is', async () => {
    const first = await onSqlite.place()
    const inbox = await openInbox(await first.open())
    const purged = await fill(inbox)
    await inbox.settled()
    await inbox.close()
    const before = await shown(first)
    expect(before.items).toHaveLength(3)
    expect(before.again).toBe('duplicate')

    let here = first
    for (const next of [onPostgres, onEventStoreDB, onPostgres, onSqlite]) {
      const there = await next.place()
      const answer = await copied(await here.open(), await there.open())
      expect(answer).toMatchObject({ right: { events: before.log.length, blobs: 2 } })
      // Once more finds it done.
      expect(await copied(await here.open(), await there.open())).toEqual(answer)
      expect(await shown(there)).toEqual(before)
      await using moved = await openInbox(await there.open())
      expect(await moved.thread(purged)).toMatchObject({ left: { type: 'NoSuchThread' } })
      here = there
    }
  })

  it('a copy that is killed goes on where it was, and ends as if undisturbed', async () => {
    const [from, to] = [await onSqlite.place(), await onPostgres.place()]
    const source = await from.open()
    for (let n = 0; n < 300; n++) {
      const stream = `note-acme.${String(n % 7)}`
      right(await source.store.append({ stream, expected: 'any', events: [newEvent({ n })] })())
    }
    const args = [JSON.stringify(from.spec), JSON.stringify(to.spec)]
    for (const enough of [30, 120]) {
      const program = start('copy', ...args)
      await eventually(() => program.lines.includes(`events ${String(enough)}`))
      program.kill()
      await program.ended
    }
    const target = await to.open()
    const partly = await wholeLog(target.store)
    expect(partly.length).toBeGreaterThanOrEqual(120)
    expect(right(await copy(source, target))).toMatchObject({ events: 300, streams: 7 })
    expect(placeless(await wholeLog(target.store))).toEqual(placeless(await wholeLog(source.store)))
    await source.close()
    await target.close()
  })

  it('what the source has purged since an earlier copy is destroyed in the target, too', async () => {
    const [from, to] = [await onSqlite.place(), await onPostgres.place()]
    const adapters = await from.open()
    const [source, target] = [adapters, await to.open()]
    right(
      await source.vault.add(
        new Map([
          ['kept', Buffer.alloc(32, 1)],
          ['gone', Buffer.alloc(32, 2)],
        ]),
      )(),
    )
    right(await source.blobs.put('gone', Buffer.from('x'))())
    right(await copy(source, target))
    right(await source.vault.destroy(['gone'])())
    right(await source.blobs.remove(['gone'])())
    right(await copy(source, target))
    expect([...right(await target.vault.read(['kept', 'gone'])()).keys()]).toEqual(['kept'])
    expect(right(await target.blobs.list(undefined, 10)())).toEqual([])
    await source.close()
    await target.close()
  })

  it('a target with other keys or blobs is refused, and named', async () => {
    const [from, to] = [await onSqlite.place(), await onPostgres.place()]
    const [source, target] = [await from.open(), await to.open()]
    right(await source.vault.macKey('acme')())
    right(await target.vault.macKey('acme')())
    expect(await copy(source, target)).toMatchObject({
      left: { type: 'OthersThere', what: 'keys', names: ['mac/acme'] },
    })
    right(await source.blobs.put('a', Buffer.from('x'))())
    right(await target.blobs.put('a', Buffer.from('y'))())
    expect(await copy(source, target)).toMatchObject({
      left: { type: 'OthersThere', what: 'blobs', names: ['a'] },
    })
    await source.close()
    await target.close()
  })
}
