/** A raw mail as data. Whatever comes in, a `Mail` or a `MailRejected` comes out. */
import { createHash } from 'node:crypto'
import { textOfHtml } from '@threadbook/core'
import * as E from 'fp-ts/lib/Either.js'
import type { Attachment, Email } from 'postal-mime'
import { bareAddresses, mailboxes, plusTokens } from './addresses.js'
import { bounceOf } from './bounce.js'
import { LimitExceeded, parseMime } from './frugal-mime.js'
import { parseMailDate } from './mail-date.js'
import { headOf, looksLikeMail, startOfBody, startOfMail } from './mail-head.js'
import { kindOf, type Fields } from './mail-kind.js'
import type { Mail, MailAttachment, Mailbox, MailRejected } from './mail.js'
import { newestFirst, parseMessageIds } from './message-ids.js'
import { previewOf } from './preview.js'
import { cutTo, oneLine } from './text.js'

export const DEFAULT_MAX_MAIL_BYTES = 25 * 1024 * 1024
const LONGEST_SUBJECT = 1_000
const LONGEST_FILENAME = 255

const rejected = (
  reason: MailRejected['reason'],
  expected: string,
  found: string,
  field?: string,
): E.Either<MailRejected, never> =>
  E.left({ type: 'MailRejected', reason, expected, found, ...(field !== undefined && { field }) })

/** Known before the mail is read, where its size is. */
export const checkMailSize = (
  bytes: number,
  maxBytes = DEFAULT_MAX_MAIL_BYTES,
): E.Either<MailRejected, void> =>
  bytes > maxBytes
    ? rejected('tooLarge', `at most ${maxBytes} bytes`, `${bytes} bytes`)
    : E.right(undefined)

const fieldsByName = ({ headers }: Email): Fields => {
  const fields = new Map<string, string[]>()
  for (const { key, value } of headers) {
    const values = fields.get(key)
    if (values === undefined) fields.set(key, [value])
    else values.push(value)
  }
  return fields
}

/** White space as `trimEnd` knows it, as far as it is one byte. */
const BLANK = new Set([0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0xa0])
const CR = 0x0d
const LF = 0x0a

/**
 * The same body with other line ends, or with an empty line more at its end, gets the same hash.
 * In slices: as a text, a body of 25 MB would be there three times more.
 */
const hashOfBody = (body: Uint8Array): Buffer => {
  const hash = createHash('sha256')
  let end = body.length
  while (end > 0 && BLANK.has(body[end - 1]!)) end--
  let from = 0
  for (let at = body.indexOf(CR); at >= 0 && at < end; at = body.indexOf(CR, at + 1)) {
    if (body[at + 1] !== LF) continue
    hash.update(body.subarray(from, at))
    from = at + 1
  }
  return hash.update(body.subarray(from, end)).digest()
}

const derivedId = (sender: string, body: Uint8Array): string =>
  `${createHash('sha256').update(sender).update('\0').update(body).digest('hex')}@derived.invalid`

const ownId = (fields: Fields): string | undefined => {
  const value = fields.get('message-id')?.[0] ?? ''
  return parseMessageIds(value)[0] ?? (value.replace(/[<>\s]+/g, '') || undefined)
}

/** All ids of In-Reply-To and References; addresses of people among them are mistakes of old mail software. */
const relations = (fields: Fields, id: string, people: readonly (Mailbox | undefined)[]) => {
  const except = new Set([id, ...people.map((person) => person?.address ?? '')])
  return {
    inReplyTo: [...newestFirst(fields.get('in-reply-to') ?? [], except)].reverse(),
    references: newestFirst(fields.get('references') ?? [], except),
  }
}

const filename = (name: string): string =>
  cutTo(
    oneLine(name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)),
    LONGEST_FILENAME,
  )

const attachmentOf = (attachment: Attachment): MailAttachment => {
  const { content, mimeType, disposition, contentId } = attachment
  const name = filename(attachment.filename ?? '')
  // Never text: that comes only with an `attachmentEncoding`. A window stays one.
  const bytes =
    typeof content === 'string'
      ? Buffer.from(content)
      : ArrayBuffer.isView(content)
        ? content
        : new Uint8Array(content)
  return {
    mimeType,
    size: bytes.length,
    bytes,
    ...(name !== '' && { filename: name }),
    ...(disposition !== null && { disposition }),
    ...(contentId !== undefined && { contentId: contentId.replace(/[<>\s]+/g, '') }),
  }
}

const textOf = ({ text, html = '' }: Email): string => text ?? textOfHtml(html)

