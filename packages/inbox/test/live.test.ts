/** Lists that stay right while they are looked at. */
import { describe, expect, it } from '@jest/globals'
import {
  addUser,
  assign,
  associateContact,
  changeMembers,
  changeView,
  close,
  createContact,
  createView,
  deleteView,
  hideMessage,
  markRead,
  nameContact,
  purge,
  reply,
  restore,
  trash,
  unassign,
  user,
  type ConversationFilter,
} from '@threadbook/core'
import type { SubscribeRequest, ViewMessage } from '@threadbook/inbox'
import { streamName, type NewEvent, type Position } from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'
import { ada, lasting, openDesk, right, type Desk } from './fixtures.js'
import { LiveList, type View } from './live-list.js'

const messagesOf = (desk: Desk, view: View, request: SubscribeRequest = {}) => {
  const messages = desk.inbox.views.subscribe(view, request)[Symbol.asyncIterator]()
  const next = async (): Promise<ViewMessage> => {
    const { done, value } = (await messages.next()) as IteratorResult<ViewMessage, undefined>
    if (done === true) throw new Error('it has ended')
    return value
  }
  /** Through what it begins with; where it may be resumed. */
  const started = async (): Promise<Position> => {
    expect(await next()).toMatchObject({ type: 'reload', reason: 'started' })
    const caughtUp = await next()
    if (caughtUp.type !== 'caughtUp') throw new Error(caughtUp.type)
    return caughtUp.position
  }
  return { next, started, messages }
}

const make = async (desk: Desk, attribute: string, operator: string, value: unknown) => {
  const filter = { attribute, operator, value } as ConversationFilter
  const visibility = { to: 'account' } as const
  const { viewId } = await desk.ask(createView({ name: 'A view', filter, visibility, actor: ada }))
  return { view: viewId! }
}

const mine = { viewer: 'ada' } as const

