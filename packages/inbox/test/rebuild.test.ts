/** Views built anew while the old ones are served, and the way back. */
import { describe, expect, it } from '@jest/globals'
import { close as closing } from '@threadbook/core'
import { inSet, type Adapters, type Rows, type RebuildProgress } from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import { ada, expectRebuilt, lasting, openDesk, right, type Desk } from './fixtures.js'

/** A host's own: how often a conversation was closed, each time counted as so many. */
const closings = (each: number, version = 1): Rows => ({
  name: 'closings',
  version,
  table: { name: 'closings', columns: { count: 'number' }, indexes: [] },
  categories: ['conversation'],
  on: {
    ConversationStarted: () => ({ count: 0 }),
    Closed: (row) => {
      if (row !== undefined) row['count'] = Number(row['count']) + each
    },
  },
})

const wrong = closings(2)
const mended = closings(1)

const countIn = async ({ adapters }: Desk, key: string, projection = mended) =>
  right(await adapters.readModels.get(projection, [key])()).get(key)?.['count']

const setsOf = async ({ adapters }: Desk, projection = mended) =>
  right(await adapters.readModels.sets(projection)())
    .map(({ version, set }) => `${String(version)} ${set}`)
    .sort()

const openWith = (adapters: Adapters, ...projections: readonly Rows[]) =>
  openDesk(lasting(adapters), { projections })

/** As a log and rows in different places are. */
const apart = async (): Promise<Adapters> => {
  const { store, readModels, vault, blobs, close } = await memory()
  return { store, readModels, vault, blobs, close }
}

