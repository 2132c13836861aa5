/** Everything that leaves goes out here, a moment after it was written down. */
import { conversations, notificationId, type ConversationEvent } from '@threadbook/core'
import { Faulted, streamId, type RecordedEvent, type Unavailable } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { deliver } from '../delivery/deliver.js'
import { effect, type ReactionWorld } from './reaction.js'

type Event = RecordedEvent<ConversationEvent>

const each =
  <E extends Event>(ids: (event: E) => readonly string[]) =>
  async (event: E, { door }: ReactionWorld): Promise<E.Either<Unavailable, void>> => {
    const conversationId = streamId(event.stream)
    try {
      for (const id of ids(event)) await deliver(door, conversationId, id)
      return E.right(undefined)
    } catch (error) {
      if (error instanceof Faulted && (error.fault as { type?: unknown }).type === 'Unavailable')
        return E.left(error.fault as Unavailable)
      throw error
    }
  }

type Of<T extends ConversationEvent['type']> = RecordedEvent<
  Extract<ConversationEvent, { readonly type: T }>
>

const marked = (outbox: unknown, ...ids: readonly string[]): readonly string[] =>
  outbox === undefined ? [] : ids

/**
 * It begins at the log's start: only what bears the outbox's mark and still waits is sent, so that
 * meeting anything twice sends nothing twice.
 */
export const delivery = effect({
  name: 'delivery',
  of: conversations,
  from: 'start',
  effect: {
    MessageSent: each(({ data }: Of<'MessageSent'>) => marked(data.outbox, data.messageId)),
    MessageForwarded: each(({ data }: Of<'MessageForwarded'>) =>
      marked(data.outbox, data.messageId),
    ),
    TranscriptSent: each(({ data }: Of<'TranscriptSent'>) =>
      marked(data.outbox, data.transcriptId),
    ),
    CommentAdded: each(({ data }: Of<'CommentAdded'>) =>
      marked(data.outbox, ...data.mentions.map((id) => notificationId(data.commentId, id))),
    ),
    DeliveryRetried: each(({ data }: Of<'DeliveryRetried'>) => [data.messageId]),
  },
})
