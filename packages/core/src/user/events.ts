/** What a user's stream holds. Users that a host manages by itself need none. */
import { event, eventTypes, sealed, type EventsOf } from '@threadbook/sourcing'
import * as t from 'io-ts'
import { WorkingHours } from '../hours/working-hours.js'
import { Permission, Role } from './roles.js'

export const Availability = t.keyof({ available: null, away: null }, 'Availability')
export type Availability = t.TypeOf<typeof Availability>

const UserAdded = event(
  'UserAdded',
  { roles: t.readonlyArray(Role) },
  /** Both or none: the name is sealed under the user's own key. */
  { name: sealed<string>(), key: t.string },
)
const RolesChanged = event('RolesChanged', { roles: t.readonlyArray(Role) })
/** Beside those that the roles have. */
const PermissionsChanged = event('PermissionsChanged', { permissions: t.readonlyArray(Permission) })
/** By hand: it holds until working hours or an absence begin or end (S-098, K-12). */
const AvailabilityChanged = event('AvailabilityChanged', { availability: Availability })
/** From now on; without hours, nothing is changed by the clock (S-099). */
const WorkingHoursChanged = event('WorkingHoursChanged', {}, { hours: WorkingHours })
/** Away from its start, back at its end (K-13). It takes the place of the one before. */
const OutOfOfficeSet = event('OutOfOfficeSet', { from: t.string, until: t.string })
const OutOfOfficeCleared = event('OutOfOfficeCleared', {})
/** So many open conversations at once are assigned by the system at most; without, any number (K-11). */
const CapacityChanged = event('CapacityChanged', {}, { conversations: t.number })
/** Conversations stay theirs (S-015). */
const UserDeactivated = event('UserDeactivated', {})
const UserReactivated = event('UserReactivated', {})
/** Their conversations become unassigned (S-027). */
const UserRemoved = event('UserRemoved', {})

export const userEvents = eventTypes(
  UserAdded,
  RolesChanged,
  PermissionsChanged,
  AvailabilityChanged,
  WorkingHoursChanged,
  OutOfOfficeSet,
  OutOfOfficeCleared,
  CapacityChanged,
  UserDeactivated,
  UserReactivated,
  UserRemoved,
)
export type UserEvent = EventsOf<typeof userEvents>