describe('a view that is subscribed to', () => {
  it('tells what enters, changes and leaves, with the item as it is listed', async () => {
    const desk = await openDesk()
    const { next, started } = messagesOf(desk, 'assignedToMe', mine)
    await started()
    const conversationId = await desk.receive({ text: 'Roses' })
    await desk.ask(assign({ conversationId, owner: ada, actor: ada }))
    const [item] = right(await desk.inbox.views.list('assignedToMe', mine)).items
    expect(await next()).toMatchObject({ type: 'entered', conversationId, item })
    await desk.ask(reply({ conversationId, text: 'Tulips', actor: ada }))
    expect(await next()).toMatchObject({
      type: 'changed',
      conversationId,
      item: { preview: 'Tulips', replied: true },
    })
    await desk.ask(unassign({ conversationId, actor: ada }))
    expect(await next()).toMatchObject({ type: 'left', conversationId })
    await desk.inbox.close()
  })

  it('goes on from a position with what came since, each conversation once', async () => {
    const desk = await openDesk()
    const [a, b, c] = [await desk.receive(), await desk.receive(), await desk.receive()]
    const before = messagesOf(desk, 'allOpen')
    const from = await before.started()
    await before.messages.return!()
    await desk.ask(assign({ conversationId: b, owner: ada, actor: ada }))
    await desk.ask(close({ conversationId: a, actor: ada }))
    await desk.ask(reply({ conversationId: b, text: 'So?', actor: ada }))
    const d = await desk.receive()
    const e = await desk.receive()
    await desk.ask(close({ conversationId: e, actor: ada }))
    const { next } = messagesOf(desk, 'allOpen', { from })
    const told = [await next(), await next(), await next(), await next(), await next()]
    expect(told).toMatchObject([
      { type: 'changed', conversationId: b, item: { preview: 'So?', owner: ada } },
      { type: 'left', conversationId: a },
      { type: 'entered', conversationId: d },
      // Whoever comes back may have been told of it.
      { type: 'left', conversationId: e },
      { type: 'caughtUp' },
    ])
    expect(c).not.toBe(d)
    await desk.inbox.close()
  })

  it('takes out, once gone on with, what was told of more than its place in the log', async () => {
    const desk = await openDesk()
    const conversationId = await desk.receive()
    const list = new LiveList(desk.inbox, 'trash', mine)
    await list.catchUp()
    // Told of the first of these, as the last has it: the place is that of the first.
    await desk.ask(assign({ conversationId, owner: ada, actor: ada }))
    const other = await desk.receive()
    await desk.ask(trash({ conversationId: other, actor: ada }))
    await desk.ask(trash({ conversationId, actor: ada }))
    expect(await list.next()).toMatchObject({ type: 'entered', conversationId })
    await list.comeBack()
    await desk.ask(restore({ conversationId, actor: ada }))
    await list.comeBack()
    await list.catchUp()
    expect([...list.items.keys()]).toEqual([other])
    await desk.inbox.close()
  })

  it('takes out what was there when it was listed, and left before that was told', async () => {
    const desk = await openDesk()
    const { next } = messagesOf(desk, 'trash', mine)
    expect(await next()).toMatchObject({ type: 'reload', reason: 'started' })
    const conversationId = await desk.receive()
    await desk.ask(trash({ conversationId, actor: ada }))
    expect(right(await desk.inbox.views.list('trash', mine)).items).toMatchObject([
      { conversationId },
    ])
    await desk.ask(restore({ conversationId, actor: ada }))
    expect(await next()).toMatchObject({ type: 'left', conversationId })
    expect(await next()).toMatchObject({ type: 'caughtUp' })
    await desk.inbox.close()
  })

  it('can be left in the middle of what came, and gone on with there', async () => {
    const desk = await openDesk()
    const list = new LiveList(desk.inbox, 'allOpen', {})
    await list.catchUp()
    const all: string[] = []
    for (let n = 0; n < 6; n++) all.push(await desk.receive())
    for (let told = 0; told < all.length; told++) {
      await list.next()
      await list.comeBack()
    }
    await list.catchUp()
    expect([...list.items.keys()]).toEqual(all)
    expect(list.heard.filter(({ type }) => type === 'entered').length).toBe(6)
    await desk.inbox.close()
  })

  it('D-10 S-094 shows nothing of a message that was hidden before it is told', async () => {
    const desk = await openDesk()
    const { next, started } = messagesOf(desk, 'allOpen')
    await started()
    const request = await desk.requestOf({ text: 'My password is swordfish' })
    await desk.ask(request)
    const { conversationId, message } = request
    await desk.ask(hideMessage({ conversationId, messageId: message.messageId, actor: ada }))
    const told = await next()
    expect(told).toMatchObject({
      type: 'entered',
      item: { preview: { hidden: true }, subject: { hidden: true } },
    })
    expect(JSON.stringify(told)).not.toContain('swordfish')
    await desk.inbox.close()
  })

  it('S-044 tells nothing of what was purged, but that it left', async () => {
    const desk = await openDesk()
    const conversationId = await desk.receive({ text: 'swordfish' })
    const before = messagesOf(desk, 'trash')
    const from = await before.started()
    await desk.ask(trash({ conversationId, actor: ada }))
    await desk.ask(purge({ conversationId, actor: ada }))
    for (const view of ['trash', 'allOpen'] as const) {
      const { next } = messagesOf(desk, view, { from })
      const left = { type: 'left', conversationId, position: expect.any(String) }
      expect(await next()).toEqual(left)
      expect(await next()).toMatchObject({ type: 'caughtUp' })
    }
    await desk.inbox.close()
  })

  it("follows the names of contacts, and lists anew where a contact's conversations are many", async () => {
    const desk = await openDesk()
    const { contactId = '' } = await desk.ask(createContact({ name: 'Cy', actor: ada }))
    const conversationId = await desk.receive()
    const { next, started } = messagesOf(desk, 'allOpen')
    await started()
    await desk.ask(associateContact({ conversationId, contact: contactId, actor: ada }))
    expect(await next()).toMatchObject({ type: 'changed', item: { contact: { name: 'Cy' } } })
    await desk.ask(nameContact({ contactId, name: 'Cyrus', actor: ada }))
    expect(await next()).toMatchObject({ type: 'changed', item: { contact: { name: 'Cyrus' } } })
    const { messages, ...crowd } = messagesOf(desk, 'allOpen')
    for (let n = 0; n < 200; n++) await desk.receive({ contact: contactId })
    await crowd.started()
    await desk.ask(nameContact({ contactId, name: 'Cy', actor: ada }))
    expect(await crowd.next()).toMatchObject({ type: 'reload', reason: 'tooManyChanged' })
    await messages.return!()
    await desk.inbox.close()
  })

  it('follows what the viewer has read', async () => {
    const desk = await openDesk()
    const unread = await make(desk, 'unread', 'is', true)
    const conversationId = await desk.receive()
    const all = messagesOf(desk, 'allOpen', mine)
    const list = messagesOf(desk, unread, mine)
    await all.started()
    await list.started()
    await desk.ask(markRead({ conversationId, actor: user('bo') }))
    await desk.ask(markRead({ conversationId, actor: ada }))
    expect(await all.next()).toMatchObject({ type: 'changed', item: { unread: false } })
    expect(await list.next()).toMatchObject({ type: 'left', conversationId })
    await desk.receive({ conversationId })
    expect(await list.next()).toMatchObject({ type: 'entered', item: { unread: true } })
    await desk.ask(assign({ conversationId, owner: ada, actor: ada }))
    expect(await list.next()).toMatchObject({ type: 'changed', item: { owner: ada } })
    await desk.inbox.close()
  })

  it('coalesces what a slow reader has not asked for', async () => {
    const desk = await openDesk()
    const conversationId = await desk.receive()
    const from = await messagesOf(desk, 'allOpen').started()
    for (let n = 0; n < 30; n++)
      await desk.ask(reply({ conversationId, text: `No. ${String(n)}`, actor: ada }))
    const { next } = messagesOf(desk, 'allOpen', { from })
    expect(await next()).toMatchObject({ type: 'changed', item: { preview: 'No. 29' } })
    expect(await next()).toMatchObject({ type: 'caughtUp' })
    await desk.inbox.close()
  })
})

