import { describe, expect, it } from '@jest/globals'
import { resultsOf } from '../src/results-of.js'
import type { Scenario, Subject } from '../src/scenario.js'
import { median } from '../src/statistics.js'

const subject = (name: string): Subject => ({
  name,
  settings: '',
  run: async () => ({ operations: 1, ms: 1 }),
})
const [floor, ours, slow, fast] = ['floor', 'Threadbook', 'slow', 'fast'].map(subject) as [
  Subject,
  Subject,
  Subject,
  Subject,
]

const scenario = (measure: Scenario['measure']): Scenario => ({
  name: 'some work',
  operation: 'event',
  measure,
  sizes: [1],
  quick: 1,
  floor,
  subjects: [ours],
  peers: [slow, fast],
})

/** Each subject's runs, in milliseconds for ten operations (and as many bytes). */
const measured = (
  measure: Scenario['measure'],
  runs: readonly (readonly [Subject, readonly number[]])[],
) =>
  resultsOf({
    scenario: scenario(measure),
    size: 10,
    runs: new Map(
      runs.map(([one, figures]) => [
        one,
        figures.map((figure) => ({ operations: 10, ms: figure, bytes: figure })),
      ]),
    ),
    failures: new Map(),
    machine: 'here',
  })

describe('results', () => {
  it.each([['perSecond'], ['ms'], ['bytes']] as const)(
    'say of %s how many times as good it is',
    (measure) => {
      const [, mine] = measured(measure, [
        [floor, [1]],
        [ours, [2]],
        [slow, [8]],
        [fast, [4]],
      ])
      expect(mine).toMatchObject({
        role: 'ours',
        ratioToFloor: 0.5,
        ratioToBestPeer: 2,
        ratiosToPeers: { slow: 4, fast: 2 },
      })
    },
  )

  it('are medians, with the least and the most', () => {
    const [, mine] = measured('ms', [
      [floor, [10]],
      [ours, [70, 20, 30]],
    ])
    expect(mine).toMatchObject({ ms: 3, spread: { median: 3, least: 2, most: 7 } })
  })

  it('leave out what never worked', () => {
    const results = measured('perSecond', [
      [floor, [1]],
      [ours, [1]],
      [slow, []],
      [fast, [2]],
    ])
    expect(results.map(({ subject }) => subject)).toEqual(['floor', 'Threadbook', 'fast'])
    expect(results[1]?.ratiosToPeers).toEqual({ fast: 2 })
  })
})

it('a median of an even number lies between the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
})
