/** Requests about one conversation. */
import {
  hideable,
  inboxes,
  inboxSettings,
  isSuperAdmin,
  markPurged,
  messageClaims,
  replyChannel,
  restorableUntil,
  teams,
  users,
  type ConversationCommand,
  type ConversationRequest,
  type Owner,
  type Present,
  type UserSituation,
} from '@threadbook/core'
import * as E from 'fp-ts/lib/Either.js'
import { keyOfNewMail } from '../attach.js'
import { by, mergeConversations } from '../conversations.js'
import { firstCorrespondent } from '../first-correspondent.js'
import { ensureContact, lastOf } from '../people.js'
import {
  answeredBy,
  boxed,
  correspondents,
  limited,
  nobody,
  readyInbox,
  wayOut,
} from './leaving.js'
import { outgoingSteps } from './outgoing-steps.js'
import { recordSteps } from './record-steps.js'
import { editionOf } from './facts.js'
import {
  onConversation,
  presentConversation,
  withIds,
  type Answer,
  type Asked,
  type Step,
  type Steps,
} from './step.js'
import { isInboxOpen } from './routing-steps.js'
import { workSteps } from './work-steps.js'

/** What is known of an owner. A team that was deleted can own as little as a user who was removed. */
const situationOf = async (
  owner: Owner | undefined,
  { transaction }: Step,
): Promise<UserSituation> => {
  if (owner === undefined) return 'unknown'
  if (owner.startsWith('user:'))
    return (await transaction.load(users, owner.slice('user:'.length))).situation
  const { situation } = await transaction.load(teams, owner.slice('team:'.length))
  return situation === 'deleted' ? 'removed' : 'unknown'
}

/**
 * Claims stay behind and say that their mail is gone (design.md, D-23). What was merged into a
 * conversation goes with it (D-24). It goes last itself: what a crash left undone, the repetition
 * still finds named in it.
 */
const purge = async (command: Asked<'Purge'>, step: Step): Answer => {
  const { transaction, times } = step
  const { conversationId: conversation, actor } = command
  const before = await presentConversation(conversation, step)
  const claims = [...(before?.claims ?? [])]
  const sources = [...(before?.sources ?? [])]
  for (const claim of claims) {
    const marked = await transaction.decide(messageClaims, claim, {
      ...markPurged({ claim, conversation, actor }),
      ...times,
    })
    if (E.isLeft(marked)) throw new Error(`a claim could not be marked: ${marked.left.type}`)
  }
  const cascade = { ...step, transaction: by(transaction, 'system') }
  for (const source of sources) {
    const gone = await purge({ ...command, conversationId: source, actor: 'system' }, cascade)
    if (E.isLeft(gone)) return gone
  }
  return onConversation(command, step)
}

/** Only into a conversation that is itself neither merged, trashed nor gone (D-24). */
const merge = async (request: Asked<'MergeInto'>, step: Step): Answer => {
  const { conversationId, target, actor } = request
  if (conversationId === target) return onConversation(request, step)
  const into = await presentConversation(target, step)
  if (into?.trashed !== undefined) return E.left({ type: 'ConversationInTrash' })
  return withIds({ conversationId })(
    await mergeConversations(step.transaction, conversationId, target, { ...step.times, actor }),
  )
}

/** D-29: who wrote it becomes a contact. */
const unmarkAsSpam = async (request: Asked<'UnmarkAsSpam'>, step: Step): Answer => {
  const { conversationId, actor } = request
  const { door, transaction, times } = step
  const state = await presentConversation(conversationId, step)
  if (state?.spam === undefined || state.contact !== undefined || request.contact !== undefined)
    return onConversation(request, step)
  const found = await firstCorrespondent(door, conversationId)
  if (found === undefined) return onConversation(request, step)
  const { contact } = await ensureContact(
    door,
    transaction,
    { ...found, source: 'conversation' },
    { ...times, actor },
  )
  return onConversation({ ...request, contact }, step)
}

/** Whom it goes to: those named, and for an answer by mail that we deliver, whom it answers. */
const recipientsOf = async (
  { conversationId, kind, to, recipients, cc = [] }: Asked<'SendMessage'>,
  state: Present | undefined,
  byMail: boolean,
  step: Step,
) => {
  if (recipients !== undefined) return boxed([...recipients, ...cc], step)
  if (to !== undefined || !byMail || state === undefined || !step.door.delivers('email')) return to
  if (state.trashed !== undefined || state.mergedInto !== undefined) return to
  return kind === 'reply' || kind === 'bot'
    ? [...(await answeredBy(conversationId, state, step)), ...(await boxed(cc, step))]
    : to
}

