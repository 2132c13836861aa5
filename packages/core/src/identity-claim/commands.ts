/** `identity` names the stream: the keyed hash of kind and address. */
import { asking, request, type RequestOf } from '../request.js'
import { Id } from '../vocabulary.js'

const ClaimIdentity = request('ClaimIdentity', { identity: Id, contact: Id })
type ClaimIdentity = RequestOf<typeof ClaimIdentity>
export const claimIdentity = asking(ClaimIdentity)

/** By the contact it belongs to; what belongs to another stays. */
const ReleaseIdentity = request('ReleaseIdentity', { identity: Id, contact: Id })
type ReleaseIdentity = RequestOf<typeof ReleaseIdentity>
export const releaseIdentity = asking(ReleaseIdentity)

export const identityClaimRequests = [ClaimIdentity, ReleaseIdentity] as const

export type IdentityClaimCommand = ClaimIdentity | ReleaseIdentity

export interface IdentityClaimRefusal {
  readonly type: 'IdentityTaken'
  readonly contact: string
}
