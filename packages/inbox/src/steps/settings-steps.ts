/** Requests about what is set up: users, the account, its inboxes. */
import { accounts, inboxes, users } from '@threadbook/core'
import { withIds, type Answer, type Asked, type Step, type Steps } from './step.js'

const onInbox = async (
  command: Asked<
    | 'CreateInbox'
    | 'RenameInbox'
    | 'DisconnectChannel'
    | 'ChangeSpamRules'
    | 'ChangeRoleBasedAddresses'
  >,
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

const onUser = async (
  command: Asked<'ChangeRoles' | 'DeactivateUser' | 'ReactivateUser' | 'RemoveUser'>,
  { transaction, times }: Step,
): Answer => withIds({})(await transaction.decide(users, command.userId, { ...command, ...times }))

type SettingsRequestType =
  | 'AddUser'
  | 'ChangeRoles'
  | 'DeactivateUser'
  | 'ReactivateUser'
  | 'RemoveUser'
  | 'OpenAccount'
  | 'ChangeEdition'
  | 'ChangeRetention'
  | 'ChangeAccountPolicies'
  | 'ChangeDisplayedProperties'
  | 'CreateInbox'
  | 'RenameInbox'
  | 'ConnectChannel'
  | 'DisconnectChannel'
  | 'ChangeSpamRules'
  | 'ChangeRoleBasedAddresses'

export const settingsSteps: Steps<SettingsRequestType> = {
  AddUser: async (request, { transaction, times }) => {
    const key = request.name === undefined ? {} : { key: await transaction.freshKey() }
    return withIds({})(
      await transaction.decide(users, request.userId, { ...request, ...key, ...times }),
    )
  },
  ChangeRoles: onUser,
  DeactivateUser: onUser,
  ReactivateUser: onUser,
  RemoveUser: onUser,
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
}
