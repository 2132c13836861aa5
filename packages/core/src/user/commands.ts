import { toSeal, type KeyId } from '@threadbook/sourcing'
import * as t from 'io-ts'
import { asking, request, sealing, type RequestOf } from '../request.js'
import { Id } from '../vocabulary.js'
import { presenceRequests, type PresenceCommand } from './commands-presence.js'
import { Permission, Role } from './roles.js'

const user = { userId: Id }

const AddUser = request(
  'AddUser',
  { ...user, roles: t.readonlyArray(Role) },
  { name: sealing(t.string) },
)
/** With a name comes a key of the user's own, made by the front door. */
export type AddUser = RequestOf<typeof AddUser> & { readonly key?: KeyId }
export const addUser = ({
  name,
  roles = ['member'],
  ...rest
}: Omit<RequestOf<typeof AddUser>, 'type' | 'name' | 'roles'> & {
  readonly name?: string
  readonly roles?: readonly Role[]
}): RequestOf<typeof AddUser> => ({
  type: 'AddUser',
  roles,
  ...rest,
  ...(name !== undefined && { name: toSeal(name) }),
})

const ChangeRoles = request('ChangeRoles', { ...user, roles: t.readonlyArray(Role) })
type ChangeRoles = RequestOf<typeof ChangeRoles>
export const changeRoles = asking(ChangeRoles)

/** Beside those that the roles have; all that are not named are taken away. */
const ChangePermissions = request('ChangePermissions', {
  ...user,
  permissions: t.readonlyArray(Permission),
})
type ChangePermissions = RequestOf<typeof ChangePermissions>
export const changePermissions = asking(ChangePermissions)

const DeactivateUser = request('DeactivateUser', user)
type DeactivateUser = RequestOf<typeof DeactivateUser>
export const deactivateUser = asking(DeactivateUser)

const ReactivateUser = request('ReactivateUser', user)
type ReactivateUser = RequestOf<typeof ReactivateUser>
export const reactivateUser = asking(ReactivateUser)

const RemoveUser = request('RemoveUser', user)
type RemoveUser = RequestOf<typeof RemoveUser>
export const removeUser = asking(RemoveUser)

export const userRequests = [
  AddUser,
  ChangeRoles,
  ChangePermissions,
  DeactivateUser,
  ReactivateUser,
  RemoveUser,
  ...presenceRequests,
] as const

export type UserCommand =
  | AddUser
  | ChangeRoles
  | ChangePermissions
  | DeactivateUser
  | ReactivateUser
  | RemoveUser
  | PresenceCommand

export type UserRefusal =
  /** Known already, with other roles: those are changed, not added. */
  | { readonly type: 'UserExists'; readonly roles: readonly Role[] }
  | { readonly type: 'UserRemoved' }
  | {
      readonly type: 'InvalidCommand'
      readonly field: string
      readonly expected: string
      readonly found: string
    }
