/**
 * postal-mime within bounds. By itself it keeps two objects for every line of an unencoded body, so
 * that 25 MB of short lines take gigabytes, and it passes every part through a Blob, which is five
 * sixths of its time on ordinary mail. Structure, headers and charsets stay its own; only how the
 * bytes of a part are collected is replaced, and what a hostile mail can multiply is counted. Should
 * a later version be built differently, it works as it does by itself.
 */
import PostalMime, { type Email } from 'postal-mime'

/** A mail that passes one of these is refused: `field` says where, `expected` what is allowed. */
export class LimitExceeded extends Error {
  constructor(
    readonly field: string,
    readonly expected: string,
  ) {
    super(`${field}: expected ${expected}`)
  }
}

/** 10,000 recipients, one a line, fit in. */
const MAX_HEADER_LINES = 20_000
const MAX_HEADER_BYTES = 1_000_000
const MAX_PARTS = 1_000
const MAX_DEPTH = 50

/** What postal-mime has inside, as far as it is touched. */
interface Decoder {
  update(line: Uint8Array<ArrayBuffer>): void
  finalize(): Promise<ArrayBuffer>
}
interface EncodedDecoder extends Decoder {
  readonly chunks: readonly (ArrayBuffer | Uint8Array)[]
  readonly flushRemainder?: () => void
  readonly flushBuffer?: () => void
}
interface Node {
  readonly state: 'header' | 'body' | 'finished'
  contentDecoder: Decoder | null
}
interface Insides {
  readonly currentNode: Node
  processLine(line: Uint8Array<ArrayBuffer>, isFinal: boolean): Promise<void>
}

/** Moves the lines of a body together inside the parser's own bytes, where they already are. */
class InPlace implements Decoder {
  private bytes = new Uint8Array()
  private start = 0
  private end = 0

  update(line: Uint8Array<ArrayBuffer>): void {
    if (this.bytes.buffer !== line.buffer) {
      this.bytes = new Uint8Array(line.buffer)
      this.start = this.end = line.byteOffset
    }
    if (this.end !== line.byteOffset) {
      this.bytes.copyWithin(this.end, line.byteOffset, line.byteOffset + line.length)
    }
    this.end += line.length
    // The last line of a mail may have no end of its own, and no room for one.
    if (this.end < this.bytes.length) this.bytes[this.end++] = 0x0a
  }

  async finalize(): Promise<ArrayBuffer> {
    return this.bytes.buffer.slice(this.start, this.end)
  }
}

const joined = (chunks: EncodedDecoder['chunks']): ArrayBuffer => {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0))
  let end = 0
  for (const chunk of chunks) {
    bytes.set(chunk instanceof Uint8Array ? chunk : new Uint8Array(chunk), end)
    end += chunk.byteLength
  }
  return bytes.buffer
}

/** Base64 and quoted-printable decode piece by piece already; only their end goes through a Blob. */
const frugal = (decoder: Decoder): Decoder => {
  const { flushRemainder, flushBuffer } = decoder as EncodedDecoder
  const flush = flushRemainder ?? flushBuffer
  if (flush === undefined) return new InPlace()
  decoder.finalize = async () => {
    flush.call(decoder)
    return joined((decoder as EncodedDecoder).chunks)
  }
  return decoder
}

const bound = (parser: Insides): void => {
  if (typeof parser.processLine !== 'function') return
  const processLine = parser.processLine.bind(parser)
  let current: Node | undefined
  let parts = 0
  let headerLines = 0
  let treated: Decoder | undefined

  parser.processLine = (line, isFinal) => {
    const node = parser.currentNode
    if (node !== current) {
      current = node
      if (++parts > MAX_PARTS) throw new LimitExceeded('parts', `at most ${MAX_PARTS}`)
    }
    if (node.state === 'header') {
      if (++headerLines > MAX_HEADER_LINES) {
        throw new LimitExceeded('headers', `at most ${MAX_HEADER_LINES} lines`)
      }
    } else if (node.contentDecoder !== null && node.contentDecoder !== treated) {
      treated = node.contentDecoder = frugal(node.contentDecoder)
    }
    return processLine(line, isFinal)
  }
}

/** `bytes` are given away: the parser works inside them. Attached mails stay attachments. */
export const parseMime = (bytes: ArrayBuffer): Promise<Email> => {
  const parser = new PostalMime({
    forceRfc822Attachments: true,
    maxNestingDepth: MAX_DEPTH,
    maxHeadersSize: MAX_HEADER_BYTES,
  })
  bound(parser as unknown as Insides)
  return parser.parse(bytes)
}
