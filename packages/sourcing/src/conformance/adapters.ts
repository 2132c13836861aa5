/** Log and rows in one transaction: a command returns, and the views are right. */
import { expect } from '@jest/globals'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import type { Adapters } from '../adapters.js'
import type { Append } from '../event-store.js'
import { isNonEmpty, type NewEvent, type RecordedEvent } from '../event.js'
import { foldBatch, inSet, type ParkedEvent, type Rows } from '../projection.js'
import { anAppend, eventId, fill, logOf, newEvent } from './event-store/fixtures.js'
import { keptOf, named, notes, rowsOf, type Row } from './read-models/fixtures.js'
import { faultOf, ok, suite, type BesideCase, type Case, type KitOptions } from './suite.js'

type Told = readonly [projection: string, parked: readonly ParkedEvent[]]

const inline = async (adapters: Adapters, ...projections: readonly Rows[]) => {
  if (adapters.projectInline === undefined)
    throw new Error('these adapters project nothing inline: leave this kit out')
  const told: Told[] = []
  await ok(adapters.projectInline(projections, (...heard) => told.push(heard)))
  return told
}

const streamOf = (key: string): string => `note-acme.${key}`
const put = (data: Row): NewEvent => newEvent({ type: 'Put', data })
const changed = (data: Row): NewEvent => newEvent({ type: 'Changed', data })
const broken = (): NewEvent => newEvent({ type: 'Broken' })
const removed = (): NewEvent => newEvent({ type: 'Removed' })

const append = ({ store }: Adapters, key: string, ...events: readonly NewEvent[]) =>
  ok(store.append(anAppend(streamOf(key), events)))

/** What the rows would be, folded from the whole log at once. */
const foldedFrom = (log: readonly RecordedEvent[], projection: Rows) => {
  const { changes, counters, parked } = foldBatch(projection, new Map(), new Set(), log)
  const rows = changes.flatMap(({ key, after }) =>
    after === undefined ? [] : [[key, JSON.parse(JSON.stringify(after)) as Row] as const],
  )
  return { rows: Object.fromEntries(rows), counters, parked }
}

const expectRowsToFollow = async ({ store, readModels }: Adapters, projection: Rows) => {
  const log = await logOf(store, 0)
  const { rows, counters, parked } = foldedFrom(log, projection)
  const keys = [...new Set(log.map(({ stream }) => stream.slice(stream.indexOf('.') + 1)))]
  expect(await rowsOf(readModels, projection, ...keys)).toEqual(rows)
  const names = ['all', 'pinned', 'owner/ada', 'owner/bo']
  expect(await ok(readModels.counters(projection, names))).toEqual(
    names.map((name) => counters.get(name) ?? 0),
  )
  const places = (events: readonly ParkedEvent[]) =>
    events.map(({ key, position }) => `${position} ${key}`).sort()
  expect(places(await ok(readModels.parked(projection)))).toEqual(places(parked))
  const checkpoint = await ok(readModels.checkpoint(projection))
  if (log.length > 0) expect(checkpoint! >= log.at(-1)!.position).toBe(true)
}

