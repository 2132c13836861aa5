/** What two sides of a projection differ in: what is served, and what its log comes to. */
import { isDeepStrictEqual } from 'node:util'
import { compareText } from '../filter.js'
import type { InspectedRow } from '../inspection.js'
import type { IsoTime, Position, RecordedEvent, StreamName } from '../event.js'

export interface EventPlace {
  readonly position: Position
  readonly stream: StreamName
  readonly revision: number
  readonly type: string
  readonly recordedAt: IsoTime
}

export interface FieldDifference {
  readonly field: string
  /** As they are stored: what is sealed stays sealed. Undefined where the field is not there. */
  readonly served: unknown
  readonly replayed: unknown
  /** The last event that changed it. */
  readonly setBy?: EventPlace | undefined
}

export interface RowDifference {
  /** `missing`: not served, though it should be. `surplus`: served, though it should not be. */
  readonly type: 'differs' | 'missing' | 'surplus'
  readonly key: string
  /** None where only columns differ. */
  readonly fields: readonly FieldDifference[]
  /** Columns that hold something else than their row does: views filter and sort by them. */
  readonly columns: readonly string[]
  /** The last 20 events of the row, in the order of the log. */
  readonly events: readonly EventPlace[]
  /** What a handler threw on replay, where that is why. */
  readonly breaks?: string | undefined
}

export interface CounterDifference {
  readonly type: 'counter'
  readonly name: string
  readonly served: number
  readonly replayed: number
}

export type Difference = RowDifference | CounterDifference

export const placeOf = ({
  position,
  stream,
  revision,
  type,
  metadata: { recordedAt },
}: RecordedEvent): EventPlace => ({ position, stream, revision, type, recordedAt })

/** The fields of two rows that differ. */
export const fieldsOf = (
  served: Readonly<Record<string, unknown>> | undefined,
  replayed: Readonly<Record<string, unknown>> | undefined,
): readonly FieldDifference[] =>
  [...new Set([...Object.keys(replayed ?? {}), ...Object.keys(served ?? {})])].flatMap((field) => {
    const [one, other] = [served?.[field], replayed?.[field]]
    return isDeepStrictEqual(one, other) ? [] : [{ field, served: one, replayed: other }]
  })

/** Undefined where both are the same. */
export const rowDifference = (
  key: string,
  served: InspectedRow | undefined,
  replayed: InspectedRow | undefined,
): RowDifference | undefined => {
  const fields = fieldsOf(served?.row, replayed?.row)
  const columns = served?.unfit ?? []
  const type =
    served === undefined
      ? ('missing' as const)
      : replayed === undefined
        ? ('surplus' as const)
        : ('differs' as const)
  if (served === undefined && replayed === undefined) return undefined
  if (type === 'differs' && fields.length === 0 && columns.length === 0) return undefined
  return { type, key, fields, columns, events: [] }
}

const inOrder = (...names: readonly Iterable<string>[]): readonly string[] =>
  [...new Set(names.flatMap((each) => [...each]))].sort(compareText)

/** The keys of two pages that differ, in their order. */
export const differingKeys = (
  served: readonly InspectedRow[],
  replayed: readonly InspectedRow[],
): readonly string[] => {
  const one = new Map(served.map((row) => [row.key, row]))
  const other = new Map(replayed.map((row) => [row.key, row]))
  return inOrder(one.keys(), other.keys()).filter(
    (key) => rowDifference(key, one.get(key), other.get(key)) !== undefined,
  )
}

type Counted = readonly (readonly [name: string, value: number])[]

export const differingCounters = (served: Counted, replayed: Counted): readonly string[] => {
  const one = new Map(served)
  const other = new Map(replayed)
  return inOrder(one.keys(), other.keys()).filter(
    (name) => (one.get(name) ?? 0) !== (other.get(name) ?? 0),
  )
}
