/** Filing, snoozing, moving, and taking apart what was merged: through the front door. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  addLabel,
  addParticipant,
  assign,
  changeEdition,
  close,
  comment,
  createInbox,
  markAsSpam,
  mergeInto,
  moveToInbox,
  openAccount,
  purge,
  removeLabel,
  removeParticipant,
  setConversationProperty,
  snooze,
  trash,
  unmerge,
} from '@threadbook/core'
import type { ListItem } from '@threadbook/projection-views'
import { ada, expectRebuilt, openDesk, right, type Desk } from './fixtures.js'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})

const item = async (conversationId: string): Promise<ListItem> => {
  const { items } = right(await desk.inbox.views.list('allOpen'))
  return items.find((each) => each.conversationId === conversationId)!
}
const tick = async () => right(await desk.inbox.tick(desk.clock.now()))

describe('filing', () => {
  it('K-08 shows labels and properties in the list', async () => {
    const conversationId = await desk.receive()
    for (const label of ['vip', 'refund', 'later'])
      await desk.ask(addLabel({ conversationId, label, actor: ada }))
    await desk.ask(removeLabel({ conversationId, label: 'refund', actor: ada }))
    const actor = 'integration:shop'
    await desk.ask(setConversationProperty({ conversationId, name: 'plan', value: 'gold', actor }))
    await desk.ask(setConversationProperty({ conversationId, name: 'orders', value: 7, actor }))
    await desk.ask(setConversationProperty({ conversationId, name: 'plan', value: null, actor }))
    expect(await item(conversationId)).toMatchObject({
      labels: ['vip', 'later'],
      properties: { orders: 7 },
    })
    await expectRebuilt(desk.adapters)
  })

  it.each<[what: string, fields: object, field: string]>([
    ['a name with a space', { name: 'my plan', value: 1 }, 'name'],
    ['a name of no letters', { name: '7', value: 1 }, 'name'],
    ['a list', { name: 'plan', value: ['gold'] }, 'value'],
    ['a long text', { name: 'plan', value: 'x'.repeat(501) }, 'value'],
    ['no value', { name: 'plan' }, 'value'],
  ])('K-08 refuses %s by the name of the field', async (_, fields, field) => {
    const conversationId = await desk.receive()
    const request = { type: 'SetConversationProperty', conversationId, actor: ada, ...fields }
    expect(await desk.refused(request as never)).toMatchObject({ type: 'InvalidCommand', field })
  })

  it('K-17 counts participants, the contact being the first', async () => {
    const conversationId = await desk.receive()
    const person = { address: 'Zoe@mail.example', name: 'Zoe' }
    await desk.ask(addParticipant({ conversationId, person, actor: ada }))
    await desk.ask(
      addParticipant({ conversationId, person: { address: 'zoe@mail.example' }, actor: ada }),
    )
    expect(await item(conversationId)).toMatchObject({ participants: 2 })
    const joined = (await desk.stream('conversation', conversationId)).at(-1)!
    const { identity } = (joined.data as { participant: { identity: string } }).participant
    await desk.ask(removeParticipant({ conversationId, identity, actor: ada }))
    expect(await item(conversationId)).toMatchObject({ participants: 1 })
  })

  it("K-17 shows the last comment's beginning", async () => {
    const conversationId = await desk.receive()
    await desk.ask(comment({ conversationId, text: 'first', actor: ada }))
    await desk.ask(comment({ conversationId, text: 'last', actor: ada }))
    expect(await item(conversationId)).toMatchObject({ lastComment: 'last', preview: 'Hello' })
  })
})

describe('what is snoozed', () => {
  const snoozed = async (minutes: number) => {
    const conversationId = await desk.receive()
    await desk.ask(assign({ conversationId, owner: ada, actor: ada }))
    const until = new Date(Date.parse(desk.clock.now()) + minutes * 60_000).toISOString()
    await desk.ask(snooze({ conversationId, until, actor: ada }))
    return conversationId
  }

  it('D-04 is open, and in no queue until the clock wakes it', async () => {
    const conversationId = await snoozed(60)
    expect(await desk.shownIn(conversationId)).toEqual(['allOpen', 'email'])
    desk.clock.pass({ minutes: 58 })
    expect((await tick()).woken).toEqual([])
    desk.clock.pass({ minutes: 1 })
    expect((await tick()).woken).toEqual([conversationId])
    expect(await desk.shownIn(conversationId)).toEqual(['assignedToMe', 'allOpen', 'email'])
    expect((await desk.stream('conversation', conversationId)).at(-1)).toMatchObject({
      type: 'Woken',
      metadata: { actor: 'system' },
    })
  })

  it('is woken once, however often the clock is asked', async () => {
    const conversationId = await snoozed(5)
    desk.clock.pass({ minutes: 10 })
    expect((await tick()).woken).toEqual([conversationId])
    const before = await desk.log()
    expect((await tick()).woken).toEqual([])
    expect(await desk.log()).toEqual(before)
  })

  it('sleeps on in what it was merged into, and is due again once taken out', async () => {
    const conversationId = await snoozed(5)
    const target = await desk.receive()
    await desk.ask(mergeInto({ conversationId, target, actor: ada }))
    desk.clock.pass({ minutes: 10 })
    expect((await tick()).woken).toEqual([])
    await desk.ask(unmerge({ conversationId, actor: ada }))
    expect((await tick()).woken).toEqual([conversationId])
  })

  it('is woken by the hundred', async () => {
    const ids = await Promise.all(Array.from({ length: 205 }, () => snoozed(300)))
    desk.clock.pass({ days: 1 })
    expect(new Set((await tick()).woken)).toEqual(new Set(ids))
  })
})

describe('K-16 moving to another inbox', () => {
  beforeEach(async () => {
    await desk.ask(createInbox({ inboxId: 'sales', name: 'Sales', actor: ada }))
  })

  it('K-16 S-003 S-106 takes it out of every view of one inbox and into those of the other', async () => {
    const conversationId = await desk.receive()
    await desk.ask(moveToInbox({ conversationId, inbox: 'sales', actor: ada }))
    const listed = async (inbox: string) =>
      right(await desk.inbox.views.list('allOpen', { inbox })).items.map((each) => each.inbox)
    expect(await listed('support')).toEqual([])
    expect(await listed('sales')).toEqual(['sales'])
    const counts = async (inbox: string) => right(await desk.inbox.views.counts({ inbox })).views
    expect((await counts('support')).allOpen).toBe(0)
    expect((await counts('sales')).allOpen).toBe(1)
    await expectRebuilt(desk.adapters)
  })

  it('K-16 says which edition it needs', async () => {
    const conversationId = await desk.receive()
    await desk.ask(
      openAccount({ createdOn: '2026-01-01', zone: 'UTC', edition: 'starter', actor: ada }),
    )
    const request = moveToInbox({ conversationId, inbox: 'sales', actor: ada })
    expect(await desk.refused(request)).toMatchObject({
      type: 'NeedsEdition',
      edition: 'professional',
    })
    await desk.ask(changeEdition({ edition: 'professional', actor: ada }))
    await desk.ask(request)
  })

  it('K-16 is to an inbox that there is', async () => {
    const conversationId = await desk.receive()
    expect(
      await desk.refused(moveToInbox({ conversationId, inbox: 'none', actor: ada })),
    ).toMatchObject({ type: 'NoSuchInbox' })
  })
})

describe('D-24 undoing a merge', () => {
  const two = async () => {
    const target = await desk.receive({ from: 'zoe', text: 'target' })
    const conversationId = await desk.receive({ from: 'bo', text: 'source' })
    return { target, conversationId }
  }
  const texts = async (id: string) =>
    right(await desk.inbox.thread(id)).entries.map((entry) =>
      entry.type === 'message' && entry.hidden === null && 'text' in entry.content
        ? entry.content.text
        : '',
    )

  it('D-02 gives back every view that the source was in, and its thread', async () => {
    const { target, conversationId } = await two()
    await desk.ask(assign({ conversationId, owner: ada, actor: ada }))
    const before = await desk.shownIn(conversationId)
    await desk.ask(mergeInto({ conversationId, target, actor: ada }))
    expect(await desk.shownIn(conversationId)).toEqual([])
    expect(await texts(target)).toEqual(['target', 'source'])
    await desk.ask(unmerge({ conversationId, actor: ada }))
    expect(await desk.shownIn(conversationId)).toEqual(before)
    expect(await texts(target)).toEqual(['target'])
    expect(await texts(conversationId)).toEqual(['source'])
    await expectRebuilt(desk.adapters)
  })

  it.each<[view: 'spam' | 'trash', act: typeof trash | typeof markAsSpam]>([
    ['spam', markAsSpam],
    ['trash', trash],
  ])('D-02 gives back %s, which the merge had ended', async (view, act) => {
    const { target, conversationId } = await two()
    await desk.ask(act({ conversationId, actor: ada }))
    await desk.ask(mergeInto({ conversationId, target, actor: ada }))
    await desk.ask(unmerge({ conversationId, actor: ada }))
    expect(await desk.shownIn(conversationId)).toEqual([view])
    await expectRebuilt(desk.adapters)
  })

  it('D-24 saves the source from being purged with the target', async () => {
    const { target, conversationId } = await two()
    await desk.ask(mergeInto({ conversationId, target, actor: ada }))
    await desk.ask(unmerge({ conversationId, actor: ada }))
    await desk.ask(trash({ conversationId: target, actor: ada }))
    await desk.ask(purge({ conversationId: target, actor: ada }))
    expect(await texts(conversationId)).toEqual(['source'])
  })

  it('changes nothing where there is none', async () => {
    const { conversationId } = await two()
    const { receipts } = await desk.ask(unmerge({ conversationId, actor: ada }))
    expect(receipts).toMatchObject([{ outcome: 'unchanged' }])
    await desk.ask(close({ conversationId, actor: ada }))
  })
})
