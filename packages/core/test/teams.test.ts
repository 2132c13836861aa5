/** Teams, who may open an inbox, and how it is set up. */
import { describe, expect, it } from '@jest/globals'
import {
  inboxes,
  inboxSettings,
  mayDo,
  routingOf,
  teams,
  users,
  workloads,
  type InboxEvent,
  type TeamEvent,
  type UserEvent,
  type WorkloadEvent,
} from '@threadbook/core'
import { stories } from '@threadbook/core/testing'

const actor = 'user:ada' as const

describe('a team', () => {
  const { given } = stories(teams)
  const on = { teamId: 'crew', actor }
  const created: TeamEvent = { type: 'TeamCreated', data: { name: 'Crew' } }
  const joined: TeamEvent = { type: 'TeamMemberAdded', data: { user: 'bo' } }
  const left: TeamEvent = { type: 'TeamMemberRemoved', data: { user: 'bo' } }
  const deleted: TeamEvent = { type: 'TeamDeleted', data: {} }
  const create = { type: 'CreateTeam' as const, ...on, name: 'Crew' }
  const join = { type: 'AddTeamMember' as const, ...on, userId: 'bo' }
  const leave = { type: 'RemoveTeamMember' as const, ...on, userId: 'bo' }
  const rename = { type: 'RenameTeam' as const, ...on, name: 'Band' }
  const end = { type: 'DeleteTeam' as const, ...on }

  it('S-101 is created, named and ended', () => {
    given().when(create).then(created)
    given(created).when(create).thenNothing()
    given(created)
      .when({ ...create, name: 'Band' })
      .thenRefused('TeamExists', { name: 'Crew' })
    given(created)
      .when(rename)
      .then({ type: 'TeamRenamed', data: { name: 'Band' } })
    given(created)
      .when({ ...rename, name: 'Crew' })
      .thenNothing()
    given(created).when(end).then(deleted)
    given(created, deleted).when(end).thenNothing()
    given(created, joined, deleted).when(create).then(created)
    expect(given(created, joined, deleted, created).state()).toMatchObject({ members: new Set() })
  })

  it('K-15 has members', () => {
    given(created).when(join).then(joined)
    given(created, joined).when(join).thenNothing()
    given(created, joined).when(leave).then(left)
    given(created).when(leave).thenNothing()
    expect(given(created, joined).state()).toMatchObject({ members: new Set(['bo']) })
  })

  it('has to be there', () => {
    for (const command of [join, leave, rename]) {
      given().when(command).thenRefused('NoSuchTeam', { situation: 'unknown' })
      given(created, deleted).when(command).thenRefused('NoSuchTeam', { situation: 'deleted' })
    }
    given().when(end).thenRefused('NoSuchTeam')
  })
})

describe('an inbox', () => {
  const { given } = stories(inboxes)
  const on = { inboxId: 'support', actor }
  const created: InboxEvent = { type: 'InboxCreated', data: { name: 'Support' } }
  const chat: InboxEvent = { type: 'ChannelConnected', data: { channel: 'chat' } }
  const settingsOf = (...events: readonly InboxEvent[]) =>
    inboxSettings(given(created, ...events).state())!

  it('K-15 is open to everyone, or to named users and teams', () => {
    const members: InboxEvent = {
      type: 'MembersChanged',
      data: { members: ['user:ada', 'team:crew'] },
    }
    const change = { type: 'ChangeMembers' as const, ...on }
    expect(settingsOf().members).toBe('everyone')
    given(created)
      .when({ ...change, members: ['user:ada', 'team:crew', 'user:ada'] })
      .then(members)
    given(created, members)
      .when({ ...change, members: ['user:ada', 'team:crew'] })
      .thenNothing()
    given(created)
      .when({ ...change, members: 'everyone' })
      .thenNothing()
  })

  it('S-008 has settings for each of its channels', () => {
    const change = {
      type: 'ChangeChannelSettings' as const,
      ...on,
      channel: 'chat' as const,
      settings: { welcome: 'Hello!' },
    }
    const changed: InboxEvent = {
      type: 'ChannelSettingsChanged',
      data: { channel: 'chat', settings: { welcome: 'Hello!' } },
    }
    given(created, chat).when(change).then(changed)
    given(created, chat, changed).when(change).thenNothing()
    given(created).when(change).thenRefused('ChannelNotConnected', { channel: 'chat' })
    expect(settingsOf(chat, changed).channels).toMatchObject([
      { channel: 'chat', settings: { welcome: 'Hello!' } },
    ])
  })

  it('K-09 routes each channel in its own way, to nobody unless told', () => {
    const routing = {
      to: 'contactOwner',
      fallback: { to: 'these', owners: ['team:crew'] },
    } as const
    const routed: InboxEvent = { type: 'RoutingChanged', data: { channel: 'email', routing } }
    const change = { type: 'ChangeRouting' as const, ...on, channel: 'email' as const }
    given(created)
      .when({ ...change, routing })
      .then(routed)
    given(created, routed)
      .when({ ...change, routing })
      .thenNothing()
    given(created)
      .when({ ...change, routing: { to: 'nobody' } })
      .thenNothing()
    expect(routingOf(settingsOf(routed), 'email')).toEqual(routing)
    expect(routingOf(settingsOf(routed), 'chat')).toEqual({ to: 'nobody' })
  })

  it('K-14 has hours, or is always open', () => {
    const hours = { zone: 'UTC', week: { monday: [{ from: '09:00', to: '17:00' }] } }
    const changed: InboxEvent = { type: 'InboxHoursChanged', data: { hours } }
    const change = { type: 'ChangeInboxHours' as const, ...on }
    given(created)
      .when({ ...change, hours })
      .then(changed)
    given(created, changed)
      .when({ ...change, hours })
      .thenNothing()
    given(created, changed).when(change).then({ type: 'InboxHoursChanged', data: {} })
    const wrong = { zone: 'UTC', week: { monday: [{ from: '09:00', to: '09:00' }] } }
    given(created)
      .when({ ...change, hours: wrong })
      .thenRefused('InvalidCommand', {
        field: 'hours.week.monday',
        expected: 'to later than 09:00',
        found: '09:00',
      })
  })

  it('S-008 has to be there to be set up', () =>
    given()
      .when({ type: 'ChangeMembers', ...on, members: [] })
      .thenRefused('NoSuchInbox'))
})

