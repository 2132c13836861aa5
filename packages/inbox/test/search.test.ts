import { describe, expect, it } from '@jest/globals'
import {
  addUser,
  assign,
  associateContact,
  close,
  comment,
  createContact,
  createTeam,
  deactivateUser,
  deleteTeam,
  eraseContact,
  hideMessage,
  conversations,
  markAsSpam,
  markRead,
  mergeInto,
  nameContact,
  openAccount,
  purge,
  reactivateUser,
  removeUser,
  renameTeam,
  takeOverByBot,
  team,
  trash,
  unhideMessage,
  unmerge,
  user,
} from '@threadbook/core'
import type { SearchRequest } from '@threadbook/inbox'
import { memory } from '@threadbook/sourcing/memory'
import { ada, openDesk, right, type Desk } from './fixtures.js'

const bo = user('bo')
const found = async (desk: Desk, request: SearchRequest | string) =>
  right(await desk.inbox.search(typeof request === 'string' ? { text: request } : request)).found

const ids = async (desk: Desk, request: SearchRequest | string): Promise<readonly string[]> =>
  (await found(desk, request)).map(({ item }) => item.conversationId)

const refusedSearch = async (desk: Desk, request: SearchRequest) => {
  const answer = await desk.inbox.search(request)
  return answer._tag === 'Left' ? answer.left : undefined
}

const messageOf = async (desk: Desk, id: string): Promise<string> => {
  const received = (await desk.stream('conversation', id)).find(
    ({ type }) => type === 'MessageReceived',
  )
  return (received!.data as { messageId: string }).messageId
}

