/** Requests about contacts. An address belongs to one contact: its claim says to which. */
import {
  addIdentity,
  claimIdentity,
  contacts,
  identityClaims,
  withIdentity,
} from '@threadbook/core'
import * as E from 'fp-ts/lib/Either.js'
import { identityOf } from '../people.js'
import { contactLifeSteps, releaseIdentities } from './contact-life-steps.js'
import { withIds, type Answer, type Asked, type Step, type Steps } from './step.js'

const addIdentityTo = async (
  request: Asked<'AddIdentity'>,
  { transaction, times, mac }: Step,
): Answer => {
  const { contactId, kind, address, actor } = request
  const identity = identityOf(mac, kind, address)
  const added = await transaction.decide(contacts, contactId, {
    ...withIdentity(addIdentity(request), identity),
    ...times,
  })
  if (E.isLeft(added)) return added
  return withIds({ contactId })(
    await transaction.decide(identityClaims, identity, {
      ...claimIdentity({ identity, contact: contactId, actor }),
      ...times,
    }),
  )
}

const name = async (request: Asked<'NameContact'>, { transaction, times }: Step): Answer => {
  const { contactId } = request
  return withIds({ contactId })(
    await transaction.decide(contacts, contactId, { ...request, ...times }),
  )
}

const removeIdentity = async (request: Asked<'RemoveIdentity'>, step: Step): Answer => {
  const { contactId, identity, actor } = request
  const decided = await step.transaction.decide(contacts, contactId, { ...request, ...step.times })
  if (E.isLeft(decided)) return decided
  await releaseIdentities([identity], contactId, actor, step)
  return E.right({ contactId })
}

export const contactSteps = {
  ...contactLifeSteps,
  CreateContact: async (request, { transaction, times, newId }) => {
    const contactId = request.contactId ?? newId('contact')
    const key = await transaction.freshKey()
    return withIds({ contactId })(
      await transaction.decide(contacts, contactId, { ...request, contactId, key, ...times }),
    )
  },
  NameContact: name,
  AddIdentity: addIdentityTo,
  RemoveIdentity: removeIdentity,
} satisfies Steps<'CreateContact' | 'NameContact' | 'AddIdentity' | 'RemoveIdentity'>
