/** What an inbox's stream holds: its channels and the switches of its spam rules. */
import { event, eventTypes, type EventsOf } from '@threadbook/sourcing'
import * as t from 'io-ts'
import { Channel } from '../vocabulary.js'

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
  SpamRulesChanged,
  RoleBasedAddressesChanged,
)
export type InboxEvent = EventsOf<typeof inboxEvents>
