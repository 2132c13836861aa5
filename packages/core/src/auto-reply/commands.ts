/** `identity` names the stream: the keyed hash of kind and address. */
import type { IsoTime } from '@threadbook/sourcing'
import { asking, request, type RequestOf } from '../request.js'
import { Id } from '../vocabulary.js'

const SendAutomaticReply = request('SendAutomaticReply', { identity: Id, messageId: Id })
export type SendAutomaticReply = RequestOf<typeof SendAutomaticReply>
export const sendAutomaticReply = asking(SendAutomaticReply)

export const autoReplyRequests = [SendAutomaticReply] as const

/** So that two machines do not write to each other for ever (domain.md, § 4). */
export interface AutoReplyRefusal {
  readonly type: 'AnsweredAutomatically'
  /** From when on the next may be sent. */
  readonly until: IsoTime
}
