/** On every store and at every moment, a custom view's number is that of what it lists. */
import { expect, it } from '@jest/globals'
import {
  addLabel,
  assign,
  changeView,
  close,
  connectChannel,
  createInbox,
  createView,
  deleteView,
  draft,
  markAsSpam,
  moveToInbox,
  purge,
  reopen,
  setConversationProperty,
  snooze,
  team,
  trash,
  unassign,
  user,
  type ConversationFilter,
  type Request,
} from '@threadbook/core'
import { conversationFilters } from '@threadbook/core/testing'
import { openInbox, type Inbox } from '@threadbook/inbox'
import { toSeal } from '@threadbook/sourcing'
import * as fc from 'fast-check'
import { right } from '../packages/inbox/test/fixtures.js'
import { onEveryStore } from './stores.js'

const ada = user('ada')
const INBOXES = ['support', 'sales'] as const

const receive = async (inbox: Inbox, channel: 'email' | 'chat'): Promise<string> => {
  const conversationId = inbox.door.newId()
  right(
    await inbox.execute({
      type: 'ReceiveMessage',
      conversationId,
      message: {
        ...draft({ text: 'Hello', subject: 'Hello' }),
        messageId: inbox.door.newId(),
        channel,
        attachments: [],
      },
      from: {
        identity: `identity of ${conversationId}`,
        who: toSeal({ address: 'bo@mail.example' }),
      },
      mailClass: 'personal',
      actor: 'contact',
      start: { inbox: 'support', key: await inbox.door.keys.fresh() },
    }),
  )
  return conversationId
}

const ACTS: readonly ((conversationId: string, odd: string) => Request)[] = [
  (conversationId) => assign({ conversationId, owner: ada, actor: ada }),
  (conversationId) => assign({ conversationId, owner: team('night'), actor: ada }),
  (conversationId) => unassign({ conversationId, actor: ada }),
  (conversationId) => close({ conversationId, actor: ada }),
  (conversationId) => reopen({ conversationId, actor: ada }),
  (conversationId) => markAsSpam({ conversationId, actor: ada }),
  (conversationId) => trash({ conversationId, actor: ada }),
  (conversationId) => purge({ conversationId, actor: ada }),
  (conversationId) => moveToInbox({ conversationId, inbox: 'sales', actor: ada }),
  (conversationId) => snooze({ conversationId, until: '2999-01-01T00:00:00.000Z', actor: ada }),
  (conversationId, label) => addLabel({ conversationId, label, actor: ada }),
  (conversationId, value) =>
    setConversationProperty({ conversationId, name: 'a b', value, actor: ada }),
]

const odd = fc.constantFrom('1', 'a b', '"', '\\', 'é', '🦜', '2026-03-01', 'ａ')

/** As the random filters, and often of what the histories hold. */
const filters: fc.Arbitrary<ConversationFilter> = fc.oneof(
  conversationFilters,
  fc.constantFrom<ConversationFilter>(
    { attribute: 'channel', operator: 'is', value: 'email' },
    { attribute: 'owner', operator: 'isUnknown' },
    { attribute: 'spam', operator: 'is', value: true },
    { not: { attribute: 'trashed', operator: 'is', value: false } },
    { attribute: 'label', operator: 'hasOneOf', value: ['1', 'é', '🦜'] },
    { attribute: 'property.a b', operator: 'atLeast', value: 'a' },
  ),
)

type Step =
  | { readonly do: 'receive'; readonly channel: 'email' | 'chat' }
  | { readonly do: 'act'; readonly act: number; readonly on: number; readonly odd: string }
  | { readonly do: 'view'; readonly filter: ConversationFilter }
  | { readonly do: 'edit'; readonly on: number; readonly filter: ConversationFilter }
  | { readonly do: 'delete'; readonly on: number }

const on = fc.nat(1_000)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('receive' as const),
      channel: fc.constantFrom('email' as const, 'chat' as const),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('act' as const),
      act: fc.nat(ACTS.length - 1),
      on,
      odd,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('view' as const), filter: filters }) },
  fc.record({ do: fc.constant('edit' as const), on, filter: filters }),
  fc.record({ do: fc.constant('delete' as const), on }),
)

const idsOf = (items: readonly { readonly conversationId: string }[]): readonly string[] =>
  items.map(({ conversationId }) => conversationId).sort()

const at = <A>(list: readonly A[], index: number): A | undefined => list[index % list.length]

/** Histories a store: where rows run behind the log, each step of one waits for them. */
const RUNS = { memory: 20, sqlite: 8, postgres: 2, eventstoredb: 1 } as const

