/** Numbers of custom views that are kept with the rows. */
import { describe, expect, it } from '@jest/globals'
import {
  addUser,
  changeMembers,
  changeView,
  close,
  createInbox,
  createView,
  deleteView,
  moveToInbox,
  user,
  type ConversationFilter,
} from '@threadbook/core'
import type { ListRequest } from '@threadbook/inbox'
import { conversationRows } from '@threadbook/projection-views'
import type { Adapters, Rows } from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'
import { ada, openDesk, right, type Desk } from './fixtures.js'

const rows = conversationRows as unknown as Rows

const condition = (attribute: string, operator: string, value?: unknown) =>
  ({ attribute, operator, ...(value !== undefined && { value }) }) as ConversationFilter
const isOpen = condition('status', 'is', 'open')

const make = async (desk: Desk, filter: ConversationFilter): Promise<string> =>
  (
    await desk.ask(
      createView({ name: 'A view', filter, visibility: { to: 'account' }, actor: ada }),
    )
  ).viewId!

const count = async (desk: Desk, view: string, request: ListRequest = {}) =>
  right(await desk.inbox.views.count({ view }, request))

const exactly = (count: number) => ({ count, more: false, counting: false })

const watched = async ({ adapters }: Desk): Promise<readonly string[]> =>
  right(await adapters.readModels.watched(rows, 'main')())

describe('the number of a custom view', () => {
  it('K-08 is watched from when it is first asked for, in each inbox and status', async () => {
    const desk = await openDesk()
    await desk.ask(createInbox({ inboxId: 'sales', name: 'Sales', actor: ada }))
    const view = await make(desk, condition('channel', 'is', 'email'))
    expect(await watched(desk)).toEqual([])
    const [a, b] = [await desk.receive(), await desk.receive()]
    await desk.receive({ channel: 'chat' })
    expect(await count(desk, view)).toEqual(exactly(2))
    expect(await watched(desk)).toHaveLength(1)
    await desk.ask(close({ conversationId: a, actor: ada }))
    await desk.ask(moveToInbox({ conversationId: b, inbox: 'sales', actor: ada }))
    await desk.receive()
    expect(await count(desk, view)).toEqual(exactly(2))
    expect(await count(desk, view, { status: 'open' })).toEqual(exactly(1))
    expect(await count(desk, view, { status: 'closed' })).toEqual(exactly(1))
    expect(await count(desk, view, { inbox: 'sales' })).toEqual(exactly(1))
    expect(await count(desk, view, { inbox: ['sales', 'support'] })).toEqual(exactly(3))
    expect(await count(desk, view, { inbox: 'all', status: 'open' })).toEqual(exactly(2))
    expect(await watched(desk)).toHaveLength(1)
  })

  it('is that of what it lists now once it is changed, and nobody’s once it is deleted', async () => {
    const desk = await openDesk()
    const id = await desk.receive()
    const [view, other] = [await make(desk, isOpen), await make(desk, isOpen)]
    expect(await count(desk, view)).toEqual(exactly(1))
    expect(await count(desk, other)).toEqual(exactly(1))
    const before = await watched(desk)
    await desk.ask(changeView({ viewId: view, name: 'Another name', actor: ada }))
    await desk.inbox.settled()
    expect(await watched(desk)).toEqual(before)
    const filter = condition('status', 'is', 'closed')
    await desk.ask(changeView({ viewId: view, filter, actor: ada }))
    expect(await count(desk, view)).toEqual(exactly(0))
    await desk.ask(close({ conversationId: id, actor: ada }))
    expect(await count(desk, view)).toEqual(exactly(1))
    await desk.inbox.settled()
    const after = await watched(desk)
    expect(after).toHaveLength(2)
    expect(after).not.toEqual(before)
    for (const viewId of [view, other]) await desk.ask(deleteView({ viewId, actor: ada }))
    await desk.inbox.settled()
    expect(await watched(desk)).toEqual([])
  })

  it.each([
    ['who looks', condition('owner', 'is', 'me')],
    ['what they have read', { not: condition('unread', 'is', false) }],
    ['the day', { and: [isOpen, condition('startedAt', 'from', { ago: 7, unit: 'days' })] }],
  ] as const)('that depends on %s is counted on demand', async (_, filter) => {
    const desk = await openDesk()
    await desk.receive()
    const view = await make(desk, filter)
    expect(await count(desk, view, { viewer: 'ada' })).toMatchObject({ more: false })
    expect(await watched(desk)).toEqual([])
  })

  it('is never wrong while it is being counted: so many were found, there may be more', async () => {
    const adapters = await memory()
    const { readModels } = adapters
    let free = 2
    /** Counts one at a time, and no more than are free. */
    const slow: Adapters = {
      ...adapters,
      readModels: {
        ...readModels,
        countWatched: (projection, name) =>
          free-- > 0 ? readModels.countWatched(projection, name, 1) : async () => E.right(false),
      },
    }
    const desk = await openDesk(slow)
    for (let n = 0; n < 4; n++) await desk.receive()
    const view = await make(desk, isOpen)
    expect(await count(desk, view)).toEqual({ count: 2, more: true, counting: true })
    const late = await desk.receive()
    expect(await count(desk, view)).toEqual({ count: 2, more: true, counting: true })
    free = Infinity
    let counted = await count(desk, view)
    // One at a time, until its patience is at an end: a busy machine takes more than one look.
    while (counted.counting) {
      expect(counted.more).toBe(true)
      expect(counted.count).toBeLessThanOrEqual(5)
      counted = await count(desk, view)
    }
    expect(counted).toEqual(exactly(5))
    await desk.ask(close({ conversationId: late, actor: ada }))
    expect(await count(desk, view)).toEqual(exactly(4))
    await desk.inbox.close()
  })

  it('is kept of two hundred views of an account, and counted on demand of others', async () => {
    const desk = await openDesk()
    await desk.receive()
    const views: string[] = []
    for (let n = 0; n < 201; n++) views.push(await make(desk, isOpen))
    for (const view of views) expect(await count(desk, view)).toEqual(exactly(1))
    expect(await watched(desk)).toHaveLength(200)
    // Also where nobody heard of its end yet.
    await desk.ask(deleteView({ viewId: views[0]!, actor: ada }))
    expect(await count(desk, views.at(-1)!)).toEqual(exactly(1))
    const names = await watched(desk)
    expect(names).toHaveLength(200)
    expect(names.some((name) => name.includes(views.at(-1)!))).toBe(true)
  }, 60_000)

  it('S-003 K-15 counts what a viewer may see, of another account nothing', async () => {
    const desk = await openDesk()
    await desk.ask(createInbox({ inboxId: 'sales', name: 'Sales', actor: ada }))
    const view = await make(desk, isOpen)
    const id = await desk.receive()
    await desk.receive()
    await desk.ask(moveToInbox({ conversationId: id, inbox: 'sales', actor: ada }))
    await desk.ask(changeMembers({ inboxId: 'sales', members: [user('cy')], actor: ada }))
    await desk.ask(addUser({ userId: 'bo', roles: ['member'], actor: 'system' }))
    expect(await count(desk, view, { inbox: 'all' })).toEqual(exactly(2))
    expect(await count(desk, view, { inbox: 'all', viewer: 'bo' })).toEqual(exactly(1))
    expect(await desk.inbox.views.count({ view }, { inbox: 'sales', viewer: 'bo' })).toEqual(
      E.left({ type: 'NoAccess', inbox: 'sales' }),
    )
    expect(await desk.inbox.account('other').views.count({ view })).toEqual(
      E.left({ type: 'NoSuchView', view }),
    )
  })
})
