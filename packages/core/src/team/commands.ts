import { asking, request, type RequestOf } from '../request.js'
import { Id } from '../vocabulary.js'

const team = { teamId: Id }
const member = { ...team, userId: Id }

const CreateTeam = request('CreateTeam', { ...team, name: Id })
export type CreateTeam = RequestOf<typeof CreateTeam>
export const createTeam = asking(CreateTeam)

const RenameTeam = request('RenameTeam', { ...team, name: Id })
type RenameTeam = RequestOf<typeof RenameTeam>
export const renameTeam = asking(RenameTeam)

const AddTeamMember = request('AddTeamMember', member)
type AddTeamMember = RequestOf<typeof AddTeamMember>
export const addTeamMember = asking(AddTeamMember)

const RemoveTeamMember = request('RemoveTeamMember', member)
type RemoveTeamMember = RequestOf<typeof RemoveTeamMember>
export const removeTeamMember = asking(RemoveTeamMember)

const DeleteTeam = request('DeleteTeam', team)
type DeleteTeam = RequestOf<typeof DeleteTeam>
export const deleteTeam = asking(DeleteTeam)

export const teamRequests = [
  CreateTeam,
  RenameTeam,
  AddTeamMember,
  RemoveTeamMember,
  DeleteTeam,
] as const

export type TeamCommand = CreateTeam | RenameTeam | AddTeamMember | RemoveTeamMember | DeleteTeam

export type TeamRefusal =
  | { readonly type: 'NoSuchTeam'; readonly situation: 'unknown' | 'deleted' }
  | { readonly type: 'TeamExists'; readonly name: string }
