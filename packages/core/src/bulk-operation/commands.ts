import * as t from 'io-ts'
import { asking, request, type RequestOf } from '../request.js'
import { Id } from '../vocabulary.js'
import { BulkAction, BulkOutcome } from './events.js'

/** Trashes or closes each of a selection by itself (S-089): a refusal of one never stops the rest. */
const StartBulkOperation = request(
  'StartBulkOperation',
  {
    action: BulkAction,
    /** Ids of conversations, each counted once: 500 at most. */
    items: t.readonlyArray(Id),
  },
  { bulkOperationId: Id, withTickets: t.literal(true) },
)
export type StartBulkOperation = RequestOf<typeof StartBulkOperation>

type Selection = Omit<StartBulkOperation, 'type' | 'action' | 'withTickets'>
export const bulkTrash = (selection: Selection): StartBulkOperation => ({
  type: 'StartBulkOperation',
  action: 'trash',
  ...selection,
})
export const bulkClose = (
  selection: Selection & Pick<StartBulkOperation, 'withTickets'>,
): StartBulkOperation => ({ type: 'StartBulkOperation', action: 'close', ...selection })

const RecordBulkOutcomes = request('RecordBulkOutcomes', {
  bulkOperationId: Id,
  outcomes: t.readonlyArray(BulkOutcome),
})
export type RecordBulkOutcomes = RequestOf<typeof RecordBulkOutcomes>
export const recordBulkOutcomes = asking(RecordBulkOutcomes)

export const bulkOperationRequests = [StartBulkOperation] as const
export const bulkOperationInnerRequests = [RecordBulkOutcomes] as const

export type BulkOperationCommand = StartBulkOperation | RecordBulkOutcomes

export type BulkOperationRefusal =
  | { readonly type: 'NoSuchBulkOperation'; readonly bulkOperationId: string }
  | { readonly type: 'TooManyItems'; readonly most: number; readonly found: number }
  /** Started before, with another action or selection. */
  | { readonly type: 'BulkOperationExists'; readonly bulkOperationId: string }
