import { expect, it } from '@jest/globals'
import { fullTime, shortTime } from '../src/short-time.js'

// In this machine's zone, as the times are shown.
const at = (...time: [number, number, number, number, number]) => new Date(...time)
const now = at(2026, 10, 23, 14, 30)

it.each([
  ['today', at(2026, 10, 23, 9, 5), '09:05', '09:05'],
  ['the evening before', at(2026, 10, 22, 23, 59), '22 Nov', '22 Nov, 23:59'],
  ['earlier in the year', at(2026, 0, 1, 0, 0), '1 Jan', '1 Jan, 00:00'],
  ['another year', at(2002, 8, 2, 13, 5), '2 Sep 2002', '2 Sep 2002, 13:05'],
  ['the same day of another year', at(2025, 10, 23, 14, 30), '23 Nov 2025', '23 Nov 2025, 14:30'],
])('%s', (_, time, short, full) => {
  expect(shortTime(time.toISOString(), now)).toBe(short)
  expect(fullTime(time.toISOString(), now)).toBe(full)
})
