import { accept, refuse, type Decision } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { CreateTeam, TeamCommand, TeamRefusal } from './commands.js'
import type { TeamEvent } from './events.js'
import type { Team } from './state.js'

type Answer = Decision<TeamRefusal, TeamEvent>

/** One that was deleted may be created again, without its members. */
const create = ({ name }: CreateTeam, state: Team): Answer => {
  if (state.situation !== 'present') return accept({ type: 'TeamCreated', data: { name } })
  return state.name === name ? accept() : refuse({ type: 'TeamExists', name: state.name })
}

export const decide = (command: Stamped<TeamCommand>, state: Team): Answer => {
  if (command.type === 'CreateTeam') return create(command, state)
  if (state.situation === 'deleted' && command.type === 'DeleteTeam') return accept()
  if (state.situation !== 'present')
    return refuse({ type: 'NoSuchTeam', situation: state.situation })
  switch (command.type) {
    case 'RenameTeam':
      return command.name === state.name
        ? accept()
        : accept({ type: 'TeamRenamed', data: { name: command.name } })
    case 'AddTeamMember':
      return state.members.has(command.userId)
        ? accept()
        : accept({ type: 'TeamMemberAdded', data: { user: command.userId } })
    case 'RemoveTeamMember':
      return state.members.has(command.userId)
        ? accept({ type: 'TeamMemberRemoved', data: { user: command.userId } })
        : accept()
    case 'DeleteTeam':
      return accept({ type: 'TeamDeleted', data: {} })
  }
}