describe('what somebody may do', () => {
  const { given } = stories(users)
  const on = { userId: 'ada', actor }
  const as = (...roles: ('superAdmin' | 'admin' | 'member')[]): UserEvent => ({
    type: 'UserAdded',
    data: { roles },
  })
  const granted: UserEvent = {
    type: 'PermissionsChanged',
    data: { permissions: ['manageAvailability'] },
  }

  it.each([
    ['K-15 a super admin all', [as('superAdmin')], true, true],
    ['K-15 an admin all but the account', [as('admin')], true, false],
    ['K-12 a member what was granted', [as('member'), granted], true, false],
    ['K-12 a member nothing else', [as('member')], false, false],
    [
      'S-015 nobody who is deactivated',
      [as('admin'), { type: 'UserDeactivated', data: {} }],
      false,
      false,
    ],
    ['a user whom the host knows alone all', [], true, true],
  ] as const)('%s', (_, events, availability, account) => {
    const state = given(...(events as readonly UserEvent[])).state()
    expect(mayDo(state, 'manageAvailability')).toBe(availability)
    expect(mayDo(state, 'manageAccount')).toBe(account)
  })

  it('K-12 is granted beside the roles', () => {
    const change = { type: 'ChangePermissions' as const, ...on }
    given(as('member'))
      .when({ ...change, permissions: ['manageAvailability'] })
      .then(granted)
    given(as('member'), granted)
      .when({ ...change, permissions: ['manageAvailability'] })
      .thenNothing()
  })
})

describe('what is somebody’s to do', () => {
  const { given } = stories(workloads)
  const on = { userId: 'ada', actor: 'system' as const }
  const taken = (conversation: string): WorkloadEvent => ({
    type: 'WorkTaken',
    data: { conversation },
  })
  const released: WorkloadEvent = { type: 'WorkReleased', data: { conversation: 'c1' } }
  const take = { type: 'TakeWork' as const, ...on, conversation: 'c2' }

  it('K-11 is taken below capacity only, unless it was given by hand', () => {
    given().when(take).then(taken('c2'))
    given(taken('c1'))
      .when({ ...take, most: 2 })
      .then(taken('c2'))
    given(taken('c1'))
      .when({ ...take, most: 1 })
      .thenRefused('AtCapacity', { most: 1 })
    given(taken('c1')).when(take).then(taken('c2'))
    given(taken('c2'))
      .when({ ...take, most: 1 })
      .thenNothing()
  })

  it('K-11 is given back', () => {
    const release = { type: 'ReleaseWork' as const, ...on, conversation: 'c1' }
    given(taken('c1')).when(release).then(released)
    given().when(release).thenNothing()
    given(taken('c1'), released)
      .when({ ...take, most: 1 })
      .then(taken('c2'))
  })
})
