import type { StreamEvent } from '@threadbook/sourcing'
import type { BulkAction, BulkOperationEvent, BulkOutcome } from './events.js'

export type BulkOperation =
  | { readonly situation: 'absent' }
  | {
      readonly situation: 'running' | 'finished'
      readonly action: BulkAction
      readonly withTickets: boolean
      /** In the order of the selection. */
      readonly items: readonly string[]
      /** Whoever started it. */
      readonly by: string
      readonly outcomes: ReadonlyMap<string, BulkOutcome>
    }

export const initial = (): BulkOperation => ({ situation: 'absent' })

export const evolve = (
  state: BulkOperation,
  event: StreamEvent<BulkOperationEvent>,
): BulkOperation => {
  if (state.situation === 'absent')
    return event.type === 'BulkOperationStarted'
      ? {
          situation: 'running',
          action: event.data.action,
          withTickets: event.data.withTickets ?? false,
          items: event.data.items,
          by: event.metadata.actor,
          outcomes: new Map(),
        }
      : state
  switch (event.type) {
    case 'BulkOperationStarted':
      return state
    case 'BulkItemsHandled': {
      const outcomes = new Map(state.outcomes)
      for (const outcome of event.data.outcomes) outcomes.set(outcome.conversation, outcome)
      return { ...state, outcomes }
    }
    case 'BulkOperationFinished':
      return { ...state, situation: 'finished' }
  }
}

/** What is still to be done, in order. */
export const remaining = (state: BulkOperation): readonly string[] =>
  state.situation === 'absent' ? [] : state.items.filter((item) => !state.outcomes.has(item))
