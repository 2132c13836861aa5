import type { KeyId, StreamEvent } from '@threadbook/sourcing'
import type { Role, UserEvent } from './events.js'

/** `unknown`: never added here, though perhaps known to the host. */
export type User =
  | { readonly situation: 'unknown' }
  | { readonly situation: 'removed'; readonly key: KeyId | undefined }
  | {
      readonly situation: 'active' | 'deactivated'
      readonly roles: readonly Role[]
      readonly key: KeyId | undefined
    }

export const initial = (): User => ({ situation: 'unknown' })

const rolesOf = (state: User): readonly Role[] => ('roles' in state ? state.roles : [])

export const keyOf = (state: User): KeyId | undefined => ('key' in state ? state.key : undefined)

export const evolve = (state: User, event: StreamEvent<UserEvent>): User => {
  const roles = rolesOf(state)
  const key = keyOf(state)
  switch (event.type) {
    case 'UserAdded':
      return { situation: 'active', roles: event.data.roles, key: key ?? event.data.key }
    case 'RolesChanged':
      if (state.situation === 'removed') return state
      return {
        situation: state.situation === 'unknown' ? 'active' : state.situation,
        roles: event.data.roles,
        key,
      }
    case 'UserDeactivated':
      return state.situation === 'removed' ? state : { situation: 'deactivated', roles, key }
    case 'UserReactivated':
      return state.situation === 'removed' ? state : { situation: 'active', roles, key }
    case 'UserRemoved':
      return { situation: 'removed', key }
  }
}

/** Only those who are active act with their roles. */
export const hasRole = (state: User, role: Role): boolean =>
  state.situation === 'active' && state.roles.includes(role)

export const isSuperAdmin = (state: User): boolean => hasRole(state, 'superAdmin')
