/** The way out for views that stand still because an event broke there. */
import { describe, expect, it } from '@jest/globals'
import { close } from '@threadbook/core'
import type { Inbox } from '@threadbook/inbox'
import { streamName, type Position, type Rows } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { ada, lasting, openDesk, right, type Desk } from './fixtures.js'

/** A host's own: how often a conversation was closed. Breaks at what it was not made for. */
const closings = (isMended: boolean, version = 1): Rows => ({
  name: 'closings',
  version,
  table: { name: 'closings', columns: { count: 'number' }, indexes: [] },
  categories: ['conversation'],
  on: {
    ConversationStarted: () => ({ count: 0 }),
    Closed: (row) => {
      if (!isMended) throw new Error('not made for it')
      if (row !== undefined) row['count'] = Number(row['count']) + 1
    },
    Reopened: (row) => {
      if (row !== undefined) row['count'] = Number(row['count']) + 10
    },
  },
})

const reopenedBy = async (desk: Desk, conversationId: string) =>
  void (await desk.receive({ conversationId }))

const brokenDesk = async () => {
  const desk = await openDesk(undefined, { projections: [closings(false)] })
  const [broken, sound] = [await desk.receive(), await desk.receive()]
  await desk.ask(close({ conversationId: broken, actor: ada }))
  await reopenedBy(desk, broken)
  return { desk, broken, sound }
}

/** The same, opened by software that was mended. */
const mended = async ({ adapters }: Desk, projection = closings(true)) =>
  openDesk(lasting(adapters), { projections: [projection] })

const countOf = async ({ adapters }: Desk, projection: Rows, key: string) =>
  right(await adapters.readModels.get(projection, [key])()).get(key)?.['count']

const faultOf = <A>(answer: E.Either<unknown, A>): unknown =>
  E.isLeft(answer) ? answer.left : answer

describe('inbox.projections.parked', () => {
  it('names the row, the event that broke, why, and how many wait behind it', async () => {
    const { desk, broken } = await brokenDesk()
    const closed = (await desk.stream('conversation', broken)).find(
      ({ type }) => type === 'Closed',
    )!
    expect(right(await desk.inbox.projections.parked())).toEqual([
      {
        projection: 'closings',
        key: broken,
        position: closed.position,
        stream: closed.stream,
        revision: closed.revision,
        type: 'Closed',
        recordedAt: closed.metadata.recordedAt,
        error: 'Error: not made for it',
        waiting: 1,
      },
    ])
  })

  it('answers by projection, and as many as are asked for', async () => {
    const { desk, sound } = await brokenDesk()
    await desk.ask(close({ conversationId: sound, actor: ada }))
    const parked = async (request: Parameters<Inbox['projections']['parked']>[0]) =>
      right(await desk.inbox.projections.parked(request)).map(({ key }) => key)
    expect(await parked({ projection: 'closings' })).toHaveLength(2)
    expect(await parked({ limit: 1 })).toHaveLength(1)
    expect(await parked({ projection: 'conversations' })).toEqual([])
  })
})

describe('inbox.projections.retry', () => {
  it('after the fix, folds what is parked for a row, in order', async () => {
    const { desk, broken } = await brokenDesk()
    const again = await mended(desk)
    expect(right(await again.inbox.projections.retry('closings', broken))).toEqual({
      folded: 2,
      broken: undefined,
    })
    expect(await countOf(again, closings(true), broken)).toBe(11)
    expect(right(await again.inbox.projections.parked())).toEqual([])
    await again.ask(close({ conversationId: broken, actor: ada }))
    expect(await countOf(again, closings(true), broken)).toBe(12)
  })

  it('without a fix, leaves it parked and says so', async () => {
    const { desk, broken } = await brokenDesk()
    expect(right(await desk.inbox.projections.retry('closings', broken))).toMatchObject({
      folded: 0,
      broken: { key: broken, type: 'Closed', error: 'Error: not made for it' },
    })
    expect(right(await desk.inbox.projections.parked())).toMatchObject([{ waiting: 1 }])
  })

  it('of a row where nothing is parked is refused', async () => {
    const { desk, sound } = await brokenDesk()
    expect(faultOf(await desk.inbox.projections.retry('closings', sound))).toEqual({
      type: 'NothingParked',
      projection: 'closings',
      key: sound,
    })
  })
})

