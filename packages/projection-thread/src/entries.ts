/** What was said in a conversation, as a viewer may read it. */
import type {
  Channel,
  Content,
  ConversationEvent,
  Correspondent,
  MailClass,
  MentionSpan,
  Present,
  SourceDetails,
  SourceToSeal,
  SpamCause,
} from '@threadbook/core'
import {
  copySealed,
  isErased,
  unseal,
  type Erased,
  type KeyId,
  type Sealed,
  type StreamEvent,
} from '@threadbook/sourcing'
import type { Linked, ShownPerson } from './linked.js'
import { outgoingEntries, sendings, type OutgoingEntry, type Sending } from './outgoing-entries.js'
import { hiddenText, type Hiding } from './hiding.js'
import { readable } from './readable.js'

/** Who reads. That they may look into the inbox at all was made sure of before (K-15). */
export interface Viewer {
  /** `user:…`. */
  readonly actor: string
  readonly superAdmin: boolean
}

interface Placed extends Linked {
  readonly type: 'message'
  readonly messageId: string
  readonly direction: 'incoming' | 'outgoing'
  readonly channel: Channel
}

/** Its place, and nothing of what was in it (D-10). */
export interface HiddenMessage extends Placed {
  readonly hidden: Hiding
}

export interface ShownAttachment {
  readonly blob: string
  readonly name: string | Erased
  /** In bytes. */
  readonly size: number
  readonly mimeType: string
  readonly inline: boolean
  readonly contentId: string | Erased | null
}

export interface ShownMessage extends Placed {
  readonly hidden: null
  /** Null for what the team wrote. */
  readonly from: ShownPerson | null
  /** The people at the other end whom the team wrote to. */
  readonly to: readonly ShownPerson[]
  readonly kind: 'reply' | 'composed' | 'logged' | 'bot' | null
  readonly mailClass: MailClass | null
  readonly subject: string | Erased | null
  readonly content: Content | Erased
  /** The blob that holds the whole where the content is cut. */
  readonly body: string | null
  readonly attachments: readonly ShownAttachment[]
  /** It was filtered, and changed nothing but the thread (D-21). */
  readonly filtered: SpamCause | null
  /** Where it came from, beyond its channel (S-047). */
  readonly source: ShownSource | null
  readonly failed: { readonly reason: string | Erased } | null
  /** Null for what came in: it was received. */
  readonly sending: Sending | null
}

/** A form or a widget by the host's name for it, a page, a call with how long it lasted. */
export interface ShownSource extends Omit<SourceToSeal, 'details'> {
  readonly details: SourceDetails | Erased
}

export interface Comment extends Linked {
  readonly type: 'comment'
  readonly commentId: string
  readonly text: string | Erased
  readonly mentions: readonly string[]
  /** Where in the text. */
  readonly spans: readonly MentionSpan[] | Erased
}

export type Entry = ShownMessage | HiddenMessage | Comment | OutgoingEntry

type Of<T extends ConversationEvent['type']> = StreamEvent<
  Extract<ConversationEvent, { readonly type: T }>
>
type MessageEvent = Of<'MessageReceived'> | Of<'MessageSent'>

export interface Reading {
  /** As many of the `threadKeys` as there still are: what is under the others reads as erased. */
  readonly keys: ReadonlyMap<KeyId, Uint8Array>
  /** `user:…` of those who are gone: they cannot unhide any more what they hid (D-10). */
  readonly removedUsers?: ReadonlySet<string>
}

export const opening =
  ({ keys }: Reading) =>
  <A>({ id }: { readonly id: string }, value: Sealed<A>, path: string): A | Erased =>
    unseal(copySealed(value, id, path), keys)

export const entriesOf = (reading: Reading, viewer: Viewer) => {
  const { removedUsers } = reading
  const open = opening(reading)

  const person = (
    event: { readonly id: string },
    { who, contact }: Correspondent,
    path: string,
  ) => ({
    contact: contact ?? null,
    who: open(event, who, `${path}.who`),
  })

  const sourceOf = (event: MessageEvent): ShownSource | null => {
    if (event.data.source === undefined) return null
    const { details, ...plain } = event.data.source
    return {
      ...plain,
      details: details === undefined ? {} : open(event, details, 'source.details'),
    }
  }

  const hiding = (hiddenBy: string): Hiding => ({
    text: hiddenText,
    unhiddenBy: {
      superAdmins: true,
      user: removedUsers?.has(hiddenBy) === true ? null : hiddenBy,
    },
    viewerMayUnhide:
      viewer.superAdmin || (viewer.actor === hiddenBy && removedUsers?.has(hiddenBy) !== true),
  })

  const shown = (placed: Placed, event: MessageEvent, left: Sending): ShownMessage => {
    const { data } = event
    const incoming = event.type === 'MessageReceived'
    const content = open(event, data.content, 'content')
    // Logged mail quotes strangers, and came in by no editor of ours.
    const others = incoming || event.data.kind === 'logged'
    return {
      ...placed,
      hidden: null,
      from: incoming ? person(event, event.data.from, 'from') : null,
      to: incoming ? [] : event.data.to.map((each, n) => person(event, each, `to.${String(n)}`)),
      kind: incoming ? null : event.data.kind,
      mailClass: incoming ? event.data.mailClass : null,
      subject: data.subject === undefined ? null : open(event, data.subject, 'subject'),
      content: isErased(content) ? content : readable(content, others ? 'apart' : 'kept'),
      body: data.body ?? null,
      attachments: data.attachments.map((attachment, n) => ({
        blob: attachment.blob,
        name: open(event, attachment.name, `attachments.${String(n)}.name`),
        size: attachment.size,
        mimeType: attachment.mimeType,
        inline: attachment.inline ?? false,
        contentId:
          attachment.contentId === undefined
            ? null
            : open(event, attachment.contentId, `attachments.${String(n)}.contentId`),
      })),
      filtered: (incoming ? event.data.filtered : undefined) ?? null,
      source: sourceOf(event),
      failed: left.status === 'failed' ? { reason: left.reason ?? '' } : null,
      sending: incoming ? null : left,
    }
  }

  return (
    conversationId: string,
    events: readonly StreamEvent<ConversationEvent>[],
    state: Present,
  ): readonly Entry[] => {
    const sending = sendings(events, state, open)
    const others = outgoingEntries(events, open, person, sending, (messageId) => {
      const hiddenBy = state.hiddenNotes.get(messageId)
      return hiddenBy === undefined ? undefined : hiding(hiddenBy)
    })
    const entry = (event: StreamEvent<ConversationEvent>): readonly Entry[] => {
      const { occurredAt: at, actor } = event.metadata
      const linked = { conversationId, at, actor }
      if (event.type === 'CommentAdded') {
        const { commentId, text, mentions, spans } = event.data
        return [
          {
            type: 'comment',
            ...linked,
            commentId,
            text: open(event, text, 'text'),
            mentions,
            spans: spans === undefined ? [] : open(event, spans, 'spans'),
          },
        ]
      }
      if (event.type !== 'MessageReceived' && event.type !== 'MessageSent')
        return others(event, linked)
      const { messageId, channel } = event.data
      const direction = event.type === 'MessageReceived' ? 'incoming' : 'outgoing'
      const placed: Placed = { type: 'message', ...linked, messageId, direction, channel }
      const hiddenBy = state.messages.get(messageId)?.hiddenBy
      return hiddenBy === undefined
        ? [shown(placed, event, sending(messageId))]
        : [{ ...placed, hidden: hiding(hiddenBy) }]
    }
    return events.flatMap(entry)
  }
}
