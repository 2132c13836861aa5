/** What is kept of a projection, as it is looked at by those who doubt it. */
import type { Position } from './event.js'

/** Which rows: those of these keys, or the next ones in the order of their keys. */
export type InspectedRows =
  | { readonly keys: readonly string[] }
  | { readonly after?: string | undefined; readonly limit: number }

/** Which counters: these, or the next ones in the order of their names. */
export type InspectedCounters =
  | { readonly names: readonly string[] }
  | { readonly after?: string | undefined; readonly limit: number }

export interface Inspection {
  readonly rows?: InspectedRows | undefined
  readonly counters?: InspectedCounters | undefined
}

export interface InspectedRow {
  readonly key: string
  readonly row: Record<string, unknown>
  /** The columns that hold something else than the row does. */
  readonly unfit: readonly string[]
}

/** All of one moment. */
export interface Inspected {
  readonly checkpoint: Position | undefined
  /** In the order of their keys (`compareText`). */
  readonly rows: readonly InspectedRow[]
  /** Which of the keys that were asked for are parked. */
  readonly parked: ReadonlySet<string>
  /** Those that are not 0, in the order of their names. */
  readonly counters: readonly (readonly [name: string, value: number])[]
}
