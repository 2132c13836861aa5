/** What one bulk operation holds: what was selected, and what became of each (D-07). */
import { event, eventTypes, type EventsOf } from '@threadbook/sourcing'
import * as t from 'io-ts'

/** Only these two are offered for a selection (S-089). */
export const BulkAction = t.keyof({ trash: null, close: null }, 'BulkAction')
export type BulkAction = t.TypeOf<typeof BulkAction>

/** `unchanged`: it was so already. `failed`: it could not be read, which another try may mend. */
const BulkResult = t.keyof({ done: null, unchanged: null, refused: null, failed: null })

/** A refusal by its type, and of its details those that tell somebody what to do about it. */
const BulkReason = t.intersection([
  t.type({ type: t.string }),
  t.partial({
    /** From when it may be closed (S-087). */
    closableFrom: t.string,
    /** Where it was merged into. */
    target: t.string,
    continuedIn: t.string,
  }),
])

export const BulkOutcome = t.intersection([
  t.type({ conversation: t.string, result: BulkResult }),
  t.partial({ reason: BulkReason }),
])
export type BulkOutcome = t.TypeOf<typeof BulkOutcome>

const BulkOperationStarted = event(
  'BulkOperationStarted',
  { action: BulkAction, items: t.readonlyArray(t.string) },
  /** Of closing: their tickets too (S-086). */
  { withTickets: t.literal(true) },
)
const BulkItemsHandled = event('BulkItemsHandled', { outcomes: t.readonlyArray(BulkOutcome) })
const BulkOperationFinished = event('BulkOperationFinished', {})

export const bulkOperationEvents = eventTypes(
  BulkOperationStarted,
  BulkItemsHandled,
  BulkOperationFinished,
)
export type BulkOperationEvent = EventsOf<typeof bulkOperationEvents>