describe('a search', () => {
  it('S-009 finds what holds the words and passes the filters, both at once', async () => {
    const desk = await openDesk()
    const wanted = await desk.receive({ text: 'A refund, please' })
    const closed = await desk.receive({ text: 'The refund came' })
    await desk.receive({ text: 'An invoice' })
    await desk.ask(close({ conversationId: closed, actor: ada }))
    expect(await ids(desk, 'refund')).toEqual([closed, wanted])
    expect(await ids(desk, 'refund status:open')).toEqual([wanted])
    expect(await ids(desk, { text: 'refund', status: 'closed' })).toEqual([closed])
    expect(await ids(desk, { status: 'closed' })).toEqual([closed])
    expect(await ids(desk, 'refund invoice')).toEqual([])
  })

  it('finds by subject, text, names and addresses, and shows where', async () => {
    const desk = await openDesk()
    const id = await desk.receive({ from: 'zoé', text: 'My order is late' })
    const [hit] = await found(desk, 'order')
    expect(hit).toMatchObject({
      item: { conversationId: id, subject: 'My order is late' },
      hit: {
        conversationId: id,
        messageId: await messageOf(desk, id),
        snippet: {
          part: 'subject',
          pieces: [
            { text: 'My ', hit: false },
            { text: 'order', hit: true },
            { text: ' is late', hit: false },
          ],
        },
      },
    })
    const [byAddress] = await found(desk, 'zoe@mail.example')
    expect(byAddress!.hit).toMatchObject({ snippet: { part: 'people' } })
    await desk.ask(comment({ conversationId: id, text: 'Asked the warehouse', actor: ada }))
    const [byComment] = await found(desk, 'warehouse')
    expect(byComment!.hit).toMatchObject({ snippet: { part: 'comment' } })
  })

  it('S-010 by status', async () => {
    const desk = await openDesk()
    const [one, other] = [await desk.receive(), await desk.receive()]
    await desk.ask(close({ conversationId: one, actor: ada }))
    expect(await ids(desk, { status: 'open' })).toEqual([other])
    expect(await ids(desk, { status: 'closed' })).toEqual([one])
  })

  it('S-011 by the channel it was created from', async () => {
    const desk = await openDesk()
    const mail = await desk.receive()
    const chat = await desk.receive({ channel: 'chat' })
    expect(await ids(desk, { channel: 'chat' })).toEqual([chat])
    expect(await ids(desk, { channel: ['email', 'messenger'] })).toEqual([mail])
  })

  it('S-012 by the contact it is associated with, and by what that contact is called now', async () => {
    const desk = await openDesk()
    const { contactId } = await desk.ask(createContact({ name: 'Zoe Quinn', actor: ada }))
    const id = await desk.receive()
    await desk.receive()
    await desk.ask(associateContact({ conversationId: id, contact: contactId!, actor: ada }))
    expect(await ids(desk, { contact: contactId! })).toEqual([id])
    expect(await ids(desk, 'quinn')).toEqual([id])
    await desk.ask(nameContact({ contactId: contactId!, name: 'Zoe Marsh', actor: ada }))
    expect(await ids(desk, 'marsh')).toEqual([id])
    expect(await ids(desk, 'quinn')).toEqual([])
  })

  it('S-013 by the team member it is assigned to', async () => {
    const desk = await openDesk()
    const [mine, theirs] = [await desk.receive(), await desk.receive()]
    await desk.ask(assign({ conversationId: mine, owner: ada, actor: ada }))
    await desk.ask(assign({ conversationId: theirs, owner: team('night'), actor: ada }))
    expect(await ids(desk, { assignee: ada })).toEqual([mine])
    expect(await ids(desk, { assignee: 'me', viewer: 'ada' })).toEqual([mine])
    expect(await ids(desk, { assignee: 'team:night' })).toEqual([theirs])
    expect(await ids(desk, 'assignee:ada')).toEqual([mine])
    expect(await ids(desk, 'owner:ada')).toEqual([mine])
    expect(await ids(desk, { assignee: 'me' })).toEqual([])
  })

  it('S-014 by the name of the bot chatflow', async () => {
    const desk = await openDesk()
    const id = await desk.receive({ channel: 'chat' })
    await desk.receive({ channel: 'chat' })
    const bot = { chatflowId: 'flow-1', chatflowName: 'Order status' }
    await desk.ask(takeOverByBot({ conversationId: id, ...bot, actor: 'bot:1' }))
    expect(await ids(desk, { chatflow: 'Order status' })).toEqual([id])
    expect(await ids(desk, 'bot:"Order status"')).toEqual([id])
  })

  it('S-015 S-027 by a deactivated user, who keeps what they own, and by a removed one, who owned it', async () => {
    const desk = await openDesk()
    await desk.ask(addUser({ userId: 'bo', actor: ada }))
    const id = await desk.receive()
    await desk.ask(assign({ conversationId: id, owner: bo, actor: ada }))
    await desk.ask(deactivateUser({ userId: 'bo', actor: ada }))
    expect(await ids(desk, { assignee: bo })).toEqual([id])
    await desk.ask(removeUser({ userId: 'bo', actor: ada }))
    await desk.inbox.settled()
    expect(await ids(desk, { assignee: bo })).toEqual([])
    expect(await ids(desk, { assignee: bo, formerly: true })).toEqual([id])
    expect(await ids(desk, 'formerly:bo')).toEqual([id])
    await desk.inbox.close()
  })

  it('S-013 S-014 S-015 by whom a screen offers: who is there, and who is gone only when it asks', async () => {
    const desk = await openDesk()
    await desk.ask(addUser({ userId: 'ada', name: 'Ada', roles: ['admin'], actor: 'system' }))
    for (const [userId, name] of [
      ['bo', 'Bo'],
      ['cy', undefined],
    ] as const)
      await desk.ask(addUser({ userId, actor: ada, ...(name !== undefined && { name }) }))
    await desk.ask(createTeam({ teamId: 'night', name: 'Night', actor: ada }))
    await desk.ask(createTeam({ teamId: 'old', name: 'Old', actor: ada }))
    const conversationId = await desk.receive({ channel: 'chat' })
    const bot = { chatflowId: 'flow-1', chatflowName: 'Order status', actor: 'bot:1' } as const
    await desk.ask(takeOverByBot({ conversationId, ...bot }))
    await desk.ask(takeOverByBot({ conversationId: await desk.receive(), ...bot }))
    await desk.ask(deactivateUser({ userId: 'bo', actor: ada }))
    await desk.ask(removeUser({ userId: 'cy', actor: ada }))
    await desk.ask(deleteTeam({ teamId: 'old', actor: ada }))
    const shown = [
      { kind: 'bot', chatflow: 'Order status' },
      { kind: 'user', assignee: 'user:ada', name: 'Ada', situation: 'active' },
      { kind: 'user', assignee: 'user:bo', name: 'Bo', situation: 'deactivated' },
      { kind: 'user', assignee: 'user:cy', name: null, situation: 'removed' },
      { kind: 'team', assignee: 'team:night', name: 'Night', situation: 'active' },
      { kind: 'team', assignee: 'team:old', name: 'Old', situation: 'removed' },
    ]
    const there = shown.filter(({ situation = 'active' }) => situation === 'active')
    expect(right(await desk.inbox.assignees())).toEqual(there)
    expect(right(await desk.inbox.assignees({ includeGone: true }))).toEqual(shown)
    expect(right(await desk.inbox.account('other').assignees({ includeGone: true }))).toEqual([])
    await desk.ask(reactivateUser({ userId: 'bo', actor: ada }))
    await desk.ask(addUser({ userId: 'cy', name: 'Cy', actor: ada }))
    await desk.ask(renameTeam({ teamId: 'night', name: 'Late', actor: ada }))
    expect(right(await desk.inbox.assignees())).toEqual([
      shown[0],
      shown[1],
      { ...shown[2], situation: 'active' },
      { ...shown[3], name: 'Cy', situation: 'active' },
      { ...shown[4], name: 'Late' },
    ])
    await desk.inbox.close()
  })

  it('S-016 S-111 by days it took place on, in the account’s own zone', async () => {
    const desk = await openDesk()
    const zone = 'Pacific/Auckland'
    await desk.ask(openAccount({ createdOn: '2024-01-01', zone, edition: 'free', actor: ada }))
    // 2 March, 22:05 in Auckland; and again four days later.
    const id = await desk.receive()
    desk.clock.pass({ days: 4 })
    const answer = await desk.requestOf({ conversationId: id })
    await desk.ask(answer)
    for (const [from, to, isFound] of [
      ['2026-03-02', '2026-03-02', true],
      ['2026-03-03', '2026-03-05', true],
      ['2026-03-06', undefined, true],
      [undefined, '2026-03-01', false],
      ['2026-03-07', undefined, false],
    ] as const)
      expect([from, to, await ids(desk, { from, to })]).toEqual([from, to, isFound ? [id] : []])
    expect(await ids(desk, { to: '2026-03-02', zone: 'Pacific/Honolulu' })).toEqual([id])
    expect(await ids(desk, 'before:2026-03-02')).toEqual([])
    expect(await ids(desk, 'since:1d')).toEqual([id])
  })

  it('S-017 S-018 D-14 spans what is filtered and what is in Trash, unless told otherwise', async () => {
    const desk = await openDesk()
    const [wanted, filtered, trashed] = [
      await desk.receive({ text: 'offer' }),
      await desk.receive({ text: 'offer' }),
      await desk.receive({ text: 'offer' }),
    ]
    await desk.ask(markAsSpam({ conversationId: filtered, actor: ada }))
    await desk.ask(trash({ conversationId: trashed, actor: ada }))
    expect(await ids(desk, 'offer')).toEqual([trashed, filtered, wanted])
    expect(await ids(desk, { text: 'offer', hideFiltered: true })).toEqual([trashed, wanted])
    expect(await ids(desk, { text: 'offer', hideTrash: true })).toEqual([filtered, wanted])
    expect(await ids(desk, { text: 'offer', hideFiltered: true, hideTrash: true })).toEqual([
      wanted,
    ])
    expect(await ids(desk, 'offer is:filtered')).toEqual([filtered])
    expect(await ids(desk, 'offer spam:no is:trashed')).toEqual([trashed])
  })

  it('S-019 D-13 newest first, or oldest first, or who waits longest', async () => {
    const desk = await openDesk()
    const all = [await desk.receive(), await desk.receive(), await desk.receive()]
    expect(await ids(desk, {})).toEqual([...all].reverse())
    expect(await ids(desk, { sort: 'oldestFirst' })).toEqual(all)
    await desk.ask(await desk.requestOf({ conversationId: all[0]! }))
    await desk.ask(close({ conversationId: all[1]!, actor: ada }))
    // A comment is no activity.
    await desk.ask(comment({ conversationId: all[1]!, text: 'x', actor: ada }))
    expect(await ids(desk, {})).toEqual([all[0], all[2], all[1]])
    expect(await ids(desk, { sort: 'longestWaiting' })).toEqual([all[0], all[2], all[1]])
  })

  it('S-019 D-13 in pages, each in its order', async () => {
    const desk = await openDesk()
    const all: string[] = []
    for (let n = 0; n < 9; n++) all.push(await desk.receive({ text: 'refund' }))
    for (const id of all.slice(0, 4)) await desk.ask(close({ conversationId: id, actor: ada }))
    const paged = async (request: SearchRequest) => {
      const pages: string[] = []
      for (let after: string | undefined; ;) {
        const page = right(await desk.inbox.search({ ...request, after, limit: 2 }))
        pages.push(...page.found.map(({ item }) => item.conversationId))
        after = page.next
        if (after === undefined) return pages
      }
    }
    for (const sort of ['newestFirst', 'oldestFirst', 'longestWaiting'] as const)
      for (const text of ['refund', ''])
        expect(await paged({ sort, text })).toEqual(await ids(desk, { sort, text }))
    expect(await paged({ sort: 'longestWaiting' })).toEqual([...all.slice(4), ...all.slice(0, 4)])
  })

  it('S-020 is a mode of its own: lists are what they were', async () => {
    const desk = await openDesk()
    await desk.receive({ text: 'refund' })
    const before = right(await desk.inbox.views.list('allOpen'))
    await ids(desk, 'refund status:closed')
    expect(right(await desk.inbox.views.list('allOpen'))).toEqual(before)
  })

  it('by unread, of whoever looks', async () => {
    const desk = await openDesk()
    const [one, other] = [await desk.receive(), await desk.receive()]
    await desk.ask(markRead({ conversationId: one, actor: ada }))
    expect(await ids(desk, { text: 'is:unread', viewer: 'ada' })).toEqual([other])
    expect(await ids(desk, { text: 'unread:no', viewer: 'ada' })).toEqual([one])
    expect(await ids(desk, { text: 'is:unread', viewer: 'bo' })).toEqual([other, one])
    expect(await ids(desk, { text: '-is:unread status:open', viewer: 'ada', limit: 1 })).toEqual([
      one,
    ])
  })

  it('of several inboxes, of one, or of the whole account', async () => {
    const desk = await openDesk()
    const here = await desk.receive({ text: 'refund' })
    const sales = desk.inbox.account('main', 'sales')
    expect(right(await sales.search({ text: 'refund' })).found).toEqual([])
    expect(await ids(desk, { text: 'refund', inbox: ['sales', 'support'] })).toEqual([here])
    expect(await ids(desk, { text: 'refund', inbox: 'all' })).toEqual([here])
    expect(await ids(desk, { text: 'refund', inbox: [] })).toEqual([])
  })

  it('D-16 finds nothing of another account', async () => {
    const desk = await openDesk()
    await desk.receive({ text: 'refund' })
    const other = desk.inbox.account('other')
    expect(right(await other.search({ text: 'refund', inbox: 'all' })).found).toEqual([])
    expect(right(await other.search({ inbox: 'all' })).found).toEqual([])
  })
})

