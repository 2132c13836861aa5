/** Something on its way in, by a channel other than mail: claims first, then the conversation. */
import {
  continueIn,
  conversations,
  inboxes,
  inboxNotReady,
  inboxSettings,
  messageClaims,
  personal,
  receivedAs,
  spamCauseOf,
  takeOverByBot,
  type Actor,
  type Channel,
  type ConversationRefusal,
  type InboxSettings,
  type Present,
} from '@threadbook/core'
import {
  by,
  contactOf,
  identityOf,
  policyOf,
  standingOf,
  timesOf,
  type Destination,
  type Inbox,
} from '@threadbook/inbox'
import * as E from 'fp-ts/lib/Either.js'
import { v5 } from 'uuid'
import { keepBlocked } from './blocked.js'
import { blobIdsFor, messageOf, type BlobIds } from './content.js'
import { correspondentFor } from './people.js'
import { arrived, leadTo, ownClaim, placeBy, senderClaim } from './place.js'
import type { Before, ChannelRefusal, Incoming, TakeIn, TakenIn, Work } from './work.js'

const INTAKE = 'c1f7b0c6-5a0e-4f0f-8a53-9b2d6e7c4d18'

/** Where what a blocked sender writes is shown to nobody, since they see that it was sent. */
const isLive = (channel: Channel): boolean => channel === 'chat' || channel === 'messenger'

/** What the account says of the sender (D-08, D-20): the same order as for mail. */
const judge = async ({ transaction, mac, incoming, settings }: Work) => {
  const { kind, person } = incoming.sender
  const address = person?.address ?? ''
  const policy = (scope: 'address' | 'domain', sender: string) =>
    standingOf(transaction, policyOf(mac, kind, scope, sender))
  const addressPolicy = await policy('address', address)
  const domainPolicy =
    kind === 'email'
      ? await policy('domain', address.slice(address.lastIndexOf('@') + 1))
      : undefined
  const identity = identityOf(mac, kind, address)
  const existingContact = (await contactOf(transaction, identity)) !== undefined
  const known = { addressPolicy, domainPolicy, existingContact }
  return {
    blocked: addressPolicy === 'blocked' && isLive(incoming.channel),
    spam: spamCauseOf(known, personal, settings.spamRules),
  }
}

/** Where it goes; a crash may have left it begun. */
const placeOf = async (work: Work, claim: string, before: Before | undefined) => {
  const place: Destination =
    work.incoming.threading === 'sender'
      ? await placeBy(work.transaction, claim)
      : { type: 'nowhere' }
  return {
    joins: place.type === 'joins' ? place : undefined,
    continues: place.type === 'continues' ? place.conversationId : undefined,
    conversationId:
      place.type === 'joins'
        ? place.conversationId
        : (before?.conversation ??
          (place.type === 'continues' ? place.next : work.inbox.door.newId())),
  }
}

const continuing = async (
  { transaction, times }: Work,
  from: string,
  to: string,
): Promise<void> => {
  await by(transaction, 'system').decide(conversations, from, {
    ...continueIn({ conversationId: from, conversation: to, actor: 'system' }),
    ...times,
  })
}

/** In the transaction that begins the conversation: as two, it may be routed to somebody in between. */
const begunByBot = async (
  { transaction, incoming: { chatflow }, times }: Work,
  conversationId: string,
): Promise<void> => {
  if (chatflow === undefined) return
  const actor = `bot:${chatflow.id}` as const
  await by(transaction, actor).decide(conversations, conversationId, {
    ...takeOverByBot({
      conversationId,
      chatflowId: chatflow.id,
      chatflowName: chatflow.name,
      actor,
    }),
    ...times,
  })
}

