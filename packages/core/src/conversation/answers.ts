/** How decisions on a conversation are worded. */
import { accept, refuse, type Decision } from '@threadbook/sourcing'
import type { Owner, SpamCause } from '../vocabulary.js'
import type { ConversationRefusal } from './commands.js'
import type { ConversationEvent } from './events.js'
import type { Present } from './state.js'

export type Answer = Decision<ConversationRefusal, ConversationEvent>
export type Event<T extends ConversationEvent['type']> = Extract<
  ConversationEvent,
  { readonly type: T }
>

export const one = (event: ConversationEvent): Answer => accept(event)
export const bare = (
  type: 'Unassigned' | 'Closed' | 'Reopened' | 'Woken' | 'Trashed' | 'Restored' | 'HoldReleased',
): ConversationEvent => ({ type, data: {} })
export const when = (condition: boolean, event: ConversationEvent): readonly ConversationEvent[] =>
  condition ? [event] : []

export const noSuchConversation = (situation: 'absent' | 'purged'): Answer =>
  refuse({ type: 'NoSuchConversation', situation })

export const inTrash = ({ continuedIn }: Present): Answer =>
  refuse({ type: 'ConversationInTrash', ...(continuedIn !== undefined && { continuedIn }) })

export const merged = (target: string): Answer => refuse({ type: 'ConversationMerged', target })

export const anotherThanItself = (field: string): Answer =>
  refuse({
    type: 'InvalidCommand',
    field,
    expected: 'another conversation',
    found: 'the conversation itself',
  })

/** Something else left under this id: receipts could not tell them apart. */
export const idTaken = (field: string): Answer =>
  refuse({
    type: 'InvalidCommand',
    field,
    expected: 'an id of its own',
    found: 'the id of something else that was sent',
  })

export const markedAsSpam = (cause: SpamCause): ConversationEvent => ({
  type: 'MarkedAsSpam',
  data: { cause },
})

export const assigned = (owner: Owner): ConversationEvent => ({ type: 'Assigned', data: { owner } })
