/** The small streams: addresses, contacts, users, the account. */
import { describe, expect, it } from '@jest/globals'
import {
  accounts,
  contacts,
  hasRole,
  identityClaims,
  isSuperAdmin,
  users,
  type AccountEvent,
  type ContactEvent,
  type IdentityClaimEvent,
  type Role,
  type UserEvent,
} from '@threadbook/core'
import { stories } from '@threadbook/core/testing'
import { toSeal } from '@threadbook/sourcing'

const actor = 'system' as const
const box = toSeal('private')

describe('an address', () => {
  const { given } = stories(identityClaims)
  const on = { identity: 'hash', actor }
  const claimed = (contact: string): IdentityClaimEvent => ({
    type: 'IdentityClaimed',
    data: { contact },
  })
  const released: IdentityClaimEvent = { type: 'IdentityReleased', data: {} }
  const claim = (contact: string) => ({ type: 'ClaimIdentity' as const, ...on, contact })
  const release = (contact: string) => ({ type: 'ReleaseIdentity' as const, ...on, contact })

  it('D-17 is one contact’s', () => given().when(claim('maria')).then(claimed('maria')))

  it('is claimed once', () => given(claimed('maria')).when(claim('maria')).thenNothing())

  it('is not another’s', () =>
    given(claimed('maria')).when(claim('paul')).thenRefused('IdentityTaken', { contact: 'maria' }))

  it('is released by whose it is', () => {
    given(claimed('maria')).when(release('maria')).then(released)
    given(claimed('maria')).when(release('paul')).thenNothing()
    given().when(release('paul')).thenNothing()
  })

  it('K-22 can be another’s once released', () =>
    given(claimed('maria'), released).when(claim('paul')).then(claimed('paul')))
})

describe('a contact', () => {
  const { given } = stories(contacts)
  const on = { contactId: 'maria', actor }
  const created: ContactEvent = {
    type: 'ContactCreated',
    data: { key: 'key-1', source: 'conversation' },
  }
  const named: ContactEvent = { type: 'ContactNamed', data: { name: box } }
  const added: ContactEvent = {
    type: 'IdentityAdded',
    data: { kind: 'email', identity: 'hash', address: box },
  }
  const removed: ContactEvent = { type: 'IdentityRemoved', data: { identity: 'hash' } }
  const erased: ContactEvent = { type: 'ContactErased', data: { keys: ['key-1'] } }
  const create = {
    type: 'CreateContact' as const,
    ...on,
    key: 'key-1',
    source: 'conversation' as const,
  }
  const name = { type: 'NameContact' as const, ...on, name: box }
  const add = {
    type: 'AddIdentity' as const,
    ...on,
    kind: 'email' as const,
    identity: 'hash',
    address: box,
  }
  const remove = { type: 'RemoveIdentity' as const, ...on, identity: 'hash' }
  const erase = { type: 'EraseContact' as const, ...on }

  it('K-15 D-17 is created', () => given().when(create).then(created))
  it('has a name', () => {
    given()
      .when({ ...create, name: box })
      .then(created, named)
    given(created).when(name).then(named)
  })
  it('is created once', () => given(created).when(create).thenNothing())

  it('D-20 has addresses', () => {
    given(created).when(add).then(added)
    given(created, added).when(add).thenNothing()
    given(created, added).when(remove).then(removed)
    given(created).when(remove).thenNothing()
    expect(given(created, added).state()).toMatchObject({
      identities: new Map([['hash', 'email']]),
    })
  })

  it('K-22 is erased for good, and its key is named', () => {
    given(created, added).when(erase).then(erased)
    given(created, erased).when(erase).thenNothing()
    for (const command of [create, name, add, remove])
      given(created, erased).when(command).thenRefused('NoSuchContact', { situation: 'erased' })
  })

  it('has to be there', () => {
    for (const command of [name, add, remove, erase])
      given().when(command).thenRefused('NoSuchContact', { situation: 'absent' })
  })

  it('is sealed under its own key', () => {
    expect(contacts.keyOf?.(given(created).state())).toBe('key-1')
    expect(contacts.keyOf?.(given(created, erased).state())).toBeUndefined()
  })
})

