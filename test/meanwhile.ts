/** What goes on beside a test ends with it, however that ends: the next one has the process to itself. */
import { setImmediate } from 'node:timers/promises'
import { afterEach } from '@jest/globals'

/** Ends it after the turn that it is at, and fails where it failed. */
export type End = () => Promise<void>

/** To be called at the top of a test file; what it gives begins to take turns at once. */
export const meanwhile = (): ((turn: () => Promise<void>) => End) => {
  const going = new Set<End>()
  afterEach(async () => {
    // Left over by a test that failed or ran out of time, which is told already.
    await Promise.allSettled([...going].map((end) => end()))
  })
  return (turn) => {
    let isOver = false
    const ended = (async () => {
      // In memory nothing else would ever get its turn.
      for (; !isOver; await setImmediate()) await turn()
    })()
    ended.catch(() => undefined)
    const end = () => {
      isOver = true
      going.delete(end)
      return ended
    }
    going.add(end)
    return end
  }
}
