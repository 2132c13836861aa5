/** What a record's page shows of the conversations that are logged on it. */
import type { Channel, ConversationEvent } from '@threadbook/core'
import {
  copySealed,
  unseal,
  type Erased,
  type IsoTime,
  type KeyId,
  type Sealed,
  type StreamEvent,
  isSealedData,
} from '@threadbook/sourcing'
import { loggedMessages } from './logged.js'

export interface TimelineEntry {
  readonly conversationId: string
  readonly messageId: string
  readonly at: IsoTime
  readonly actor: string
  readonly direction: 'incoming' | 'outgoing'
  readonly channel: Channel
  readonly subject: string | Erased | null
  readonly text: string | Erased
}

interface Logged {
  readonly conversationId: string
  readonly events: readonly StreamEvent<ConversationEvent>[]
}

export interface TimelineParts {
  readonly conversations: readonly Logged[]
  /** As many of the `timelineKeys` as there still are. */
  readonly keys: ReadonlyMap<KeyId, Uint8Array>
}

/** The keys that the entries are under: to be read from the vault at once. */
export const timelineKeys = (conversations: readonly Logged[]): ReadonlySet<KeyId> =>
  new Set(
    conversations.flatMap(({ events }) =>
      loggedMessages(events).flatMap(({ data: { subject, content } }) =>
        [subject, content].flatMap((value) => (isSealedData(value) ? [value.k] : [])),
      ),
    ),
  )

/** The latest first; of one time, in the order given. */
export const timeline = ({ conversations, keys }: TimelineParts): readonly TimelineEntry[] => {
  const open = <A>(value: Sealed<A>, id: string, path: string) =>
    unseal(copySealed(value, id, path), keys)
  const entries = conversations.flatMap(({ conversationId, events }) =>
    loggedMessages(events).map(({ id, type, data, metadata }): TimelineEntry => {
      const content = open(data.content, id, 'content')
      return {
        conversationId,
        messageId: data.messageId,
        at: metadata.occurredAt,
        actor: metadata.actor,
        direction: type === 'MessageReceived' ? 'incoming' : 'outgoing',
        channel: data.channel,
        subject: data.subject === undefined ? null : open(data.subject, id, 'subject'),
        text: 'erased' in content ? content : content.text,
      }
    }),
  )
  return entries.sort((a, b) => (a.at > b.at ? -1 : a.at < b.at ? 1 : 0))
}
