/** Trying again what may pass. */
import * as E from 'fp-ts/lib/Either.js'
import { sleep, type Clock } from './clock.js'
import { understand, type Understood } from './faults.js'

export interface Patience {
  readonly clock: Clock
  /** After so long no attempt is begun any more; a second one always is. */
  readonly patienceMs: number
  /** Milliseconds before the next attempt, the first being number 0. */
  readonly pause: (attempt: number) => number
  readonly signal: AbortSignal
}

/** The answer, or what stands in its way; `passing` only once patience is at its end. */
export const persist = async <A>(
  { clock, patienceMs, pause, signal }: Patience,
  attempt: (failures: number) => Promise<A>,
): Promise<E.Either<Understood, A>> => {
  const began = clock.now()
  for (let failures = 0; ; failures++) {
    try {
      return E.right(await attempt(failures))
    } catch (error) {
      const why = understand(error)
      if (why.kind !== 'passing') return E.left(why)
      if (failures > 0 && clock.now() - began >= patienceMs) return E.left(why)
      await sleep(clock, pause(failures), signal)
      if (signal.aborted) return E.left({ kind: 'passing', reason: `closed; ${why.reason}` })
    }
  }
}
