import type { KeyId, StreamEvent } from '@threadbook/sourcing'
import type { IdentityKind } from '../vocabulary.js'
import type { ContactEvent, ContactSource } from './events.js'

export type Contact =
  | { readonly situation: 'absent' | 'erased' }
  | {
      readonly situation: 'present'
      readonly key: KeyId
      readonly source: ContactSource
      readonly named: boolean
      /** Kinds of address by identity. */
      readonly identities: ReadonlyMap<string, IdentityKind>
    }

export const initial = (): Contact => ({ situation: 'absent' })

export const evolve = (state: Contact, event: StreamEvent<ContactEvent>): Contact => {
  if (state.situation !== 'present')
    return state.situation === 'absent' && event.type === 'ContactCreated'
      ? { situation: 'present', ...event.data, named: false, identities: new Map() }
      : state
  switch (event.type) {
    case 'ContactCreated':
      return state
    case 'ContactNamed':
      return { ...state, named: true }
    case 'IdentityAdded': {
      const { identity, kind } = event.data
      return { ...state, identities: new Map(state.identities).set(identity, kind) }
    }
    case 'IdentityRemoved': {
      const identities = new Map(state.identities)
      identities.delete(event.data.identity)
      return { ...state, identities }
    }
    case 'ContactErased':
      return { situation: 'erased' }
  }
}

export const keyOf = (state: Contact): KeyId | undefined =>
  state.situation === 'present' ? state.key : undefined
