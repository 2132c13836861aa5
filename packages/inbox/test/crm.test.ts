/** Tickets, deals and timelines through a CRM, and what it does when it is away or unwilling. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  associateContact,
  associateTicket,
  blockSender,
  changeContact,
  changeTicket,
  close,
  createContact,
  createDeal,
  createTicket,
  hideMessage,
  mergeContacts,
  mergeInto,
  moveToInbox,
  openAccount,
  purge,
  connectChannel,
  trash,
  unhideMessage,
  type RecordReference,
  type Request,
} from '@threadbook/core'
import { inMemoryCrm, type InMemoryCrm } from '@threadbook/inbox/testing'
import { ada, openDesk, right, type Desk } from './fixtures.js'

let crm: InMemoryCrm
let desk: Desk
beforeEach(async () => {
  crm = inMemoryCrm()
  desk = await openDesk(undefined, { crm })
})

/** Asks, and waits for what follows behind the log. */
const ask = async (request: Request) => {
  const accepted = await desk.ask(request)
  await desk.inbox.settled()
  return accepted
}
const person = async (name = 'Maria') => (await ask(createContact({ name, actor: ada }))).contactId!
const conversationWith = async (contact?: string, text = 'Hello') => {
  const conversationId = await desk.receive({ text, ...(contact !== undefined && { contact }) })
  await desk.inbox.settled()
  return conversationId
}
const types = async (conversationId: string) =>
  (await desk.stream('conversation', conversationId)).map(({ type }) => type)
const last = async (conversationId: string, count: number) =>
  (await types(conversationId)).slice(-count)
const ticketOf = async (conversationId: string): Promise<RecordReference> => ({
  type: 'ticket',
  id: (await desk.row(conversationId))!.ticket!,
})
const withTicket = async (contact?: string) => {
  const conversationId = await conversationWith(contact)
  await ask(createTicket({ conversationId, name: 'Broken lamp', actor: ada }))
  return { conversationId, ticket: await ticketOf(conversationId) }
}
const asked = (type: string) => crm.done.filter(({ change }) => change.type === type)

describe('S-053 a ticket', () => {
  it('is created by the CRM, and associated', async () => {
    const contact = await person()
    const conversationId = await conversationWith(contact)
    const properties = [{ name: 'priority', value: 'high' }]
    await ask(createTicket({ conversationId, name: 'Broken lamp', properties, actor: ada }))
    expect(await last(conversationId, 2)).toEqual(['TicketRequested', 'TicketAssociated'])
    expect(crm.record('main', await ticketOf(conversationId))).toMatchObject({
      name: 'Broken lamp',
      properties,
      status: 'open',
    })
    expect(asked('createTicket')[0]?.change).toMatchObject({
      contact,
      conversation: conversationId,
      inbox: 'support',
    })
  })

  it('needs a CRM', async () => {
    const alone = await openDesk()
    const conversationId = await alone.receive()
    const request = { conversationId, name: 'Lamp', actor: ada }
    expect(await alone.refused(createTicket(request))).toEqual({ type: 'NoCrm' })
    expect(await alone.refused(createDeal(request))).toEqual({ type: 'NoCrm' })
  })

  it('waits for a CRM that is away, and is made once', async () => {
    const conversationId = await conversationWith()
    crm.behave('unavailable')
    await desk.ask(createTicket({ conversationId, name: 'Lamp', actor: ada }))
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(await last(conversationId, 1)).toEqual(['TicketRequested'])
    crm.behave('asUsual')
    await desk.inbox.settled()
    expect(await last(conversationId, 1)).toEqual(['TicketAssociated'])
    expect(asked('createTicket')).toHaveLength(1)
  })

  it('is told where the CRM refuses it, with the reason sealed', async () => {
    const conversationId = await conversationWith()
    crm.behave({ refuses: 'createTicket', because: 'Maria has too many' })
    await ask(createTicket({ conversationId, name: 'Lamp', actor: ada }))
    expect(await last(conversationId, 2)).toEqual(['TicketRequested', 'CrmRefused'])
    expect(JSON.stringify(await desk.log())).not.toContain('Maria has too many')
  })

  it('S-109 leaves neither its name nor its properties in the log', async () => {
    const conversationId = await conversationWith()
    const secret = { name: 'secret name', properties: [{ name: 'note', value: 'secret value' }] }
    await ask(createTicket({ conversationId, ...secret, actor: ada }))
    expect(JSON.stringify(await desk.log())).not.toContain('secret')
  })

  it('S-052 has values that are changed through the CRM', async () => {
    const { conversationId, ticket } = await withTicket()
    const properties = [{ name: 'priority', value: 'low' }]
    await ask(changeTicket({ conversationId, ticket: ticket.id, properties, actor: ada }))
    expect(crm.record('main', ticket)?.properties).toEqual(properties)
    crm.behave({ refuses: 'changeProperties', because: 'no such property' })
    await ask(changeTicket({ conversationId, ticket: ticket.id, properties, actor: ada }))
    expect(await last(conversationId, 2)).toEqual(['TicketPropertiesChanged', 'CrmRefused'])
  })
})

