/** All that a read gives, or an error; a read that is given up is ended on the server, too. */
import { guarded, type Limits } from './clock.js'
import type { Resolved } from './client.js'

/** What one client's reads can do besides being iterated, and the other's cannot. */
interface Cancellable {
  readonly on?: (event: 'error', listener: () => void) => unknown
  readonly cancel?: () => Promise<void>
  readonly destroy?: () => unknown
}

const nothing = (): void => undefined

export const collect = (
  limits: Limits,
  read: () => AsyncIterable<Resolved>,
): Promise<readonly Resolved[]> => {
  let stream: (AsyncIterable<Resolved> & Cancellable) | undefined
  const work = async (alive: () => void): Promise<readonly Resolved[]> => {
    const all: Resolved[] = []
    stream = read()
    // An error that comes once nobody iterates any more would end the process.
    stream.on?.('error', nothing)
    for await (const resolved of stream) {
      alive()
      all.push(resolved)
    }
    return all
  }
  return guarded(limits, work, () => {
    stream?.cancel?.().catch(nothing)
    stream?.destroy?.()
  })
}
