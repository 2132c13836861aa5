/** The actor's own: who reads is who asks, and only users read. */
import { asking, request, type RequestOf, type WithFacts } from '../request.js'
import { Count, Id } from '../vocabulary.js'

const conversation = { conversationId: Id }

const MarkRead = request('MarkRead', conversation, {
  /** As many messages of the contact's side as were shown; all there are, unless told. */
  seen: Count,
})
interface Facts {
  /** How many messages came in that were not filtered; undefined where there is no conversation. */
  readonly inbound: number | undefined
}
type MarkRead = RequestOf<typeof MarkRead> & WithFacts<Facts>
export const markRead = asking(MarkRead)

const MarkUnread = request('MarkUnread', conversation)
type MarkUnread = RequestOf<typeof MarkUnread> & WithFacts<Facts>
export const markUnread = asking(MarkUnread)

export const readStateRequests = [MarkRead, MarkUnread] as const
export type ReadStateCommand = MarkRead | MarkUnread

export interface ReadStateRefusal {
  readonly type: 'NoSuchConversation'
  readonly situation: 'absent' | 'purged'
}
