/** Tickets and deals: what conversations ask of the CRM, and what it answers. */
import {
  associateTicket,
  conversations,
  recordCrmRefusal,
  recordDeal,
  recordTicketClosed,
  recordTicketDeleted,
  type Actor,
  type ConversationEvent,
  type Crm,
  type CrmChange,
  type CrmRefusal,
  type CrmTask,
  type Present,
  type Property,
} from '@threadbook/core'
import { isErased, streamId, type RecordedEvent, type Sealed } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { opened } from '../conversation-events.js'
import { stateOf } from '../state-of.js'
import { ask, insist } from './crm-task.js'
import { effect, type InboxReaction, type ReactionWorld } from './reaction.js'

type Of<T extends ConversationEvent['type']> = RecordedEvent<
  Extract<ConversationEvent, { readonly type: T }>
>

const actor: Actor = 'integration:crm'
const done = E.right(undefined)

/** Under which a ticket or deal is made: a purge knows the request, and none of its events. */
const keyOf = (conversationId: string, request: string): string => `${conversationId}/${request}`

const presentOf = async (
  conversationId: string,
  { door }: ReactionWorld,
): Promise<Present | undefined> => {
  const state = await stateOf(door, conversations, conversationId)
  return state.situation === 'present' ? state : undefined
}

interface About {
  readonly conversationId: string
  readonly request?: string
  readonly ticket?: string
}

/** Where the CRM will not, that is said in the conversation. */
const askOrTell = async (
  world: ReactionWorld,
  crm: Crm,
  change: CrmChange,
  key: string,
  task: CrmTask,
  about: About,
): Promise<E.Either<CrmRefusal, string | undefined>> => {
  const answered = await ask(world, crm, change, key)
  if (E.isLeft(answered)) {
    const { reason } = answered.left
    await world.execute(recordCrmRefusal({ ...about, task, reason, actor }), `${task} refused`)
  }
  return answered
}

type Creation = Extract<CrmChange, { readonly type: 'createTicket' | 'createDeal' }>

/** Undefined where it is not wanted any more: what was withdrawn or purged is not made. */
const creation = async (
  event: Of<'TicketRequested'> | Of<'DealRequested'>,
  world: ReactionWorld,
): Promise<Creation | undefined> => {
  const conversation = streamId(event.stream)
  const state = await presentOf(conversation, world)
  const { request, name, properties } = event.data
  if (state?.records.requests.get(request)?.situation !== 'pending') return undefined
  const text = <A>(value: Sealed<A>, path: string) => opened(world.door, event, value, path)
  const title = await text(name, 'name')
  const values: readonly Property[] | { erased: true } =
    properties === undefined ? [] : await text(properties, 'properties')
  if (isErased(title) || isErased(values)) return undefined
  return {
    type: event.type === 'TicketRequested' ? 'createTicket' : 'createDeal',
    name: title,
    properties: values,
    conversation,
    inbox: state.inbox,
    ...(state.contact !== undefined && { contact: state.contact }),
    ...(event.type === 'TicketRequested' && event.data.helpDesk === true && { helpDesk: true }),
  }
}

const make = async (
  crm: Crm,
  event: Of<'TicketRequested'> | Of<'DealRequested'>,
  world: ReactionWorld,
): Promise<typeof done> => {
  const change = await creation(event, world)
  if (change === undefined) return done
  const conversationId = change.conversation
  const { request } = event.data
  const key = keyOf(conversationId, request)
  const asked = { conversationId, request }
  const answered = await askOrTell(world, crm, change, key, change.type, asked)
  if (E.isLeft(answered)) return done
  const id = answered.right
  if (id === undefined) throw new Error(`the CRM made something without an id: ${change.type}`)
  const about = { conversationId, request, name: change.name, actor }
  await world.execute(
    change.type === 'createTicket'
      ? associateTicket({ ...about, ticket: id })
      : recordDeal({ ...about, deal: id }),
    'made',
  )
  return done
}

