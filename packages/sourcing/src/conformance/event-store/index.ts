import type { EventStore } from '../../event-store.js'
import { suite } from '../suite.js'
import { appendCases } from './append.js'
import { cutOffCases, disturbedCases, killedCases } from './disturbed.js'
import { fidelityCases } from './fidelity.js'
import { withHook, type EventStoreKitOptions } from './hooks.js'
import { modelCases } from './model.js'
import { readCases } from './read.js'
import { readStreamsCases } from './read-streams.js'
import { deletedCases, endedCases } from './removed.js'
import { subscribeCases } from './subscribe.js'

export type { EventStoreKitOptions } from './hooks.js'

/**
 * All that an event store owes its callers, as tests. `open` gives a new store with nothing in it;
 * the kit closes it.
 */
export const eventStoreConformance = (
  name: string,
  open: () => Promise<EventStore>,
  options: EventStoreKitOptions = {},
): void => {
  const { disturb, appendAndDie, deleteStream, endStream, lacks = {} } = options
  const hooked = [
    withHook(
      'deleted streams',
      deleteStream,
      lacks.deleteStream ?? 'this store deletes no streams',
      deletedCases,
    ),
    withHook(
      'ended streams',
      endStream,
      lacks.endStream ?? 'this store ends no streams',
      endedCases,
    ),
    withHook(
      'disturbances',
      disturb,
      lacks.disturb ?? 'nothing that could be disturbed was told',
      disturbedCases,
    ),
    withHook(
      'killed processes',
      appendAndDie,
      lacks.appendAndDie ?? 'no process that could be killed was told',
      killedCases,
    ),
  ]
  const cases = [
    ...appendCases,
    ...fidelityCases,
    ...readCases,
    ...(lacks.readStreams === undefined ? readStreamsCases : []),
    ...subscribeCases,
    ...hooked.flatMap((one) => one.cases),
    ...cutOffCases,
    ...modelCases,
  ]
  const left = [
    ...hooked.flatMap((one) => one.left),
    ...(lacks.readStreams === undefined
      ? []
      : [
          {
            about: 'streams one after the other',
            reason: lacks.readStreams,
            names: readStreamsCases.map(({ name }) => name),
          },
        ]),
  ]
  suite(`event store: ${name}`, cases, open, options, left)
}
