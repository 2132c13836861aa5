import type { StreamEvent } from '@threadbook/sourcing'
import type { ConversationFilter } from '../filter/types.js'
import type { ViewEvent, ViewSort, ViewVisibility } from './events.js'

export interface PresentView {
  readonly situation: 'present'
  /** The actor who made it. */
  readonly owner: string
  readonly name: string
  readonly visibility: ViewVisibility
  readonly filter: ConversationFilter
  readonly sort: ViewSort
  readonly zone: string
}

export type CustomView = { readonly situation: 'absent' | 'deleted' } | PresentView

export const initial = (): CustomView => ({ situation: 'absent' })

export const evolve = (state: CustomView, event: StreamEvent<ViewEvent>): CustomView => {
  switch (event.type) {
    case 'ViewCreated':
      return state.situation === 'absent'
        ? { situation: 'present', owner: event.metadata.actor, ...event.data }
        : state
    case 'ViewChanged':
      return state.situation === 'present' ? { ...state, ...event.data } : state
    case 'ViewDeleted':
      return state.situation === 'present' ? { situation: 'deleted' } : state
  }
}
