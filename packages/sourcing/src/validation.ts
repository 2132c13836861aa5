/** What a codec found wrong, without the value itself: it may be somebody's private text. */
import type * as t from 'io-ts'

export interface Invalid {
  /** The path of the field, as `filter.and.0.value`; empty for the whole. */
  readonly field: string
  readonly expected: string
  /** The value's shape: `text of 12`, `number`, `list of 3`, `missing`, … */
  readonly found: string
}

export const shapeOf = (value: unknown): string => {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (typeof value === 'string') return `text of ${String(value.length)}`
  if (Array.isArray(value)) return `list of ${String(value.length)}`
  return typeof value
}

/** Contexts of unions and intersections name their members by number: those are no fields. */
const isMember = (entry: t.ContextEntry | undefined): boolean => {
  const tag = (entry?.type as { _tag?: string } | undefined)?._tag
  return tag === 'UnionType' || tag === 'IntersectionType'
}

/** The first thing wrong: enough to mend it, and the next run names the next. */
export const invalid = (errors: t.Errors): Invalid => {
  const deepest = errors.reduce((a, b) => (b.context.length > a.context.length ? b : a))
  const path = deepest.context.filter(
    ({ key }, index) => key !== '' && !isMember(deepest.context[index - 1]),
  )
  return {
    field: path.map(({ key }) => key).join('.'),
    expected: deepest.context.at(-1)?.type.name ?? 'another value',
    found: shapeOf(deepest.value),
  }
}
