import { expect, it } from '@jest/globals'
import {
  autoReplies,
  AUTO_REPLY_HOURS,
  mayBeAnsweredByMachine,
  nextAutoReplyFrom,
  type MailClass,
} from '@threadbook/core'
import { at, stories } from '@threadbook/core/testing'
import * as a from './conversation/fixtures.js'

const { given } = stories(autoReplies)
const DAY = '2026-11-23'
const NEXT = '2026-11-24'

const sent = (messageId: string) => ({ type: 'AutomaticReplySent' as const, data: { messageId } })
const send = (messageId: string) => ({
  type: 'SendAutomaticReply' as const,
  identity: 'hash-of-maria',
  messageId,
  actor: 'bot:greeter' as const,
})

it('§ 4 a machine writes to somebody, and says so', () =>
  given().when(send('first')).then(sent('first')))

it('§ 4 not twice within a day', () => {
  const before = given(at(`${DAY}T09:00:00.000Z`, sent('first')))
  const until = `${NEXT}T09:00:00.000Z`
  before
    .when({ ...send('second'), now: `${NEXT}T08:59:59.999Z` })
    .thenRefused('AnsweredAutomatically', { until })
  before.when({ ...send('second'), now: until }).then(sent('second'))
  expect(nextAutoReplyFrom(`${DAY}T09:00:00.000Z`)).toBe(until)
  expect(AUTO_REPLY_HOURS).toBe(24)
})

it('§ 4 the same again is the same', () => given(sent('first')).when(send('first')).thenNothing())

it.each<[MailClass, boolean]>([
  ['personal', true],
  ['automatic', false],
  ['bulk', false],
  ['bounce', false],
])('§ 4 answers by machine are for what people write: %s', (mailClass, may) => {
  expect(mayBeAnsweredByMachine(mailClass)).toBe(may)
  const told = a.given(a.started, at('09:00', a.received('one', { mailClass })))
  if (may) told.when(a.send('bot')).then(a.sent('answer', { kind: 'bot' }))
  else told.when(a.send('bot')).thenRefused('NotAnsweredByMachine', { mailClass })
})

it('§ 4 what counts is the latest mail, filtered or not, and mail alone', () => {
  const person = at('09:00', a.received('one'))
  const machine = at('10:00', a.received('two', { mailClass: 'automatic', filtered: 'marketing' }))
  a.given(a.started, person, machine).when(a.send('bot')).thenRefused('NotAnsweredByMachine')
  a.given(a.started, machine, person).when(a.send('bot')).thenRefused('NotAnsweredByMachine')
  a.given(a.started, machine, at('11:00', a.received('three')))
    .when(a.send('bot'))
    .then(a.sent('answer', { kind: 'bot' }))
  a.given(a.started, machine).when(a.send('reply')).then(a.sent(), a.assigned('user:ada'))
})
