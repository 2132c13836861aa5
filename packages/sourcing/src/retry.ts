/** What is parked, folded again: the same on every adapter. */
import * as E from 'fp-ts/lib/Either.js'
import type { RecordedEvent } from './event.js'
import {
  foldBatch,
  parkedEvent,
  touchedKeys,
  type Folded,
  type FoldOptions,
  type ParkedEvent,
  type Rows,
} from './projection.js'
import type { ParkedMoved, Retry, SkippedEvent } from './read-models.js'

export interface RetryPlan {
  readonly key: string
  /** To be folded, over the rows of `keys`. */
  readonly events: readonly RecordedEvent[]
  readonly keys: ReadonlySet<string>
  /** To be written down, with the rows. */
  readonly skipped: SkippedEvent | undefined
  /** What is parked behind them. */
  readonly next: ParkedEvent | undefined
}

/** `there`: what is parked for the key, in order, at least one event more than is to be folded. */
export const planRetry = (
  projection: Rows,
  { key, events, skip }: Retry,
  there: readonly ParkedEvent[],
): E.Either<ParkedMoved, RetryPlan> => {
  if (events.some(({ position }, index) => there[index]?.position !== position))
    return E.left({ type: 'ParkedMoved', projection: projection.name, key })
  const folded = skip === undefined ? events : events.slice(1)
  return E.right({
    key,
    events: folded,
    keys: touchedKeys(projection, folded, { only: key }),
    skipped: skip && { ...there[0]!, ...skip },
    next: there[events.length],
  })
}

export interface FoldedAgain extends Folded<Record<string, unknown>> {
  /** What is first from now on, as it is to be parked: an error says why it waits. */
  readonly first: ParkedEvent | undefined
}

/**
 * As `foldBatch`, for the rows and parked keys of a plan; `parked` replaces the plan's own. An event
 * whose keys could not be told, and now name a row that is parked itself, waits for that. What was
 * skipped, be it in another set, is passed over.
 */
export const foldAgain = (
  projection: Rows,
  rows: ReadonlyMap<string, Record<string, unknown>>,
  parkedKeys: ReadonlySet<string>,
  { key: only, events, next }: RetryPlan,
  { skipped }: Pick<FoldOptions, 'skipped'>,
): FoldedAgain => {
  const options = { only, skipped }
  const inTheWay = (event: RecordedEvent) =>
    [...touchedKeys(projection, [event], options)].find(
      (key) => key !== only && parkedKeys.has(key),
    )
  const at = events.findIndex((event) => inTheWay(event) !== undefined)
  const able = at < 0 ? events : events.slice(0, at)
  const left = at < 0 ? [] : events.slice(at)
  const others = new Set([...parkedKeys].filter((key) => key !== only))
  const folded = foldBatch(projection, rows, others, able, options)
  const broke = folded.parked.some(({ key }) => key === only)
  const waiting = left.map((event, index) =>
    parkedEvent(
      only,
      event,
      broke || index > 0 ? undefined : { error: `waits for ${inTheWay(event)!}` },
    ),
  )
  return {
    ...folded,
    parked: [...folded.parked, ...waiting],
    first:
      next === undefined || broke || waiting.length > 0
        ? undefined
        : { ...next, error: 'waits for the rest of a retry' },
  }
}
