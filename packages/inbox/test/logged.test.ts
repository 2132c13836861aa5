/** Mail that went out from elsewhere, written down here (S-036). */
import { beforeEach, describe, expect, it } from '@jest/globals'
import { close, logSentMail, reply } from '@threadbook/core'
import { ada, openDesk, right, type Desk } from './fixtures.js'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})

const offer = {
  to: [{ name: 'Zoe', address: 'zoe@mail.example' }],
  subject: 'Offer',
  text: 'Our offer',
  mailId: 'offer@crm.example',
  record: { type: 'deal', id: 'deal-7' },
  actor: ada,
}

describe('mail sent from a record of the CRM', () => {
  it('S-036 S-028 is in Sent, and in no working view', async () => {
    const { conversationId, messageId } = await desk.ask(logSentMail(offer))
    expect(await desk.shownIn(conversationId!)).toEqual(['sent'])
    const [, sent] = await desk.stream('conversation', conversationId!)
    expect(sent).toMatchObject({
      type: 'MessageSent',
      data: { messageId, kind: 'logged', record: { type: 'deal', id: 'deal-7' } },
    })
  })

  it('S-037 moves to All open when the recipient replies, and is back in Sent when answered', async () => {
    const { conversationId } = await desk.ask(logSentMail(offer))
    await desk.receive({ conversationId: conversationId!, from: 'zoe' })
    expect(await desk.shownIn(conversationId!)).toEqual(['unassigned', 'allOpen', 'email'])
    await desk.ask(reply({ conversationId: conversationId!, text: 'Yes', actor: ada }))
    expect(await desk.shownIn(conversationId!)).toContain('sent')
  })

  it('S-036 is written down once, by its Message-ID', async () => {
    const first = await desk.ask(logSentMail(offer))
    const again = await desk.ask(logSentMail(offer))
    expect(again).toMatchObject({
      conversationId: first.conversationId,
      messageId: first.messageId,
    })
    expect(await desk.stream('conversation', first.conversationId!)).toHaveLength(2)
  })

  it('S-036 joins the conversation it belongs to', async () => {
    const conversationId = await desk.receive({ from: 'zoe' })
    await desk.ask(logSentMail({ ...offer, conversationId }))
    const { entries } = right(await desk.inbox.thread(conversationId))
    expect(entries).toMatchObject([{ direction: 'incoming' }, { kind: 'logged', actor: ada }])
  })

  it('D-27 assigns nobody, and leaves a closed conversation closed', async () => {
    const conversationId = await desk.receive({ from: 'zoe' })
    await desk.ask(close({ conversationId, actor: ada }))
    await desk.ask(logSentMail({ ...offer, conversationId }))
    expect(await desk.row(conversationId)).toMatchObject({ owner: null, status: 'closed' })
  })

  it('needs a recipient', async () =>
    expect(await desk.refused(logSentMail({ ...offer, to: [] }))).toMatchObject({
      type: 'InvalidCommand',
      field: 'to',
    }))
})
