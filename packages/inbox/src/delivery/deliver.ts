/**
 * Handing over, at most once for each attempt: the attempt is written down first, by whoever may
 * make it; then the port is asked; then its answer is written down. What dies in between leaves an
 * attempt without an answer, which is unknown once nobody waits for it any more.
 */
import {
  attemptDelivery,
  confirmHandOver,
  conversations,
  failDelivery,
  loseDelivery,
  postponeDelivery,
  type DeliveryFacts,
  type Request,
} from '@threadbook/core'
import { filters, type IsoTime } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door } from '../door.js'
import { carryOut } from '../execute.js'
import { answer } from '../fault.js'
import { stateOf } from '../state-of.js'
import { ANSWER_SECONDS, nextAttemptAt } from './back-off.js'
import { composeOutgoing } from './compose-outgoing.js'
import { outbox, type OutboxRow } from './outbox.js'
import type { Delivery, HandedOver, NotHandedOver, Outgoing } from './port.js'

const { and, is } = filters
const actor = 'system' as const

type Answered = E.Either<NotHandedOver, HandedOver>

const lateness = (): { readonly late: Promise<Answered>; readonly done: () => void } => {
  let timer: NodeJS.Timeout | undefined
  const reason = `no answer within ${String(ANSWER_SECONDS)} seconds`
  const late = new Promise<Answered>((resolve) => {
    timer = setTimeout(() => resolve(E.left({ type: 'Unknown', reason })), ANSWER_SECONDS * 1_000)
    timer.unref()
  })
  return { late, done: () => clearTimeout(timer) }
}

/** What a port throws, or never answers, may have been taken all the same. */
const handOver = async (port: Delivery, outgoing: Outgoing): Promise<Answered> => {
  const { late, done } = lateness()
  try {
    return await Promise.race([port.deliver(outgoing)(), late])
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return E.left({ type: 'Unknown', reason })
  } finally {
    done()
  }
}

const asked = (
  { conversationId, messageId, attempt }: Outgoing,
  answered: Answered,
  now: IsoTime,
): Request => {
  const about = { conversationId, messageId, actor }
  if (E.isRight(answered)) {
    const { providerId } = answered.right
    return confirmHandOver({ ...about, attempt, ...(providerId !== undefined && { providerId }) })
  }
  const { type, reason } = answered.left
  if (type === 'Unknown') return loseDelivery({ ...about, attempt, reason })
  const after = 'afterSeconds' in answered.left ? answered.left.afterSeconds : undefined
  const until = type === 'Later' ? nextAttemptAt(attempt, now, after) : undefined
  return until === undefined
    ? failDelivery({ ...about, reason })
    : postponeDelivery({ ...about, attempt, until, reason })
}

const factsOf = async (
  door: Door,
  conversationId: string,
  messageId: string,
): Promise<DeliveryFacts | undefined> => {
  const state = await stateOf(door, conversations, conversationId)
  return state.situation === 'present' ? state.deliveries.get(messageId) : undefined
}

/** Whether it was tried now. What is not waiting, or not yet due, is left alone. */
export const deliver = async (
  door: Door,
  conversationId: string,
  messageId: string,
): Promise<boolean> => {
  const port = door.delivery
  const before = await factsOf(door, conversationId, messageId)
  if (port === undefined || before?.due === undefined || before.due > door.now()) return false
  const about = { conversationId, messageId, actor }
  const made = await composeOutgoing(door, conversationId, messageId)
  if (made !== undefined && !port.routes.includes(made.route)) return false
  if (made === undefined) {
    await carryOut(door, failDelivery({ ...about, reason: 'its content is gone or hidden' }))
    return true
  }
  const begun = await carryOut(door, attemptDelivery(about))
  const mine =
    E.isRight(begun) && begun.right.receipts.some(({ outcome }) => outcome === 'accepted')
  if (!mine) return false
  const outgoing = { ...made, attempt: before.attempts + 1 }
  const answered = await handOver(port, outgoing)
  await carryOut(door, asked(outgoing, answered, door.now()))
  if (E.isRight(answered) && answered.right.refused !== undefined)
    await carryOut(door, failDelivery({ ...about, reason: answered.right.refused }))
  return true
}

export interface Delivered {
  readonly conversationId: string
  readonly messageId: string
}

const AT_ONCE = 200

const rowsUntil = async (
  { adapters, account }: Door,
  column: 'due' | 'outSince',
  until: IsoTime,
): Promise<readonly { readonly key: string; readonly row: OutboxRow }[]> =>
  (await answer(
    adapters.readModels.find(outbox, {
      where: and(is('account', account), { attribute: column, operator: 'atMost', value: until }),
      order: { column, direction: 'ascending' },
      limit: AT_ONCE,
    }),
  )) as unknown as readonly { key: string; row: OutboxRow }[]

/** Tries what is due; answers with what it tried. */
export const deliverDue = async (door: Door, now: IsoTime): Promise<readonly Delivered[]> => {
  const tried: Delivered[] = []
  for (const { key: conversationId, row } of await rowsUntil(door, 'due', now))
    for (const [messageId, item] of Object.entries(row.items))
      if (item.state === 'waiting' && item.due <= now)
        if (await deliver(door, conversationId, messageId))
          tried.push({ conversationId, messageId })
  return tried
}

/** What is out without an answer for too long is unknown; answers with what it gave up. */
export const loseUnanswered = async (door: Door, now: IsoTime): Promise<readonly Delivered[]> => {
  const until = new Date(Date.parse(now) - ANSWER_SECONDS * 1_000).toISOString()
  const lost: Delivered[] = []
  for (const { key: conversationId, row } of await rowsUntil(door, 'outSince', until))
    for (const [messageId, item] of Object.entries(row.items)) {
      if (item.state !== 'out' || item.since > until) continue
      const about = { conversationId, messageId, attempt: item.attempt, actor }
      const given = await carryOut(door, loseDelivery({ ...about, reason: 'no answer came' }))
      if (E.isRight(given) && given.right.receipts.some(({ outcome }) => outcome === 'accepted'))
        lost.push({ conversationId, messageId })
    }
  return lost
}
