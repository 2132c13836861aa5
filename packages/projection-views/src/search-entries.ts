/**
 * What of a conversation can be found by its words: messages, what was forwarded, comments; each one
 * entry of the index, with the names and addresses of those at the other end.
 */
import type { Content, ConversationEvent, Person } from '@threadbook/core'
import {
  columnText,
  copySealed,
  indexedText,
  isErased,
  isSealedData,
  streamId,
  unseal,
  type KeyId,
  type RecordedEvent,
  type Sealed,
  type SealedCopy,
  type SearchEntry,
} from '@threadbook/sourcing'

export type SearchedPart = 'subject' | 'text' | 'comment' | 'people' | 'attachment'

/** A part of an entry, in plain text. */
export interface PartText {
  readonly part: SearchedPart
  readonly text: string
}

type Event = RecordedEvent<ConversationEvent>

interface SealedPart {
  readonly part: SearchedPart
  readonly copy: SealedCopy<unknown>
  readonly texts: (opened: never) => readonly string[]
}

const person = ({ name, address }: Person): readonly string[] =>
  name === undefined ? [address] : [name, address]

const content = ({ text, to = [], cc = [] }: Content): readonly PartText[] => [
  { part: 'text', text },
  ...[...to, ...cc].flatMap(person).map((each) => ({ part: 'people' as const, text: each })),
]

const plain = (text: string): readonly string[] => [text]

/** Subject first, as it says most; people last. */
const sealedParts = ({ id, ...event }: Event): readonly SealedPart[] => {
  const sealed = (
    part: SearchedPart,
    value: Sealed<unknown> | undefined,
    path: string,
    texts: (opened: never) => readonly string[],
  ): readonly SealedPart[] =>
    // Generated histories hold values that were never sealed.
    value !== undefined && isSealedData(value)
      ? [{ part, copy: copySealed(value, id, path), texts }]
      : []
  if (event.type === 'CommentAdded') return sealed('comment', event.data.text, 'text', plain)
  if (
    event.type !== 'MessageReceived' &&
    event.type !== 'MessageSent' &&
    event.type !== 'MessageForwarded'
  )
    return []
  const { data } = event
  const people =
    event.type === 'MessageReceived'
      ? sealed('people', event.data.from.who, 'from.who', person)
      : event.data.to.flatMap(({ who }, at) =>
          sealed('people', who, `to.${String(at)}.who`, person),
        )
  const attachments = 'attachments' in data ? data.attachments : []
  return [
    ...sealed('subject', data.subject, 'subject', plain),
    ...sealed('text', data.content, 'content', (opened: Content) =>
      content(opened).map(({ text }) => text),
    ),
    ...attachments.flatMap(({ name }, at) =>
      sealed('attachment', name, `attachments.${String(at)}.name`, plain),
    ),
    ...people,
  ]
}

/** The keys that `partsOf` opens an event with. */
export const searchKeys = (event: Event): readonly KeyId[] => [
  ...new Set(sealedParts(event).map(({ copy }) => copy.k)),
]

/** What can be read of an event; what is erased is left out. */
export const partsOf = (event: Event, keys: ReadonlyMap<KeyId, Uint8Array>): readonly PartText[] =>
  sealedParts(event).flatMap(({ part, copy, texts }): readonly PartText[] => {
    const opened = unseal(copy, keys)
    if (isErased(opened)) return []
    if (part === 'text') return content(opened as Content)
    return texts(opened as never).map((text) => ({ part, text }))
  })

const ownId = ({ type, data }: Event): string | undefined => {
  if (type === 'CommentAdded') return data.commentId
  return 'messageId' in data ? data.messageId : undefined
}

/** The entry of a message, by the conversation it was written in. */
export const entryId = (conversationId: string, messageId: string): string =>
  columnText(`${conversationId}/${messageId}`)

/** The entry about a conversation's contact. */
export const contactEntryId = (conversationId: string): string => columnText(`${conversationId}/`)

/** Where an entry's text is, in the log. */
export interface SearchSource {
  readonly stream: string
  readonly revision: number
}

export const readSource = (source: string): SearchSource => JSON.parse(source) as SearchSource

/** Undefined where nothing can be read any more, or there is nothing to read. */
export const entryOf = (
  event: Event,
  keys: ReadonlyMap<KeyId, Uint8Array>,
  row = streamId(event.stream),
): SearchEntry | undefined => {
  const parts = partsOf(event, keys)
  const id = ownId(event)
  const text = indexedText(parts.map((part) => part.text))
  if (id === undefined || text === '') return undefined
  const conversation = streamId(event.stream)
  const own = sealedParts(event).find(({ part }) => part === 'text' || part === 'comment')?.copy.k
  return {
    id: entryId(conversation, id),
    row: columnText(row),
    origin: columnText(conversation),
    source: JSON.stringify({ stream: event.stream, revision: event.revision }),
    text,
    keys: searchKeys(event).filter((key) => key !== own),
  }
}
