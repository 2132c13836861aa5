/** Which contact an address is. */
import type { Category } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { IdentityClaimCommand, IdentityClaimRefusal } from './commands.js'
import { decide } from './decide.js'
import { identityClaimEvents, type IdentityClaimEvent } from './events.js'
import { evolve, initial, type IdentityClaim } from './state.js'

export { claimIdentity, identityClaimRequests, releaseIdentity } from './commands.js'
export type { IdentityClaimCommand, IdentityClaimRefusal } from './commands.js'
export type { IdentityClaimEvent } from './events.js'
export type { IdentityClaim } from './state.js'

export const identityClaims: Category<
  Stamped<IdentityClaimCommand>,
  IdentityClaim,
  IdentityClaimEvent,
  IdentityClaimRefusal
> = { category: 'identity', events: identityClaimEvents, initial, evolve, decide }
