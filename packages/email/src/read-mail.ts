/** A raw mail as data. Whatever comes in, a `Mail` or a `MailRejected` comes out. */
import { createHash } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import type { Attachment, Email } from 'postal-mime'
import { bareAddresses, mailboxes, plusTokens } from './addresses.js'
import { bounceOf } from './bounce.js'
import { LimitExceeded, parseMime } from './frugal-mime.js'
import { textOfHtml } from './html-text.js'
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

/** The same mail with other line ends, or with an empty line more at its end, gets the same id. */
const derivedId = (sender: string, body: Uint8Array): string => {
  const text = Buffer.from(body).toString('latin1').replace(/\r\n/g, '\n').trimEnd()
  const hash = createHash('sha256').update(sender).update('\0').update(text, 'latin1')
  return `${hash.digest('hex')}@derived.invalid`
}

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
  // Never text: that comes only with an `attachmentEncoding`.
  const bytes = typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content)
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

const mailOf = (email: Email, raw: Uint8Array, size: number): Mail => {
  const fields = fieldsByName(email)
  const id = ownId(fields)
  const [from] = mailboxes(email.from && [email.from])
  const [sender] = mailboxes(email.sender && [email.sender])
  const to = mailboxes(email.to)
  const cc = mailboxes(email.cc)
  const deliveredTo = bareAddresses(fields.get('delivered-to') ?? [])
  const xForwardedFor = bareAddresses(fields.get('x-forwarded-for') ?? [])
  const messageId = id ?? derivedId(from?.address ?? '', raw.subarray(startOfBody(raw, 0)))
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

/** Never throws and never hangs; the time taken grows with the size, which `maxBytes` (25 MB) bounds. */
export const readMail = async (
  raw: Uint8Array,
  { maxBytes }: { readonly maxBytes?: number } = {},
): Promise<E.Either<MailRejected, Mail>> => {
  const size = checkMailSize(raw.length, maxBytes)
  if (E.isLeft(size)) return size
  if (raw.length === 0) return rejected('empty', 'a mail', '0 bytes')
  const start = startOfMail(raw)
  if (!looksLikeMail(headOf(raw, start))) {
    return rejected(
      'notMail',
      'header fields of a mail first',
      `${raw.length} bytes of something else`,
    )
  }
  // A copy: the parser works inside its bytes.
  const own = new Uint8Array(raw.subarray(start))
  try {
    return E.right(mailOf(await parseMime(own.buffer), raw.subarray(start), raw.length))
  } catch (error) {
    return reject(error)
  }
}
