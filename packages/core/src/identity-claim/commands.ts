/** `identity` names the stream: the keyed hash of kind and address. */
import { asking, request, type RequestOf } from '../request.js'
import { Id } from '../vocabulary.js'

export const ClaimIdentity = request('ClaimIdentity', { identity: Id, contact: Id })
export type ClaimIdentity = RequestOf<typeof ClaimIdentity>
export const claimIdentity = asking(ClaimIdentity)

/** By the contact it belongs to; what belongs to another stays. */
export const ReleaseIdentity = request('ReleaseIdentity', { identity: Id, contact: Id })
export type ReleaseIdentity = RequestOf<typeof ReleaseIdentity>
export const releaseIdentity = asking(ReleaseIdentity)

export type IdentityClaimCommand = ClaimIdentity | ReleaseIdentity

export interface IdentityTaken {
  readonly type: 'IdentityTaken'
  readonly contact: string
}
export type IdentityClaimRefusal = IdentityTaken
