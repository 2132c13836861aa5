/** Tickets and deals of a conversation: what happened to them, and what is asked for. */
import type { ConversationCommand, ConversationEvent, CrmTask } from '@threadbook/core'
import { toSeal } from '@threadbook/sourcing'

const box = toSeal('private' as never)
const conversationId = 'conversation-1'

type Event<T extends ConversationEvent['type']> = Extract<ConversationEvent, { readonly type: T }>
type Data<T extends ConversationEvent['type']> = Partial<Event<T>['data']>

export const ticketRequested = (
  request = 'r1',
  data: Data<'TicketRequested'> = {},
): ConversationEvent => ({ type: 'TicketRequested', data: { request, name: box, ...data } })
export const ticketAssociated = (ticket = 't1', request?: string): ConversationEvent => ({
  type: 'TicketAssociated',
  data: { ticket, ...(request !== undefined && { request }) },
})
export const ticketCloseRequested = (ticket = 't1'): ConversationEvent => ({
  type: 'TicketCloseRequested',
  data: { ticket },
})
export const ticketClosed = (ticket = 't1'): ConversationEvent => ({
  type: 'TicketClosed',
  data: { ticket },
})
export const ticketChanged = (ticket = 't1'): ConversationEvent => ({
  type: 'TicketPropertiesChanged',
  data: { ticket, properties: box },
})
export const deletionRequested = (
  about: Data<'TicketDeletionRequested'> = { ticket: 't1' },
): ConversationEvent => ({ type: 'TicketDeletionRequested', data: about })
export const ticketDeleted = (ticket = 't1'): ConversationEvent => ({
  type: 'TicketDeleted',
  data: { ticket },
})
export const movedToHelpDesk = (ticket = 't1'): ConversationEvent => ({
  type: 'MovedToHelpDesk',
  data: { ticket },
})
export const dealRequested = (request = 'd'): ConversationEvent => ({
  type: 'DealRequested',
  data: { request, name: box },
})
export const dealCreated = (deal = 'deal1', request?: string): ConversationEvent => ({
  type: 'DealCreated',
  data: { deal, ...(request !== undefined && { request }) },
})
export const crmRefused = (task: CrmTask, about: object): ConversationEvent => ({
  type: 'CrmRefused',
  data: { task, reason: box, ...about },
})

type Command<T extends ConversationCommand['type']> = Extract<
  ConversationCommand,
  { readonly type: T }
>
const on = <T extends ConversationCommand['type']>(type: T, fields: object = {}): Command<T> =>
  ({ type, conversationId, actor: 'user:ada', ...fields }) as unknown as Command<T>
const crm = { actor: 'integration:crm' }

export const createTicket = (request = 'r1', inInbox = true) =>
  on('CreateTicket', { request, name: box, facts: { inInbox } })
export const associateTicket = (ticket = 't1', request?: string) =>
  on('AssociateTicket', { ticket, ...(request !== undefined && { request }), ...crm })
export const recordTicketClosed = (ticket = 't1') => on('RecordTicketClosed', { ticket, ...crm })
export const recordTicketDeleted = (ticket = 't1') => on('RecordTicketDeleted', { ticket, ...crm })
export const changeTicket = (ticket = 't1') => on('ChangeTicket', { ticket, properties: box })
export const createDeal = (request = 'd') => on('CreateDeal', { request, name: box })
export const recordDeal = (deal = 'deal1', request?: string) =>
  on('RecordDeal', { deal, ...(request !== undefined && { request }), ...crm })
export const recordCrmRefusal = (task: CrmTask, about: object) =>
  on('RecordCrmRefusal', { task, reason: box, ...about, ...crm })
export const closeWithTickets = on('Close', { withTickets: true })
export const deleteTickets = on('DeleteTickets')
