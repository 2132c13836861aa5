import { describe, expect, it } from '@jest/globals'
import { notificationId, type ConversationEvent, type Present } from '@threadbook/core'
import { at, clock, type Told } from '@threadbook/core/testing'
import * as a from './fixtures.js'
import { given } from './fixtures.js'
import * as o from './outgoing-fixtures.js'

const sent = a.sent('answer', { outbox: { mailId: 'answer@example.com' } })
const left = [a.started, a.received(), a.assigned(), sent] as const
const DUE = clock('09:10')

const statusAfter = (...events: readonly Told<ConversationEvent>[]) =>
  (given(...left, ...events).state() as Present).deliveries.get('answer')?.status

describe('K-20 what was sent', () => {
  it.each([
    ['waiting', []],
    ['sending', [o.attempted()]],
    ['sent', [o.attempted(), o.handedOver()]],
    ['waiting', [o.attempted(), o.postponed(DUE)]],
    ['unknown', [o.attempted(), o.lost()]],
    ['failed', [o.attempted(), a.failed('answer')]],
    ['waiting', [o.attempted(), a.failed('answer'), o.retried]],
    ['delivered', [o.attempted(), o.handedOver(), o.delivered()]],
    ['read', [o.attempted(), o.handedOver(), o.delivered(), o.read()]],
    ['failed', [o.attempted(), o.handedOver(), o.delivered(), a.failed('answer')]],
  ] as const)('K-20 is %s', (status, events) => expect(statusAfter(...events)).toBe(status))

  it('K-20 is sent where others deliver it, or did', () => {
    const state = given(a.started, a.sent('logged', { kind: 'logged' })).state() as Present
    expect(state.deliveries.get('logged')).toMatchObject({ status: 'sent', outbox: false })
  })
})

describe('handing over', () => {
  it('is begun by one attempt, which is written down first', () =>
    given(...left)
      .when(o.attempt)
      .then(o.attempted()))

  it('is begun by nobody else meanwhile', () =>
    given(...left, o.attempted())
      .when(o.attempt)
      .thenNothing())

  it.each([
    ['sent', [o.attempted(), o.handedOver()]],
    ['unknown', [o.attempted(), o.lost()]],
    ['failed', [o.attempted(), a.failed('answer')]],
    ['delivered', [o.delivered()]],
  ] as const)('is not begun again of what is %s', (_, events) =>
    given(...left, ...events)
      .when(o.attempt)
      .thenNothing(),
  )

  it('is begun again when it is due, and not before', () => {
    const postponed = given(...left, o.attempted(), o.postponed(DUE))
    postponed.when(at('09:09', o.attempt)).thenRefused('NotYet', { field: 'due', expected: DUE })
    postponed.when(at('09:10', o.attempt)).then(o.attempted(2))
  })

  it('is not begun of what others delivered', () =>
    given(a.started, a.sent('answer', { kind: 'logged' }))
      .when(o.attempt)
      .thenNothing())

  it('is answered', () => {
    const out = given(...left, o.attempted())
    out.when(o.confirmHandOver()).then(o.handedOver())
    out.when({ ...o.confirmHandOver(), providerId: 'p-1' }).then({
      type: 'MessageHandedOver',
      data: { messageId: 'answer', attempt: 1, providerId: 'p-1' },
    })
    out.when(o.postpone(DUE)).then(o.postponed(DUE))
    out.when(o.lose()).then(o.lost())
    out.when(a.failDelivery('answer')).then(a.failed('answer'))
  })

  it.each([o.confirmHandOver(), o.postpone(DUE), o.lose()])('is answered once: $type', (answer) =>
    given(...left, o.attempted(), o.handedOver())
      .when(answer)
      .thenNothing(),
  )

  it('is not answered for another attempt', () => {
    const second = given(...left, o.attempted(), o.postponed(DUE), o.attempted(2))
    second.when(o.postpone(clock('10:00'))).thenNothing()
    second.when(o.lose()).thenNothing()
    given(...left)
      .when(o.confirmHandOver())
      .thenNothing()
  })

  it('that was lost may turn out to have been done', () =>
    given(...left, o.attempted(), o.lost())
      .when(o.confirmHandOver())
      .then(o.handedOver()))
})

