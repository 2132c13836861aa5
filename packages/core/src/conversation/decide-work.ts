/** Who it belongs to, whether it rests, and its end. */
import { accept, refuse } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import { anotherThanItself, assigned, bare, one, when, type Answer } from './answers.js'
import type {
  Assign,
  ContinueIn,
  HandOff,
  MergeInto,
  Purge,
  Snooze,
  TakeOverByBot,
  Unassign,
  UnmarkAsSpam,
  Wake,
} from './commands.js'
import type { ConversationEvent } from './events.js'
import { closableFrom } from './rules.js'
import type { Records } from './state-records.js'
import type { Present } from './state.js'

/** Assigning takes over from a bot (K-16), also where the owner stays who it was. */
export const assign = ({ owner, facts }: Assign, state: Present): Answer => {
  if (state.owner === owner && state.handler.kind === 'human') return accept()
  if (facts.ownerSituation === 'removed') return refuse({ type: 'OwnerRemoved', owner })
  if (facts.ownerSituation === 'deactivated') return refuse({ type: 'OwnerDeactivated', owner })
  return one(assigned(owner))
}

export const unassign = ({ from }: Unassign, { owner }: Present): Answer =>
  owner === undefined || (from !== undefined && from !== owner) ? accept() : one(bare('Unassigned'))

export const takeOverByBot = (
  { chatflowId, chatflowName }: TakeOverByBot,
  { handler }: Present,
): Answer =>
  handler.kind === 'bot' && handler.chatflowId === chatflowId
    ? accept()
    : one({ type: 'BotTookOver', data: { chatflowId, chatflowName } })

/** The visitor waits: with an owner who is gone, it is handed to nobody in particular. */
export const handOff = ({ owner, facts }: HandOff, state: Present): Answer => {
  if (state.handler.kind === 'human') return accept()
  const gone = facts.ownerSituation === 'removed' || facts.ownerSituation === 'deactivated'
  const takes = owner !== undefined && !gone && state.owner !== owner
  return accept<ConversationEvent>(
    { type: 'HandedOffToTeamMember', data: {} },
    ...(takes ? [assigned(owner)] : []),
  )
}

export const close = (at: string, state: Present): Answer => {
  if (state.closed !== undefined) return accept()
  const from = closableFrom(state)
  return from !== undefined && at < from
    ? refuse({ type: 'BotStillTalking', closableFrom: from })
    : one(bare('Closed'))
}

/** Snoozed conversations are open (D-04): a closed one comes back with it. */
export const snooze = ({ until, now }: Stamped<Snooze>, state: Present): Answer => {
  if (state.snoozedUntil === until) return accept()
  if (until <= now)
    return refuse({
      type: 'InvalidCommand',
      field: 'until',
      expected: `a time later than ${now}`,
      found: until,
    })
  const open = when(state.closed !== undefined, bare('Reopened'))
  return accept(...open, { type: 'Snoozed', data: { until } })
}

/** A person may wake it at any time, the clock only when it is due: it may have been set anew. */
export const wake = ({ actor, now }: Stamped<Wake>, { snoozedUntil }: Present): Answer => {
  if (snoozedUntil === undefined) return accept()
  return actor === 'system' && now < snoozedUntil
    ? refuse({ type: 'NotYet', field: 'snoozedUntil', expected: snoozedUntil })
    : one(bare('Woken'))
}

/** S-043: tickets go with their conversation, also those that the CRM has not made yet. */
const goneWith = ({ tickets, requests, deals }: Records) => {
  const awaited = [...requests].filter(
    ([, { what, situation }]) =>
      what === 'ticket' && situation !== 'done' && situation !== 'refused',
  )
  return {
    ...(tickets.size > 0 && { tickets: [...tickets.keys()] }),
    ...(awaited.length > 0 && { ticketRequests: awaited.map(([request]) => request) }),
    ...(deals.size > 0 && { deals: [...deals] }),
  }
}

/** Nothing is purged while it is held (D-06), and nothing by a person but from Trash (D-15). */
export const purge = ({ actor, erasure }: Purge, state: Present): Answer => {
  const { hold, trashed, spam, mergedInto, key, blobs, blocked, messages, records } = state
  if (hold !== undefined) return refuse({ type: 'ConversationOnHold' })
  const kept = [...blocked.values()].filter(({ forgotten }) => !forgotten)
  const onlyBlocked = messages.size === 0 && blocked.size > 0 && kept.length === 0
  const bySystem = spam !== undefined || mergedInto !== undefined || onlyBlocked || erasure === true
  return trashed !== undefined || (actor === 'system' && bySystem)
    ? one({
        type: 'Purged',
        data: {
          keys: [key, ...kept.map((each) => each.key)],
          blobs: [...blobs, ...kept.flatMap((each) => each.blobs)],
          ...goneWith(records),
        },
      })
    : refuse({ type: 'ConversationNotInTrash' })
}

export const unmarkAsSpam = ({ contact }: UnmarkAsSpam, state: Present): Answer =>
  state.spam === undefined
    ? accept()
    : accept<ConversationEvent>(
        { type: 'UnmarkedAsSpam', data: {} },
        ...(contact !== undefined && contact !== state.contact
          ? [{ type: 'ContactAssociated' as const, data: { contact } }]
          : []),
      )

export const mergeInto = ({ conversationId, target }: MergeInto): Answer =>
  target === conversationId
    ? anotherThanItself('target')
    : one({ type: 'MergedInto', data: { target } })

export const continueIn = (
  { conversationId, conversation }: ContinueIn,
  { continuedIn }: Present,
): Answer => {
  if (conversation === conversationId) return anotherThanItself('conversation')
  return continuedIn === conversation
    ? accept()
    : one({ type: 'ContinuedIn', data: { conversation } })
}
