/** Requests about how the team files a conversation and where it lives, and the undo of a merge. */
import {
  arrive,
  claim as claimId,
  conversations,
  inboxes,
  messageClaims,
  type Person,
} from '@threadbook/core'
import { toSeal } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { messageIdsOf } from '../message-ids-of.js'
import { contactOf, identityOf } from '../people.js'
import { editionOf } from './facts.js'
import {
  onConversation,
  presentConversation,
  withIds,
  type Answer,
  type Asked,
  type Step,
  type Steps,
} from './step.js'

type WorkRequestType =
  | 'AddLabel'
  | 'RemoveLabel'
  | 'SetConversationProperty'
  | 'AddParticipant'
  | 'RemoveParticipant'
  | 'MoveToInbox'
  | 'Unmerge'

const addParticipant = async (request: Asked<'AddParticipant'>, step: Step): Answer => {
  const { person, kind = 'email', ...rest } = request
  const identity = identityOf(step.mac, kind, person.address)
  const known = await contactOf(step.transaction, identity)
  const who = known === undefined ? toSeal<Person>(person) : toSeal<Person>(person, known.key)
  const participant = { identity, who, ...(known && { contact: known.contact }) }
  return onConversation({ ...rest, participant }, step)
}

/**
 * Its Message-IDs are claimed in the new inbox too, where nobody holds them: what answers them
 * there finds it (D-22). In the old one they go on leading to it.
 */
const claimInInbox = async (
  { conversationId, inbox, actor }: Asked<'MoveToInbox'>,
  step: Step,
): Promise<readonly string[]> => {
  const { transaction, times } = step
  const claims: string[] = []
  for (const { claim, messageId } of await messageIdsOf(step, conversationId, inbox)) {
    const decided = await transaction.decide(messageClaims, claim, {
      ...(messageId === undefined
        ? claimId({ claim, conversation: conversationId, weakly: false, actor })
        : arrive({ claim, conversation: conversationId, messageId, weakly: false, actor })),
      ...times,
    })
    if (E.isRight(decided)) claims.push(claim)
  }
  return claims
}

/** K-16. */
const moveToInbox = async (request: Asked<'MoveToInbox'>, step: Step): Answer => {
  const { conversationId, inbox } = request
  const target = await step.transaction.load(inboxes, inbox)
  if (target.situation === 'absent') return E.left({ type: 'NoSuchInbox' })
  const command = { ...request, facts: { edition: await editionOf(step) } }
  const state = await presentConversation(conversationId, step)
  // Nothing is claimed for a move that is refused, or that is none.
  const allowed = state && conversations.decide({ ...command, ...step.times }, state)
  if (allowed === undefined || E.isLeft(allowed) || allowed.right.length === 0)
    return onConversation(command, step)
  return onConversation({ ...command, claims: await claimInInbox(request, step) }, step)
}

/** Both halves of the undo: the source is itself again, the target lets it go (D-24). */
const unmerge = async (request: Asked<'Unmerge'>, step: Step): Answer => {
  const { conversationId, actor } = request
  const target = (await presentConversation(conversationId, step))?.mergedInto
  const undone = await onConversation(request, step)
  if (E.isLeft(undone) || target === undefined) return undone
  return withIds({ conversationId })(
    await step.transaction.decide(conversations, target, {
      type: 'Separate',
      conversationId: target,
      source: conversationId,
      actor,
      ...step.times,
    }),
  )
}

export const workSteps: Steps<WorkRequestType> = {
  AddLabel: onConversation,
  RemoveLabel: onConversation,
  SetConversationProperty: onConversation,
  AddParticipant: addParticipant,
  RemoveParticipant: onConversation,
  MoveToInbox: moveToInbox,
  Unmerge: unmerge,
}
