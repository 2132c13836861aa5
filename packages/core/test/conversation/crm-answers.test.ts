/** What the CRM answers late, twice, or to what nobody asked. */
import { describe, expect, it } from '@jest/globals'
import type { ConversationEvent, Present } from '@threadbook/core'
import type { Told } from '@threadbook/core/testing'
import { toSeal } from '@threadbook/sourcing'
import * as a from './fixtures.js'
import { given } from './fixtures.js'
import * as r from './record-fixtures.js'

const box = toSeal('private' as never)
const open = [a.started, a.received()]
const asked = [...open, r.ticketRequested()]
const withTicket = [...asked, r.ticketAssociated('t1', 'r1')]

const recordsOf = (...events: readonly Told<ConversationEvent>[]) =>
  (given(...open, ...events).state() as Present).records

describe('a ticket', () => {
  it('S-053 is asked for while a deal is on its way', () =>
    given(...open, r.dealRequested())
      .when(r.createTicket())
      .then(r.ticketRequested()))

  it('S-053 has the properties that were told', () =>
    given(...open)
      .when({ ...r.createTicket(), properties: box })
      .then(r.ticketRequested('r1', { properties: box })))

  it('S-048 has the name that the CRM tells', () =>
    given(...open)
      .when({ ...r.associateTicket(), name: box })
      .then({ type: 'TicketAssociated', data: { ticket: 't1', name: box } }))

  it('S-048 is associated though nobody here knows the request', () =>
    given(...open)
      .when(r.associateTicket('t1', 'elsewhere'))
      .then(r.ticketAssociated('t1', 'elsewhere')))

  it('S-082 that is deleted already is not asked to be deleted again', () =>
    given(
      ...asked,
      r.ticketAssociated(),
      r.deletionRequested(),
      r.deletionRequested({ request: 'r1' }),
    )
      .when(r.associateTicket('t1', 'r1'))
      .then(r.ticketAssociated('t1', 'r1')))

  it('S-082 is deleted for good, deals are left alone', () =>
    given(...open, r.dealRequested())
      .when(r.deleteTickets)
      .thenNothing())

  it('D-24 is closed after a merge, too', () =>
    given(...withTicket, a.merged())
      .when(r.recordTicketClosed())
      .then(r.ticketClosed()))
})

describe('a deal', () => {
  const requestedWith = (more: object): ConversationEvent =>
    ({ type: 'DealRequested', data: { ...r.dealRequested().data, ...more } }) as ConversationEvent

  it('S-061 has the properties that were told', () =>
    given(...open)
      .when({ ...r.createDeal(), properties: box })
      .then(requestedWith({ properties: box })))

  it('S-061 is one for each request, whatever its id', () =>
    given(...open, r.dealRequested(), r.dealCreated('deal1', 'd'))
      .when(r.recordDeal('deal2', 'd'))
      .thenNothing())

  it('S-061 is found in the CRM, with its name, and found once', () => {
    given(...open)
      .when({ ...r.recordDeal(), name: box })
      .then({ type: 'DealCreated', data: { deal: 'deal1', name: box } })
    given(...open, r.dealCreated())
      .when(r.recordDeal())
      .thenNothing()
    given(...open, r.dealCreated())
      .when(r.recordDeal('deal2'))
      .then(r.dealCreated('deal2'))
  })

  it('S-061 answers a request though it was found before', () =>
    given(...open, r.dealRequested(), r.dealCreated())
      .when(r.recordDeal('deal1', 'd'))
      .then(r.dealCreated('deal1', 'd')))
})

describe('a refusal of the CRM', () => {
  const about = { ticket: 't1' }

  it.each(['closeTicket', 'deleteTicket'] as const)(
    'is nothing where nobody asked, or it knows no such ticket: %s',
    (task) => {
      given(...withTicket)
        .when(r.recordCrmRefusal(task, about))
        .thenNothing()
      given(...open)
        .when(r.recordCrmRefusal(task, about))
        .thenNothing()
    },
  )

  it('S-086 of closing is of no deletion, and the other way round', () => {
    given(...withTicket, r.deletionRequested())
      .when(r.recordCrmRefusal('closeTicket', about))
      .thenNothing()
    given(...withTicket, r.ticketCloseRequested())
      .when(r.recordCrmRefusal('deleteTicket', about))
      .thenNothing()
  })

  it('S-082 of a deletion is told once', () => {
    const refused = r.crmRefused('deleteTicket', about)
    given(...withTicket, r.deletionRequested())
      .when(r.recordCrmRefusal('deleteTicket', about))
      .then(refused)
    given(...withTicket, r.deletionRequested(), refused)
      .when(r.recordCrmRefusal('deleteTicket', about))
      .thenNothing()
  })

  it.each(['moveTicket', 'changeTicket'] as const)('is told once for each ticket: %s', (task) => {
    const two = [...withTicket, r.ticketAssociated('t2')]
    const refused = r.crmRefused(task, about)
    given(...two)
      .when(r.recordCrmRefusal(task, about))
      .then(refused)
    given(...two, refused)
      .when(r.recordCrmRefusal(task, about))
      .thenNothing()
    given(...two, refused)
      .when(r.recordCrmRefusal(task, { ticket: 't2' }))
      .then(r.crmRefused(task, { ticket: 't2' }))
    given(...open)
      .when(r.recordCrmRefusal(task, about))
      .thenNothing()
  })

  it('S-060 of moving is not one of changing', () =>
    given(...withTicket, r.crmRefused('moveTicket', about))
      .when(r.recordCrmRefusal('changeTicket', about))
      .then(r.crmRefused('changeTicket', about)))
})

