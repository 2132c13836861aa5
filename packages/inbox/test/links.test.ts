/** A link to one message leads to it, whatever became of its conversation (S-092). */
import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  connectChannel,
  createInbox,
  hideMessage,
  linkTarget,
  linkTo,
  mergeInto,
  moveToInbox,
  purge,
  switchReplyChannel,
  trash,
  unmerge,
} from '@threadbook/core'
import { ada, openDesk, right, type Desk } from './fixtures.js'

let desk: Desk
let conversationId: string
let messageId: string
beforeEach(async () => {
  desk = await openDesk()
  const request = await desk.requestOf({ channel: 'chat', text: 'The lamp is broken' })
  messageId = request.message.messageId
  conversationId = (await desk.ask(request)).conversationId!
})

const follow = async (link: string) => {
  const target = linkTarget(link)!
  return desk.inbox.message(target.conversationId, target.messageId!, { viewer: 'bo' })
}

const text = 'The lamp is broken'

describe('a link to a message', () => {
  it('S-090 S-091 S-092 leads straight to it', async () => {
    const link = linkTo({ conversationId, messageId }, 'https://inbox.example.com')
    expect(right(await follow(link))).toMatchObject({
      conversationId,
      inbox: 'support',
      message: { messageId, content: { text } },
    })
  })

  it('S-092 D-10 leads to its place where it is hidden', async () => {
    const link = linkTo({ conversationId, messageId })
    await desk.ask(hideMessage({ conversationId, messageId, actor: ada }))
    const { message } = right(await follow(link))
    expect(message).toMatchObject({ hidden: { text: 'The message is hidden' } })
    expect(JSON.stringify(message)).not.toContain('lamp')
  })

  it('S-092 leads to the conversation it was merged into, and back', async () => {
    const link = linkTo({ conversationId, messageId })
    const target = await desk.receive({ channel: 'chat', from: 'zoe' })
    await desk.ask(mergeInto({ conversationId, target, actor: ada }))
    expect(right(await follow(link))).toMatchObject({
      conversationId: target,
      message: { content: { text } },
    })
    await desk.ask(unmerge({ conversationId, actor: ada }))
    expect(right(await follow(link))).toMatchObject({ conversationId })
  })

  it('S-092 leads to it after its channel was switched', async () => {
    const link = linkTo({ conversationId, messageId })
    const to = { address: 'zoe@mail.example' }
    await desk.ask(switchReplyChannel({ conversationId, channel: 'email', to, actor: ada }))
    expect(right(await follow(link))).toMatchObject({ message: { content: { text } } })
  })

  it('S-092 leads to the inbox it was moved to', async () => {
    const link = linkTo({ conversationId, messageId })
    await desk.ask(createInbox({ inboxId: 'sales', name: 'Sales', actor: 'system' }))
    await desk.ask(connectChannel({ inboxId: 'sales', channel: 'chat', actor: 'system' }))
    await desk.ask(moveToInbox({ conversationId, inbox: 'sales', actor: ada }))
    expect(right(await follow(link))).toMatchObject({
      inbox: 'sales',
      message: { content: { text } },
    })
  })

  it('S-092 S-040 leads to it in Trash', async () => {
    const link = linkTo({ conversationId, messageId })
    await desk.ask(trash({ conversationId, actor: ada }))
    expect(right(await follow(link))).toMatchObject({ message: { content: { text } } })
  })

  it('S-092 S-044 says that it is gone once it was purged', async () => {
    const link = linkTo({ conversationId, messageId })
    await desk.ask(trash({ conversationId, actor: ada }))
    await desk.ask(purge({ conversationId, actor: ada }))
    expect(await follow(link)).toMatchObject({
      left: { type: 'MessageGone', conversationId, messageId },
    })
  })

  it('S-092 S-044 says that it is gone with what it was merged into', async () => {
    const link = linkTo({ conversationId, messageId })
    const target = await desk.receive({ channel: 'chat', from: 'zoe' })
    await desk.ask(mergeInto({ conversationId, target, actor: ada }))
    await desk.ask(trash({ conversationId: target, actor: ada }))
    await desk.ask(purge({ conversationId: target, actor: ada }))
    expect(await follow(link)).toMatchObject({ left: { type: 'MessageGone' } })
  })

  it.each([
    ['message', (c: string) => ({ conversationId: c, messageId: 'none' })],
    ['conversation', () => ({ conversationId: 'none', messageId: 'none' })],
  ])('S-092 knows what never was: the %s', async (_, target) =>
    expect(await follow(linkTo(target(conversationId)))).toMatchObject({
      left: { type: 'NoSuchMessage', messageId: 'none' },
    }),
  )
})
