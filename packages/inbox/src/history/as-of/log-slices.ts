/** An account's conversations in the log, slice by slice, leaving the host's event loop free. */
import { performance } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import { conversationRows } from '@threadbook/projection-views'
import {
  streamPrefix,
  type EventFilter,
  type Position,
  type RecordedEvent,
} from '@threadbook/sourcing'
import type { Door } from '../../door.js'
import { answer } from '../../fault.js'

/** What one slice may take, and the events it begins with. */
const SLICE_MS = 20
const FIRST_SLICE = 200
const SMALLEST_SLICE = 50
const LARGEST_SLICE = 1_000

const conversationsOf = (account: string): EventFilter => ({
  types: Object.keys(conversationRows.on),
  streamPrefixes: conversationRows.categories.map((category) => streamPrefix(category, account)),
})

export interface Slice {
  readonly events: readonly RecordedEvent[]
  /** All up to here is in this slice or those before it. */
  readonly position: Position
  readonly end: boolean
}

/** Undefined, as a place in the log, is before all events. */
export type Place = Position | undefined

export const isBefore = (a: Place, b: Place): boolean => (a ?? '') < (b ?? '')
export const earlier = (a: Place, b: Place): Place => (isBefore(a, b) ? a : b)
export const later = (a: Place, b: Place): Place => (isBefore(a, b) ? b : a)

/** Each next slice behind `after`, until the log's end: as large as 20 ms let it be. */
export async function* slicesOf(
  { adapters, account }: Pick<Door, 'adapters' | 'account'>,
  after: Place,
  signal?: AbortSignal,
): AsyncGenerator<Slice, void> {
  const filter = conversationsOf(account)
  let limit = FIRST_SLICE
  for (let from = after; ;) {
    signal?.throwIfAborted()
    const began = performance.now()
    const { events, position, end } = await answer(
      adapters.store.readAll({ after: from, filter, limit }),
    )
    if (position !== undefined && position !== from) yield { events, position, end }
    if (end) return
    from = position
    // With what was done with the slice.
    const took = Math.max(1, performance.now() - began)
    const fitting = Math.min(2 * limit, (limit * SLICE_MS) / took)
    limit = Math.round(Math.min(LARGEST_SLICE, Math.max(SMALLEST_SLICE, fitting)))
    await setImmediate()
  }
}
