/** Whose turn it is, and that nobody else's checkpoint moves. */
import { expect } from '@jest/globals'
import type { LeaseRow } from '../../lease.js'
import type { ReadModels } from '../../read-models.js'
import { faultOf, ok, type BesideCase, type Case } from '../suite.js'
import { at, keptOf, notes, put, recorded } from './fixtures.js'

const NAME = 'notes, one at a time'
const ada: LeaseRow = { holder: 'ada', beat: 0 }
const bo: LeaseRow = { holder: 'bo', beat: 0 }
const under = ({ holder }: LeaseRow) => ({ name: NAME, holder })
const lost = { type: 'LeaseLost', lease: NAME }

const held = async (readModels: ReadModels, name = NAME) =>
  (await ok(readModels.readLeases)).get(name)

const take = (readModels: ReadModels, row: LeaseRow, from?: LeaseRow) =>
  ok(readModels.moveLease(NAME, from, row))

const batch = (n: number, row: LeaseRow) => ({
  events: recorded([put('a', { title: `at ${String(n)}` })], n),
  after: n === 1 ? undefined : at(n - 1),
  position: at(n),
  lease: under(row),
})

const fixed: readonly Case<ReadModels>[] = [
  {
    name: 'a lease is nobody’s at first, and whose it is once it is taken',
    run: async (readModels) => {
      expect(await held(readModels)).toBeUndefined()
      expect(await take(readModels, ada)).toBe(true)
      expect(await held(readModels)).toEqual(ada)
      expect(await held(readModels, 'another')).toBeUndefined()
    },
  },
  {
    name: 'what is held is not taken by who takes it for free, or saw an earlier sign of life',
    run: async (readModels) => {
      await take(readModels, ada)
      expect(await take(readModels, bo)).toBe(false)
      const later = { ...ada, beat: 1 }
      expect(await take(readModels, later, ada)).toBe(true)
      expect(await take(readModels, bo, ada)).toBe(false)
      expect(await take(readModels, bo, { ...bo, beat: 1 })).toBe(false)
      expect(await held(readModels)).toEqual(later)
    },
  },
  {
    name: 'a lease that is given back is nobody’s; one that moved on cannot be given back',
    run: async (readModels) => {
      await take(readModels, ada)
      await take(readModels, bo, ada)
      expect(await ok(readModels.moveLease(NAME, ada, undefined))).toBe(false)
      expect(await ok(readModels.moveLease(NAME, bo, undefined))).toBe(true)
      expect(await held(readModels)).toBeUndefined()
      expect(await ok(readModels.moveLease(NAME, bo, undefined))).toBe(false)
      expect(await ok(readModels.moveLease(NAME, undefined, undefined))).toBe(true)
    },
  },
  {
    name: 'of sixteen who take a lease at once one gets it',
    run: async (readModels) => {
      const rows = Array.from({ length: 16 }, (_, n) => ({ holder: String(n), beat: 0 }))
      const taken = await Promise.all(rows.map((row) => take(readModels, row)))
      expect(taken.filter(Boolean)).toHaveLength(1)
      const there = await held(readModels)
      expect(there).toEqual(rows[taken.indexOf(true)])
      const next = rows.map(({ holder }) => ({ holder: `next ${holder}`, beat: 0 }))
      const again = await Promise.all(next.map((row) => take(readModels, row, there)))
      expect(again.filter(Boolean)).toHaveLength(1)
      expect(await held(readModels)).toEqual(next[again.indexOf(true)])
    },
  },
  {
    name: 'under a lease rows and checkpoint move while it is held, also after signs of life',
    run: async (readModels) => {
      await ok(readModels.open(notes))
      await take(readModels, ada)
      await ok(readModels.apply(notes, batch(1, ada)))
      await take(readModels, { ...ada, beat: 1 }, ada)
      await ok(readModels.apply(notes, batch(2, ada)))
      expect(await ok(readModels.checkpoint(notes))).toBe(at(2))
      await ok(readModels.writeCheckpoint('reaction', at(2), under(ada)))
      expect(await ok(readModels.readCheckpoint('reaction'))).toBe(at(2))
    },
  },
  {
    name: 'under a lease that another holds nothing is written',
    run: async (readModels) => {
      await ok(readModels.open(notes))
      await take(readModels, ada)
      await ok(readModels.apply(notes, batch(1, ada)))
      await ok(readModels.writeCheckpoint('reaction', at(1), under(ada)))
      await take(readModels, bo, ada)
      const kept = await keptOf(readModels, notes)
      expect(await faultOf(readModels.apply(notes, batch(2, ada)))).toEqual(lost)
      expect(await faultOf(readModels.writeCheckpoint('reaction', at(2), under(ada)))).toEqual(lost)
      expect(await keptOf(readModels, notes)).toEqual(kept)
      expect(await ok(readModels.readCheckpoint('reaction'))).toBe(at(1))
      await ok(readModels.apply(notes, batch(2, bo)))
      await ok(readModels.writeCheckpoint('reaction', at(2), under(bo)))
      expect(await ok(readModels.readCheckpoint('reaction'))).toBe(at(2))
    },
  },
  {
    name: 'under a lease that nobody holds nothing is written',
    run: async (readModels) => {
      await ok(readModels.open(notes))
      expect(await faultOf(readModels.apply(notes, batch(1, ada)))).toEqual(lost)
      await take(readModels, ada)
      await ok(readModels.moveLease(NAME, ada, undefined))
      expect(await faultOf(readModels.apply(notes, batch(1, ada)))).toEqual(lost)
      expect(await faultOf(readModels.writeCheckpoint('reaction', at(1), under(ada)))).toEqual(lost)
      expect(await ok(readModels.checkpoint(notes))).toBeUndefined()
      expect(await ok(readModels.readCheckpoint('reaction'))).toBeUndefined()
    },
  },
]

const beside: readonly BesideCase<ReadModels>[] = [
  {
    name: 'what one process takes, another sees at once, and takes over',
    runBeside: async (one, other) => {
      await take(one, ada)
      expect(await held(other)).toEqual(ada)
      expect(await take(other, bo)).toBe(false)
      expect(await take(other, bo, ada)).toBe(true)
      expect(await held(one)).toEqual(bo)
    },
  },
  {
    name: 'a batch that meets a take-over is written whole, or not at all and says so',
    runBeside: async (one, other) => {
      await ok(one.open(notes))
      let n = 1
      for (let round = 0; round < 20; round++) {
        const mine = { holder: `mine ${String(round)}`, beat: 0 }
        const theirs = { holder: `theirs ${String(round)}`, beat: 0 }
        await take(one, mine)
        const [applied, taken] = await Promise.all([
          one.apply(notes, batch(n, mine))(),
          take(other, theirs, mine),
        ])
        expect(taken).toBe(true)
        const checkpoint = await ok(other.checkpoint(notes))
        if (applied._tag === 'Right') expect(checkpoint).toBe(at(n++))
        else {
          expect(applied.left).toEqual(lost)
          expect(checkpoint).toBe(n === 1 ? undefined : at(n - 1))
        }
        expect(await faultOf(one.apply(notes, batch(n, mine)))).toEqual(lost)
        await ok(other.moveLease(NAME, theirs, undefined))
      }
    },
  },
]

export const leaseCases = [...fixed, ...beside]
