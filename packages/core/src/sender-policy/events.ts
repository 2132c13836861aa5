/** What is held about one sender, or all senders of a domain, on one kind of channel (D-20). */
import { event, eventTypes, sealed, type EventsOf } from '@threadbook/sourcing'
import * as t from 'io-ts'
import { IdentityKind } from '../vocabulary.js'

export const SenderScope = t.keyof({ address: null, domain: null }, 'SenderScope')
export type SenderScope = t.TypeOf<typeof SenderScope>

/** Each says whom it is about, under the stream's own key, so that each can be read by itself. */
const about = {
  key: t.string,
  kind: IdentityKind,
  scope: SenderScope,
  sender: sealed<string>(),
}
const by = {
  /** The conversation at hand. */
  conversation: t.string,
}

const SenderBlocked = event('SenderBlocked', about, by)
/** For the future only (D-09). */
const SenderUnblocked = event('SenderUnblocked', {})
const SenderAllowed = event('SenderAllowed', about)
const SenderDenied = event('SenderDenied', about)
/** Neither allowed nor denied nor blocked from now on. */
const SenderCleared = event('SenderCleared', {})
/** Who it was about can no longer be read. The keys named here are destroyed because of it. */
const SenderForgotten = event('SenderForgotten', { keys: t.readonlyArray(t.string) })

export const senderPolicyEvents = eventTypes(
  SenderBlocked,
  SenderUnblocked,
  SenderAllowed,
  SenderDenied,
  SenderCleared,
  SenderForgotten,
)
export type SenderPolicyEvent = EventsOf<typeof senderPolicyEvents>
