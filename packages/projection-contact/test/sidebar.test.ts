import { describe, expect, it } from '@jest/globals'
import {
  accounts,
  contacts,
  conversations,
  type Account,
  type Contact,
  type ConversationEvent,
  type CrmContact,
  type CrmRecord,
  type Edition,
  type Records,
} from '@threadbook/core'
import { stories } from '@threadbook/core/testing'
import { sidebar, type SidebarParts } from '../src/index.js'

const aboutAccounts = stories(accounts)
const aboutContacts = stories(contacts)
const aboutConversations = stories(conversations)

const account = (createdOn = '2024-04-01', edition: Edition = 'enterprise'): Account =>
  aboutAccounts
    .given({ type: 'AccountOpened', data: { createdOn, zone: 'Europe/Berlin', edition } })
    .state()
const showing = (place: 'contact' | 'ticketCard' | 'ticketPanel', ...properties: string[]) =>
  aboutAccounts
    .given(
      {
        type: 'AccountOpened',
        data: { createdOn: '2024-04-01', zone: 'UTC', edition: 'enterprise' },
      },
      { type: 'DisplayedPropertiesChanged', data: { place, properties } },
    )
    .state()

const created = { type: 'ContactCreated', data: { key: 'k', source: 'manual' } } as const
const person = (state: Contact = aboutContacts.given(created).state()) => ({
  id: 'maria',
  state,
  name: 'Maria',
  addresses: [{ kind: 'email' as const, address: 'maria@example.com' }],
})

const recordsAfter = (...events: readonly ConversationEvent[]): Records => {
  const state = aboutConversations
    .given(
      { type: 'ConversationStarted', data: { inbox: 'support', channel: 'email', key: 'k' } },
      ...events,
    )
    .state()
  if (state.situation !== 'present') throw new Error('a conversation')
  return state.records
}
const associated = (ticket: string): ConversationEvent => ({
  type: 'TicketAssociated',
  data: { ticket },
})
const requested: ConversationEvent = {
  type: 'TicketRequested',
  data: { request: 'r', name: {} },
}
const dealt = (deal: string): ConversationEvent => ({ type: 'DealCreated', data: { deal } })

const record = (type: CrmRecord['type'], id: string, more: Partial<CrmRecord> = {}): CrmRecord => ({
  type,
  id,
  name: `${type} ${id}`,
  properties: [],
  ...more,
})
const known: CrmContact = {
  properties: [
    { name: 'email', value: 'maria@example.com' },
    { name: 'city', value: 'Rome' },
  ],
  url: 'https://crm.example/maria',
  tickets: [record('ticket', 't1'), record('ticket', 't2')],
  deals: [record('deal', 'd1'), record('deal', 'd2')],
  company: record('company', 'acme'),
  customObjects: [record('customObject', 'o1', { kind: 'subscription' })],
  feedback: [{ id: 'f', at: '2026-01-01T09:00:00.000Z', survey: 'CSAT', score: 4 }],
}

const parts = (differing: Partial<SidebarParts<string>> = {}): SidebarParts<string> => ({
  account: account(),
  contact: person(),
  records: [recordsAfter()],
  earlier: ['an earlier one'],
  crm: { contact: known, records: [] },
  ...differing,
})
const read = (differing: Partial<SidebarParts<string>> = {}) => sidebar(parts(differing))
const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id)

describe('S-048 the sidebar', () => {
  it('has a section for everything that there is', () => {
    const shown = read({ records: [recordsAfter(associated('t1'))] })
    expect(Object.entries(shown).filter(([, section]) => !section.present)).toEqual([])
  })

  it('is plain JSON', () => {
    const shown = read({ records: [recordsAfter(associated('t1'), dealt('d1'))] })
    expect(JSON.parse(JSON.stringify(shown))).toEqual(shown)
  })
})

