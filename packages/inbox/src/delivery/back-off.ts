/** When something is tried again that could not be handed over. Pure. */
import type { IsoTime } from '@threadbook/sourcing'

const FIRST_SECONDS = 60
const LONGEST_SECONDS = 4 * 3_600
/** Tried so often, over about two days, it failed. */
const MOST_ATTEMPTS = 18
/** So long after it began, nobody waits for an attempt's answer any more. */
export const ANSWER_SECONDS = 600

/**
 * A minute after the first attempt, then twice as long each time, four hours at most; later where
 * the other side says so (a day at most). Undefined: it was tried often enough.
 */
export const nextAttemptAt = (
  attempt: number,
  now: IsoTime,
  afterSeconds = 0,
): IsoTime | undefined => {
  if (attempt >= MOST_ATTEMPTS) return undefined
  const pause = Math.min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** (attempt - 1))
  const asked = Number.isFinite(afterSeconds) ? Math.min(86_400, afterSeconds) : 0
  return new Date(Date.parse(now) + Math.max(pause, asked) * 1_000).toISOString()
}