describe('a user', () => {
  const { given } = stories(users)
  const on = { userId: 'ada', actor }
  const added = (...roles: Role[]): UserEvent => ({ type: 'UserAdded', data: { roles } })
  const changed = (...roles: Role[]): UserEvent => ({ type: 'RolesChanged', data: { roles } })
  const deactivated: UserEvent = { type: 'UserDeactivated', data: {} }
  const reactivated: UserEvent = { type: 'UserReactivated', data: {} }
  const removed: UserEvent = { type: 'UserRemoved', data: {} }
  const add = (...roles: Role[]) => ({ type: 'AddUser' as const, ...on, roles })
  const change = (...roles: Role[]) => ({ type: 'ChangeRoles' as const, ...on, roles })
  const deactivate = { type: 'DeactivateUser' as const, ...on }
  const reactivate = { type: 'ReactivateUser' as const, ...on }
  const remove = { type: 'RemoveUser' as const, ...on }

  it('is added with roles', () => given().when(add('admin')).then(added('admin')))

  it('has a name under a key of their own', () => {
    const withName = { ...add('member'), name: box }
    given()
      .when({ ...withName, key: 'key-1' })
      .then({ type: 'UserAdded', data: { roles: ['member'], name: box, key: 'key-1' } })
    given().when(withName).then(added('member'))
  })

  it('is added once', () => {
    given(added('admin')).when(add('admin')).thenNothing()
    given(added('admin'))
      .when(add('member'))
      .thenRefused('UserExists', { roles: ['admin'] })
  })

  it('has other roles', () => {
    given(added('member'))
      .when(change('member', 'superAdmin'))
      .then(changed('member', 'superAdmin'))
    given(added('member', 'admin')).when(change('admin', 'member')).thenNothing()
  })

  it('may be known to the host alone', () => {
    given().when(change('superAdmin')).then(changed('superAdmin'))
    given().when(deactivate).then(deactivated)
    given().when(reactivate).thenNothing()
    given().when(remove).then(removed)
  })

  it('S-015 is deactivated and comes back', () => {
    given(added('member')).when(deactivate).then(deactivated)
    given(added('member'), deactivated).when(deactivate).thenNothing()
    given(added('member'), deactivated).when(reactivate).then(reactivated)
    given(added('member')).when(reactivate).thenNothing()
  })

  it('S-027 is removed, and may be added again', () => {
    given(added('member')).when(remove).then(removed)
    given(added('member'), removed).when(remove).thenNothing()
    for (const command of [change('admin'), deactivate, reactivate])
      given(added('member'), removed).when(command).thenRefused('UserRemoved')
    given(added('member'), removed).when(add('admin')).then(added('admin'))
  })

  it.each([
    ['active', [], true],
    ['deactivated', [deactivated], false],
    ['reactivated', [deactivated, reactivated], true],
    ['removed', [removed], false],
  ])('S-096 acts as super admin only while active: %s', (_, events, acts) => {
    const state = given(added('superAdmin'), ...events).state()
    expect(isSuperAdmin(state)).toBe(acts)
    expect(hasRole(state, 'admin')).toBe(false)
  })
})

describe('an account', () => {
  const { given } = stories(accounts)
  const opening = { createdOn: '2024-04-01', zone: 'Europe/Berlin', edition: 'starter' as const }
  const opened: AccountEvent = { type: 'AccountOpened', data: opening }
  const open = { type: 'OpenAccount' as const, actor, ...opening }
  const upgrade = { type: 'ChangeEdition' as const, actor, edition: 'enterprise' as const }
  const retain = (days: { trashDays?: number; spamDays?: number }) => ({
    type: 'ChangeRetention' as const,
    actor,
    ...days,
  })
  const join = (mergeByReferences: boolean) => ({
    type: 'ChangeAccountPolicies' as const,
    actor,
    mergeByReferences,
  })
  const joining = (mergeByReferences: boolean): AccountEvent => ({
    type: 'AccountPoliciesChanged',
    data: { mergeByReferences },
  })
  const retained = (trashDays: number, spamDays: number): AccountEvent => ({
    type: 'RetentionChanged',
    data: { trashDays, spamDays },
  })

  it('D-11 is opened on a day, in a zone', () => {
    given().when(open).then(opened)
    given(opened).when(open).thenNothing()
    given(opened)
      .when({ ...open, zone: 'UTC' })
      .thenRefused('AccountExists')
  })

  it('S-001 has an edition', () => {
    given(opened)
      .when(upgrade)
      .then({ type: 'EditionChanged', data: { edition: 'enterprise' } })
    given(opened)
      .when({ ...upgrade, edition: 'starter' })
      .thenNothing()
  })

  it('D-06 S-045 K-04 keeps Trash for 30 days and Spam for 90, unless it says otherwise', () => {
    expect(given(opened).state()).toMatchObject({ retention: { trashDays: 30, spamDays: 90 } })
    given(opened)
      .when(retain({ trashDays: 7 }))
      .then(retained(7, 90))
    given(opened, retained(7, 90))
      .when(retain({ spamDays: 10 }))
      .then(retained(7, 10))
    given(opened)
      .when(retain({ trashDays: 30, spamDays: 90 }))
      .thenNothing()
  })

  it('D-23 joins by references, unless it says otherwise', () => {
    expect(given(opened).state()).toMatchObject({ mergeByReferences: true })
    given(opened).when(join(false)).then(joining(false))
    given(opened, joining(false)).when(join(false)).thenNothing()
    given(opened, joining(false)).when(join(true)).then(joining(true))
  })

  it('has to be opened', () => {
    for (const command of [upgrade, retain({}), join(false)])
      given().when(command).thenRefused('NoSuchAccount')
  })
})
