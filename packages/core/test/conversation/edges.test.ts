/** Where a decision turns: what one word of a command, or of what happened before, changes. */
import { describe, it } from '@jest/globals'
import { at, clock } from '@threadbook/core/testing'
import * as a from './fixtures.js'
import { given } from './fixtures.js'

const open = [a.started, a.received()]

describe('a conversation that was merged away', () => {
  it('D-24 is not closed by the system either', () =>
    given(...open, a.merged())
      .when({ ...a.close, actor: 'system' })
      .thenRefused('ConversationMerged', { target: 'older' }))

  it('K-22 follows its contact into another record, which nobody does by hand', () => {
    given(...open, a.merged())
      .when({ ...a.associate('paul'), actor: 'system' })
      .then(a.associated('paul'))
    given(...open, a.merged())
      .when(a.associate('paul'))
      .thenRefused('ConversationMerged')
  })

  it('D-24 is none with itself', () =>
    given(...open)
      .when(a.mergeInto('conversation-1'))
      .thenRefused('InvalidCommand', {
        field: 'target',
        expected: 'another conversation',
        found: 'the conversation itself',
      }))
})

describe('an owner', () => {
  it('S-027 is taken off where it is still the one who is meant', () => {
    const unassign = { ...a.unassign, from: 'user:bo' as const }
    given(...open, a.assigned('user:bo'))
      .when(unassign)
      .then(a.unassigned)
    given(...open, a.assigned('user:ada'))
      .when(unassign)
      .thenNothing()
  })

  it('S-087 stays where the bot hands off to nobody', () =>
    given(...open, a.assigned('user:bo'), a.botTookOver())
      .when(a.handOff())
      .then(a.handedOff))
})

describe('snoozing', () => {
  it('says until when it may be', () =>
    given(...open)
      .when(a.snooze(clock('08:00')))
      .thenRefused('InvalidCommand', {
        field: 'until',
        expected: `a time later than ${clock('09:00')}`,
        found: clock('08:00'),
      }))

  it('is not ended by the clock before it is due', () =>
    given(...open, a.snoozed(clock('18:00')))
      .when(at('17:00', a.wake('system')))
      .thenRefused('NotYet', { field: 'snoozedUntil', expected: clock('18:00') }))
})

it('D-15 what is empty, and held nothing of a blocked visitor, is not purged by the clock', () =>
  given(a.started).when(a.purge('system')).thenRefused('ConversationNotInTrash'))

it('D-21 what joins spam reopens it, whatever its verdict', () =>
  given(...open, a.marked(), a.closed)
    .when(at('10:00', a.receive('next', { spam: 'marketing' })))
    .then(a.received('next'), a.reopened))
