import { describe, expect, it } from '@jest/globals'
import { accounts, decodeCommand, hasTicketsInInbox } from '@threadbook/core'
import { at, stories } from '@threadbook/core/testing'
import * as E from 'fp-ts/lib/Either.js'
import * as a from './fixtures.js'
import { given } from './fixtures.js'
import * as r from './record-fixtures.js'

const open = [a.started, a.received()]
const asked = [...open, r.ticketRequested()]
const withTicket = [...asked, r.ticketAssociated('t1', 'r1')]

describe('S-053 creating a ticket', () => {
  it('asks the CRM for one', () =>
    given(...open)
      .when(r.createTicket())
      .then(r.ticketRequested()))

  it('associates the one that the CRM has made', () =>
    given(...asked)
      .when(r.associateTicket('t1', 'r1'))
      .then(r.ticketAssociated('t1', 'r1')))

  it('is for conversations without one', () => {
    given(...withTicket)
      .when(r.createTicket('r2'))
      .thenRefused('TicketExists', { ticket: 't1' })
    given(...asked)
      .when(r.createTicket('r2'))
      .thenRefused('TicketExists')
  })

  it('is done once, whoever asks and answers twice', () => {
    given(...asked)
      .when(r.createTicket('r1'))
      .thenNothing()
    given(...withTicket)
      .when(r.createTicket('r1'))
      .thenNothing()
    given(...withTicket)
      .when(r.associateTicket('t1', 'r1'))
      .thenNothing()
    given(...withTicket, r.ticketDeleted())
      .when(r.associateTicket('t1', 'r1'))
      .thenNothing()
  })

  it('is possible again once the ticket is gone, and once the CRM has refused', () => {
    given(...withTicket, r.ticketDeleted())
      .when(r.createTicket('r2'))
      .then(r.ticketRequested('r2'))
    given(...asked, r.crmRefused('createTicket', { request: 'r1' }))
      .when(r.createTicket('r2'))
      .then(r.ticketRequested('r2'))
  })

  it('is not for Trash (S-040)', () =>
    given(...open, a.trashed)
      .when(r.createTicket())
      .thenRefused('ConversationInTrash'))

  it('is answered in Trash and after a merge, too', () => {
    for (const ended of [a.trashed, a.merged()])
      given(...asked, ended)
        .when(r.associateTicket('t1', 'r1'))
        .then(r.ticketAssociated('t1', 'r1'))
  })

  it('may be refused by the CRM, which is said once', () => {
    const refusal = r.recordCrmRefusal('createTicket', { request: 'r1' })
    const refused = r.crmRefused('createTicket', { request: 'r1' })
    given(...asked)
      .when(refusal)
      .then(refused)
    given(...asked, refused)
      .when(refusal)
      .thenNothing()
    given(...withTicket)
      .when(refusal)
      .thenNothing()
  })
})

describe('a ticket that the CRM has', () => {
  it('S-048 is associated, and so are several', () => {
    given(...open)
      .when(r.associateTicket())
      .then(r.ticketAssociated())
    given(...withTicket)
      .when(r.associateTicket('t2'))
      .then(r.ticketAssociated('t2'))
    given(...withTicket)
      .when(r.associateTicket())
      .thenNothing()
  })

  it('D-24 goes to the target of a merge', () =>
    given(...open, a.merged('older'))
      .when(r.associateTicket())
      .thenRefused('ConversationMerged', { target: 'older' }))

  it('S-054 stays: there is no such command, and losing the contact leaves it', () => {
    const command = {
      type: 'DisassociateTicket',
      conversationId: 'c',
      ticket: 't',
      actor: 'user:ada',
    }
    expect(decodeCommand(command)).toMatchObject(E.left({ type: 'InvalidCommand', field: 'type' }))
    const state = given(...withTicket, a.disassociated).state()
    expect(state).toMatchObject({ records: { tickets: new Map([['t1', expect.anything()]]) } })
  })

  it('D-15 S-043 stays while its conversation is in Trash', () =>
    expect(given(...withTicket, a.trashed).state()).toMatchObject({
      records: { tickets: new Map([['t1', expect.anything()]]) },
    }))

  it('S-052 has properties that are changed', () => {
    given(...withTicket)
      .when(r.changeTicket())
      .then(r.ticketChanged())
    given(...open)
      .when(r.changeTicket())
      .thenRefused('NoSuchTicket', { ticket: 't1' })
  })

  it('S-052 says once that the CRM refused a change, and again after another', () => {
    const refusal = r.recordCrmRefusal('changeTicket', { ticket: 't1' })
    const refused = r.crmRefused('changeTicket', { ticket: 't1' })
    given(...withTicket, r.ticketChanged())
      .when(refusal)
      .then(refused)
    given(...withTicket, r.ticketChanged(), refused)
      .when(refusal)
      .thenNothing()
    given(...withTicket, r.ticketChanged(), refused, r.ticketChanged())
      .when(refusal)
      .then(refused)
  })
})

