import type { IsoTime, KeyId, StreamEvent } from '@threadbook/sourcing'
import type { WorkingHours } from '../hours/working-hours.js'
import type { Availability, UserEvent } from './events.js'
import { rolePermissions, type Permission, type Role } from './roles.js'

/** When somebody is there, as far as it was said. Users that are not known here may say it, too. */
export interface Presence {
  /** The last thing said by hand, and when. */
  readonly said: { readonly availability: Availability; readonly at: IsoTime } | undefined
  readonly hours: WorkingHours | undefined
  /** When the hours were set, or taken away. */
  readonly hoursSince: IsoTime | undefined
  readonly outOfOffice: { readonly from: IsoTime; readonly until: IsoTime } | undefined
  /** Of open conversations; undefined: any number. */
  readonly capacity: number | undefined
}

/** `unknown`: never added here, though perhaps known to the host. */
export type User =
  | (Presence & { readonly situation: 'unknown' })
  | { readonly situation: 'removed'; readonly key: KeyId | undefined }
  | (Presence & {
      readonly situation: 'active' | 'deactivated'
      readonly roles: readonly Role[]
      /** Beside those that the roles have. */
      readonly permissions: readonly Permission[]
      readonly key: KeyId | undefined
    })

const nothingSaid: Presence = {
  said: undefined,
  hours: undefined,
  hoursSince: undefined,
  outOfOffice: undefined,
  capacity: undefined,
}

export const initial = (): User => ({ situation: 'unknown', ...nothingSaid })

export const keyOf = (state: User): KeyId | undefined => ('key' in state ? state.key : undefined)

const presenceOf = (state: User): Presence => {
  if (state.situation === 'removed') return nothingSaid
  const { said, hours, hoursSince, outOfOffice, capacity } = state
  return { said, hours, hoursSince, outOfOffice, capacity }
}

const rolesOf = (state: User): readonly Role[] => ('roles' in state ? state.roles : [])
const extraOf = (state: User): readonly Permission[] =>
  'permissions' in state ? state.permissions : []

/** Somebody of the account: as known already, but for what changed. */
const member = (
  state: User,
  change: Partial<Omit<Extract<User, { roles: unknown }>, 'situation'>>,
  situation: 'active' | 'deactivated' = state.situation === 'deactivated'
    ? 'deactivated'
    : 'active',
): User => ({
  ...presenceOf(state),
  roles: rolesOf(state),
  permissions: extraOf(state),
  key: keyOf(state),
  ...change,
  situation,
})

export const evolve = (state: User, event: StreamEvent<UserEvent>): User => {
  const { occurredAt } = event.metadata
  switch (event.type) {
    case 'UserAdded':
      return member(
        state,
        { roles: event.data.roles, key: keyOf(state) ?? event.data.key },
        'active',
      )
    case 'UserRemoved':
      return { situation: 'removed', key: keyOf(state) }
    case 'RolesChanged':
      return state.situation === 'removed' ? state : member(state, { roles: event.data.roles })
    case 'PermissionsChanged':
      return state.situation === 'removed'
        ? state
        : member(state, { permissions: event.data.permissions })
    case 'UserDeactivated':
      return state.situation === 'removed' ? state : member(state, {}, 'deactivated')
    case 'UserReactivated':
      return state.situation === 'removed' ? state : member(state, {}, 'active')
    case 'AvailabilityChanged':
      return state.situation === 'removed'
        ? state
        : { ...state, said: { availability: event.data.availability, at: occurredAt } }
    case 'WorkingHoursChanged':
      return state.situation === 'removed'
        ? state
        : { ...state, hours: event.data.hours, hoursSince: occurredAt }
    case 'OutOfOfficeSet':
      return state.situation === 'removed' ? state : { ...state, outOfOffice: event.data }
    case 'OutOfOfficeCleared':
      return state.situation === 'removed' ? state : { ...state, outOfOffice: undefined }
    case 'CapacityChanged':
      return state.situation === 'removed'
        ? state
        : { ...state, capacity: event.data.conversations }
  }
}

/** Only those who are active act with their roles. */
export const hasRole = (state: User, role: Role): boolean =>
  state.situation === 'active' && state.roles.includes(role)

export const isSuperAdmin = (state: User): boolean => hasRole(state, 'superAdmin')

/** Whether a role or somebody gave it, though it is of use only to who is active. */
export const wasGiven = (state: User, permission: Permission): boolean =>
  'roles' in state &&
  (state.permissions.includes(permission) ||
    state.roles.some((role) => rolePermissions[role].includes(permission)))

/** Who is not known here is the host's to judge, and may do anything. */
export const mayDo = (state: User, permission: Permission): boolean => {
  if (state.situation === 'unknown') return true
  return state.situation === 'active' && wasGiven(state, permission)
}
