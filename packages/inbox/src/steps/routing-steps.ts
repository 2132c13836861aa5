/** Automatic assignment, decided where capacity is: two at the same moment meet at the workload. */
import {
  accessTo,
  contacts,
  inboxes,
  inboxSettings,
  isWithin,
  pick,
  routingOf,
  takeWork,
  releaseWork,
  teams,
  users,
  conversations,
  workloads,
  type Candidate,
  type Conversation,
  type InboxSettings,
  type Owner,
  type Present,
} from '@threadbook/core'
import * as E from 'fp-ts/lib/Either.js'
import { onConversation, presentConversation, withIds, type Answer, type Steps } from './step.js'
import type { Step } from './step.js'

const USER = 'user:'
const TEAM = 'team:'
const idOf = (owner: Owner): string => owner.slice(owner.indexOf(':') + 1)

/** Nobody has it, and somebody is waiting for an answer. */
const isWaiting = (state: Present): boolean =>
  state.owner === undefined &&
  state.handler.kind === 'human' &&
  state.hasInbound &&
  state.closed === undefined &&
  state.spam === undefined &&
  state.trashed === undefined &&
  state.mergedInto === undefined

/** K-14: whether the inbox is open at this moment. */
export const isInboxOpen = ({ hours }: InboxSettings, { times }: Step): boolean =>
  hours === undefined || isWithin(hours, times.now)

/** Teams stand for their members; each user once, in the order named. */
const usersOf = async (
  owners: readonly Owner[],
  { transaction }: Step,
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const found = new Map<string, string[]>()
  const add = (id: string, team?: string) => {
    const teams = found.get(id) ?? []
    found.set(id, team === undefined ? teams : [...teams, team])
  }
  for (const owner of owners) {
    if (owner.startsWith(USER)) add(idOf(owner))
    if (!owner.startsWith(TEAM)) continue
    const team = await transaction.load(teams, idOf(owner))
    if (team.situation === 'present') for (const id of team.members) add(id, idOf(owner))
  }
  return found
}

const candidatesOf = async (
  owners: readonly Owner[],
  { members }: InboxSettings,
  step: Step,
): Promise<readonly Candidate[]> => {
  const { transaction } = step
  const inside = members === 'everyone' ? undefined : await usersOf(members, step)
  const candidates: Candidate[] = []
  for (const id of (await usersOf(owners, step)).keys()) {
    const state = await transaction.load(users, id)
    const access = accessTo({ id, state, teams: [...(inside?.get(id) ?? [])] }, members) === 'act'
    candidates.push({ id, user: state, access, work: await transaction.load(workloads, id) })
  }
  return candidates
}

const chosen = async (
  state: Present,
  settings: InboxSettings,
  step: Step,
): Promise<Candidate | undefined> => {
  const { now } = step.times
  const routing = routingOf(settings, state.channel)
  const among = async (owners: readonly Owner[]) =>
    pick(state.channel, await candidatesOf(owners, settings, step), now)
  if (routing.to === 'nobody') return undefined
  if (routing.to === 'these') return among(routing.owners)
  const contact =
    state.contact === undefined ? undefined : await step.transaction.load(contacts, state.contact)
  const owner = contact?.situation === 'present' ? contact.owner : undefined
  const its = owner === undefined ? undefined : await among([owner])
  if (its !== undefined || routing.fallback.to === 'nobody') return its
  return among(routing.fallback.owners)
}

const give = async (conversationId: string, { id, user }: Candidate, step: Step): Answer => {
  const { transaction, times } = step
  const most = 'capacity' in user ? user.capacity : undefined
  const taken = await transaction.decide(workloads, id, {
    ...takeWork({
      userId: id,
      conversation: conversationId,
      actor: 'system',
      ...(most !== undefined && { most }),
    }),
    ...times,
  })
  // It was looked at in this very transaction: there is room.
  if (E.isLeft(taken)) return E.right({ conversationId })
  return onConversation(
    {
      type: 'Assign',
      conversationId,
      owner: `user:${id}`,
      actor: 'system',
      facts: { ownerSituation: user.situation },
    },
    step,
  )
}

const holderOf = (state: Conversation): Owner | undefined =>
  state.situation === 'present' &&
  state.closed === undefined &&
  state.spam === undefined &&
  state.trashed === undefined &&
  state.mergedInto === undefined
    ? state.owner
    : undefined

export const routingSteps: Steps<'Route' | 'CountWork'> = {
  Route: async ({ conversationId }, step) => {
    const state = await presentConversation(conversationId, step)
    if (state === undefined || !isWaiting(state)) return E.right({ conversationId })
    const settings = inboxSettings(await step.transaction.load(inboxes, state.inbox))
    if (settings === undefined || !isInboxOpen(settings, step)) return E.right({ conversationId })
    const candidate = await chosen(state, settings, step)
    return candidate === undefined
      ? E.right({ conversationId })
      : give(conversationId, candidate, step)
  },
  CountWork: async ({ conversationId }, { transaction, times }) => {
    const state = await transaction.load(conversations, conversationId)
    const holder = holderOf(state)
    const owners = state.situation === 'absent' ? [] : [...state.owners]
    for (const owner of owners) {
      if (!owner.startsWith(USER)) continue
      const work = { userId: idOf(owner), conversation: conversationId, actor: 'system' } as const
      const counted = await transaction.decide(workloads, idOf(owner), {
        ...(owner === holder ? takeWork(work) : releaseWork(work)),
        ...times,
      })
      if (E.isLeft(counted)) return withIds({ conversationId })(E.right(0))
    }
    return E.right({ conversationId })
  },
}
