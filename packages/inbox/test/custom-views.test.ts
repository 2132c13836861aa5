import { describe, expect, it } from '@jest/globals'
import {
  addTeamMember,
  assign,
  changeView,
  close,
  createTeam,
  createView,
  deleteView,
  markAsSpam,
  markRead,
  openAccount,
  setConversationProperty,
  team,
  user,
  type ConversationFilter,
} from '@threadbook/core'
import type { ListRequest } from '@threadbook/inbox'
import { ada, openDesk, right, type Desk } from './fixtures.js'

const condition = (attribute: string, operator: string, value?: unknown) =>
  ({ attribute, operator, ...(value !== undefined && { value }) }) as ConversationFilter

const make = async (desk: Desk, filter: ConversationFilter, more: object = {}): Promise<string> =>
  (await desk.ask(createView({ name: 'A view', filter, actor: ada, ...more }))).viewId!

const list = async (desk: Desk, view: string, request: ListRequest = {}) =>
  right(await desk.inbox.views.list({ view }, { viewer: 'ada', ...request })).items.map(
    ({ conversationId }) => conversationId,
  )

const count = async (desk: Desk, view: string, request: ListRequest = {}) =>
  right(await desk.inbox.views.count({ view }, { viewer: 'ada', ...request }))

const exactly = (count: number) => ({ count, more: false, counting: false })

