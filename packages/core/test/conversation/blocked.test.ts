/** What a blocked visitor writes. */
import { describe, expect, it } from '@jest/globals'
import type { ConversationEvent } from '@threadbook/core'
import { at, clock } from '@threadbook/core/testing'
import * as a from './fixtures.js'
import { given } from './fixtures.js'

const chat = [a.chatStarted, a.said()]
const start = { inbox: 'support', key: 'key-1' }
const withoutContact: ConversationEvent = {
  type: 'ConversationStarted',
  data: { ...start, channel: 'chat' },
}

describe('what a blocked visitor writes', () => {
  it('D-08 is kept, each message once', () => {
    given(...chat)
      .when(a.receiveBlocked())
      .then(a.blockedSaid())
    given(...chat, a.blockedSaid())
      .when(a.receiveBlocked())
      .thenNothing()
  })

  it('D-25 starts a conversation where none lives', () =>
    given().when(a.receiveBlocked('insult', { start })).then(withoutContact, a.blockedSaid()))

  it.each([
    ['closed', a.closed],
    ['snoozed', a.snoozed(clock('18:00'))],
    ['spam', a.marked('blockedSender')],
    ['handled by a bot', a.botTookOver()],
  ])('D-08 changes nothing else: %s', (_, event) => {
    const before = given(...chat, event).state()
    const after = given(...chat, event, a.blockedSaid()).state()
    expect(after).toEqual({ ...before, blocked: expect.any(Map) })
    given(...chat, event)
      .when(a.receiveBlocked())
      .then(a.blockedSaid())
  })

  it('S-087 D-12 is no activity of the visitor', () =>
    given(at('09:00', a.chatStarted), at('09:00', a.said()), at('09:00', a.botTookOver()), {
      ...at('09:20', a.blockedSaid()),
    })
      .when(at('09:30', a.close))
      .then(a.closed))
})

describe('the 90 days', () => {
  const two = [at('09:00', a.blockedSaid('one')), at('10:00', a.blockedSaid('two'))]

  it('D-25 forget each message at its own time', () => {
    given(...chat, ...two)
      .when(a.forgetBlocked(clock('09:59')))
      .then(a.forgotten('one'))
    given(...chat, ...two, at('10:30', a.forgotten('one')))
      .when(a.forgetBlocked(clock('10:00')))
      .then(a.forgotten('two'))
  })

  it('D-28 count from when it was written down', () =>
    given(...chat, { ...at('08:00', a.blockedSaid('one')), recordedAt: clock('10:00') })
      .when(a.forgetBlocked(clock('09:00')))
      .thenNothing())

  it('D-06 are stopped by a hold', () =>
    given(...chat, ...two, a.held)
      .when(a.forgetBlocked(clock('12:00')))
      .thenNothing())

  it('end a conversation that holds nothing else, once all of it is forgotten', () => {
    given(withoutContact, ...two, a.forgotten('one', 'two'))
      .when(a.purge('system'))
      .then(a.purged)
    given(withoutContact, ...two, a.forgotten('one'))
      .when(a.purge('system'))
      .thenRefused('ConversationNotInTrash')
    given(...chat, ...two, a.forgotten('one', 'two'))
      .when(a.purge('system'))
      .thenRefused('ConversationNotInTrash')
  })

  it('S-109 D-25 are cut short by purging: every key and blob is named', () => {
    const attachment = { blob: 'blob-1', size: 3, mimeType: 'image/png', mac: 'm', name: {} }
    given(...chat, a.blockedSaid('one', { attachments: [attachment], body: 'blob-2' }), a.trashed)
      .when(a.purge())
      .then({
        type: 'Purged',
        data: { keys: ['key-1', 'key of one'], blobs: ['blob-1', 'blob-2'] },
      })
  })
})
