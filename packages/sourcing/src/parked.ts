/** The way out for what is parked: reads its events from the log, and folds them again. */
import * as E from 'fp-ts/lib/Either.js'
import { isNonEmpty, type Position, type RecordedEvent } from './event.js'
import type { EventStore, ReadFault, Unavailable } from './event-store.js'
import type { ParkedEvent, RowChange, Rows } from './projection.js'
import type { ParkedMoved, ReadModels, Skip } from './read-models.js'

/** Nothing is parked for this key, or no longer. */
export interface NothingParked {
  readonly type: 'NothingParked'
  readonly projection: string
  readonly key: string
}

export interface RetriedKey {
  /** Events that are in the rows now. */
  readonly folded: number
  /** What broke again; those behind it wait on. */
  readonly broken: ParkedEvent | undefined
}

export interface RetryOptions {
  /**
   * Passes over the first event, for good, and folds the others. With a position: only where that
   * is the first one's.
   */
  readonly skip?: (Skip & { readonly position?: Position | undefined }) | undefined
  /** Events a transaction; 1,000 unless told. */
  readonly limit?: number | undefined
  /** Hears what changed in the rows, after each transaction. */
  readonly onChanges?: ((changes: readonly RowChange[]) => void) | undefined
  /** Ends it between two transactions. */
  readonly signal?: AbortSignal | undefined
}

type Store = Pick<EventStore, 'readStream'>

/** Parked events of one key stand close together in few streams, most often in one. */
const readEvents = async (
  store: Store,
  parked: readonly ParkedEvent[],
): Promise<E.Either<ReadFault, readonly RecordedEvent[]>> => {
  const found = new Map<string, RecordedEvent>()
  const place = (stream: string, revision: number) => `${String(revision)} ${stream}`
  const wanted = new Set(parked.map(({ stream, revision }) => place(stream, revision)))
  for (const { stream, revision } of parked) {
    if (found.has(place(stream, revision))) continue
    const slice = await store.readStream(stream, { from: revision, limit: parked.length })()
    if (E.isLeft(slice)) return slice
    for (const event of slice.right.events)
      if (wanted.has(place(stream, event.revision))) found.set(place(stream, event.revision), event)
  }
  const events: RecordedEvent[] = []
  for (const { stream, revision } of parked) {
    const event = found.get(place(stream, revision))
    if (event === undefined) return E.left(gone(stream, revision))
    events.push(event)
  }
  return E.right(events)
}

const gone = (stream: string, revision: number): Unavailable => ({
  type: 'Unavailable',
  reason: `${stream}: event ${String(revision)} is parked, but not in the log`,
})

/**
 * Folds all that is parked for a key again, in order, as if it had just come; meanwhile more may be
 * parked behind it, in any process, and is folded, too. Stops at what breaks again.
 */
export const retryParked = async (
  store: Store,
  readModels: Pick<ReadModels, 'parked' | 'retry'>,
  projection: Rows,
  key: string,
  { skip, limit = 1_000, onChanges, signal }: RetryOptions = {},
): Promise<E.Either<ReadFault | NothingParked | ParkedMoved, RetriedKey>> => {
  let meant = skip?.position
  let skipping: Skip | undefined = skip && { reason: skip.reason, by: skip.by, at: skip.at }
  let folded = 0
  for (let isFirst = true; ;) {
    if (!isFirst && signal?.aborted === true) return E.right({ folded, broken: undefined })
    const parked = await readModels.parked(projection, { key, limit })()
    if (E.isLeft(parked)) return parked
    const [first] = parked.right
    if (first === undefined)
      return isFirst
        ? E.left({ type: 'NothingParked', projection: projection.name, key })
        : E.right({ folded, broken: undefined })
    if (skipping !== undefined) {
      // Another one than was meant is passed over by nobody.
      if (meant !== undefined && meant !== first.position)
        return E.left({ type: 'ParkedMoved', projection: projection.name, key })
      meant = first.position
    }
    const events = await readEvents(store, parked.right)
    if (E.isLeft(events)) return events
    if (!isNonEmpty(events.right)) continue
    const retried = await readModels.retry(projection, {
      key,
      events: events.right,
      skip: skipping,
    })()
    if (E.isLeft(retried)) {
      if (retried.left.type === 'Unavailable') return E.left(retried.left)
      continue
    }
    const { changes, parked: still } = retried.right
    onChanges?.(changes)
    const left = still.filter((each) => each.key === key)
    folded += events.right.length - left.length - (skipping === undefined ? 0 : 1)
    const broken = left.find(({ error }) => error !== undefined)
    if (broken !== undefined) return E.right({ folded, broken })
    isFirst = false
    skipping = undefined
  }
}
