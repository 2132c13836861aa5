/** What follows for conversations from the end of a contact. */
import { associateContact, contacts, conversations, purge } from '@threadbook/core'
import { streamId, type StreamName } from '@threadbook/sourcing'
import { conversationsWith } from '../find-conversations.js'
import { answer } from '../fault.js'
import { stateOf } from '../state-of.js'
import { reaction, type ReactionWorld } from './reaction.js'

/**
 * Also of contacts that were merged into it: they may have been moved so short a time ago that the
 * views do not know of it.
 */
const theirs = async (
  stream: StreamName,
  { door, upToDate }: ReactionWorld,
): Promise<readonly string[]> => {
  await upToDate()
  const { events } = await answer(door.adapters.store.readStream(stream))
  const merged = events.flatMap(({ type, data }) =>
    type === 'ContactMergedFrom' ? [(data as { readonly source: string }).source] : [],
  )
  const found = new Set<string>()
  for (const contact of [streamId(stream), ...merged])
    for (const conversation of await conversationsWith(door, contact)) found.add(conversation)
  return [...found]
}

/**
 * Two contacts were one person: the conversations of the first are the second's. Whoever is erased is
 * forgotten with what they wrote (K-22, D-15); what is held stays (D-06).
 */
export const contactEnds = reaction({
  name: 'contactEnds',
  of: contacts,
  from: 'start',
  facts: ({ stream }, world) => theirs(stream, world),
  on: {
    ContactMergedInto: ({ data }, conversationIds) =>
      conversationIds.map((conversationId) =>
        associateContact({
          conversationId,
          contact: data.target,
          actor: 'system',
          commandId: conversationId,
        }),
      ),
    ContactErased: (_, conversationIds) =>
      conversationIds.map((conversationId) =>
        purge({ conversationId, erasure: true, actor: 'system', commandId: conversationId }),
      ),
  },
})

const hasErasedContact = async (id: string, { door }: ReactionWorld): Promise<boolean> => {
  const state = await stateOf(door, conversations, id)
  if (state.situation !== 'present' || state.contact === undefined) return false
  return (await stateOf(door, contacts, state.contact)).situation === 'erased'
}

/** D-06: what was held when its contact was erased goes once it is held no more. */
export const heldAfterErasure = reaction({
  name: 'heldAfterErasure',
  of: conversations,
  from: 'start',
  facts: ({ stream }, world) => hasErasedContact(streamId(stream), world),
  on: {
    HoldReleased: ({ stream }, erased) =>
      erased ? [purge({ conversationId: streamId(stream), erasure: true, actor: 'system' })] : [],
  },
})
