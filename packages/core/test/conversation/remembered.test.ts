/** What a conversation's events leave behind in its state, and what they leave alone. */
import { describe, expect, it } from '@jest/globals'
import { conversations, latestEmail, type ConversationEvent, type Present } from '@threadbook/core'
import { at, by, clock, recordedAt, type Told } from '@threadbook/core/testing'
import * as a from './fixtures.js'
import { given } from './fixtures.js'
import * as o from './outgoing-fixtures.js'

const open = [a.started, a.received()]
const after = (...events: readonly Told<ConversationEvent>[]) =>
  given(...open, ...events).state() as Present
const withMore = <E extends ConversationEvent>(event: E, more: object): E => ({
  ...event,
  data: { ...event.data, ...more },
})

describe('its messages', () => {
  const facts = { channel: 'email', filtered: false, failed: false, hiddenBy: undefined }

  it('go in or out, by a channel, at a time', () =>
    expect(after(at('09:05', a.sent())).messages).toEqual(
      new Map([
        ['hello', { ...facts, direction: 'in', at: clock('09:00') }],
        ['answer', { ...facts, direction: 'out', at: clock('09:05') }],
      ]),
    ))

  it('K-20 failed until they are sent again, whatever receipts say', () => {
    const failed = (...events: readonly ConversationEvent[]) =>
      after(a.sent(), ...events).messages.get('answer')?.failed
    expect(failed(a.failed('answer'))).toBe(true)
    expect(failed(a.failed('answer'), o.read())).toBe(true)
    expect(failed(a.failed('answer'), o.retried)).toBe(false)
  })

  it('S-093 are hidden by somebody until they are shown again', () => {
    const hidden = by('user:bo', a.hidden())
    expect(after(hidden).messages.get('hello')?.hiddenBy).toBe('user:bo')
    expect(after(hidden, a.unhidden())).toEqual(after())
  })

  it('are those that came or went: nothing else is known of another', () =>
    expect(after(a.hidden('nothing'), a.failed('nothing'))).toEqual(after()))

  it('begin with whom it is with, whoever writes later', () => {
    const joins = a.received('more', { from: a.stranger })
    expect(after(joins, a.sent('answer', { to: [a.stranger] })).correspondent).toBe(
      a.contact.identity,
    )
    const offered = given(a.started, a.sent('offer', { to: [a.stranger] }), a.received())
    expect(offered.state()).toMatchObject({ correspondent: a.stranger.identity })
  })

  it('§ 4 D-28 are of the class that the latest mail has; of one time, the later', () => {
    expect(given(a.chatStarted, a.said()).state()).toMatchObject({ lastMail: undefined })
    expect(after(a.received('two', { mailClass: 'bulk' })).lastMail?.mailClass).toBe('bulk')
  })

  it('S-084 D-28 are forwarded by the latest date; of one time, the later', () => {
    const latest = (...events: readonly Told<ConversationEvent>[]) =>
      latestEmail([after(...events)])
    expect(latest(at('09:30', a.received('two')))?.messageId).toBe('two')
    expect(latest(a.received('two'))?.messageId).toBe('two')
  })
})

describe('what left', () => {
  const left = (...events: readonly Told<ConversationEvent>[]) => after(...events).deliveries

  it('K-20 is what left first under an id', () =>
    expect(left(a.sent(), o.forwarded('answer')).get('answer')?.what).toBe('message'))

  it.each([
    ['forward', o.forwarded()],
    ['transcript', o.transcriptSent()],
  ])('K-20 was sent by others, unless it says how it leaves: a %s', (id, event) =>
    expect(left(event).get(id)).toMatchObject({ status: 'sent', due: undefined, outbox: false }),
  )

  it('S-072 is no comment whose mentions nobody delivers, and nothing that never left', () =>
    expect(left(a.commented('note', ['bo']), o.delivered('nothing')).size).toBe(0))

  it('S-077 S-084 holds its claims', () => {
    expect(after(o.forwarded(), o.transcriptSent()).claims.size).toBe(0)
    for (const event of [o.forwarded(), o.transcriptSent()])
      expect(after(withMore(event, { claims: ['mail:1'] })).claims).toEqual(new Set(['mail:1']))
  })

  it('S-065 is a call that begins and ends', () => {
    expect(after(o.called).calls).toEqual(new Map([['call', 'begun']]))
    expect(after(o.called, o.callEnded()).calls).toEqual(new Map([['call', 'ended']]))
    given(...open, o.called)
      .when(o.endCall('busy'))
      .then(o.callEnded('busy'))
  })
})

describe('how it stands', () => {
  it.each<[string, readonly Told<ConversationEvent>[], Partial<Present>]>([
    ['reopened', [a.closed, a.reopened], { closed: undefined }],
    ['woken', [a.snoozed(clock('18:00')), a.woken], { snoozedUntil: undefined, closed: undefined }],
    [
      'held',
      [by('user:bo', recordedAt('09:30', a.held))],
      { hold: { by: 'user:bo', since: clock('09:30') } },
    ],
    ['another contact’s', [a.associated('paul')], { contact: 'paul' }],
  ])('is %s', (_, events, state) => expect(after(...events)).toMatchObject(state))

  it('is as it was, once it is no spam', () =>
    expect(after(a.marked(), a.unmarked)).toEqual(after()))

  it('is as it began, though it is started again', () =>
    expect(after(a.closed, a.startedWith('chat', { inbox: 'sales' }))).toEqual(after(a.closed)))

  it('is nothing before it began, and nothing new after its end', () => {
    expect(given(a.received()).state()).toEqual({ situation: 'absent' })
    const ended = given(...open, a.trashed, a.purged).state()
    expect(given(...open, a.trashed, a.purged, a.restored, a.started).state()).toEqual(ended)
  })

  it('K-22 has a key while it is there', () => {
    expect(conversations.keyOf?.(after())).toBe('key-1')
    expect(conversations.keyOf?.(given().state())).toBeUndefined()
    expect(conversations.keyOf?.(given(...open, a.trashed, a.purged).state())).toBeUndefined()
  })
})

describe('what a blocked visitor wrote', () => {
  const wrote = a.blockedSaid('insult', { body: 'blob-1' })

  it('D-25 is kept with its blobs until it is forgotten', () => {
    expect(after(a.blockedSaid()).blocked.get('insult')?.blobs).toEqual([])
    expect(after(wrote).blocked.get('insult')).toMatchObject({ blobs: ['blob-1'] })
    expect(after(wrote, a.forgotten('insult')).blocked.get('insult')).toMatchObject({
      blobs: [],
      forgotten: true,
    })
    expect(after(a.forgotten('insult')).blocked.size).toBe(0)
  })

  it('D-25 is forgotten with its blobs, after a merge too', () => {
    const forgotten = withMore(a.forgotten('insult'), { blobs: ['blob-1'] })
    for (const events of [[wrote], [wrote, a.merged()]])
      given(...open, ...events)
        .when(a.forgetBlocked(clock('10:00')))
        .then(forgotten)
  })
})
