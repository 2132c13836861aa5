/** Whom a conversation is assigned to automatically: pure, from who there is and what they have to do. */
import type { IsoTime } from '@threadbook/sourcing'
import { availabilityAt, type User } from '../user/index.js'
import type { Channel } from '../vocabulary.js'
import type { Workload } from '../workload/index.js'

export { countWork, route, routingRequests } from './commands.js'
export type { CountWork, Route } from './commands.js'

export interface Candidate {
  readonly id: string
  readonly user: User
  /** Whether they may work in the inbox. */
  readonly access: boolean
  readonly work: Workload
}

/** K-11: Available, with access, below capacity. */
export const isEligible = ({ user, access, work }: Candidate, now: IsoTime): boolean => {
  if (!access || user.situation === 'removed' || availabilityAt(user, now) === 'away') return false
  return user.capacity === undefined || work.open.size < user.capacity
}

/** Who is answered at once goes to the first who is there; what can wait is spread (K-10). */
const isLive = (channel: Channel): boolean => channel === 'chat' || channel === 'messenger'

/**
 * K-10: a chat to the first who is eligible, in the order given; e-mail and the like to whom has the
 * fewest open conversations, of these to whom was given the fewest ever, of these to the first.
 */
export const pick = (
  channel: Channel,
  candidates: readonly Candidate[],
  now: IsoTime,
): Candidate | undefined => {
  const eligible = candidates.filter((each) => isEligible(each, now))
  if (isLive(channel)) return eligible[0]
  return eligible.reduce<Candidate | undefined>((best, each) => {
    if (best === undefined) return each
    const fewer = each.work.open.size - best.work.open.size || each.work.taken - best.work.taken
    return fewer < 0 ? each : best
  }, undefined)
}