describe.each([
  ['in the transactions of the log', memory],
  ['behind the log', apart],
])('views that are kept %s', (_, newAdapters) => {
  const closedOnce = async (projection: Rows) => {
    const adapters = await newAdapters()
    const desk = await openWith(adapters, projection)
    const conversationId = await desk.receive()
    right(await desk.inbox.waitFor(await desk.ask(closing({ conversationId, actor: ada }))))
    return { adapters, desk, conversationId }
  }

  it('are the same after a rebuild, each of them, and go on', async () => {
    const { adapters, desk } = await closedOnce(mended)
    const unknown = await desk.inbox.projections.rebuild('')
    const names = (unknown as { left: { expected: string } }).left.expected
    for (const name of names.replace('one of ', '').split(', '))
      expect(right(await desk.inbox.projections.rebuild(name))).toBe('rebuilt')
    const later = await desk.receive()
    right(await desk.inbox.waitFor(await desk.ask(closing({ conversationId: later, actor: ada }))))
    await expectRebuilt(adapters)
    expect(await countIn(desk, later)).toBe(1)
  })

  it('are mended by a rebuild, and by the way back as they were, with what came meanwhile', async () => {
    const { adapters, desk, conversationId } = await closedOnce(wrong)
    expect(await countIn(desk, conversationId)).toBe(2)
    await desk.inbox.close()
    const after = await openWith(adapters, mended)
    expect(await countIn(after, conversationId)).toBe(2)
    expect(right(await after.inbox.projections.rebuild('closings'))).toBe('rebuilt')
    expect(await countIn(after, conversationId)).toBe(1)
    expect(await setsOf(after)).toEqual(['1 previous', '1 served'])
    const another = await after.receive()
    expect(right(await after.inbox.projections.rollback('closings'))).toBe('rolledBack')
    expect(await countIn(after, conversationId)).toBe(2)
    expect(await countIn(after, another)).toBe(0)
    await after.inbox.close()
  })

  it('stay as they are where nothing was kept to go back to', async () => {
    const { desk, conversationId } = await closedOnce(mended)
    expect(right(await desk.inbox.projections.rollback('closings'))).toBe('nothingKept')
    expect(await countIn(desk, conversationId)).toBe(1)
  })

  it('of a newer version are built beside the older, which an old process goes on serving', async () => {
    const { adapters, desk, conversationId } = await closedOnce(wrong)
    const newer = closings(10, 2)
    const young = await openWith(adapters, newer)
    expect(await countIn(young, conversationId, newer)).toBe(10)
    expect(await countIn(desk, conversationId, wrong)).toBe(2)
    expect(await setsOf(young, newer)).toEqual(['1 served', '2 served'])
    const later = await young.receive()
    right(
      await young.inbox.waitFor(await young.ask(closing({ conversationId: later, actor: ada }))),
    )
    right(await desk.inbox.caughtUp())
    expect(await countIn(young, later, newer)).toBe(10)
    expect(await countIn(desk, later, wrong)).toBe(2)
    await young.inbox.close()
    await desk.inbox.close()
  })

  it('of a version before the last are taken away, that which came furthest is kept', async () => {
    const { adapters, desk } = await closedOnce(mended)
    await (await openWith(adapters, closings(1, 2))).inbox.close()
    await desk.receive()
    right(await desk.inbox.caughtUp())
    await desk.inbox.close()
    const last = await openWith(adapters, closings(1, 3))
    expect(await setsOf(last)).toHaveLength(2)
    expect(await setsOf(last)).toContain('3 served')
    await last.inbox.close()
  })

  it('are built once where two hosts ask for it at once', async () => {
    const { adapters, desk } = await closedOnce(mended)
    const other = await openWith(adapters, mended)
    const answers = await Promise.all(
      [desk, other].map(({ inbox }) => inbox.projections.rebuild('closings')),
    )
    expect(answers.map(right).sort()).toEqual(['byAnother', 'rebuilt'])
    await other.inbox.close()
  })

  it.each(['reading', 'indexing', 'serving'] as const)(
    'are left as they are where a rebuild is ended while it is %s, and nothing stays of it',
    async (stage) => {
      const { desk, conversationId } = await closedOnce(mended)
      const ended = new AbortController()
      const onProgress = (progress: RebuildProgress) => {
        if (progress.stage === stage) ended.abort(new Error('enough'))
      }
      const { signal } = ended
      const rebuild = desk.inbox.projections.rebuild('closings', { signal, onProgress })
      if (stage === 'serving') await rebuild.catch(() => undefined)
      else {
        await expect(rebuild).rejects.toThrow('enough')
        expect(await setsOf(desk)).toEqual(['1 served'])
      }
      expect(await countIn(desk, conversationId)).toBe(1)
      expect(right(await desk.inbox.projections.rebuild('closings'))).toBe('rebuilt')
    },
  )

  it('are rid of what a rebuild that was killed left behind, when an inbox is opened', async () => {
    const { adapters, desk } = await closedOnce(mended)
    await desk.inbox.close()
    right(await adapters.readModels.open(inSet(mended, 'next'))())
    const after = await openWith(adapters, mended)
    expect(right(await after.inbox.projections.rebuild('closings'))).toBe('rebuilt')
    expect(await setsOf(after)).toEqual(['1 previous', '1 served'])
    await after.inbox.close()
  })
})

it('the progress of a rebuild goes from reading to serving, up to the whole', async () => {
  const desk = await openDesk(undefined, { projections: [mended] })
  for (let n = 0; n < 5; n++) await desk.receive()
  const told: RebuildProgress[] = []
  right(await desk.inbox.projections.rebuild('closings', { onProgress: (one) => told.push(one) }))
  const stages = [...new Set(told.map(({ stage }) => stage))]
  expect(stages).toEqual(['reading', 'indexing', 'serving'])
  expect(told.at(-1)!.share).toBe(1)
  expect(told.at(-1)!.events).toBe(5)
})

it('a rebuild of what is no projection is refused, with the names of those that are', async () => {
  const desk = await openDesk()
  expect(await desk.inbox.projections.rebuild('nothing')).toMatchObject({
    left: { type: 'InvalidRequest', field: 'projection' },
  })
})

it('a rebuild that closing ends says so, and leaves nothing', async () => {
  const desk = await openDesk(undefined, { projections: [mended] })
  await desk.receive()
  const adapters = lasting(desk.adapters)
  const other = await openWith(adapters, mended)
  const rebuild = other.inbox.projections.rebuild('closings')
  await other.inbox.close()
  expect(['byAnother', 'rebuilt', 'Unavailable']).toContain(
    await rebuild.then((answer) => (answer._tag === 'Left' ? answer.left.type : answer.right)),
  )
  expect(await setsOf(desk)).not.toContain('1 next')
})
