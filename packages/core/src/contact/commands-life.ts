/** What becomes of a contact: merged, deleted, restored; the company it belongs to. */
import { toSeal } from '@threadbook/sourcing'
import * as t from 'io-ts'
import { properties, type Property } from '../properties.js'
import { asking, request, sealing, type RequestOf } from '../request.js'
import { Id, Owner } from '../vocabulary.js'

const contact = { contactId: Id }

/** Two records of one person: what the first has is the second's from now on. */
const MergeContacts = request('MergeContacts', { ...contact, into: Id })
export type MergeContacts = RequestOf<typeof MergeContacts>
export const mergeContacts = asking(MergeContacts)

/** The other half of a merge, decided with it. */
const AbsorbContact = request('AbsorbContact', {
  ...contact,
  source: Id,
  /** Those that its names and addresses are sealed with. */
  keys: t.readonlyArray(Id),
})
export type AbsorbContact = RequestOf<typeof AbsorbContact>

/** Restorable for 90 days (K-22). Its addresses are free for others meanwhile. */
const DeleteContact = request('DeleteContact', contact)
type DeleteContact = RequestOf<typeof DeleteContact>
export const deleteContact = asking(DeleteContact)

const RestoreContact = request('RestoreContact', contact)
type RestoreContact = RequestOf<typeof RestoreContact>
export const restoreContact = asking(RestoreContact)

/** Values of the contact's own properties (S-056); what is left out stays. The CRM keeps them. */
const ChangeContact = request('ChangeContact', { ...contact, properties: sealing(properties) })
export type ChangeContact = RequestOf<typeof ChangeContact>
export const changeContact = ({
  properties,
  ...rest
}: Omit<ChangeContact, 'type' | 'properties'> & {
  readonly properties: readonly Property[]
}): ChangeContact => ({ type: 'ChangeContact', ...rest, properties: toSeal(properties) })

/** Who of the team looks after them, as the CRM says or a person does (K-09); nobody where left out. */
const ChangeContactOwner = request('ChangeContactOwner', contact, { owner: Owner })
type ChangeContactOwner = RequestOf<typeof ChangeContactOwner>
export const changeContactOwner = asking(ChangeContactOwner)

/** As the CRM says (S-062): from now on it is logged on the company's timeline, too. */
const AssociateCompany = request('AssociateCompany', { ...contact, company: Id })
type AssociateCompany = RequestOf<typeof AssociateCompany>
export const associateCompany = asking(AssociateCompany)

const DisassociateCompany = request('DisassociateCompany', contact)
type DisassociateCompany = RequestOf<typeof DisassociateCompany>
export const disassociateCompany = asking(DisassociateCompany)

export const contactLifeRequests = [
  MergeContacts,
  DeleteContact,
  RestoreContact,
  ChangeContact,
  ChangeContactOwner,
  AssociateCompany,
  DisassociateCompany,
] as const
export const contactInnerRequests = [AbsorbContact] as const

export type ContactLifeCommand =
  | MergeContacts
  | AbsorbContact
  | DeleteContact
  | RestoreContact
  | ChangeContact
  | ChangeContactOwner
  | AssociateCompany
  | DisassociateCompany
