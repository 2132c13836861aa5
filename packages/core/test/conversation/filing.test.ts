/** How the team files a conversation, and where it lives. */
import { describe, expect, it } from '@jest/globals'
import * as a from './fixtures.js'
import { given } from './fixtures.js'

const open = [a.started, a.received()]
const hundred = Array.from({ length: 100 }, (_, n) => `n${String(n)}`)

describe('labels', () => {
  it('K-08 are added, each once', () => {
    given(...open)
      .when(a.addLabel('vip'))
      .then(a.labelled('vip'))
    given(...open, a.labelled('vip'))
      .when(a.addLabel('vip'))
      .thenNothing()
  })

  it('K-08 are taken away', () => {
    given(...open, a.labelled('vip'))
      .when(a.removeLabel('vip'))
      .then(a.unlabelled('vip'))
    given(...open)
      .when(a.removeLabel('vip'))
      .thenNothing()
  })

  it('are a hundred at most', () => {
    const many = hundred.map((label) => a.labelled(label))
    given(...open, ...many)
      .when(a.addLabel('one more'))
      .thenRefused('TooMany', { what: 'labels', most: 100 })
    given(...open, ...many, a.unlabelled('n7'))
      .when(a.addLabel('one more'))
      .then(a.labelled('one more'))
  })
})

describe('properties', () => {
  it.each(['gold', '', 7, 0, true, false])('K-08 have a plain value: %j', (value) =>
    given(...open)
      .when(a.setProperty('plan', value))
      .then(a.propertySet('plan', value)),
  )

  it('K-08 are set anew, also with a value of another kind', () =>
    given(...open, a.propertySet('plan', 'gold'))
      .when(a.setProperty('plan', 7))
      .then(a.propertySet('plan', 7)))

  it('are taken away by null, and were never there without a value', () => {
    given(...open, a.propertySet('plan', 'gold'))
      .when(a.setProperty('plan', null))
      .then(a.propertySet('plan', null))
    given(...open)
      .when(a.setProperty('plan', null))
      .thenNothing()
    expect(
      given(...open, a.propertySet('plan', 'gold'), a.propertySet('plan', null)).state(),
    ).toMatchObject({ properties: new Map() })
  })

  it('are a hundred at most, each of which can still change', () => {
    const many = hundred.map((name) => a.propertySet(name, 1))
    given(...open, ...many)
      .when(a.setProperty('more', 1))
      .thenRefused('TooMany', { what: 'properties', most: 100 })
    given(...open, ...many)
      .when(a.setProperty('n7', 2))
      .then(a.propertySet('n7', 2))
  })
})

describe('participants', () => {
  it('K-17 are added by hand, and leave', () => {
    given(...open)
      .when(a.addParticipant())
      .then(a.joined())
    given(...open, a.joined())
      .when(a.removeParticipant())
      .then(a.left())
  })

  it.each([
    ['take part', [a.joined()], a.stranger],
    ['are the contact', [], a.contact],
    ['are the contact under another address', [], { ...a.contact, identity: 'other' }],
  ])('change nothing where they %s already', (_, events, participant) =>
    given(...open, ...events)
      .when(a.addParticipant(participant))
      .thenNothing(),
  )

  it('change nothing where they do not take part', () =>
    given(...open)
      .when(a.removeParticipant())
      .thenNothing())

  it('join again when they write again', () =>
    given(...open, a.joined(), a.left())
      .when(a.receive('more', { from: a.stranger }))
      .then(a.received('more', { from: a.stranger }), a.joined()))
})

describe('moving to another inbox', () => {
  it.each(['professional', 'enterprise'] as const)('K-16 is for the edition %s', (edition) =>
    given(...open)
      .when(a.moveToInbox('sales', edition))
      .then(a.moved('sales')),
  )

  it.each(['free', 'starter'] as const)('K-16 is not for the edition %s', (edition) =>
    given(...open)
      .when(a.moveToInbox('sales', edition))
      .thenRefused('NeedsEdition', { capability: 'moveConversations', edition: 'professional' }),
  )

  it.each(['email', 'chat', 'messenger', 'form', 'call'] as const)(
    'K-16 is for any channel: %s',
    (channel) =>
      given(a.startedWith(channel), a.received('hello', { channel }))
        .when(a.moveToInbox())
        .then(a.moved()),
  )

  it('K-16 leaves all else as it is', () => {
    const before = given(...open, a.labelled(), a.assigned(), a.marked()).state()
    const after = given(...open, a.labelled(), a.assigned(), a.marked(), a.moved()).state()
    expect(after).toEqual({ ...before, inbox: 'sales' })
  })

  it('D-22 keeps the claims that its messages have in the new inbox', () => {
    given(...open)
      .when(a.moveToInbox('sales', 'enterprise', { claims: ['claim-1'] }))
      .then(a.moved('sales', 'support', ['claim-1']))
    expect(given(...open, a.moved('sales', 'support', ['claim-1'])).state()).toMatchObject({
      claims: new Set(['claim-1']),
    })
  })

  it('changes nothing where it is there', () =>
    given(...open)
      .when(a.moveToInbox('support', 'free'))
      .thenNothing())
})

it('S-040 happens to nothing that is in Trash', () => {
  for (const command of [
    a.addLabel(),
    a.removeLabel(),
    a.setProperty('plan', 1),
    a.addParticipant(),
    a.removeParticipant(),
    a.moveToInbox(),
  ])
    given(...open, a.trashed)
      .when(command)
      .thenRefused('ConversationInTrash')
})
