/** What a message consists of, as it is written before it is sealed. */
import { toSeal } from '@threadbook/sourcing'
import * as t from 'io-ts'
import { previewOf } from '../preview.js'
import { sealing, struct, type Complete } from '../request.js'
import { Insert, safeHtml, textOfHtml } from '../rich-text/index.js'
import { Channel, Id } from '../vocabulary.js'
import { SourceToSeal } from './source.js'

export const Person = struct('Person', { address: t.string }, { name: t.string })
export type Person = t.TypeOf<typeof Person>

type Fields = Readonly<Record<string, unknown>>

/**
 * What comes from outside is made safe on its way in (S-067), and text is made of the HTML where
 * there is no other. Mail is kept as it came, and made safe where it is read.
 */
const safe = (u: Fields): Fields => {
  if (typeof u['html'] !== 'string') return u
  const html = safeHtml(u['html'], { remoteImages: 'kept' })
  return { ...u, html, text: u['text'] ?? textOfHtml(html) }
}

/** What was written. Bodies too long for an event are in a blob, sealed with the conversation's key. */
export const Content = struct(
  'Content',
  { text: t.string },
  {
    html: t.string,
    /** What was put in from elsewhere, in the order that the HTML refers to them by (S-068). */
    inserts: t.readonlyArray(Insert),
    /** Text and HTML are cut; the whole is in the event's `body` blob. */
    cut: t.literal(true),
    to: t.readonlyArray(Person),
    cc: t.readonlyArray(Person),
    replyTo: t.readonlyArray(Person),
    /** The sender's own Message-ID, which an answer refers to. */
    sourceId: t.string,
    references: t.readonlyArray(t.string),
  },
  { filled: ['text'], fill: safe },
)
export type Content = t.TypeOf<typeof Content>

/** A correspondent as commands name one: `who` in its box. */
export const CorrespondentToSeal = struct(
  'Correspondent',
  { identity: Id, who: sealing(Person) },
  { contact: Id },
)

const AttachmentToSeal = struct(
  'Attachment',
  { blob: Id, size: t.number, mimeType: t.string, mac: t.string, name: sealing(t.string) },
  { contentId: sealing(t.string), inline: t.boolean },
)
type AttachmentToSeal = t.TypeOf<typeof AttachmentToSeal>

/** The preview of plain text is made here: once it is in its box, nothing can be read from it. */
export const withPreview = (
  textOf: (u: Readonly<Record<string, unknown>>) => unknown,
): Complete => ({
  filled: ['preview'],
  fill: (u) => {
    const text = u['preview'] === undefined ? textOf(u) : undefined
    return typeof text === 'string' ? { ...u, preview: previewOf(text) } : u
  },
})
const isFields = (u: unknown): u is Fields => typeof u === 'object' && u !== null
const previewed = withPreview(({ content }) =>
  isFields(content) ? safe(content)['text'] : undefined,
)

const written = { content: sealing(Content), preview: sealing(t.string) }
const placed = { messageId: Id, channel: Channel, attachments: t.readonlyArray(AttachmentToSeal) }
const extras = {
  subject: sealing(t.string),
  body: Id,
  claims: t.readonlyArray(Id),
  /** Of a message that comes in (S-047). */
  source: SourceToSeal,
}

/** A message on its way into a conversation, everything private in boxes. */
export const Message = struct('Message', { ...written, ...placed }, extras, previewed)
export type Message = t.TypeOf<typeof Message>

/** As `Message`; the front door gives it an id, the conversation its channel. */
export const Draft = struct('Message', written, { ...placed, ...extras }, previewed)
export type Draft = t.TypeOf<typeof Draft>

/** A message as it is written: as text, as HTML, or as both. */
export interface Written {
  /** Made of the HTML where left out. */
  readonly text?: string | undefined
  /** Made safe on the way in (S-067). */
  readonly html?: string | undefined
  readonly inserts?: readonly Insert[] | undefined
  readonly subject?: string | undefined
  readonly messageId?: string | undefined
  readonly channel?: Channel | undefined
  readonly attachments?: readonly AttachmentToSeal[] | undefined
}

const plain = ({ text, html }: Pick<Written, 'text' | 'html'>): Fields => ({
  ...(text !== undefined && { text }),
  ...(html !== undefined && { html }),
})

/** Puts what was written into boxes, with its preview. `more` goes into the sealed content. */
export const draft = (
  { subject, messageId, channel, attachments, inserts, ...written }: Written,
  more: Omit<Content, 'text' | 'html' | 'inserts'> = {},
): Draft => {
  const { text = '', html } = safe(plain(written)) as Pick<Written, 'text' | 'html'>
  return {
    ...(messageId !== undefined && { messageId }),
    ...(channel !== undefined && { channel }),
    ...(attachments !== undefined && { attachments }),
    ...(subject !== undefined && { subject: toSeal(subject) }),
    preview: toSeal(previewOf(text)),
    content: toSeal({
      text,
      ...(html !== undefined && { html }),
      ...(inserts !== undefined && inserts.length > 0 && { inserts }),
      ...more,
    }),
  }
}
