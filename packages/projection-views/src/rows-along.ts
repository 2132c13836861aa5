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

export interface RowStep {
  readonly event: RecordedEvent
  /** Undefined where there is no row: before the start, after a purge. */
  readonly before: ConversationRow | undefined
  /** The very same as `before` where the event changed nothing. */
  readonly after: ConversationRow | undefined
}

const projection = conversationRows as unknown as Rows
type Row = Record<string, unknown>

/**
 * The events of one conversation, as they are stored and from the first on, each with the row that
 * the list held before and after it. As there, an event that breaks ends all change: what comes
 * behind it waits.
 */
export function* rowsAlong(events: Iterable<RecordedEvent>): Generator<RowStep, void> {
  let row: Row | undefined
  const parked = new Set<string>()
  for (const event of events) {
    const key = columnText(streamId(event.stream))
    const rows = new Map(row === undefined ? [] : [[key, row]])
    const folded = foldBatch(projection, rows, parked, [event])
    for (const each of folded.parked) parked.add(each.key)
    const [change] = folded.changes
    const after = change === undefined ? row : (change.after as Row | undefined)
    yield {
      event,
      before: row as ConversationRow | undefined,
      after: after as ConversationRow | undefined,
    }
    row = after
  }
}
