/** Requests about what leaves, and about what became of it. */
import {
  arrive,
  latestEmail,
  leadsTo,
  messageClaims,
  receivedAs,
  type ConversationCommand,
  type ConversationRequest,
  type Present,
} from '@threadbook/core'
import * as E from 'fp-ts/lib/Either.js'
import { destinationOf } from '../conversations.js'
import { messageClaimOf } from '../message-ids.js'
import { answeredBy, boxed, correspondents, nobody, readyInbox, wayOut } from './leaving.js'
import {
  onConversation,
  presentConversation,
  type Answer,
  type Asked,
  type Step,
  type Steps,
} from './step.js'

/** It and what was merged into it, the latter first. */
const shownAsOne = async (state: Present, step: Step): Promise<readonly Present[]> => {
  const states: Present[] = []
  for (const source of state.sources) {
    const its = await presentConversation(source, step)
    if (its !== undefined) states.push(...(await shownAsOne(its, step)))
  }
  return [...states, state]
}

const forward = async (request: Asked<'Forward'>, step: Step): Answer => {
  const { conversationId, actor } = request
  if (request.to.length === 0) return nobody('to')
  const state = await presentConversation(conversationId, step)
  const messageId = request.message.messageId ?? step.newId('message')
  const facts = {
    latestEmail: state && latestEmail(await shownAsOne(state, step)),
  }
  const message = { ...request.message, messageId }
  const command = { ...request, message, facts, to: await boxed(request.to, step) }
  if (state === undefined) return onConversation(command, step)
  const ready = await readyInbox(state.inbox, step)
  if (E.isLeft(ready)) return ready
  const route = 'email'
  const out = await wayOut({ messageId, inbox: state.inbox, conversationId, route, actor }, step)
  if (E.isLeft(out)) return out
  const { claims, outbox } = out.right
  return onConversation({ ...command, claims, ...(outbox && { outbox }) }, step, { messageId })
}

const sendTranscript = async (request: Asked<'SendTranscript'>, step: Step): Answer => {
  const { conversationId, actor } = request
  const transcriptId = request.transcriptId ?? step.newId('message')
  const state = await presentConversation(conversationId, step)
  if (state === undefined) return onConversation({ ...request, transcriptId, to: [] }, step)
  const ready = await readyInbox(state.inbox, step)
  if (E.isLeft(ready)) return ready
  const to =
    request.to === undefined
      ? (await answeredBy(conversationId, state, step)).slice(0, 1)
      : await boxed(request.to, step)
  const leaving = { messageId: transcriptId, inbox: state.inbox, conversationId, actor }
  const out = await wayOut({ ...leaving, route: 'email' }, step)
  if (E.isLeft(out)) return out
  const { claims, outbox } = out.right
  const command = { ...request, transcriptId, to, claims, ...(outbox && { outbox }) }
  return onConversation(command, step, { messageId: transcriptId })
}

const switchReplyChannel = async (
  { to: told, ...request }: Asked<'SwitchReplyChannel'>,
  step: Step,
): Answer => {
  const state = await presentConversation(request.conversationId, step)
  const [to] =
    told !== undefined
      ? await boxed([told], step)
      : state === undefined
        ? []
        : await answeredBy(request.conversationId, state, step)
  return onConversation({ ...request, ...(to && { to }) }, step)
}

/**
 * Where the mail's id leads already, and whether it is written down there. An answer to it may have
 * come before it.
 */
const knownMail = async (mailId: string | undefined, inbox: string, { transaction, mac }: Step) => {
  if (mailId === undefined) return undefined
  const claim = messageClaimOf(mac, inbox, mailId)
  const state = await transaction.load(messageClaims, claim)
  const holder = leadsTo(state)
  const place = holder === undefined ? undefined : await destinationOf(transaction, holder)
  return {
    claim,
    holder,
    received: receivedAs(state),
    joins: place?.type === 'joins' ? place.conversationId : undefined,
  }
}

/** S-036: it went out elsewhere, and is written down where its answers will be. */
const logSentMail = async (request: Asked<'LogSentMail'>, step: Step): Answer => {
  const { door, transaction, times } = step
  const { to, cc = [], inbox = door.inbox, mailId, actor, record } = request
  if (to.length === 0) return nobody('to')
  const ready = await readyInbox(inbox, step)
  if (E.isLeft(ready)) return ready
  const known = await knownMail(mailId, inbox, step)
  if (known?.received !== undefined) {
    const { conversation, messageId } = known.received
    const there = await presentConversation(conversation, step)
    if (there === undefined || there.messages.has(messageId))
      return E.right({ conversationId: conversation, messageId })
  }
  const conversationId = request.conversationId ?? known?.joins ?? step.newId('conversation')
  const messageId = request.message.messageId ?? step.newId('message')
  const recipients = await correspondents([...to, ...cc], actor, step)
  const contact = recipients[0]?.contact
  if (known !== undefined) {
    const { claim, holder } = known
    await transaction.decide(messageClaims, claim, {
      ...arrive({
        claim,
        conversation: conversationId,
        messageId,
        weakly: false,
        actor,
        ...(holder !== undefined && { insteadOf: holder }),
      }),
      ...times,
    })
  }
  const state = await presentConversation(conversationId, step)
  const start = {
    inbox,
    key: await transaction.freshKey(),
    ...(contact !== undefined && { contact }),
  }
  return onConversation(
    {
      type: 'SendMessage',
      kind: 'logged',
      conversationId,
      to: recipients,
      message: {
        ...request.message,
        messageId,
        channel: 'email',
        ...(known && { claims: [known.claim] }),
      },
      actor,
      ...(record !== undefined && { record }),
      ...(state === undefined && { start }),
    },
    step,
    { messageId },
  )
}

const plain = (request: ConversationCommand, step: Step): Answer => onConversation(request, step)

type OutgoingType = Extract<
  ConversationRequest['type'],
  | 'Forward'
  | 'LogSentMail'
  | 'SwitchReplyChannel'
  | 'SendTranscript'
  | 'CallContact'
  | 'EndCall'
  | 'AttemptDelivery'
  | 'ConfirmHandOver'
  | 'PostponeDelivery'
  | 'LoseDelivery'
  | 'RetryDelivery'
  | 'ConfirmDelivery'
  | 'ConfirmRead'
>

export const outgoingSteps: Steps<OutgoingType> = {
  Forward: forward,
  LogSentMail: logSentMail,
  SwitchReplyChannel: switchReplyChannel,
  SendTranscript: sendTranscript,
  CallContact: (request, step) =>
    onConversation({ ...request, callId: request.callId ?? step.newId('call') }, step),
  EndCall: plain,
  AttemptDelivery: plain,
  ConfirmHandOver: plain,
  PostponeDelivery: plain,
  LoseDelivery: plain,
  RetryDelivery: plain,
  ConfirmDelivery: plain,
  ConfirmRead: plain,
}
