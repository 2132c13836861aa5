/** What is unread, for whom: in the list and in counts. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  assign,
  close,
  comment,
  compose,
  markAsSpam,
  markRead,
  markUnread,
  reply,
  restore,
  trash,
  user,
} from '@threadbook/core'
import { views, type ViewKey } from '@threadbook/projection-views'
import * as fc from 'fast-check'
import { ada, openDesk, right, type Desk } from './fixtures.js'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})

const listed = async (view: ViewKey, viewer = 'ada') => {
  const { items } = right(await desk.inbox.views.list(view, { viewer, limit: 500 }))
  return items.map(({ conversationId, unread }) => ({ conversationId, unread }))
}
const unreadOf = async (conversationId: string, viewer = 'ada') =>
  (await listed('email', viewer)).find((each) => each.conversationId === conversationId)?.unread
const counts = async (viewer = 'ada') => right(await desk.inbox.views.unread({ viewer }))

describe('a conversation', () => {
  it('is unread until the viewer has read it, and again with every message', async () => {
    const conversationId = await desk.receive()
    expect(await unreadOf(conversationId)).toBe(true)
    await desk.ask(markRead({ conversationId, actor: ada }))
    expect(await unreadOf(conversationId)).toBe(false)
    expect(await unreadOf(conversationId, 'bea')).toBe(true)
    await desk.receive({ conversationId })
    expect(await unreadOf(conversationId)).toBe(true)
  })

  it('is unread still, where a message came after the screen was shown', async () => {
    const conversationId = await desk.receive()
    await desk.receive({ conversationId })
    await desk.ask(markRead({ conversationId, seen: 1, actor: ada }))
    expect(await unreadOf(conversationId)).toBe(true)
    await desk.ask(markRead({ conversationId, seen: 2, actor: ada }))
    expect(await unreadOf(conversationId)).toBe(false)
  })

  it.each<[what: string, act: (conversationId: string) => Promise<unknown>]>([
    [
      'D-13 a comment',
      (conversationId) =>
        desk.ask(comment({ conversationId, text: 'hm', mentions: ['ada'], actor: user('bea') })),
    ],
    [
      'a reply',
      (conversationId) => desk.ask(reply({ conversationId, text: 'Yes', actor: user('bea') })),
    ],
    [
      'D-21 filtered mail',
      (conversationId) => desk.receive({ conversationId, spam: 'automatedResponse' }),
    ],
    ['an owner', (conversationId) => desk.ask(assign({ conversationId, owner: ada, actor: ada }))],
  ])('D-13 is not made unread by what is no message to the team: %s', async (_, act) => {
    const conversationId = await desk.receive()
    await desk.ask(markRead({ conversationId, actor: ada }))
    await act(conversationId)
    expect(await unreadOf(conversationId)).toBe(false)
  })

  it('is marked unread by hand, for oneself', async () => {
    const conversationId = await desk.receive()
    for (const actor of [ada, user('bea')]) await desk.ask(markRead({ conversationId, actor }))
    await desk.ask(markUnread({ conversationId, actor: ada }))
    expect(await unreadOf(conversationId)).toBe(true)
    expect(await unreadOf(conversationId, 'bea')).toBe(false)
  })

  it('D-13 has nothing to read where nothing came in, or where it is spam', async () => {
    await desk.ask(compose({ to: [{ address: 'bo@mail.example' }], text: 'Hi', actor: ada }))
    expect(await listed('sent')).toMatchObject([{ unread: false }])
    await desk.receive({ spam: 'marketing' })
    expect(await listed('spam')).toMatchObject([{ unread: false }])
    expect(await counts()).toMatchObject({ sent: 0, spam: 0 })
  })

  it('says nothing of unread where nobody in particular looks', async () => {
    await desk.receive()
    expect(right(await desk.inbox.views.list('email')).items).toMatchObject([{ unread: null }])
  })

  it('is read by users only, and where there is one', async () => {
    const conversationId = await desk.receive()
    expect(
      await desk.refused(markRead({ conversationId, actor: 'integration:crm' })),
    ).toMatchObject({ type: 'InvalidCommand', field: 'actor' })
    expect(await desk.refused(markRead({ conversationId: 'none', actor: ada }))).toMatchObject({
      type: 'NoSuchConversation',
    })
  })

  it('D-16 is read in its own account alone', async () => {
    const conversationId = await desk.receive()
    await desk.ask(markRead({ conversationId, actor: ada }))
    const other = desk.inbox.account('other')
    expect(right(await other.views.unread({ viewer: 'ada' })).email).toBe(0)
  })

  it('writes nothing to the conversation when it is read', async () => {
    const conversationId = await desk.receive()
    const before = await desk.stream('conversation', conversationId)
    const row = await desk.row(conversationId)
    await desk.ask(markRead({ conversationId, actor: ada }))
    expect(await desk.stream('conversation', conversationId)).toEqual(before)
    expect(await desk.row(conversationId)).toEqual(row)
  })
})

it('counts what each view lists as unread, whatever happened', async () => {
  const acts = ['receive', 'more', 'read', 'unread', 'close', 'spam', 'trash', 'restore'] as const
  const steps = fc.array(
    fc.record({ act: fc.constantFrom(...acts, 'assign', 'reply'), nth: fc.nat({ max: 5 }) }),
    { maxLength: 25, size: 'max' },
  )
  await fc.assert(
    fc.asyncProperty(steps, async (run) => {
      desk = await openDesk()
      const ids = [await desk.receive(), await desk.receive({ channel: 'chat' })]
      for (const { act, nth } of run) {
        const conversationId = ids[nth % ids.length]!
        const asked = { conversationId, actor: ada }
        if (act === 'receive') ids.push(await desk.receive())
        else if (act === 'more') await desk.inbox.execute(await desk.requestOf({ conversationId }))
        else
          await desk.inbox.execute(
            {
              read: markRead(asked),
              unread: markUnread(asked),
              close: close(asked),
              spam: markAsSpam(asked),
              trash: trash(asked),
              restore: restore(asked),
              assign: assign({ ...asked, owner: ada }),
              reply: reply({ ...asked, text: 'Yes' }),
            }[act],
          )
      }
      for (const viewer of ['ada', 'bea']) {
        const counted = await counts(viewer)
        for (const { key } of views) {
          const unread = (await listed(key, viewer)).filter((each) => each.unread)
          expect([key, counted[key]]).toEqual([key, unread.length])
        }
      }
    }),
    { numRuns: 30 },
  )
})