describe('a custom view', () => {
  it('K-08 S-004 lists at once, and in full, what was there before', async () => {
    const desk = await openDesk()
    const [gold, other] = [await desk.receive(), await desk.receive()]
    await desk.receive({ channel: 'chat' })
    const tier = { name: 'tier', value: 'gold', actor: ada }
    await desk.ask(setConversationProperty({ conversationId: gold, ...tier }))
    await desk.ask(assign({ conversationId: other, owner: ada, actor: ada }))
    const view = await make(
      desk,
      {
        and: [
          condition('channel', 'is', 'email'),
          { or: [condition('property.tier', 'is', 'gold'), condition('owner', 'is', 'me')] },
        ],
      },
      { visibility: { to: 'account' } },
    )
    expect(await list(desk, view)).toEqual([other, gold])
    expect(await list(desk, view, { viewer: 'bo' })).toEqual([gold])
    expect(await list(desk, view, { status: 'closed' })).toEqual([])
    await desk.ask(close({ conversationId: gold, actor: ada }))
    expect(await list(desk, view, { status: 'closed' })).toEqual([gold])
  })

  it('leaves out Spam, unless its filter speaks of it', async () => {
    const desk = await openDesk()
    const [wanted, filtered] = [await desk.receive(), await desk.receive()]
    await desk.ask(markAsSpam({ conversationId: filtered, actor: ada }))
    expect(await list(desk, await make(desk, condition('channel', 'is', 'email')))).toEqual([
      wanted,
    ])
    expect(await list(desk, await make(desk, condition('spamCause', 'is', 'marked')))).toEqual([
      filtered,
    ])
  })

  it('D-13 in its own order, in pages, with the number of what it lists', async () => {
    const desk = await openDesk()
    const all: string[] = []
    for (let n = 0; n < 5; n++) all.push(await desk.receive())
    const view = await make(desk, condition('status', 'is', 'open'), { sort: 'longestWaiting' })
    expect(await list(desk, view)).toEqual(all)
    expect(await list(desk, view, { sort: 'newestFirst' })).toEqual([...all].reverse())
    const pages: string[] = []
    for (let after: string | undefined; ;) {
      const page = right(await desk.inbox.views.list({ view }, { viewer: 'ada', after, limit: 2 }))
      pages.push(...page.items.map(({ conversationId }) => conversationId))
      after = page.next
      if (after === undefined) break
    }
    expect(pages).toEqual(all)
    expect(await count(desk, view)).toEqual(exactly(5))
    expect(await count(desk, view, { status: 'closed' })).toEqual(exactly(0))
  })

  it('of what its viewer has not read', async () => {
    const desk = await openDesk()
    const [one, other] = [await desk.receive(), await desk.receive()]
    await desk.ask(markRead({ conversationId: one, actor: ada }))
    const view = await make(desk, condition('unread', 'is', true), {
      visibility: { to: 'account' },
    })
    expect(await list(desk, view)).toEqual([other])
    expect(await count(desk, view)).toEqual(exactly(1))
    expect(await list(desk, view, { viewer: 'bo' })).toEqual([other, one])
  })

  it('is counted exactly, but up to a thousand only where that depends on who looks', async () => {
    const desk = await openDesk()
    const open = await make(desk, condition('status', 'is', 'open'))
    const unread = await make(desk, condition('unread', 'is', true))
    for (let n = 0; n < 1_001; n++)
      right(await desk.inbox.execute(await desk.requestOf({ from: `b${String(n)}` })))
    expect(await count(desk, open)).toEqual(exactly(1_001))
    expect(await count(desk, unread)).toEqual({ count: 1_000, more: true, counting: false })
  }, 60_000)

  it('is seen by whoever made it, by its team, or by all', async () => {
    const desk = await openDesk()
    await desk.ask(createTeam({ teamId: 'night', name: 'Night', actor: ada }))
    await desk.ask(addTeamMember({ teamId: 'night', userId: 'bo', actor: ada }))
    const filter = condition('status', 'is', 'open')
    const mine = await make(desk, filter, { name: 'b' })
    const ours = await make(desk, filter, { name: 'c', visibility: { to: 'team', team: 'night' } })
    const all = await make(desk, filter, { name: 'a', visibility: { to: 'account' } })
    const seen = async (viewer?: string, teams?: readonly string[]) =>
      right(await desk.inbox.views.custom({ viewer, teams })).map(({ id }) => id)
    expect(await seen('ada')).toEqual([all, mine, ours])
    expect(await seen('bo')).toEqual([all, ours])
    expect(await seen('cy')).toEqual([all])
    expect(await seen('cy', ['night'])).toEqual([all, ours])
    expect(await seen()).toEqual([all])
    const other = desk.inbox.account('other')
    expect(right(await other.views.custom({ viewer: 'ada', teams: ['night'] }))).toEqual([])
    for (const [inbox, view, viewer] of [
      [desk.inbox, mine, 'bo'],
      [desk.inbox, ours, 'cy'],
      [desk.inbox, 'never', 'ada'],
      [other, all, 'ada'],
    ] as const) {
      const refusal = { left: { type: 'NoSuchView', view } }
      expect(await inbox.views.list({ view }, { viewer })).toMatchObject(refusal)
      expect(await inbox.views.count({ view }, { viewer })).toMatchObject(refusal)
    }
  })

  it('is gone once it is deleted, and another once it is changed', async () => {
    const desk = await openDesk()
    const id = await desk.receive()
    const viewId = await make(desk, condition('status', 'is', 'closed'))
    expect(await list(desk, viewId)).toEqual([])
    const filter = condition('status', 'is', 'open')
    await desk.ask(changeView({ viewId, filter, actor: ada }))
    expect(await list(desk, viewId)).toEqual([id])
    expect(await desk.refused(deleteView({ viewId, actor: user('bo') }))).toMatchObject({
      type: 'NotYourView',
    })
    await desk.ask(deleteView({ viewId, actor: ada }))
    expect(await desk.inbox.views.list({ view: viewId }, { viewer: 'ada' })).toMatchObject({
      left: { type: 'NoSuchView' },
    })
  })

  it('S-004 K-08 is refused by the edition, and by what no view is made of', async () => {
    const desk = await openDesk()
    await desk.ask(
      openAccount({ createdOn: '2025-01-01', zone: 'UTC', edition: 'starter', actor: ada }),
    )
    const filter = condition('owner', 'is', team('night'))
    expect(await desk.refused(createView({ name: 'x', filter, actor: ada }))).toMatchObject({
      type: 'NeedsEdition',
      capability: 'customViews',
    })
    await desk.ask({ type: 'ChangeEdition', edition: 'professional', actor: ada })
    const ticket = condition('ticket', 'isKnown')
    expect(await desk.refused(createView({ name: 'x', filter: ticket, actor: ada }))).toEqual({
      type: 'NotFilterable',
      attribute: 'ticket',
    })
    const wrong = condition('status', 'is', 'opne')
    expect(await desk.refused(createView({ name: 'x', filter: wrong, actor: ada }))).toMatchObject({
      type: 'InvalidCommand',
      field: 'filter.value',
      expected: 'open, closed',
    })
  })
})
