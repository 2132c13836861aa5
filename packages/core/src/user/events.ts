/** What a user's stream holds. Users that a host manages by itself have none. */
import { event, eventTypes, sealed, type EventsOf } from '@threadbook/sourcing'
import * as t from 'io-ts'

export const Role = t.keyof({ superAdmin: null, admin: null, member: null }, 'Role')
export type Role = t.TypeOf<typeof Role>

const UserAdded = event(
  'UserAdded',
  { roles: t.readonlyArray(Role) },
  /** Both or none: the name is sealed under the user's own key. */
  { name: sealed<string>(), key: t.string },
)
const RolesChanged = event('RolesChanged', { roles: t.readonlyArray(Role) })
/** Conversations stay theirs (S-015). */
const UserDeactivated = event('UserDeactivated', {})
const UserReactivated = event('UserReactivated', {})
/** Their conversations become unassigned (S-027). */
const UserRemoved = event('UserRemoved', {})

export const userEvents = eventTypes(
  UserAdded,
  RolesChanged,
  UserDeactivated,
  UserReactivated,
  UserRemoved,
)
export type UserEvent = EventsOf<typeof userEvents>
