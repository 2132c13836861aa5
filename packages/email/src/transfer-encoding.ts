/**
 * Decodes the bodies of a mail inside the mail's own bytes: what is decoded is never longer than
 * what it is decoded from, so that a part of any size needs no memory until it is complete.
 */

const LARGE = 1_000_000
const LF = 0x0a
const CR = 0x0d
const EQUALS = 0x3d

/** Writes what `from` to `to`, a line without its end, stands for to `out`; gives the end of that. */
type DecodeLine = (bytes: Uint8Array, from: number, to: number, out: number) => number

/** The last line of a mail may have no end of its own, and no room for one. */
const endLine = (bytes: Uint8Array, out: number): number => {
  if (out === bytes.length) return out
  bytes[out] = LF
  return out + 1
}

const plain: DecodeLine = (bytes, from, to, out) => {
  if (from !== out) bytes.copyWithin(out, from, to)
  return endLine(bytes, out + to - from)
}

const NO_DIGIT = 0xff
/** The value of each character of an alphabet, by its code. */
const valuesOf = (...alphabets: readonly string[]): Uint8Array => {
  const values = new Uint8Array(256).fill(NO_DIGIT)
  for (const alphabet of alphabets) {
    Buffer.from(alphabet).forEach((code, value) => (values[code] = value))
  }
  return values
}
const HEX = valuesOf('0123456789ABCDEF', '0123456789abcdef')
const BASE64 = valuesOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')

const quotedPrintable: DecodeLine = (bytes, from, to, out) => {
  const softBreak = to > from && bytes[to - 1] === EQUALS
  const end = softBreak ? to - 1 : to
  for (let at = from; at < end; at++) {
    const byte = bytes[at] ?? 0
    const high = byte === EQUALS && at + 2 < end ? (HEX[bytes[at + 1] ?? 0] ?? NO_DIGIT) : NO_DIGIT
    const low = high === NO_DIGIT ? NO_DIGIT : (HEX[bytes[at + 2] ?? 0] ?? NO_DIGIT)
    if (low === NO_DIGIT) {
      bytes[out++] = byte
    } else {
      bytes[out++] = (high << 4) | low
      at += 2
    }
  }
  return softBreak ? out : endLine(bytes, out)
}

/** Groups go on from line to line; some mail software pads each line. */
const base64 = (): DecodeLine => {
  let bits = 0
  let count = 0
  return (bytes, from, to, out) => {
    for (let at = from; at < to; at++) {
      const byte = bytes[at] ?? 0
      if (byte === EQUALS) count = 0
      const value = BASE64[byte] ?? NO_DIGIT
      if (value === NO_DIGIT) continue
      bits = ((bits << 6) | value) & 0xffff
      count += 6
      if (count >= 8) {
        count -= 8
        bytes[out++] = bits >> count
      }
    }
    return out
  }
}

const lineDecoder = (encoding: string): DecodeLine => {
  if (/base64/i.test(encoding)) return base64()
  return /quoted-printable/i.test(encoding) ? quotedPrintable : plain
}

export class InPlaceDecoder {
  private readonly bytes: Uint8Array<ArrayBuffer>
  private readonly decodeLine: DecodeLine
  private readonly start: number
  private end: number

  /** The body begins at `start` of the mail. */
  constructor(mail: Uint8Array<ArrayBuffer>, start: number, encoding: string) {
    this.bytes = mail
    this.start = this.end = start
    this.decodeLine = lineDecoder(encoding)
  }

  /** A line without its end, or several with those between them. */
  update(lines: Uint8Array): void {
    const last = lines.byteOffset + lines.length
    for (let at = lines.byteOffset; ;) {
      const lf = this.bytes.indexOf(LF, at)
      const next = lf < 0 || lf >= last ? last : lf
      let to = next
      while (to > at && this.bytes[to - 1] === CR) to--
      this.end = this.decodeLine(this.bytes, at, to, this.end)
      if (next === last) return
      at = next + 1
    }
  }

  /** Decoded so far, in bytes. */
  get size(): number {
    return this.end - this.start
  }

  /** A copy, so that the mail need not stay; of a part that is most of a large mail, a window on it. */
  async finalize(): Promise<ArrayBuffer | Uint8Array> {
    return this.size > LARGE && this.size > this.bytes.length / 2
      ? this.bytes.subarray(this.start, this.end)
      : this.bytes.buffer.slice(this.start, this.end)
  }
}
