/** One shared inbox of an account (S-003): its channels and its spam rules. */
import type { Category } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { InboxCommand, InboxRefusal } from './commands.js'
import { decide } from './decide.js'
import { inboxEvents, type InboxEvent } from './events.js'
import { evolve, initial, type Inbox } from './state.js'

export {
  changeChannelSettings,
  changeInboxHours,
  changeMembers,
  changeRouting,
} from './commands-settings.js'
export {
  changeRoleBasedAddresses,
  changeSpamRules,
  connectChannel,
  createInbox,
  disconnectChannel,
  inboxRequests,
  renameInbox,
} from './commands.js'
export type { InboxCommand, InboxNotReady, InboxRefusal } from './commands.js'
export type {
  ChannelSettings,
  Fallback,
  InboxEvent,
  Members,
  RoleBasedSwitch,
  Routing,
  Switch,
} from './events.js'
export { roleBasedLocalParts } from './role-based.js'
export { inboxNotReady, inboxSettings, routingOf } from './state.js'
export type { ConnectedChannel, Inbox, InboxSettings, SpamRules } from './state.js'

export const inboxes: Category<Stamped<InboxCommand>, Inbox, InboxEvent, InboxRefusal> = {
  category: 'inbox',
  events: inboxEvents,
  initial,
  evolve,
  decide,
}
