import { accept, refuse, type Decision } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { AddIdentity, ContactCommand, ContactRefusal, CreateContact } from './commands.js'
import { decideLife } from './decide-life.js'
import type { ContactEvent } from './events.js'
import { restorableUntil, type Contact, type PresentContact } from './state.js'

type Answer = Decision<ContactRefusal, ContactEvent>

const gone = (state: Exclude<Contact, PresentContact>): Answer =>
  state.situation === 'merged'
    ? refuse({ type: 'ContactMerged', into: state.into })
    : refuse({ type: 'NoSuchContact', situation: state.situation })

const isDone = (command: ContactCommand, state: Contact): boolean =>
  (command.type === 'EraseContact' && state.situation === 'erased') ||
  (command.type === 'MergeContacts' && state.situation === 'merged' && state.into === command.into)

/** What can be asked of a contact that was deleted. */
const whileDeleted: ReadonlySet<ContactCommand['type']> = new Set([
  'DeleteContact',
  'RestoreContact',
  'EraseContact',
  'RemoveIdentity',
])

const create = ({ key, source, name }: CreateContact, state: Contact): Answer => {
  if (state.situation === 'present') return accept()
  if (state.situation !== 'absent') return gone(state)
  const created = { type: 'ContactCreated' as const, data: { key, source } }
  return name === undefined
    ? accept(created)
    : accept<ContactEvent>(created, { type: 'ContactNamed', data: { name } })
}

const identityAdded = ({ kind, identity, address }: AddIdentity): ContactEvent => ({
  type: 'IdentityAdded',
  data: { kind, identity, address },
})

export const decide = (command: Stamped<ContactCommand>, state: Contact): Answer => {
  if (command.type === 'CreateContact') return create(command, state)
  if (state.situation !== 'present') return isDone(command, state) ? accept() : gone(state)
  const { deleted } = state
  if (deleted !== undefined && !whileDeleted.has(command.type))
    return refuse({ type: 'ContactDeleted', restorableUntil: restorableUntil(deleted.since) })
  switch (command.type) {
    case 'NameContact':
      return accept({ type: 'ContactNamed', data: { name: command.name } })
    case 'AddIdentity':
      return state.identities.has(command.identity) ? accept() : accept(identityAdded(command))
    case 'RemoveIdentity': {
      const { identity } = command
      return state.identities.has(identity)
        ? accept({ type: 'IdentityRemoved', data: { identity } })
        : accept()
    }
    case 'EraseContact':
      return accept({
        type: 'ContactErased',
        data: { keys: [state.key, ...[...state.sources.values()].flat()] },
      })
    case 'MergeContacts':
    case 'AbsorbContact':
    case 'DeleteContact':
    case 'RestoreContact':
    case 'ChangeContact':
    case 'ChangeContactOwner':
    case 'AssociateCompany':
    case 'DisassociateCompany':
      return decideLife(command, state)
  }
}