describe('a subscription says to list anew', () => {
  it('where more than 10,000 events came since, or there is no such position', async () => {
    const desk = await openDesk()
    const slow = messagesOf(desk, 'allOpen')
    const quick = messagesOf(desk, 'allOpen')
    const from = await slow.started()
    await quick.started()
    const read = (n: number): NewEvent => ({
      id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      type: 'ConversationRead',
      data: { conversation: 'none', inbound: 1 },
      metadata: {
        schemaVersion: 1,
        account: 'main',
        actor: 'user:bo',
        commandId: String(n),
        occurredAt: desk.clock.now(),
        recordedAt: desk.clock.now(),
      },
    })
    const [first, ...rest] = Array.from({ length: 10_001 }, (_, n) => read(n))
    const stream = streamName('readState', 'main', 'bo')
    right(
      await desk.adapters.store.append({ stream, expected: 'any', events: [first!, ...rest] })(),
    )
    await desk.receive()
    expect(await quick.next()).toMatchObject({ type: 'entered' })
    const tooFar = { type: 'reload', reason: 'tooFarBehind' }
    expect(await slow.next()).toMatchObject(tooFar)
    for (const place of [from, 'no position', from.replace(/0/g, '9')])
      expect(await messagesOf(desk, 'allOpen', { from: place }).next()).toMatchObject(tooFar)
    await desk.inbox.close()
  })

  it('where a custom view means something else, and ends where it is gone', async () => {
    const desk = await openDesk()
    const conversationId = await desk.receive()
    const which = await make(desk, 'status', 'is', 'closed')
    const { next, started, messages } = messagesOf(desk, which)
    await started()
    const filter = { attribute: 'status', operator: 'is', value: 'open' } as const
    await desk.ask(changeView({ viewId: which.view, name: 'Renamed', actor: ada }))
    await desk.ask(changeView({ viewId: which.view, filter, actor: ada }))
    expect(await next()).toMatchObject({ type: 'reload', reason: 'viewChanged' })
    await desk.ask(close({ conversationId, actor: ada }))
    expect(await next()).toMatchObject({ type: 'left', conversationId })
    await desk.ask(deleteView({ viewId: which.view, actor: ada }))
    expect(await next()).toEqual({
      type: 'failed',
      fault: { type: 'NoSuchView', view: which.view },
    })
    expect(await messages.next()).toEqual({ done: true, value: undefined })
    await desk.inbox.close()
  })

  it('where time takes rows out of it, or who comes back may have missed that', async () => {
    const desk = await openDesk()
    const which = await make(desk, 'lastMessageAt', 'from', { ago: 2, unit: 'hours' })
    const { next, started } = messagesOf(desk, which)
    const from = await started()
    desk.clock.pass({ minutes: 5 })
    await desk.receive()
    expect(await next()).toMatchObject({ type: 'reload', reason: 'timePassed' })
    expect(await messagesOf(desk, which, { from }).next()).toMatchObject({ reason: 'timePassed' })
    const days = await make(desk, 'lastMessageAt', 'from', { ago: 2, unit: 'days' })
    const daily = messagesOf(desk, days)
    await daily.started()
    desk.clock.pass({ minutes: 5 })
    await desk.receive()
    expect(await daily.next()).toMatchObject({ type: 'entered' })
    desk.clock.pass({ days: 1 })
    await desk.receive()
    expect(await daily.next()).toMatchObject({ reason: 'timePassed' })
    await desk.inbox.close()
  })
})

