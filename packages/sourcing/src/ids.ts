/** UUIDs, in lower case: by name (version 5), and by time (version 7). Version 4 is Node's own. */
import { createHash, randomFillSync } from 'node:crypto'

const textOf = (bytes: Buffer): string => {
  const hex = bytes.toString('hex', 0, 16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const marked = (bytes: Buffer, version: number): string => {
  bytes[6] = (bytes[6]! & 0x0f) | (version << 4)
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return textOf(bytes)
}

/** The same for the same name in the same namespace, a UUID itself (RFC 9562, version 5). */
export const idByName = (name: string, namespace: string): string => {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
  return marked(bytes, 5)
}

const RANDOM_BYTES = 10
// Drawn many at a time: one draw for each id costs ten times as much as the id.
const block = Buffer.alloc(RANDOM_BYTES * 256)
let drawn = block.length
const bytes = Buffer.alloc(16)
let last = 0
let counter = 0

/** New, and greater than all that this process made before (RFC 9562, version 7, with a counter). */
export const idByTime = (): string => {
  if (drawn === block.length) {
    randomFillSync(block)
    drawn = 0
  }
  block.copy(bytes, 6, drawn, (drawn += RANDOM_BYTES))
  const now = Date.now()
  if (now > last) {
    last = now
    // It starts low enough to be counted up within the millisecond.
    counter = bytes.readUInt16BE(6) & 0x7ff
  } else if (++counter > 0xfff) {
    last += 1
    counter = 0
  }
  bytes.writeUIntBE(last, 0, 6)
  bytes.writeUInt16BE(counter, 6)
  return marked(bytes, 7)
}
