/** What an operator passed over is as if it had not been, wherever the past is looked at. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import type { NewEvent } from '@threadbook/sourcing'
import { listAsOf } from '../src/history/as-of/list-as-of.js'
import { conversationPasts } from '../src/live/conversation-pasts.js'
import { ada, openDesk, right, type Desk } from './fixtures.js'

const viewer = 'ada'

/** Events of the conversation's stream, written past all commands. */
const write = async (desk: Desk, conversationId: string, events: readonly [string, unknown][]) => {
  for (const [type, data] of events) {
    const stream = `conversation-main.${conversationId}`
    const now = desk.clock.pass({ minutes: 1 })
    const event: NewEvent = {
      id: randomUUID(),
      type,
      data,
      metadata: {
        schemaVersion: 1,
        account: 'main',
        actor: ada,
        commandId: randomUUID(),
        occurredAt: now,
        recordedAt: now,
      },
    }
    right(await desk.adapters.store.append({ stream, expected: 'any', events: [event] })())
  }
  right(await desk.inbox.caughtUp())
}

/** The list stands still at its assignment, and it was closed behind that. */
const brokenDesk = async () => {
  const desk = await openDesk()
  const [broken, sound] = [await desk.receive(), await desk.receive()]
  await write(desk, broken, [
    ['Assigned', null],
    ['Closed', {}],
  ])
  const [parked] = right(await desk.inbox.projections.parked())
  expect(parked).toMatchObject({ projection: 'conversations', key: broken, type: 'Assigned' })
  const skip = async () => {
    const request = { reason: 'made by an import', by: ada }
    right(await desk.inbox.projections.skip('conversations', broken, request))
  }
  return { desk, broken, sound, skip }
}

const idsOf = async ({ inbox }: Desk, view: 'allClosed' | 'allOpen') =>
  right(await inbox.views.list(view, { viewer, limit: 10 })).items.map(
    ({ conversationId }) => conversationId,
  )

describe('an event that was skipped', () => {
  it('D-02 is told by explain, which goes on behind it as the list does', async () => {
    const { desk, broken, sound, skip } = await brokenDesk()
    const explained = async (id = broken) =>
      right(await desk.inbox.explain(id, 'allClosed', { viewer }))
    expect(await explained()).toMatchObject({ isIn: false, skipped: [], transitions: [] })
    await skip()
    expect(await idsOf(desk, 'allClosed')).toEqual([broken])
    expect(await explained()).toMatchObject({
      isIn: true,
      transitions: [{ change: 'entered', because: { event: 'Closed' } }],
      skipped: [{ type: 'Assigned', key: broken, reason: 'made by an import', by: ada }],
    })
    expect(await explained(sound)).toMatchObject({ isIn: false, skipped: [] })
  })

  it.each([
    ['what lies between the place and the list', { events: 1_000, conversations: 1_000 }],
    ['a snapshot', { events: 0, conversations: 0 }],
  ])('is passed over in a list of the past that is read from %s', async (_, distance) => {
    const { desk, broken, sound, skip } = await brokenDesk()
    await skip()
    const asOf = { at: desk.clock.pass({ minutes: 1 }) }
    await write(desk, broken, [['Reopened', {}]])
    expect(await idsOf(desk, 'allClosed')).toEqual([])
    const then = async (view: 'allClosed' | 'allOpen') => {
      const listed = await listAsOf(desk.inbox.door, view, { viewer, limit: 10, asOf }, distance)
      return right(listed).items.map(({ conversationId }) => conversationId)
    }
    expect(await then('allClosed')).toEqual([broken])
    expect(await then('allOpen')).toEqual([sound])
  })

  it('is passed over by live lists, also by one that had looked before', async () => {
    const { desk, broken, skip } = await brokenDesk()
    const stream = `conversation-main.${broken}`
    const pasts = conversationPasts(desk.adapters)
    expect(await pasts.now(stream)).toMatchObject({ parked: true, row: { status: 'open' } })
    await skip()
    const after = { parked: false, revision: 3, row: { status: 'closed', owner: null } }
    expect(await pasts.now(stream)).toMatchObject(after)
    expect(await pasts.since(stream, 3)).toMatchObject(after)
    expect(await pasts.at(stream, 1)).toMatchObject({ row: { status: 'open' } })
  })
})
