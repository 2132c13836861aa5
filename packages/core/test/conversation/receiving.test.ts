import { describe, expect, it } from '@jest/globals'
import { at, clock, recordedAt } from '@threadbook/core/testing'
import * as a from './fixtures.js'
import { given } from './fixtures.js'

describe('a first message', () => {
  it('starts a conversation', () => given().when(a.receiveFirst()).then(a.started, a.received()))

  it('K-06 D-21 is given its verdict there and then', () =>
    given()
      .when(a.receiveFirst('hello', { spam: 'blockedSender' }))
      .then(a.started, a.received(), a.marked('blockedSender')))

  it('D-05 says what it continues', () =>
    given()
      .when(
        a.receiveFirst('hello', { start: { inbox: 'support', key: 'key-1', continues: 'old' } }),
      )
      .then(
        {
          type: 'ConversationStarted',
          data: { inbox: 'support', channel: 'email', key: 'key-1', continues: 'old' },
        },
        a.received(),
      ))

  it('needs to be told where', () =>
    given().when(a.receive()).thenRefused('NoSuchConversation', { situation: 'absent' }))

  it.each([
    ['a personal mail', [a.received()], true],
    ['spam, which counts once it is none', [a.received(), a.marked()], true],
    ['a bounce', [a.received('hello', { mailClass: 'bounce' })], false],
  ])('D-03 tells whether the contact was heard: %s', (_, events, hasInbound) => {
    expect(given(a.started, ...events).state()).toMatchObject({ hasInbound })
  })
})

describe('a further message', () => {
  const open = [a.started, a.received()]

  it('joins', () =>
    given(...open)
      .when(a.receive('more'))
      .then(a.received('more')))

  it('§ 4 changes nothing the second time', () =>
    given(...open)
      .when(a.receive())
      .thenNothing())

  it('D-05 D-22 reopens what was closed', () =>
    given(...open, at('10:00', a.closed))
      .when(at('10:01', a.receive('more')))
      .then(a.received('more'), a.reopened))

  it.each([
    ['09:59', []],
    ['10:00', []],
    ['10:00:01', [a.reopened]],
  ])('D-22 reopens only if dated after the closing at 10:00: %s', (time, more) =>
    given(...open, at('10:00', a.closed))
      .when({ ...at(time, a.receive('more')), now: clock('11:00') })
      .then(a.received('more'), ...more),
  )

  it('D-22 compares with when it was closed, not when that was written down', () =>
    given(...open, recordedAt('12:00', at('10:00', a.closed)))
      .when({ ...at('11:00', a.receive('more')), now: clock('13:00') })
      .then(a.received('more'), a.reopened))

  it('D-05 wakes what was snoozed', () =>
    given(...open, a.snoozed(clock('18:00')))
      .when(a.receive('more'))
      .then(a.received('more'), a.woken))

  it('D-05 leaves spam in spam', () =>
    given(...open, a.marked())
      .when(a.receive('more'))
      .then(a.received('more')))

  it('D-22 reopens closed spam, which stays spam', () =>
    given(...open, a.marked(), at('10:00', a.closed))
      .when(at('10:01', a.receive('more')))
      .then(a.received('more'), a.reopened))

  it('D-21 that is filtered is kept in its place and does nothing else', () =>
    given(...open, a.snoozed(clock('18:00')), at('10:00', a.closed))
      .when(at('10:01', a.receive('more', { spam: 'automatedResponse', from: a.stranger })))
      .then(a.received('more', { filtered: 'automatedResponse', from: a.stranger })))

  it('D-21 is simply part of what is spam, whatever its own verdict', () =>
    given(...open, a.marked())
      .when(a.receive('more', { spam: 'marketing' }))
      .then(a.received('more')))

  it('D-21 that is a bounce is never inbound', () =>
    given(...open, at('10:00', a.closed))
      .when(at('10:01', a.receive('more', { mailClass: 'bounce', from: a.stranger })))
      .then(a.received('more', { mailClass: 'bounce', from: a.stranger })))

  it('D-03 D-21 that is filtered does not count as heard', () => {
    const composed = a.sent('offer', { kind: 'composed', to: [a.contact] })
    const filtered = a.received('away', { filtered: 'automatedResponse', mailClass: 'automatic' })
    expect(given(a.started, composed, filtered).state()).toMatchObject({ hasInbound: false })
  })

  it('D-28 takes the latest by the time it was written', () => {
    const late = at('08:00', a.received('late'))
    expect(given(a.started, at('09:30', a.received()), late).state()).toMatchObject({
      lastInboundAt: clock('09:30'),
    })
  })
})

