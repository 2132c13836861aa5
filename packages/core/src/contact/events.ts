/** What a contact's stream holds. Names and addresses are sealed under the contact's own key. */
import { event, eventTypes, sealed, type EventsOf } from '@threadbook/sourcing'
import * as t from 'io-ts'
import type { Property } from '../properties.js'
import { IdentityKind, Owner } from '../vocabulary.js'

/** How the inbox came to know somebody (D-17). */
export const ContactSource = t.keyof(
  { conversation: null, manual: null, crm: null },
  'ContactSource',
)
export type ContactSource = t.TypeOf<typeof ContactSource>

const ContactCreated = event('ContactCreated', { key: t.string, source: ContactSource })
const ContactNamed = event('ContactNamed', { name: sealed<string>() })
const IdentityAdded = event('IdentityAdded', {
  kind: IdentityKind,
  /** The keyed hash of kind and address, which also names its claim. */
  identity: t.string,
  address: sealed<string>(),
})
const IdentityRemoved = event('IdentityRemoved', { identity: t.string })
/** What the CRM is to keep of it. */
const ContactPropertiesChanged = event('ContactPropertiesChanged', {
  properties: sealed<readonly Property[]>(),
})
/** It is the same person as the other: addresses, conversations and records are there now. */
const ContactMergedInto = event('ContactMergedInto', { target: t.string })
/** `keys` are what the other's names and addresses are sealed with: they go with this contact. */
const ContactMergedFrom = event('ContactMergedFrom', {
  source: t.string,
  keys: t.readonlyArray(t.string),
})
/** For 90 days it can be restored (K-22). */
const ContactDeleted = event('ContactDeleted', {})
const ContactRestored = event('ContactRestored', {})
/** Who of the team looks after them (K-09). */
const ContactOwnerChanged = event('ContactOwnerChanged', {}, { owner: Owner })
const CompanyAssociated = event('CompanyAssociated', { company: t.string })
const CompanyDisassociated = event('CompanyDisassociated', {})
/** The last event of a stream. The keys named here are destroyed because of it. */
const ContactErased = event('ContactErased', { keys: t.readonlyArray(t.string) })

export const contactEvents = eventTypes(
  ContactCreated,
  ContactNamed,
  IdentityAdded,
  IdentityRemoved,
  ContactPropertiesChanged,
  ContactMergedInto,
  ContactMergedFrom,
  ContactDeleted,
  ContactRestored,
  ContactOwnerChanged,
  CompanyAssociated,
  CompanyDisassociated,
  ContactErased,
)
export type ContactEvent = EventsOf<typeof contactEvents>