const fixed: readonly Case<Adapters>[] = [
  {
    name: 'rows are right when the append is answered',
    run: async (adapters) => {
      await inline(adapters, notes)
      await append(adapters, 'a', put({ title: 'A', owner: 'ada' }))
      await append(adapters, 'a', changed({ rank: 1 }))
      await ok(
        adapters.store.appendAll([
          anAppend(streamOf('b'), [put({ title: 'B' }), changed({ pinned: true })]),
          anAppend(streamOf('c'), [put({ title: 'C' })]),
        ]),
      )
      expect(await rowsOf(adapters.readModels, notes, 'a', 'b', 'c')).toEqual({
        a: { title: 'A', owner: 'ada', rank: 1 },
        b: { title: 'B', pinned: true },
        c: { title: 'C' },
      })
      await expectRowsToFollow(adapters, notes)
    },
  },
  {
    name: 'several projections, attached at once and one after another',
    run: async (adapters) => {
      const [second, third] = [named('second'), named('third', { on: { Put: () => ({}) } })]
      await inline(adapters, notes, second)
      await append(adapters, 'a', put({ title: 'A' }))
      await inline(adapters, third)
      await append(adapters, 'b', put({ title: 'B' }))
      for (const projection of [notes, second, third])
        await expectRowsToFollow(adapters, projection)
    },
  },
  {
    name: 'what was in the log before is caught up when they are attached',
    run: async (adapters) => {
      await fill(
        adapters.store,
        Array.from({ length: 30 }, (_, index) => ({
          stream: streamOf(String(index % 7)),
          type: index < 7 ? 'Put' : 'Changed',
          data: { rank: index, owner: 'ada' },
        })),
      )
      await append(adapters, 'large', ...Array.from({ length: 1_500 }, () => put({ title: 'x' })))
      await inline(adapters, notes)
      await expectRowsToFollow(adapters, notes)
    },
  },
  {
    name: 'they go on from where their rows stand: nothing is folded twice',
    run: async (adapters) => {
      const counting = named('counting', {
        on: { Put: (row) => ({ rank: Number(row?.['rank'] ?? 0) + 1 }) },
      })
      await append(adapters, 'a', put({}), put({}))
      const { store, readModels } = adapters
      await ok(readModels.open(counting))
      const events = await logOf(store, 2)
      const position = events[1]!.position
      await ok(readModels.apply(counting, { events, after: undefined, position }))
      await append(adapters, 'a', put({}))
      await inline(adapters, counting)
      await inline(adapters, counting)
      await append(adapters, 'a', put({}))
      expect(await rowsOf(readModels, counting, 'a')).toEqual({ a: { rank: 4 } })
    },
  },
  {
    name: 'an append that is refused leaves log and rows as they were',
    run: async (adapters) => {
      const { store, readModels } = adapters
      await inline(adapters, notes)
      await append(adapters, 'a', put({ title: 'A' }))
      const kept = await keptOf(readModels, notes)
      await faultOf(store.append(anAppend(streamOf('a'), [changed({ title: 'B' })], 'noStream')))
      await faultOf(
        store.appendAll([
          anAppend(streamOf('b'), [put({ title: 'B' })], 'noStream'),
          anAppend(streamOf('a'), [changed({ title: 'B' })], 5),
        ]),
      )
      await faultOf(store.append(anAppend(streamOf('a'), [])))
      expect(await keptOf(readModels, notes)).toEqual(kept)
      expect(await logOf(store, 1)).toHaveLength(1)
    },
  },
  {
    name: 'a repetition is not folded again',
    run: async (adapters) => {
      const { store, readModels } = adapters
      const counting = named('counting', {
        on: { Put: (row) => ({ rank: Number(row?.['rank'] ?? 0) + 1 }) },
      })
      await inline(adapters, counting)
      const once = anAppend(streamOf('a'), [put({})], 'noStream')
      await ok(store.append(once))
      await ok(store.append(once))
      await ok(store.appendAll([once]))
      expect(await rowsOf(readModels, counting, 'a')).toEqual({ a: { rank: 1 } })
    },
  },
  {
    name: 'a poison event parks, is told of, and the append succeeds; other rows go on',
    run: async (adapters) => {
      const { readModels, store } = adapters
      const told = await inline(adapters, notes)
      await append(adapters, 'a', put({ title: 'A' }))
      expect(told).toEqual([])
      expect(await append(adapters, 'a', broken(), changed({ title: 'B' }))).toMatchObject({
        revision: 2,
      })
      const log = await logOf(store, 3)
      const parked = [
        { key: 'a', position: log[1]!.position, error: 'Error: it broke' },
        { key: 'a', position: log[2]!.position },
      ]
      expect(told).toMatchObject([['notes', parked]])
      expect(await ok(readModels.parked(notes))).toMatchObject(parked)
      await append(adapters, 'b', put({ title: 'B' }))
      expect(told).toHaveLength(1)
      await append(adapters, 'a', removed())
      expect(told).toHaveLength(2)
      expect(told[1]).toMatchObject(['notes', [{ key: 'a' }]])
      expect(await rowsOf(readModels, notes, 'a', 'b')).toEqual({
        a: { title: 'A' },
        b: { title: 'B' },
      })
      await expectRowsToFollow(adapters, notes)
    },
  },
  {
    name: 'a poison event that stood in the log before is told of at attaching',
    run: async (adapters) => {
      await append(adapters, 'a', broken())
      expect(await inline(adapters, notes)).toMatchObject([['notes', [{ key: 'a' }]]])
      expect(await inline(adapters, notes)).toEqual([])
    },
  },
  {
    name: 'one projection that breaks keeps no other from its rows',
    run: async (adapters) => {
      const breaking = named('breaking', {
        on: {
          Put: () => {
            throw new Error('always')
          },
        },
      })
      const told = await inline(adapters, breaking, notes)
      await append(adapters, 'a', put({ title: 'A' }))
      expect(told).toMatchObject([['breaking', [{ key: 'a', error: 'Error: always' }]]])
      expect(await rowsOf(adapters.readModels, notes, 'a')).toEqual({ a: { title: 'A' } })
    },
  },
  {
    name: 'two versions of a projection are kept side by side',
    run: async (adapters) => {
      await inline(adapters, notes)
      await append(adapters, 'a', put({ title: 'A' }))
      const higher = named('notes', { version: 2 })
      await inline(adapters, higher)
      await append(adapters, 'b', put({ title: 'B' }), broken())
      await expectRowsToFollow(adapters, higher)
    },
  },
  {
    name: 'rows that were taken away are left alone, and appends go on',
    run: async (adapters) => {
      await inline(adapters, notes)
      await append(adapters, 'a', put({ title: 'A' }))
      await ok(adapters.readModels.drop(notes))
      expect(await append(adapters, 'a', put({ title: 'B' }))).toMatchObject({ revision: 1 })
      expect(await ok(adapters.readModels.sets(notes))).toEqual([])
      await inline(adapters, notes)
      await append(adapters, 'b', put({ title: 'B' }))
      await expectRowsToFollow(adapters, notes)
    },
  },
  {
    name: 'a set that is behind is caught up and served in one step',
    run: async (adapters) => {
      const next = inSet(notes, 'next')
      await inline(adapters, notes)
      await append(adapters, 'a', put({ title: 'A', pinned: true }), changed({ owner: 'ada' }))
      await ok(adapters.readModels.open(next))
      await append(adapters, 'b', put({ title: 'B' }), broken(), changed({ rank: 1 }))
      await ok(adapters.swapInline!(next))
      await expectRowsToFollow(adapters, notes)
      await append(adapters, 'a', changed({ rank: 2 }))
      await expectRowsToFollow(adapters, notes)
      const previous = inSet(notes, 'previous')
      expect(await rowsOf(adapters.readModels, previous, 'a')).toEqual({
        a: { title: 'A', pinned: true, owner: 'ada' },
      })
      await ok(adapters.swapInline!(previous))
      await append(adapters, 'c', put({ title: 'C' }))
      await expectRowsToFollow(adapters, notes)
    },
  },
  {
    name: 'a set is served amid appends, and none is lost',
    run: async (adapters) => {
      await inline(adapters, notes)
      await ok(adapters.readModels.open(inSet(notes, 'next')))
      const appends = Array.from({ length: 60 }, (_, index) =>
        append(adapters, String(index % 7), put({ title: 'x', rank: index, owner: 'ada' })),
      )
      const swapped = ok(adapters.swapInline!(inSet(notes, 'next')))
      await Promise.all([...appends.slice(30), swapped, ...appends.slice(0, 30)])
      await append(adapters, 'last', put({ title: 'last' }))
      await expectRowsToFollow(adapters, notes)
    },
  },
  {
    name: 'appends at once: every one is in log and rows',
    run: async (adapters) => {
      await inline(adapters, notes)
      await Promise.all(
        Array.from({ length: 32 }, (_, index) =>
          append(adapters, String(index % 5), put({ title: 'x', rank: index, owner: 'ada' })),
        ),
      )
      expect(await logOf(adapters.store, 32)).toHaveLength(32)
      await expectRowsToFollow(adapters, notes)
    },
  },
  {
    name: 'a host that throws when told of parked events does not undo the append',
    run: async (adapters) => {
      await ok(
        adapters.projectInline!([notes], () => {
          throw new Error('the host broke')
        }),
      )
      await append(adapters, 'a', put({ title: 'A' }))
      expect(await append(adapters, 'a', broken())).toMatchObject({ revision: 1 })
      expect(await logOf(adapters.store, 2)).toHaveLength(2)
      await append(adapters, 'b', put({ title: 'B' }))
      await expectRowsToFollow(adapters, notes)
    },
  },
  {
    name: 'after close every part is closed, and closing again is no error',
    run: async (adapters) => {
      await adapters.close()
      await adapters.close()
      const { store, readModels, vault, blobs, projectInline } = adapters
      for (const task of [
        store.readAll(),
        readModels.open(notes),
        vault.read(['a']),
        blobs.get('a'),
        projectInline!([notes], () => undefined),
      ])
        expect(await faultOf<unknown, unknown>(task)).toMatchObject({ type: 'Unavailable' })
    },
  },
]

