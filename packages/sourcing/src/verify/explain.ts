/** Which events the rows that differ come from: they are followed along the log once more. */
import { setImmediate } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import type { Position } from '../event.js'
import type { EventStore, ReadFault } from '../event-store.js'
import { projectionFilter } from '../follow.js'
import { foldBatch, touchedKeys, type Rows } from '../projection.js'
import { fieldsOf, placeOf, type EventPlace, type RowDifference } from './differences.js'

const LAST_EVENTS = 20

interface Followed {
  row: Record<string, unknown> | undefined
  broke: boolean
  readonly events: EventPlace[]
  readonly setBy: Map<string, EventPlace>
}

export interface ExplainOptions {
  readonly skipped: ReadonlySet<string>
  readonly upTo: Position
  readonly signal?: AbortSignal | undefined
}

/** The differences, each with the events it comes from. Costs a read of what the log holds for the projection. */
export const explainRows = async (
  store: EventStore,
  projection: Rows,
  differences: readonly RowDifference[],
  { skipped, upTo, signal }: ExplainOptions,
): Promise<E.Either<ReadFault, readonly RowDifference[]>> => {
  const filter = projectionFilter(projection)
  const followed = new Map(
    differences.map(({ key }): readonly [string, Followed] => [
      key,
      { row: undefined, broke: false, events: [], setBy: new Map() },
    ]),
  )
  for (let after: Position | undefined; ;) {
    signal?.throwIfAborted()
    const slice = await store.readAll({ after, filter })()
    if (E.isLeft(slice)) return slice
    const { events, position, end } = slice.right
    for (const event of events) {
      if (event.position > upTo) break
      for (const key of touchedKeys(projection, [event])) {
        const it = followed.get(key)
        if (it === undefined) continue
        const place = placeOf(event)
        it.events.push(place)
        if (it.events.length > LAST_EVENTS) it.events.shift()
        if (it.broke) continue
        const before = new Map(it.row === undefined ? [] : [[key, it.row] as const])
        const only = { skipped, only: key }
        const { changes, parked } = foldBatch(projection, before, new Set(), [event], only)
        it.broke = parked.length > 0
        const [change] = changes
        if (change === undefined) continue
        for (const { field } of fieldsOf(it.row, change.after)) it.setBy.set(field, place)
        it.row = change.after
      }
    }
    if (end || position === undefined || position >= upTo) break
    after = position
    await setImmediate()
  }
  return E.right(
    differences.map((difference): RowDifference => {
      const { events, setBy } = followed.get(difference.key)!
      const fields = difference.fields.map((each) => ({ ...each, setBy: setBy.get(each.field) }))
      return { ...difference, fields, events }
    }),
  )
}
