/** What is known of a user: what the events leave behind, whoever was added, removed or unknown. */
import { describe, expect, it } from '@jest/globals'
import { mayDo, users, type UserEvent } from '@threadbook/core'
import { at, clock, stories } from '@threadbook/core/testing'
import { toSeal } from '@threadbook/sourcing'

const { given } = stories(users)
const on = { userId: 'ada', actor: 'user:ada' as const }
const name = toSeal('private' as never)

const added: UserEvent = { type: 'UserAdded', data: { roles: ['member'] } }
const named: UserEvent = { type: 'UserAdded', data: { roles: ['member'], name, key: 'key-1' } }
const roles: UserEvent = { type: 'RolesChanged', data: { roles: ['admin'] } }
const granted: UserEvent = {
  type: 'PermissionsChanged',
  data: { permissions: ['manageAvailability'] },
}
const deactivated: UserEvent = { type: 'UserDeactivated', data: {} }
const reactivated: UserEvent = { type: 'UserReactivated', data: {} }
const removed: UserEvent = { type: 'UserRemoved', data: {} }
const away: UserEvent = { type: 'AvailabilityChanged', data: { availability: 'away' } }
const hours = { zone: 'UTC', week: {} }
const works: UserEvent = { type: 'WorkingHoursChanged', data: { hours } }
const holiday = { from: '2026-11-24T12:00:00.000Z', until: '2026-11-26T12:00:00.000Z' }
const absent: UserEvent = { type: 'OutOfOfficeSet', data: holiday }
const back: UserEvent = { type: 'OutOfOfficeCleared', data: {} }
const takesThree: UserEvent = { type: 'CapacityChanged', data: { conversations: 3 } }

const silent = {
  said: undefined,
  hours: undefined,
  hoursSince: undefined,
  outOfOffice: undefined,
  capacity: undefined,
}
const member = {
  ...silent,
  situation: 'active',
  roles: ['member'],
  permissions: [],
  key: undefined,
}

describe('somebody who was removed', () => {
  it.each([roles, granted, deactivated, reactivated, away, works, absent, back, takesThree])(
    'S-027 stays removed, whatever came late: $type',
    (event) =>
      expect(given(named, removed, event).state()).toStrictEqual({
        situation: 'removed',
        key: 'key-1',
      }),
  )

  it('S-027 is added anew, under the key that was theirs, with nothing said before', () =>
    expect(given(named, granted, away, takesThree, removed, added).state()).toEqual({
      ...member,
      key: 'key-1',
    }))
})

describe('somebody of the account', () => {
  it('has roles, and permissions beside them, though never added here', () => {
    expect(given(added).state()).toEqual(member)
    expect(given(roles).state()).toEqual({ ...member, roles: ['admin'] })
    expect(given(granted).state()).toEqual({
      ...member,
      roles: [],
      permissions: ['manageAvailability'],
    })
  })

  it('keeps what was said of them, whatever else changes', () => {
    const said = {
      ...silent,
      said: { availability: 'away', at: clock('09:05') },
      hours,
      hoursSince: clock('09:10'),
      outOfOffice: holiday,
      capacity: 3,
    }
    const events = [at('09:05', away), at('09:10', works), absent, takesThree]
    expect(given(...events).state()).toEqual({ ...said, situation: 'unknown' })
    expect(given(...events, added, granted, roles).state()).toEqual({
      ...member,
      ...said,
      roles: ['admin'],
      permissions: ['manageAvailability'],
    })
    expect(given(...events, added, back).state()).toEqual({
      ...member,
      ...said,
      outOfOffice: undefined,
    })
  })

  it('S-015 stays deactivated when roles or permissions change', () => {
    for (const event of [roles, granted])
      expect(given(added, deactivated, event).state()).toMatchObject({ situation: 'deactivated' })
    expect(given(added, deactivated, reactivated).state()).toEqual(member)
  })

  it('K-15 may do what one of several roles lets them', () => {
    const both: UserEvent = { type: 'UserAdded', data: { roles: ['member', 'admin'] } }
    expect(mayDo(given(both).state(), 'manageAvailability')).toBe(true)
  })

  it('has a name under a key of their own', () => {
    expect(users.keyOf?.(given(named).state())).toBe('key-1')
    expect(users.keyOf?.(given(named, removed).state())).toBe('key-1')
    expect(users.keyOf?.(given().state())).toBeUndefined()
  })
})

describe('what is asked about a user', () => {
  const add = { type: 'AddUser' as const, ...on, roles: ['member' as const] }

  it('S-015 is not added while deactivated', () => {
    given(added, deactivated).when(add).thenNothing()
    given(added, deactivated)
      .when({ ...add, roles: ['admin'] })
      .thenRefused('UserExists', { roles: ['member'] })
  })

  it('is added without a name, and then without a key', () =>
    given()
      .when({ ...add, key: 'key-1' })
      .then(added))

  it('has fewer roles', () =>
    given({ type: 'UserAdded', data: { roles: ['member', 'admin'] } })
      .when({ type: 'ChangeRoles', ...on, roles: ['admin'] })
      .then(roles))

  it('K-12 is granted nothing where nothing was granted', () =>
    given()
      .when({ type: 'ChangePermissions', ...on, permissions: [] })
      .thenNothing())

  it('K-13 is away until later than it began', () =>
    given(added)
      .when({ type: 'SetOutOfOffice', ...on, from: holiday.from, until: holiday.from })
      .thenRefused('InvalidCommand', {
        field: 'until',
        expected: `a time later than ${holiday.from}`,
        found: holiday.from,
      }))
})
