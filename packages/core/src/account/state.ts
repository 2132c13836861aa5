import type { StreamEvent } from '@threadbook/sourcing'
import type { Edition } from '../vocabulary.js'
import type { DisplayedProperties } from './displayed-properties.js'
import type { AccountEvent } from './events.js'

export interface Retention {
  readonly trashDays: number
  readonly spamDays: number
}

export type Account =
  | { readonly situation: 'absent' }
  | {
      readonly situation: 'open'
      readonly createdOn: string
      readonly zone: string
      readonly edition: Edition
      readonly retention: Retention
      readonly mergeByReferences: boolean
      readonly handOverWhenAway: boolean
      readonly displayed: DisplayedProperties
    }

/** What holds until an account says otherwise (D-06, D-23). */
export const accountDefaults = {
  retention: { trashDays: 30, spamDays: 90 },
  mergeByReferences: true,
  handOverWhenAway: false,
} as const

export const initial = (): Account => ({ situation: 'absent' })

export const evolve = (state: Account, event: StreamEvent<AccountEvent>): Account => {
  if (state.situation === 'absent')
    return event.type === 'AccountOpened'
      ? { situation: 'open', ...event.data, ...accountDefaults, displayed: {} }
      : state
  switch (event.type) {
    case 'AccountOpened':
      return state
    case 'EditionChanged':
      return { ...state, edition: event.data.edition }
    case 'RetentionChanged':
      return { ...state, retention: event.data }
    case 'AccountPoliciesChanged':
      return { ...state, ...event.data }
    case 'DisplayedPropertiesChanged': {
      const { place, properties } = event.data
      return { ...state, displayed: { ...state.displayed, [place]: properties } }
    }
  }
}