const send = async (request: Asked<'SendMessage'>, step: Step): Answer => {
  const { conversationId, kind, actor } = request
  const state = await presentConversation(conversationId, step)
  const inbox = state?.inbox ?? request.start?.inbox
  if (inbox !== undefined) {
    const ready = await readyInbox(inbox, step)
    if (E.isLeft(ready)) return ready
  }
  const messageId = request.message.messageId ?? step.newId('message')
  const route = request.message.channel ?? (state && replyChannel(state))
  const leaves = inbox !== undefined && route !== undefined && kind !== 'logged'
  const to = await recipientsOf(request, state, leaves && route === 'email', step)
  if (request.to === undefined && to?.length === 0)
    return E.left({ type: 'NoEmailAddress', conversationId })
  const answered = kind === 'bot' && route === 'email' && state?.hasInbound === true
  const whom = answered ? (to?.[0]?.identity ?? state.correspondent) : undefined
  const may = whom === undefined ? E.right(0) : await limited(whom, messageId, actor, step)
  if (E.isLeft(may)) return may
  const leaving = leaves && { messageId, inbox, conversationId, route, actor }
  const out = leaving ? await wayOut(leaving, step) : E.right(undefined)
  if (E.isLeft(out)) return out
  const claims = [...(request.message.claims ?? []), ...(out.right?.claims ?? [])]
  const message = { ...request.message, messageId, ...(claims.length > 0 && { claims }) }
  const outbox = out.right?.outbox
  return onConversation(
    { ...request, message, ...(to && { to }), ...(outbox && { outbox }) },
    step,
    { messageId },
  )
}

const compose = async (request: Asked<'Compose'>, step: Step): Answer => {
  const { door, transaction } = step
  const { to, cc = [], message, inbox = door.inbox, actor } = request
  if (to.length === 0) return nobody('to')
  const conversationId = request.conversationId ?? step.newId('conversation')
  const recipients = await correspondents([...to, ...cc], actor, step)
  const contact = recipients[0]?.contact
  const given = request.conversationId
  const key = given === undefined ? undefined : await keyOfNewMail(door, given)
  const start = {
    inbox,
    key: key ?? (await transaction.freshKey()),
    ...(contact !== undefined && { contact }),
  }
  return send(
    {
      type: 'SendMessage',
      kind: 'composed',
      conversationId,
      start,
      to: recipients,
      message: { ...message, channel: 'email' },
      actor,
    },
    step,
  )
}

const plain = (request: ConversationCommand, step: Step): Answer => onConversation(request, step)

export const conversationSteps: Steps<ConversationRequest['type']> = {
  ReceiveMessage: async (request, step) => {
    const { conversationId } = request
    const inbox = (await presentConversation(conversationId, step))?.inbox ?? request.start?.inbox
    if (inbox !== undefined) {
      const ready = await readyInbox(inbox, step)
      if (E.isLeft(ready)) return ready
    }
    return onConversation(request, step, { messageId: request.message.messageId })
  },
  SendMessage: send,
  Compose: compose,
  FailDelivery: plain,
  ...outgoingSteps,
  AddComment: (request, step) => {
    const commentId = request.commentId ?? step.newId('comment')
    const told = (request.mentions ?? []).length > 0 && step.door.delivers('notification')
    return onConversation({ ...request, commentId, ...(told && { outbox: {} }) }, step, {
      commentId,
    })
  },
  Assign: async (request, step) =>
    onConversation(
      { ...request, facts: { ownerSituation: await situationOf(request.owner, step) } },
      step,
    ),
  Unassign: plain,
  TakeOverByBot: plain,
  /** K-14: outside the inbox's hours the bot hands it to nobody in particular. */
  HandOff: async ({ owner, ...request }, step) => {
    const inbox = (await presentConversation(request.conversationId, step))?.inbox
    const settings = inbox && inboxSettings(await step.transaction.load(inboxes, inbox))
    const closed = settings && !isInboxOpen(settings, step)
    const named = owner !== undefined && closed !== true ? { owner } : {}
    const facts = { ownerSituation: await situationOf(named.owner, step) }
    return onConversation({ ...request, ...named, facts }, step)
  },
  Close: plain,
  Reopen: plain,
  Snooze: plain,
  Wake: plain,
  Trash: plain,
  Restore: plain,
  PlaceHold: plain,
  ReleaseHold: plain,
  Purge: purge,
  MarkAsSpam: plain,
  UnmarkAsSpam: unmarkAsSpam,
  HideMessage: async (request, step) =>
    onConversation({ ...request, facts: { edition: await editionOf(step) } }, step),
  UnhideMessage: async (request, step) => {
    const { transaction } = step
    const { conversationId, messageId, actor } = request
    const state = await presentConversation(conversationId, step)
    const hiddenBy = state && hideable(state, messageId)?.hiddenBy
    const userOf = async (name: string | undefined) =>
      name?.startsWith('user:') === true
        ? await transaction.load(users, name.slice('user:'.length))
        : undefined
    const who = await userOf(actor)
    const facts = {
      superAdmin: who !== undefined && isSuperAdmin(who),
      removed: (await userOf(hiddenBy))?.situation === 'removed',
    }
    return onConversation({ ...request, facts }, step)
  },
  MergeInto: merge,
  ContinueIn: plain,
  ...workSteps,
  AssociateContact: async (request, step) => {
    const { contact, state } = await lastOf(step.transaction, request.contact)
    if (request.actor !== 'system' && state.situation === 'erased')
      return E.left({ type: 'NoSuchContact', situation: 'erased' })
    if (state.situation === 'present' && state.deleted !== undefined)
      return E.left({
        type: 'ContactDeleted',
        restorableUntil: restorableUntil(state.deleted.since),
      })
    return onConversation({ ...request, contact }, step)
  },
  DisassociateContact: plain,
  ...recordSteps,
}
