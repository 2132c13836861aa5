/** Spam, blocked and allowed senders, by channels other than mail: D-08, D-09, D-17, D-20, D-25. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  allowSender,
  blockSender,
  close,
  denySender,
  markAsSpam,
  markRead,
  purge,
  trash,
  unblockSender,
  unmarkAsSpam,
  type IdentityKind,
} from '@threadbook/core'
import { echoOf, receiveChatMessage, submitForm } from '@threadbook/channels'
import { ada, chatMessage, openDesk, right, submission, type Desk } from './fixtures.js'

const actor = ada
let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})

const block = (conversationId: string) => desk.ask(blockSender({ conversationId, actor }))
const lastOf = async (conversationId: string) => (await desk.told(conversationId)).at(-1)

describe('S-080 a blocked visitor', () => {
  it.each(['chat', 'messenger'] as const)(
    'D-08 S-080 writes to nobody by %s: it is in no view, no thread and no count',
    async (channel) => {
      const { conversationId } = await desk[channel]()
      await block(conversationId)
      expect(await desk.shownIn(conversationId)).toEqual(['spam'])
      const before = {
        row: await desk.row(conversationId),
        entries: await desk.entries(conversationId),
      }
      const taken = await desk[channel]({ text: 'You will pay for this' })
      expect(taken).toMatchObject({ outcome: 'blocked', conversationId })
      expect(await lastOf(conversationId)).toBe('BlockedMessageReceived')
      expect(await desk.entries(conversationId)).toEqual(before.entries)
      expect(await desk.row(conversationId)).toEqual({
        ...before.row,
        hasBlocked: true,
        blockedSince: desk.now(),
        blocked: { [taken.messageId]: desk.now() },
      })
    },
  )

  it('S-080 sees the widget as before, and what they wrote as sent', async () => {
    const { conversationId } = await desk.chat()
    const message = chatMessage({ text: 'Hello?' })
    const echo = () => echoOf(message, desk.now())
    const asBefore = echo()
    await block(conversationId)
    const taken = right(await receiveChatMessage(desk.inbox, message))
    expect(taken.outcome).toBe('blocked')
    expect({ ...echo(), message: { ...echo().message, at: asBefore.message.at } }).toEqual(asBefore)
    expect(asBefore).toMatchObject({ shown: true, message: { text: 'Hello?', status: 'sent' } })
  })

  it('D-25 writes into a conversation that no view shows, where none of theirs lives', async () => {
    const { conversationId } = await desk.chat()
    await block(conversationId)
    await desk.ask(trash({ conversationId, actor }))
    await desk.ask(purge({ conversationId, actor }))
    const taken = await desk.chat()
    expect(taken.outcome).toBe('blocked')
    expect(await desk.told(taken.conversationId)).toEqual([
      'ConversationStarted',
      'BlockedMessageReceived',
    ])
    expect(await desk.shownIn(taken.conversationId)).toEqual([])
    expect((await desk.chat()).conversationId).toBe(taken.conversationId)
    expect(right(await desk.inbox.views.counts()).views).toMatchObject({ allOpen: 0, spam: 0 })
  })

  it('D-25 reaches no conversation that is in Trash', async () => {
    const { conversationId } = await desk.chat()
    await block(conversationId)
    await desk.ask(trash({ conversationId, actor }))
    const taken = await desk.chat()
    expect(taken.conversationId).not.toBe(conversationId)
    expect(await desk.shownIn(conversationId)).toEqual(['trash'])
  })

  it('D-17 becomes no contact by it', async () => {
    const visitor = { kind: 'chat', scope: 'address', sender: 'visitor-1', actor } as const
    await desk.ask(blockSender(visitor))
    const { conversationId } = await desk.chat({ name: 'Zoe' })
    expect(await desk.row(conversationId)).toMatchObject({ contact: null })
    expect((await desk.log()).map(({ type }) => type)).not.toContain('ContactCreated')
  })

  it('D-13 D-21 makes nothing unread, reopens and wakes nothing', async () => {
    const { conversationId } = await desk.chat()
    await desk.ask(markRead({ conversationId, actor }))
    await block(conversationId)
    await desk.ask(close({ conversationId, actor }))
    await desk.chat()
    expect(await desk.row(conversationId)).toMatchObject({ status: 'closed', inbound: 1 })
  })

  it('is taken in once', async () => {
    const { conversationId } = await desk.chat()
    await block(conversationId)
    const first = await desk.chat({ messageId: 'the-same' })
    const before = await desk.log()
    const again = await desk.chat({ messageId: 'the-same' })
    expect(again).toMatchObject({ outcome: 'duplicate', messageId: first.messageId })
    expect(await desk.log()).toEqual(before)
  })

  it('S-079 D-09 is heard again once unblocked; what they wrote meanwhile stays unheard', async () => {
    const { conversationId } = await desk.chat()
    await block(conversationId)
    await desk.chat({ text: 'unheard' })
    await desk.ask(unblockSender({ conversationId, actor }))
    expect(await desk.shownIn(conversationId)).toEqual(['spam'])
    const { outcome } = await desk.chat({ text: 'heard' })
    expect(outcome).toBe('received')
    await desk.ask(unmarkAsSpam({ conversationId, actor }))
    expect(await desk.shownIn(conversationId)).toEqual(['unassigned', 'allOpen', 'chat'])
    expect(JSON.stringify(await desk.entries(conversationId))).not.toContain('unheard')
  })

  it('S-079 D-25 begins anew once unblocked, where nothing but blocked messages was', async () => {
    const visitor = { kind: 'chat', scope: 'address', sender: 'visitor-1', actor } as const
    await desk.ask(blockSender(visitor))
    const unheard = await desk.chat()
    await desk.ask(unblockSender(visitor))
    const heard = await desk.chat()
    expect(heard.conversationId).not.toBe(unheard.conversationId)
    expect(await desk.shownIn(heard.conversationId)).toEqual(['unassigned', 'allOpen', 'chat'])
  })
})

describe('the 90 days of what a blocked visitor wrote', () => {
  const keyOf = async (conversationId: string) =>
    (
      (await desk.stream('conversation', conversationId)).find(
        ({ type }) => type === 'BlockedMessageReceived',
      )!.data as { key: string }
    ).key
  const isThere = async (key: string) => right(await desk.adapters.vault.read([key])()).has(key)
  const tick = async () => right(await desk.inbox.tick(desk.now()))

  it('K-04 D-25 end with its key destroyed, and the conversation as it was', async () => {
    const { conversationId } = await desk.chat()
    await block(conversationId)
    await desk.ask(unmarkAsSpam({ conversationId, actor }))
    await desk.chat()
    const key = await keyOf(conversationId)
    const before = await desk.row(conversationId)
    desk.pass({ days: 89 })
    await tick()
    expect(await isThere(key)).toBe(true)
    desk.pass({ days: 2 })
    await tick()
    expect(await isThere(key)).toBe(false)
    expect(await desk.row(conversationId)).toEqual({
      ...before,
      hasBlocked: false,
      blockedSince: null,
      blocked: {},
    })
    const log = await desk.log()
    await tick()
    expect(await desk.log()).toEqual(log)
  })

  it('K-04 D-25 end the conversation that held nothing else', async () => {
    await desk.ask(blockSender({ kind: 'chat', scope: 'address', sender: 'visitor-1', actor }))
    const { conversationId } = await desk.chat()
    const key = await keyOf(conversationId)
    desk.pass({ days: 91 })
    await tick()
    expect(await isThere(key)).toBe(false)
    expect(await lastOf(conversationId)).toBe('Purged')
    expect(await desk.row(conversationId)).toBeUndefined()
    expect((await desk.chat()).conversationId).not.toBe(conversationId)
  })
})

describe('D-20 a blocked sender', () => {
  it.each(['form', 'call'] as const)(
    'S-081 S-078 is kept as spam by %s, this one and all to come',
    async (channel) => {
      const { conversationId } = await desk[channel]()
      await block(conversationId)
      expect(await desk.shownIn(conversationId)).toEqual(['spam'])
      const next = await (channel === 'form' ? desk.form() : desk.call({ newConversation: true }))
      expect(next.conversationId).not.toBe(conversationId)
      expect(await desk.shownIn(next.conversationId)).toEqual(['spam'])
    },
  )

  it('S-110 D-20 is blocked on their kind of channel alone, in every inbox', async () => {
    const form = await desk.form()
    const chat = await desk.chat({ email: 'zoe@mail.example' })
    await block(form.conversationId)
    expect((await desk.chat()).outcome).toBe('received')
    expect(await desk.shownIn(chat.conversationId)).toContain('chat')
    await desk.ask({ type: 'ConnectChannel', inboxId: 'sales', channel: 'form', actor })
    const sales = desk.inbox.account('main', 'sales')
    expect(right(await submitForm(sales, submission())).spam).toBe('blockedSender')
    expect((await desk.form()).spam).toBe('blockedSender')
  })

  it('D-08 has with includeExisting their other open ones filtered too, and only theirs', async () => {
    const [hand, open, closed] = [await desk.form(), await desk.form(), await desk.form()]
    await desk.ask(close({ conversationId: closed.conversationId, actor }))
    const other = await desk.form({ email: 'bo@mail.example' })
    const chat = await desk.chat({ email: 'zoe@mail.example' })
    const { conversationId } = hand
    await desk.ask(blockSender({ conversationId, includeExisting: true, actor }))
    const spam = async ({ conversationId: id }: { conversationId: string }) =>
      (await desk.row(id))?.spamCause
    expect(await Promise.all([hand, open, closed, other, chat].map(spam))).toEqual([
      'blockedSender',
      'blockedSender',
      null,
      null,
      null,
    ])
  })

  it('D-08 has with includeExisting all filtered, named without a conversation', async () => {
    const { conversationId } = await desk.form()
    const zoe = { kind: 'email', scope: 'address', sender: 'ZOE@mail.example' } as const
    await desk.ask(blockSender({ ...zoe, includeExisting: true, actor }))
    expect(await desk.shownIn(conversationId)).toEqual(['spam'])
  })

  it('D-09 S-079 is unblocked for what comes, and nothing that came', async () => {
    const { conversationId } = await desk.form()
    await block(conversationId)
    await desk.ask(unblockSender({ conversationId, actor }))
    expect(await desk.shownIn(conversationId)).toEqual(['spam'])
    expect((await desk.form()).spam).toBeUndefined()
  })
})

describe('D-08 the lists hold for every channel alike', () => {
  const senders: readonly (readonly [
    'chat' | 'messenger' | 'form' | 'call',
    IdentityKind,
    string,
  ])[] = [
    ['chat', 'chat', 'visitor-1'],
    ['messenger', 'messenger', 'page-1:psid-1'],
    ['form', 'email', 'zoe@mail.example'],
    ['call', 'phone', '+49 30 123456'],
  ]
  it.each(senders)('K-03 a denied sender begins spam: %s', async (channel, kind, sender) => {
    await desk.ask(denySender({ kind, scope: 'address', sender, actor }))
    const { spam, conversationId } = await desk[channel]()
    expect(spam).toBe('deniedSender')
    expect(await desk.shownIn(conversationId)).toEqual(['spam'])
    expect(await desk.row(conversationId)).toMatchObject({ contact: null })
  })

  it.each(senders)('D-08 the last word counts: %s', async (channel, kind, sender) => {
    const about = { kind, scope: 'address', sender, actor } as const
    await desk.ask(blockSender(about))
    await desk.ask(allowSender(about))
    expect((await desk[channel]()).spam).toBeUndefined()
    await desk.ask(denySender(about))
    // It joins what runs, and changes nothing but the thread (D-21).
    const filtered = await desk[channel]()
    expect(filtered.spam).toBe('deniedSender')
  })

  it('K-03 a denied domain is of addresses, and an address of it may be allowed', async () => {
    await desk.ask(denySender({ kind: 'email', scope: 'domain', sender: 'mail.example', actor }))
    expect((await desk.form()).spam).toBe('deniedDomain')
    await desk.ask(
      allowSender({ kind: 'email', scope: 'address', sender: 'zoe@mail.example', actor }),
    )
    expect((await desk.form()).spam).toBeUndefined()
  })

  it('K-01 a role is of mail alone: a form’s sales@ is wanted', async () => {
    expect((await desk.form({ email: 'sales@mail.example' })).spam).toBeUndefined()
  })

  it('S-083 marking as spam is of this thread alone', async () => {
    const { conversationId } = await desk.form()
    await desk.ask(markAsSpam({ conversationId, actor }))
    expect((await desk.form()).spam).toBeUndefined()
  })

  it('K-05 the lists act only here: nothing leaves for anybody', async () => {
    const { conversationId } = await desk.form()
    const before = (await desk.log()).length
    await block(conversationId)
    const types = (await desk.log()).slice(before).map(({ type }) => type)
    expect(types).toEqual(['SenderBlocked', 'MarkedAsSpam'])
  })
})
