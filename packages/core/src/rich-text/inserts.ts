/** What is put into a message from elsewhere (S-068): a reference beside the text, which shows it. */
import * as t from 'io-ts'
import { struct } from '../request.js'
import { Id } from '../vocabulary.js'

/** The kinds every host has. The list is open: a host names others of its own. */
export const insertKinds = [
  'article',
  'snippet',
  'video',
  'meeting',
  'document',
  'quote',
  'template',
] as const

const isWebAddress = (u: unknown): u is string =>
  typeof u === 'string' && u.length <= 2_000 && /^https?:\/\/[^\s"'<>]+$/i.test(u)
export const WebAddress = new t.Type<string>(
  'web address, as https://example.com/page',
  isWebAddress,
  (u, c) => (isWebAddress(u) ? t.success(u) : t.failure(u, c)),
  t.identity,
)

export const Insert = struct(
  'Insert',
  {
    /** One of `insertKinds`, or a host's own. */
    kind: Id,
    /** Its id where it comes from. */
    ref: Id,
  },
  {
    title: t.string,
    /** Where whoever reads the message finds it. */
    url: WebAddress,
  },
)
export type Insert = t.TypeOf<typeof Insert>

const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}
export const escaped = (text: string): string => text.replace(/[&<>"]/g, (char) => ESCAPED[char]!)

const titleOf = ({ title, url, ref }: Insert): string => title ?? url ?? ref

/** The HTML that stands for a message's insert, by its index among them. */
export const insertHtml = (insert: Insert, index: number): string => {
  const mark = `data-insert="${String(index)}"`
  const title = escaped(titleOf(insert))
  return insert.url === undefined
    ? `<span ${mark}>${title}</span>`
    : `<a ${mark} href="${escaped(insert.url)}">${title}</a>`
}

/** One line of plain text. */
export const insertText = (insert: Insert): string => {
  const title = titleOf(insert)
  return insert.url === undefined || insert.url === title ? title : `${title}: ${insert.url}`
}

/** The inserts that the HTML does not show: those that have no place of their own in it. */
export const unplacedInserts = (
  html: string,
  inserts: readonly Insert[],
): readonly { readonly insert: Insert; readonly index: number }[] =>
  inserts
    .map((insert, index) => ({ insert, index }))
    .filter(({ index }) => !html.includes(`data-insert="${String(index)}"`))
