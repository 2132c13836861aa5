/** Rows built anew from the log equal those kept live, whichever way they are read. */
import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  processTurns,
  projectionTurn,
  rebuilder,
  remove,
  type Adapters,
  type Lease,
  type NewEvent,
  type ReadModels,
  type Rows,
} from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'

const ok = async <F, A>(task: TaskEither<F, A>): Promise<A> => {
  const answer = await task()
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left))
  return answer.right
}

const notes: Rows = {
  name: 'notes',
  version: 1,
  table: { name: 'notes', columns: { text: 'text' }, indexes: [] },
  categories: ['note'],
  on: {
    Put: (_, { data }) => ({ text: String(data), seen: [] }),
    Changed: (row, { id }) => {
      if (row !== undefined) (row['seen'] as string[]).push(id)
    },
    Removed: () => remove,
    Broken: () => {
      throw new Error('it broke')
    },
  },
  counters: (row) => ['all', `of ${String(row['text'])}`],
}

/** Each with what makes it go another way through the log. */
const projections: readonly (readonly [string, Rows])[] = [
  ['of one stream each', notes],
  ['of keys of their own', { ...notes, keys: ({ data }) => [String(data)] }],
  ['of two kinds of streams', { ...notes, categories: ['note', 'task'] }],
]

let made = 0
const metadata = {
  schemaVersion: 1,
  account: 'acme',
  actor: 'system',
  commandId: 'c',
  occurredAt: '2026-01-01T00:00:00.000Z',
  recordedAt: '2026-01-01T00:00:00.000Z',
}
const newEvent = (type: string, data: string): NewEvent => ({
  id: `00000000-0000-4000-8000-${String(++made).padStart(12, '0')}`,
  type,
  data,
  metadata,
})

/** Two accounts, so that one id names two streams. */
const happening = fc.record({
  stream: fc.constantFrom(
    'note-acme.a',
    'note-acme.b',
    'note-bolt.a',
    'note-bolt.c',
    'task-acme.b',
  ),
  type: fc.constantFrom('Put', 'Changed', 'Changed', 'Removed', 'Broken', 'Other'),
  data: fc.constantFrom('x', 'y', 'z'),
})

describe.each(projections)('rows %s', (_, projection) => {
  it('are the same after a rebuild of any history', () =>
    fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 30 }), async (history) => {
        const adapters = await memory()
        const { store, readModels } = adapters
        await ok(adapters.projectInline!([projection], () => undefined))
        for (const { stream, type, data } of history)
          await ok(store.append({ stream, expected: 'any', events: [newEvent(type, data)] }))
        const kept = async () => ({
          rows: [...(await ok(readModels.get(projection, ['a', 'b', 'c', 'x', 'y', 'z'])))],
          counters: await ok(readModels.counters(projection, ['all', 'of x', 'of y', 'of z'])),
          parked: await ok(readModels.parked(projection)),
          checkpoint: await ok(readModels.checkpoint(projection)),
        })
        const live = await kept()
        const turns = processTurns(readModels)
        expect(await rebuilder(adapters, turns).rebuild(projection)).toEqual(E.right('rebuilt'))
        await turns.stop()
        expect(await kept()).toEqual(live)
        await adapters.close()
      }),
      { numRuns: 60 },
    ))
})

it('a rebuild ends also where what is served moves on before every swap', async () => {
  const { store, readModels } = await memory()
  const place = { stream: 'note-acme.a', expected: 'any' } as const
  const write = () => ok(store.append({ ...place, events: [newEvent('Put', 'x')] }))
  const turns = processTurns(readModels)
  const stopping = new AbortController()
  let keeping: Lease | undefined
  const keeper = turns.take(
    projectionTurn(notes),
    async (lease, turn) => {
      keeping = lease
      await once(turn, 'abort')
    },
    stopping.signal,
  )
  /** As fast as can be: whenever it is tried, the others are already on. */
  let refused = 0
  const goOn = async () => {
    await write()
    const after = await ok(readModels.checkpoint(notes))
    const { events, position } = await ok(store.readAll({ after }))
    const lease = keeping!
    const applied = await readModels.apply(notes, { events, after, position: position!, lease })()
    if (E.isLeft(applied)) refused++
  }
  const racing: ReadModels = {
    ...readModels,
    swap: (projection, lease) => async () => {
      await goOn()
      return readModels.swap(projection, lease)()
    },
  }
  await write()
  await ok(readModels.open(notes))
  while (keeping === undefined) await setImmediate()
  await goOn()
  const built = await rebuilder({ store, readModels: racing } as Adapters, turns).rebuild(notes)
  expect(built).toEqual(E.right('rebuilt'))
  expect(refused).toBe(1)
  // It was only held up: what came meanwhile comes to the rows that are served now.
  await goOn()
  expect(refused).toBe(1)
  expect(await ok(readModels.checkpoint(notes))).toBe(
    (await ok(store.readAll({ limit: 100 }))).position,
  )
  stopping.abort()
  await keeper
  await turns.stop()
})