describe('sending again', () => {
  it.each([
    ['failed', [o.attempted(), a.failed('answer')]],
    ['unknown', [o.attempted(), o.lost()]],
  ] as const)('K-20 is for a person to ask, of what is %s', (_, events) => {
    given(...left, ...events)
      .when(o.retry)
      .then(o.retried)
    given(...left, ...events, o.retried)
      .when(o.attempt)
      .then(o.attempted(2))
  })

  it('changes nothing while it is on its way', () => {
    given(...left)
      .when(o.retry)
      .thenNothing()
    given(...left, o.attempted())
      .when(o.retry)
      .thenNothing()
  })

  it('is not of what arrived', () =>
    given(...left, o.attempted(), o.handedOver())
      .when(o.retry)
      .thenRefused('NotRetryable', { messageId: 'answer', status: 'sent' }))

  it('is not of what others delivered', () =>
    given(a.started, a.sent('answer', { kind: 'logged' }), a.failed('answer'))
      .when(o.retry)
      .thenRefused('NotRetryable', { messageId: 'answer', status: 'failed' }))
})

describe('a receipt', () => {
  const one = { messageId: 'answer' }

  it('K-20 tells that it arrived, and that it was read', () => {
    given(...left)
      .when(o.confirmDelivery(one))
      .then(o.delivered())
    given(...left, o.delivered())
      .when(o.confirmRead(one))
      .then(o.read())
  })

  it('comes twice, and in any order', () => {
    given(...left, o.delivered())
      .when(o.confirmDelivery(one))
      .thenNothing()
    given(...left, o.read())
      .when(o.confirmDelivery(one))
      .thenNothing()
    given(...left, o.read())
      .when(o.confirmRead(one))
      .thenNothing()
  })

  it('K-20 may be for all that was sent until then', () => {
    const two = [
      a.started,
      at('09:00', a.sent('answer')),
      at('09:05', a.sent('second')),
      at('09:06', a.sent('failed')),
      a.failed('failed'),
      at('09:30', a.sent('later')),
    ]
    given(...two, o.delivered('answer'))
      .when(o.confirmDelivery({ upTo: clock('09:20') }))
      .then(o.delivered('second'))
    given(...two)
      .when(o.confirmRead({ upTo: clock('09:20') }))
      .then(o.read('answer'), o.read('second'))
    given(...two)
      .when(o.confirmRead({ upTo: clock('08:00') }))
      .thenNothing()
  })

  it('is for something', () =>
    given(...left)
      .when(o.confirmRead({}))
      .thenRefused('InvalidCommand', {
        field: 'messageId',
        expected: 'a messageId or upTo',
        found: 'neither',
      }))

  it('is for what was sent', () =>
    given(...left)
      .when(o.confirmRead({ messageId: 'hello' }))
      .thenRefused('NoSuchMessage', { messageId: 'hello' }))
})

it.each([
  ['trashed', a.trashed],
  ['merged away', a.merged()],
  ['spam', a.marked()],
] as const)('K-20 D-24 what became of it is told of a conversation that is %s', (_, event) => {
  given(...left, o.attempted(), event)
    .when(o.confirmHandOver())
    .then(o.handedOver())
  given(...left, o.handedOver(), event)
    .when(o.confirmRead({ messageId: 'answer' }))
    .then(o.read())
})

it('S-072 a mention is on its way to each who is mentioned', () => {
  const comment = {
    type: 'CommentAdded',
    data: { ...a.commented('note', ['bo', 'cy']).data, outbox: {} },
  } as ReturnType<typeof a.commented>
  const { deliveries } = given(a.started, a.received(), comment).state() as Present
  expect([...deliveries.keys()]).toEqual([
    notificationId('note', 'bo'),
    notificationId('note', 'cy'),
  ])
  expect(deliveries.get('note/bo')).toMatchObject({ what: 'notification', status: 'waiting' })
})

it.each([
  ['forward', { ...o.forwarded(), data: { ...o.forwarded().data, outbox: {} } }],
  ['transcript', { ...o.transcriptSent(), data: { ...o.transcriptSent().data, outbox: {} } }],
] as const)('K-20 a %s is delivered as messages are', (id, event) => {
  const about = { messageId: id }
  given(a.started, a.received(), event)
    .when({ ...o.attempt, ...about })
    .then({ type: 'DeliveryAttempted', data: { ...about, attempt: 1 } })
  given(a.started, a.received(), event).when(a.failDelivery(id)).then(a.failed(id))
})
