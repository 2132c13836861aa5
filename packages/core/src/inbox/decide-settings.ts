import { accept, refuse, type Decision } from '@threadbook/sourcing'
import { wrongHours } from '../hours/working-hours.js'
import type { InboxRefusal } from './commands.js'
import type { ChangeChannelSettings, InboxSettingsCommand } from './commands-settings.js'
import type { InboxEvent } from './events.js'
import { isSameChannel, routingOf, type InboxSettings } from './state.js'

type Answer = Decision<InboxRefusal, InboxEvent>

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

const changeChannel = (command: ChangeChannelSettings, { channels }: InboxSettings): Answer => {
  const { channel, address, settings } = command
  const connected = channels.find((each) => isSameChannel(each, command))
  if (connected === undefined) return refuse({ type: 'ChannelNotConnected', channel })
  return same(connected.settings, settings)
    ? accept()
    : accept({
        type: 'ChannelSettingsChanged',
        data: { channel, settings, ...(address !== undefined && { address }) },
      })
}

export const decideSettings = (command: InboxSettingsCommand, state: InboxSettings): Answer => {
  switch (command.type) {
    case 'ChangeChannelSettings':
      return changeChannel(command, state)
    case 'ChangeMembers': {
      const { members } = command
      const wanted = members === 'everyone' ? members : [...new Set(members)]
      return same(wanted, state.members)
        ? accept()
        : accept({ type: 'MembersChanged', data: { members: wanted } })
    }
    case 'ChangeRouting': {
      const { channel, routing } = command
      return same(routing, routingOf(state, channel))
        ? accept()
        : accept({ type: 'RoutingChanged', data: { channel, routing } })
    }
    case 'ChangeInboxHours': {
      const { hours } = command
      const wrong = hours && wrongHours(hours)
      if (wrong !== undefined) return refuse({ type: 'InvalidCommand', ...wrong })
      return same(hours, state.hours)
        ? accept()
        : accept({ type: 'InboxHoursChanged', data: hours === undefined ? {} : { hours } })
    }
  }
}