describe('what nobody may read', () => {
  it('D-10 D-14 of a hidden message is not found from then on, and is again once it is shown', async () => {
    const desk = await openDesk()
    const id = await desk.receive({ text: 'my password is tulip' })
    await desk.ask(await desk.requestOf({ conversationId: id, text: 'thanks' }))
    const message = { conversationId: id, messageId: await messageOf(desk, id), actor: ada }
    expect(await ids(desk, 'tulip')).toEqual([id])
    await desk.ask(hideMessage(message))
    expect(await ids(desk, 'tulip')).toEqual([])
    expect(await ids(desk, 'thanks')).toEqual([id])
    await desk.ask(unhideMessage(message))
    expect(await ids(desk, 'tulip')).toEqual([id])
  })

  it('D-14 S-044 of a purged conversation is not found', async () => {
    const desk = await openDesk()
    const id = await desk.receive({ text: 'tulip' })
    expect(await ids(desk, 'tulip')).toEqual([id])
    await desk.ask(trash({ conversationId: id, actor: ada }))
    await desk.ask(purge({ conversationId: id, actor: ada }))
    expect(await ids(desk, 'tulip')).toEqual([])
    expect(right(await desk.adapters.search!.openedBy([])())).toEqual([])
  })

  it('D-08 of blocked visitors is not found: it is in no search', async () => {
    const desk = await openDesk()
    const known = await desk.receive({ channel: 'chat' })
    const { message, from, start } = await desk.requestOf({ channel: 'chat', text: 'tulip' })
    const times = { at: desk.clock.now(), now: desk.clock.now() }
    for (const [id, more] of [
      [known, {}],
      ['01990000-0000-7000-8000-000000000000', { start: start! }],
    ] as const)
      right(
        await desk.inbox.door.commands.transact(
          { account: 'main', actor: 'contact', commandId: id, occurredAt: times.at },
          async (transaction) =>
            transaction.decide(conversations, id, {
              type: 'ReceiveBlockedMessage',
              conversationId: id,
              message,
              from,
              key: start!.key,
              actor: 'contact',
              ...more,
              ...times,
            }),
        ),
      )
    expect((await desk.stream('conversation', known)).at(-1)!.type).toBe('BlockedMessageReceived')
    expect(await ids(desk, 'tulip')).toEqual([])
    expect(await ids(desk, { inbox: 'all' })).toEqual([known])
  })

  it('S-109 of an erased contact is not found, in whatever was written by or to them', async () => {
    const desk = await openDesk()
    const { contactId } = await desk.ask(createContact({ name: 'Tulip Zoe', actor: ada }))
    const id = await desk.receive({ text: 'refund' })
    await desk.ask(associateContact({ conversationId: id, contact: contactId!, actor: ada }))
    const other = await desk.receive({ text: 'refund' })
    expect(await ids(desk, 'tulip')).toEqual([id])
    await desk.ask(eraseContact({ contactId: contactId!, actor: ada }))
    expect(await ids(desk, 'tulip')).toEqual([])
    expect(await ids(desk, 'refund')).toEqual([other])
  })
})

