/** What a blocked visitor of a live channel writes: kept, and shown to nobody (D-08, D-25). */
import { conversations, type ConversationRefusal } from '@threadbook/core'
import { contactOf, identityOf } from '@threadbook/inbox'
import { toSeal } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { messageOf, type BlobIds } from './content.js'
import { arrived, blockedClaim, leadTo, placeBy, senderClaim } from './place.js'
import type { Before, TakenIn, Work } from './work.js'

/** The visitor's living conversation; else the one that holds nothing but what they wrote so. */
const placeOf = async (work: Work, claim: string, resumed: string | undefined) => {
  const { inbox, transaction, mac, incoming } = work
  const identity = identityOf(mac, incoming.sender.kind, incoming.sender.person?.address ?? '')
  const living = await placeBy(
    transaction,
    senderClaim(mac, inbox.door.inbox, incoming.channel, identity),
  )
  const place = living.type === 'joins' ? living : await placeBy(transaction, claim)
  if (place.type === 'joins') return { conversationId: place.conversationId, isNew: false }
  return { conversationId: resumed ?? inbox.door.newId(), isNew: true }
}

export const keepBlocked = async (
  work: Work,
  own: string,
  blobs: BlobIds,
  before: Before | undefined,
): Promise<E.Either<ConversationRefusal, TakenIn>> => {
  const { inbox, transaction, mac, incoming, times, actor } = work
  const { channel, sender, content } = incoming
  const who = sender.person ?? { address: '' }
  const identity = identityOf(mac, sender.kind, who.address)
  const claim = blockedClaim(mac, inbox.door.inbox, channel, identity)
  const { conversationId, isNew } = await placeOf(work, claim, before?.conversation)
  const messageId = before?.messageId ?? inbox.door.newId()
  const key = await transaction.freshKey()
  const known = await contactOf(transaction, identity)
  const claims = isNew ? [own, claim] : [own]
  const message = await messageOf(inbox.door, content, blobs, {
    messageId,
    channel,
    key,
    boxKey: key,
    claims,
    mac,
  })
  await arrived(transaction, own, { conversationId, messageId }, { ...times, actor })
  if (isNew) await leadTo(transaction, claim, conversationId, { ...times, actor })
  const decided = await transaction.decide(conversations, conversationId, {
    type: 'ReceiveBlockedMessage',
    conversationId,
    message,
    // Nobody becomes a contact by it (D-17).
    from: {
      identity,
      who: toSeal(who, known?.key ?? key),
      ...(known && { contact: known.contact }),
    },
    key,
    ...(isNew && { start: { inbox: inbox.door.inbox, key: await transaction.freshKey() } }),
    actor,
    ...times,
  })
  return E.isLeft(decided) ? decided : E.right({ outcome: 'blocked', conversationId, messageId })
}
