/** A conversation's row along its stream: what each event made of it, from the log alone. */
import {
  columnText,
  foldBatch,
  streamId,
  type RecordedEvent,
  type Rows,
} from '@threadbook/sourcing'
import type { ConversationRow } from './conversation-row.js'
import { conversationRows } from './conversation-rows.js'

export interface RowMoment {
  /** The very same object as long as no event changed it; undefined where there is no row. */
  readonly row: ConversationRow | undefined
  /** An event broke: what comes behind it waits, and changes nothing. */
  readonly parked: boolean
}

export const beforeAll: RowMoment = { row: undefined, parked: false }

const projection = conversationRows as unknown as Rows

/**
 * What the list holds of a conversation behind these events of its stream, which follow the moment.
 * `skipped`: marks of what an operator passed over for good.
 */
export const rowAfter = (
  moment: RowMoment,
  events: readonly RecordedEvent[],
  skipped?: ReadonlySet<string>,
): RowMoment => {
  const [first] = events
  if (first === undefined) return moment
  const key = columnText(streamId(first.stream))
  const before = moment.row as Record<string, unknown> | undefined
  const rows = new Map(before === undefined ? [] : [[key, before]])
  const parked = new Set(moment.parked ? [key] : [])
  const folded = foldBatch(projection, rows, parked, events, { skipped })
  const [change] = folded.changes
  return {
    row: change === undefined ? moment.row : (change.after as ConversationRow | undefined),
    parked: moment.parked || folded.parked.length > 0,
  }
}