describe('S-086 closing', () => {
  it('closes the ticket with the conversation where that is asked for', async () => {
    const { conversationId, ticket } = await withTicket()
    await ask(close({ conversationId, withTickets: true, actor: ada }))
    expect(await last(conversationId, 3)).toEqual([
      'Closed',
      'TicketCloseRequested',
      'TicketClosed',
    ])
    expect(crm.record('main', ticket)).toMatchObject({ status: 'closed' })
  })

  it('leaves the ticket open otherwise', async () => {
    const { conversationId, ticket } = await withTicket()
    await ask(close({ conversationId, actor: ada }))
    expect(crm.record('main', ticket)).toMatchObject({ status: 'open' })
  })
})

describe('S-082 blocking a sender', () => {
  it('D-15 deletes all tickets of the conversation for good', async () => {
    const { conversationId, ticket } = await withTicket()
    crm.know('main', 'anybody', {
      tickets: [{ type: 'ticket', id: 't9', name: 'Old', properties: [] }],
    })
    await ask(associateTicket({ conversationId, ticket: 't9', actor: 'integration:crm' }))
    await ask(blockSender({ conversationId, actor: ada }))
    for (const each of [ticket, { type: 'ticket', id: 't9' } as const])
      expect(crm.record('main', each)).toBeUndefined()
    expect(await desk.row(conversationId)).toMatchObject({ ticket: null, spam: true })
  })

  it('deletes a ticket that was not there yet', async () => {
    const conversationId = await conversationWith()
    crm.behave('unavailable')
    await desk.ask(createTicket({ conversationId, name: 'Lamp', actor: ada }))
    await desk.ask(blockSender({ conversationId, actor: ada }))
    crm.behave('asUsual')
    await desk.inbox.settled()
    expect(crm.done.filter(({ change }) => change.type === 'createTicket')).toEqual([])
    expect(await desk.row(conversationId)).toMatchObject({ ticket: null })
  })
})

