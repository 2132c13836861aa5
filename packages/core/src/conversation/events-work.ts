/** How the team files a conversation and where it lives, and the undo of a merge. */
import { event } from '@threadbook/sourcing'
import * as t from 'io-ts'
import { PropertyValue } from './property.js'

/** The team's own words, in plain text: they are filtered by (docs/decisions/035). */
export const LabelAdded = event('LabelAdded', { label: t.string })
export const LabelRemoved = event('LabelRemoved', { label: t.string })

/** What a host knows of the conversation, to filter by; null: nothing any more. */
export const ConversationPropertySet = event('ConversationPropertySet', {
  name: t.string,
  value: PropertyValue,
})

export const ParticipantRemoved = event('ParticipantRemoved', { identity: t.string })

/** It lives in another inbox from now on (K-16). */
export const MovedToInbox = event(
  'MovedToInbox',
  { from: t.string, to: t.string },
  /** Names of the claims that its Message-IDs got in the new inbox: answers find it there too. */
  { claims: t.readonlyArray(t.string) },
)

/** The merge is undone: it goes on by itself, and is what it was before (D-24). */
export const Unmerged = event('Unmerged', { target: t.string })
/** The other side of it. */
export const UnmergedFrom = event('UnmergedFrom', { source: t.string })

/** The 90 days of what a blocked visitor wrote are over. Keys and blobs named here are destroyed. */
export const BlockedMessagesForgotten = event('BlockedMessagesForgotten', {
  messageIds: t.readonlyArray(t.string),
  keys: t.readonlyArray(t.string),
  blobs: t.readonlyArray(t.string),
})
