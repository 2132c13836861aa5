/** Requests about contacts. An address belongs to one contact: its claim says to which. */
import {
  addIdentity,
  claimIdentity,
  contacts,
  identityClaims,
  releaseIdentity,
  withIdentity,
  type Request,
} from '@threadbook/core'
import * as E from 'fp-ts/lib/Either.js'
import { identityOf } from '../people.js'
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

/** An identity that no longer belongs to a contact may belong to another. */
const release = async (
  identities: Iterable<string>,
  contact: string,
  actor: Request['actor'],
  { transaction, times }: Step,
): Promise<void> => {
  for (const identity of identities)
    await transaction.decide(identityClaims, identity, {
      ...releaseIdentity({ identity, contact, actor }),
      ...times,
    })
}

const onContact = async (
  command: Asked<'NameContact' | 'RemoveIdentity' | 'EraseContact'>,
  step: Step,
): Answer => {
  const { transaction, times } = step
  const { contactId, actor } = command
  const before = await transaction.load(contacts, contactId)
  const gone =
    command.type === 'RemoveIdentity'
      ? [command.identity]
      : command.type === 'EraseContact' && before.situation === 'present'
        ? [...before.identities.keys()]
        : []
  const decided = await transaction.decide(contacts, contactId, { ...command, ...times })
  if (E.isLeft(decided)) return decided
  await release(gone, contactId, actor, step)
  return E.right({ contactId })
}

type ContactRequestType =
  'CreateContact' | 'NameContact' | 'AddIdentity' | 'RemoveIdentity' | 'EraseContact'

export const contactSteps: Steps<ContactRequestType> = {
  CreateContact: async (request, { transaction, times, newId }) => {
    const contactId = request.contactId ?? newId('contact')
    const key = await transaction.freshKey()
    return withIds({ contactId })(
      await transaction.decide(contacts, contactId, { ...request, contactId, key, ...times }),
    )
  },
  NameContact: onContact,
  AddIdentity: addIdentityTo,
  RemoveIdentity: onContact,
  EraseContact: onContact,
}