onEveryStore(({ name, place }) => {
  it('K-08 while conversations change, and views are made, changed and deleted', async () => {
    const { open } = await place()
    let account = 0
    await using whole = await openInbox(await open())
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
        const inbox = whole.account(`a${String(++account)}`)
        const ask = async (request: Request) => {
          const done = await inbox.execute(request)
          if (done._tag === 'Right') right(await inbox.waitFor(done.right))
          return done
        }
        for (const inboxId of INBOXES) {
          await ask(createInbox({ inboxId, name: inboxId, actor: 'system' }))
          for (const channel of ['email', 'chat'] as const)
            await ask(connectChannel({ inboxId, channel, address: channel, actor: 'system' }))
        }
        const conversations: string[] = []
        const views: string[] = []

        const numbersAreRight = async (): Promise<void> => {
          for (const view of views)
            for (const which of [
              {},
              { inbox: 'all' },
              { inbox: 'sales', status: 'open' },
            ] as const) {
              const request = { viewer: 'ada', ...which }
              const { items } = right(await inbox.views.list({ view }, { ...request, limit: 500 }))
              // In this order, a store keeps no rows of a view.
              const asked = right(
                await inbox.views.list(
                  { view },
                  { ...request, limit: 500, sort: 'longestWaiting' },
                ),
              )
              expect(idsOf(items)).toEqual(idsOf(asked.items))
              expect(right(await inbox.views.count({ view }, request))).toEqual({
                count: items.length,
                more: false,
                counting: false,
              })
            }
        }

        for (const one of steps) {
          if (one.do === 'receive') {
            conversations.push(await receive(inbox, one.channel))
            right(await inbox.caughtUp())
          } else if (one.do === 'act') {
            const conversationId = at(conversations, one.on)
            if (conversationId !== undefined) await ask(ACTS[one.act]!(conversationId, one.odd))
          } else if (one.do === 'view') {
            const made = await ask(createView({ name: 'A view', filter: one.filter, actor: ada }))
            if (made._tag === 'Right') views.push(made.right.viewId!)
          } else {
            const viewId = at(views, one.on)
            if (viewId === undefined) continue
            if (one.do === 'edit') await ask(changeView({ viewId, filter: one.filter, actor: ada }))
            else {
              await ask(deleteView({ viewId, actor: ada }))
              views.splice(views.indexOf(viewId), 1)
            }
          }
          await numbersAreRight()
        }
      }),
      { numRuns: RUNS[name] },
    )
  })
})

onEveryStore(({ place }) => {
  it('K-08 after a rebuild of the list and after the way back, with changes in between', async () => {
    const { open } = await place()
    await using whole = await openInbox(await open())
    const inbox = whole.account('acme')
    const ask = async (request: Request) => right(await inbox.execute(request))
    await ask(createInbox({ inboxId: 'support', name: 'support', actor: 'system' }))
    await ask(
      connectChannel({ inboxId: 'support', channel: 'email', address: 'email', actor: 'system' }),
    )
    const view = async (value: boolean) => {
      const filter = { attribute: 'spam', operator: 'is', value } as const
      return (await ask(createView({ name: `spam ${String(value)}`, filter, actor: ada }))).viewId!
    }
    const views = [await view(true), await view(false)]
    const counted = async () => {
      right(await inbox.caughtUp())
      const numbers: number[] = []
      for (const each of views) {
        const counted = right(await inbox.views.count({ view: each }, { viewer: 'ada' }))
        const { items } = right(
          await inbox.views.list({ view: each }, { viewer: 'ada', limit: 50 }),
        )
        // Never wrong: few rows are counted by the time of the answer.
        expect(counted).toEqual({ count: items.length, more: false, counting: false })
        numbers.push(counted.count)
      }
      return numbers
    }
    const received: string[] = []
    for (let n = 0; n < 5; n++) received.push(await receive(inbox, 'email'))
    await ask(markAsSpam({ conversationId: received[0]!, actor: ada }))
    expect(await counted()).toEqual([1, 4])

    expect(right(await whole.projections.rebuild('conversations'))).toBe('rebuilt')
    expect(await counted()).toEqual([1, 4])
    await ask(markAsSpam({ conversationId: received[1]!, actor: ada }))
    received.push(await receive(inbox, 'email'))
    expect(await counted()).toEqual([2, 4])
    // One of them is asked about by nobody until the way back.
    await ask(deleteView({ viewId: views.pop()!, actor: ada }))
    views.push(await view(false))

    expect(right(await whole.projections.rollback('conversations'))).toBe('rolledBack')
    expect(await counted()).toEqual([2, 4])
    await ask(markAsSpam({ conversationId: received[2]!, actor: ada }))
    expect(await counted()).toEqual([3, 3])
    expect(right(await whole.projections.rebuild('conversations'))).toBe('rebuilt')
    await ask(markAsSpam({ conversationId: received[3]!, actor: ada }))
    expect(await counted()).toEqual([4, 2])
  })
})