describe('K-15 a viewer without access', () => {
  const members = (names: 'everyone' | readonly `user:${string}`[]) =>
    changeMembers({ inboxId: 'support', members: names, actor: 'system' })

  it('hears nothing, nor one who loses it with words waiting to be told', async () => {
    const desk = await openDesk()
    await desk.ask(addUser({ userId: 'bo', roles: ['member'], actor: 'system' }))
    const bo = messagesOf(desk, 'allOpen', { viewer: 'bo' })
    const everywhere = messagesOf(desk, 'allOpen', { viewer: 'bo', inbox: 'all' })
    const from = await bo.started()
    await everywhere.started()
    await desk.receive({ text: 'swordfish' })
    await desk.ask(members([ada]))
    const noAccess = { type: 'failed', fault: { type: 'NoAccess', inbox: 'support' } }
    expect(await bo.next()).toEqual(noAccess)
    expect(await everywhere.next()).toMatchObject({ type: 'reload', reason: 'accessChanged' })
    expect(await messagesOf(desk, 'allOpen', { viewer: 'bo', from }).next()).toEqual(noAccess)
    await desk.receive({ text: 'swordfish' })
    await desk.ask(members('everyone'))
    expect(await everywhere.next()).toMatchObject({ type: 'reload', reason: 'accessChanged' })
    await desk.inbox.close()
  })

  it('is told to list anew where access came and went while nobody listened', async () => {
    const desk = await openDesk()
    await desk.ask(addUser({ userId: 'bo', roles: ['member'], actor: 'system' }))
    const from = await messagesOf(desk, 'allOpen', { viewer: 'bo', inbox: 'all' }).started()
    await desk.ask(members([ada]))
    const { next } = messagesOf(desk, 'allOpen', { viewer: 'bo', inbox: 'all', from })
    expect(await next()).toMatchObject({ type: 'reload', reason: 'accessChanged' })
    await desk.inbox.close()
  })

  it('D-16 hears nothing of another account', async () => {
    const desk = await openDesk()
    const other = { ...desk, inbox: desk.inbox.account('acme') }
    const { next, started } = messagesOf(other, 'allOpen', { inbox: 'all' })
    const from = await started()
    await desk.receive()
    const since = messagesOf(other, 'allOpen', { inbox: 'all', from })
    expect(await since.next()).toMatchObject({ type: 'caughtUp' })
    const pending = next()
    await desk.inbox.close()
    await expect(pending).rejects.toThrow('it has ended')
  })
})

