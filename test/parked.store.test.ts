/** A view that stands still at an event goes on again, on every store, while others write. */
import { expect, it } from '@jest/globals'
import { openInbox } from '@threadbook/inbox'
import type { Adapters, RecordedEvent, Rows } from '@threadbook/sourcing'
import fc from 'fast-check'
import { right } from '../packages/inbox/test/fixtures.js'
import { newEvent, wholeLog } from './events.js'
import { onEveryStore } from './stores.js'

/** Keeps the numbers it was told, in their order; breaks at some of them until it is mended. */
const numbers = (name: string, breaksAt: (n: number) => boolean): Rows => ({
  name,
  version: 1,
  table: { name, columns: { sum: 'number' }, indexes: [] },
  categories: ['note'],
  on: {
    Put: (row, event) => {
      const { n } = event.data as { readonly n: number }
      if (breaksAt(n)) throw new Error('not made for it')
      if (row === undefined) return { sum: n, all: [n] }
      row['sum'] = Number(row['sum']) + n
      ;(row['all'] as number[]).push(n)
      return undefined
    },
  },
  counters: () => ['all'],
})

const KEYS = ['a', 'b', 'c'] as const

const rowsFrom = (log: readonly RecordedEvent[]) =>
  Object.fromEntries(
    KEYS.flatMap((key) => {
      const all = log
        .filter(({ stream }) => stream === `note-acme.${key}`)
        .map(({ data }) => (data as { readonly n: number }).n)
      return all.length === 0 ? [] : [[key, { sum: all.reduce((a, b) => a + b), all }]]
    }),
  )

onEveryStore(({ place, name }) => {
  it('retries in one process lose nothing of what comes meanwhile by another', async () => {
    const { open } = await place()
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...KEYS), fc.nat(9)), { minLength: 1, maxLength: 20 }),
        fc.nat(20),
        fc.uuid(),
        async (history, mendedAt, id) => {
          const projection = `numbers-${id}`
          let isMended = false
          const mendable = numbers(projection, (n) => n > 6 && !isMended)
          const writing: Adapters = await open()
          const mending: Adapters = await open()
          const one = await openInbox(writing, { projections: [mendable] })
          const other = await openInbox(mending, { projections: [mendable] })
          const retryAll = async () => {
            for (const { key } of right(await other.projections.parked({ projection })))
              await other.projections.retry(projection, key)
          }
          for (const [index, [key, n]] of history.entries()) {
            if (index === mendedAt) isMended = true
            const append = writing.store.append({
              stream: `note-acme.${key}`,
              expected: 'any',
              events: [newEvent({ n })],
            })
            right((await Promise.all([append(), retryAll()]))[0])
          }
          isMended = true
          right(await one.caughtUp())
          while (right(await other.projections.parked({ projection })).length > 0) await retryAll()
          const rows = Object.fromEntries(right(await mending.readModels.get(mendable, KEYS)()))
          const expected = rowsFrom(await wholeLog(writing.store))
          expect(rows).toEqual(expected)
          expect(right(await mending.readModels.counters(mendable, ['all'])())).toEqual([
            Object.keys(expected).length,
          ])
          await other.close()
          await one.close()
        },
      ),
      { numRuns: name === 'memory' ? 25 : 3 },
    )
  })
})
