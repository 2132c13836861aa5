import { toSeal, type IsoTime, type KeyId, type Sealed } from '@threadbook/sourcing'
import * as t from 'io-ts'
import { asking, request, sealing, type RequestOf } from '../request.js'
import { Id, IdentityKind } from '../vocabulary.js'
import { contactLifeRequests, type ContactLifeCommand } from './commands-life.js'
import { ContactSource } from './events.js'

const contact = { contactId: Id }

/** Contacts that intake needs are created by it (K-15, D-17); this is by hand, or by the CRM. */
const CreateContact = request(
  'CreateContact',
  { source: ContactSource },
  { contactId: Id, name: sealing(t.string) },
)
export type CreateContact = RequestOf<typeof CreateContact> & {
  readonly contactId: string
  readonly key: KeyId
}
export const createContact = ({
  name,
  source = 'manual',
  ...rest
}: Omit<RequestOf<typeof CreateContact>, 'type' | 'name' | 'source'> & {
  readonly name?: string
  readonly source?: ContactSource
}): RequestOf<typeof CreateContact> => ({
  type: 'CreateContact',
  source,
  ...rest,
  ...(name !== undefined && { name: toSeal(name) }),
})

const NameContact = request('NameContact', { ...contact, name: sealing(t.string) })
export type NameContact = RequestOf<typeof NameContact>
export const nameContact = ({
  name,
  ...rest
}: Omit<NameContact, 'type' | 'name'> & { readonly name: string }): NameContact => ({
  type: 'NameContact',
  ...rest,
  name: toSeal(name),
})

const plainAddress = { ...contact, kind: IdentityKind, address: Id }
/** The address is plain: it is hashed before it is sealed. */
const AddIdentity = request('AddIdentity', plainAddress)
export type AddIdentity = Omit<RequestOf<typeof AddIdentity>, 'address'> & {
  readonly address: Sealed<string>
  readonly identity: string
}
export const addIdentity = asking(AddIdentity)
/** The command of a request, once its address is hashed and its identity claimed. */
export const withIdentity = (
  { address, ...rest }: RequestOf<typeof AddIdentity>,
  identity: string,
): AddIdentity => ({ ...rest, address: toSeal(address), identity })

const RemoveIdentity = request('RemoveIdentity', { ...contact, identity: Id })
type RemoveIdentity = RequestOf<typeof RemoveIdentity>
export const removeIdentity = asking(RemoveIdentity)

/** Privacy erasure, for good (K-22). Its identities' claims are released by the caller. */
const EraseContact = request('EraseContact', contact)
type EraseContact = RequestOf<typeof EraseContact>
export const eraseContact = asking(EraseContact)

export const contactRequests = [
  CreateContact,
  NameContact,
  AddIdentity,
  RemoveIdentity,
  EraseContact,
  ...contactLifeRequests,
] as const

export type ContactCommand =
  CreateContact | NameContact | AddIdentity | RemoveIdentity | EraseContact | ContactLifeCommand

export type ContactRefusal =
  | { readonly type: 'NoSuchContact'; readonly situation: 'absent' | 'erased' }
  /** What is asked of it is to be asked of the other. */
  | { readonly type: 'ContactMerged'; readonly into: string }
  /** It can be restored until then, or erased (K-22). */
  | { readonly type: 'ContactDeleted'; readonly restorableUntil: IsoTime }
  | { readonly type: 'ContactNotRestorable'; readonly until: IsoTime }