describe('S-086 closing', () => {
  it('closes ticket and conversation', () =>
    given(...withTicket)
      .when(r.closeWithTickets)
      .then(a.closed, r.ticketCloseRequested()))

  it('closes the conversation alone unless told', () =>
    given(...withTicket)
      .when(a.close)
      .then(a.closed))

  it('closes the ticket of a conversation that is closed', () => {
    given(...withTicket, a.closed)
      .when(r.closeWithTickets)
      .then(r.ticketCloseRequested())
    given(...withTicket, a.closed, r.ticketCloseRequested())
      .when(r.closeWithTickets)
      .thenNothing()
    given(...withTicket, a.closed, r.ticketClosed())
      .when(r.closeWithTickets)
      .thenNothing()
  })

  it('S-087 closes neither while the bot is talking', () =>
    given(a.chatStarted, a.said(), a.botTookOver(), r.ticketAssociated())
      .when(at('09:10', r.closeWithTickets))
      .thenRefused('BotStillTalking'))

  it('is done once the CRM says so, whoever closed it', () => {
    given(...withTicket)
      .when(r.recordTicketClosed())
      .then(r.ticketClosed())
    given(...withTicket, r.ticketClosed())
      .when(r.recordTicketClosed())
      .thenNothing()
    given(...open)
      .when(r.recordTicketClosed())
      .thenRefused('NoSuchTicket')
  })

  it('can be asked for again where the CRM refused', () => {
    const refused = r.crmRefused('closeTicket', { ticket: 't1' })
    given(...withTicket, r.ticketCloseRequested())
      .when(r.recordCrmRefusal('closeTicket', { ticket: 't1' }))
      .then(refused)
    given(...withTicket, a.closed, r.ticketCloseRequested(), refused)
      .when(r.closeWithTickets)
      .then(r.ticketCloseRequested())
  })
})

describe('S-082 D-15 the tickets of a blocked sender', () => {
  it('are all to be deleted, and those on their way', () =>
    given(...withTicket, r.ticketAssociated('t2'), r.ticketDeleted('t1'), r.ticketRequested('r2'))
      .when(r.deleteTickets)
      .then(r.deletionRequested({ ticket: 't2' }), r.deletionRequested({ request: 'r2' })))

  it('are asked for once', () =>
    given(...withTicket, r.deletionRequested())
      .when(r.deleteTickets)
      .thenNothing())

  it('are gone once the CRM says so', () => {
    given(...withTicket, r.deletionRequested())
      .when(r.recordTicketDeleted())
      .then(r.ticketDeleted())
    given(...withTicket, r.deletionRequested(), r.ticketDeleted())
      .when(r.recordTicketDeleted())
      .thenNothing()
  })

  it('are deleted as soon as they are there', () =>
    given(...asked, r.deletionRequested({ request: 'r1' }))
      .when(r.associateTicket('t1', 'r1'))
      .then(r.ticketAssociated('t1', 'r1'), r.deletionRequested({ ticket: 't1' })))

  it('may be refused to be deleted, and are asked for again', () =>
    given(...withTicket, r.deletionRequested(), r.crmRefused('deleteTicket', { ticket: 't1' }))
      .when(r.deleteTickets)
      .then(r.deletionRequested()))
})

