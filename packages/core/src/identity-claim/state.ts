import type { StreamEvent } from '@threadbook/sourcing'
import type { IdentityClaimEvent } from './events.js'

export type IdentityClaim =
  { readonly situation: 'free' } | { readonly situation: 'claimed'; readonly contact: string }

export const initial = (): IdentityClaim => ({ situation: 'free' })

export const evolve = (_: IdentityClaim, event: StreamEvent<IdentityClaimEvent>): IdentityClaim => {
  switch (event.type) {
    case 'IdentityClaimed':
      return { situation: 'claimed', contact: event.data.contact }
    case 'IdentityReleased':
      return { situation: 'free' }
  }
}
