/** S-089: trash and close for a selection, each conversation by itself. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import { bulkClose, bulkTrash, close, takeOverByBot, trash, user } from '@threadbook/core'
import { openInbox } from '@threadbook/inbox'
import type { Append } from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ada, deskAt, lasting, openDesk, right, type Desk } from './fixtures.js'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})

const many = (count: number) => Promise.all(Array.from({ length: count }, () => desk.receive()))
const resultsOf = async (id: string, from: Desk = desk) =>
  right(await from.inbox.bulkOperation(id)).items.map(({ outcome }) => outcome?.result)

describe('a bulk operation', () => {
  it('S-089 moves a selection to Trash', async () => {
    const items = await many(60)
    const { bulkOperationId } = await desk.ask(bulkTrash({ items, actor: ada }))
    expect(right(await desk.inbox.views.counts()).views).toMatchObject({ trash: 60, allOpen: 0 })
    expect(right(await desk.inbox.bulkOperation(bulkOperationId!))).toEqual({
      bulkOperationId,
      action: 'trash',
      finished: true,
      items: items.map((conversation) => ({
        conversationId: conversation,
        outcome: { conversation, result: 'done' },
      })),
    })
  })

  it('S-089 closes a selection, in the name of who asked', async () => {
    const items = await many(2)
    await desk.ask(bulkClose({ items, actor: user('bea') }))
    for (const id of items)
      expect((await desk.stream('conversation', id)).at(-1)).toMatchObject({
        type: 'Closed',
        metadata: { actor: 'user:bea' },
      })
  })

  it('D-07 S-087 has an outcome for each, and is stopped by none', async () => {
    const [first, held, trashed, done, last] = (await many(5)) as [
      string,
      string,
      string,
      string,
      string,
    ]
    const bot = { chatflowId: 'f', chatflowName: 'Greeter', actor: 'bot:greeter' } as const
    await desk.ask(takeOverByBot({ conversationId: held, ...bot }))
    await desk.ask(trash({ conversationId: trashed, actor: ada }))
    await desk.ask(close({ conversationId: done, actor: ada }))
    const items = [first, held, 'none', trashed, done, last]
    const { bulkOperationId } = await desk.ask(bulkClose({ items, actor: ada }))
    const { finished, items: found } = right(await desk.inbox.bulkOperation(bulkOperationId!))
    expect(finished).toBe(true)
    expect(found.map(({ outcome }) => outcome)).toEqual([
      { conversation: first, result: 'done' },
      {
        conversation: held,
        result: 'refused',
        reason: { type: 'BotStillTalking', closableFrom: expect.any(String) },
      },
      { conversation: 'none', result: 'refused', reason: { type: 'NoSuchConversation' } },
      { conversation: trashed, result: 'refused', reason: { type: 'ConversationInTrash' } },
      { conversation: done, result: 'unchanged' },
      { conversation: last, result: 'done' },
    ])
  })

  it('D-26 S-087 never hinders moving to Trash', async () => {
    const conversationId = await desk.receive({ channel: 'chat' })
    const bot = { chatflowId: 'f', chatflowName: 'Greeter', actor: 'bot:greeter' } as const
    await desk.ask(takeOverByBot({ conversationId, ...bot }))
    const { bulkOperationId } = await desk.ask(bulkTrash({ items: [conversationId], actor: ada }))
    expect(await resultsOf(bulkOperationId!)).toEqual(['done'])
  })

  it('is done once: asked again it answers with what became of it', async () => {
    const items = await many(3)
    const request = bulkTrash({ items, bulkOperationId: 'mine', actor: ada })
    await desk.ask(request)
    const before = await desk.log()
    await desk.ask(request)
    expect(await desk.log()).toEqual(before)
  })

  it('is too much, or unknown, by name', async () => {
    const items = Array.from({ length: 501 }, (_, n) => String(n))
    expect(await desk.refused(bulkTrash({ items, actor: ada }))).toMatchObject({
      type: 'TooManyItems',
    })
    expect(await desk.inbox.bulkOperation('none')).toMatchObject({
      left: { type: 'NoSuchBulkOperation' },
    })
  })
})

/** A log that cannot be reached any more after so many appends, until it is mended. */
const breaking = async () => {
  const adapters = await memory()
  const state = { left: Infinity }
  const { store } = adapters
  const appendAll = (appends: readonly Append[]) => {
    if (state.left-- > 0) return store.appendAll(appends as never)
    return TE.left({ type: 'Unavailable', reason: 'down' } as never)
  }
  return {
    state,
    adapters: lasting({ ...adapters, store: { ...store, appendAll } }),
  }
}

it('D-07 is finished by asking again, wherever a crash left it', async () => {
  for (const left of [0, 1, 2, 20, 26, 27, 28, 40, 58]) {
    const { state, adapters } = await breaking()
    desk = await openDesk(adapters)
    const items = await many(55)
    const request = bulkClose({ items, bulkOperationId: 'mine', actor: ada })
    state.left = left
    expect(await desk.refused(request)).toMatchObject({ type: 'Unavailable' })
    state.left = Infinity
    const restarted = deskAt(await openInbox(adapters, { clock: desk.clock }), adapters, desk.clock)
    await restarted.ask(request)
    expect(await resultsOf('mine', restarted)).toEqual(items.map(() => 'done'))
    const log = await restarted.log()
    expect(log.filter(({ type }) => type === 'Closed')).toHaveLength(55)
    expect(log.filter(({ type }) => type === 'BulkOperationFinished')).toHaveLength(1)
  }
})

it('S-089 D-07 is finished by itself after a crash, no conversation twice', async () => {
  for (const left of [1, 2, 26, 27, 58]) {
    const { state, adapters } = await breaking()
    desk = await openDesk(adapters)
    const items = await many(55)
    state.left = left
    const request = bulkTrash({ items, bulkOperationId: 'mine', actor: ada })
    expect(await desk.refused(request)).toMatchObject({ type: 'Unavailable' })
    await desk.inbox.close()
    state.left = Infinity
    desk.clock.pass({ minutes: 1 })
    const { inbox } = deskAt(await openInbox(adapters, { clock: desk.clock }), adapters, desk.clock)
    await inbox.settled()
    const operation = right(await inbox.bulkOperation('mine'))
    expect(operation.finished).toBe(true)
    expect(operation.items.map(({ outcome }) => outcome?.result)).toEqual(items.map(() => 'done'))
    const types = (await desk.log()).map(({ type }) => type)
    expect(types.filter((type) => type === 'Trashed')).toHaveLength(55)
    expect(types.filter((type) => type === 'BulkOperationFinished')).toHaveLength(1)
    await inbox.close()
  }
})

it('S-089 goes on by itself once the log can be reached again', async () => {
  const { state, adapters } = await breaking()
  desk = await openDesk(adapters)
  const items = await many(3)
  state.left = 2
  const request = bulkTrash({ items, bulkOperationId: 'mine', actor: ada })
  expect(await desk.refused(request)).toMatchObject({ type: 'Unavailable' })
  state.left = Infinity
  desk.clock.pass({ minutes: 1 })
  await desk.inbox.settled()
  expect(await resultsOf('mine')).toEqual(['done', 'done', 'done'])
  await desk.inbox.close()
})
