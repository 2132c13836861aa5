/** What one user has read, and what they marked unread (D-13). */
import type { Category } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { ReadStateCommand, ReadStateRefusal } from './commands.js'
import { decide } from './decide.js'
import { readStateEvents, type ReadStateEvent } from './events.js'
import { evolve, initial, type ReadState } from './state.js'

export { markRead, markUnread, readStateRequests } from './commands.js'
export type { ReadStateRefusal } from './commands.js'
export type { ReadState } from './state.js'

export const readStates: Category<
  Stamped<ReadStateCommand>,
  ReadState,
  ReadStateEvent,
  ReadStateRefusal
> = { category: 'readState', events: readStateEvents, initial, evolve, decide }
