import { afterEach, expect, it, jest } from '@jest/globals'
import { validate, version } from 'uuid'
import { timeOrderedId } from '../src/time-ordered-id.js'

afterEach(() => {
  jest.restoreAllMocks()
})

const ids = (count: number) => Array.from({ length: count }, timeOrderedId)

it('makes UUIDs of version 7 that tell the time', () => {
  const before = Date.now()
  const made = ids(1_000)
  const after = Date.now()
  for (const id of made) {
    expect(validate(id) && version(id)).toBe(7)
    const milliseconds = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
    expect(milliseconds).toBeGreaterThanOrEqual(before)
    expect(milliseconds).toBeLessThanOrEqual(after)
  }
})

it('makes each once, and sorts them as they were made, also where the clock is set back', () => {
  const first = ids(1_000)
  const now = Date.now() - 60_000
  jest.spyOn(Date, 'now').mockImplementation(() => now)
  const made = [...first, ...ids(1_000)]
  expect(new Set(made).size).toBe(made.length)
  expect([...made].sort()).toEqual(made)
})

it('draws what nobody can foretell for each', () => {
  const tails = new Set(ids(1_000).map((id) => id.slice(-12)))
  expect(tails.size).toBe(1_000)
})
