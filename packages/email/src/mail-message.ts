/** A mail as the message it becomes: what is private in boxes, what is long or binary in blobs. */
import type { Attachment, Content, Message } from '@threadbook/core'
import type { Door, Mac } from '@threadbook/inbox'
import { Faulted, sealBytes, toSeal, type KeyId } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Mail, Mailbox } from './mail.js'
import { cutTo } from './text.js'

/** Longer content goes into a blob as a whole, and is cut in the event. */
const LARGEST_IN_EVENT = 64 * 1024
const CUT_TEXT = 8_000
const CUT_PEOPLE = 50

/** Ids of the blobs that a mail may need, made once: a second try writes over the first. */
export interface BlobIds {
  readonly body: string
  readonly attachments: readonly string[]
}

export const blobIdsFor = ({ attachments }: Mail, newId: () => string): BlobIds => ({
  body: newId(),
  attachments: attachments.map(() => newId()),
})

const contentOf = (mail: Mail): Content => ({
  text: mail.text,
  ...(mail.html !== undefined && { html: mail.html }),
  ...(mail.to.length > 0 && { to: mail.to }),
  ...(mail.cc.length > 0 && { cc: mail.cc }),
  ...(mail.replyTo.length > 0 && { replyTo: mail.replyTo }),
  sourceId: mail.messageId,
  ...(mail.references.length > 0 && { references: mail.references }),
})

const cut = ({ text, to = [], cc = [], replyTo = [], sourceId }: Content): Content => {
  const few = (people: readonly Mailbox[]) => people.slice(0, CUT_PEOPLE)
  return {
    text: cutTo(text, CUT_TEXT),
    cut: true,
    to: few(to),
    cc: few(cc),
    replyTo: few(replyTo),
    ...(sourceId !== undefined && { sourceId }),
  }
}

const isLong = ({ text, html = '', to, cc }: Mail): boolean =>
  text.length + html.length > LARGEST_IN_EVENT || to.length + cc.length > CUT_PEOPLE

const bytesOfKey = async (door: Door, id: KeyId): Promise<Uint8Array> => {
  const key = await door.keys.key(id)
  if (key === undefined) throw new Faulted({ type: 'KeyGone', key: id })
  return key.bytes
}

const put = async (door: Door, id: string, bytes: Uint8Array, key: Uint8Array): Promise<void> => {
  const stored = await door.adapters.blobs.put(id, sealBytes(bytes, id, key))()
  if (E.isLeft(stored)) throw new Faulted(stored.left)
}

/**
 * Blobs are stored before the event that names them: a crash in between leaves sealed bytes that
 * nobody refers to, never a message without its attachment.
 */
export const messageOf = async (
  door: Door,
  mail: Mail,
  blobs: BlobIds,
  about: {
    readonly messageId: string
    readonly key: KeyId
    readonly claims: readonly string[]
    readonly mac: Mac
  },
): Promise<Message> => {
  const { messageId, claims, mac } = about
  const content = contentOf(mail)
  const long = isLong(mail)
  const key = long || mail.attachments.length > 0 ? await bytesOfKey(door, about.key) : undefined
  if (long && key !== undefined)
    await put(door, blobs.body, Buffer.from(JSON.stringify(content)), key)
  const attachments: Attachment[] = []
  for (const [index, attachment] of mail.attachments.entries()) {
    const blob = blobs.attachments[index]!
    const { bytes, size, mimeType, filename = '', contentId, disposition } = attachment
    await put(door, blob, bytes, key!)
    attachments.push({
      blob,
      size,
      mimeType,
      mac: mac(bytes),
      name: toSeal(filename),
      ...(contentId !== undefined && { contentId: toSeal(contentId) }),
      ...(disposition === 'inline' && { inline: true }),
    })
  }
  return {
    messageId,
    channel: 'email',
    subject: toSeal(mail.subject),
    preview: toSeal(mail.preview),
    content: toSeal(long ? cut(content) : content),
    attachments,
    claims,
    ...(long && { body: blobs.body }),
  }
}
