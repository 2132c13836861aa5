/** Requests that end a contact, bring it back, or make two of them one. */
import {
  claimIdentity,
  contacts,
  identityClaims,
  releaseIdentity,
  senderPolicies,
  type Actor,
} from '@threadbook/core'
import { toSeal } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { contactTexts } from '../contact-addresses.js'
import { policyOf } from '../people.js'
import { withIds, type Answer, type Asked, type Step, type Steps } from './step.js'

/** An identity that no longer belongs to a contact may belong to another. */
export const releaseIdentities = async (
  identities: Iterable<string>,
  contact: string,
  actor: Actor,
  { transaction, times }: Step,
): Promise<void> => {
  for (const identity of identities)
    await transaction.decide(identityClaims, identity, {
      ...releaseIdentity({ identity, contact, actor }),
      ...times,
    })
}

const identitiesOf = async (contactId: string, { transaction }: Step) => {
  const state = await transaction.load(contacts, contactId)
  return state.situation === 'present' ? [...state.identities.keys()] : []
}

/** K-22: its addresses are free from now on; a mail from one makes a new contact. */
const remove = async (request: Asked<'DeleteContact'>, step: Step): Answer => {
  const { contactId, actor } = request
  const identities = await identitiesOf(contactId, step)
  const decided = await step.transaction.decide(contacts, contactId, { ...request, ...step.times })
  if (E.isLeft(decided)) return decided
  await releaseIdentities(identities, contactId, actor, step)
  return E.right({ contactId })
}

/** Addresses that belong to another meanwhile stay with that one. */
const restore = async (request: Asked<'RestoreContact'>, step: Step): Answer => {
  const { contactId, actor } = request
  const { transaction, times } = step
  const decided = await transaction.decide(contacts, contactId, { ...request, ...times })
  if (E.isLeft(decided)) return decided
  for (const identity of await identitiesOf(contactId, step)) {
    const claimed = await transaction.decide(identityClaims, identity, {
      ...claimIdentity({ identity, contact: contactId, actor }),
      ...times,
    })
    if (E.isLeft(claimed))
      await transaction.decide(contacts, contactId, {
        type: 'RemoveIdentity',
        contactId,
        identity,
        actor,
        ...times,
      })
  }
  return E.right({ contactId })
}

/**
 * Name and addresses are sealed anew, with the target's key. Conversations follow behind the log: there
 * may be thousands.
 */
const merge = async (request: Asked<'MergeContacts'>, step: Step): Answer => {
  const { contactId, into, actor } = request
  const { door, transaction, times } = step
  if (contactId === into)
    return E.left({
      type: 'InvalidCommand',
      field: 'into',
      expected: 'another contact',
      found: 'the contact itself',
    })
  const source = await transaction.load(contacts, contactId)
  const done = () => transaction.decide(contacts, contactId, { ...request, ...times })
  if (source.situation !== 'present' || source.deleted !== undefined)
    return withIds({ contactId: into })(await done())
  const keys = [source.key, ...[...source.sources.values()].flat()]
  const { company } = source
  const { name, addresses } = await contactTexts(door, contactId)
  const absorbed = await transaction.decide(contacts, into, {
    type: 'AbsorbContact',
    contactId: into,
    source: contactId,
    keys,
    actor,
    ...times,
  })
  if (E.isLeft(absorbed)) return absorbed
  const target = await transaction.load(contacts, into)
  const unnamed = target.situation === 'present' && !target.named
  const homeless = target.situation === 'present' && target.company === undefined
  const about = { contactId: into, actor, ...times }
  if (unnamed && name !== undefined)
    await transaction.decide(contacts, into, { type: 'NameContact', name: toSeal(name), ...about })
  if (homeless && company !== undefined)
    await transaction.decide(contacts, into, { type: 'AssociateCompany', company, ...about })
  for (const { kind, identity, address } of addresses) {
    await releaseIdentities([identity], contactId, actor, step)
    await transaction.decide(contacts, into, {
      type: 'AddIdentity',
      kind,
      identity,
      address: toSeal(address),
      ...about,
    })
    await transaction.decide(identityClaims, identity, {
      ...claimIdentity({ identity, contact: into, actor }),
      ...times,
    })
  }
  return withIds({ contactId: into })(await done())
}

/** What is held about the contact as a sender names it, too. */
const forgetSenders = async (contactId: string, actor: Actor, step: Step): Promise<void> => {
  const { door, transaction, times, mac } = step
  for (const { kind, address } of (await contactTexts(door, contactId)).addresses) {
    const policy = policyOf(mac, kind, 'address', address)
    await transaction.decide(senderPolicies, policy, {
      type: 'ForgetSender',
      policy,
      actor,
      ...times,
    })
  }
}

/** Privacy erasure (K-22). Its conversations are purged behind the log. */
const erase = async (request: Asked<'EraseContact'>, step: Step): Answer => {
  const { contactId, actor } = request
  const identities = await identitiesOf(contactId, step)
  await forgetSenders(contactId, actor, step)
  const decided = await step.transaction.decide(contacts, contactId, { ...request, ...step.times })
  if (E.isLeft(decided)) return decided
  await releaseIdentities(identities, contactId, actor, step)
  return E.right({ contactId })
}

const plain = async (
  request: Asked<
    'ChangeContact' | 'ChangeContactOwner' | 'AssociateCompany' | 'DisassociateCompany'
  >,
  { transaction, times }: Step,
): Answer => {
  const { contactId } = request
  return withIds({ contactId })(
    await transaction.decide(contacts, contactId, { ...request, ...times }),
  )
}

type ContactLifeRequestType =
  | 'EraseContact'
  | 'DeleteContact'
  | 'RestoreContact'
  | 'MergeContacts'
  | 'ChangeContact'
  | 'ChangeContactOwner'
  | 'AssociateCompany'
  | 'DisassociateCompany'

export const contactLifeSteps: Steps<ContactLifeRequestType> = {
  EraseContact: erase,
  DeleteContact: remove,
  RestoreContact: restore,
  MergeContacts: merge,
  ChangeContact: (request, step) =>
    step.door.crm === undefined ? Promise.resolve(E.left({ type: 'NoCrm' })) : plain(request, step),
  ChangeContactOwner: plain,
  AssociateCompany: plain,
  DisassociateCompany: plain,
}
