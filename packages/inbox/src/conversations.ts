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
import { v5 } from 'uuid'
import type { Times } from './times.js'

export type Destination =
  /** It goes on there. */
  | { readonly type: 'joins'; readonly conversationId: string; readonly state: Present }
  /** The last of the chain is in Trash: a new conversation continues it (D-05), under the id `next`. */
  | {
      readonly type: 'continues'
      readonly conversationId: string
      readonly state: Present
      readonly next: string
    }
  /** Nothing is there, or it was purged: a new conversation. */
  | { readonly type: 'nowhere' }

/** Longer chains of merges and continuations than this lead nowhere. */
const LONGEST_CHAIN = 64

const CONTINUATIONS = '7c1b7f4e-3f0d-4c53-9d55-1f6b1f8f6f0a'

/**
 * One for each that is continued, so that two processes that begin it meet there, also where what is
 * continued is told of it only afterwards.
 */
const continuationOf = (conversationId: string): string => v5(conversationId, CONTINUATIONS)

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
    if (!state.trashed) return { type: 'joins', conversationId: id, state }
    const next = continuationOf(id)
    const begun = await transaction.load(conversations, next)
    if (begun.situation === 'absent') return { type: 'continues', conversationId: id, state, next }
    id = next
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