const close = async (
  crm: Crm,
  event: Of<'TicketCloseRequested'>,
  world: ReactionWorld,
): Promise<typeof done> => {
  const conversationId = streamId(event.stream)
  const { ticket } = event.data
  const about = { conversationId, ticket }
  const asked = { type: 'closeTicket', ticket } as const
  const answered = await askOrTell(world, crm, asked, event.id, asked.type, about)
  if (E.isRight(answered)) await world.execute(recordTicketClosed({ ...about, actor }), 'closed')
  return done
}

const remove = async (
  crm: Crm,
  event: Of<'TicketDeletionRequested'>,
  world: ReactionWorld,
): Promise<typeof done> => {
  const conversationId = streamId(event.stream)
  const { ticket, request } = event.data
  if (request !== undefined)
    await insist(
      world,
      crm,
      { type: 'deleteTicket', key: keyOf(conversationId, request) },
      event.id,
    )
  if (ticket === undefined) return done
  const about = { conversationId, ticket }
  const asked = { type: 'deleteTicket', ticket } as const
  const answered = await askOrTell(world, crm, asked, `${event.id}/ticket`, asked.type, about)
  if (E.isRight(answered)) await world.execute(recordTicketDeleted({ ...about, actor }), 'deleted')
  return done
}

const change = async (
  crm: Crm,
  event: Of<'TicketPropertiesChanged'>,
  world: ReactionWorld,
): Promise<typeof done> => {
  const conversationId = streamId(event.stream)
  const { ticket } = event.data
  const properties = await opened(world.door, event, event.data.properties, 'properties')
  if ('erased' in properties) return done
  const of = { type: 'ticket', id: ticket } as const
  const asked = { type: 'changeProperties', of, properties } as const
  await askOrTell(world, crm, asked, event.id, 'changeTicket', { conversationId, ticket })
  return done
}

/** K-16: its tickets move, too, and those of what was merged into it. */
const move = async (
  crm: Crm,
  event: Of<'MovedToInbox'>,
  world: ReactionWorld,
): Promise<typeof done> => {
  const moved = streamId(event.stream)
  const state = await presentOf(moved, world)
  for (const conversationId of [moved, ...(state?.sources ?? [])]) {
    const its = await presentOf(conversationId, world)
    for (const ticket of its?.records.tickets.keys() ?? []) {
      const asked = { type: 'moveTicket', ticket, inbox: event.data.to } as const
      const about = { conversationId, ticket }
      await askOrTell(world, crm, asked, `${event.id}/${ticket}`, asked.type, about)
    }
  }
  return done
}

/** S-043: nobody is left to be told of a refusal, so it is parked. */
const removeAll = async (
  crm: Crm,
  { id, stream, data: { tickets = [], ticketRequests = [] } }: Of<'Purged'>,
  world: ReactionWorld,
): Promise<typeof done> => {
  for (const ticket of tickets)
    await insist(world, crm, { type: 'deleteTicket', ticket }, `${id}/${ticket}`)
  for (const request of ticketRequests) {
    const key = keyOf(streamId(stream), request)
    await insist(world, crm, { type: 'deleteTicket', key }, `${id}/request/${request}`)
  }
  return done
}

/** In the order of the log: what was asked for is made before it is closed or deleted. */
export const crmTasks = (crm: Crm): InboxReaction =>
  effect({
    name: 'crmTasks',
    of: conversations,
    effect: {
      TicketRequested: (event, world) => make(crm, event, world),
      DealRequested: (event, world) => make(crm, event, world),
      TicketCloseRequested: (event, world) => close(crm, event, world),
      TicketDeletionRequested: (event, world) => remove(crm, event, world),
      TicketPropertiesChanged: (event, world) => change(crm, event, world),
      MovedToInbox: (event, world) => move(crm, event, world),
      Purged: (event, world) => removeAll(crm, event, world),
    },
  })
