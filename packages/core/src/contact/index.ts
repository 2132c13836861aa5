/** Somebody whom the team deals with. */
import type { Category } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { ContactCommand, ContactRefusal } from './commands.js'
import { decide } from './decide.js'
import { contactEvents, type ContactEvent } from './events.js'
import { evolve, initial, keyOf, type Contact } from './state.js'

export {
  addIdentity,
  contactRequests,
  createContact,
  eraseContact,
  nameContact,
  removeIdentity,
  withIdentity,
} from './commands.js'
export {
  associateCompany,
  changeContact,
  changeContactOwner,
  contactInnerRequests,
  deleteContact,
  disassociateCompany,
  mergeContacts,
  restoreContact,
} from './commands-life.js'
export type { AddIdentity, ContactCommand, ContactRefusal, CreateContact } from './commands.js'
export type { ContactEvent, ContactSource } from './events.js'
export { restorableUntil } from './state.js'
export type { Contact, PresentContact } from './state.js'

export const contacts: Category<Stamped<ContactCommand>, Contact, ContactEvent, ContactRefusal> = {
  category: 'contact',
  events: contactEvents,
  initial,
  evolve,
  decide,
  keyOf,
}