const takeIn = async (
  work: Work,
  own: string,
  blobs: BlobIds,
  before: Before | undefined,
): Promise<E.Either<ConversationRefusal, TakenIn>> => {
  const { inbox, transaction, mac, incoming, times, actor } = work
  const { channel, direction, sender, content, threading } = incoming
  const outgoing = direction === 'outgoing'
  const { blocked, spam } = outgoing ? { blocked: false, spam: undefined } : await judge(work)
  if (blocked) return keepBlocked(work, own, blobs, before)

  const identity = identityOf(mac, sender.kind, sender.person?.address ?? '')
  const claim = senderClaim(mac, inbox.door.inbox, channel, identity)
  const { joins, continues, conversationId } = await placeOf(work, claim, before)
  const messageId = before?.messageId ?? inbox.door.newId()
  // D-17: what is spam makes no contact, and what joins spam is part of it.
  const becomesContact = spam === undefined && joins?.state.spam === undefined
  const other = await correspondentFor(sender, becomesContact, work)
  const start =
    joins === undefined
      ? {
          inbox: inbox.door.inbox,
          key: await transaction.freshKey(),
          ...(other.contact !== undefined && { contact: other.contact }),
          ...(continues !== undefined && { continues }),
        }
      : undefined
  const claims = threading === 'each' ? [own] : [own, claim]
  const key = joins?.state.key ?? start!.key
  const message = await messageOf(inbox.door, content, blobs, {
    messageId,
    channel,
    key,
    claims,
    mac,
  })

  await arrived(transaction, own, { conversationId, messageId }, { ...times, actor })
  // A continuation is found by way of what it continues: the claim moves with the next message,
  // once there is something to lead to, whatever may be cut off here.
  if (threading !== 'each' && continues === undefined)
    await leadTo(transaction, claim, conversationId, { ...times, actor })
  const common = { conversationId, message, ...(start && { start }), actor, ...times }
  const decided = outgoing
    ? await transaction.decide(conversations, conversationId, {
        type: 'SendMessage',
        kind: 'logged',
        to: [other],
        ...common,
      })
    : await transaction.decide(conversations, conversationId, {
        type: 'ReceiveMessage',
        from: other,
        mailClass: 'personal',
        ...(spam !== undefined && { spam }),
        ...common,
      })
  if (E.isLeft(decided)) return decided
  if (start !== undefined) await begunByBot(work, conversationId)
  if (continues !== undefined) await continuing(work, continues, conversationId)
  return E.right({ outcome: 'received', conversationId, messageId, ...(spam && { spam }) })
}

/** What a crash on a store without `atomic` may have left undone behind the message. */
const finish = async (work: Work, conversationId: string, { continues }: Present) => {
  if (continues === undefined) return
  const from = await work.transaction.load(conversations, continues)
  if (from.situation === 'present' && from.continuedIn === undefined)
    await continuing(work, continues, conversationId)
}

const duplicateOf = async (work: Work, before: Before): Promise<TakenIn | undefined> => {
  const { conversation: conversationId, messageId } = before
  const there = await work.transaction.load(conversations, conversationId)
  // A claim whose message is missing was left by a crash: it is finished where it was begun.
  if (there.situation === 'absent') return undefined
  if (there.situation === 'present') {
    if (!there.messages.has(messageId) && !there.blocked.has(messageId)) return undefined
    if (!work.inbox.door.adapters.store.atomic) await finish(work, conversationId, there)
  }
  return { outcome: 'duplicate', conversationId, messageId }
}

const isConnected = ({ channels }: InboxSettings, channel: Channel): boolean =>
  channels.some((each) => each.channel === channel)

/** Who writes down what the team did elsewhere: which of them, nobody can tell. */
const actorOf = ({ direction, channel }: Incoming): Actor =>
  direction === 'incoming' ? 'contact' : `integration:${channel}`

/** Into the inbox that the front door means. The same again is a duplicate, and changes nothing. */
export const receiveIncoming = async (inbox: Inbox, incoming: Incoming): TakeIn => {
  const { door } = inbox
  const { channel } = incoming
  const mac = await door.mac()
  const own = ownClaim(mac, door.inbox, channel, incoming.sourceId)
  const blobs = blobIdsFor(incoming.content, door.newId)
  const times = timesOf(door, incoming.at)
  const actor = actorOf(incoming)
  const context = {
    account: door.account,
    actor,
    commandId: v5(`${door.account}/${own}`, INTAKE),
    occurredAt: times.at,
  }
  const done = await door.commands.transact<ChannelRefusal, TakenIn>(
    context,
    async (transaction) => {
      const state = await transaction.load(inboxes, door.inbox)
      const missing = inboxNotReady(state)
      if (missing !== undefined) return E.left(missing)
      const settings = inboxSettings(state)!
      if (!isConnected(settings, channel)) return E.left({ type: 'ChannelNotConnected', channel })
      const work: Work = { inbox, transaction, mac, times, actor, incoming, settings }
      const before = receivedAs(await transaction.load(messageClaims, own))
      const duplicate = before && (await duplicateOf(work, before))
      return duplicate === undefined ? takeIn(work, own, blobs, before) : E.right(duplicate)
    },
    `${door.account}/intake/${door.inbox}`,
  )
  return E.isLeft(done) ? done : E.right(done.right.value)
}