describe('S-043 deleting permanently', () => {
  it('takes the tickets along, those on their way too, and names the deals', () =>
    given(
      ...withTicket,
      r.ticketDeleted(),
      r.ticketAssociated('t2'),
      r.ticketRequested('r2'),
      r.dealCreated(),
      a.trashed,
    )
      .when(a.purge())
      .then({
        type: 'Purged',
        data: {
          keys: ['key-1'],
          blobs: [],
          tickets: ['t2'],
          ticketRequests: ['r2'],
          deals: ['deal1'],
        },
      }))

  it('S-045 does so by the clock, too', () =>
    given(...withTicket, a.trashed)
      .when(a.purge('system'))
      .then({ type: 'Purged', data: { keys: ['key-1'], blobs: [], tickets: ['t1'] } }))
})

describe('S-060 an account without tickets in its inbox', () => {
  const forHelpDesk = r.ticketRequested('r1', { helpDesk: true })

  it('asks for a ticket at the help desk', () =>
    given(...open)
      .when(r.createTicket('r1', false))
      .then(forHelpDesk))

  it('moves ticket and conversation there once the ticket is made', () => {
    given(...open, forHelpDesk)
      .when(r.associateTicket('t1', 'r1'))
      .then(r.ticketAssociated('t1', 'r1'), r.movedToHelpDesk())
    expect(given(...open, r.ticketAssociated(), r.movedToHelpDesk()).state()).toMatchObject({
      records: { onHelpDesk: true },
    })
  })

  it('S-082 moves nothing of a sender who was blocked meanwhile', () =>
    given(...open, forHelpDesk, r.deletionRequested({ request: 'r1' }))
      .when(r.associateTicket('t1', 'r1'))
      .then(r.ticketAssociated('t1', 'r1'), r.deletionRequested()))
})

describe('S-007 D-11 tickets in the inbox', () => {
  const { given: givenAccount } = stories(accounts)
  const openedOn = (createdOn: string) =>
    givenAccount({
      type: 'AccountOpened',
      data: { createdOn, zone: 'Pacific/Auckland', edition: 'free' },
    }).state()

  it.each([
    ['2019-12-31', true],
    ['2024-03-31', true],
    ['2024-04-01', true],
    ['2024-04-02', false],
    ['2026-01-01', false],
  ])('are for accounts created up to 1 April 2024, in their own zone: %s', (day, has) =>
    expect(hasTicketsInInbox(openedOn(day))).toBe(has),
  )

  it('are there where the host alone knows the account', () =>
    expect(hasTicketsInInbox(givenAccount().state())).toBe(true))
})

describe('S-061 a deal', () => {
  it('is asked for, and made by the CRM', () => {
    given(...open)
      .when(r.createDeal())
      .then(r.dealRequested())
    given(...open, r.dealRequested())
      .when(r.recordDeal('deal1', 'd'))
      .then(r.dealCreated('deal1', 'd'))
  })

  it('is one for each request', () => {
    given(...open, r.dealRequested())
      .when(r.createDeal())
      .thenNothing()
    given(...open, r.dealRequested(), r.dealCreated('deal1', 'd'))
      .when(r.recordDeal('deal1', 'd'))
      .thenNothing()
    given(...open, r.dealRequested(), r.dealCreated('deal1', 'd'))
      .when(r.createDeal('another'))
      .then(r.dealRequested('another'))
  })

  it('may be refused by the CRM', () => {
    const refused = r.crmRefused('createDeal', { request: 'd' })
    given(...open, r.dealRequested())
      .when(r.recordCrmRefusal('createDeal', { request: 'd' }))
      .then(refused)
    given(...open, r.dealRequested(), refused)
      .when(r.recordCrmRefusal('createDeal', { request: 'd' }))
      .thenNothing()
  })
})
