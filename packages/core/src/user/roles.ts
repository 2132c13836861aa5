/** Roles and what they may do, as data. */
import * as t from 'io-ts'

export const Role = t.keyof({ superAdmin: null, admin: null, member: null }, 'Role')
export type Role = t.TypeOf<typeof Role>

export const Permission = t.keyof(
  {
    /** Users, their roles and teams. */
    manageUsers: null,
    /** Others' availability, hours and absences (K-12); one's own needs none. */
    manageAvailability: null,
    /** An inbox: its channels, routing, members, spam rules. */
    manageInboxes: null,
    /** The account: edition, retention, policies. */
    manageAccount: null,
  },
  'Permission',
)
export type Permission = t.TypeOf<typeof Permission>

const permissions = Object.keys(Permission.keys) as readonly Permission[]

/** What each role may do. Looking into any inbox is the admins' as well (K-15), unhiding the super admins' (S-096). */
export const rolePermissions: Readonly<Record<Role, readonly Permission[]>> = {
  superAdmin: permissions,
  admin: ['manageUsers', 'manageAvailability', 'manageInboxes'],
  member: [],
}
