/** Which conversation something goes to: the one that its sender has on this channel (D-05, D-22). */
import {
  arrive,
  claim as claimId,
  leadsTo,
  messageClaims,
  type Actor,
  type Channel,
} from '@threadbook/core'
import { destinationOf, type Destination, type Mac, type Times } from '@threadbook/inbox'
import type { Transaction } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { TakenIn } from './work.js'

/** The claim on the sender's own id: whoever brings it again brings a duplicate. */
export const ownClaim = (mac: Mac, inbox: string, channel: Channel, id: string): string =>
  mac(`${channel}\n${inbox}\n${id}`)

/** The claim that leads to the conversation which a sender's next message belongs to. */
export const senderClaim = (mac: Mac, inbox: string, channel: Channel, identity: string): string =>
  mac(`sender\n${channel}\n${inbox}\n${identity}`)

/** As `senderClaim`, for what a blocked visitor writes while no conversation of theirs lives. */
export const blockedClaim = (mac: Mac, inbox: string, channel: Channel, identity: string): string =>
  mac(`blocked\n${channel}\n${inbox}\n${identity}`)

export const placeBy = async (transaction: Transaction, claim: string): Promise<Destination> => {
  const conversationId = leadsTo(await transaction.load(messageClaims, claim))
  return conversationId === undefined
    ? { type: 'nowhere' }
    : destinationOf(transaction, conversationId)
}

/** By its own claim it is found again, and where it is. */
export const arrived = async (
  transaction: Transaction,
  own: string,
  { conversationId: conversation, messageId }: Pick<TakenIn, 'conversationId' | 'messageId'>,
  asked: Times & { readonly actor: Actor },
): Promise<void> => {
  const { actor } = asked
  await transaction.decide(messageClaims, own, {
    ...arrive({ claim: own, conversation, messageId, weakly: false, actor }),
    ...asked,
  })
}

/** From now on the claim leads there, whatever it led to before. */
export const leadTo = async (
  transaction: Transaction,
  claim: string,
  conversation: string,
  asked: Times & { readonly actor: Actor },
): Promise<void> => {
  const before = leadsTo(await transaction.load(messageClaims, claim))
  if (before === conversation) return
  const decided = await transaction.decide(messageClaims, claim, {
    ...claimId({
      claim,
      conversation,
      weakly: false,
      actor: asked.actor,
      ...(before !== undefined && { insteadOf: before }),
    }),
    ...asked,
  })
  if (E.isLeft(decided)) throw new Error(`a claim could not be moved: ${decided.left.type}`)
}
