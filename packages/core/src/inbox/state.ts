import type { StreamEvent } from '@threadbook/sourcing'
import type { Channel } from '../vocabulary.js'
import type { InboxNotReady } from './commands.js'
import type { WorkingHours } from '../hours/working-hours.js'
import type {
  ChannelSettings,
  InboxEvent,
  Members,
  RoleBasedSwitch,
  Routing,
  Switch,
} from './events.js'
import { roleBasedLocalParts } from './role-based.js'

export interface SpamRules {
  readonly automated: Switch
  readonly marketing: Switch
  readonly roleBased: RoleBasedSwitch
  readonly subscriptionLink: Switch
}

export interface ConnectedChannel {
  readonly channel: Channel
  readonly address: string | undefined
  readonly settings: ChannelSettings
}

export interface InboxSettings {
  readonly name: string
  readonly channels: readonly ConnectedChannel[]
  readonly spamRules: SpamRules
  /** Local parts, in lower case. */
  readonly roleBased: ReadonlySet<string>
  /** Who may open it (K-15). */
  readonly members: Members
  /** Of channels that say something else than: nobody (K-09). */
  readonly routing: ReadonlyMap<Channel, Routing>
  /** None: always open (K-14). */
  readonly hours: WorkingHours | undefined
}

export type Inbox =
  { readonly situation: 'absent' } | ({ readonly situation: 'present' } & InboxSettings)

export const initial = (): Inbox => ({ situation: 'absent' })

const spamRuleDefaults: SpamRules = {
  automated: 'on',
  marketing: 'on',
  roleBased: 'on',
  subscriptionLink: 'on',
}

/** Addresses are told apart without regard to case. */
export const isSameChannel = (
  a: { readonly channel: Channel; readonly address?: string | undefined },
  b: { readonly channel: Channel; readonly address?: string | undefined },
): boolean => a.channel === b.channel && a.address?.toLowerCase() === b.address?.toLowerCase()

export const evolve = (state: Inbox, event: StreamEvent<InboxEvent>): Inbox => {
  if (state.situation === 'absent')
    return event.type === 'InboxCreated'
      ? {
          situation: 'present',
          name: event.data.name,
          channels: [],
          spamRules: spamRuleDefaults,
          roleBased: new Set(roleBasedLocalParts),
          members: 'everyone',
          routing: new Map(),
          hours: undefined,
        }
      : state
  switch (event.type) {
    case 'InboxCreated':
      return state
    case 'InboxRenamed':
      return { ...state, name: event.data.name }
    case 'ChannelConnected': {
      const { channel, address } = event.data
      const others = state.channels.filter((other) => !isSameChannel(other, event.data))
      return { ...state, channels: [...others, { channel, address, settings: {} }] }
    }
    case 'ChannelDisconnected':
      return {
        ...state,
        channels: state.channels.filter((channel) => !isSameChannel(channel, event.data)),
      }
    case 'ChannelSettingsChanged':
      return {
        ...state,
        channels: state.channels.map((channel) =>
          isSameChannel(channel, event.data)
            ? { ...channel, settings: event.data.settings }
            : channel,
        ),
      }
    case 'MembersChanged':
      return { ...state, members: event.data.members }
    case 'RoutingChanged':
      return {
        ...state,
        routing: new Map(state.routing).set(event.data.channel, event.data.routing),
      }
    case 'InboxHoursChanged':
      return { ...state, hours: event.data.hours }
    case 'SpamRulesChanged':
      return { ...state, spamRules: { ...state.spamRules, ...event.data } }
    case 'RoleBasedAddressesChanged': {
      const roleBased = new Set([...state.roleBased, ...event.data.added])
      for (const part of event.data.removed) roleBased.delete(part)
      return { ...state, roleBased }
    }
  }
}

/** Whom what comes by a channel is assigned to: nobody unless told (K-09). */
export const routingOf = ({ routing }: InboxSettings, channel: Channel): Routing =>
  routing.get(channel) ?? { to: 'nobody' }

/** What holds in an inbox that was created; undefined for another. */
export const inboxSettings = (state: Inbox): InboxSettings | undefined =>
  state.situation === 'present' ? state : undefined

/** What is missing before an inbox can receive or send: a channel at least (S-002). */
export const inboxNotReady = (state: Inbox): InboxNotReady | undefined => {
  if (state.situation === 'absent') return { type: 'NoSuchInbox' }
  return state.channels.length === 0 ? { type: 'NoChannelConnected' } : undefined
}
