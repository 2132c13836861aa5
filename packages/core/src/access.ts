/** Who may look into an inbox, who may work in it, and what needs a permission. Pure. */
import type { Request } from './decode.js'
import type { Members } from './inbox/index.js'
import { hasRole, mayDo, wasGiven, type Permission, type User } from './user/index.js'
import { team, user } from './vocabulary.js'

/** `act` includes looking. */
export type Access = 'none' | 'look' | 'act'

/** Somebody as far as access asks: who it is, what is known of them, the teams they are in. */
export interface Person {
  readonly id: string
  readonly state: User
  /** Ids; those that the inbox names are enough. */
  readonly teams: readonly string[]
}

/**
 * K-15: an inbox is open to everyone of the account, or to named users and teams; admins may look
 * into any. Users whom the host knows alone are the host's to judge: they may do anything.
 */
export const accessTo = ({ id, state, teams }: Person, members: Members): Access => {
  if (state.situation === 'unknown') return 'act'
  if (state.situation !== 'active') return 'none'
  const names: readonly string[] = [user(id), ...teams.map(team)]
  if (members === 'everyone' || members.some((member) => names.includes(member))) return 'act'
  return hasRole(state, 'admin') || hasRole(state, 'superAdmin') ? 'look' : 'none'
}

export interface NoAccess {
  readonly type: 'NoAccess'
  readonly inbox: string
}

export interface NotPermitted {
  readonly type: 'NotPermitted'
  readonly permission: Permission
}

/** What is done by those who may only look; a super admin may unhide in any inbox (D-29). */
export const needsToAct = ({ type }: Request, state: User): boolean => {
  if (type === 'MarkRead' || type === 'MarkUnread') return false
  return !(type === 'UnhideMessage' && hasRole(state, 'superAdmin'))
}

const needs: Readonly<Partial<Record<Request['type'], Permission>>> = {
  AddUser: 'manageUsers',
  ChangeRoles: 'manageUsers',
  ChangePermissions: 'manageUsers',
  DeactivateUser: 'manageUsers',
  ReactivateUser: 'manageUsers',
  RemoveUser: 'manageUsers',
  CreateTeam: 'manageUsers',
  RenameTeam: 'manageUsers',
  AddTeamMember: 'manageUsers',
  RemoveTeamMember: 'manageUsers',
  DeleteTeam: 'manageUsers',
  ChangeCapacity: 'manageAvailability',
  OpenAccount: 'manageAccount',
  ChangeEdition: 'manageAccount',
  ChangeRetention: 'manageAccount',
  ChangeAccountPolicies: 'manageAccount',
  CreateInbox: 'manageInboxes',
  RenameInbox: 'manageInboxes',
  ConnectChannel: 'manageInboxes',
  DisconnectChannel: 'manageInboxes',
  ChangeSpamRules: 'manageInboxes',
  ChangeRoleBasedAddresses: 'manageInboxes',
  ChangeChannelSettings: 'manageInboxes',
  ChangeMembers: 'manageInboxes',
  ChangeRouting: 'manageInboxes',
  ChangeInboxHours: 'manageInboxes',
}

const presence: ReadonlySet<Request['type']> = new Set([
  'ChangeAvailability',
  'ChangeWorkingHours',
  'SetOutOfOffice',
  'ClearOutOfOffice',
])

/** Nobody makes more of anyone than they are themselves. */
const makesSuperAdmin = (request: Request): boolean =>
  ((request.type === 'AddUser' || request.type === 'ChangeRoles') &&
    request.roles.includes('superAdmin')) ||
  (request.type === 'ChangePermissions' && request.permissions.includes('manageAccount'))

const changesStanding: ReadonlySet<Request['type']> = new Set([
  'ChangeRoles',
  'ChangePermissions',
  'DeactivateUser',
  'ReactivateUser',
  'RemoveUser',
])

/** The user whose roles, permissions or place in the account it changes; undefined where it is nobody's. */
export const userChangedBy = (request: Request): string | undefined =>
  changesStanding.has(request.type) && 'userId' in request ? request.userId : undefined

/**
 * The permission that the one who asks needs; undefined where everybody may (K-12). `changed` is the
 * user whose standing it changes: nobody does that to who is more than they are.
 */
export const permissionFor = (
  request: Request,
  asker: string,
  changed?: User,
): Permission | undefined => {
  if (presence.has(request.type))
    return 'userId' in request && request.userId === asker ? undefined : 'manageAvailability'
  const isAbove = changed !== undefined && wasGiven(changed, 'manageAccount')
  return isAbove || makesSuperAdmin(request) ? 'manageAccount' : needs[request.type]
}

export const notPermitted = (
  request: Request,
  asker: string,
  state: User,
  changed?: User,
): NotPermitted | undefined => {
  const permission = permissionFor(request, asker, changed)
  return permission === undefined || mayDo(state, permission)
    ? undefined
    : { type: 'NotPermitted', permission }
}
