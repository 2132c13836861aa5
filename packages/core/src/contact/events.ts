/** What a contact's stream holds. Names and addresses are sealed under the contact's own key. */
import { event, eventTypes, sealed, type EventsOf } from '@threadbook/sourcing'
import * as t from 'io-ts'
import { IdentityKind } from '../vocabulary.js'

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
/** The last event of a stream. The keys named here are destroyed because of it. */
const ContactErased = event('ContactErased', { keys: t.readonlyArray(t.string) })

export const contactEvents = eventTypes(
  ContactCreated,
  ContactNamed,
  IdentityAdded,
  IdentityRemoved,
  ContactErased,
)
export type ContactEvent = EventsOf<typeof contactEvents>