describe('S-043 deleting permanently', () => {
  const removed = async (conversationId: string) => {
    await ask(trash({ conversationId, actor: ada }))
    await ask(purge({ conversationId, actor: ada }))
  }

  it('D-15 takes the ticket along, which Trash does not', async () => {
    const { conversationId, ticket } = await withTicket()
    await ask(trash({ conversationId, actor: ada }))
    expect(crm.record('main', ticket)).toBeDefined()
    await ask(purge({ conversationId, actor: ada }))
    expect(crm.record('main', ticket)).toBeUndefined()
  })

  it('S-045 does so after 30 days in Trash, too', async () => {
    const { conversationId, ticket } = await withTicket()
    await ask(trash({ conversationId, actor: ada }))
    right(await desk.inbox.tick(desk.clock.pass({ days: 29 })))
    await desk.inbox.settled()
    expect(crm.record('main', ticket)).toBeDefined()
    right(await desk.inbox.tick(desk.clock.pass({ days: 1 })))
    await desk.inbox.settled()
    expect(crm.record('main', ticket)).toBeUndefined()
  })

  it('D-24 takes the tickets of what was merged into it', async () => {
    const { conversationId: source, ticket } = await withTicket()
    const target = await conversationWith()
    await ask(mergeInto({ conversationId: source, target, actor: ada }))
    await removed(target)
    expect(crm.record('main', ticket)).toBeUndefined()
  })

  it('makes none that was asked for and not made yet', async () => {
    const conversationId = await conversationWith()
    crm.behave('unavailable')
    await desk.ask(createTicket({ conversationId, name: 'Lamp', actor: ada }))
    await desk.ask(trash({ conversationId, actor: ada }))
    await desk.ask(purge({ conversationId, actor: ada }))
    crm.behave('asUsual')
    await desk.inbox.settled()
    expect(asked('createTicket')).toEqual([])
    expect(asked('deleteTicket')).toHaveLength(1)
  })

  it('is parked for an operator where the CRM refuses it, and done on another try', async () => {
    const { conversationId, ticket } = await withTicket()
    crm.behave({ refuses: 'deleteTicket', because: 'it is locked' })
    await removed(conversationId)
    expect(right(await desk.inbox.reactions.parked())).toMatchObject([
      { reaction: 'crmTasks', problem: 'CrmRefusal' },
    ])
    expect(crm.record('main', ticket)).toBeDefined()
    crm.behave('asUsual')
    expect(right(await desk.inbox.reactions.retry())).toEqual([])
    expect(crm.record('main', ticket)).toBeUndefined()
  })
})

describe('S-060 an account created after 1 April 2024', () => {
  const openedOn = (createdOn: string) =>
    openAccount({ createdOn, zone: 'Europe/Berlin', edition: 'enterprise', actor: 'system' })

  it('D-11 moves ticket and conversation to the help desk when a ticket is created', async () => {
    await ask(openedOn('2024-04-02'))
    const { conversationId } = await withTicket()
    expect(await last(conversationId, 2)).toEqual(['TicketAssociated', 'MovedToHelpDesk'])
    expect(asked('createTicket')[0]?.change).toMatchObject({ helpDesk: true })
    expect(await desk.shownIn(conversationId)).toEqual([])
  })

  it('S-007 D-11 keeps both in the inbox where it was created on that day or before', async () => {
    await ask(openedOn('2024-04-01'))
    const { conversationId } = await withTicket()
    expect(await last(conversationId, 1)).toEqual(['TicketAssociated'])
    expect(asked('createTicket')[0]?.change).not.toHaveProperty('helpDesk')
    expect(await desk.shownIn(conversationId)).toContain('allOpen')
  })
})

it('K-16 a ticket moves to another inbox with its conversation', async () => {
  await ask(connectChannel({ inboxId: 'sales', channel: 'email', actor: ada }))
  const { conversationId, ticket } = await withTicket()
  await ask(moveToInbox({ conversationId, inbox: 'sales', actor: ada }))
  expect(asked('moveTicket').map(({ change }) => change)).toEqual([
    { type: 'moveTicket', ticket: ticket.id, inbox: 'sales' },
  ])
})

it('S-061 a deal is created from a conversation, once for each request', async () => {
  const contact = await person()
  const conversationId = await conversationWith(contact)
  const request = createDeal({ conversationId, name: 'Ten lamps', request: 'r', actor: ada })
  await ask(request)
  await ask(request)
  expect(asked('createDeal')).toHaveLength(1)
  expect(await last(conversationId, 2)).toEqual(['DealRequested', 'DealCreated'])
})

it('S-056 a contact’s properties are changed through the CRM', async () => {
  const contactId = await person()
  const properties = [{ name: 'city', value: 'Rome' }]
  await ask(changeContact({ contactId, properties, actor: ada }))
  expect(right(await crm.contact('main', contactId)())?.properties).toEqual(properties)
})

