import { accept, refuse, type Decision } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { AddIdentity, ContactCommand, ContactRefusal, CreateContact } from './commands.js'
import type { ContactEvent } from './events.js'
import type { Contact } from './state.js'

type Answer = Decision<ContactRefusal, ContactEvent>

const create = ({ key, source, name }: CreateContact, state: Contact): Answer => {
  if (state.situation === 'present') return accept()
  if (state.situation === 'erased') return refuse({ type: 'NoSuchContact', situation: 'erased' })
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
  if (state.situation !== 'present') {
    const done = command.type === 'EraseContact' && state.situation === 'erased'
    return done ? accept() : refuse({ type: 'NoSuchContact', situation: state.situation })
  }
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
      return accept({ type: 'ContactErased', data: { keys: [state.key] } })
  }
}
