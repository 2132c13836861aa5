/**
 * Waiting for other processes. SQLite's own waiting blocks the whole process, so it gets a few
 * milliseconds only; the rest is waited for asynchronously.
 */
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { isBusy, Refused } from './faults.js'

/** How long one attempt may hold up the event loop. */
export const BLOCKING_MS = 4

const LONGEST_PAUSE_MS = 25

/** Milliseconds until the next attempt: jittered, so that those who wait do not march in step. */
export const pause = (attempt: number): number =>
  1 + Math.random() * Math.min(LONGEST_PAUSE_MS, 2 ** attempt)

export const lockedFor = (patience: number): Refused =>
  new Refused(`locked by another process for ${String(patience / 1000)} s`)

/** Does a synchronous step again and again while others are in its way, for `patience` ms. */
export const patiently = async <A>(step: () => A, patience: number): Promise<A> => {
  let deadline: number | undefined
  for (let attempt = 0; ; attempt++) {
    try {
      return step()
    } catch (error) {
      if (!isBusy(error)) throw error
    }
    deadline ??= performance.now() + patience
    if (performance.now() > deadline) throw lockedFor(patience)
    await sleep(pause(attempt))
  }
}
