/** Blocking who writes by mail: the contact, somebody who takes part, a whole domain. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import { blockSender, restore, trash, unblockSender, unmarkAsSpam, user } from '@threadbook/core'
import { answering, called, from } from './fixtures/letters.js'
import { openSupport, right, type Support } from './fixtures/support.js'

const actor = user('ada')

let support: Support
beforeEach(async () => {
  support = await openSupport()
})

const zoe = { kind: 'email', scope: 'address', sender: 'zoe@mail.example', actor } as const
const bo = { ...zoe, sender: 'bo@example.com' }

describe('S-081 blocking the contact', () => {
  it('S-078 S-081 filters the thread at hand, and all that come', async () => {
    const { conversationId } = await support.receive(called('first'))
    await support.ask(blockSender({ conversationId, actor }))
    expect(await support.shownIn(conversationId)).toEqual(['spam'])
    const next = await support.receive(called('second'))
    expect(next.spam).toBe('blockedSender')
    expect(await support.shownIn(next.conversationId)).toEqual(['spam'])
  })

  it('S-079 D-09 is undone for what comes; what came waits for somebody to say not spam', async () => {
    const { conversationId } = await support.receive(called('first'))
    await support.ask(blockSender({ conversationId, actor }))
    await support.ask(unblockSender({ conversationId, actor }))
    expect(await support.shownIn(conversationId)).toEqual(['spam'])
    expect((await support.receive(called('second'))).spam).toBeUndefined()
    await support.ask(unmarkAsSpam({ conversationId, actor }))
    expect(await support.shownIn(conversationId)).toContain('allOpen')
  })

  it('D-25 shows it in Spam once it is restored from Trash', async () => {
    const { conversationId } = await support.receive(called('first'))
    await support.ask(blockSender({ conversationId, actor }))
    await support.ask(trash({ conversationId, actor }))
    expect(await support.shownIn(conversationId)).toEqual(['trash'])
    await support.ask(restore({ conversationId, actor }))
    expect(await support.shownIn(conversationId)).toEqual(['spam'])
  })

  it('D-25 leaves the earlier of the two clocks to end it', async () => {
    const { conversationId } = await support.receive(called('first'))
    await support.ask(blockSender({ conversationId, actor }))
    support.clock.pass({ days: 70 })
    await support.ask(trash({ conversationId, actor }))
    support.clock.pass({ days: 21 })
    expect(right(await support.inbox.tick(support.clock.now())).purged).toEqual([conversationId])
  })

  it('D-08 filters the thread at hand where their whole domain is blocked', async () => {
    const { conversationId } = await support.receive(called('first'))
    const domain = { kind: 'email', scope: 'domain', sender: 'Example.com' } as const
    await support.ask(blockSender({ ...domain, conversationId, actor }))
    expect(await support.shownIn(conversationId)).toEqual(['spam'])
    const next = await support.receive(called('second'))
    expect(next.spam).toBe('blockedDomain')
  })
})

describe('D-25 blocking somebody who takes part', () => {
  const together = async () => {
    const { conversationId } = await support.receive(called('first'))
    await support.receive(called('second', { ...answering('first'), ...from('zoe') }))
    return conversationId
  }

  it('D-25 D-21 filters what they write, and not the conversation', async () => {
    const conversationId = await together()
    await support.ask(blockSender({ ...zoe, conversationId }))
    expect(await support.shownIn(conversationId)).toContain('allOpen')
    const third = await support.receive(called('third', { ...answering('first'), ...from('zoe') }))
    expect(third).toMatchObject({ conversationId, spam: 'blockedSender' })
    const { entries } = right(await support.inbox.thread(conversationId))
    expect(
      entries.map((entry) => (entry.type === 'message' && !entry.hidden ? entry.filtered : 0)),
    ).toEqual([null, null, 'blockedSender'])
    expect(await support.row(conversationId)).toMatchObject({ spam: false, inbound: 2 })
  })

  it('D-25 lets the contact go on there', async () => {
    const conversationId = await together()
    await support.ask(blockSender({ ...zoe, conversationId }))
    const fourth = await support.receive(called('fourth', answering('first')))
    expect(fourth).toMatchObject({ conversationId })
    expect(fourth.spam).toBeUndefined()
  })

  it('D-08 D-25 has with includeExisting their own conversations filtered', async () => {
    const conversationId = await together()
    const own = (await support.receive(called('own', from('zoe')))).conversationId
    const others = (await support.receive(called('other'))).conversationId
    await support.ask(blockSender({ ...zoe, conversationId, includeExisting: true }))
    expect(await support.shownIn(own)).toEqual(['spam'])
    for (const id of [conversationId, others])
      expect(await support.shownIn(id)).toContain('allOpen')
  })

  it('S-078 filters the conversation where it is the contact who is named', async () => {
    const conversationId = await together()
    await support.ask(blockSender({ ...bo, conversationId }))
    expect(await support.shownIn(conversationId)).toEqual(['spam'])
  })
})
