/** Machines that answer by mail do not answer each other for ever (domain.md, § 4). */
import { expect, it } from '@jest/globals'
import { draft, type Request } from '@threadbook/core'
import { inMemoryDelivery } from '@threadbook/inbox/testing'
import { openDesk, right, type Desk } from './fixtures.js'

const byBot = (conversationId: string): Request => ({
  type: 'SendMessage',
  kind: 'bot',
  conversationId,
  message: draft({ text: 'We have your mail' }),
  actor: 'bot:receipt',
})

const answered = async (desk: Desk, conversationId: string) => {
  await desk.ask(byBot(conversationId))
  await desk.inbox.settled()
}

it('§ 4 a machine answers somebody once a day, in whatever conversation, and says that it is one', async () => {
  const delivery = inMemoryDelivery()
  const desk = await openDesk(undefined, { delivery })
  const one = await desk.receive({ from: 'zoe' })
  await answered(desk, one)
  expect(delivery.taken).toMatchObject([{ kind: 'bot', automatic: true }])
  const other = await desk.receive({ from: 'zoe' })
  expect(await desk.refused(byBot(other))).toMatchObject({ type: 'AnsweredAutomatically' })
  expect(await desk.refused(byBot(one))).toMatchObject({ type: 'AnsweredAutomatically' })
  await answered(desk, await desk.receive({ from: 'yan' }))
  desk.clock.pass({ days: 1 })
  await answered(desk, other)
  expect(delivery.taken).toHaveLength(3)
})

it('§ 4 a machine answers no machine', async () => {
  const delivery = inMemoryDelivery()
  const desk = await openDesk(undefined, { delivery })
  const request = await desk.requestOf({ from: 'zoe' })
  const { conversationId } = await desk.ask({ ...request, mailClass: 'automatic' })
  expect(await desk.refused(byBot(conversationId!))).toEqual({
    type: 'NotAnsweredByMachine',
    mailClass: 'automatic',
  })
  expect(delivery.asked()).toBe(0)
  expect(right(await desk.inbox.thread(conversationId!)).entries).toHaveLength(1)
})
