import { describe, expect, it } from '@jest/globals'
import {
  arrive,
  claim,
  leadsTo,
  markPurged,
  mayTakeOver,
  messageClaims,
  receivedAs,
  type MessageClaimEvent,
} from '@threadbook/core'
import { stories } from '@threadbook/core/testing'

const { given } = stories(messageClaims)

const on = { claim: 'hash', actor: 'system' as const }
const refersTo = (conversation: string, weakly = false, insteadOf?: string) =>
  claim({ ...on, conversation, weakly, ...(insteadOf !== undefined && { insteadOf }) })
const comes = (conversation: string, messageId = 'mail', weakly = false, insteadOf?: string) =>
  arrive({
    ...on,
    conversation,
    messageId,
    weakly,
    ...(insteadOf !== undefined && { insteadOf }),
  })
const purge = (conversation: string) => markPurged({ ...on, conversation })

const claimed = (conversation: string, weakly = false): MessageClaimEvent => ({
  type: 'MessageIdClaimed',
  data: { conversation, weakly },
})
const received = (conversation: string, weakly = false): MessageClaimEvent => ({
  type: 'MessageIdReceived',
  data: { conversation, messageId: 'mail', ...(weakly && { weakly }) },
})
const takenOver = (conversation: string, weakly = false): MessageClaimEvent => ({
  type: 'MessageIdTakenOver',
  data: { conversation, ...(weakly && { weakly }) },
})
const purged: MessageClaimEvent = { type: 'MessageIdPurged', data: {} }

describe('a mail that refers to an id', () => {
  it('D-23 § 4 claims it for its conversation', () =>
    given().when(refersTo('a')).then(claimed('a')))

  it('D-23 holds it weakly where it is filtered', () =>
    given().when(refersTo('a', true)).then(claimed('a', true)))

  it.each([
    ['wanted then wanted', [claimed('a')], false],
    ['wanted then filtered', [claimed('a')], true],
    ['filtered then filtered', [claimed('a', true)], true],
    ['the mail itself', [received('a')], false],
  ])('changes nothing where its conversation has it: %s', (_, events, weakly) =>
    given(...events)
      .when(refersTo('a', weakly))
      .thenNothing(),
  )

  it.each(['a', 'b'])(
    'D-23 takes it over from filtered mail, being wanted: for %s',
    (conversation) =>
      given(claimed('a', true)).when(refersTo(conversation)).then(takenOver(conversation)),
  )

  it.each([
    ['wanted from wanted', claimed('a'), false],
    ['filtered from wanted', claimed('a'), true],
    ['filtered from filtered', claimed('a', true), true],
  ])('D-23 takes it from nobody else: %s', (_, event, weakly) =>
    given(event).when(refersTo('b', weakly)).thenRefused('MessageIdHeld', { conversation: 'a' }),
  )

  it('D-22 moves it to the conversation that goes on instead', () => {
    given(received('a'))
      .when(refersTo('b', false, 'a'))
      .then(takenOver('b'))
    given(received('a'))
      .when(refersTo('b', false, 'c'))
      .thenRefused('MessageIdHeld')
  })

  it.each([false, true])('D-05 takes it over from what was purged: weakly %s', (weakly) =>
    given(received('a'), purged).when(refersTo('b', weakly)).then(takenOver('b', weakly)),
  )
})

describe('the mail with the id', () => {
  it('D-23 is the message', () => given().when(comes('a')).then(received('a')))

  it('D-23 is held weakly where it is filtered', () =>
    given()
      .when(comes('a', 'mail', true))
      .then(received('a', true)))

  it('§ 4 comes after those that refer to it', () =>
    given(claimed('a')).when(comes('a')).then(received('a')))

  it('D-23 does not weaken what its conversation holds', () =>
    given(claimed('a'))
      .when(comes('a', 'mail', true))
      .then(received('a')))

  it('D-23 takes over from filtered mail, being wanted', () =>
    given(claimed('a', true)).when(comes('b')).then(received('b')))

  it('D-23 belongs where the others are', () =>
    given(claimed('a')).when(comes('b')).thenRefused('MessageIdHeld', { conversation: 'a' }))

  it('D-22 comes to the conversation that goes on instead', () =>
    given(claimed('a'))
      .when(comes('b', 'mail', false, 'a'))
      .then(received('b')))

  it('§ 4 changes nothing when its intake is finished a second time', () =>
    given(received('a')).when(comes('a')).thenNothing())

  it.each(['a', 'b'])('§ 4 is a duplicate, and the first outcome is told: for %s', (conversation) =>
    given(received('a'))
      .when(comes(conversation, 'again'))
      .thenRefused('DuplicateMessage', { conversation: 'a', messageId: 'mail' }),
  )

  it.each([
    ['purged', [purged]],
    ['purged and taken over', [purged, takenOver('b')]],
  ])('D-23 does not come back: %s', (_, events) =>
    given(received('a'), ...events)
      .when(comes('c', 'again'))
      .thenRefused('DuplicateMessage', { conversation: 'a', messageId: 'mail' }),
  )

  it('comes anew where only references to it were purged', () =>
    given(claimed('a'), purged).when(comes('b')).then(received('b')))
})

describe('a purge', () => {
  it('D-23 is noted by its conversation', () => {
    given(received('a')).when(purge('a')).then(purged)
    given(received('a'), purged).when(purge('a')).thenNothing()
  })

  it.each([
    ['another conversation', [received('a')]],
    ['one it was moved on from', [received('b'), takenOver('c')]],
    ['none', []],
  ])('is not of what leads elsewhere: %s', (_, events) =>
    given(...events)
      .when(purge('b'))
      .thenNothing(),
  )
})

describe('what intake asks', () => {
  const mail = { conversation: 'a', messageId: 'mail' }
  it.each([
    ['nothing', [], undefined, undefined, [true, true]],
    ['a reference', [claimed('a')], 'a', undefined, [false, false]],
    ['a filtered reference', [claimed('a', true)], 'a', undefined, [true, false]],
    ['the mail', [received('a')], 'a', mail, [false, false]],
    ['purged', [received('a'), purged], undefined, mail, [true, true]],
    ['taken over', [received('a'), purged, takenOver('b')], 'b', mail, [false, false]],
  ] as const)('D-23 is answered: %s', (_, events, leads, came, [wanted, filtered]) => {
    const state = given(...events).state()
    expect(leadsTo(state)).toBe(leads)
    expect(receivedAs(state)).toEqual(came)
    expect(mayTakeOver(state, false)).toBe(wanted)
    expect(mayTakeOver(state, true)).toBe(filtered)
  })
})
