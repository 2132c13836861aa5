/** The tenant: what it is subscribed to, and what holds in all of its inboxes (D-16). */
import type { Category } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { AccountCommand, AccountRefusal } from './commands.js'
import { decide } from './decide.js'
import { accountEvents, type AccountEvent } from './events.js'
import { evolve, initial, type Account } from './state.js'

export {
  accountRequests,
  changeAccountPolicies,
  changeDisplayedProperties,
  changeEdition,
  changeRetention,
  openAccount,
} from './commands.js'
export type { AccountCommand, AccountRefusal } from './commands.js'
export { type DisplayedProperties, type DisplayPlace } from './displayed-properties.js'
export type { AccountEvent } from './events.js'
export { accountDefaults } from './state.js'
export type { Account, Retention } from './state.js'
export { hasTicketsInInbox } from './tickets.js'

export const accounts: Category<Stamped<AccountCommand>, Account, AccountEvent, AccountRefusal> = {
  category: 'account',
  events: accountEvents,
  initial,
  evolve,
  decide,
}
