/** What becomes of contacts, told to the CRM. */
import { contacts, type Crm } from '@threadbook/core'
import { copySealed, isErased, isSealedData, streamId, unseal } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { answer } from '../fault.js'
import { insist } from './crm-task.js'
import { effect, type InboxReaction } from './reaction.js'

export const crmContacts = (crm: Crm): InboxReaction =>
  effect({
    name: 'crmContacts',
    of: contacts,
    effect: {
      ContactPropertiesChanged: async ({ id, stream, data }, world) => {
        if (!isSealedData(data.properties)) return E.right(undefined)
        const copy = copySealed(data.properties, id, 'properties')
        const properties = unseal(copy, await answer(world.door.adapters.vault.read([copy.k])))
        if (isErased(properties)) return E.right(undefined)
        const of = { type: 'contact', id: streamId(stream) } as const
        await insist(world, crm, { type: 'changeProperties', of, properties }, id)
        return E.right(undefined)
      },
      ContactMergedInto: async ({ id, stream, data }, world) => {
        const contact = streamId(stream)
        await insist(world, crm, { type: 'mergeContacts', contact, into: data.target }, id)
        return E.right(undefined)
      },
    },
  })
