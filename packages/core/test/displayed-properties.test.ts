import { describe, expect, it } from '@jest/globals'
import { accounts, type AccountEvent } from '@threadbook/core'
import { stories } from '@threadbook/core/testing'

const { given } = stories(accounts)
const opened: AccountEvent = {
  type: 'AccountOpened',
  data: { createdOn: '2024-04-01', zone: 'Europe/Berlin', edition: 'starter' },
}
type Change = Extract<AccountEvent, { type: 'DisplayedPropertiesChanged' }>['data']
const shows = (place: Change['place'], ...properties: string[]): AccountEvent => ({
  type: 'DisplayedPropertiesChanged',
  data: { place, properties },
})
const show = (place: Change['place'], ...properties: string[]) => ({
  type: 'ChangeDisplayedProperties' as const,
  place,
  properties,
  actor: 'user:ada' as const,
})

describe('displayed properties', () => {
  it('S-056 are chosen, in an order', () => {
    given(opened)
      .when(show('contact', 'email', 'phone'))
      .then(shows('contact', 'email', 'phone'))
    given(opened, shows('contact', 'email', 'phone'))
      .when(show('contact', 'phone', 'email'))
      .then(shows('contact', 'phone', 'email'))
  })

  it('change nothing where they are so', () => {
    given(opened, shows('contact', 'email'))
      .when(show('contact', 'email', 'email'))
      .thenNothing()
    given(opened).when(show('contact')).then(shows('contact'))
  })

  it('S-052 of a ticket’s panel are apart from those of its card', () =>
    expect(
      given(
        opened,
        shows('ticketCard', 'status'),
        shows('ticketPanel', 'status', 'priority'),
      ).state(),
    ).toMatchObject({
      displayed: { ticketCard: ['status'], ticketPanel: ['status', 'priority'] },
    }))

  it('need an account', () => given().when(show('contact')).thenRefused('NoSuchAccount'))
})
