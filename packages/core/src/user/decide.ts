import { accept, refuse, type Decision } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { AddUser, UserCommand, UserRefusal } from './commands.js'
import { decidePresence } from './decide-presence.js'
import type { UserEvent } from './events.js'
import { keyOf, type User } from './state.js'

type Answer = Decision<UserRefusal, UserEvent>

const sameRoles = <A>(a: readonly A[], b: readonly A[]): boolean =>
  a.every((role) => b.includes(role)) && b.every((role) => a.includes(role))

/** Somebody who was removed may be added again. */
const add = ({ roles, name, key }: AddUser, state: User): Answer => {
  if (state.situation === 'active' || state.situation === 'deactivated')
    return sameRoles(roles, state.roles)
      ? accept()
      : refuse({ type: 'UserExists', roles: state.roles })
  const own = keyOf(state) ?? key
  const named = name !== undefined && own !== undefined ? { name, key: own } : {}
  return accept({ type: 'UserAdded', data: { roles, ...named } })
}

export const decide = (command: Stamped<UserCommand>, state: User): Answer => {
  if (command.type === 'AddUser') return add(command, state)
  if (command.type === 'RemoveUser')
    return state.situation === 'removed' ? accept() : accept({ type: 'UserRemoved', data: {} })
  if (state.situation === 'removed') return refuse({ type: 'UserRemoved' })
  switch (command.type) {
    case 'ChangeRoles':
      return 'roles' in state && sameRoles(command.roles, state.roles)
        ? accept()
        : accept({ type: 'RolesChanged', data: { roles: command.roles } })
    case 'ChangePermissions':
      return sameRoles(command.permissions, 'permissions' in state ? state.permissions : [])
        ? accept()
        : accept({ type: 'PermissionsChanged', data: { permissions: command.permissions } })
    case 'DeactivateUser':
      return state.situation === 'deactivated'
        ? accept()
        : accept({ type: 'UserDeactivated', data: {} })
    case 'ReactivateUser':
      return state.situation === 'deactivated'
        ? accept({ type: 'UserReactivated', data: {} })
        : accept()
    case 'ChangeAvailability':
    case 'ChangeWorkingHours':
    case 'SetOutOfOffice':
    case 'ClearOutOfOffice':
    case 'ChangeCapacity':
      return decidePresence(command, state)
  }
}
