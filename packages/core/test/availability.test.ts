/** Whether somebody is there: by hand, by working hours in their own zone, by an absence. */
import { describe, expect, it } from '@jest/globals'
import {
  availabilityAt,
  availabilityFor,
  calendarDay,
  nextAvailability,
  user,
  users,
  type User,
  type UserEvent,
  type WorkingHours,
} from '@threadbook/core'
import { at, stories, type Told } from '@threadbook/core/testing'
import * as fc from 'fast-check'

const { given } = stories(users)
const on = { userId: 'ada', actor: 'user:ada' as const }
const added: UserEvent = { type: 'UserAdded', data: { roles: ['member'] } }
const away: UserEvent = { type: 'AvailabilityChanged', data: { availability: 'away' } }
const available: UserEvent = { type: 'AvailabilityChanged', data: { availability: 'available' } }
const deactivated: UserEvent = { type: 'UserDeactivated', data: {} }
const removed: UserEvent = { type: 'UserRemoved', data: {} }

const office = [
  { from: '09:00', to: '12:30' },
  { from: '13:30', to: '18:00' },
]
const berlin: WorkingHours = {
  zone: 'Europe/Berlin',
  week: { monday: office, tuesday: office, wednesday: office, thursday: office, friday: office },
}
const worksIn = (hours: WorkingHours): UserEvent => ({
  type: 'WorkingHoursChanged',
  data: { hours },
})
const absent = (from: string, until: string): UserEvent => ({
  type: 'OutOfOfficeSet',
  data: { from, until },
})
const LONG_AGO = '2026-01-01T00:00:00.000Z'
const since = (event: UserEvent): Told<UserEvent> => at(LONG_AGO, event)
const told = (...events: Told<UserEvent>[]): User => given(...events).state()

describe('availability by hand', () => {
  it('S-098 is changed between Available and Away, and said once', () => {
    const change = (availability: 'available' | 'away') => ({
      type: 'ChangeAvailability' as const,
      ...on,
      availability,
    })
    given(added).when(change('away')).then(away)
    given(added, away).when(change('away')).thenNothing()
    given(added, away).when(change('available')).then(available)
    given(added, removed).when(change('away')).thenRefused('UserRemoved')
  })

  it('S-098 can be said of somebody whom the host knows alone, who is there until then', () => {
    expect(availabilityAt(told(), LONG_AGO)).toBe('available')
    expect(availabilityAt(told(since(away)), '2026-02-01T00:00:00.000Z')).toBe('away')
    expect(told(away)).toMatchObject({ situation: 'unknown' })
  })

  it.each([
    ['S-015 deactivated', deactivated],
    ['S-027 removed', removed],
  ])('%s users are away', (_, event) =>
    expect(availabilityAt(told(added, available, event), '2026-11-23T10:00:00.000Z')).toBe('away'),
  )
})

