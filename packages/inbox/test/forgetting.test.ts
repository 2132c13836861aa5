/** What ends for good: purging by hand and by the clock, and what a crash leaves of it. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  changeRetention,
  compose,
  connectChannel,
  markAsSpam,
  mergeInto,
  openAccount,
  placeHold,
  purge,
  releaseHold,
  restore,
  trash,
  unmarkAsSpam,
  type Request,
} from '@threadbook/core'
import { openInbox } from '@threadbook/inbox'
import type { Adapters } from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ada, deskAt, expectRebuilt, lasting, openDesk, right, type Desk } from './fixtures.js'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})

const keyOf = async (conversationId: string, { stream }: Desk = desk): Promise<string> =>
  ((await stream('conversation', conversationId))[0]!.data as { key: string }).key
const isKept = async (key: string, { vault }: Adapters = desk.adapters): Promise<boolean> =>
  right(await vault.read([key])()).size === 1
const last = async (conversationId: string) =>
  (await desk.stream('conversation', conversationId)).at(-1)

/** Each act on the same conversation. */
const does = async (
  conversationId: string,
  ...acts: readonly ((about: { conversationId: string; actor: typeof ada }) => Request)[]
) => {
  for (const act of acts) await desk.ask(act({ conversationId, actor: ada }))
}

const marked = (about: { conversationId: string; actor: typeof ada }) =>
  markAsSpam({ ...about, cause: 'marked' })
const held = (about: { conversationId: string; actor: typeof ada }) =>
  placeHold({ ...about, reason: 'a lawsuit' })

describe('S-042 deleting permanently', () => {
  it('D-15 is refused unless the conversation is in Trash', async () => {
    const conversationId = await desk.receive()
    expect(await desk.refused(purge({ conversationId, actor: ada }))).toEqual({
      type: 'ConversationNotInTrash',
    })
  })

  it('D-06 is refused while the conversation is held', async () => {
    const conversationId = await desk.receive()
    await does(conversationId, held, trash)
    expect(await desk.refused(purge({ conversationId, actor: ada }))).toEqual({
      type: 'ConversationOnHold',
    })
  })

  it('S-044 destroys key and blobs before it is answered, and the row is gone', async () => {
    const request = await desk.requestOf()
    const attachment = { blob: 'file', size: 3, mimeType: 'a/b', mac: 'mac' }
    const name = request.message.preview
    const message = { ...request.message, body: 'long', attachments: [{ ...attachment, name }] }
    const conversationId = (await desk.ask({ ...request, message })).conversationId!
    const { blobs } = desk.adapters
    for (const blob of ['file', 'long', 'other']) right(await blobs.put(blob, Buffer.from('abc'))())
    const key = await keyOf(conversationId)
    await does(conversationId, trash, purge)
    expect(await isKept(key)).toBe(false)
    for (const blob of ['file', 'long']) expect(right(await blobs.get(blob)())).toBeUndefined()
    expect(right(await blobs.get('other')())).toBeDefined()
    expect(await desk.row(conversationId)).toBeUndefined()
    await expectRebuilt(desk.adapters)
  })

  it('leaves the claims, which say that their mail is gone', async () => {
    const { conversationId, receipts } = await desk.ask(
      compose({ to: [{ address: 'bo@mail.example' }], text: 'Hi', actor: ada }),
    )
    const claim = receipts.find(({ stream }) => stream.startsWith('message-'))!.stream
    await does(conversationId!, trash, purge)
    const events = right(await desk.adapters.store.readStream(claim)()).events
    expect(events.map(({ type }) => type)).toEqual(['MessageIdReceived', 'MessageIdPurged'])
  })

  it('D-24 takes along what was merged into it, by the system', async () => {
    const [target, source, deeper] = [
      await desk.receive(),
      await desk.receive(),
      await desk.receive(),
    ]
    await desk.ask(mergeInto({ conversationId: deeper, target: source, actor: ada }))
    await desk.ask(mergeInto({ conversationId: source, target, actor: ada }))
    const keys = [await keyOf(target), await keyOf(source), await keyOf(deeper)]
    await does(target, trash, purge)
    for (const id of [source, deeper])
      expect(await last(id)).toMatchObject({ type: 'Purged', metadata: { actor: 'system' } })
    for (const key of keys) expect(await isKept(key)).toBe(false)
  })

  it('is done once: again changes nothing', async () => {
    const conversationId = await desk.receive()
    await does(conversationId, trash, purge)
    const before = await desk.log()
    await does(conversationId, purge)
    expect(await desk.log()).toEqual(before)
  })
})

