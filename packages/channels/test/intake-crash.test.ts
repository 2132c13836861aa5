/** Intake that was cut off on a store without atomic commits is finished by its repetition. */
import { describe, expect, it } from '@jest/globals'
import { blockSender, trash } from '@threadbook/core'
import { openInbox } from '@threadbook/inbox'
import { receiveChatMessage, submitForm, type TakenIn } from '@threadbook/channels'
import type { EventStore, Unavailable } from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'
import { closedAtTheEnd } from '../../inbox/test/fixtures.js'
import { ada, chatMessage, openDesk, right, submission, type Desk } from './fixtures.js'

/** Appends stream by stream, and dies when so many streams are written. */
const dyingAfter = (store: EventStore, streams: () => number): EventStore => ({
  ...store,
  atomic: false,
  appendAll: (appends) => async () => {
    const appended = []
    for (const [index, append] of appends.entries()) {
      if (index === streams()) return E.left<Unavailable>({ type: 'Unavailable', reason: 'died' })
      const one = await store.append(append)()
      if (E.isLeft(one)) return one
      appended.push(one.right)
    }
    const [first, ...others] = appended
    return E.right([first!, ...others])
  },
})

type Bring = (desk: Desk) => ReturnType<typeof receiveChatMessage>

const message = chatMessage({ messageId: 'cut', email: 'zoe@mail.example' })
const bring: Bring = ({ inbox }) => receiveChatMessage(inbox, message)
const visitor = { kind: 'chat', scope: 'address', sender: message.visitorId, actor: ada } as const

const stories: readonly [what: string, before: (desk: Desk) => Promise<unknown>, bring: Bring][] = [
  ['starts a conversation', () => Promise.resolve(), bring],
  ['joins one', (desk) => desk.chat(), bring],
  [
    'continues one',
    async (desk) => {
      const { conversationId } = await desk.chat()
      await desk.ask(trash({ conversationId, actor: ada }))
    },
    bring,
  ],
  [
    'is of a blocked visitor',
    async (desk) => {
      const { conversationId } = await desk.chat()
      await desk.ask(blockSender({ conversationId, actor: ada }))
    },
    bring,
  ],
  ['is of a blocked stranger', (desk) => desk.ask(blockSender(visitor)), bring],
  [
    'is a form',
    () => Promise.resolve(),
    ({ inbox }) => submitForm(inbox, submission({ submissionId: 'cut' })),
  ],
]

/** What a run ends in, in words that do not depend on ids made by the way. */
const endOf = async (desk: Desk, { conversationId, messageId }: TakenIn) => {
  const told = await desk.stream('conversation', conversationId)
  const mine = told.filter(({ data }) => (data as { messageId?: string }).messageId === messageId)
  const row = (await desk.row(conversationId))!
  const next = await desk.chat()
  const log = await desk.log()
  return {
    types: mine.map(({ type }) => type),
    hasContact: row.contact !== null,
    views: await desk.shownIn(conversationId),
    nextJoins: next.conversationId === conversationId,
    continued: log.filter(({ type }) => type === 'ContinuedIn').length,
    started: log.filter(({ type }) => type === 'ConversationStarted').length,
  }
}

const run = async ([, before, bring]: (typeof stories)[number], streams: number) => {
  const adapters = await memory()
  let alive = Infinity
  const store = dyingAfter(adapters.store, () => alive)
  const desk = await openDesk({ ...adapters, store })
  await before(desk)
  desk.pass({ minutes: 1 })
  alive = streams
  const cut = await bring(desk)
  alive = Infinity
  const received = right(await bring(desk))
  if (E.isRight(cut)) expect(received.outcome).toBe('duplicate')
  return { died: E.isLeft(cut), end: await endOf(desk, received) }
}

describe.each(stories)('what %s', (...story) => {
  it('ends as if undisturbed, wherever it was cut off', async () => {
    const undisturbed = await run(story, Infinity)
    expect(undisturbed.died).toBe(false)
    let cuts = 0
    for (let streams = 0; ; streams++) {
      const { died, end } = await run(story, streams)
      if (!died) break
      cuts++
      expect([streams, end]).toEqual([streams, undisturbed.end])
    }
    expect(cuts).toBeGreaterThan(1)
  })
})

it('D-23 is the same message for another process, too', async () => {
  const adapters = await memory()
  const desk = await openDesk(adapters)
  const other = closedAtTheEnd(await openInbox(adapters))
  const both = await Promise.all([
    receiveChatMessage(desk.inbox, message),
    receiveChatMessage(other, message),
  ])
  expect(both.map((each) => right(each).outcome).sort()).toEqual(['duplicate', 'received'])
  expect(right(await desk.inbox.views.counts()).conversations).toBe(1)
})

it('D-05 D-22 one conversation continues what is in Trash, though two messages of a visitor come to two processes', async () => {
  const adapters = await memory()
  const store = dyingAfter(adapters.store, () => Infinity)
  const desk = await openDesk({ ...adapters, store })
  const other = closedAtTheEnd(await openInbox({ ...adapters, store }))
  const { conversationId } = await desk.chat()
  await desk.ask(trash({ conversationId, actor: ada }))
  const both = await Promise.all(
    [desk.inbox, other].map(async (inbox) => right(await receiveChatMessage(inbox, chatMessage()))),
  )
  expect(both.map(({ outcome }) => outcome)).toEqual(['received', 'received'])
  expect(both[0]!.conversationId).toBe(both[1]!.conversationId)
  const log = await desk.log()
  expect(log.filter(({ type }) => type === 'ConversationStarted')).toHaveLength(2)
  expect(log.filter(({ type }) => type === 'ContinuedIn')).toHaveLength(1)
  expect(await desk.chat()).toMatchObject({ conversationId: both[0]!.conversationId })
})
