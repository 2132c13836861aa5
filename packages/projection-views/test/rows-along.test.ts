import { describe, expect, it } from '@jest/globals'
import { user } from '@threadbook/core'
import type { RecordedEvent } from '@threadbook/sourcing'
import * as fc from 'fast-check'
import { beforeAll, rowAfter } from '../src/index.js'
import { assigned, closed, fold, purged, received, record, started } from './fixtures.js'
import { histories } from './histories.js'

/** Each event, with the row before and after it. */
const rowsAlong = (events: readonly RecordedEvent[]) => {
  let moment = beforeAll
  return events.map((event) => {
    const before = moment.row
    moment = rowAfter(moment, [event])
    return { event, before, after: moment.row }
  })
}

describe('the row along its stream', () => {
  it('D-02 is at every event the row that the list holds', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const events = record('c1', history)
        const steps = [...rowsAlong(events)]
        expect(steps.map(({ event }) => event)).toEqual(events)
        let kept: ReadonlyMap<string, Record<string, unknown>> = new Map()
        for (const { event, before, after } of steps) {
          expect(before).toEqual(kept.get('c1'))
          kept = fold([event], kept).rows
          expect(after).toEqual(kept.get('c1'))
        }
      }),
    )
  })

  it('says which events changed nothing, and ends with a purge', () => {
    const changed = (...events: readonly RecordedEvent[]) =>
      [...rowsAlong(events)].map(({ before, after }) => before !== after)
    const ada = user('ada')
    const events = record('c1', [started(), assigned(ada), closed, closed, purged()])
    expect(changed(...events)).toEqual([true, true, true, false, true])
    expect([...rowsAlong(events)].at(-1)?.after).toBeUndefined()
  })

  it('passes over what only a newer version knows', () => {
    const [first, second, ...others] = record('c1', [started(), received(), closed])
    const steps = [...rowsAlong([first!, { ...second!, type: 'Levitated' }, ...others])]
    expect(steps[1]?.after).toBe(steps[0]?.after)
    expect(steps[2]?.after?.status).toBe('closed')
  })

  it('stays as it was from an event on that breaks, as the list does', () => {
    const [first, second, ...others] = record('c1', [started(), assigned(user('ada')), closed])
    const broken = { ...second!, data: { owner: 7 } } as RecordedEvent
    const rows = [...rowsAlong([first!, broken, ...others])].map(({ after }) => after)
    expect(rows[1]).toBe(rows[0])
    expect(rows[2]).toBe(rows[0])
  })
})