describe('records’ timelines', () => {
  const texts = (entries: readonly { readonly text: unknown }[]) => entries.map(({ text }) => text)
  /** What ours says, which the CRM's must say, too. */
  const shownOn = async (record: RecordReference) => {
    const ours = texts(right(await desk.inbox.timeline(record)))
    expect(texts(crm.timeline('main', record))).toEqual(ours)
    return ours
  }
  const firstMessage = async (conversationId: string) => {
    const events = await desk.stream('conversation', conversationId)
    return (events[1]!.data as { messageId: string }).messageId
  }
  /** A conversation that is logged on one of each kind of record. */
  const everywhere = async () => {
    const contact = await person()
    const company = { type: 'company', id: 'acme', name: 'Acme', properties: [] } as const
    crm.know('main', contact, { company })
    await ask({
      type: 'AssociateCompany',
      contactId: contact,
      company: 'acme',
      actor: 'integration:crm',
    })
    const { conversationId, ticket } = await withTicket(contact)
    await ask(createDeal({ conversationId, name: 'Ten lamps', actor: ada }))
    const deal = asked('createDeal').length
    expect(deal).toBe(1)
    const dealId = (
      (await desk.stream('conversation', conversationId)).at(-1)!.data as { deal: string }
    ).deal
    const records: readonly RecordReference[] = [
      { type: 'contact', id: contact },
      ticket,
      { type: 'deal', id: dealId },
      { type: 'company', id: 'acme' },
    ]
    return { conversationId, records, contact }
  }

  it('have a conversation’s messages, on each of its records', async () => {
    const { records } = await everywhere()
    for (const record of records) expect(await shownOn(record)).toEqual(['Hello'])
  })

  it('S-095 S-097 S-105 lose what is hidden, and have it again everywhere once it is not', async () => {
    const { conversationId, records } = await everywhere()
    const messageId = await firstMessage(conversationId)
    await ask(hideMessage({ conversationId, messageId, actor: ada }))
    for (const record of records) expect(await shownOn(record)).toEqual([])
    await ask(unhideMessage({ conversationId, messageId, actor: ada }))
    for (const record of records) expect(await shownOn(record)).toEqual(['Hello'])
  })

  it('S-097 have what was hidden before the record was associated, once it is shown', async () => {
    const conversationId = await conversationWith()
    const messageId = await firstMessage(conversationId)
    await ask(hideMessage({ conversationId, messageId, actor: ada }))
    const contact = await person()
    await ask(associateContact({ conversationId, contact, actor: ada }))
    expect(await shownOn({ type: 'contact', id: contact })).toEqual([])
    await ask(unhideMessage({ conversationId, messageId, actor: ada }))
    expect(await shownOn({ type: 'contact', id: contact })).toEqual(['Hello'])
  })

  it('S-042 S-044 have nothing any more of what was deleted permanently, but of Trash', async () => {
    const { conversationId, records } = await everywhere()
    await ask(trash({ conversationId, actor: ada }))
    for (const record of records) expect(await shownOn(record)).toEqual(['Hello'])
    await ask(purge({ conversationId, actor: ada }))
    for (const record of records) expect(await shownOn(record)).toEqual([])
  })

  it('S-049 lose the conversation whose contact is disassociated', async () => {
    const { conversationId, records, contact } = await everywhere()
    await ask({ type: 'DisassociateContact', conversationId, actor: ada })
    expect(await shownOn({ type: 'contact', id: contact })).toEqual([])
    expect(await shownOn(records[1]!)).toEqual(['Hello'])
  })

  it('move with a contact that is merged into another', async () => {
    const { contact } = await everywhere()
    const other = await person('M. Rossi')
    await ask(mergeContacts({ contactId: contact, into: other, actor: ada }))
    expect(await shownOn({ type: 'contact', id: other })).toEqual(['Hello'])
    expect(await shownOn({ type: 'contact', id: contact })).toEqual([])
  })

  it('are of one account only (D-16)', async () => {
    const { records } = await everywhere()
    for (const record of records)
      expect(right(await desk.inbox.account('other').timeline(record))).toEqual([])
  })
})