describe('a message for a conversation that can take no more', () => {
  it('D-05 is refused in Trash, which starts a new one', () =>
    given(a.started, a.received(), a.trashed)
      .when(a.receive('more'))
      .thenRefused('ConversationInTrash'))

  it('D-22 is told where the trashed one goes on', () =>
    given(a.started, a.received(), a.trashed, a.continued('next'))
      .when(a.receive('more'))
      .thenRefused('ConversationInTrash', { continuedIn: 'next' }))

  it('D-22 goes on there even after the trashed one is restored', () =>
    given(a.started, a.received(), a.trashed, a.continued('next'), a.restored)
      .when(a.receive('more'))
      .thenRefused('ConversationContinued', { continuedIn: 'next' }))

  it('D-05 is told where the merged one went', () =>
    given(a.started, a.received(), a.merged('older'))
      .when(a.receive('more'))
      .thenRefused('ConversationMerged', { target: 'older' }))

  it('D-05 is refused by a purged one', () =>
    given(a.started, a.received(), a.trashed, a.purged)
      .when(a.receive('more'))
      .thenRefused('NoSuchConversation', { situation: 'purged' }))

  it.each([
    ['in Trash', a.trashed],
    ['merged', a.merged()],
  ])('§ 4 is still known where it came before: %s', (_, event) =>
    given(a.started, a.received(), event).when(a.receive()).thenNothing(),
  )

  it('D-22 keeps, once purged, where it went on and what it claimed', () => {
    const message = a.received('hello', { claims: ['claim-1'] })
    expect(given(a.started, message, a.trashed, a.continued('next'), a.purged).state()).toEqual({
      situation: 'purged',
      owners: new Set(),
      continuedIn: 'next',
      claims: new Set(['claim-1']),
    })
  })
})

describe('a sender other than the contact', () => {
  const open = [a.started, a.received()]
  const fromStranger = (messageId: string) => a.receive(messageId, { from: a.stranger })

  it('§ 4 takes part from then on, and the contact stays', () => {
    given(...open)
      .when(fromStranger('more'))
      .then(a.received('more', { from: a.stranger }), a.joined())
    expect(
      given(...open, a.received('more', { from: a.stranger }), a.joined()).state(),
    ).toMatchObject({ contact: 'maria' })
  })

  it('§ 4 joins only once', () =>
    given(...open, a.received('more', { from: a.stranger }), a.joined())
      .when(fromStranger('again'))
      .then(a.received('again', { from: a.stranger })))

  it('is not the contact under another address', () =>
    given(...open)
      .when(a.receive('more', { from: { ...a.stranger, contact: 'maria' } }))
      .then(a.received('more', { from: { ...a.stranger, contact: 'maria' } })))

  it('D-17 is not the first sender, of whom no contact was made', () =>
    given(a.startedWith('email', {}), a.received('hello', { from: a.stranger }))
      .when(fromStranger('more'))
      .then(a.received('more', { from: a.stranger })))

  it('is not whom the team wrote to first', () =>
    given(a.started, a.sent('offer', { kind: 'composed', to: [a.stranger] }))
      .when(fromStranger('more'))
      .then(a.received('more', { from: a.stranger })))

  it('D-25 does not join by filtered mail', () =>
    given(...open)
      .when(a.receive('more', { from: a.stranger, spam: 'blockedSender' }))
      .then(a.received('more', { from: a.stranger, filtered: 'blockedSender' })))
})
