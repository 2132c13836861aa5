/** What went out by mail and comes back is known again (domain.md, § 4). */
import { beforeEach, describe, expect, it } from '@jest/globals'
import { compose, forward, reply, user, type Request } from '@threadbook/core'
import { inMemoryDelivery, type InMemoryDelivery } from '@threadbook/inbox/testing'
import { mimeOf, type MailToSend } from '../src/outgoing-mime.js'
import { absence, bounceOf, called, from } from './fixtures/letters.js'
import { openSupport, right, type Support } from './fixtures/support.js'

const ada = user('ada')
let support: Support
let delivery: InMemoryDelivery
beforeEach(async () => {
  delivery = inMemoryDelivery()
  support = await openSupport(undefined, { delivery })
})

const asked = async (request: Request) => {
  const accepted = await support.ask(request)
  await support.inbox.settled()
  return accepted
}

/** The last thing that went out, as it looks on the wire. */
const lastOut = async (): Promise<{ readonly mail: MailToSend; readonly raw: Buffer }> => {
  const mail = delivery.taken.at(-1) as MailToSend
  return { mail, raw: await mimeOf(mail, support.clock.now()) }
}

const replied = async () => {
  const { conversationId, messageId } = await support.receive(called('one', from('zoe')))
  await asked(reply({ conversationId, text: 'Which lamp?', actor: ada }))
  return { conversationId, messageId }
}

const forwarded = async () => {
  const { conversationId, messageId } = await support.receive(called('one', from('zoe')))
  const to = [{ address: 'billing@partner.example' }]
  await asked(forward({ conversationId, forwarded: messageId, to, text: 'Yours?', actor: ada }))
  return { conversationId }
}

const composed = async () => {
  const to = [{ address: 'zoe@mail.example' }]
  const { conversationId } = await asked(compose({ to, text: 'News', actor: ada }))
  return { conversationId: conversationId! }
}

describe.each([
  ['a reply', replied],
  ['a composed mail', composed],
  ['a forwarded mail', forwarded],
])('%s', (_, go) => {
  it('§ 4 that lies in the team’s own mailbox is no new message', async () => {
    const { conversationId } = await go()
    const before = await support.told(conversationId)
    const { raw } = await lastOut()
    expect(await support.receiveRaw(raw)).toMatchObject({ outcome: 'duplicate', conversationId })
    expect(await support.told(conversationId)).toEqual(before)
    expect(await support.conversations()).toBe(1)
  })

  it('§ 4 D-21 that bounces has failed, with the reason', async () => {
    const { conversationId } = await go()
    const { mail } = await lastOut()
    const bounce = bounceOf(mail.mail.mailId)
    expect(await support.receiveRaw(bounce)).toMatchObject({ conversationId })
    expect(await support.row(conversationId)).toMatchObject({ deliveryFailed: true })
    const { entries } = right(await support.inbox.thread(conversationId))
    const entry = entries.find((each) => 'messageId' in each && each.messageId === mail.messageId)
    expect(entry).toMatchObject({ sending: { status: 'failed', reason: '550 no such mailbox' } })
  })

  it('§ 4 D-21 that a machine answers wakes nobody', async () => {
    const { conversationId } = await go()
    const before = await support.row(conversationId)
    const { mail } = await lastOut()
    const To = mail.mail.replyTo!.address
    const answer = { ...called('away', from('yan')), ...absence, To }
    expect(await support.receive(answer)).toMatchObject({
      conversationId,
      spam: 'automatedResponse',
    })
    const after = await support.row(conversationId)
    expect(after).toMatchObject({ hasInbound: before!.hasInbound, status: before!.status })
  })

  it('§ 4 that is answered is in its conversation, by the address alone', async () => {
    const { conversationId } = await go()
    const { mail } = await lastOut()
    const answer = { ...called('answer', from('yan')), To: mail.mail.replyTo!.address }
    expect(await support.receive(answer)).toMatchObject({ outcome: 'received', conversationId })
  })
})

it('§ 4 D-29 an answer goes to Reply-To, and that of a machine to From', async () => {
  const fields = { 'Reply-To': 'desk@mail.example' }
  const { conversationId } = await support.receive(called('one', { ...from('zoe'), ...fields }))
  await asked(reply({ conversationId, text: 'Hi', actor: ada }))
  expect(delivery.taken.at(-1)?.to).toEqual([{ address: 'desk@mail.example' }])
  const machine = await support.receive(called('two', { ...from('yan'), ...fields, ...absence }))
  await asked({ type: 'UnmarkAsSpam', conversationId: machine.conversationId, actor: ada })
  await asked(reply({ conversationId: machine.conversationId, text: 'Hi', actor: ada }))
  expect(delivery.taken.at(-1)?.to).toEqual([{ address: 'yan@mail.example' }])
})

it('§ 4 an answer says which mails it answers', async () => {
  const { conversationId } = await replied()
  const first = delivery.taken[0]!.mail!
  await support.receive({
    ...called('three', from('zoe')),
    'In-Reply-To': `<${first.mailId}>`,
  })
  await asked(reply({ conversationId, text: 'Thanks', actor: ada }))
  expect(delivery.taken[1]?.mail).toMatchObject({
    inReplyTo: 'three@mail.example',
    references: ['one@mail.example', first.mailId, 'three@mail.example'],
  })
})
