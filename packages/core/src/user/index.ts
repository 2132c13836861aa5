/** Somebody of the team: roles, and whether they are still there. */
import type { Category } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { UserCommand, UserRefusal } from './commands.js'
import { decide } from './decide.js'
import { userEvents, type UserEvent } from './events.js'
import { evolve, initial, keyOf, type User } from './state.js'

export {
  addUser,
  changeRoles,
  deactivateUser,
  reactivateUser,
  removeUser,
  userRequests,
} from './commands.js'
export type { AddUser, UserCommand, UserRefusal } from './commands.js'
export type { Role, UserEvent } from './events.js'
export { hasRole, isSuperAdmin } from './state.js'
export type { User } from './state.js'

export const users: Category<Stamped<UserCommand>, User, UserEvent, UserRefusal> = {
  category: 'user',
  events: userEvents,
  initial,
  evolve,
  decide,
  keyOf,
}
