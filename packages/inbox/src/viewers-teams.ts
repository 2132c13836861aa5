/** The teams that somebody is in, as the views know them. */
import { teamRows, teamsOfUser, type TeamRow } from '@threadbook/projection-views'
import type { Rows } from '@threadbook/sourcing'
import type { Door } from './door.js'
import { answer } from './fault.js'
import type { ListRequest } from './list-request.js'

/** As a projection is handed to adapters, which know no row types. */
export const teamTable = teamRows as unknown as Rows

const MOST_TEAMS = 1_000

export const teamsMeant = async (
  { adapters, account }: Door,
  { viewer, teams }: Pick<ListRequest, 'viewer' | 'teams'>,
): Promise<readonly string[] | undefined> => {
  if (teams !== 'mine') return teams
  if (viewer === undefined) return undefined
  const found = await answer(
    adapters.readModels.find(teamTable, teamsOfUser(account, viewer, MOST_TEAMS)),
  )
  return found.map(({ row }) => (row as unknown as TeamRow).id)
}
