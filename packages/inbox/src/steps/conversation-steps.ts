/** Requests about one conversation. */
import {
  arrive,
  inboxes,
  inboxNotReady,
  inboxSettings,
  isSuperAdmin,
  markPurged,
  messageClaims,
  replyChannel,
  users,
  type ConversationCommand,
  type ConversationRequest,
  type Correspondent,
  type InvalidCommand,
  type Owner,
  type Person,
  type Request,
  type UserSituation,
} from '@threadbook/core'
import { toSeal } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { by, mergeConversations } from '../conversations.js'
import { firstCorrespondent } from '../first-correspondent.js'
import { messageClaimOf, sentMessageId } from '../message-ids.js'
import { ensureContact, identityOf } from '../people.js'
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
import { workSteps } from './work-steps.js'

/** What is known of an owner; a team is known by its name alone so far. */
const situationOf = async (
  owner: Owner | undefined,
  { transaction }: Step,
): Promise<UserSituation> =>
  owner?.startsWith('user:') === true
    ? (await transaction.load(users, owner.slice('user:'.length))).situation
    : 'unknown'

/** S-002: nothing is received or sent where no channel is connected. */
const readyInbox = async (inbox: string, { transaction }: Step) => {
  const state = await transaction.load(inboxes, inbox)
  const missing = inboxNotReady(state)
  return missing === undefined ? E.right(inboxSettings(state)!) : E.left(missing)
}

/**
 * An e-mail of ours gets its Message-ID now, and a claim on it: an answer finds its way back. An id
 * that a message of another conversation has cannot be given again.
 */
const claimSent = async (
  { messageId, inbox }: { messageId: string; inbox: string },
  conversation: string,
  actor: Request['actor'],
  { transaction, times, mac }: Step,
): Promise<E.Either<InvalidCommand, string>> => {
  const settings = inboxSettings(await transaction.load(inboxes, inbox))
  const claim = messageClaimOf(mac, inbox, sentMessageId(messageId, settings))
  const decided = await transaction.decide(messageClaims, claim, {
    ...arrive({ claim, conversation, messageId, weakly: false, actor }),
    ...times,
  })
  return E.isRight(decided)
    ? E.right(claim)
    : E.left({
        type: 'InvalidCommand',
        field: 'message.messageId',
        expected: 'an id of its own',
        found: 'the id of another message',
      })
}

const correspondents = async (
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

const send = async (request: Asked<'SendMessage'>, step: Step): Answer => {
  const { conversationId, kind, actor } = request
  const state = await presentConversation(conversationId, step)
  const inbox = state?.inbox ?? request.start?.inbox
  if (inbox !== undefined) {
    const ready = await readyInbox(inbox, step)
    if (E.isLeft(ready)) return ready
  }
  const messageId = request.message.messageId ?? step.newId('message')
  const channel = request.message.channel ?? (state && replyChannel(state))
  const claims = [...(request.message.claims ?? [])]
  if (inbox !== undefined && channel === 'email' && kind !== 'logged') {
    const claimed = await claimSent({ messageId, inbox }, conversationId, actor, step)
    if (E.isLeft(claimed)) return claimed
    claims.push(claimed.right)
  }
  const message = { ...request.message, messageId, ...(claims.length > 0 && { claims }) }
  return onConversation({ ...request, message }, step, { messageId })
}

const compose = async (request: Asked<'Compose'>, step: Step): Answer => {
  const { door, transaction } = step
  const { to, cc = [], message, inbox = door.inbox, actor } = request
  if (to.length === 0)
    return E.left({
      type: 'InvalidCommand',
      field: 'to',
      expected: 'at least one recipient',
      found: 'list of 0',
    })
  const conversationId = request.conversationId ?? step.newId('conversation')
  const recipients = await correspondents([...to, ...cc], actor, step)
  const contact = recipients[0]?.contact
  const start = {
    inbox,
    key: await transaction.freshKey(),
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
  AddComment: (request, step) => {
    const commentId = request.commentId ?? step.newId('comment')
    return onConversation({ ...request, commentId }, step, { commentId })
  },
  Assign: async (request, step) =>
    onConversation(
      { ...request, facts: { ownerSituation: await situationOf(request.owner, step) } },
      step,
    ),
  Unassign: plain,
  TakeOverByBot: plain,
  HandOff: async (request, step) =>
    onConversation(
      { ...request, facts: { ownerSituation: await situationOf(request.owner, step) } },
      step,
    ),
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
    const hiddenBy = (await presentConversation(conversationId, step))?.messages.get(
      messageId,
    )?.hiddenBy
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
  AssociateContact: plain,
  DisassociateContact: plain,
  ...recordSteps,
}
