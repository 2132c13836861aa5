import type { EventStore } from '../../event-store.js'
import { suite, type KitOptions } from '../suite.js'
import { appendCases } from './append.js'
import { fidelityCases } from './fidelity.js'
import { modelCases } from './model.js'
import { readCases } from './read.js'
import { subscribeCases } from './subscribe.js'

/**
 * All that an event store owes its callers, as tests. `open` gives a new store with nothing in it;
 * the kit closes it.
 */
export const eventStoreConformance = (
  name: string,
  open: () => Promise<EventStore>,
  options?: KitOptions<EventStore>,
): void => {
  const cases = [...appendCases, ...fidelityCases, ...readCases, ...subscribeCases, ...modelCases]
  suite(`event store: ${name}`, cases, open, options)
}
