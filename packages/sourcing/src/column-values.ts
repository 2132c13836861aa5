/** How columns of lists and of named values are kept where a database has to compare them. */
import { columnText, type Scalar } from './filter.js'

const view = new DataView(new ArrayBuffer(8))
const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0')

/** A number as text that sorts as numbers do. */
const sortable = (value: number): string => {
  view.setFloat64(0, value === 0 ? 0 : value)
  const [high, low] = [view.getUint32(0), view.getUint32(4)]
  return high >>> 31 === 1 ? hex(~high) + hex(~low) : hex(high ^ 0x80000000) + hex(low)
}

/**
 * A value as text: equal for equal values only, and within its kind in the order of `compareScalars`.
 * Texts begin with `t`, numbers with `n`, booleans with `b`. Undefined for null.
 */
export const comparableText = (value: Scalar): string | undefined => {
  if (value === null) return undefined
  if (typeof value === 'string') return `t${columnText(value)}`
  return typeof value === 'number' ? `n${sortable(value)}` : `b${String(Number(value))}`
}

/** What sorts behind all texts of a value's kind. */
export const behindKindOf = (value: string | number): string =>
  typeof value === 'string' ? 'u' : 'o'

/** A column of texts as JSON; null where there are none. */
export const textsColumn = (texts: unknown): string | null =>
  Array.isArray(texts) && texts.length > 0 ? JSON.stringify(texts) : null

/** A column of named values as a JSON object of comparable texts; null where there are none. */
export const valuesColumn = (values: unknown): string | null => {
  if (typeof values !== 'object' || values === null) return null
  const kept = Object.entries(values as Record<string, Scalar>).flatMap(([name, value]) => {
    const text = comparableText(value)
    return text === undefined ? [] : [[name, text] as const]
  })
  return kept.length === 0 ? null : JSON.stringify(Object.fromEntries(kept))
}
