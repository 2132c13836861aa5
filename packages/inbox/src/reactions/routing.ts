/** What comes in finds its owner (K-09…K-11, K-14); what somebody has to do is counted for it. */
import {
  accounts,
  conversations,
  countWork,
  inboxes,
  inboxSettings,
  route,
  unassign,
  user,
  users,
  availabilityAt,
  type ConversationEvent,
  type InboxEvent,
  type Request,
  type UserEvent,
} from '@threadbook/core'
import { filters, streamId, type RecordedEvent } from '@threadbook/sourcing'
import { answer } from '../fault.js'
import { rows } from '../list-items.js'
import { stateOf } from '../state-of.js'
import { reaction, type ReactionWorld } from './reaction.js'

const { and, is, not } = filters

/** Whether anything is assigned automatically in an inbox. */
const routes = async ({ door }: ReactionWorld, inbox: string): Promise<boolean> => {
  const settings = inboxSettings(await stateOf(door, inboxes, inbox))
  return [...(settings?.routing.values() ?? [])].some(({ to }) => to !== 'nobody')
}

const inRoutedInbox = async (
  event: RecordedEvent<ConversationEvent>,
  world: ReactionWorld,
): Promise<boolean> => {
  // Of a start nothing more is read where nothing is assigned: imports are full of them.
  if (event.type === 'ConversationStarted') return routes(world, event.data.inbox)
  const state = await stateOf(world.door, conversations, streamId(event.stream))
  if (state.situation === 'purged') return state.owners.size > 0
  return state.situation === 'present' && routes(world, state.inbox)
}

const asks =
  (ask: (asked: { readonly conversationId: string; readonly actor: 'system' }) => Request) =>
  ({ stream }: { readonly stream: string }, wanted: boolean): readonly Request[] =>
    wanted ? [ask({ conversationId: streamId(stream), actor: 'system' })] : []

const routed = asks(route)
export const routing = reaction<ConversationEvent, boolean>({
  name: 'routing',
  of: conversations,
  facts: inRoutedInbox,
  on: { ConversationStarted: routed, HandedOffToTeamMember: routed, UnmarkedAsSpam: routed },
})

const counted = asks(countWork)
/** MarkedAsSpam in a conversation's first moment, as imports have it, is nobody's yet. */
const countedLater = (event: RecordedEvent, wanted: boolean): readonly Request[] =>
  event.revision > 2 ? counted(event, wanted) : []

export const workCounted = reaction<ConversationEvent, boolean>({
  name: 'workCounted',
  of: conversations,
  facts: async (event, world) => event.revision > 2 && inRoutedInbox(event, world),
  on: {
    Assigned: counted,
    Unassigned: counted,
    Closed: counted,
    Reopened: counted,
    Trashed: counted,
    Restored: counted,
    MarkedAsSpam: countedLater,
    UnmarkedAsSpam: counted,
    MergedInto: counted,
    Purged: counted,
  },
})

const AT_ONCE = 10_000

const owned = async (
  { door, upToDate }: ReactionWorld,
  where: readonly filters.Filter[],
): Promise<readonly string[]> => {
  await upToDate()
  const found = await answer(
    door.adapters.readModels.find(rows, {
      where: and(is('account', door.account), is('status', 'open'), ...where),
      order: { column: 'firstActivityAt', direction: 'ascending' },
      limit: AT_ONCE,
    }),
  )
  return found.map(({ key }) => key)
}

/** Where routing begins, what people have already counts. */
export const workCountedAnew = reaction<InboxEvent, readonly string[]>({
  name: 'workCountedAnew',
  of: inboxes,
  facts: (event, world) =>
    event.type === 'RoutingChanged' && event.data.routing.to !== 'nobody'
      ? owned(world, [is('inbox', streamId(event.stream)), not(is('owner', null))])
      : Promise.resolve([]),
  on: {
    RoutingChanged: (_, ids) =>
      ids.map((conversationId) =>
        countWork({ conversationId, actor: 'system', commandId: conversationId }),
      ),
  },
})

/**
 * D-19: going Away takes nothing from anybody, unless the account wants it handed over: then it is
 * unassigned by the system, and routed anew.
 */
export const handOver = reaction<UserEvent, readonly string[]>({
  name: 'handOver',
  of: users,
  facts: async (event, world) => {
    if (event.type !== 'AvailabilityChanged' || event.data.availability !== 'away') return []
    const { door } = world
    const account = await stateOf(door, accounts, door.account)
    if (account.situation !== 'open' || !account.handOverWhenAway) return []
    const id = streamId(event.stream)
    const state = await stateOf(door, users, id)
    const back = availabilityAt(state, door.now()) === 'available'
    return back ? [] : owned(world, [is('owner', user(id))])
  },
  on: {
    AvailabilityChanged: ({ stream }, ids) =>
      ids.flatMap((conversationId) => [
        unassign({
          conversationId,
          from: user(streamId(stream)),
          actor: 'system',
          commandId: `${conversationId} left`,
        }),
        route({ conversationId, actor: 'system', commandId: `${conversationId} routed` }),
      ]),
  },
})
