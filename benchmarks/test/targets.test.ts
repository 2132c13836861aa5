import { expect, it } from '@jest/globals'
import { isMet, reached, type Target } from '../src/report/targets.js'
import type { Result } from '../src/results.js'

const result = (more: Partial<Result>): Result => ({
  scenario: 'some work',
  operation: 'event',
  size: 10,
  subject: 'Threadbook',
  role: 'ours',
  settings: '',
  machine: '',
  spread: { median: 1, least: 1, most: 1 },
  ...more,
})

const about = { row: 'some work', scenario: 'some work' }

it('growth is the time of an operation at the largest size by that at the first', () => {
  const target: Target = { ...about, kind: 'growth', from: 10, atMost: 2 }
  const results = [
    result({ size: 10, perSecond: 300 }),
    result({ size: 100, perSecond: 200 }),
    result({ size: 1_000, perSecond: 100 }),
  ]
  expect(reached(results, target)).toBeCloseTo(3)
  expect(isMet(target, 3)).toBe(false)
})

it('milliseconds above the floor are told from those of the same size', () => {
  const target: Target = { ...about, kind: 'above', atMost: 150 }
  const results = [
    result({ ms: 230 }),
    result({ subject: 'bare', role: 'floor', ms: 100 }),
    result({ subject: 'bare', role: 'floor', size: 1, ms: 1 }),
  ]
  expect(reached(results, target)).toBe(130)
  expect(isMet(target, 130)).toBe(true)
})

it('a ratio is taken from the size that is meant', () => {
  const target: Target = { ...about, size: 1, kind: 'floor', atLeast: 0.8 }
  const results = [result({ size: 1, ratioToFloor: 0.9 }), result({ size: 16, ratioToFloor: 0.3 })]
  expect(reached(results, target)).toBe(0.9)
})

it('what was not measured is not made up', () => {
  expect(reached([], { ...about, kind: 'peer', atLeast: 1 })).toBeUndefined()
})
