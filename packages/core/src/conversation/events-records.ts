/**
 * Records of the CRM that belong to a conversation: tickets and deals. What the CRM is to do is asked
 * for by one event and confirmed, or refused, by another: the CRM answers later, or not at all.
 */
import { event, sealed } from '@threadbook/sourcing'
import * as t from 'io-ts'
import type { Property } from '../properties.js'

/** `request` tells attempts apart: the answer names it. */
const asked = { request: t.string, name: sealed<string>() }
const askedMaybe = { properties: sealed<readonly Property[]>() }

export const TicketRequested = event('TicketRequested', asked, {
  ...askedMaybe,
  /** The account has no tickets in its inbox: ticket and conversation go to the help desk (S-060). */
  helpDesk: t.literal(true),
})
/** Made here where it names a request, else by the CRM. It cannot be disassociated (S-054). */
export const TicketAssociated = event(
  'TicketAssociated',
  { ticket: t.string },
  { request: t.string, name: sealed<string>() },
)
/** Closed together with the conversation (S-086). */
export const TicketCloseRequested = event('TicketCloseRequested', { ticket: t.string })
export const TicketClosed = event('TicketClosed', { ticket: t.string })
export const TicketPropertiesChanged = event('TicketPropertiesChanged', {
  ticket: t.string,
  properties: sealed<readonly Property[]>(),
})
/** For good (S-082): a ticket, or one that was asked for and is not there yet. */
export const TicketDeletionRequested = event(
  'TicketDeletionRequested',
  {},
  { ticket: t.string, request: t.string },
)
export const TicketDeleted = event('TicketDeleted', { ticket: t.string })

export const MovedToHelpDesk = event('MovedToHelpDesk', { ticket: t.string })

export const DealRequested = event('DealRequested', asked, askedMaybe)
export const DealCreated = event(
  'DealCreated',
  { deal: t.string },
  { request: t.string, name: sealed<string>() },
)

export const CrmTask = t.keyof(
  {
    createTicket: null,
    closeTicket: null,
    deleteTicket: null,
    moveTicket: null,
    changeTicket: null,
    createDeal: null,
  },
  'CrmTask',
)
export type CrmTask = t.TypeOf<typeof CrmTask>

/** The CRM will never do what it was asked for. */
export const CrmRefused = event(
  'CrmRefused',
  { task: CrmTask, reason: sealed<string>() },
  { request: t.string, ticket: t.string },
)