/** One writer projects, the other only appends to the log, as a process of other software would. */
const besides: readonly BesideCase<Adapters>[] = [
  {
    name: 'an append while rows are behind catches them up first',
    runBeside: async (adapters, other) => {
      await inline(adapters, notes)
      await append(adapters, 'a', put({ title: 'A' }))
      await append(other, 'a', changed({ rank: 1 }))
      await append(other, 'b', put({ title: 'B' }), broken())
      await append(adapters, 'a', changed({ owner: 'ada' }))
      await expectRowsToFollow(adapters, notes)
      expect(await rowsOf(other.readModels, notes, 'a', 'b')).toEqual({
        a: { title: 'A', rank: 1, owner: 'ada' },
        b: { title: 'B' },
      })
    },
  },
  {
    name: 'two processes that project inline keep the same rows',
    runBeside: async (adapters, other) => {
      await inline(adapters, notes)
      await inline(other, notes)
      await Promise.all(
        Array.from({ length: 32 }, (_, index) =>
          append(index % 2 === 0 ? adapters : other, String(index % 5), put({ rank: index })),
        ),
      )
      await expectRowsToFollow(adapters, notes)
      await expectRowsToFollow(other, notes)
    },
  },
  {
    name: 'a process of an older version keeps its own rows; each catches up with what the other wrote',
    runBeside: async (adapters, other) => {
      await inline(other, notes)
      await append(other, 'a', put({ title: 'A' }))
      const higher = named('notes', { version: 2 })
      await inline(adapters, higher)
      await append(other, 'b', put({ title: 'B' }))
      await append(adapters, 'c', put({ title: 'C' }))
      await expectRowsToFollow(adapters, higher)
      await append(other, 'd', put({ title: 'D' }))
      await expectRowsToFollow(other, notes)
    },
  },
]

