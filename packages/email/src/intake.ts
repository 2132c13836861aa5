/** A mail on its way in: claims first, then the conversation, in one transaction (design.md, Claim). */
import {
  accountDefaults,
  accounts,
  arrive,
  claim as claimId,
  continueIn,
  conversations,
  inboxes,
  inboxNotReady,
  inboxSettings,
  leadsTo,
  messageClaims,
  receivedAs,
  type Actor,
  type ConversationRefusal,
  type Correspondent,
  type InboxNotReady,
  type InboxSettings,
  type Present,
  type SpamCause,
  type Start,
} from '@threadbook/core'
import {
  by,
  contactOf,
  destinationOf,
  ensureContact,
  identityOf,
  mergeConversations,
  messageClaimOf,
  policyOf,
  standingOf,
  timesOf,
  type Inbox,
  type KnownContact,
  type Mac,
  type Times,
} from '@threadbook/inbox'
import {
  toSeal,
  type CommandFault,
  type IsoTime,
  type NonEmpty,
  type Transaction,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { v5 } from 'uuid'
import { blobIdsFor, messageOf } from './mail-message.js'
import type { Mail, Mailbox, MailRejected } from './mail.js'
import { readMail } from './read-mail.js'
import { judgeSpam, teamMail } from './spam-rules.js'
import { idsNamedBy, joined, threadOf, type Joined, type Place } from './threading.js'

export interface IntakeOptions {
  /** When the mail reached the mailbox: its date, where it claims none itself. */
  readonly receivedAt?: IsoTime | undefined
  /** Larger mail is rejected before it is read; 25 MB unless told. */
  readonly maxBytes?: number | undefined
}

export interface Received {
  /** `duplicate`: it came before, and is where it is (domain.md § 4). */
  readonly outcome: 'received' | 'duplicate'
  readonly conversationId: string
  readonly messageId: string
  /** Why it was filtered, where it was. */
  readonly spam?: SpamCause
}

export type IntakeRefusal = MailRejected | InboxNotReady | ConversationRefusal

const INTAKE = '5b1c7f8e-1d0a-4c4b-9a83-6f0d3a2b9c41'

/** Who writes down what the team sent by its own mail software: which of them, nobody can tell. */
const LOGGER = 'integration:email'

interface Work {
  readonly inbox: Inbox
  readonly transaction: Transaction
  readonly mac: Mac
  readonly mail: Mail
  /** The team itself sent it: it is logged (S-036). */
  readonly outbound: boolean
  readonly settings: InboxSettings
  readonly times: Times
  readonly actor: Actor
}

const sender = ({ from, sender, replyTo }: Mail): Mailbox | undefined =>
  from ?? sender ?? replyTo[0]

/** What the account knows of the sender, and its verdict (K-01…K-07, D-08). */
const judge = async (work: Work, identity: string): Promise<SpamCause | undefined> => {
  const { transaction, mac, mail, settings } = work
  const address = sender(mail)?.address ?? ''
  const domain = address.slice(address.lastIndexOf('@') + 1)
  const verdict = judgeSpam(mail, {
    addressPolicy: await standingOf(transaction, policyOf(mac, 'email', 'address', address)),
    domainPolicy: await standingOf(transaction, policyOf(mac, 'email', 'domain', domain)),
    existingContact: (await contactOf(transaction, identity)) !== undefined,
    teamAddresses: teamAddresses(settings),
    rules: settings.spamRules,
    roleBasedLocalParts: settings.roleBased,
  })
  return verdict.spam ? verdict.cause : undefined
}

const teamAddresses = ({ channels }: InboxSettings): readonly string[] =>
  channels.flatMap(({ channel, address }) =>
    channel === 'email' && address !== undefined ? [address] : [],
  )

/** Whom a name and an address stand for; a contact is made of them where `known` says so (D-17). */
const correspondent = async (
  { inbox, transaction, mac, times, actor }: Work,
  person: Mailbox | undefined,
  becomesContact: boolean,
): Promise<Correspondent> => {
  const who = person ?? { address: '' }
  const identity = identityOf(mac, 'email', who.address)
  const stranger = { kind: 'email', identity, person: who, source: 'conversation' } as const
  const known: KnownContact | undefined =
    becomesContact && person !== undefined
      ? await ensureContact(inbox.door, transaction, stranger, { ...times, actor })
      : await contactOf(transaction, identity)
  return known === undefined
    ? { identity, who: toSeal(who) }
    : { identity, contact: known.contact, who: toSeal(who, known.key) }
}

const merges = async ({ inbox, transaction }: Work): Promise<boolean> => {
  const state = await transaction.load(accounts, inbox.door.account)
  return state.situation === 'open' ? state.mergeByReferences : accountDefaults.mergeByReferences
}

/** Ids that the mail names lead to its conversation from now on, where nobody else holds them. */
const holdClaims = async (
  { transaction, times, actor }: Work,
  own: string,
  named: readonly string[],
  held: { readonly conversation: string; readonly messageId: string; readonly weakly: boolean },
): Promise<void> => {
  const { conversation, messageId, weakly } = held
  const holder = async (claim: string) => leadsTo(await transaction.load(messageClaims, claim))
  const before = await holder(own)
  // The mail itself settles where its id leads, whoever referred to it before.
  await transaction.decide(messageClaims, own, {
    ...arrive({
      claim: own,
      conversation,
      messageId,
      weakly: false,
      actor,
      ...(before !== undefined && { insteadOf: before }),
    }),
    ...times,
  })
  for (const claim of named) {
    const other = await holder(claim)
    if (other === conversation && weakly) continue
    const gone = other !== undefined && (await destinationOf(transaction, other)).type === 'nowhere'
    await transaction.decide(messageClaims, claim, {
      ...claimId({ claim, conversation, weakly, actor, ...(gone && { insteadOf: other }) }),
      ...times,
    })
  }
}

/** The original of a bounce did not arrive: its message says so (D-21). */
const failOriginals = async (work: Work): Promise<void> => {
  const { transaction, mac, mail, inbox, times, actor } = work
  if (mail.bounce?.failed !== true) return
  for (const id of mail.bounce.originalIds) {
    const claim = messageClaimOf(mac, inbox.door.inbox, id)
    const original = receivedAs(await transaction.load(messageClaims, claim))
    if (original === undefined) continue
    const { conversation: conversationId, messageId } = original
    await transaction.decide(conversations, conversationId, {
      type: 'FailDelivery',
      conversationId,
      messageId,
      reason: toSeal(mail.bounce.reason ?? ''),
      actor,
      ...times,
    })
  }
}

const startOf = async (
  { inbox, transaction }: Work,
  contact: string | undefined,
  continues: string | undefined,
): Promise<Start> => ({
  inbox: inbox.door.inbox,
  key: await transaction.freshKey(),
  ...(contact !== undefined && { contact }),
  ...(continues !== undefined && { continues }),
})

/** Where the mail goes, with what is to be joined to it; `resumed` is where a crash left it. */
const placeOf = async (
  work: Work,
  claims: readonly string[],
  wanted: boolean,
  resumed: string | undefined,
): Promise<Joined | undefined> => {
  const { transaction, mail } = work
  const begun = resumed === undefined ? undefined : await destinationOf(transaction, resumed)
  if (begun?.type === 'nowhere') return undefined
  const thread = await threadOf(transaction, mail, claims, wanted)
  const place = begun ?? thread.place
  if (place === undefined) return undefined
  const others = [thread.place, ...thread.others].filter(
    (other): other is Extract<Place, { readonly type: 'joins' }> =>
      other?.type === 'joins' && other.conversationId !== place.conversationId,
  )
  return others.length > 0 && (await merges(work))
    ? joined(place, others, wanted)
    : { target: place, sources: [] }
}

/** Into one conversation: the mail's own decisions, then what follows for others. */
const takeIn = async (
  work: Work,
  own: string,
  named: readonly string[],
  blobs: ReturnType<typeof blobIdsFor>,
  before: { readonly conversation: string; readonly messageId: string } | undefined,
): Promise<E.Either<IntakeRefusal, Received>> => {
  const { inbox, transaction, mac, mail, outbound, times, actor } = work
  const from = sender(mail)
  const identity = identityOf(mac, 'email', from?.address ?? '')
  const spam = outbound ? undefined : await judge(work, identity)
  const wanted = spam === undefined && mail.kind !== 'bounce'

  const place = await placeOf(work, [...named, own], wanted, before?.conversation)
  const joins = place?.target.type === 'joins' ? place.target : undefined
  const continued = place?.target.type === 'continues' ? place.target : undefined
  const continues = continued?.conversationId
  const conversationId =
    joins?.conversationId ?? before?.conversation ?? continued?.next ?? inbox.door.newId()
  const messageId = before?.messageId ?? inbox.door.newId()

  // D-17: someone becomes a contact by mail that is not spam, and what joins spam is part of it.
  const becomesContact = wanted && joins?.state.spam === undefined
  const who = outbound ? mail.to[0] : from
  const other =
    outbound && who === undefined ? undefined : await correspondent(work, who, becomesContact)
  const start = joins === undefined ? await startOf(work, other?.contact, continues) : undefined
  const message = await messageOf(inbox.door, mail, blobs, {
    messageId,
    key: joins?.state.key ?? start!.key,
    claims: [own, ...named],
    mac,
  })

  await holdClaims(work, own, named, { conversation: conversationId, messageId, weakly: !wanted })
  const common = { conversationId, message, ...(start && { start }), actor, ...times }
  const decided = outbound
    ? await transaction.decide(conversations, conversationId, {
        type: 'SendMessage',
        kind: 'logged',
        to: other === undefined ? [] : [other],
        ...common,
      })
    : await transaction.decide(conversations, conversationId, {
        type: 'ReceiveMessage',
        from: other!,
        mailClass: mail.kind,
        ...(spam !== undefined && { spam }),
        ...common,
      })
  if (E.isLeft(decided)) return decided
  if (continues !== undefined)
    await by(transaction, 'system').decide(conversations, continues, {
      ...continueIn({ conversationId: continues, conversation: conversationId, actor: 'system' }),
      ...times,
    })
  for (const { conversationId: source } of place?.sources ?? []) {
    const merged = await mergeConversations(transaction, source, conversationId, {
      ...times,
      actor: 'system',
    })
    if (E.isLeft(merged)) return merged
  }
  await failOriginals(work)
  return E.right({ outcome: 'received', conversationId, messageId, ...(spam && { spam }) })
}

/** What a crash on a store without `atomic` may have left undone behind the mail's own message. */
const finish = async (
  work: Work,
  conversationId: string,
  { continues, sources }: Present,
): Promise<void> => {
  const { transaction, times } = work
  const system = { ...times, actor: 'system' } as const
  const isLeft = async (id: string, done: (state: Present) => string | undefined) => {
    const state = await transaction.load(conversations, id)
    return state.situation === 'present' && done(state) === undefined
  }
  if (continues !== undefined && (await isLeft(continues, ({ continuedIn }) => continuedIn)))
    await by(transaction, 'system').decide(conversations, continues, {
      ...continueIn({ conversationId: continues, conversation: conversationId, actor: 'system' }),
      ...times,
    })
  for (const source of [...sources])
    if (await isLeft(source, ({ mergedInto }) => mergedInto))
      await mergeConversations(transaction, source, conversationId, system)
  await failOriginals(work)
}

/** A mail that was read, and when it reached the mailbox. */
export interface ArrivedMail {
  readonly mail: Mail
  /** Stands in for the mail's own date where it claims none. */
  readonly receivedAt?: IsoTime | undefined
}

/** What a mail needs before its transaction: the same however often that is tried. */
const prepared = (inbox: Inbox, mac: Mac, { mail, receivedAt }: ArrivedMail) => {
  const { door } = inbox
  const own = messageClaimOf(mac, door.inbox, mail.messageId)
  const times = timesOf(door, mail.date ?? receivedAt)
  return {
    mail,
    own,
    named: idsNamedBy(mail).map((id) => messageClaimOf(mac, door.inbox, id)),
    blobs: blobIdsFor(mail, door.newId),
    times,
    context: {
      account: door.account,
      actor: 'contact',
      commandId: v5(`${door.account}/${own}`, INTAKE),
      occurredAt: times.at,
    },
  }
}

const takeInOne = async (
  inbox: Inbox,
  transaction: Transaction,
  mac: Mac,
  { mail, own, named, blobs, times }: ReturnType<typeof prepared>,
): Promise<E.Either<IntakeRefusal, Received>> => {
  const state = await transaction.load(inboxes, inbox.door.inbox)
  const missing = inboxNotReady(state)
  if (missing !== undefined) return E.left(missing)
  const settings = inboxSettings(state)!
  const outbound = teamMail(mail, teamAddresses(settings)) === 'sentOut'
  const work: Work = {
    inbox,
    transaction: outbound ? by(transaction, LOGGER) : transaction,
    mac,
    mail,
    outbound,
    settings,
    times,
    actor: outbound ? LOGGER : 'contact',
  }
  const before = receivedAs(await transaction.load(messageClaims, own))
  if (before !== undefined) {
    const { conversation: conversationId, messageId } = before
    const there = await transaction.load(conversations, conversationId)
    // A claim whose message is missing was left by a crash: it is finished where it was begun.
    // What we sent comes back as a copy, forwarded mail and transcripts too.
    const whole =
      there.situation !== 'present' ||
      there.messages.has(messageId) ||
      there.deliveries.has(messageId)
    if (whole && there.situation !== 'absent') {
      if (there.situation === 'present' && !inbox.door.adapters.store.atomic)
        await finish(work, conversationId, there)
      return E.right({ outcome: 'duplicate', conversationId, messageId })
    }
  }
  return takeIn(work, own, named, blobs, before)
}

/**
 * Mails that were read, in this order, into the inbox that the front door means: all are stored in
 * one go, or none. One answer for each.
 */
export const takeInMails = async (
  inbox: Inbox,
  mails: NonEmpty<ArrivedMail>,
): Promise<E.Either<IntakeRefusal | CommandFault, readonly Received[]>> => {
  const { door } = inbox
  const mac = await door.mac()
  const [first, ...others] = mails.map((mail) => prepared(inbox, mac, mail))
  const done = await door.commands.transact<IntakeRefusal, readonly Received[]>(
    first!.context,
    async (transaction) => {
      const received: Received[] = []
      for (const one of [first!, ...others]) {
        const taken = await takeInOne(inbox, transaction.under(one.context), mac, one)
        if (E.isLeft(taken)) return taken
        received.push(taken.right)
      }
      return E.right(received)
    },
    `${door.account}/intake/${door.inbox}`,
  )
  return E.isLeft(done) ? done : E.right(done.right.value)
}

/**
 * A raw mail, into the inbox that the front door means. The same mail again is a duplicate, and is
 * answered with where it is.
 */
export const receiveMail = async (
  inbox: Inbox,
  raw: Uint8Array,
  { receivedAt, maxBytes }: IntakeOptions = {},
): Promise<E.Either<IntakeRefusal | CommandFault, Received>> => {
  const mail = await readMail(raw, maxBytes === undefined ? {} : { maxBytes })
  if (E.isLeft(mail)) return mail
  const taken = await takeInMails(inbox, [{ mail: mail.right, receivedAt }])
  return E.isLeft(taken) ? taken : E.right(taken.right[0]!)
}
