/** Where a message for a conversation goes (D-22), and what else follows from a conversation's state. */
import {
  conversations,
  mergeInto,
  type Actor,
  type ConversationRefusal,
  type Present,
} from '@threadbook/core'
import type { Transaction } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Times } from './times.js'

export type Destination =
  /** It goes on there. */
  | { readonly type: 'joins'; readonly conversationId: string; readonly state: Present }
  /** The last of the chain is in Trash: a new conversation continues it (D-05). */
  | { readonly type: 'continues'; readonly conversationId: string; readonly state: Present }
  /** Nothing is there, or it was purged: a new conversation. */
  | { readonly type: 'nowhere' }

/** Longer chains of merges and continuations than this lead nowhere. */
const LONGEST_CHAIN = 64

/** Follows merges and continuations to where a message for this conversation goes now (D-22). */
export const destinationOf = async (
  transaction: Transaction,
  conversationId: string,
): Promise<Destination> => {
  let id = conversationId
  for (let hops = 0; hops < LONGEST_CHAIN; hops++) {
    const state = await transaction.load(conversations, id)
    if (state.situation === 'absent') return { type: 'nowhere' }
    if (state.situation === 'present' && state.mergedInto !== undefined) {
      id = state.mergedInto
      continue
    }
    if (state.continuedIn !== undefined) {
      id = state.continuedIn
      continue
    }
    if (state.situation === 'purged') return { type: 'nowhere' }
    return { type: state.trashed ? 'continues' : 'joins', conversationId: id, state }
  }
  return { type: 'nowhere' }
}

/** The same transaction, with somebody else as the author of what is decided. */
export const by = (transaction: Transaction, actor: Actor): Transaction =>
  transaction.under({ ...transaction.context, actor })

/** Both halves of a merge: the source says where it went, the target what it took in (D-24). */
export const mergeConversations = async (
  transaction: Transaction,
  source: string,
  target: string,
  asked: Times & { readonly actor: Actor },
): Promise<E.Either<ConversationRefusal, number>> => {
  const own = by(transaction, asked.actor)
  const absorbed = await own.decide(conversations, target, {
    type: 'Absorb',
    conversationId: target,
    source,
    ...asked,
  })
  if (E.isLeft(absorbed)) return absorbed
  return own.decide(conversations, source, {
    ...mergeInto({ conversationId: source, target, actor: asked.actor }),
    ...asked,
  })
}
