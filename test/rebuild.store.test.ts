/** Views are built anew while people write and read, and whoever is killed at it leaves them alone. */
import { expect, it } from '@jest/globals'
import { openInbox } from '@threadbook/inbox'
import { inSet, type Adapters, type Rows } from '@threadbook/sourcing'
import { lasting, right } from '../packages/inbox/test/fixtures.js'
import { newEvent } from './events.js'
import { meanwhile } from './meanwhile.js'
import { start } from './processes.js'
import { tally } from './programs/tally.mjs'
import { onEveryStore } from './stores.js'

const STREAMS = 20
const keys = Array.from({ length: STREAMS }, (_, n) => `k${String(n)}`)
const streamOf = (n: number) => `note-acme.k${String(n % STREAMS)}`

const appender = ({ store }: Adapters) => {
  let appended = 0
  return {
    append: async () => {
      const event = newEvent({ n: String(appended) })
      const stream = streamOf(appended++)
      right(await store.append({ stream, expected: 'any', events: [event] })())
    },
    appended: () => appended,
  }
}

const countsOf = async ({ readModels }: Adapters): Promise<readonly number[]> => {
  const rows = right(await readModels.get(tally, keys)())
  return keys.map((key) => Number(rows.get(key)?.['count'] ?? 0))
}

const sum = (counts: readonly number[]) => counts.reduce((all, one) => all + one, 0)

const setsOf = async ({ readModels }: Adapters) =>
  right(await readModels.sets(tally)())
    .map(({ set }) => set)
    .sort()

const beside = meanwhile()

onEveryStore(({ place, name }) => {
  it('a rebuild amid writers ends, loses nothing, and no reader sees less than before', async () => {
    const { open } = await place()
    const [adapters, besides] = [await open(), await open()]
    const projections = [tally]
    const inbox = await openInbox(lasting(adapters), { projections, takeOverAfter: 1_000 })
    const other = await openInbox(lasting(besides), { projections, takeOverAfter: 1_000 })
    const { append, appended } = appender(adapters)
    for (let n = 0; n < 5 * STREAMS; n++) await append()
    right(await inbox.caughtUp())

    const writing = Array.from({ length: 4 }, () => beside(append))
    const reading = await Promise.all(
      [adapters, besides].map(async (from) => {
        let before = await countsOf(from)
        return beside(async () => {
          const now = await countsOf(from)
          for (const [index, count] of now.entries())
            expect(count).toBeGreaterThanOrEqual(before[index]!)
          before = now
        })
      }),
    )
    for (let round = 0; round < 2; round++)
      expect(right(await inbox.projections.rebuild('tally'))).toBe('rebuilt')
    expect(right(await other.projections.rollback('tally'))).toBe('rolledBack')
    await Promise.all([...writing, ...reading].map((end) => end()))

    for (const each of [inbox, other]) right(await each.caughtUp())
    for (const each of [adapters, besides]) {
      expect(sum(await countsOf(each))).toBe(appended())
      expect(right(await each.readModels.counters(tally, ['all'])())).toEqual([STREAMS])
    }
    expect(await setsOf(adapters)).toEqual(['previous', 'served'])
    await other.close()
    await inbox.close()
    await besides.close()
    if (name !== 'memory') await adapters.close()
  })
})

/** Stands still at each `Broken`. */
const strict: Rows = {
  name: 'strict',
  version: 1,
  table: { name: 'strict', columns: {}, indexes: [] },
  categories: ['note'],
  on: {
    Put: (row, { data }) => {
      if ((data as { readonly n: string }).n === 'broken') throw new Error('it broke')
      if (row === undefined) return { count: 1 }
      row['count'] = Number(row['count']) + 1
      return undefined
    },
  },
}

/** Whatever is done once a set is built, and before it is served. */
const beforeServed = (adapters: Adapters, work: () => Promise<unknown>): Adapters => ({
  ...lasting(adapters),
  readModels: {
    ...lasting(adapters).readModels,
    index: (projection) => async () => {
      if (projection.name === 'strict') await work()
      return adapters.readModels.index(projection)()
    },
  },
})

onEveryStore(({ place, name }) => {
  it('what is skipped while rows are built anew is passed over there, too, and on the way back', async () => {
    const { open } = await place()
    const adapters = await open()
    let skipped = 0
    const skipOne = async () => {
      const [parked] = right(await inbox.projections.parked({ projection: 'strict' }))
      const request = { reason: 'a test', by: 'user:ada' } as const
      right(await inbox.projections.skip('strict', parked!.key, request))
      skipped++
    }
    const inbox = await openInbox(beforeServed(adapters, skipOne), { projections: [strict] })
    const streams = ['a', 'b', 'c']
    for (const n of ['1', 'broken', '3'])
      for (const key of streams) {
        const events = [newEvent({ n })] as const
        const stream = `note-acme.${key}`
        right(await adapters.store.append({ stream, expected: 'any', events })())
      }
    right(await inbox.caughtUp())
    const counts = async () => {
      const rows = right(await adapters.readModels.get(strict, streams)())
      return streams.map((key) => rows.get(key)?.['count'])
    }
    const standing = async () =>
      right(await inbox.projections.parked({ projection: 'strict' })).map(({ key }) => key)

    expect(await counts()).toEqual([1, 1, 1])
    expect(right(await inbox.projections.rebuild('strict'))).toBe('rebuilt')
    expect(skipped).toBe(1)
    expect(await counts()).toEqual([2, 1, 1])
    expect(await standing()).toEqual(['b', 'c'])
    await skipOne()
    const before = right(await adapters.readModels.parked(inSet(strict, 'previous'))())
    expect(before.map(({ key }) => key)).toContain('b')
    expect(right(await inbox.projections.rollback('strict'))).toBe('rolledBack')
    expect(await counts()).toEqual([2, 2, 1])
    expect(await standing()).toEqual(['c'])
    expect(right(await inbox.projections.skipped({ projection: 'strict' }))).toHaveLength(2)
    await inbox.close()
    if (name !== 'memory') await adapters.close()
  })
})

onEveryStore(
  ({ place }) => {
    it.each(['reading', 'indexing', 'serving'])(
      'a rebuild that is killed while it is %s leaves the views alone, and the next one is whole',
      async (stage) => {
        const { open, spec } = await place()
        const adapters = await open()
        const options = { projections: [tally], takeOverAfter: 1_000 }
        const inbox = await openInbox(lasting(adapters), options)
        const { append, appended } = appender(adapters)
        for (let n = 0; n < 3 * STREAMS; n++) await append()
        right(await inbox.caughtUp())
        const before = await countsOf(adapters)

        const program = start('rebuild', JSON.stringify(spec), stage)
        expect(await program.ended).toBeNull()
        expect(await countsOf(adapters)).toEqual(before)
        await append()
        right(await inbox.caughtUp())
        expect(sum(await countsOf(adapters))).toBe(appended())

        expect(right(await inbox.projections.rebuild('tally'))).toBe('rebuilt')
        expect(sum(await countsOf(adapters))).toBe(appended())
        expect(await setsOf(adapters)).toEqual(['previous', 'served'])
        await inbox.close()
        await adapters.close()
      },
    )
  },
  ['sqlite', 'postgres'],
)
