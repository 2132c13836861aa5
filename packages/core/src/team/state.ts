import type { StreamEvent } from '@threadbook/sourcing'
import type { TeamEvent } from './events.js'

/** `unknown`: never created here, though perhaps known to the host. */
export type Team =
  | { readonly situation: 'unknown' | 'deleted' }
  | {
      readonly situation: 'present'
      readonly name: string
      /** Ids of users, in the order they joined. */
      readonly members: ReadonlySet<string>
    }

export const initial = (): Team => ({ situation: 'unknown' })

export const evolve = (state: Team, event: StreamEvent<TeamEvent>): Team => {
  if (event.type === 'TeamCreated')
    return { situation: 'present', name: event.data.name, members: new Set() }
  if (state.situation !== 'present') return state
  switch (event.type) {
    case 'TeamRenamed':
      return { ...state, name: event.data.name }
    case 'TeamMemberAdded':
      return { ...state, members: new Set([...state.members, event.data.user]) }
    case 'TeamMemberRemoved':
      return {
        ...state,
        members: new Set([...state.members].filter((each) => each !== event.data.user)),
      }
    case 'TeamDeleted':
      return { situation: 'deleted' }
  }
}
