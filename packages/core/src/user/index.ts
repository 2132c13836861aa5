/** Somebody of the team: roles, whether they are still there, and when. */
import type { Category } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { UserCommand, UserRefusal } from './commands.js'
import { decide } from './decide.js'
import { userEvents, type UserEvent } from './events.js'
import { evolve, initial, keyOf, type User } from './state.js'

export { availabilityAt, availabilityFor, nextAvailability, type OpenChat } from './availability.js'
export {
  changeAvailability,
  changeCapacity,
  changeWorkingHours,
  clearOutOfOffice,
  setOutOfOffice,
} from './commands-presence.js'
export {
  addUser,
  changePermissions,
  changeRoles,
  deactivateUser,
  reactivateUser,
  removeUser,
  userRequests,
} from './commands.js'
export type { AddUser, UserCommand, UserRefusal } from './commands.js'
export type { Availability, UserEvent } from './events.js'
export { rolePermissions, type Permission, type Role } from './roles.js'
export { hasRole, isSuperAdmin, mayDo, wasGiven } from './state.js'
export type { User } from './state.js'

export const users: Category<Stamped<UserCommand>, User, UserEvent, UserRefusal> = {
  category: 'user',
  events: userEvents,
  initial,
  evolve,
  decide,
  keyOf,
}
