/** Users who work together: a conversation may be a team's, an inbox open to one (S-101, K-15). */
import type { Category } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { TeamCommand, TeamRefusal } from './commands.js'
import { decide } from './decide.js'
import { teamEvents, type TeamEvent } from './events.js'
import { evolve, initial, type Team } from './state.js'

export {
  addTeamMember,
  createTeam,
  deleteTeam,
  removeTeamMember,
  renameTeam,
  teamRequests,
} from './commands.js'
export type { TeamCommand, TeamRefusal } from './commands.js'
export type { TeamEvent } from './events.js'
export type { Team } from './state.js'

export const teams: Category<Stamped<TeamCommand>, Team, TeamEvent, TeamRefusal> = {
  category: 'team',
  events: teamEvents,
  initial,
  evolve,
  decide,
}
