/** What the stream of one address holds: whose it is. */
import { event, eventTypes, type EventsOf } from '@threadbook/sourcing'
import * as t from 'io-ts'

const IdentityClaimed = event('IdentityClaimed', { contact: t.string })
const IdentityReleased = event('IdentityReleased', {})

export const identityClaimEvents = eventTypes(IdentityClaimed, IdentityReleased)
export type IdentityClaimEvent = EventsOf<typeof identityClaimEvents>
