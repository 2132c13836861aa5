/** What is somebody's to do now: the open conversations that are theirs, one stream for each user. */
import {
  accept,
  refuse,
  type Category,
  type Decision,
  type StreamEvent,
} from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { WorkloadCommand, WorkloadRefusal } from './commands.js'
import { workloadEvents, type WorkloadEvent } from './events.js'

export { releaseWork, takeWork, workloadRequests } from './commands.js'
export type { WorkloadCommand, WorkloadRefusal } from './commands.js'
export type { WorkloadEvent } from './events.js'

export interface Workload {
  /** Ids of conversations. */
  readonly open: ReadonlySet<string>
  /** How many were taken, ever. */
  readonly taken: number
}

const decide = (
  command: Stamped<WorkloadCommand>,
  { open }: Workload,
): Decision<WorkloadRefusal, WorkloadEvent> => {
  const { conversation } = command
  switch (command.type) {
    case 'TakeWork': {
      const { most } = command
      if (open.has(conversation)) return accept()
      return most !== undefined && open.size >= most
        ? refuse({ type: 'AtCapacity', most })
        : accept({ type: 'WorkTaken', data: { conversation } })
    }
    case 'ReleaseWork':
      return open.has(conversation)
        ? accept({ type: 'WorkReleased', data: { conversation } })
        : accept()
  }
}

/**
 * Two assignments at the same moment meet here: whoever comes second looks again, so that nobody
 * gets more than they take (K-11).
 */
export const workloads: Category<
  Stamped<WorkloadCommand>,
  Workload,
  WorkloadEvent,
  WorkloadRefusal
> = {
  category: 'workload',
  events: workloadEvents,
  initial: () => ({ open: new Set(), taken: 0 }),
  evolve: (state, event: StreamEvent<WorkloadEvent>) => {
    const { conversation } = event.data
    switch (event.type) {
      case 'WorkTaken':
        return { open: new Set([...state.open, conversation]), taken: state.taken + 1 }
      case 'WorkReleased':
        return { ...state, open: new Set([...state.open].filter((each) => each !== conversation)) }
    }
  },
  decide,
}
