/** Where mail goes for a conversation that was moved, or taken out of another. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  connectChannel,
  createInbox,
  mergeInto,
  moveToInbox,
  purge,
  reply,
  trash,
  unmerge,
  user,
} from '@threadbook/core'
import { receiveMail } from '@threadbook/email'
import { answering, called, referringTo, type Fields } from './fixtures/letters.js'
import { openSupport, right, type Support } from './fixtures/support.js'
import { bytesOf, mailText } from './mails.js'

const ada = user('ada')

let support: Support
beforeEach(async () => {
  support = await openSupport()
})

describe('a conversation that was moved to another inbox', () => {
  const address = 'sales@example.com'
  const inSales = async (fields: Fields) => {
    const sales = support.inbox.account('main', 'sales')
    const raw = bytesOf(mailText({ To: address, ...fields }))
    return right(await receiveMail(sales, raw))
  }
  const moved = async (fields: Fields = called('first')) => {
    const { conversationId } = await support.receive(fields)
    await support.ask(createInbox({ inboxId: 'sales', name: 'Sales', actor: ada }))
    await support.ask(connectChannel({ inboxId: 'sales', channel: 'email', address, actor: ada }))
    await support.ask(moveToInbox({ conversationId, inbox: 'sales', actor: ada }))
    return conversationId
  }

  it('D-22 K-16 gets the answers that still come to the old one', async () => {
    const conversationId = await moved()
    const answer = await support.receive(called('second', answering('first')))
    expect(answer.conversationId).toBe(conversationId)
    expect(await support.row(conversationId)).toMatchObject({ inbox: 'sales' })
  })

  it('D-22 K-16 gets the answers that come to the new one', async () => {
    const conversationId = await moved()
    expect(await inSales(called('second', answering('first')))).toMatchObject({ conversationId })
  })

  it('D-23 gets what names mail that it only referred to', async () => {
    const conversationId = await moved(called('first', referringTo('unseen')))
    expect(await inSales(called('second', answering('unseen')))).toMatchObject({ conversationId })
  })

  it('D-22 gets answers to what the team wrote before and after', async () => {
    const conversationId = await moved()
    const { messageId } = await support.ask(reply({ conversationId, text: 'Yes', actor: ada }))
    const answer = {
      'Message-ID': '<2@mail.example>',
      'In-Reply-To': `<${messageId!}@example.com>`,
    }
    expect(await inSales(answer)).toMatchObject({ conversationId })
  })

  it('D-23 knows the same mail for the same in both', async () => {
    const conversationId = await moved()
    const again = await support.receive(called('first'))
    expect(again).toMatchObject({ outcome: 'duplicate', conversationId })
    expect(await inSales(called('first'))).toMatchObject({ outcome: 'duplicate', conversationId })
  })

  it('D-23 takes nothing from a conversation that the other inbox has for the same mail', async () => {
    await support.ask(createInbox({ inboxId: 'sales', name: 'Sales', actor: ada }))
    await support.ask(connectChannel({ inboxId: 'sales', channel: 'email', address, actor: ada }))
    const other = await inSales(called('first'))
    const conversationId = await moved()
    expect(conversationId).not.toBe(other.conversationId)
    const answer = await inSales(called('second', answering('first')))
    expect(answer.conversationId).toBe(other.conversationId)
  })

  it('S-042 does not come back to either once purged', async () => {
    const conversationId = await moved()
    await support.ask(trash({ conversationId, actor: ada }))
    await support.ask(purge({ conversationId, actor: ada }))
    expect(await support.receive(called('first'))).toMatchObject({ outcome: 'duplicate' })
    expect(await inSales(called('first'))).toMatchObject({ outcome: 'duplicate' })
    const answer = await inSales(called('second', answering('first')))
    expect(answer.conversationId).not.toBe(conversationId)
  })
})

describe('a conversation that was taken out of another', () => {
  it('D-24 D-22 gets its own answers again', async () => {
    const target = (await support.receive(called('target'))).conversationId
    const source = (await support.receive(called('source'))).conversationId
    await support.ask(mergeInto({ conversationId: source, target, actor: ada }))
    const meanwhile = await support.receive(called('meanwhile', answering('source')))
    expect(meanwhile.conversationId).toBe(target)
    await support.ask(unmerge({ conversationId: source, actor: ada }))
    const later = await support.receive(called('later', answering('source')))
    expect(later.conversationId).toBe(source)
  })

  it('D-23 is not joined again by mail that names both', async () => {
    const target = (await support.receive(called('target'))).conversationId
    const source = (await support.receive(called('source'))).conversationId
    const both = referringTo('target', 'source')
    expect((await support.receive(called('joins', both))).conversationId).toBe(target)
    expect((await support.told(source)).at(-1)).toBe('MergedInto')
    await support.ask(unmerge({ conversationId: source, actor: ada }))
    await support.receive(called('again', both))
    expect((await support.told(source)).filter((type) => type === 'MergedInto')).toHaveLength(1)
  })
})
