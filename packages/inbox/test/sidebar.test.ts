/** What a screen shows beside a conversation. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  addIdentity,
  changeDisplayedProperties,
  createContact,
  createTicket,
  deleteContact,
  disassociateContact,
  hideMessage,
  markAsSpam,
  mergeContacts,
  mergeInto,
  openAccount,
  purge,
  trash,
} from '@threadbook/core'
import { inMemoryCrm, type InMemoryCrm } from '@threadbook/inbox/testing'
import { ada, openDesk, right, type Desk } from './fixtures.js'

let crm: InMemoryCrm
let desk: Desk
let maria: string
beforeEach(async () => {
  crm = inMemoryCrm()
  desk = await openDesk(undefined, { crm })
  maria = (await desk.ask(createContact({ name: 'Maria', actor: ada }))).contactId!
  await desk.ask(
    addIdentity({ contactId: maria, kind: 'email', address: 'maria@example.com', actor: ada }),
  )
})

const sidebar = async (conversationId: string) => {
  await desk.inbox.settled()
  return right(await desk.inbox.sidebar(conversationId, { viewer: 'ada' }))
}

describe('S-048 beside a conversation', () => {
  it('S-050 stands the contact, with name and addresses', async () => {
    const conversationId = await desk.receive({ contact: maria })
    expect((await sidebar(conversationId)).contact).toMatchObject({
      present: true,
      reference: { type: 'contact', id: maria },
      name: 'Maria',
      addresses: [{ kind: 'email', address: 'maria@example.com' }],
    })
  })

  it('S-049 stands no contact once it is disassociated', async () => {
    const conversationId = await desk.receive({ contact: maria })
    await desk.ask(disassociateContact({ conversationId, actor: ada }))
    expect((await sidebar(conversationId)).contact).toEqual({ present: false, reason: 'noContact' })
  })

  it('S-053 S-074 stands the ticket that was created', async () => {
    const conversationId = await desk.receive({ contact: maria })
    expect((await sidebar(conversationId)).tickets).toEqual({ present: false, reason: 'noTicket' })
    await desk.ask(createTicket({ conversationId, name: 'Broken lamp', actor: ada }))
    expect((await sidebar(conversationId)).tickets).toMatchObject({
      present: true,
      tickets: [{ reference: { type: 'ticket' }, name: 'Broken lamp', status: 'open' }],
    })
  })

  it('S-055 stand the properties that the account has chosen', async () => {
    await desk.ask(
      openAccount({ createdOn: '2024-01-01', zone: 'UTC', edition: 'starter', actor: 'system' }),
    )
    await desk.ask(
      changeDisplayedProperties({ place: 'contact', properties: ['city'], actor: ada }),
    )
    crm.know('main', maria, {
      properties: [
        { name: 'age', value: '44' },
        { name: 'city', value: 'Rome' },
      ],
    })
    const shown = await sidebar(await desk.receive({ contact: maria }))
    expect(shown.contact).toMatchObject({ properties: [{ name: 'city', value: 'Rome' }] })
    expect(shown.customObjects).toMatchObject({ reason: 'needsEdition' })
  })

  it('S-057 stand the contact’s other conversations, but for spam, Trash and merged ones', async () => {
    const [here, earlier, spam, trashed, merged, gone] = [
      await desk.receive({ contact: maria, text: 'now' }),
      await desk.receive({ contact: maria, text: 'before' }),
      await desk.receive({ contact: maria }),
      await desk.receive({ contact: maria }),
      await desk.receive({ contact: maria }),
      await desk.receive({ contact: maria }),
    ] as const
    await desk.receive({ text: 'somebody else' })
    await desk.ask(markAsSpam({ conversationId: spam, actor: ada }))
    await desk.ask(trash({ conversationId: trashed, actor: ada }))
    await desk.ask(mergeInto({ conversationId: merged, target: earlier, actor: ada }))
    await desk.ask(trash({ conversationId: gone, actor: ada }))
    await desk.ask(purge({ conversationId: gone, actor: ada }))
    expect((await sidebar(here)).otherConversations).toMatchObject({
      present: true,
      conversations: [{ conversationId: earlier, preview: 'before' }],
    })
  })

  it('D-10 stands nothing of a hidden message of another conversation', async () => {
    const here = await desk.receive({ contact: maria })
    const request = await desk.requestOf({ contact: maria, text: 'a secret' })
    const conversationId = (await desk.ask(request)).conversationId!
    const { messageId } = request.message
    await desk.ask(hideMessage({ conversationId, messageId, actor: ada }))
    expect(JSON.stringify(await sidebar(here))).not.toContain('a secret')
  })

  it('is said where the CRM is away, and all else stands', async () => {
    const conversationId = await desk.receive({ contact: maria })
    await desk.inbox.settled()
    crm.behave('unavailable')
    const shown = await sidebar(conversationId)
    expect(shown.contact).toMatchObject({ present: true, name: 'Maria', properties: null })
    expect(shown.feedback).toEqual({ present: false, reason: 'crmUnavailable' })
  })

  it('stands the one contact that two were merged into', async () => {
    const other = (await desk.ask(createContact({ name: 'M. Rossi', actor: ada }))).contactId!
    const conversationId = await desk.receive({ contact: other })
    await desk.ask(mergeContacts({ contactId: other, into: maria, actor: ada }))
    expect((await sidebar(conversationId)).contact).toMatchObject({
      reference: { type: 'contact', id: maria },
      name: 'Maria',
    })
  })

  it('K-22 stands no contact that was deleted', async () => {
    const conversationId = await desk.receive({ contact: maria })
    await desk.ask(deleteContact({ contactId: maria, actor: ada }))
    expect((await sidebar(conversationId)).contact).toMatchObject({ reason: 'contactDeleted' })
  })

  it('S-044 stands nothing where the conversation is gone', async () => {
    const conversationId = await desk.receive()
    await desk.ask(trash({ conversationId, actor: ada }))
    await desk.ask(purge({ conversationId, actor: ada }))
    expect(await desk.inbox.sidebar(conversationId)).toMatchObject({
      _tag: 'Left',
      left: { type: 'NoSuchThread' },
    })
  })
})
