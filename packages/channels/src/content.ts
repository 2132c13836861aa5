/** What came in as the message it becomes: private things in boxes, bytes in blobs. */
import {
  draft,
  previewOf,
  type Attachment,
  type Channel,
  type Message,
  type SourceDetails,
  type SourceToSeal,
} from '@threadbook/core'
import type { Door, Mac } from '@threadbook/inbox'
import { Faulted, sealBytes, toSeal, type KeyId } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { IncomingFile } from './incoming.js'

export interface Content {
  readonly text: string
  readonly subject?: string | undefined
  readonly files: readonly IncomingFile[]
  /** The one among the files that is a call's recording. */
  readonly recording?: IncomingFile | undefined
  readonly source: Omit<SourceToSeal, 'details' | 'recording'>
  readonly details: SourceDetails
}

/** Longer text is cut in the event; the whole is in a blob. */
const LARGEST_IN_EVENT = 64 * 1024
const CUT_TEXT = 8_000

const cutAt = (text: string, length: number): string => {
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(length - 1))
  return text.slice(0, splitsPair ? length - 1 : length)
}

/** Names of the blobs that a message may need, made once: a second try writes over the first. */
export interface BlobIds {
  readonly body: string
  readonly files: readonly string[]
}
export const blobIdsFor = ({ files }: Content, newId: () => string): BlobIds => ({
  body: newId(),
  files: files.map(() => newId()),
})

const put = async (door: Door, id: string, bytes: Uint8Array, key: Uint8Array): Promise<void> => {
  const stored = await door.adapters.blobs.put(id, sealBytes(bytes, id, key))()
  if (E.isLeft(stored)) throw new Faulted(stored.left)
}

const attachmentsOf = async (
  door: Door,
  { files }: Content,
  blobs: BlobIds,
  about: { readonly key: KeyId; readonly boxKey?: KeyId | undefined; readonly mac: Mac },
): Promise<readonly Attachment[]> => {
  if (files.length === 0) return []
  const key = await bytesOf(door, about.key)
  const attachments: Attachment[] = []
  for (const [index, { name, mimeType, bytes }] of files.entries()) {
    const blob = blobs.files[index]!
    await put(door, blob, bytes, key)
    const size = bytes.byteLength
    const sealed = toSeal(name, about.boxKey)
    attachments.push({ blob, size, mimeType, mac: about.mac(bytes), name: sealed })
  }
  return attachments
}

/** What is forgotten by itself is under a key of its own. */
const boxedUnder = (key: KeyId, text: string, subject: string | undefined, cut: boolean) => ({
  preview: toSeal(previewOf(text), key),
  content: toSeal({ text, ...(cut && { cut: true as const }) }, key),
  ...(subject !== undefined && { subject: toSeal(subject, key) }),
})

const bytesOf = async (door: Door, id: KeyId): Promise<Uint8Array> => {
  const key = await door.keys.key(id)
  if (key === undefined) throw new Faulted({ type: 'KeyGone', key: id })
  return key.bytes
}

/**
 * `key` seals its blobs: the conversation's own, or that of a message which is forgotten by itself,
 * whose boxes are under it too (`boxKey`).
 */
export const messageOf = async (
  door: Door,
  content: Content,
  blobs: BlobIds,
  about: {
    readonly messageId: string
    readonly channel: Channel
    readonly key: KeyId
    readonly boxKey?: KeyId | undefined
    readonly claims: readonly string[]
    readonly mac: Mac
  },
): Promise<Message> => {
  const { messageId, channel, claims, boxKey } = about
  const { text, subject, source, details, recording } = content
  const long = text.length > LARGEST_IN_EVENT
  if (long) {
    const whole = Buffer.from(JSON.stringify({ text }))
    await put(door, blobs.body, whole, await bytesOf(door, about.key))
  }
  const shown = long ? cutAt(text, CUT_TEXT) : text
  const attachments = await attachmentsOf(door, content, blobs, about)
  const recordingBlob = recording && blobs.files[content.files.indexOf(recording)]
  const boxes =
    boxKey === undefined
      ? draft({ text: shown, subject }, long ? { cut: true } : {})
      : boxedUnder(boxKey, shown, subject, long)
  return {
    ...boxes,
    messageId,
    channel,
    attachments,
    claims,
    ...(long && { body: blobs.body }),
    source: {
      ...source,
      ...(recordingBlob !== undefined && { recording: recordingBlob }),
      ...(Object.keys(details).length > 0 && { details: toSeal(details, boxKey) }),
    },
  }
}
