/** Who somebody is: identities, the contacts they belong to, what was said of a sender. */
import {
  claimIdentity,
  releaseIdentity,
  contacts,
  identityClaims,
  senderPolicies,
  type Actor,
  type ContactSource,
  type IdentityKind,
  type Person,
  type SenderScope,
  type Standing,
} from '@threadbook/core'
import { toSeal, type KeyId, type Transaction } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door, Mac } from './door.js'
import type { Times } from './times.js'

/** A number's digits, with the plus of an international one, however it is written. */
const digits = (number: string): string =>
  number.replace(/^\s*(\+|00)/, '+').replace(/[^\d+]/g, '') || number.trim()

/** Addresses are told apart without regard to case, numbers by their digits, other ids as they are. */
const normal = (kind: IdentityKind, address: string): string => {
  if (kind === 'phone') return digits(address)
  return kind === 'email' ? address.trim().toLowerCase() : address.trim()
}

/** The keyed hash that an address is known by within its account. */
export const identityOf = (mac: Mac, kind: IdentityKind, address: string): string =>
  mac(`identity\n${kind}\n${normal(kind, address)}`)

/** The name of what was said of a sender or of a domain. */
export const policyOf = (
  mac: Mac,
  kind: IdentityKind,
  scope: SenderScope,
  sender: string,
): string => mac(`policy\n${kind}\n${scope}\n${normal(kind, sender)}`)

export const standingOf = async (
  transaction: Transaction,
  policy: string,
): Promise<Standing | undefined> => (await transaction.load(senderPolicies, policy)).standing

export interface KnownContact {
  readonly contact: string
  readonly key: KeyId
}

/** Longer chains of merged contacts than this lead nowhere. */
const LONGEST_CHAIN = 64

/** The contact itself, or the one that it was merged into. */
export const lastOf = async (transaction: Transaction, id: string) => {
  let contact = id
  let state = await transaction.load(contacts, contact)
  for (let hops = 0; state.situation === 'merged' && hops < LONGEST_CHAIN; hops++) {
    contact = state.into
    state = await transaction.load(contacts, contact)
  }
  return { contact, state }
}

/** The contact an identity belongs to; undefined for a stranger, and for one who was erased or deleted. */
export const contactOf = async (
  transaction: Transaction,
  identity: string,
): Promise<KnownContact | undefined> => {
  const claim = await transaction.load(identityClaims, identity)
  if (claim.situation === 'free') return undefined
  const { contact, state } = await lastOf(transaction, claim.contact)
  return state.situation === 'present' && state.deleted === undefined
    ? { contact, key: state.key }
    : undefined
}

export interface Stranger {
  readonly kind: IdentityKind
  readonly identity: string
  readonly person: Person
  readonly source: ContactSource
}

/** The id of a contact to be made: the one that the identity is claimed for already, or a new one. */
const freeContactId = async (
  door: Door,
  transaction: Transaction,
  identity: string,
  asked: Times & { readonly actor: Actor },
): Promise<string> => {
  const claim = await transaction.load(identityClaims, identity)
  if (claim.situation === 'free') return door.newId()
  const { contact } = claim
  const state = await transaction.load(contacts, contact)
  // Claimed in a transaction that was cut off: it is that contact which is to be made.
  if (state.situation === 'absent') return contact
  await transaction.decide(identityClaims, identity, {
    ...releaseIdentity({ identity, contact, actor: asked.actor }),
    ...asked,
  })
  return door.newId()
}

/** The contact an identity belongs to, made in this transaction where there is none (D-17). */
export const ensureContact = async (
  door: Door,
  transaction: Transaction,
  { kind, identity, person, source }: Stranger,
  asked: Times & { readonly actor: Actor },
): Promise<KnownContact> => {
  const known = await contactOf(transaction, identity)
  if (known !== undefined) return known
  const contactId = await freeContactId(door, transaction, identity, asked)
  const key = await transaction.freshKey()
  const { name, address } = person
  const decided: readonly E.Either<{ readonly type: string }, number>[] = [
    await transaction.decide(identityClaims, identity, {
      ...claimIdentity({ identity, contact: contactId, actor: asked.actor }),
      ...asked,
    }),
    await transaction.decide(contacts, contactId, {
      type: 'CreateContact',
      contactId,
      key,
      source,
      ...(name !== undefined && { name: toSeal(name) }),
      ...asked,
    }),
    await transaction.decide(contacts, contactId, {
      type: 'AddIdentity',
      contactId,
      kind,
      identity,
      address: toSeal(address),
      ...asked,
    }),
  ]
  for (const each of decided)
    if (E.isLeft(each)) throw new Error(`a contact could not be made: ${each.left.type}`)
  return { contact: contactId, key }
}
