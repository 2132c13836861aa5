/** Who is at the other end: visitors have ids of their own, and perhaps an address known to be theirs. */
import {
  addIdentity,
  claimIdentity,
  contacts,
  identityClaims,
  withIdentity,
  type Actor,
  type Correspondent,
  type IdentityKind,
  type Person,
} from '@threadbook/core'
import {
  contactOf,
  ensureContact,
  identityOf,
  type Inbox,
  type KnownContact,
  type Mac,
  type Times,
} from '@threadbook/inbox'
import { toSeal, type Transaction } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'

export interface Sender {
  readonly kind: IdentityKind
  /** Undefined where a form asked for neither address nor number. */
  readonly person: Person | undefined
  /** An e-mail address that is known to be theirs, beside what they wrote from. */
  readonly email?: string | undefined
}

export interface Asking {
  readonly inbox: Inbox
  readonly transaction: Transaction
  readonly mac: Mac
  readonly times: Times
  readonly actor: Actor
}

/** One more address of a contact, where it is nobody else's. */
const addTo = async (
  { contact }: KnownContact,
  { kind, address }: { readonly kind: IdentityKind; readonly address: string },
  { transaction, mac, times, actor }: Asking,
): Promise<void> => {
  const identity = identityOf(mac, kind, address)
  const claimed = await transaction.decide(identityClaims, identity, {
    ...claimIdentity({ identity, contact, actor }),
    ...times,
  })
  if (E.isLeft(claimed)) return
  await transaction.decide(contacts, contact, {
    ...withIdentity(addIdentity({ contactId: contact, kind, address, actor }), identity),
    ...times,
  })
}

/** The contact that a sender is or becomes (K-15, D-17): by their id, then by their known address. */
const contactFor = async (
  sender: Sender & { readonly person: Person },
  identity: string,
  asking: Asking,
): Promise<KnownContact> => {
  const { inbox, transaction, mac, times, actor } = asking
  const { kind, person, email } = sender
  const known = await contactOf(transaction, identity)
  if (known === undefined && email !== undefined) {
    const byEmail = await contactOf(transaction, identityOf(mac, 'email', email))
    if (byEmail !== undefined) {
      await addTo(byEmail, { kind, address: person.address }, asking)
      return byEmail
    }
  }
  const stranger = { kind, identity, person, source: 'conversation' } as const
  const contact =
    known ?? (await ensureContact(inbox.door, transaction, stranger, { ...times, actor }))
  if (email !== undefined && kind !== 'email')
    await addTo(contact, { kind: 'email', address: email }, asking)
  return contact
}

/** Whom a message is from or to; a contact is made of them where `known` says so. */
export const correspondentFor = async (
  sender: Sender,
  becomesContact: boolean,
  asking: Asking,
): Promise<Correspondent> => {
  const { kind, person } = sender
  const who = person ?? { address: '' }
  const identity = identityOf(asking.mac, kind, who.address)
  const contact =
    becomesContact && person !== undefined
      ? await contactFor({ ...sender, person }, identity, asking)
      : await contactOf(asking.transaction, identity)
  return contact === undefined
    ? { identity, who: toSeal(who) }
    : { identity, contact: contact.contact, who: toSeal(who, contact.key) }
}
