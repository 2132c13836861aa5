import { describe, expect, it } from '@jest/globals'
import * as a from './fixtures.js'
import { given } from './fixtures.js'

const open = [a.started, a.received()]

describe('a reply', () => {
  it('S-064 goes out in the conversation', () =>
    given(...open, a.assigned())
      .when(a.send())
      .then(a.sent()))

  it('K-09 assigns an unassigned conversation to the user who replies', () =>
    given(...open)
      .when(a.send())
      .then(a.sent(), a.assigned('user:ada')))

  it.each([
    ["a colleague's", 'user:bo' as const],
    ["a team's", 'team:support' as const],
  ])('D-27 leaves a conversation whose it is: %s', (_, owner) =>
    given(...open, a.assigned(owner))
      .when(a.send())
      .then(a.sent()),
  )

  it.each(['composed', 'logged', 'bot'] as const)('D-27 is not what is %s', (kind) =>
    given(...open)
      .when(a.send(kind))
      .then(a.sent('answer', { kind })),
  )

  it.each(['system', 'bot:greeter', 'integration:crm'] as const)('D-27 is not by %s', (actor) =>
    given(...open)
      .when(a.send('reply', { actor }))
      .then(a.sent()),
  )

  it('K-16 takes over from a bot, also where the owner stays', () =>
    given(...open, a.assigned('team:support'), a.botTookOver())
      .when(a.send())
      .then(a.sent(), a.assigned('team:support')))

  it('leaves a closed conversation closed', () =>
    given(...open, a.assigned(), a.closed)
      .when(a.send())
      .then(a.sent()))

  it('changes nothing the second time', () =>
    given(...open, a.sent(), a.assigned())
      .when(a.send())
      .thenNothing())

  it.each([
    ['email', 'email'],
    ['chat', 'chat'],
    ['messenger', 'messenger'],
    ['form', 'email'],
    ['call', 'email'],
  ] as const)('S-107 to %s goes by %s unless told', (channel, by) => {
    const message = a.without('channel', a.send().message)
    given(a.startedWith(channel), a.received(), a.assigned())
      .when(a.send('reply', { message }))
      .then(a.sent('answer', { channel: by }))
  })

  it('leaves out what is not told', () => {
    const message = a.without('attachments', a.send().message)
    given(...open, a.assigned())
      .when(a.without('to', a.send('reply', { message })))
      .then(a.sent())
  })

  it('D-29 is refused in Spam until somebody says that it is none', () =>
    given(...open, a.marked())
      .when(a.send())
      .thenRefused('ConversationIsSpam'))

  it('is refused in Trash', () =>
    given(...open, a.trashed)
      .when(a.send())
      .thenRefused('ConversationInTrash'))

  it.each([
    ['absent', []],
    ['purged', [...open, a.trashed, a.purged]],
  ] as const)('needs a conversation: %s', (situation, events) =>
    given(...events)
      .when(a.sendFirst('reply'))
      .thenRefused('NoSuchConversation', { situation }),
  )
})

describe('what the team sends first', () => {
  it.each(['composed', 'logged', 'bot'] as const)('S-046 starts a conversation: %s', (kind) =>
    given().when(a.sendFirst(kind)).then(a.started, a.sent('answer', { kind })),
  )

  it('S-108 goes by e-mail unless told', () => {
    const message = a.without('channel', a.send().message)
    given()
      .when(a.sendFirst('composed', { message }))
      .then(a.started, a.sent('answer', { kind: 'composed' }))
  })

  it('needs to be told where', () =>
    given().when(a.send('composed')).thenRefused('NoSuchConversation'))

  it('S-028 D-03 does not count as heard from the contact', () => {
    const composed = a.sent('offer', { kind: 'composed' })
    expect(given(a.started, composed).state()).toMatchObject({ hasInbound: false })
  })
})

it('§ 4 logs mail that the team sent elsewhere, in Spam too', () =>
  given(...open, a.marked())
    .when(a.send('logged'))
    .then(a.sent('answer', { kind: 'logged' })))

describe('a failed delivery', () => {
  it('K-20 is told with its reason', () =>
    given(...open, a.sent())
      .when(a.failDelivery('answer'))
      .then(a.failed('answer')))

  it('is told once', () =>
    given(...open, a.sent(), a.failed('answer'))
      .when(a.failDelivery('answer'))
      .thenNothing())

  it.each(['hello', 'nothing'])('is about what was sent, not %s', (messageId) =>
    given(...open)
      .when(a.failDelivery(messageId))
      .thenRefused('NoSuchMessage', { messageId }),
  )
})

describe('a comment', () => {
  it('S-071 is added', () =>
    given(...open)
      .when(a.comment())
      .then(a.commented()))

  it('S-072 names who is mentioned', () =>
    given(...open)
      .when(a.comment('note', ['bo']))
      .then(a.commented('note', ['bo'])))

  it('is added once', () =>
    given(...open, a.commented())
      .when(a.comment())
      .thenNothing())

  it('D-13 counts as heard from nobody', () => {
    const before = given(...open).state()
    expect(given(...open, a.commented()).state()).toEqual({
      ...before,
      comments: new Set(['note']),
    })
  })
})