describe('working hours', () => {
  const ada = told(since(added), since(worksIn(berlin)))

  it.each([
    ['before the first period', '2026-11-23T07:59:59.999Z', 'away'],
    ['at its start', '2026-11-23T08:00:00.000Z', 'available'],
    ['in the lunch break', '2026-11-23T11:30:00.000Z', 'away'],
    ['in the second period', '2026-11-23T12:30:00.000Z', 'available'],
    ['at its end', '2026-11-23T17:00:00.000Z', 'away'],
    ['on a Saturday', '2026-11-28T10:00:00.000Z', 'away'],
    ['in summer, an hour earlier in UTC', '2026-07-06T07:00:00.000Z', 'available'],
    ['on the Monday after clocks went forward', '2026-03-30T07:00:00.000Z', 'available'],
    ['on the Friday before', '2026-03-27T07:59:00.000Z', 'away'],
  ])('S-099 K-12 decide, in the own zone: %s', (_, now, expected) =>
    expect(availabilityAt(ada, now)).toBe(expected),
  )

  it('K-12 are not kept on holidays', () => {
    const off = told(since(added), since(worksIn({ ...berlin, holidays: ['2026-12-25'] })))
    expect(availabilityAt(off, '2026-12-25T10:00:00.000Z')).toBe('away')
    expect(nextAvailability(off, '2026-12-24T18:00:00.000Z')).toEqual({
      at: '2026-12-28T08:00:00.000Z',
      availability: 'available',
    })
  })

  it('K-12 may go through the night', () => {
    const night = {
      zone: 'UTC',
      week: { monday: [{ from: '22:00', to: '24:00' }], tuesday: [{ from: '00:00', to: '06:00' }] },
    }
    const owl = told(since(added), since(worksIn(night)))
    expect(availabilityAt(owl, '2026-11-24T00:00:00.000Z')).toBe('available')
    expect(nextAvailability(owl, '2026-11-23T23:00:00.000Z')).toEqual({
      at: '2026-11-24T06:00:00.000Z',
      availability: 'away',
    })
  })

  it('K-12 begin later where clocks leave the time out, and last as long as the day does', () => {
    const nights = { zone: 'Europe/Berlin', week: { sunday: [{ from: '00:00', to: '24:00' }] } }
    const early = { zone: 'Europe/Berlin', week: { sunday: [{ from: '02:30', to: '05:00' }] } }
    const length = (user: User, from: string) => {
      const end = nextAvailability(user, from)!
      return (Date.parse(end.at) - Date.parse(from)) / 3_600_000
    }
    const whole = told(since(worksIn(nights)))
    expect(length(whole, '2026-03-28T23:00:00.000Z')).toBe(23)
    expect(length(whole, '2026-10-24T22:00:00.000Z')).toBe(25)
    expect(nextAvailability(told(since(worksIn(early))), '2026-03-28T23:00:00.000Z')).toEqual({
      at: '2026-03-29T01:30:00.000Z',
      availability: 'available',
    })
  })

  it('K-12 are overridden by hand until they begin or end', () => {
    const lateLunch = told(
      since(added),
      since(worksIn(berlin)),
      at('2026-11-23T10:00:00.000Z', away),
    )
    expect(availabilityAt(lateLunch, '2026-11-23T11:00:00.000Z')).toBe('away')
    expect(availabilityAt(lateLunch, '2026-11-23T12:00:00.000Z')).toBe('away')
    expect(availabilityAt(lateLunch, '2026-11-23T12:30:00.000Z')).toBe('available')
    const evening = told(since(worksIn(berlin)), at('2026-11-23T18:00:00.000Z', available))
    expect(availabilityAt(evening, '2026-11-23T23:00:00.000Z')).toBe('available')
    expect(nextAvailability(evening, '2026-11-23T23:00:00.000Z')).toEqual({
      at: '2026-11-24T11:30:00.000Z',
      availability: 'away',
    })
  })

  it('S-099 set now put an end to what was said before', () => {
    const set = told(since(available), at('2026-11-23T22:00:00.000Z', worksIn(berlin)))
    expect(availabilityAt(set, '2026-11-23T22:00:00.000Z')).toBe('away')
  })

  it('K-12 are changed, and taken away', () => {
    const change = { type: 'ChangeWorkingHours' as const, ...on }
    given(added)
      .when({ ...change, hours: berlin })
      .then(worksIn(berlin))
    given(added, worksIn(berlin))
      .when({ ...change, hours: berlin })
      .thenNothing()
    given(added, worksIn(berlin)).when(change).then({ type: 'WorkingHoursChanged', data: {} })
    const wrong = { zone: 'UTC', week: { monday: [{ from: '17:00', to: '09:00' }] } }
    given(added)
      .when({ ...change, hours: wrong })
      .thenRefused('InvalidCommand', {
        field: 'hours.week.monday',
        expected: 'to later than 17:00',
        found: '09:00',
      })
  })

  it('that are none never change anything', () =>
    expect(
      nextAvailability(told(since(worksIn({ zone: 'UTC', week: {} }))), LONG_AGO),
    ).toBeUndefined())

  it('S-099 the next change is where the status changes, and nowhere before', () => {
    const moments = fc
      .integer({ min: 0, max: 370 * 1_440 })
      .map((minute) => new Date(Date.UTC(2026, 0, 5) + minute * 60_000).toISOString())
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kathmandu')
    fc.assert(
      fc.property(moments, zones, fc.nat(100), (now, zone, share) => {
        const somebody = told(since(worksIn({ ...berlin, zone })))
        const next = nextAvailability(somebody, now)!
        const current = availabilityAt(somebody, now)
        expect(availabilityAt(somebody, next.at)).toBe(next.availability)
        expect(next.availability).not.toBe(current)
        const between =
          Date.parse(now) + ((Date.parse(next.at) - 1 - Date.parse(now)) * share) / 100
        expect(availabilityAt(somebody, new Date(between).toISOString())).toBe(current)
      }),
      { numRuns: 60 },
    )
  })
})

