/** Intake that was cut off on a store without atomic commits is finished by its repetition. */
import { describe, expect, it } from '@jest/globals'
import { receiveMail, type Received } from '@threadbook/email'
import { openInbox } from '@threadbook/inbox'
import type { Adapters, EventStore, Unavailable } from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'
import {
  answering,
  called,
  from,
  newsletter,
  referringTo,
  type Fields,
} from './fixtures/letters.js'
import { expectRebuilt } from './fixtures/rebuild.js'
import { closedAtTheEnd } from '../../inbox/test/fixtures.js'
import { openSupport, right, type Support } from './fixtures/support.js'
import { bytesOf, mailText } from './mails.js'

/** Appends stream by stream, and dies (once) when so many streams are written. */
const dyingAfter = (store: EventStore, streams: () => number): EventStore => ({
  ...store,
  atomic: false,
  appendAll: (appends) => async () => {
    const dead: E.Either<Unavailable, never> = E.left({ type: 'Unavailable', reason: 'died' })
    const appended = []
    for (const [index, append] of appends.entries()) {
      if (index === streams()) return dead
      const one = await store.append(append)()
      if (E.isLeft(one)) return one
      appended.push(one.right)
    }
    const [first, ...others] = appended
    return E.right([first!, ...others])
  },
})

const stories: readonly [what: string, before: readonly Fields[], mail: Fields][] = [
  ['starts a conversation', [], called('mail', { ...answering('unseen'), ...referringTo('old') })],
  ['joins one', [called('one')], called('mail', { ...from('zoe'), ...answering('one') })],
  ['is filtered', [], called('mail', { ...newsletter, ...answering('unseen') })],
  [
    'joins two',
    [called('one'), called('two')],
    called('mail', { ...answering('one'), ...referringTo('two') }),
  ],
]

/** What a run ends in, in words that do not depend on ids made by the way. */
const endOf = async (support: Support, { conversationId, messageId }: Received) => {
  const messages = (await support.stream('conversation', conversationId)).filter(
    ({ data }) => (data as { messageId?: string }).messageId === messageId,
  )
  const { contact, lastMessage, subjectMessage, ...row } = (await support.row(conversationId))!
  const plain = Object.entries(row).filter(([, value]) => typeof value !== 'object')
  const late = await support.receive(called('late', answering('mail')))
  return {
    messages: messages.length,
    row: Object.fromEntries(plain.filter(([name]) => !/(At|Since)$/.test(name))),
    hasContact: contact !== null,
    isLast: lastMessage === messageId,
    hasSubject: subjectMessage === messageId,
    conversations: await support.conversations(),
    answerJoins: late.conversationId === conversationId,
  }
}

/** Receives what came before, then the mail, dying after so many streams; then the mail again. */
const run = async (before: readonly Fields[], mail: Fields, streams: number) => {
  const adapters: Adapters = await memory()
  let alive = Infinity
  const store = dyingAfter(adapters.store, () => alive)
  const dying = await openSupport({ ...adapters, store })
  for (const each of before) await dying.receive(each)
  alive = streams
  const cut = await receiveMail(dying.inbox, bytesOf(mailText(mail)))
  alive = Infinity
  const support: Support = await openSupport({ ...adapters, store }, {}, dying.clock)
  const received = await support.receive(mail)
  if (E.isRight(cut)) expect(received.outcome).toBe('duplicate')
  await expectRebuilt(adapters)
  return { died: E.isLeft(cut), end: await endOf(support, received) }
}

describe.each(stories)('a mail that %s', (_, before, mail) => {
  it('ends as if undisturbed, wherever it was cut off', async () => {
    const undisturbed = await run(before, mail, Infinity)
    expect(undisturbed.died).toBe(false)
    expect(undisturbed.end).toMatchObject({ messages: 1, answerJoins: true })
    let cuts = 0
    for (let streams = 0; ; streams++) {
      const { died, end } = await run(before, mail, streams)
      if (!died) break
      cuts++
      expect([streams, end]).toEqual([streams, undisturbed.end])
    }
    expect(cuts).toBeGreaterThan(2)
  })
})

it('is the same mail for another process, too', async () => {
  const adapters = await memory()
  const first = await openSupport(adapters)
  const raw = bytesOf(mailText(called('mail')))
  const other = closedAtTheEnd(await openInbox(adapters))
  const both = await Promise.all([receiveMail(first.inbox, raw), receiveMail(other, raw)])
  const outcomes = both.map((each) => right(each).outcome).sort()
  expect(await first.conversations()).toBe(1)
  expect(outcomes).toEqual(['duplicate', 'received'])
})
