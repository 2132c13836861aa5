import { accept, refuse, type Decision } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { ContactRefusal } from './commands.js'
import type { AbsorbContact, ContactLifeCommand, MergeContacts } from './commands-life.js'
import type { ContactEvent } from './events.js'
import { restorableUntil, type PresentContact } from './state.js'

type Answer = Decision<ContactRefusal, ContactEvent>

const merge = ({ contactId, into }: MergeContacts): Answer =>
  into === contactId
    ? refuse({ type: 'ContactMerged', into })
    : accept({ type: 'ContactMergedInto', data: { target: into } })

const absorb = ({ source, keys }: AbsorbContact, { sources }: PresentContact): Answer =>
  sources.has(source)
    ? accept()
    : accept({ type: 'ContactMergedFrom', data: { source, keys: [...keys] } })

/** Where it was deleted, only what brings it back or ends it: the rest is refused before. */
export const decideLife = (command: Stamped<ContactLifeCommand>, state: PresentContact): Answer => {
  const { deleted, company } = state
  switch (command.type) {
    case 'MergeContacts':
      return merge(command)
    case 'AbsorbContact':
      return absorb(command, state)
    case 'DeleteContact':
      return deleted === undefined ? accept({ type: 'ContactDeleted', data: {} }) : accept()
    case 'RestoreContact': {
      if (deleted === undefined) return accept()
      const until = restorableUntil(deleted.since)
      return command.now < until
        ? accept({ type: 'ContactRestored', data: {} })
        : refuse({ type: 'ContactNotRestorable', until })
    }
    case 'ChangeContact':
      return accept({ type: 'ContactPropertiesChanged', data: { properties: command.properties } })
    case 'ChangeContactOwner': {
      const { owner } = command
      return state.owner === owner
        ? accept()
        : accept({ type: 'ContactOwnerChanged', data: owner === undefined ? {} : { owner } })
    }
    case 'AssociateCompany':
      return command.company === company
        ? accept()
        : accept({ type: 'CompanyAssociated', data: { company: command.company } })
    case 'DisassociateCompany':
      return company === undefined ? accept() : accept({ type: 'CompanyDisassociated', data: {} })
  }
}
