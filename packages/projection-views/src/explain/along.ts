/** One row along the events that concern it: what each of them made of it, from the log alone. */
import { foldBatch, touchedKeys, type RecordedEvent, type Rows } from '@threadbook/sourcing'

export interface Step<Row> {
  readonly event: RecordedEvent
  /** Undefined where there is no row: before the first event, after one that removed it. */
  readonly before: Row | undefined
  /** The very same as `before` where the event changed nothing. */
  readonly after: Row | undefined
}

/**
 * Events that all concern one row of a projection, as they are stored and from the first on, each
 * with the row that read models hold before and after it. As there, an event that breaks ends all
 * change: what comes behind it waits, unless it is among the `skipped` (see `skipMark`).
 */
export function* along<Row extends object>(
  projection: Rows,
  events: Iterable<RecordedEvent>,
  skipped?: ReadonlySet<string>,
): Generator<Step<Row>, void> {
  let row: Record<string, unknown> | undefined
  const parked = new Set<string>()
  for (const event of events) {
    const [key] = touchedKeys(projection, [event])
    const rows = new Map(row === undefined || key === undefined ? [] : [[key, row]])
    const folded = foldBatch(projection, rows, parked, [event], { skipped })
    for (const each of folded.parked) parked.add(each.key)
    const [change] = folded.changes
    const after = change === undefined ? row : (change.after as typeof row)
    yield { event, before: row as Row | undefined, after: after as Row | undefined }
    row = after
  }
}
