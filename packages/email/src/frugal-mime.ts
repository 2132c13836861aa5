/**
 * postal-mime within bounds. By itself it keeps two objects for every line of an unencoded body, so
 * that 25 MB of short lines take gigabytes; it passes every part through a Blob, which is five sixths
 * of its time on ordinary mail; and it makes text of HTML in a time that grows with the square of
 * its size. Structure, headers, charsets and names stay its own; bodies are collected and text is made
 * here, and what a hostile mail can multiply is counted. Should a later version be built
 * differently, it works as it does by itself.
 */
import { htmlOfText, textOfHtml } from '@threadbook/core'
import PostalMime, { type Email } from 'postal-mime'
import { InPlaceDecoder } from './transfer-encoding.js'

/** A mail that passes a limit is refused. */
export class LimitExceeded extends Error {
  constructor(
    readonly field: string,
    readonly limit: number,
    readonly unit: string,
  ) {
    super(`more than ${limit} ${unit} in ${field}`)
  }
}

/** 10,000 recipients, one a line, fit in. */
const MAX_HEADER_LINES = 20_000
const MAX_HEADER_BYTES = 1_000_000
const MAX_PARTS = 1_000
const MAX_DEPTH = 50
/** Of text whose lines the reader is to join (format=flowed); longer text keeps them. */
const MAX_FLOWED_BYTES = 1_000_000

/** What postal-mime has inside, as far as it is touched. */
interface Decoder {
  update(line: Uint8Array): void
  finalize(): Promise<ArrayBuffer | Uint8Array>
}
interface Node {
  readonly state: 'header' | 'body' | 'finished'
  readonly depth: number
  readonly contentTransferEncoding: { readonly encoding: string }
  readonly contentType: { readonly parsed: { readonly params: { format?: string } } }
  contentDecoder: Decoder | null
}
interface Text {
  readonly value: string
}
interface Insides {
  readonly av: Uint8Array<ArrayBuffer>
  readonly boundaries: readonly unknown[]
  readonly currentNode: Node
  readonly textMap: ReadonlyMap<
    unknown,
    { readonly plain?: readonly Text[]; readonly html?: readonly Text[] }
  >
  textContent: { plain?: string; html?: string }
  readPos: number
  processLine(line: Uint8Array<ArrayBuffer>, isFinal: boolean): Promise<void>
  renderTextContent(): void
}

const limit = (found: number, max: number, field: string, unit: string): void => {
  if (found > max) throw new LimitExceeded(field, max, unit)
}

/** Counts, and feeds the lines of a body that cannot end it in one go. */
const readInPlace = (parser: Insides): void => {
  const processLine = parser.processLine.bind(parser)
  let current: Node | undefined
  let parts = 0
  let headerLines = 0
  let headerBytes = 0

  let mail: Buffer | undefined

  const enter = (node: Node): void => {
    current = node
    limit(++parts, MAX_PARTS, 'parts', 'parts')
    limit(node.depth, MAX_DEPTH, 'parts', 'levels')
  }
  const countHeader = (line: Uint8Array): void => {
    limit(++headerLines, MAX_HEADER_LINES, 'headers', 'lines')
    limit((headerBytes += line.length), MAX_HEADER_BYTES, 'headers', 'bytes')
  }
  /** Where the next line begins that may be a boundary, or is the mail's last: both end something. */
  const nextEnd = (from: number): number => {
    mail ??= Buffer.from(parser.av.buffer)
    const dashes = parser.boundaries.length === 0 ? -1 : mail.indexOf('\n--', from)
    return (dashes < 0 ? mail.lastIndexOf(0x0a, mail.length - 2) : dashes) + 1
  }

  const bodyOf = (node: Node, start: number): InPlaceDecoder | null => {
    const { contentDecoder, contentTransferEncoding } = node
    if (contentDecoder === null || contentDecoder instanceof InPlaceDecoder) return contentDecoder
    const decoder = new InPlaceDecoder(parser.av, start, contentTransferEncoding.encoding)
    node.contentDecoder = decoder
    return decoder
  }

  parser.processLine = (line, isFinal) => {
    const node = parser.currentNode
    if (node !== current) enter(node)
    if (node.state === 'header') {
      countHeader(line)
      return processLine(line, isFinal)
    }
    const start = line.byteOffset
    const body = bodyOf(node, start)
    const mayEnd = isFinal || (line[0] === 0x2d && line[1] === 0x2d)
    const end = mayEnd ? start : nextEnd(start)
    if (end <= start) return processLine(line, isFinal)
    body?.update(parser.av.subarray(start, end - 1))
    if (body !== null && body.size > MAX_FLOWED_BYTES) delete node.contentType.parsed.params.format
    parser.readPos = end
    return Promise.resolve()
  }
}

const valuesOf = (texts: readonly Text[] = []): readonly string[] => texts.map(({ value }) => value)

const isBlank = (texts: readonly string[]): boolean => texts.every((text) => text.trim() === '')

/** Where parts differ in form, each is put into the other one, too: both bodies are complete. */
const renderText = (parser: Insides): void => {
  parser.renderTextContent = () => {
    const parts = [...parser.textMap.values()].map(({ plain, html }) => ({
      texts: valuesOf(plain),
      htmls: valuesOf(html),
    }))
    const plain = parts.flatMap(({ texts, htmls }) =>
      isBlank(texts) && htmls.length > 0 ? htmls.map(textOfHtml) : texts,
    )
    parser.textContent = { plain: plain.join('\n') }
    if (parts.every(({ htmls }) => htmls.length === 0)) return
    parser.textContent.html = parts
      .flatMap(({ texts, htmls }) => (htmls.length > 0 ? htmls : texts.map(htmlOfText)))
      .join('\n')
  }
}

const TOUCHED = ['processLine', 'renderTextContent', 'currentNode', 'boundaries', 'textMap']

/** `bytes` are given away: the parser works inside them. Attached mails stay attachments. */
export const parseMime = (bytes: ArrayBuffer): Promise<Email> => {
  const parser = new PostalMime({
    forceRfc822Attachments: true,
    // Its own limits come second: they do not say what they found too much of.
    maxNestingDepth: MAX_DEPTH + 1,
    maxHeadersSize: MAX_HEADER_BYTES + 1,
  })
  if (TOUCHED.every((name) => name in parser)) {
    readInPlace(parser as unknown as Insides)
    renderText(parser as unknown as Insides)
  }
  return parser.parse(bytes)
}