describe('out of office', () => {
  const holiday = absent('2026-11-24T12:00:00.000Z', '2026-11-26T12:00:00.000Z')

  it('K-13 is away from its start and available at its end', () => {
    const ada = told(since(added), since(holiday))
    const status = (now: string) => availabilityAt(ada, now)
    expect(status('2026-11-24T11:59:59.999Z')).toBe('available')
    expect(status('2026-11-24T12:00:00.000Z')).toBe('away')
    expect(status('2026-11-26T11:59:59.999Z')).toBe('away')
    expect(status('2026-11-26T12:00:00.000Z')).toBe('available')
    expect(nextAvailability(ada, '2026-11-25T00:00:00.000Z')).toEqual({
      at: '2026-11-26T12:00:00.000Z',
      availability: 'available',
    })
  })

  it('K-13 comes before working hours, and outside of these one stays away at its end', () => {
    const hours = { zone: 'UTC', week: { thursday: [{ from: '13:00', to: '14:00' }] } }
    const ada = told(since(added), since(worksIn(hours)), since(holiday))
    expect(availabilityAt(ada, '2026-11-26T12:00:00.000Z')).toBe('away')
    expect(availabilityAt(ada, '2026-11-26T13:00:00.000Z')).toBe('available')
  })

  it('K-13 is set, taken back, and has an end later than its start', () => {
    const set = {
      type: 'SetOutOfOffice' as const,
      ...on,
      from: '2026-11-24T12:00:00.000Z',
      until: '2026-11-26T12:00:00.000Z',
    }
    given(added).when(set).then(holiday)
    given(added, holiday).when(set).thenNothing()
    given(added)
      .when({ ...set, until: set.from })
      .thenRefused('InvalidCommand', {
        field: 'until',
        expected: 'a time later than 2026-11-24T12:00:00.000Z',
        found: '2026-11-24T12:00:00.000Z',
      })
    const cleared: UserEvent = { type: 'OutOfOfficeCleared', data: {} }
    given(added, holiday)
      .when({ type: 'ClearOutOfOffice', ...on })
      .then(cleared)
    given(added)
      .when({ type: 'ClearOutOfOffice', ...on })
      .thenNothing()
    expect(availabilityAt(told(since(holiday), since(cleared)), '2026-11-25T00:00:00.000Z')).toBe(
      'available',
    )
  })
})

describe('as a visitor sees it', () => {
  const gone = told(since(added), since(away))
  const now = '2026-11-23T10:00:00.000Z'
  const owner = user('ada')

  it('S-100 an Away user is there for the open chats that are theirs, and away to new visitors', () => {
    expect(availabilityFor(gone, owner, now)).toBe('away')
    expect(availabilityFor(gone, owner, now, { owner, open: true })).toBe('available')
    expect(availabilityFor(gone, owner, now, { owner, open: false })).toBe('away')
    expect(availabilityFor(gone, owner, now, { owner: user('bo'), open: true })).toBe('away')
  })

  it('S-100 whoever can answer no more is away to everybody', () => {
    const chat = { owner, open: true }
    for (const event of [deactivated, removed])
      expect(availabilityFor(told(added, event), owner, now, chat)).toBe('away')
  })
})

describe('how much somebody takes', () => {
  it('K-11 is a number, or any number', () => {
    const change = { type: 'ChangeCapacity' as const, ...on }
    const three: UserEvent = { type: 'CapacityChanged', data: { conversations: 3 } }
    given(added)
      .when({ ...change, conversations: 3 })
      .then(three)
    given(added, three)
      .when({ ...change, conversations: 3 })
      .thenNothing()
    given(added, three).when(change).then({ type: 'CapacityChanged', data: {} })
    given(added).when(change).thenNothing()
  })
})

describe('a calendar day', () => {
  it('D-11 is that of the zone', () => {
    expect(calendarDay('2024-04-01T23:30:00.000Z', 'Europe/Berlin')).toBe('2024-04-02')
    expect(calendarDay('2024-04-02T03:30:00.000Z', 'America/New_York')).toBe('2024-04-01')
  })
})
