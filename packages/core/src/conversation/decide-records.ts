/** Tickets and deals of a conversation: asked for here, made and ended by the CRM. */
import { accept, refuse } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { one, when, type Answer } from './answers.js'
import type {
  AssociateTicket,
  ChangeTicket,
  CreateDeal,
  CreateTicket,
  RecordCommand,
  RecordCrmRefusal,
  RecordDeal,
  RecordTicketClosed,
  RecordTicketDeleted,
} from './commands-records.js'
import type { ConversationEvent } from './events.js'
import { problemOf } from './state-records.js'
import type { Present } from './state.js'

/** What goes on with the records of a merged conversation: the CRM's answers, and being blocked. */
export const afterMerge: ReadonlySet<string> = new Set<RecordCommand['type']>([
  'AssociateTicket',
  'RecordTicketClosed',
  'RecordTicketDeleted',
  'RecordDeal',
  'RecordCrmRefusal',
  'DeleteTickets',
])

/** S-053: where none is associated. */
const createTicket = (
  { request, name, properties, facts }: CreateTicket,
  { records }: Present,
): Answer => {
  if (records.requests.has(request)) return accept()
  const [ticket] = records.tickets.keys()
  const onItsWay = [...records.requests.values()].some(
    ({ what, situation }) => what === 'ticket' && situation === 'pending',
  )
  if (ticket !== undefined || onItsWay)
    return refuse({ type: 'TicketExists', ...(ticket !== undefined && { ticket }) })
  return one({
    type: 'TicketRequested',
    data: {
      request,
      name,
      ...(properties !== undefined && { properties }),
      ...(!facts.inInbox && { helpDesk: true }),
    },
  })
}

const isAwaited = (request: string | undefined, { records }: Present): boolean => {
  const situation = request === undefined ? undefined : records.requests.get(request)?.situation
  return situation === 'pending' || situation === 'withdrawn'
}

/** Whether a request that the CRM's answer names was answered before. */
const isAnswered = (request: string | undefined, state: Present): boolean =>
  request !== undefined && state.records.requests.has(request) && !isAwaited(request, state)

const associateTicket = ({ ticket, request, name }: AssociateTicket, state: Present): Answer => {
  const { tickets, requests, onHelpDesk } = state.records
  const awaited = isAwaited(request, state)
  if (isAnswered(request, state) || (tickets.has(ticket) && !awaited)) return accept()
  const asked = awaited ? requests.get(request!) : undefined
  const unwanted = asked?.situation === 'withdrawn'
  return accept<ConversationEvent>(
    {
      type: 'TicketAssociated',
      data: {
        ticket,
        ...(request !== undefined && { request }),
        ...(name !== undefined && { name }),
      },
    },
    ...when(unwanted && tickets.get(ticket)?.deleting !== true, {
      type: 'TicketDeletionRequested',
      data: { ticket },
    }),
    ...when(asked?.helpDesk === true && !unwanted && !onHelpDesk, {
      type: 'MovedToHelpDesk',
      data: { ticket },
    }),
  )
}

/** S-086: its tickets are closed with it, by the CRM and a moment later. */
export const withTickets = (closing: Answer, { records }: Present): Answer => {
  if (E.isLeft(closing)) return closing
  const open = [...records.tickets].filter(
    ([, { closed, closing, deleting }]) => !closed && !closing && !deleting,
  )
  return accept(
    ...closing.right,
    ...open.map(([ticket]) => ({ type: 'TicketCloseRequested' as const, data: { ticket } })),
  )
}

const ticketClosed = ({ ticket }: RecordTicketClosed, { records }: Present): Answer => {
  const facts = records.tickets.get(ticket)
  if (facts === undefined) return refuse({ type: 'NoSuchTicket', ticket })
  return facts.closed ? accept() : one({ type: 'TicketClosed', data: { ticket } })
}

const ticketDeleted = ({ ticket }: RecordTicketDeleted, { records }: Present): Answer =>
  records.tickets.has(ticket) ? one({ type: 'TicketDeleted', data: { ticket } }) : accept()

const changeTicket = ({ ticket, properties }: ChangeTicket, { records }: Present): Answer =>
  records.tickets.has(ticket)
    ? one({ type: 'TicketPropertiesChanged', data: { ticket, properties } })
    : refuse({ type: 'NoSuchTicket', ticket })

/** S-082, D-15: all of them at once, and those that are on their way. */
const deleteTickets = ({ records }: Present): Answer =>
  accept<ConversationEvent>(
    ...[...records.tickets]
      .filter(([, { deleting }]) => !deleting)
      .map(([ticket]) => ({ type: 'TicketDeletionRequested' as const, data: { ticket } })),
    ...[...records.requests]
      .filter(([, { what, situation }]) => what === 'ticket' && situation === 'pending')
      .map(([request]) => ({ type: 'TicketDeletionRequested' as const, data: { request } })),
  )

const createDeal = ({ request, name, properties }: CreateDeal, { records }: Present): Answer =>
  records.requests.has(request)
    ? accept()
    : one({
        type: 'DealRequested',
        data: { request, name, ...(properties !== undefined && { properties }) },
      })

const recordDeal = ({ deal, request, name }: RecordDeal, state: Present): Answer => {
  if (isAnswered(request, state)) return accept()
  if (state.records.deals.has(deal) && !isAwaited(request, state)) return accept()
  const more = { ...(request !== undefined && { request }), ...(name !== undefined && { name }) }
  return one({ type: 'DealCreated', data: { deal, ...more } })
}

/** Whether it was waited for: what is refused twice is refused once. */
const awaits = ({ task, request, ticket }: RecordCrmRefusal, state: Present): boolean => {
  const facts = ticket === undefined ? undefined : state.records.tickets.get(ticket)
  switch (task) {
    case 'createTicket':
    case 'createDeal':
      return isAwaited(request, state)
    case 'closeTicket':
      return facts?.closing === true
    case 'deleteTicket':
      return facts?.deleting === true
    case 'moveTicket':
    case 'changeTicket':
      return facts !== undefined && !state.records.problems.has(problemOf(task, ticket))
  }
}

const refused = (command: RecordCrmRefusal, state: Present): Answer => {
  const { task, reason, request, ticket } = command
  if (!awaits(command, state)) return accept()
  const about = {
    ...(request !== undefined && { request }),
    ...(ticket !== undefined && { ticket }),
  }
  return one({ type: 'CrmRefused', data: { task, reason, ...about } })
}

export const decideRecords = (command: RecordCommand, state: Present): Answer => {
  switch (command.type) {
    case 'CreateTicket':
      return createTicket(command, state)
    case 'AssociateTicket':
      return associateTicket(command, state)
    case 'RecordTicketClosed':
      return ticketClosed(command, state)
    case 'RecordTicketDeleted':
      return ticketDeleted(command, state)
    case 'ChangeTicket':
      return changeTicket(command, state)
    case 'CreateDeal':
      return createDeal(command, state)
    case 'RecordDeal':
      return recordDeal(command, state)
    case 'RecordCrmRefusal':
      return refused(command, state)
    case 'DeleteTickets':
      return deleteTickets(state)
  }
}
