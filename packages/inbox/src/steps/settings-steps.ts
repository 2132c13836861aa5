/** Requests about what is set up: users, the account, its inboxes. */
import { accounts, inboxes, teams, users, type Kinds, type RequestOf } from '@threadbook/core'
import { withIds, type Answer, type Asked, type Step, type Steps } from './step.js'

type InboxRequestType = RequestOf<Kinds['inbox']['requests'][number]>['type']
type TeamRequestType = RequestOf<Kinds['team']['requests'][number]>['type']
type UserRequestType = RequestOf<Kinds['user']['requests'][number]>['type']

const onInbox = async (
  command: Asked<Exclude<InboxRequestType, 'ConnectChannel'>>,
  { transaction, times }: Step,
): Answer =>
  withIds({})(await transaction.decide(inboxes, command.inboxId, { ...command, ...times }))

const onAccount = async (
  command: Asked<
    | 'OpenAccount'
    | 'ChangeEdition'
    | 'ChangeRetention'
    | 'ChangeAccountPolicies'
    | 'ChangeDisplayedProperties'
  >,
  { transaction, times, door }: Step,
): Answer => withIds({})(await transaction.decide(accounts, door.account, { ...command, ...times }))

const onTeam = async (command: Asked<TeamRequestType>, { transaction, times }: Step): Answer =>
  withIds({})(await transaction.decide(teams, command.teamId, { ...command, ...times }))

const onUser = async (
  command: Asked<Exclude<UserRequestType, 'AddUser'>>,
  { transaction, times }: Step,
): Answer => withIds({})(await transaction.decide(users, command.userId, { ...command, ...times }))

type SettingsRequestType =
  | InboxRequestType
  | TeamRequestType
  | UserRequestType
  | RequestOf<Kinds['account']['requests'][number]>['type']

export const settingsSteps: Steps<SettingsRequestType> = {
  AddUser: async (request, { transaction, times }) => {
    const key = request.name === undefined ? {} : { key: await transaction.freshKey() }
    return withIds({})(
      await transaction.decide(users, request.userId, { ...request, ...key, ...times }),
    )
  },
  ChangeRoles: onUser,
  ChangePermissions: onUser,
  DeactivateUser: onUser,
  ReactivateUser: onUser,
  RemoveUser: onUser,
  ChangeAvailability: onUser,
  ChangeWorkingHours: onUser,
  SetOutOfOffice: onUser,
  ClearOutOfOffice: onUser,
  ChangeCapacity: onUser,
  OpenAccount: onAccount,
  ChangeEdition: onAccount,
  ChangeRetention: onAccount,
  ChangeAccountPolicies: onAccount,
  ChangeDisplayedProperties: onAccount,
  CreateInbox: onInbox,
  RenameInbox: onInbox,
  /** Connecting a channel to an inbox that is not there yet makes it. */
  ConnectChannel: async (request, step) => {
    const { transaction, times } = step
    const { inboxId, actor } = request
    const state = await transaction.load(inboxes, inboxId)
    if (state.situation === 'absent')
      await transaction.decide(inboxes, inboxId, {
        type: 'CreateInbox',
        inboxId,
        name: inboxId,
        actor,
        ...times,
      })
    return withIds({})(await transaction.decide(inboxes, inboxId, { ...request, ...times }))
  },
  DisconnectChannel: onInbox,
  ChangeSpamRules: onInbox,
  ChangeRoleBasedAddresses: onInbox,
  ChangeChannelSettings: onInbox,
  ChangeMembers: onInbox,
  ChangeRouting: onInbox,
  ChangeInboxHours: onInbox,
  CreateTeam: onTeam,
  RenameTeam: onTeam,
  AddTeamMember: onTeam,
  RemoveTeamMember: onTeam,
  DeleteTeam: onTeam,
}