describe('S-043 what goes with a conversation', () => {
  const purged = (more: object): ConversationEvent => ({
    type: 'Purged',
    data: { keys: ['key-1'], blobs: [], ...more },
  })

  it('S-043 is no ticket that the CRM refused to make, and no deal on its way', () =>
    given(
      ...asked,
      r.crmRefused('createTicket', { request: 'r1' }),
      r.dealRequested('d'),
      a.trashed,
    )
      .when(a.purge())
      .then(purged({})))

  it('S-043 S-082 is a ticket that is on its way, though it was withdrawn', () =>
    given(...asked, r.deletionRequested({ request: 'r1' }), a.trashed)
      .when(a.purge())
      .then(purged({ ticketRequests: ['r1'] })))
})

describe('what is known of the records', () => {
  it('begins with a ticket that is open', () =>
    expect(recordsOf(r.ticketRequested(), r.ticketAssociated('t1', 'r1'))).toEqual({
      tickets: new Map([['t1', { closed: false, closing: false, deleting: false }]]),
      deals: new Set(),
      requests: new Map([['r1', { what: 'ticket', situation: 'done', helpDesk: false }]]),
      problems: new Map(),
      onHelpDesk: false,
    }))

  it('S-086 is that a ticket was closed, also once it is associated again', () => {
    const events = [r.ticketAssociated(), r.ticketCloseRequested(), r.ticketClosed()]
    const closed = new Map([['t1', { closed: true, closing: false, deleting: false }]])
    expect(recordsOf(...events).tickets).toEqual(closed)
    expect(recordsOf(...events, r.ticketAssociated()).tickets).toEqual(closed)
  })

  it('S-061 is what became of a deal', () => {
    const deal = (situation: string) =>
      new Map([['d', { what: 'deal', situation, helpDesk: false }]])
    expect(recordsOf(r.dealRequested()).requests).toEqual(deal('pending'))
    expect(recordsOf(r.dealRequested(), r.dealCreated('deal1', 'd')).requests).toEqual(deal('done'))
    expect(
      recordsOf(r.dealRequested(), r.crmRefused('createDeal', { request: 'd' })).requests,
    ).toEqual(deal('refused'))
  })

  it('is what the CRM refused, until it is asked for again', () => {
    const refused = [
      r.ticketAssociated(),
      r.ticketCloseRequested(),
      r.crmRefused('closeTicket', { ticket: 't1' }),
    ]
    expect([...recordsOf(...refused).problems.values()]).toEqual([
      { task: 'closeTicket', ticket: 't1', request: undefined },
    ])
    expect(recordsOf(...refused, r.ticketCloseRequested()).problems.size).toBe(0)
  })

  it.each([
    ['closeTicket', { closing: false, deleting: true }],
    ['deleteTicket', { closing: true, deleting: false }],
    ['changeTicket', { closing: true, deleting: true }],
  ] as const)('is what it did not refuse: beside %s', (task, facts) =>
    expect(
      recordsOf(
        r.ticketAssociated(),
        r.ticketCloseRequested(),
        r.deletionRequested(),
        r.crmRefused(task, { ticket: 't1' }),
      ).tickets.get('t1'),
    ).toEqual({ closed: false, ...facts }),
  )

  it('is nothing of tickets and requests that were never here', () => {
    const { tickets, requests } = recordsOf(
      r.ticketClosed('t9'),
      r.deletionRequested({ ticket: 't9' }),
      r.dealCreated('deal1', 'r9'),
    )
    expect([...tickets.keys(), ...requests.keys()]).toEqual([])
  })
})
