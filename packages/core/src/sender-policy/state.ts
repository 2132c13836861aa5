import type { KeyId, StreamEvent } from '@threadbook/sourcing'
import type { SenderPolicyEvent } from './events.js'

/** The last word counts, so there is only one (D-08). */
export type Standing = 'blocked' | 'allowed' | 'denied'

export interface SenderPolicy {
  readonly standing: Standing | undefined
  readonly key: KeyId | undefined
}

export const initial = (): SenderPolicy => ({ standing: undefined, key: undefined })

export const evolve = (
  state: SenderPolicy,
  event: StreamEvent<SenderPolicyEvent>,
): SenderPolicy => {
  switch (event.type) {
    case 'SenderBlocked':
      return { standing: 'blocked', key: event.data.key }
    case 'SenderAllowed':
      return { standing: 'allowed', key: event.data.key }
    case 'SenderDenied':
      return { standing: 'denied', key: event.data.key }
    case 'SenderUnblocked':
    case 'SenderCleared':
      return { ...state, standing: undefined }
    case 'SenderForgotten':
      return initial()
  }
}

export const keyOf = ({ key }: SenderPolicy): KeyId | undefined => key
