/** Whether somebody is there: a function of what was said and of the time (S-098…S-100, K-11…K-13). */
import type { IsoTime } from '@threadbook/sourcing'
import { isWithin, lastBoundary, nextBoundary } from '../hours/working-hours.js'
import type { Owner } from '../vocabulary.js'
import type { Availability } from './events.js'
import type { Presence, User } from './state.js'

/** What the clock alone says. Who never said anything is there. */
const byTheClock = ({ outOfOffice, hours }: Presence, now: IsoTime): Availability => {
  if (outOfOffice !== undefined && outOfOffice.from <= now && now < outOfOffice.until) return 'away'
  return hours === undefined || isWithin(hours, now) ? 'available' : 'away'
}

/** When the clock last had a say. */
const lastSwitch = (
  { outOfOffice, hours, hoursSince }: Presence,
  now: IsoTime,
): IsoTime | undefined => {
  const passed = [
    outOfOffice?.from,
    outOfOffice?.until,
    hours && hoursSince,
    hours && lastBoundary(hours, now),
  ].filter((at): at is IsoTime => at !== undefined && at <= now)
  return passed.sort().at(-1)
}

/** What was said by hand, as long as it holds. */
export const heldWord = (presence: Presence, now: IsoTime): Availability | undefined => {
  const { said } = presence
  if (said === undefined || said.at > now) return undefined
  const last = lastSwitch(presence, now)
  return last === undefined || said.at >= last ? said.availability : undefined
}

/**
 * A word by hand holds until the clock next has a say: until hours or an absence begin or end
 * (K-12, K-13). Whoever is deactivated or removed is away.
 */
export const availabilityAt = (user: User, now: IsoTime): Availability => {
  if (user.situation === 'removed' || user.situation === 'deactivated') return 'away'
  return heldWord(user, now) ?? byTheClock(user, now)
}

const SWITCHES_LOOKED_AT = 100

/**
 * When it changes next by itself, and to what; undefined where it does not within a year, nor with the
 * next hundred beginnings and ends of hours.
 */
export const nextAvailability = (
  user: User,
  now: IsoTime,
): { readonly at: IsoTime; readonly availability: Availability } | undefined => {
  if (user.situation === 'removed' || user.situation === 'deactivated') return undefined
  const current = availabilityAt(user, now)
  for (let at = now, looked = 0; looked < SWITCHES_LOOKED_AT; looked++) {
    const { outOfOffice, hours } = user
    const next = [outOfOffice?.from, outOfOffice?.until, hours && nextBoundary(hours, at)]
      .filter((each): each is IsoTime => each !== undefined && each > at)
      .sort()[0]
    if (next === undefined) return undefined
    at = next
    const availability = availabilityAt(user, at)
    if (availability !== current) return { at, availability }
  }
  return undefined
}

/** A conversation as a visitor looks at it: its owner, while it is open. */
export interface OpenChat {
  readonly owner: Owner | undefined
  readonly open: boolean
}

/**
 * As a visitor sees somebody: away to new ones, and still there for the open chats that are theirs
 * (S-100), unless they can answer no more.
 */
export const availabilityFor = (
  user: User,
  owner: Owner,
  now: IsoTime,
  chat?: OpenChat,
): Availability => {
  const stays = user.situation === 'active' || user.situation === 'unknown'
  return stays && chat?.open === true && chat.owner === owner
    ? 'available'
    : availabilityAt(user, now)
}
