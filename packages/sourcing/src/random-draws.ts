import { randomFillSync } from 'node:crypto'

/**
 * Draws so many random bytes with each call. They come from blocks of `atOnce` draws, as to ask for
 * them each time costs several times what is done with them; they are the caller's own.
 */
export const randomDraws = (bytes: number, atOnce: number): (() => Buffer) => {
  const block = Buffer.alloc(bytes * atOnce)
  let drawn = block.length
  return () => {
    if (drawn === block.length) {
      randomFillSync(block)
      drawn = 0
    }
    return Buffer.from(block.subarray(drawn, (drawn += bytes)))
  }
}
