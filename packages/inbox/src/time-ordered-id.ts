import { randomDraws } from '@threadbook/sourcing'
import { v7 } from 'uuid'

const nextRandom = randomDraws(16, 256)

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