const key = fc.constantFrom('a', 'b', 'c')
const event = fc.record({
  type: fc.constantFrom('Put', 'Put', 'Changed', 'Changed', 'Removed', 'Broken', 'Seen'),
  data: fc.record(
    {
      title: fc.string(),
      rank: fc.integer(),
      pinned: fc.boolean(),
      owner: fc.constantFrom('ada', 'bo'),
    },
    { requiredKeys: [] },
  ),
  id: fc.nat(200),
})
const appends = fc.uniqueArray(
  fc.record({
    key,
    expected: fc.constantFrom('any' as const, 'any' as const, 'noStream' as const, 1),
    events: fc.uniqueArray(event, { minLength: 1, maxLength: 3, selector: ({ id }) => id }),
  }),
  { minLength: 1, maxLength: 3, selector: (one) => one.key },
)

const random: readonly Case<Adapters>[] = [
  {
    name: 'after any history, refused and repeated appends among it, rows equal a rebuild',
    run: async (_, open) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(appends, { maxLength: 15 }),
          fc.nat(15),
          async (history, from) => {
            const adapters = await open()
            let told: readonly Told[] = []
            for (const [index, step] of history.entries()) {
              if (index === from) told = await inline(adapters, notes)
              const written = step.map((one): Append =>
                anAppend(
                  streamOf(one.key),
                  one.events.map(({ id, type, data }) => newEvent({ id: eventId(id), type, data })),
                  one.expected,
                ),
              )
              if (isNonEmpty(written)) {
                const answer = await adapters.store.appendAll(written)()
                if (E.isLeft(answer)) expect(answer.left.type).toBe('Conflict')
              }
              if (index >= from) await expectRowsToFollow(adapters, notes)
            }
            const parked = told.flatMap(([, events]) => events)
            if (from < history.length)
              expect(parked).toHaveLength((await ok(adapters.readModels.parked(notes))).length)
            await adapters.close()
          },
        ),
        { numRuns: 40 },
      )
    },
  },
]

/**
 * What adapters with `projectInline` owe their callers, as tests: log and rows agree. `open` gives
 * new adapters with nothing in them.
 */
export const adaptersConformance = (
  name: string,
  open: () => Promise<Adapters>,
  options?: KitOptions<Adapters>,
): void => {
  suite(`inline projections: ${name}`, [...fixed, ...besides, ...random], open, options)
}
