/** One action on a selection of conversations, with an outcome for each (S-089, D-07). */
import type { Category } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { BulkOperationCommand, BulkOperationRefusal } from './commands.js'
import { decide } from './decide.js'
import { bulkOperationEvents, type BulkOperationEvent } from './events.js'
import { evolve, initial, type BulkOperation } from './state.js'

export {
  bulkClose,
  bulkOperationInnerRequests,
  bulkOperationRequests,
  bulkTrash,
  recordBulkOutcomes,
} from './commands.js'
export type { BulkOperationRefusal, StartBulkOperation } from './commands.js'
export type { BulkAction, BulkOperationEvent, BulkOutcome } from './events.js'
export { remaining } from './state.js'
export type { BulkOperation } from './state.js'

export const bulkOperations: Category<
  Stamped<BulkOperationCommand>,
  BulkOperation,
  BulkOperationEvent,
  BulkOperationRefusal
> = { category: 'bulkOperation', events: bulkOperationEvents, initial, evolve, decide }
