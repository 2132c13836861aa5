/** A row as a person may read it (K-17): sealed copies opened, hidden and erased ones left out. */
import type { Channel, Owner, Person, PropertyValue, SpamCause } from '@threadbook/core'
import {
  unseal,
  type Erased,
  type IsoTime,
  type KeyedRow,
  type KeyId,
  type SealedCopy,
} from '@threadbook/sourcing'
import type { ContactNameRow } from './contact-names.js'
import type { ConversationRow } from './conversation-row.js'
import { isUnread, type ReadStateRow } from './read-states.js'

/** In a hidden message's place (S-094): its content is not in the answer (D-10). */
export interface Hidden {
  readonly hidden: true
}
export const hiddenText = 'The message is hidden'

export interface ListItem {
  readonly conversationId: string
  readonly inbox: string
  readonly channel: Channel
  readonly status: 'open' | 'closed'
  readonly owner: Owner | null
  readonly spam: SpamCause | null
  readonly trashed: boolean
  readonly snoozedUntil: IsoTime | null
  readonly lastMessageAt: IsoTime
  /** Null where nobody is associated; without name where none is known. */
  readonly contact: {
    readonly id: string
    readonly name: string | Erased | null
    readonly address: string | Erased | null
  } | null
  /** Who wrote first, where nobody is associated. */
  readonly stranger: Person | Erased | null
  readonly participants: number
  readonly labels: readonly string[]
  readonly properties: Readonly<Record<string, PropertyValue>>
  readonly replied: boolean
  readonly forwarded: boolean
  readonly deliveryFailed: boolean
  readonly deliveryUnknown: boolean
  readonly subject: string | Hidden | Erased | null
  readonly preview: string | Hidden | Erased | null
  readonly lastComment: string | Erased | null
  /** Whether the viewer has something to read in it; null where nobody in particular looks. */
  readonly unread: boolean | null
}

type Names = ReadonlyMap<string, ContactNameRow>
type Found = KeyedRow<ConversationRow>

const nameOf = (row: ConversationRow, names: Names): ContactNameRow | undefined =>
  row.contact === null ? undefined : names.get(row.contact)

/** The keys that `listItem` opens these rows with: to be read from the vault at once. */
export const listKeys = (found: readonly Found[], names: Names): ReadonlySet<KeyId> => {
  const keys = new Set<KeyId>()
  for (const { row } of found) {
    const name = nameOf(row, names)
    const copies = [
      row.subjectHidden ? null : row.subject,
      row.previewHidden ? null : row.preview,
      row.lastComment,
      row.contact === null ? row.stranger : null,
      name?.name,
      name?.addresses[0]?.address,
    ]
    for (const copy of copies) if (copy) keys.add(copy.k)
  }
  return keys
}

/** Throws where a copy is not what was sealed; a missing key is an erased text. */
export const listItem = (
  { key, row }: Found,
  names: Names,
  keys: ReadonlyMap<KeyId, Uint8Array>,
  /** What the viewer has read, by conversation. */
  read?: ReadonlyMap<string, ReadStateRow>,
): ListItem => {
  const open = (copy: SealedCopy<string> | null | undefined): string | Erased | null =>
    copy ? unseal(copy, keys) : null
  const shown = (copy: SealedCopy<string> | null, hidden: boolean) =>
    hidden ? ({ hidden: true } as const) : open(copy)
  const name = nameOf(row, names)
  return {
    conversationId: key,
    inbox: row.inbox,
    channel: row.channel,
    status: row.status,
    owner: row.owner,
    spam: row.spamCause,
    trashed: row.trashed,
    snoozedUntil: row.snoozedUntil,
    lastMessageAt: row.lastMessageAt,
    contact:
      row.contact === null
        ? null
        : { id: row.contact, name: open(name?.name), address: open(name?.addresses[0]?.address) },
    stranger: row.contact === null && row.stranger !== null ? unseal(row.stranger, keys) : null,
    participants: row.participants,
    labels: row.labels,
    properties: row.properties,
    replied: row.replied,
    forwarded: row.forwarded,
    deliveryFailed: row.deliveryFailed,
    deliveryUnknown: row.deliveryUnknown,
    subject: shown(row.subject, row.subjectHidden),
    preview: shown(row.preview, row.previewHidden),
    lastComment: open(row.lastComment),
    unread: read === undefined ? null : isUnread(row, read.get(key)),
  }
}