describe('inbox.projections.skip', () => {
  const request = { reason: 'closed by an import, twice', by: ada }

  it('passes over the event that broke, folds the rest, and is kept with who, when and why', async () => {
    const { desk, broken } = await brokenDesk()
    const [parked] = right(await desk.inbox.projections.parked())
    const { waiting, ...event } = parked!
    expect(right(await desk.inbox.projections.skip('closings', broken, request))).toEqual({
      folded: waiting,
      broken: undefined,
    })
    expect(await countOf(desk, closings(false), broken)).toBe(10)
    expect(right(await desk.inbox.projections.skipped())).toEqual([
      { ...event, ...request, at: desk.clock.now() },
    ])
  })

  it('holds for rows that are made anew, also by software that is mended', async () => {
    const { desk, broken, sound } = await brokenDesk()
    right(await desk.inbox.projections.skip('closings', broken, request))
    await desk.ask(close({ conversationId: sound, actor: ada }))
    const anew = closings(true, 2)
    const again = await mended(desk, anew)
    expect(await countOf(again, anew, broken)).toBe(10)
    expect(await countOf(again, anew, sound)).toBe(1)
    expect(right(await again.inbox.projections.skipped())).toHaveLength(1)
  })

  it('passes over one event: what breaks behind it stays parked', async () => {
    const { desk, broken } = await brokenDesk()
    await desk.ask(close({ conversationId: broken, actor: ada }))
    const skipped = right(await desk.inbox.projections.skip('closings', broken, request))
    expect(skipped).toMatchObject({ folded: 1, broken: { type: 'Closed' } })
    expect(right(await desk.inbox.projections.parked())).toMatchObject([{ waiting: 0 }])
  })

  it('of an event that is not the first one by now is refused', async () => {
    const { desk, broken } = await brokenDesk()
    const position = '0000000000000001' as Position
    const skipped = desk.inbox.projections.skip('closings', broken, { ...request, position })
    expect(faultOf(await skipped)).toMatchObject({ type: 'ParkedMoved', key: broken })
    expect(right(await desk.inbox.projections.skipped())).toEqual([])
  })

  it('lets a conversation’s list go on behind an event that no software can read', async () => {
    const desk = await openDesk()
    const id = await desk.receive()
    const [started] = await desk.stream('conversation', id)
    const append = async (type: string, data: unknown) =>
      right(
        await desk.adapters.store.append({
          stream: streamName('conversation', 'main', id),
          expected: 'any',
          events: [{ id: desk.inbox.door.newId(), type, data, metadata: started!.metadata }],
        })(),
      )
    await append('CommentAdded', { commentId: 'c', text: 'not sealed' })
    await append('Closed', {})
    expect((await desk.row(id))?.status).toBe('open')
    right(await desk.inbox.projections.skip('conversations', id, request))
    expect((await desk.row(id))?.status).toBe('closed')
  })
})

describe('bad input', () => {
  it.each([
    ['a projection that is not there', { projection: 'nothing' }, 'projection'],
    ['no rows at all', { limit: 0 }, 'limit'],
    ['more than a thousand', { limit: 1_001 }, 'limit'],
    ['half a row', { limit: 1.5 }, 'limit'],
  ])('%s is refused', async (_, request, field) => {
    const desk = await openDesk()
    expect(faultOf(await desk.inbox.projections.parked(request))).toMatchObject({
      type: 'InvalidRequest',
      field,
    })
  })

  it.each([
    ['an empty reason', { reason: ' ', by: ada }, 'reason'],
    ['a reason without end', { reason: 'x'.repeat(1_001), by: ada }, 'reason'],
    ['nobody', { reason: 'x', by: 'ada' as 'system' }, 'by'],
  ])('a skip with %s is refused, and skips nothing', async (_, request, field) => {
    const { desk, broken } = await brokenDesk()
    expect(faultOf(await desk.inbox.projections.skip('closings', broken, request))).toMatchObject({
      type: 'InvalidRequest',
      field,
    })
    expect(right(await desk.inbox.projections.parked())).toHaveLength(1)
  })
})
