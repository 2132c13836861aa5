/** What an inbox's stream holds: its channels and the switches of its spam rules. */
import { event, eventTypes, type EventsOf } from '@threadbook/sourcing'
import * as t from 'io-ts'
import { WorkingHours } from '../hours/working-hours.js'
import { struct } from '../request.js'
import { Channel, Owner } from '../vocabulary.js'

export const Switch = t.keyof({ on: null, off: null }, 'Switch')
export type Switch = t.TypeOf<typeof Switch>
/** `always`: existing contacts too, by the guide's letter (D-18). */
export const RoleBasedSwitch = t.keyof({ on: null, off: null, always: null }, 'RoleBasedSwitch')
export type RoleBasedSwitch = t.TypeOf<typeof RoleBasedSwitch>

/** K-02. */
export const spamRuleSwitches = {
  automated: Switch,
  marketing: Switch,
  roleBased: RoleBasedSwitch,
  subscriptionLink: Switch,
}

/** K-15. */
export const Members = t.union([t.literal('everyone'), t.readonlyArray(Owner)], 'Members')
export type Members = t.TypeOf<typeof Members>

const Nobody = struct('Nobody', { to: t.literal('nobody') })
/** Teams stand for their members. */
const These = struct('These', { to: t.literal('these'), owners: t.readonlyArray(Owner) })
const fallback = t.union([Nobody, These])
/** K-09: whom what comes by a channel is assigned to. */
export const Routing = t.union(
  [Nobody, These, struct('ContactOwner', { to: t.literal('contactOwner'), fallback })],
  'Routing',
)
export type Routing = t.TypeOf<typeof Routing>
/** One that names no contact's owner. */
export type Fallback = t.TypeOf<typeof fallback>

/** What a channel is set to, beside what the sender of its messages brings (S-008). */
export const ChannelSettings = struct(
  'ChannelSettings',
  {},
  {
    /** The name that mail goes out under, or that stands over a chat. */
    displayName: t.string,
    /** Under each mail. */
    signature: t.string,
    /** What a chat begins with. */
    welcome: t.string,
    /** What is said while nobody is there. */
    awayMessage: t.string,
  },
)
export type ChannelSettings = t.TypeOf<typeof ChannelSettings>

const InboxCreated = event('InboxCreated', { name: t.string })
const InboxRenamed = event('InboxRenamed', { name: t.string })
/** A channel may be connected several times, under different addresses. */
const ChannelConnected = event(
  'ChannelConnected',
  { channel: Channel },
  /** The team's own: its mail address, its page, its number. */
  { address: t.string },
)
const ChannelDisconnected = event(
  'ChannelDisconnected',
  { channel: Channel },
  { address: t.string },
)
const ChannelSettingsChanged = event(
  'ChannelSettingsChanged',
  { channel: Channel, settings: ChannelSettings },
  { address: t.string },
)
/** Who may open the inbox, and work in it (K-15). */
const MembersChanged = event('MembersChanged', { members: Members })
const RoutingChanged = event('RoutingChanged', { channel: Channel, routing: Routing })
/** Outside them, nothing is assigned by the system (K-14); none: always open. */
const InboxHoursChanged = event('InboxHoursChanged', {}, { hours: WorkingHours })
/** Rules left out stay as they are. */
const SpamRulesChanged = event('SpamRulesChanged', {}, spamRuleSwitches)
/** Local parts, in lower case, beside or out of the list that all inboxes begin with (K-01). */
const RoleBasedAddressesChanged = event('RoleBasedAddressesChanged', {
  added: t.readonlyArray(t.string),
  removed: t.readonlyArray(t.string),
})

export const inboxEvents = eventTypes(
  InboxCreated,
  InboxRenamed,
  ChannelConnected,
  ChannelDisconnected,
  ChannelSettingsChanged,
  MembersChanged,
  RoutingChanged,
  InboxHoursChanged,
  SpamRulesChanged,
  RoleBasedAddressesChanged,
)
export type InboxEvent = EventsOf<typeof inboxEvents>
