import { randomFillSync } from 'node:crypto'
import { v7 } from 'uuid'

const RANDOM_BYTES = 16

// Drawn a block at a time: each draw by itself costs several times what the rest of an id does.
const block = Buffer.alloc(RANDOM_BYTES * 256)
let drawn = block.length
const nextRandom = (): Buffer => {
  if (drawn === block.length) {
    randomFillSync(block)
    drawn = 0
  }
  return block.subarray(drawn, (drawn += RANDOM_BYTES))
}

let msecs = 0
let seq = 0

/** A UUIDv7, which sorts behind all that this process has made before. */
export const timeOrderedId = (): string => {
  const random = nextRandom()
  const now = Date.now()
  if (now > msecs) {
    msecs = now
    // Half of what there is room for, so that it can be counted up for as long as a clock stands still.
    seq = random.readUInt32BE(6) >>> 1
  } else seq++
  return v7({ random, msecs, seq })
}
