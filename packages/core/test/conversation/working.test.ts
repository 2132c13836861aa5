import { describe, expect, it } from '@jest/globals'
import { at, clock } from '@threadbook/core/testing'
import * as a from './fixtures.js'
import { given } from './fixtures.js'

const open = [a.started, a.received()]

describe('assigning', () => {
  it.each(['user:bo', 'team:support'] as const)('S-073 S-101 assigns to %s', (owner) =>
    given(...open)
      .when(a.assign(owner))
      .then(a.assigned(owner)),
  )

  it('S-073 hands over', () =>
    given(...open, a.assigned('user:ada'))
      .when(a.assign('user:bo'))
      .then(a.assigned('user:bo')))

  it('changes nothing for whom it belongs to', () =>
    given(...open, a.assigned())
      .when(a.assign())
      .thenNothing())

  it('knows users that only the host knows', () =>
    given(...open)
      .when(a.assign('user:eve', 'unknown'))
      .then(a.assigned('user:eve')))

  it('S-027 is refused for an owner who was removed', () =>
    given(...open)
      .when(a.assign('user:bo', 'removed'))
      .thenRefused('OwnerRemoved', { owner: 'user:bo' }))

  it('S-015 is refused for a deactivated user, who keeps what is theirs', () => {
    given(...open)
      .when(a.assign('user:bo', 'deactivated'))
      .thenRefused('OwnerDeactivated')
    given(...open, a.assigned('user:bo'))
      .when(a.assign('user:bo', 'deactivated'))
      .thenNothing()
  })

  it('S-027 is taken back, in Trash too', () => {
    given(...open, a.assigned())
      .when(a.unassign)
      .then(a.unassigned)
    given(...open, a.assigned(), a.trashed)
      .when(a.unassign)
      .then(a.unassigned)
    given(...open)
      .when(a.unassign)
      .thenNothing()
  })

  it('S-030 D-26 is remembered once taken back', () => {
    expect(given(...open, a.assigned(), a.unassigned).state()).toMatchObject({
      owner: undefined,
      everOwned: true,
    })
  })
})

describe('a bot', () => {
  const chat = [a.chatStarted, a.said()]

  it('S-014 takes over under the name of its chatflow', () =>
    given(...chat)
      .when(a.takeOverByBot())
      .then(a.botTookOver()))

  it('changes nothing while it has it', () =>
    given(...chat, a.botTookOver())
      .when(a.takeOverByBot())
      .thenNothing())

  it('hands to another bot', () =>
    given(...chat, a.botTookOver())
      .when(a.takeOverByBot('flow-2'))
      .then(a.botTookOver('flow-2')))

  it('S-087 hands off to nobody in particular', () =>
    given(...chat, a.botTookOver())
      .when(a.handOff())
      .then(a.handedOff))

  it('S-087 hands off to an owner', () =>
    given(...chat, a.botTookOver())
      .when(a.handOff('team:support'))
      .then(a.handedOff, a.assigned('team:support')))

  it.each(['removed', 'deactivated'] as const)(
    'hands off to nobody where the owner is %s: the visitor waits',
    (situation) =>
      given(...chat, a.botTookOver())
        .when(a.handOff('user:bo', situation))
        .then(a.handedOff),
  )

  it('leaves the owner who has it', () =>
    given(...chat, a.assigned('user:bo'), a.botTookOver())
      .when(a.handOff('user:bo'))
      .then(a.handedOff))

  it.each([
    ['handed off', [a.botTookOver(), a.handedOff]],
    ['no bot', []],
  ])('has nothing to hand off: %s', (_, events) =>
    given(...chat, ...events)
      .when(a.handOff('user:bo'))
      .thenNothing(),
  )

  it('S-101 D-26 is no owner, but took part', () => {
    expect(given(...chat, a.botTookOver()).state()).toMatchObject({
      owner: undefined,
      everOwned: false,
      botTookPart: true,
      handler: { kind: 'bot', chatflowId: 'flow-1', chatflowName: 'Greeter' },
    })
  })

  it.each([
    ['hands off', [a.handedOff]],
    ['is relieved by a person', [a.assigned()]],
  ])('K-16 has it no longer once it %s', (_, events) => {
    expect(given(...chat, a.botTookOver(), ...events).state()).toMatchObject({
      botTookPart: true,
      handler: { kind: 'human' },
    })
  })

  it('K-16 is relieved by whoever assigns it, also to the owner it has', () =>
    given(...chat, a.assigned(), a.botTookOver())
      .when(a.assign())
      .then(a.assigned()))
})

describe('closing', () => {
  it('S-085 closes', () =>
    given(...open)
      .when(a.close)
      .then(a.closed))

  it('changes nothing the second time', () =>
    given(...open, a.closed)
      .when(a.close)
      .thenNothing())

  it('S-035 closes what the contact never answered', () =>
    given(a.started, a.sent('offer', { kind: 'composed' }))
      .when(a.close)
      .then(a.closed))

  it('S-102 closes spam', () =>
    given(...open, a.marked())
      .when(a.close)
      .then(a.closed))

  it('is undone', () => {
    given(...open, a.closed)
      .when(a.reopen)
      .then(a.reopened)
    given(...open)
      .when(a.reopen)
      .thenNothing()
  })

  it('D-04 ends the snooze: what is snoozed is open', () => {
    expect(given(...open, a.snoozed(clock('18:00')), a.closed).state()).toMatchObject({
      snoozedUntil: undefined,
      closed: { at: clock('09:00') },
    })
  })
})