it('D-24 what was merged finds where it went, and itself again after the undo', async () => {
  const desk = await openDesk()
  const [source, target] = [
    await desk.receive({ text: 'tulip' }),
    await desk.receive({ text: 'rose' }),
  ]
  await desk.ask(mergeInto({ conversationId: source, target, actor: ada }))
  const [hit] = await found(desk, 'tulip')
  expect(hit).toMatchObject({ item: { conversationId: target }, hit: { conversationId: source } })
  await desk.ask(unmerge({ conversationId: source, actor: ada }))
  expect(await ids(desk, 'tulip')).toEqual([source])
  expect(await ids(desk, 'rose')).toEqual([target])
})

it('names what is wrong with a search, and finds nothing for signs without a word', async () => {
  const desk = await openDesk()
  await desk.receive({ text: 'refund' })
  expect(await refusedSearch(desk, { text: 'refund asignee:ada' })).toMatchObject({
    type: 'InvalidSearchText',
    position: 7,
  })
  expect(await refusedSearch(desk, { from: 'monday' })).toMatchObject({ type: 'InvalidFilter' })
  expect(await refusedSearch(desk, { limit: 0 })).toMatchObject({ type: 'InvalidQuery' })
  expect(await refusedSearch(desk, { after: 'x' })).toMatchObject({ field: 'after' })
  expect(await ids(desk, ':-)')).toEqual([])
})

it('says so where the host’s adapters find no words; filters are answered all the same', async () => {
  const { store, readModels, vault, blobs, close: closeAll } = await memory()
  const desk = await openDesk({ store, readModels, vault, blobs, close: closeAll })
  const id = await desk.receive({ text: 'refund' })
  expect(await refusedSearch(desk, { text: 'refund' })).toEqual({ type: 'NoSearchIndex' })
  expect(await ids(desk, 'status:open')).toEqual([id])
})
