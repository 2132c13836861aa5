import { accept, refuse, type Decision } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type {
  ChangeRoleBasedAddresses,
  ChangeSpamRules,
  ConnectChannel,
  CreateInbox,
  DisconnectChannel,
  InboxCommand,
  InboxRefusal,
} from './commands.js'
import { decideSettings } from './decide-settings.js'
import type { InboxEvent } from './events.js'
import { isSameChannel, type Inbox, type InboxSettings } from './state.js'

type Answer = Decision<InboxRefusal, InboxEvent>

const create = ({ name }: CreateInbox, state: Inbox): Answer => {
  if (state.situation === 'absent') return accept({ type: 'InboxCreated', data: { name } })
  return state.name === name ? accept() : refuse({ type: 'InboxExists', name: state.name })
}

const channelOf = ({ channel, address }: ConnectChannel | DisconnectChannel) => ({
  channel,
  ...(address !== undefined && { address }),
})

const isConnected = (command: ConnectChannel | DisconnectChannel, { channels }: InboxSettings) =>
  channels.some((channel) => isSameChannel(channel, command))

const changeSpamRules = (command: ChangeSpamRules, { spamRules }: InboxSettings): Answer => {
  const { automated, marketing, roleBased, subscriptionLink } = command
  const data = {
    ...(automated !== undefined && automated !== spamRules.automated && { automated }),
    ...(marketing !== undefined && marketing !== spamRules.marketing && { marketing }),
    ...(roleBased !== undefined && roleBased !== spamRules.roleBased && { roleBased }),
    ...(subscriptionLink !== undefined &&
      subscriptionLink !== spamRules.subscriptionLink && { subscriptionLink }),
  }
  return Object.keys(data).length === 0 ? accept() : accept({ type: 'SpamRulesChanged', data })
}

const lowerCased = (parts: readonly string[] = []): readonly string[] => [
  ...new Set(parts.map((part) => part.toLowerCase())),
]

/** What is both added and removed is removed. */
const changeRoleBased = (
  command: ChangeRoleBasedAddresses,
  { roleBased }: InboxSettings,
): Answer => {
  const leaving = lowerCased(command.remove)
  const removed = leaving.filter((part) => roleBased.has(part))
  const added = lowerCased(command.add).filter(
    (part) => !roleBased.has(part) && !leaving.includes(part),
  )
  return added.length + removed.length === 0
    ? accept()
    : accept({ type: 'RoleBasedAddressesChanged', data: { added, removed } })
}

export const decide = (command: Stamped<InboxCommand>, state: Inbox): Answer => {
  if (command.type === 'CreateInbox') return create(command, state)
  if (state.situation === 'absent') return refuse({ type: 'NoSuchInbox' })
  switch (command.type) {
    case 'RenameInbox':
      return command.name === state.name
        ? accept()
        : accept({ type: 'InboxRenamed', data: { name: command.name } })
    case 'ConnectChannel':
      return isConnected(command, state)
        ? accept()
        : accept({ type: 'ChannelConnected', data: channelOf(command) })
    case 'DisconnectChannel':
      return isConnected(command, state)
        ? accept({ type: 'ChannelDisconnected', data: channelOf(command) })
        : accept()
    case 'ChangeSpamRules':
      return changeSpamRules(command, state)
    case 'ChangeRoleBasedAddresses':
      return changeRoleBased(command, state)
    case 'ChangeChannelSettings':
    case 'ChangeMembers':
    case 'ChangeRouting':
    case 'ChangeInboxHours':
      return decideSettings(command, state)
  }
}