describe('S-087 closing while the bot has not handed off', () => {
  const held = [
    at('09:00', a.chatStarted),
    at('09:00', a.said()),
    at('09:01', a.botTookOver()),
    at('09:10', a.said('more')),
  ]
  const refused = { closableFrom: clock('09:40') }

  it.each(['09:10', '09:39', '09:39:59'])('S-087 is refused before the 30 minutes: %s', (time) =>
    given(...held)
      .when(at(time, a.close))
      .thenRefused('BotStillTalking', refused),
  )

  it.each(['09:40', '09:41'])('D-12 is possible from 30:00 on: %s', (time) =>
    given(...held)
      .when(at(time, a.close))
      .then(a.closed),
  )

  it('D-12 D-28 counts from the latest message as it is dated', () =>
    given(...held, at('09:05', a.said('late')))
      .when(at('09:39', a.close))
      .thenRefused('BotStillTalking', refused))

  it('D-21 counts from nothing that was filtered', () => {
    const filtered = a.received('ad', { channel: 'chat', filtered: 'blockedSender' })
    given(...held, at('09:30', filtered))
      .when(at('09:40', a.close))
      .then(a.closed)
  })

  it('D-12 counts from nothing the bot says', () => {
    const greeting = a.sent('greeting', { kind: 'bot', channel: 'chat' })
    given(...held, at('09:30', greeting))
      .when(at('09:40', a.close))
      .then(a.closed)
  })

  describe.each([
    ['handed off', a.handedOff],
    ['was relieved by a person', a.assigned()],
  ])('once it %s', (_, event) => {
    it('D-26 S-087 is possible at once', () =>
      given(...held, event)
        .when(at('09:11', a.close))
        .then(a.closed))

    it('D-12 is refused again when the bot starts again', () => {
      const again = [...held, event, at('09:15', a.botTookOver())]
      given(...again)
        .when(at('09:20', a.close))
        .thenRefused('BotStillTalking', refused)
      given(...again)
        .when(at('09:40', a.close))
        .then(a.closed)
    })
  })

  it('D-26 counts from the start where only the bot has spoken', () => {
    const greeted = [
      at('09:00', a.chatStarted),
      at('09:00', a.sent('greeting', { kind: 'bot', channel: 'chat' })),
      at('09:05', a.botTookOver()),
    ]
    given(...greeted)
      .when(at('09:29', a.close))
      .thenRefused('BotStillTalking', { closableFrom: clock('09:30') })
    given(...greeted)
      .when(at('09:30', a.close))
      .then(a.closed)
  })

  it('D-26 never hinders trashing', () =>
    given(...held)
      .when(a.trash)
      .then(a.trashed))
})

describe('snoozing', () => {
  const until = clock('18:00')

  it('is until a time', () =>
    given(...open)
      .when(a.snooze(until))
      .then(a.snoozed(until)))

  it('changes nothing the second time', () =>
    given(...open, a.snoozed(until))
      .when(a.snooze(until))
      .thenNothing())

  it('is set anew', () =>
    given(...open, a.snoozed(until))
      .when(a.snooze(clock('19:00')))
      .then(a.snoozed(clock('19:00'))))

  it('D-04 opens what was closed: what is snoozed is open', () =>
    given(...open, a.closed)
      .when(a.snooze(until))
      .then(a.reopened, a.snoozed(until)))

  it.each(['08:00', '09:00'])('is not into the past: %s', (time) =>
    given(...open)
      .when(a.snooze(clock(time)))
      .thenRefused('InvalidCommand', {
        field: 'until',
        expected: `a time later than ${clock('09:00')}`,
        found: clock(time),
      }),
  )

  it('ends when somebody wakes it', () => {
    given(...open, a.snoozed(until))
      .when(a.wake())
      .then(a.woken)
    given(...open)
      .when(a.wake())
      .thenNothing()
  })

  it('ends by the clock when it is due, and no sooner', () => {
    given(...open, a.snoozed(until))
      .when(at('18:00', a.wake('system')))
      .then(a.woken)
    given(...open, a.snoozed(until))
      .when(at('17:59', a.wake('system')))
      .thenRefused('NotYet', { field: 'snoozedUntil', expected: until })
  })
})

describe('the contact', () => {
  it('S-049 is taken off', () => {
    given(...open)
      .when(a.disassociate)
      .then(a.disassociated)
    given(a.started, a.disassociated).when(a.disassociate).thenNothing()
  })

  it('S-048 is another', () => {
    given(...open)
      .when(a.associate('paul'))
      .then(a.associated('paul'))
    given(...open)
      .when(a.associate('maria'))
      .thenNothing()
  })
})
