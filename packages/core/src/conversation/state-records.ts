/** A conversation's records, as its events tell of them. */
import type { EventOf } from '@threadbook/sourcing'
import type {
  CrmRefused,
  CrmTask,
  DealCreated,
  DealRequested,
  MovedToHelpDesk,
  TicketAssociated,
  TicketClosed,
  TicketCloseRequested,
  TicketDeleted,
  TicketDeletionRequested,
  TicketPropertiesChanged,
  TicketRequested,
} from './events-records.js'

export interface TicketFacts {
  readonly closed: boolean
  /** What the CRM was asked for and has not answered yet. */
  readonly closing: boolean
  readonly deleting: boolean
}

/** What became of a ticket or deal that was asked for. */
export interface CrmRequest {
  readonly what: 'ticket' | 'deal'
  /** `withdrawn`: the ticket is not wanted any more, and is deleted as soon as it is there (S-082). */
  readonly situation: 'pending' | 'withdrawn' | 'done' | 'refused'
  readonly helpDesk: boolean
}

/** Something that the CRM refused, and that nobody has asked for again. */
export interface CrmProblem {
  readonly task: CrmTask
  readonly ticket: string | undefined
  readonly request: string | undefined
}

export interface Records {
  /** The oldest first. */
  readonly tickets: ReadonlyMap<string, TicketFacts>
  readonly deals: ReadonlySet<string>
  readonly requests: ReadonlyMap<string, CrmRequest>
  /** By `problemOf`. */
  readonly problems: ReadonlyMap<string, CrmProblem>
  readonly onHelpDesk: boolean
}

interface OwnRecords {
  readonly tickets: Map<string, TicketFacts>
  readonly deals: Set<string>
  readonly requests: Map<string, CrmRequest>
  readonly problems: Map<string, CrmProblem>
  onHelpDesk: boolean
}

export type RecordEvent = EventOf<
  | typeof TicketRequested
  | typeof TicketAssociated
  | typeof TicketCloseRequested
  | typeof TicketClosed
  | typeof TicketPropertiesChanged
  | typeof TicketDeletionRequested
  | typeof TicketDeleted
  | typeof MovedToHelpDesk
  | typeof DealRequested
  | typeof DealCreated
  | typeof CrmRefused
>

/** What a problem is about: what is refused again is the same one. */
export const problemOf = (task: CrmTask, about: string | undefined): string =>
  `${task} ${about ?? ''}`

export const noRecords = (): Records => ({
  tickets: new Map(),
  deals: new Set(),
  requests: new Map(),
  problems: new Map(),
  onHelpDesk: false,
})

const changeTicket = (
  { tickets }: OwnRecords,
  ticket: string | undefined,
  change: Partial<TicketFacts>,
): void => {
  const facts = ticket === undefined ? undefined : tickets.get(ticket)
  if (facts !== undefined) tickets.set(ticket!, { ...facts, ...change })
}

const changeRequest = (
  { requests }: OwnRecords,
  request: string | undefined,
  situation: CrmRequest['situation'],
): void => {
  const facts = request === undefined ? undefined : requests.get(request)
  if (facts !== undefined) requests.set(request!, { ...facts, situation })
}

/** Changes what it is given: a fold's own. */
export const evolveRecords = (state: Records, event: RecordEvent): void => {
  const own = state as OwnRecords
  switch (event.type) {
    case 'TicketRequested': {
      const { request, helpDesk = false } = event.data
      own.requests.set(request, { what: 'ticket', situation: 'pending', helpDesk })
      return
    }
    case 'TicketAssociated': {
      const { ticket, request } = event.data
      changeRequest(own, request, 'done')
      if (!own.tickets.has(ticket))
        own.tickets.set(ticket, { closed: false, closing: false, deleting: false })
      return
    }
    case 'TicketCloseRequested':
      changeTicket(own, event.data.ticket, { closing: true })
      own.problems.delete(problemOf('closeTicket', event.data.ticket))
      return
    case 'TicketClosed':
      changeTicket(own, event.data.ticket, { closed: true, closing: false })
      return
    case 'TicketPropertiesChanged':
      own.problems.delete(problemOf('changeTicket', event.data.ticket))
      return
    case 'TicketDeletionRequested':
      changeTicket(own, event.data.ticket, { deleting: true })
      changeRequest(own, event.data.request, 'withdrawn')
      return
    case 'TicketDeleted':
      own.tickets.delete(event.data.ticket)
      return
    case 'MovedToHelpDesk':
      own.onHelpDesk = true
      return
    case 'DealRequested':
      own.requests.set(event.data.request, { what: 'deal', situation: 'pending', helpDesk: false })
      return
    case 'DealCreated':
      changeRequest(own, event.data.request, 'done')
      own.deals.add(event.data.deal)
      return
    case 'CrmRefused': {
      const { task, ticket, request } = event.data
      changeRequest(own, request, 'refused')
      own.problems.set(problemOf(task, ticket ?? request), { task, ticket, request })
      if (task === 'closeTicket') changeTicket(own, ticket, { closing: false })
      if (task === 'deleteTicket') changeTicket(own, ticket, { deleting: false })
      return
    }
  }
}