const mailOf = (email: Email, bodyHash: () => Uint8Array, size: number): Mail => {
  const fields = fieldsByName(email)
  const id = ownId(fields)
  const [from] = mailboxes(email.from && [email.from])
  const [sender] = mailboxes(email.sender && [email.sender])
  const to = mailboxes(email.to)
  const cc = mailboxes(email.cc)
  const deliveredTo = bareAddresses(fields.get('delivered-to') ?? [])
  const xForwardedFor = bareAddresses(fields.get('x-forwarded-for') ?? [])
  const messageId = id ?? derivedId(from?.address ?? '', bodyHash())
  const date = parseMailDate(fields.get('date')?.[0] ?? '')
  const text = textOf(email)
  const attachments = email.attachments.map(attachmentOf)
  const { kind, signs, bulk } = kindOf(fields)
  return {
    messageId,
    derived: id === undefined,
    ...(from && { from }),
    ...(sender && { sender }),
    replyTo: mailboxes(email.replyTo),
    to,
    cc,
    deliveredTo,
    xForwardedFor,
    plusTokens: plusTokens([
      ...[...to, ...cc].map(({ address }) => address),
      ...deliveredTo,
      ...xForwardedFor,
    ]),
    ...relations(fields, messageId, [from, sender, ...to, ...cc]),
    ...(date !== undefined && { date }),
    subject: cutTo(oneLine(email.subject ?? ''), LONGEST_SUBJECT),
    text,
    ...(email.html !== undefined && { html: email.html }),
    preview: previewOf(text),
    attachments,
    kind,
    signs,
    bulk,
    ...(kind === 'bounce' && { bounce: bounceOf(fields, signs, text, attachments) }),
    hasSubscriptionLink: fields.get('list-unsubscribe')?.some((value) => value !== '') ?? false,
    size,
  }
}

const reject = (error: unknown): E.Either<MailRejected, never> => {
  if (error instanceof LimitExceeded) {
    const { field, limit, unit } = error
    return rejected('malformed', `at most ${limit} ${unit}`, 'more', field)
  }
  return rejected('malformed', 'a mail that can be taken apart', String(error))
}

/** Smaller mail is copied: that costs less than it saves. */
const LARGE = 1_000_000

interface Own {
  /** The mail from its first header field on; the parser works inside these bytes. */
  readonly bytes: ArrayBuffer
  readonly bodyHash: () => Uint8Array
}

const copied = (raw: Uint8Array, start: number): Own => {
  const mail = raw.subarray(start)
  return {
    bytes: new Uint8Array(mail).buffer,
    bodyHash: () => hashOfBody(mail.subarray(startOfBody(mail, 0))),
  }
}

/** Without a copy where `raw` is all of its buffer: then that is empty for whoever still holds it. */
const takenOver = (raw: Uint8Array, start: number): Own => {
  const { buffer } = raw
  const isWhole = start === 0 && buffer.byteLength === raw.length
  if (raw.length < LARGE || !isWhole || !(buffer instanceof ArrayBuffer)) return copied(raw, start)
  const hash = hashOfBody(raw.subarray(startOfBody(raw, 0)))
  return { bytes: structuredClone(buffer, { transfer: [buffer] }), bodyHash: () => hash }
}

const read = async (
  raw: Uint8Array,
  maxBytes: number | undefined,
  own: (raw: Uint8Array, start: number) => Own,
): Promise<E.Either<MailRejected, Mail>> => {
  const { length } = raw
  const size = checkMailSize(length, maxBytes)
  if (E.isLeft(size)) return size
  if (length === 0) return rejected('empty', 'a mail', '0 bytes')
  const start = startOfMail(raw)
  if (!looksLikeMail(headOf(raw, start))) {
    return rejected('notMail', 'header fields of a mail first', `${length} bytes of something else`)
  }
  const { bytes, bodyHash } = own(raw, start)
  try {
    return E.right(mailOf(await parseMime(bytes), bodyHash, length))
  } catch (error) {
    return reject(error)
  }
}

interface ReadOptions {
  readonly maxBytes?: number
}

/** Never throws and never hangs; the time taken grows with the size, which `maxBytes` (25 MB) bounds. */
export const readMail = (
  raw: Uint8Array,
  { maxBytes }: ReadOptions = {},
): Promise<E.Either<MailRejected, Mail>> => read(raw, maxBytes, copied)

/** As `readMail`, for bytes that nobody needs afterwards: a large mail is there once, not twice. */
export const readMailOnce = (
  raw: Uint8Array,
  { maxBytes }: ReadOptions = {},
): Promise<E.Either<MailRejected, Mail>> => read(raw, maxBytes, takenOver)