describe('the contact', () => {
  it('S-050 is a reference to the record, with what can be done there', () =>
    expect(read().contact).toMatchObject({
      present: true,
      reference: { type: 'contact', id: 'maria' },
      name: 'Maria',
      url: 'https://crm.example/maria',
      activities: ['email', 'call', 'note', 'task', 'meeting'],
    }))

  it('S-049 is missing once it is disassociated, and with it all that hangs on it', () => {
    const shown = read({ contact: undefined, records: [recordsAfter(associated('t1'))] })
    for (const section of [
      shown.contact,
      shown.otherConversations,
      shown.otherTickets,
      shown.feedback,
      shown.deals,
      shown.company,
      shown.customObjects,
    ])
      expect(section).toEqual({ present: false, reason: 'noContact' })
    expect(shown.tickets).toMatchObject({ present: true })
  })

  it('S-055 S-056 shows the properties that the account has chosen, in their order', () => {
    expect(read().contact).toMatchObject({
      properties: [
        { name: 'email', value: 'maria@example.com' },
        { name: 'city', value: 'Rome' },
      ],
    })
    expect(read({ account: showing('contact', 'phone', 'city') }).contact).toMatchObject({
      properties: [
        { name: 'phone', value: null },
        { name: 'city', value: 'Rome' },
      ],
    })
  })

  it('K-22 says until when one that was deleted can be restored', () => {
    const state = aboutContacts
      .given(created, {
        type: 'ContactDeleted',
        data: {},
        at: '2026-01-01T12:00:00.000Z',
        recordedAt: '2026-01-01T12:00:00.000Z',
      })
      .state()
    expect(read({ contact: person(state) }).contact).toEqual({
      present: false,
      reason: 'contactDeleted',
      restorableUntil: '2026-04-01T12:00:00.000Z',
    })
  })

  it('K-22 is missing once it is erased', () => {
    const erased = { type: 'ContactErased', data: { keys: ['k'] } } as const
    const state = aboutContacts.given(created, erased).state()
    expect(read({ contact: person(state) }).company).toEqual({
      present: false,
      reason: 'contactErased',
    })
  })
})

describe('the ticket', () => {
  const shownTicket = (differing: Partial<SidebarParts<string>> = {}) =>
    read({
      records: [recordsAfter(associated('t1'))],
      crm: {
        contact: known,
        records: [
          record('ticket', 't1', {
            name: 'Broken lamp',
            status: 'open',
            url: 'https://crm.example/t1',
            properties: [{ name: 'priority', value: 'high' }],
          }),
        ],
      },
      ...differing,
    }).tickets

  it('S-051 S-074 has a name that opens the record, and a panel of details', () =>
    expect(shownTicket()).toMatchObject({
      present: true,
      tickets: [
        {
          reference: { type: 'ticket', id: 't1' },
          name: 'Broken lamp',
          status: 'open',
          url: 'https://crm.example/t1',
          properties: [{ name: 'priority', value: 'high' }],
          details: [{ name: 'priority', value: 'high' }],
        },
      ],
    }))

  it('S-052 has properties in the panel that are chosen apart from those of the card', () =>
    expect(shownTicket({ account: showing('ticketPanel', 'owner') })).toMatchObject({
      tickets: [
        {
          properties: [{ name: 'priority', value: 'high' }],
          details: [{ name: 'owner', value: null }],
        },
      ],
    }))

  it('S-053 can be created where there is none', () => {
    expect(read().tickets).toEqual({ present: false, reason: 'noTicket' })
    expect(read({ records: [recordsAfter(requested)] }).tickets).toEqual({
      present: false,
      reason: 'ticketOnItsWay',
    })
    expect(read({ crm: 'none' }).tickets).toEqual({ present: false, reason: 'noCrm' })
  })

  it('S-054 cannot be disassociated', () =>
    expect(shownTicket()).toMatchObject({ tickets: [{ mayDisassociate: false }] }))

  it('S-007 S-060 D-11 is at the help desk for accounts created after 1 April 2024', () => {
    const late = { account: account('2024-04-02') }
    expect(read(late).tickets).toEqual({
      present: false,
      reason: 'ticketsAtHelpDesk',
      mayCreate: true,
    })
    expect(shownTicket(late)).toMatchObject({ present: false, mayCreate: false })
    expect(read(late).otherTickets).toMatchObject({ present: false, reason: 'ticketsAtHelpDesk' })
  })

  it('is known without the CRM’s answer, too', () =>
    expect(shownTicket({ crm: 'unavailable' })).toMatchObject({
      tickets: [{ reference: { id: 't1' }, name: null, status: 'open', properties: [] }],
    }))

  it('D-24 is also that of a conversation merged into this one', () =>
    expect(
      read({ records: [recordsAfter(), recordsAfter(associated('t2'))] }).tickets,
    ).toMatchObject({ tickets: [{ reference: { id: 't2' } }] }))
})

