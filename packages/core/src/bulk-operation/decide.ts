import { accept, refuse, type Decision } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type {
  BulkOperationCommand,
  BulkOperationRefusal,
  RecordBulkOutcomes,
  StartBulkOperation,
} from './commands.js'
import type { BulkOperationEvent } from './events.js'
import { remaining, type BulkOperation } from './state.js'

type Answer = Decision<BulkOperationRefusal, BulkOperationEvent>

const MOST_ITEMS = 500

const finished: BulkOperationEvent = { type: 'BulkOperationFinished', data: {} }

/** Started again it is the same one: what a crash left is finished. */
const start = (command: StartBulkOperation, state: BulkOperation): Answer => {
  const { action, withTickets, bulkOperationId = '' } = command
  const items = [...new Set(command.items)]
  if (state.situation !== 'absent') {
    const same =
      state.action === action &&
      state.withTickets === (withTickets ?? false) &&
      state.items.length === items.length &&
      state.items.every((item, index) => item === items[index])
    return same ? accept() : refuse({ type: 'BulkOperationExists', bulkOperationId })
  }
  if (items.length > MOST_ITEMS)
    return refuse({ type: 'TooManyItems', most: MOST_ITEMS, found: items.length })
  const started: BulkOperationEvent = {
    type: 'BulkOperationStarted',
    data: { action, items, ...(withTickets && { withTickets }) },
  }
  return accept<BulkOperationEvent>(started, ...(items.length === 0 ? [finished] : []))
}

/** The first outcome of each counts: two processes may be at the same operation. */
const record = (
  { outcomes, bulkOperationId }: RecordBulkOutcomes,
  state: BulkOperation,
): Answer => {
  if (state.situation === 'absent') return refuse({ type: 'NoSuchBulkOperation', bulkOperationId })
  const left = new Set(remaining(state))
  const news = outcomes.filter(({ conversation }) => left.delete(conversation))
  if (news.length === 0) return accept()
  const handled: BulkOperationEvent = { type: 'BulkItemsHandled', data: { outcomes: news } }
  return accept<BulkOperationEvent>(handled, ...(left.size === 0 ? [finished] : []))
}

export const decide = (command: Stamped<BulkOperationCommand>, state: BulkOperation): Answer => {
  switch (command.type) {
    case 'StartBulkOperation':
      return start(command, state)
    case 'RecordBulkOutcomes':
      return record(command, state)
  }
}