describe('the clocks', () => {
  const dueAfter = async (days: number): Promise<readonly string[]> =>
    right(await desk.inbox.tick(desk.clock.pass({ days }))).purged

  it.each([
    ['S-045 trash after 30 days', trash, 30],
    ['K-04 spam after 90 days', marked, 90],
  ])('%s, and not a day before', async (_, act, days) => {
    const conversationId = await desk.receive()
    const other = await desk.receive()
    await does(conversationId, act)
    const key = await keyOf(conversationId)
    expect(await dueAfter(days - 1)).toEqual([])
    expect(await dueAfter(1)).toEqual([conversationId])
    expect(await last(conversationId)).toMatchObject({
      type: 'Purged',
      metadata: { actor: 'system' },
    })
    expect(await isKept(key)).toBe(false)
    expect(await desk.row(other)).toBeDefined()
    expect(await dueAfter(0)).toEqual([])
  })

  it('D-06 start again when it is trashed again', async () => {
    const conversationId = await desk.receive()
    await does(conversationId, trash)
    expect(await dueAfter(20)).toEqual([])
    await does(conversationId, trash)
    expect(await dueAfter(20)).toEqual([])
    expect(await dueAfter(10)).toEqual([conversationId])
  })

  it.each([
    ['it is restored', [trash, restore]],
    ['it is marked as no spam', [marked, unmarkAsSpam]],
  ])('stop where %s', async (_, acts) => {
    const conversationId = await desk.receive()
    await does(conversationId, ...acts)
    expect(await dueAfter(365)).toEqual([])
  })

  it('D-06 stand still while it is held', async () => {
    const conversationId = await desk.receive()
    await does(conversationId, marked, trash, held)
    expect(await dueAfter(365)).toEqual([])
    await does(conversationId, releaseHold)
    expect(await dueAfter(0)).toEqual([conversationId])
  })

  it.each([
    ['spam that was trashed: 30 days', 0, 30],
    ['spam that was trashed late: 90 days', 80, 10],
  ])('D-25 let the earlier of the two purge it: %s', async (_, before, after) => {
    const conversationId = await desk.receive()
    await does(conversationId, marked)
    expect(await dueAfter(before)).toEqual([])
    await does(conversationId, trash)
    expect(await dueAfter(after - 1)).toEqual([])
    expect(await dueAfter(1)).toEqual([conversationId])
  })

  it('D-06 go by the account’s policy', async () => {
    const opened = { createdOn: '2026-01-01', zone: 'UTC', edition: 'free' } as const
    await desk.ask(openAccount({ ...opened, actor: ada }))
    await desk.ask(changeRetention({ trashDays: 2, spamDays: 3, actor: ada }))
    const [trashed, spam] = [await desk.receive(), await desk.receive()]
    await does(trashed, trash)
    await does(spam, marked)
    expect(await dueAfter(2)).toEqual([trashed])
    expect(await dueAfter(1)).toEqual([spam])
  })

  it('D-28 count from the act, whatever dates messages bear', async () => {
    const request = await desk.requestOf()
    const { conversationId } = await desk.ask({ ...request, at: '2020-01-01T00:00:00.000Z' })
    await does(conversationId!, marked)
    expect(await dueAfter(89)).toEqual([])
  })

  it('D-16 run for one account at a time', async () => {
    const acme = deskAt(desk.inbox.account('acme'), desk.adapters, desk.clock)
    await acme.ask(connectChannel({ inboxId: 'support', channel: 'email', actor: 'system' }))
    const conversationId = await acme.receive()
    await acme.ask(trash({ conversationId, actor: ada }))
    expect(await dueAfter(31)).toEqual([])
    expect(right(await acme.inbox.tick(desk.clock.now())).purged).toEqual([conversationId])
  })
})

describe('a crash between purging and forgetting', () => {
  it('is made up for when the inbox is opened again', async () => {
    const adapters = lasting(await memory())
    const unavailable = () => TE.left({ type: 'Unavailable', reason: 'gone' } as const)
    const dying = await openDesk({
      ...adapters,
      vault: { ...adapters.vault, destroy: unavailable },
    })
    const conversationId = await dying.receive()
    const key = await keyOf(conversationId, dying)
    await dying.ask(trash({ conversationId, actor: ada }))
    const answer = await dying.inbox.execute(purge({ conversationId, actor: ada }))
    expect(E.isLeft(answer) && answer.left.type).toBe('Unavailable')
    expect(await isKept(key, adapters)).toBe(true)
    const again = await openInbox(adapters)
    expect(await isKept(key, adapters)).toBe(false)
    await again.close()
  })
})
