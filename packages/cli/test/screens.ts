/** Screens for tests. */
import type { Screen } from '../src/screen.js'

export const now = new Date(2026, 10, 23, 14, 30)

export const plainScreen = (columns = 80): Screen => ({
  columns,
  bold: (text) => text,
  dim: (text) => text,
  now,
})

/** Shows where colours are: *bold*, ~dim~. */
export const markedScreen = (columns = 80): Screen => ({
  columns,
  bold: (text) => `*${text}*`,
  dim: (text) => `~${text}~`,
  now,
})

/** On a day of November 2026, in this machine's zone. */
export const on = (day: number): string => new Date(2026, 10, day, 9, 5).toISOString()
