/** What is known of everything that left (K-20): a fold of its own over a conversation's events. */
import type { IsoTime, StreamEvent } from '@threadbook/sourcing'
import type { ConversationEvent } from './events.js'

/**
 * `waiting`: to be handed over when it is due; `sending`: an attempt is out; `sent`: handed over,
 * or sent by others; `unknown`: nobody knows what became of the last attempt.
 */
export type DeliveryStatus =
  'waiting' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'unknown'

export interface DeliveryFacts {
  readonly what: 'message' | 'forward' | 'transcript' | 'notification'
  /** When it was written, as the source says. */
  readonly at: IsoTime
  readonly status: DeliveryStatus
  readonly attempts: number
  /** When the next attempt may begin; undefined unless it is waiting. */
  readonly due: IsoTime | undefined
  /** When the last attempt began, by the writer's clock. */
  readonly attemptedAt: IsoTime | undefined
  /** Whether it goes out through the `Delivery` port. */
  readonly outbox: boolean
}

/** A mention on its way to one of those who are mentioned (S-072). */
export const notificationId = (commentId: string, userId: string): string =>
  `${commentId}/${userId}`

type Deliveries = Map<string, DeliveryFacts>

const leave = (
  deliveries: Deliveries,
  id: string,
  what: DeliveryFacts['what'],
  { metadata: { occurredAt, recordedAt } }: StreamEvent<ConversationEvent>,
  outbox: boolean,
): void => {
  if (deliveries.has(id)) return
  deliveries.set(id, {
    what,
    at: occurredAt,
    status: outbox ? 'waiting' : 'sent',
    attempts: 0,
    due: outbox ? recordedAt : undefined,
    attemptedAt: undefined,
    outbox,
  })
}

const change = (deliveries: Deliveries, id: string, changed: Partial<DeliveryFacts>): void => {
  const known = deliveries.get(id)
  if (known !== undefined) deliveries.set(id, { ...known, due: undefined, ...changed })
}

/** Events that tell nothing of deliveries change nothing. */
export const evolveDeliveries = (
  deliveries: Deliveries,
  event: StreamEvent<ConversationEvent>,
): void => {
  if (event.type === 'MessageSent')
    leave(deliveries, event.data.messageId, 'message', event, event.data.outbox !== undefined)
  if (event.type === 'MessageForwarded')
    leave(deliveries, event.data.messageId, 'forward', event, event.data.outbox !== undefined)
  if (event.type === 'TranscriptSent')
    leave(deliveries, event.data.transcriptId, 'transcript', event, event.data.outbox !== undefined)
  if (event.type === 'CommentAdded' && event.data.outbox !== undefined)
    for (const userId of event.data.mentions)
      leave(deliveries, notificationId(event.data.commentId, userId), 'notification', event, true)
  if (event.type === 'DeliveryAttempted') {
    const { messageId, attempt } = event.data
    const attemptedAt = event.metadata.recordedAt
    change(deliveries, messageId, { status: 'sending', attempts: attempt, attemptedAt })
  }
  if (event.type === 'MessageHandedOver')
    change(deliveries, event.data.messageId, { status: 'sent' })
  if (event.type === 'DeliveryPostponed')
    change(deliveries, event.data.messageId, { status: 'waiting', due: event.data.until })
  if (event.type === 'DeliveryUnknown')
    change(deliveries, event.data.messageId, { status: 'unknown' })
  if (event.type === 'DeliveryRetried')
    change(deliveries, event.data.messageId, {
      status: 'waiting',
      due: event.metadata.recordedAt,
    })
  if (event.type === 'MessageDeliveryFailed')
    change(deliveries, event.data.messageId, { status: 'failed' })
  if (event.type === 'MessageDelivered')
    change(deliveries, event.data.messageId, { status: 'delivered' })
  if (event.type === 'MessageRead') change(deliveries, event.data.messageId, { status: 'read' })
}
