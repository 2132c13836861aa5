/** What becomes of what left (K-20). The last word counts: a bounce after a receipt is a failure. */
import { accept, isNonEmpty, refuse } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import { one, type Answer } from './answers.js'
import type { FailDelivery } from './commands.js'
import type {
  AttemptDelivery,
  ConfirmDelivery,
  ConfirmHandOver,
  ConfirmRead,
  DeliveryCommand,
  LoseDelivery,
  PostponeDelivery,
  RetryDelivery,
} from './commands-outgoing.js'
import type { DeliveryFacts, DeliveryStatus } from './deliveries.js'
import type { ConversationEvent } from './events.js'
import type { Present } from './state.js'

const noSuchMessage = (messageId: string): Answer => refuse({ type: 'NoSuchMessage', messageId })

/** Whether the answer is to the attempt that is out, and nobody answered it yet. */
const isOut = (
  { attempts, status }: DeliveryFacts,
  { attempt }: PostponeDelivery | LoseDelivery,
): boolean => attempts === attempt && status === 'sending'

const attempt = (
  { messageId, now }: Stamped<AttemptDelivery>,
  { status, due, attempts }: DeliveryFacts,
): Answer => {
  if (status !== 'waiting' || due === undefined) return accept()
  return now < due
    ? refuse({ type: 'NotYet', field: 'due', expected: due })
    : one({ type: 'DeliveryAttempted', data: { messageId, attempt: attempts + 1 } })
}

/** That it was taken settles everything but what came from farther on. */
const confirmHandOver = (
  { messageId, attempt, providerId }: ConfirmHandOver,
  { status, attempts }: DeliveryFacts,
): Answer => {
  const settled = status === 'sent' || status === 'delivered' || status === 'read'
  if (settled || attempt > attempts) return accept()
  const known = providerId === undefined ? {} : { providerId }
  return one({ type: 'MessageHandedOver', data: { messageId, attempt, ...known } })
}

const postpone = (command: PostponeDelivery, facts: DeliveryFacts): Answer => {
  const { messageId, attempt, until, reason } = command
  if (!isOut(facts, command)) return accept()
  const because = reason === undefined ? {} : { reason }
  return one({ type: 'DeliveryPostponed', data: { messageId, attempt, until, ...because } })
}

const lose = (command: LoseDelivery, facts: DeliveryFacts): Answer => {
  const { messageId, attempt, reason } = command
  if (!isOut(facts, command)) return accept()
  const because = reason === undefined ? {} : { reason }
  return one({ type: 'DeliveryUnknown', data: { messageId, attempt, ...because } })
}

const fail = ({ messageId, reason }: FailDelivery, { status }: DeliveryFacts): Answer =>
  status === 'failed'
    ? accept()
    : one({ type: 'MessageDeliveryFailed', data: { messageId, reason } })

const retry = ({ messageId }: RetryDelivery, { status, outbox }: DeliveryFacts): Answer => {
  if (outbox && (status === 'waiting' || status === 'sending')) return accept()
  return outbox && (status === 'failed' || status === 'unknown')
    ? one({ type: 'DeliveryRetried', data: { messageId } })
    : refuse({ type: 'NotRetryable', messageId, status })
}

/** Receipts come late, twice, and in any order. */
const confirm = (
  { messageId, upTo }: ConfirmDelivery | ConfirmRead,
  { deliveries }: Present,
  type: 'MessageDelivered' | 'MessageRead',
): Answer => {
  const known: readonly DeliveryStatus[] = type === 'MessageRead' ? ['read'] : ['delivered', 'read']
  const of = (id: string): ConversationEvent => ({ type, data: { messageId: id } })
  if (messageId !== undefined) {
    const facts = deliveries.get(messageId)
    if (facts === undefined) return noSuchMessage(messageId)
    return known.includes(facts.status) ? accept() : one(of(messageId))
  }
  if (upTo === undefined)
    return refuse({
      type: 'InvalidCommand',
      field: 'messageId',
      expected: 'a messageId or upTo',
      found: 'neither',
    })
  const events = [...deliveries]
    .filter(
      ([, { what, at, status }]) =>
        what === 'message' && at <= upTo && status !== 'failed' && !known.includes(status),
    )
    .map(([id]) => of(id))
  return isNonEmpty(events) ? accept(...events) : accept()
}

export const decideDelivery = (
  command: Stamped<DeliveryCommand | FailDelivery>,
  state: Present,
): Answer => {
  if (command.type === 'ConfirmDelivery') return confirm(command, state, 'MessageDelivered')
  if (command.type === 'ConfirmRead') return confirm(command, state, 'MessageRead')
  const facts = state.deliveries.get(command.messageId)
  if (facts === undefined) return noSuchMessage(command.messageId)
  switch (command.type) {
    case 'AttemptDelivery':
      return attempt(command, facts)
    case 'ConfirmHandOver':
      return confirmHandOver(command, facts)
    case 'PostponeDelivery':
      return postpone(command, facts)
    case 'LoseDelivery':
      return lose(command, facts)
    case 'FailDelivery':
      return fail(command, facts)
    case 'RetryDelivery':
      return retry(command, facts)
  }
}
