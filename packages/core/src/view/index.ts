/** A list of somebody's own making: a filter with a name (S-004, K-08). */
import type { Category } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { ViewCommand, ViewRefusal } from './commands.js'
import { decide } from './decide.js'
import { viewEvents, type ViewEvent } from './events.js'
import { evolve, initial, type CustomView } from './state.js'

export { changeView, createView, deleteView, viewRequests } from './commands.js'
export type { ChangeView, CreateView, DeleteView, ViewRefusal } from './commands.js'
export type { ViewEvent, ViewSort, ViewVisibility } from './events.js'
export type { CustomView } from './state.js'

export const customViews: Category<Stamped<ViewCommand>, CustomView, ViewEvent, ViewRefusal> = {
  category: 'view',
  events: viewEvents,
  initial,
  evolve,
  decide,
}