describe('what hangs on the contact', () => {
  it('S-057 is earlier conversations', () => {
    expect(read().otherConversations).toEqual({
      present: true,
      conversations: ['an earlier one'],
    })
    expect(read({ earlier: [] }).otherConversations).toEqual({ present: false, reason: 'none' })
  })

  it('S-058 is other tickets, and not the conversation’s own', () =>
    expect(
      ids(
        (
          read({ records: [recordsAfter(associated('t1'))] }).otherTickets as {
            tickets: readonly CrmRecord[]
          }
        ).tickets,
      ),
    ).toEqual(['t2']))

  it('S-059 is past feedback', () =>
    expect(read().feedback).toMatchObject({ feedback: [{ survey: 'CSAT', score: 4 }] }))

  it('S-061 is deals, those made from the conversation first', () => {
    const deals = read({
      records: [recordsAfter(dealt('d2'))],
      crm: { contact: known, records: [record('deal', 'd2')] },
    }).deals
    expect(deals).toMatchObject({ deals: [{ id: 'd2' }, { id: 'd1' }] })
  })

  it('S-052 S-061 shows of deals and tickets the properties that their cards are to show', () => {
    const opened = {
      type: 'AccountOpened',
      data: { createdOn: '2024-04-01', zone: 'UTC', edition: 'free' },
    } as const
    const chosen = (place: 'dealCard' | 'ticketCard') =>
      ({
        type: 'DisplayedPropertiesChanged',
        data: { place, properties: ['amount'] },
      }) as const
    const state = aboutAccounts.given(opened, chosen('dealCard'), chosen('ticketCard')).state()
    const { deals, otherTickets } = read({ account: state })
    for (const section of [deals, otherTickets])
      expect(JSON.stringify(section)).toContain('"properties":[{"name":"amount","value":null}]')
  })

  it('S-062 is the company', () =>
    expect(read().company).toMatchObject({
      reference: { type: 'company', id: 'acme' },
      name: 'company acme',
    }))

  it('S-063 is custom objects of the contact', () =>
    expect(read().customObjects).toMatchObject({
      objects: [{ reference: { type: 'customObject', id: 'o1' }, kind: 'subscription' }],
    }))

  it.each(['free', 'starter', 'professional'] as const)(
    'S-006 needs Enterprise for custom objects, not %s',
    (edition) =>
      expect(read({ account: account('2024-04-01', edition) }).customObjects).toEqual({
        present: false,
        reason: 'needsEdition',
        capability: 'customObjects',
        edition: 'enterprise',
      }),
  )

  it.each([
    ['noCrm', { crm: 'none' }],
    ['crmUnavailable', { crm: 'unavailable' }],
    ['notInCrm', { crm: { contact: undefined, records: [] } }],
  ] as const)('says why nothing is known: %s', (reason, differing) => {
    const { feedback, company, deals, customObjects, otherTickets } = read(differing)
    for (const section of [feedback, company, deals, customObjects, otherTickets])
      expect(section).toEqual({ present: false, reason })
  })

  it('says where there is nothing', () => {
    const crm = {
      contact: { properties: [], tickets: [], deals: [], customObjects: [], feedback: [] },
      records: [],
    }
    const { feedback, company, deals, customObjects, otherTickets } = read({ crm })
    for (const section of [feedback, company, deals, customObjects, otherTickets])
      expect(section).toEqual({ present: false, reason: 'none' })
  })
})
