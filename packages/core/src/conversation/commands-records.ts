/** What is asked for about a conversation's records, and what the CRM has to say to it. */
import { toSeal } from '@threadbook/sourcing'
import * as t from 'io-ts'
import { properties, type Property } from '../properties.js'
import { asking, request, sealing, type RequestOf, type WithFacts } from '../request.js'
import { Id } from '../vocabulary.js'
import { CrmTask } from './events-records.js'

const conversation = { conversationId: Id }

const wanted = { ...conversation, name: sealing(t.string) }
const wantedMaybe = { properties: sealing(properties), request: Id }

interface Named {
  readonly name: string
  readonly properties?: readonly Property[]
}

type Asks<C extends t.Mixed> = Omit<RequestOf<C>, 'type' | 'name' | 'properties'>

const boxed = <A extends Named>({ name, properties, ...rest }: A) => ({
  ...rest,
  name: toSeal(name),
  ...(properties !== undefined && { properties: toSeal(properties) }),
})

/** S-053. The CRM makes it, and says later under which id. */
const CreateTicket = request('CreateTicket', wanted, wantedMaybe)
export type CreateTicket = RequestOf<typeof CreateTicket> &
  WithFacts<{
    /** Whether the account has tickets in its inbox, or else at the help desk (S-060). */
    readonly inInbox: boolean
  }> & { readonly request: string }
export const createTicket = (
  fields: Asks<typeof CreateTicket> & Named,
): RequestOf<typeof CreateTicket> => ({ type: 'CreateTicket', ...boxed(fields) })

/** One that the CRM has: found there, or made because a request asked for it. */
const AssociateTicket = request(
  'AssociateTicket',
  { ...conversation, ticket: Id },
  { request: Id, name: sealing(t.string) },
)
export type AssociateTicket = RequestOf<typeof AssociateTicket>
export const associateTicket = ({
  name,
  ...rest
}: Omit<AssociateTicket, 'type' | 'name'> & { readonly name?: string }): AssociateTicket => ({
  type: 'AssociateTicket',
  ...rest,
  ...(name !== undefined && { name: toSeal(name) }),
})

/** The CRM has closed it, whoever asked for that. */
const RecordTicketClosed = request('RecordTicketClosed', { ...conversation, ticket: Id })
export type RecordTicketClosed = RequestOf<typeof RecordTicketClosed>
export const recordTicketClosed = asking(RecordTicketClosed)

const RecordTicketDeleted = request('RecordTicketDeleted', { ...conversation, ticket: Id })
export type RecordTicketDeleted = RequestOf<typeof RecordTicketDeleted>
export const recordTicketDeleted = asking(RecordTicketDeleted)

/** S-052. What is left out stays as it is. */
const ChangeTicket = request('ChangeTicket', {
  ...conversation,
  ticket: Id,
  properties: sealing(properties),
})
export type ChangeTicket = RequestOf<typeof ChangeTicket>
export const changeTicket = ({
  properties,
  ...rest
}: Asks<typeof ChangeTicket> & { readonly properties: readonly Property[] }): ChangeTicket => ({
  type: 'ChangeTicket',
  ...rest,
  properties: toSeal(properties),
})

/** S-061 */
const CreateDeal = request('CreateDeal', wanted, wantedMaybe)
export type CreateDeal = RequestOf<typeof CreateDeal> & { readonly request: string }
export const createDeal = (
  fields: Asks<typeof CreateDeal> & Named,
): RequestOf<typeof CreateDeal> => ({ type: 'CreateDeal', ...boxed(fields) })

const RecordDeal = request(
  'RecordDeal',
  { ...conversation, deal: Id },
  { request: Id, name: sealing(t.string) },
)
export type RecordDeal = RequestOf<typeof RecordDeal>
export const recordDeal = ({
  name,
  ...rest
}: Omit<RecordDeal, 'type' | 'name'> & { readonly name?: string }): RecordDeal => ({
  type: 'RecordDeal',
  ...rest,
  ...(name !== undefined && { name: toSeal(name) }),
})

/** The CRM will never do it. */
const RecordCrmRefusal = request(
  'RecordCrmRefusal',
  { ...conversation, task: CrmTask, reason: sealing(t.string) },
  { request: Id, ticket: Id },
)
export type RecordCrmRefusal = RequestOf<typeof RecordCrmRefusal>
export const recordCrmRefusal = ({
  reason,
  ...rest
}: Omit<RecordCrmRefusal, 'type' | 'reason'> & { readonly reason: string }): RecordCrmRefusal => ({
  type: 'RecordCrmRefusal',
  ...rest,
  reason: toSeal(reason),
})

export const recordRequests = [
  CreateTicket,
  AssociateTicket,
  RecordTicketClosed,
  RecordTicketDeleted,
  ChangeTicket,
  CreateDeal,
  RecordDeal,
  RecordCrmRefusal,
] as const

/** Of all tickets of a conversation whose sender is blocked (S-082): asked for by nobody else. */
const DeleteTickets = request('DeleteTickets', conversation)
type DeleteTickets = RequestOf<typeof DeleteTickets>

export const recordInnerRequests = [DeleteTickets] as const

export type RecordCommand =
  | CreateTicket
  | AssociateTicket
  | RecordTicketClosed
  | RecordTicketDeleted
  | ChangeTicket
  | CreateDeal
  | RecordDeal
  | RecordCrmRefusal
  | DeleteTickets

export type RecordRefusal =
  /** It has one (S-053); without an id: one is on its way. */
  | { readonly type: 'TicketExists'; readonly ticket?: string }
  | { readonly type: 'NoSuchTicket'; readonly ticket: string }
