/** What the steps share that let something leave: claims on Message-IDs, recipients, the outbox. */
import {
  arrive,
  autoReplies,
  inboxes,
  inboxNotReady,
  inboxSettings,
  messageClaims,
  sendAutomaticReply,
  type AutoReplyRefusal,
  type Correspondent,
  type InvalidCommand,
  type Outbox,
  type Person,
  type Present,
  type Request,
  type SendMessage,
} from '@threadbook/core'
import { toSeal } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { answerTo } from '../delivery/answer-to.js'
import type { Route } from '../delivery/port.js'
import { messageClaimOf, sentMessageId } from '../message-ids.js'
import { contactOf, ensureContact, identityOf } from '../people.js'
import { eventsWithMerged } from '../thread.js'
import type { Step } from './step.js'

export type Recipients = NonNullable<SendMessage['to']>

/** S-002: nothing is received or sent where no channel is connected. */
export const readyInbox = async (inbox: string, { transaction }: Step) => {
  const state = await transaction.load(inboxes, inbox)
  const missing = inboxNotReady(state)
  return missing === undefined ? E.right(inboxSettings(state)!) : E.left(missing)
}

/** Whom the team writes to first becomes a contact. */
export const correspondents = async (
  people: readonly Person[],
  actor: Request['actor'],
  { door, transaction, times, mac }: Step,
): Promise<readonly Correspondent[]> => {
  const found: Correspondent[] = []
  for (const [index, person] of people.entries()) {
    const identity = identityOf(mac, 'email', person.address)
    // The first is whom the conversation is with; others become contacts when they answer.
    if (index > 0) found.push({ identity, who: toSeal(person) })
    else {
      const stranger = { kind: 'email', identity, person, source: 'manual' } as const
      const { contact, key } = await ensureContact(door, transaction, stranger, { ...times, actor })
      found.push({ identity, contact, who: toSeal(person, key) })
    }
  }
  return found
}

interface Leaving {
  readonly messageId: string
  readonly inbox: string
  readonly conversationId: string
  readonly route: Route
  readonly actor: Request['actor']
}

/** What an event holds of its way out: the claims on its Message-ID, and whether we hand it over. */
export interface WayOut {
  readonly claims: readonly string[]
  readonly outbox: Outbox | undefined
}

/**
 * An e-mail of ours gets its Message-ID now, and a claim on it: an answer finds its way back. An id
 * that a message of another conversation has cannot be given again.
 */
export const wayOut = async (
  { messageId, inbox, conversationId, route, actor }: Leaving,
  { door, transaction, times, mac }: Step,
): Promise<E.Either<InvalidCommand, WayOut>> => {
  const delivered = door.delivers(route)
  if (route !== 'email') return E.right({ claims: [], outbox: delivered ? {} : undefined })
  const settings = inboxSettings(await transaction.load(inboxes, inbox))
  const mailId = sentMessageId(messageId, settings)
  const claim = messageClaimOf(mac, inbox, mailId)
  const decided = await transaction.decide(messageClaims, claim, {
    ...arrive({ claim, conversation: conversationId, messageId, weakly: false, actor }),
    ...times,
  })
  return E.isRight(decided)
    ? E.right({ claims: [claim], outbox: delivered ? { mailId } : undefined })
    : E.left({
        type: 'InvalidCommand',
        field: 'message.messageId',
        expected: 'an id of its own',
        found: 'the id of another message',
      })
}

/** People in boxes: under the contact's key where they are one. Nobody becomes a contact by it. */
export const boxed = async (
  people: readonly Person[],
  { transaction, mac }: Step,
): Promise<Recipients> => {
  const recipients: Recipients[number][] = []
  for (const person of people) {
    const identity = identityOf(mac, 'email', person.address)
    const known = await contactOf(transaction, identity)
    recipients.push(
      known === undefined
        ? { identity, who: toSeal(person) }
        : { identity, contact: known.contact, who: toSeal(person, known.key) },
    )
  }
  return recipients
}

/** Whom an answer by mail goes to, as far as the conversation tells. */
export const answeredBy = async (
  conversationId: string,
  { contact }: Present,
  step: Step,
): Promise<Recipients> => {
  const { door } = step
  const events = await eventsWithMerged(door, conversationId)
  return boxed(await answerTo(door, events, contact), step)
}

/** Not twice to one address within a day, wherever it writes (domain.md, § 4). */
export const limited = async (
  identity: string,
  messageId: string,
  actor: Request['actor'],
  { transaction, times }: Step,
): Promise<E.Either<AutoReplyRefusal, number>> =>
  transaction.decide(autoReplies, identity, {
    ...sendAutomaticReply({ identity, messageId, actor }),
    ...times,
  })

export const nobody = (field: string): E.Either<InvalidCommand, never> =>
  E.left({
    type: 'InvalidCommand',
    field,
    expected: 'at least one recipient',
    found: 'list of 0',
  })
