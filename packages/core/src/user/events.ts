/** What a user's stream holds. Users that a host manages by itself have none. */
import { event, eventTypes, sealed, type EventsOf } from '@threadbook/sourcing'
import * as t from 'io-ts'

export const Role = t.keyof({ superAdmin: null, admin: null, member: null }, 'Role')
export type Role = t.TypeOf<typeof Role>

export const UserAdded = event(
  'UserAdded',
  { roles: t.readonlyArray(Role) },
  /** Both or none: the name is sealed under the user's own key. */
  { name: sealed<string>(), key: t.string },
)
export const RolesChanged = event('RolesChanged', { roles: t.readonlyArray(Role) })
/** Conversations stay theirs (S-015). */
export const UserDeactivated = event('UserDeactivated', {})
export const UserReactivated = event('UserReactivated', {})
/** Their conversations become unassigned (S-027). */
export const UserRemoved = event('UserRemoved', {})

export const userEvents = eventTypes(
  UserAdded,
  RolesChanged,
  UserDeactivated,
  UserReactivated,
  UserRemoved,
)
export type UserEvent = EventsOf<typeof userEvents>
