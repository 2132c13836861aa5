import * as t from 'io-ts'
import { asking, request, type RequestOf } from '../request.js'
import { Channel, Id } from '../vocabulary.js'
import { inboxSettingsRequests, type InboxSettingsCommand } from './commands-settings.js'
import { spamRuleSwitches } from './events.js'

const inbox = { inboxId: Id }

const CreateInbox = request('CreateInbox', { ...inbox, name: Id })
export type CreateInbox = RequestOf<typeof CreateInbox>
export const createInbox = asking(CreateInbox)

const RenameInbox = request('RenameInbox', { ...inbox, name: Id })
type RenameInbox = RequestOf<typeof RenameInbox>
export const renameInbox = asking(RenameInbox)

const ConnectChannel = request('ConnectChannel', { ...inbox, channel: Channel }, { address: Id })
export type ConnectChannel = RequestOf<typeof ConnectChannel>
export const connectChannel = asking(ConnectChannel)

const DisconnectChannel = request(
  'DisconnectChannel',
  { ...inbox, channel: Channel },
  { address: Id },
)
export type DisconnectChannel = RequestOf<typeof DisconnectChannel>
export const disconnectChannel = asking(DisconnectChannel)

/** What is left out stays as it is. */
const ChangeSpamRules = request('ChangeSpamRules', inbox, spamRuleSwitches)
export type ChangeSpamRules = RequestOf<typeof ChangeSpamRules>
export const changeSpamRules = asking(ChangeSpamRules)

const ChangeRoleBasedAddresses = request('ChangeRoleBasedAddresses', inbox, {
  add: t.readonlyArray(Id),
  remove: t.readonlyArray(Id),
})
export type ChangeRoleBasedAddresses = RequestOf<typeof ChangeRoleBasedAddresses>
export const changeRoleBasedAddresses = asking(ChangeRoleBasedAddresses)

export const inboxRequests = [
  CreateInbox,
  RenameInbox,
  ConnectChannel,
  DisconnectChannel,
  ChangeSpamRules,
  ChangeRoleBasedAddresses,
  ...inboxSettingsRequests,
] as const

export type InboxCommand =
  | CreateInbox
  | RenameInbox
  | ConnectChannel
  | DisconnectChannel
  | ChangeSpamRules
  | ChangeRoleBasedAddresses
  | InboxSettingsCommand

export type InboxRefusal =
  | { readonly type: 'NoSuchInbox' }
  | { readonly type: 'InboxExists'; readonly name: string }
  | { readonly type: 'ChannelNotConnected'; readonly channel: Channel }
  | {
      readonly type: 'InvalidCommand'
      readonly field: string
      readonly expected: string
      readonly found: string
    }

/** S-002: nothing can be received or sent until this is put right. */
export type InboxNotReady =
  { readonly type: 'NoSuchInbox' } | { readonly type: 'NoChannelConnected' }
