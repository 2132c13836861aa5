/** How the team files a conversation, where it lives, and the undo of a merge. */
import { accept, refuse } from '@threadbook/sourcing'
import { capabilityAllowed, needsEdition } from '../capabilities.js'
import { one, type Answer } from './answers.js'
import type {
  AddLabel,
  AddParticipant,
  MoveToInbox,
  RemoveLabel,
  RemoveParticipant,
  Separate,
  SetConversationProperty,
} from './commands-work.js'
import type { Present } from './state.js'

/** Of labels, and of properties, a conversation has so many at most. */
const MOST = 100

export const addLabel = ({ label }: AddLabel, { labels }: Present): Answer => {
  if (labels.has(label)) return accept()
  return labels.size < MOST
    ? one({ type: 'LabelAdded', data: { label } })
    : refuse({ type: 'TooMany', what: 'labels', most: MOST })
}

export const removeLabel = ({ label }: RemoveLabel, { labels }: Present): Answer =>
  labels.has(label) ? one({ type: 'LabelRemoved', data: { label } }) : accept()

export const setProperty = (
  { name, value }: SetConversationProperty,
  { properties }: Present,
): Answer => {
  if ((properties.get(name) ?? null) === value) return accept()
  return properties.has(name) || properties.size < MOST
    ? one({ type: 'ConversationPropertySet', data: { name, value } })
    : refuse({ type: 'TooMany', what: 'properties', most: MOST })
}

export const addParticipant = ({ participant }: AddParticipant, state: Present): Answer => {
  const { identity, contact } = participant
  const takesPart =
    identity === state.correspondent ||
    (contact !== undefined && contact === state.contact) ||
    state.participants.has(identity)
  return takesPart ? accept() : one({ type: 'ParticipantAdded', data: { participant } })
}

export const removeParticipant = (
  { identity }: RemoveParticipant,
  { participants }: Present,
): Answer =>
  participants.has(identity) ? one({ type: 'ParticipantRemoved', data: { identity } }) : accept()

/** K-16. */
export const moveToInbox = (
  { inbox, claims = [], facts }: MoveToInbox,
  { inbox: from }: Present,
): Answer => {
  if (inbox === from) return accept()
  if (!capabilityAllowed('moveConversations', facts.edition))
    return refuse(needsEdition('moveConversations'))
  return one({
    type: 'MovedToInbox',
    data: { from, to: inbox, ...(claims.length > 0 && { claims }) },
  })
}

export const unmerge = ({ mergedInto }: Present): Answer =>
  mergedInto === undefined ? accept() : one({ type: 'Unmerged', data: { target: mergedInto } })

export const separate = ({ source }: Separate, { sources }: Present): Answer =>
  sources.has(source) ? one({ type: 'UnmergedFrom', data: { source } }) : accept()
