import { describe, expect, it } from '@jest/globals'
import { latestEmail, type ConversationEvent, type Present } from '@threadbook/core'
import { at, type Told } from '@threadbook/core/testing'
import * as a from './fixtures.js'
import { given } from './fixtures.js'
import * as o from './outgoing-fixtures.js'

const open = [a.started, a.received()]
const chat = [a.chatStarted, a.said()]

describe('forwarding', () => {
  it('S-084 passes the most recent e-mail on, to another team or to somebody outside', () =>
    given(...open)
      .when(o.forward())
      .then(o.forwarded()))

  it('S-084 is of no other message', () =>
    given(...open)
      .when(o.forward('older'))
      .thenRefused('NotTheLatestEmail', { latestEmail: 'hello' }))

  it('S-084 is of an e-mail: a chat has none', () =>
    given(...chat)
      .when({ ...o.forward(), facts: { latestEmail: undefined } })
      .thenRefused('NotTheLatestEmail'))

  it('D-10 lets nothing out that is hidden', () =>
    given(...open, a.hidden())
      .when(o.forward('hello', { messageId: 'hello', hidden: true }))
      .thenRefused('MessageIsHidden', { messageId: 'hello' }))

  it('D-27 assigns nobody', () =>
    given(...open)
      .when(o.forward())
      .then(o.forwarded()))

  it('S-084 happens once', () =>
    given(...open, o.forwarded())
      .when(o.forward())
      .thenNothing())

  it.each([
    ['ConversationInTrash', [...open, a.trashed]],
    ['ConversationIsSpam', [...open, a.marked()]],
    ['ConversationMerged', [...open, a.merged()]],
    ['NoSuchConversation', []],
    ['NoSuchConversation', [...open, a.trashed, a.purged]],
  ] as const)('is refused: %s', (refusal, events) =>
    given(...events)
      .when(o.forward())
      .thenRefused(refusal),
  )

  const of = (...events: readonly Told<ConversationEvent>[]) => given(...events).state() as Present

  it('S-084 knows the most recent by its date, not by its arrival', () => {
    const state = of(
      a.started,
      at('10:00', a.received('new')),
      at('09:30', a.received('late')),
      at('11:00', a.received('filtered', { filtered: 'automatedResponse' })),
      at('11:30', a.said('chat')),
    )
    expect(latestEmail([state])).toEqual({ messageId: 'new', hidden: false })
  })

  it('S-084 D-24 looks at what was merged into it, too', () => {
    const source = of(a.started, at('10:00', a.received('younger')), a.hidden('younger'))
    const target = of(a.started, at('09:00', a.received('older')))
    expect(latestEmail([source, target])).toEqual({ messageId: 'younger', hidden: true })
    expect(latestEmail([])).toBeUndefined()
  })
})

describe('switching the reply channel', () => {
  it.each(['chat', 'messenger'] as const)('S-075 goes from %s to e-mail', (channel) =>
    given(a.startedWith(channel), a.said()).when(o.switchTo('email', 'maria')).then(o.switched),
  )

  it('S-075 S-107 sends answers by e-mail from then on, and leaves where it came from', () => {
    const message = a.without('channel', a.send().message)
    const switched = given(...chat, a.assigned(), o.switched)
    switched.when(a.send('reply', { message })).then(a.sent('answer', { channel: 'email' }))
    expect(switched.state()).toMatchObject({ channel: 'chat', switchedTo: 'email' })
  })

  it.each([
    ['email', 'chat'],
    ['email', 'messenger'],
    ['chat', 'messenger'],
    ['chat', 'call'],
  ] as const)('S-075 does not go from %s to %s', (from, to) =>
    given(a.startedWith(from), a.received())
      .when(o.switchTo(to, 'maria'))
      .thenRefused('CannotSwitchChannel', { from, to }),
  )

  it('S-075 does not go back', () =>
    given(...chat, o.switched)
      .when(o.switchTo('chat', 'maria'))
      .thenRefused('CannotSwitchChannel', { from: 'email', to: 'chat' }))

  it('S-075 needs an e-mail address', () =>
    given(...chat)
      .when(o.switchTo('email'))
      .thenRefused('NoEmailAddress'))

  it('S-075 changes nothing the second time', () =>
    given(...chat, o.switched)
      .when(o.switchTo('email'))
      .thenNothing())
})

describe('a transcript', () => {
  it('S-077 is sent of a chat', () =>
    given(...chat)
      .when(o.sendTranscript('maria'))
      .then(o.transcriptSent()))

  it('S-076 D-12 is the history of what was ended', () =>
    given(...chat, o.switched, a.closed)
      .when({ ...o.sendTranscript('maria'), cause: 'ended' })
      .then(o.transcriptSent('ended')))

  it('S-077 is of a chat only', () =>
    given(...open)
      .when(o.sendTranscript('maria'))
      .thenRefused('NoTranscript', { channel: 'email' }))

  it('S-077 needs an e-mail address', () =>
    given(...chat)
      .when(o.sendTranscript())
      .thenRefused('NoEmailAddress'))

  it('is not sent from Spam', () =>
    given(...chat, a.marked())
      .when(o.sendTranscript('maria'))
      .thenRefused('ConversationIsSpam'))

  it('is sent once', () =>
    given(...chat, o.transcriptSent())
      .when(o.sendTranscript('maria'))
      .thenNothing())
})

it('K-20 has an id of its own, whatever it is', () => {
  const taken = {
    field: expect.any(String),
    expected: expect.any(String),
    found: expect.any(String),
  }
  given(...open, a.sent('forward'))
    .when(o.forward())
    .thenRefused('InvalidCommand', taken)
  given(...chat, a.sent('transcript'))
    .when(o.sendTranscript('maria'))
    .thenRefused('InvalidCommand', taken)
  given(...open, o.forwarded('answer'))
    .when(a.send())
    .thenRefused('InvalidCommand', taken)
})

describe('a call from the reply editor', () => {
  it('S-065 is written down, and how it ended', () => {
    given(...open)
      .when(o.call)
      .then(o.called)
    given(...open, o.called)
      .when(o.endCall('connected', 90))
      .then(o.callEnded('connected', 90))
  })

  it('S-065 happens once, and ends once', () => {
    given(...open, o.called)
      .when(o.call)
      .thenNothing()
    given(...open, o.called, o.callEnded('busy'))
      .when(o.endCall())
      .thenNothing()
  })

  it('S-065 ends only where it began', () =>
    given(...open)
      .when(o.endCall())
      .thenRefused('NoSuchCall', { callId: 'call' }))

  it('D-27 assigns nobody', () =>
    expect(given(...open, o.called).state()).toMatchObject({ owner: undefined }))
})
