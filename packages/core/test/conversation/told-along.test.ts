/** What is told along with what leaves or comes in: it is kept, and what was not told is left out. */
import { describe, it } from '@jest/globals'
import type { ConversationEvent } from '@threadbook/core'
import { at, clock } from '@threadbook/core/testing'
import { toSeal } from '@threadbook/sourcing'
import * as a from './fixtures.js'
import { given } from './fixtures.js'
import * as o from './outgoing-fixtures.js'

const box = toSeal('private' as never)
const open = [a.started, a.received()]
const chat = [a.chatStarted, a.said()]
const out = [...open, a.assigned(), a.sent('answer', { outbox: {} }), o.attempted()]
const known = { claims: ['mail:1'], outbox: { mailId: '1@example.com' } }

const withMore = <E extends ConversationEvent>(event: E, more: object): E => ({
  ...event,
  data: { ...event.data, ...more },
})

describe('what leaves', () => {
  it('S-036 S-064 is a message, with how it leaves and the record that it left from', () => {
    const more = { outbox: { mailId: '1@example.com' }, record: { type: 'deal', id: 'deal1' } }
    given(...open, a.assigned())
      .when(a.send('reply', more))
      .then(a.sent('answer', more))
  })

  it('S-072 is a comment, with where its mentions stand', () => {
    const more = { outbox: {}, spans: box }
    given(...open)
      .when({ ...a.comment(), ...more })
      .then(withMore(a.commented(), more))
  })

  it('S-084 is forwarded mail, with its subject and how it leaves', () => {
    const asked = o.forward()
    given(...open)
      .when({ ...asked, ...known, message: { ...asked.message, subject: box } })
      .then(withMore(o.forwarded(), { ...known, subject: box }))
  })

  it('S-077 is a transcript, of Messenger too, with how it leaves', () =>
    given(a.startedWith('messenger'), a.said())
      .when({ ...o.sendTranscript('maria'), ...known })
      .then(withMore(o.transcriptSent(), known)))

  it('K-20 has an id of its own: the field is named', () => {
    const taken = (field: string) => ({
      field,
      expected: 'an id of its own',
      found: 'the id of something else that was sent',
    })
    given(...open, a.sent('forward'))
      .when(o.forward())
      .thenRefused('InvalidCommand', taken('message.messageId'))
    given(...chat, a.sent('transcript'))
      .when(o.sendTranscript('maria'))
      .thenRefused('InvalidCommand', taken('transcriptId'))
    given(...open, o.forwarded('answer'))
      .when(a.send())
      .thenRefused('InvalidCommand', taken('message.messageId'))
  })
})

describe('what a bot sends', () => {
  it('D-29 is refused in Spam', () =>
    given(...open, a.marked())
      .when(a.send('bot'))
      .thenRefused('ConversationIsSpam'))

  it('§ 4 is no answer where no mail came in', () =>
    given(a.started, a.sent('offer', { kind: 'composed' }))
      .when(a.send('bot'))
      .then(a.sent('answer', { kind: 'bot' })))

  it('§ 4 answers a chat whatever mail came in beside it', () => {
    const message = { ...a.send().message, channel: 'chat' as const }
    given(...chat, a.received('mail', { mailClass: 'automatic' }))
      .when(a.send('bot', { message }))
      .then(a.sent('answer', { kind: 'bot', channel: 'chat' }))
  })
})

describe('what became of an attempt', () => {
  it('K-20 is told with its reason', () => {
    const until = clock('09:10')
    given(...out)
      .when({ ...o.postpone(until), reason: box })
      .then(withMore(o.postponed(until), { reason: box }))
    given(...out)
      .when({ ...o.lose(), reason: box })
      .then(withMore(o.lost(), { reason: box }))
  })

  it.each([o.delivered(), o.read()])('K-20 is settled by a receipt: $type', (receipt) =>
    given(...out, receipt)
      .when(o.confirmHandOver())
      .thenNothing(),
  )

  it('K-20 is not asked before it is due', () =>
    given(...out, o.postponed(clock('09:10')))
      .when(at('09:09', o.attempt))
      .thenRefused('NotYet', { field: 'due', expected: clock('09:10') }))

  it('K-20 may be told of all messages until a time, that one included, and of nothing else', () =>
    given(...open, at('09:05', a.sent()), at('09:06', o.forwarded()))
      .when(o.confirmRead({ upTo: clock('09:05') }))
      .then(o.read()))

  it('K-20 may be told of all messages, and is not of what else left', () =>
    given(...open, at('09:05', a.sent()), at('09:06', o.forwarded()))
      .when(o.confirmRead({ upTo: clock('09:30') }))
      .then(o.read()))

  it('K-20 is told of something', () =>
    given(...out)
      .when(o.confirmRead({}))
      .thenRefused('InvalidCommand', {
        field: 'messageId',
        expected: 'a messageId or upTo',
        found: 'neither',
      }))
})

describe('what comes in', () => {
  const from = (identity: string, contact?: string) => ({
    identity,
    who: box,
    ...(contact !== undefined && { contact }),
  })
  const joined = (participant: ReturnType<typeof from>): ConversationEvent => ({
    type: 'ParticipantAdded',
    data: { participant },
  })

  it('D-21 is part of the spam it joins, whatever its verdict', () => {
    given(...open, a.marked())
      .when(a.receive('next', { spam: 'marketing' }))
      .then(a.received('next'))
    given(...open, a.marked())
      .when(a.receive('next', { spam: 'bounce', mailClass: 'bounce' }))
      .then(a.received('next', { mailClass: 'bounce' }))
  })

  it('K-17 is from somebody new: another contact, or a stranger where there is no contact', () => {
    const zoe = from('hash-of-zoe', 'zoe')
    given(...open)
      .when(a.receive('next', { from: zoe }))
      .then(a.received('next', { from: zoe }), joined(zoe))
    given(...open, a.disassociated)
      .when(a.receive('next', { from: a.stranger }))
      .then(a.received('next', { from: a.stranger }), a.joined())
  })

  it('K-17 is from the contact, also under another address', () => {
    const other = from('another-hash-of-maria', 'maria')
    given(...open)
      .when(a.receive('next', { from: other }))
      .then(a.received('next', { from: other }))
  })

  it('K-17 people are added by hand who take no part yet', () => {
    const add = (person: ReturnType<typeof from>) => ({
      ...a.addParticipant(),
      participant: person,
    })
    given(...open)
      .when(add(from(a.contact.identity)))
      .thenNothing()
    given(...open)
      .when(add(from('another-hash-of-maria', 'maria')))
      .thenNothing()
    const zoe = from('hash-of-zoe', 'zoe')
    given(...open)
      .when(add(zoe))
      .then(joined(zoe))
    given(...open, a.disassociated)
      .when(a.addParticipant())
      .then(a.joined())
  })
})
