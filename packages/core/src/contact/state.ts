import type { IsoTime, KeyId, StreamEvent } from '@threadbook/sourcing'
import type { IdentityKind, Owner } from '../vocabulary.js'
import type { ContactEvent, ContactSource } from './events.js'

export type Contact =
  | { readonly situation: 'absent' | 'erased' }
  /** All it had is the other's; what was sealed for it goes when that one is erased. */
  | { readonly situation: 'merged'; readonly into: string }
  | PresentContact

export interface PresentContact {
  readonly situation: 'present'
  readonly key: KeyId
  readonly source: ContactSource
  readonly named: boolean
  /** Kinds of address by identity. */
  readonly identities: ReadonlyMap<string, IdentityKind>
  /** Contacts that were merged into it, each with the keys that it is sealed with. */
  readonly sources: ReadonlyMap<string, readonly KeyId[]>
  /** `since` is by the writer's clock; it can be restored for 90 days (K-22). */
  readonly deleted: { readonly since: IsoTime } | undefined
  readonly company: string | undefined
  /** Who of the team looks after them. */
  readonly owner: Owner | undefined
}

export const initial = (): Contact => ({ situation: 'absent' })

const evolvePresent = (state: PresentContact, event: StreamEvent<ContactEvent>): Contact => {
  switch (event.type) {
    case 'ContactCreated':
      return state
    case 'ContactNamed':
      return { ...state, named: true }
    case 'ContactPropertiesChanged':
      return state
    case 'IdentityAdded': {
      const { identity, kind } = event.data
      return { ...state, identities: new Map(state.identities).set(identity, kind) }
    }
    case 'IdentityRemoved': {
      const identities = new Map(state.identities)
      identities.delete(event.data.identity)
      return { ...state, identities }
    }
    case 'ContactMergedFrom': {
      const { source, keys } = event.data
      return { ...state, sources: new Map(state.sources).set(source, keys) }
    }
    case 'ContactMergedInto':
      return { situation: 'merged', into: event.data.target }
    case 'ContactDeleted':
      return { ...state, deleted: { since: event.metadata.recordedAt } }
    case 'ContactRestored':
      return { ...state, deleted: undefined }
    case 'ContactOwnerChanged':
      return { ...state, owner: event.data.owner }
    case 'CompanyAssociated':
      return { ...state, company: event.data.company }
    case 'CompanyDisassociated':
      return { ...state, company: undefined }
    case 'ContactErased':
      return { situation: 'erased' }
  }
}

export const evolve = (state: Contact, event: StreamEvent<ContactEvent>): Contact => {
  switch (state.situation) {
    case 'absent':
      return event.type === 'ContactCreated'
        ? {
            situation: 'present',
            ...event.data,
            named: false,
            identities: new Map(),
            sources: new Map(),
            deleted: undefined,
            company: undefined,
            owner: undefined,
          }
        : state
    case 'present':
      return evolvePresent(state, event)
    case 'erased':
    case 'merged':
      return state
  }
}

export const keyOf = (state: Contact): KeyId | undefined =>
  state.situation === 'present' ? state.key : undefined

const RESTORABLE_MS = 90 * 86_400_000

/** K-22: until when a deleted contact can be restored; then it is erased. */
export const restorableUntil = (since: IsoTime): IsoTime =>
  new Date(Date.parse(since) + RESTORABLE_MS).toISOString()