describe('a subscription ends', () => {
  it('with its signal, with its reader, and with the inbox', async () => {
    const desk = await openDesk()
    const stop = new AbortController()
    const all = [
      messagesOf(desk, 'allOpen', { signal: stop.signal }),
      messagesOf(desk, 'allOpen'),
      messagesOf(desk, 'allOpen'),
    ]
    for (const { started } of all) await started()
    const waiting = all.map(({ messages }) => messages.next())
    stop.abort()
    await all[1]!.messages.return!()
    await desk.inbox.close()
    expect(await Promise.all(waiting)).toEqual(all.map(() => ({ done: true, value: undefined })))
  })

  it('at once where what is asked for makes no sense, and says what was expected', async () => {
    const desk = await openDesk()
    const first = (view: View, request?: SubscribeRequest) => messagesOf(desk, view, request).next()
    expect(await first('assignedToMe')).toMatchObject({ fault: { field: 'viewer' } })
    expect(await first('nothing' as 'trash')).toMatchObject({ fault: { field: 'view' } })
    expect(await first('trash', { from: 7 as never })).toEqual({
      type: 'failed',
      fault: {
        type: 'InvalidQuery',
        field: 'from',
        expected: 'a position, as messages bear it',
        found: 'number',
      },
    })
    expect(await first({ view: 'none' })).toMatchObject({ fault: { type: 'NoSuchView' } })
    await desk.inbox.close()
  })

  it('not where the store is away for a moment', async () => {
    const adapters = await memory()
    const faults: unknown[] = []
    let away = 0
    const readStream: typeof adapters.store.readStream = (stream, options) =>
      away > 0 && stream.startsWith('conversation-') && away-- > 0
        ? () => Promise.resolve(E.left({ type: 'Unavailable', reason: 'away' }))
        : adapters.store.readStream(stream, options)
    const faulty = lasting({ ...adapters, store: { ...adapters.store, readStream } })
    const desk = await openDesk(faulty, { onFault: (_, fault) => void faults.push(fault) })
    const { next, started } = messagesOf(desk, 'allOpen')
    await started()
    await desk.receive()
    away = 1
    expect(await next()).toMatchObject({ type: 'entered' })
    expect(faults).toEqual([{ type: 'Unavailable', reason: 'away' }])
    await desk.inbox.close()
  })

  it('at once, though the views are behind and do not get on', async () => {
    const { store, readModels: tables, vault, blobs, close: end } = await memory()
    let getOn = (): void => undefined
    let stuck: Promise<void> | undefined
    const apply: typeof tables.apply = (projection, batch) => async () => {
      await stuck
      return tables.apply(projection, batch)()
    }
    const readModels = { ...tables, apply }
    const desk = await openDesk({ store, readModels, vault, blobs, close: end })
    const listening = messagesOf(desk, 'allOpen')
    await listening.started()
    stuck = new Promise((resolve) => {
      getOn = resolve
    })
    await desk.receive()
    const waits = listening.messages.next()
    await listening.messages.return!()
    expect(await waits).toEqual({ done: true, value: undefined })
    const beginning = messagesOf(desk, 'allOpen').messages
    const first = beginning.next()
    await beginning.return!()
    expect(await first).toEqual({ done: true, value: undefined })
    getOn()
    stuck = undefined
    expect(await messagesOf(desk, 'allOpen').next()).toMatchObject({ reason: 'started' })
    await desk.inbox.close()
  })
})
