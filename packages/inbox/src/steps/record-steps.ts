/** Requests about a conversation's tickets and deals. The CRM does its part behind the log. */
import { accounts, conversations, hasTicketsInInbox, type Request } from '@threadbook/core'
import * as E from 'fp-ts/lib/Either.js'
import { onConversation, type Answer, type Asked, type Step, type Steps } from './step.js'

type RecordRequestType = Extract<
  Request['type'],
  | 'CreateTicket'
  | 'AssociateTicket'
  | 'RecordTicketClosed'
  | 'RecordTicketDeleted'
  | 'ChangeTicket'
  | 'CreateDeal'
  | 'RecordDeal'
  | 'RecordCrmRefusal'
>

const noCrm = E.left({ type: 'NoCrm' } as const)

const plain = (
  request: Asked<
    | 'AssociateTicket'
    | 'RecordTicketClosed'
    | 'RecordTicketDeleted'
    | 'RecordDeal'
    | 'RecordCrmRefusal'
  >,
  step: Step,
): Answer => onConversation(request, step)

export const recordSteps: Steps<RecordRequestType> = {
  CreateTicket: async (request, step) => {
    const { door, transaction } = step
    if (door.crm === undefined) return noCrm
    const inInbox = hasTicketsInInbox(await transaction.load(accounts, door.account))
    const asked = request.request ?? step.newId('request')
    return onConversation({ ...request, request: asked, facts: { inInbox } }, step)
  },
  CreateDeal: async (request, step) =>
    step.door.crm === undefined
      ? noCrm
      : onConversation({ ...request, request: request.request ?? step.newId('request') }, step),
  ChangeTicket: async (request, step) =>
    step.door.crm === undefined ? noCrm : onConversation(request, step),
  AssociateTicket: plain,
  RecordTicketClosed: plain,
  RecordTicketDeleted: plain,
  RecordDeal: plain,
  RecordCrmRefusal: plain,
}

/** S-082, D-15: of a conversation whose sender was blocked, and of what was merged into it (D-24). */
export const deleteTicketsOf = async (
  conversationId: string,
  actor: Request['actor'],
  step: Step,
): Answer => {
  const state = await step.transaction.load(conversations, conversationId)
  const sources = state.situation === 'present' ? [...state.sources] : []
  for (const source of sources) {
    const deleted = await deleteTicketsOf(source, actor, step)
    if (E.isLeft(deleted)) return deleted
  }
  return onConversation({ type: 'DeleteTickets', conversationId, actor }, step)
}
