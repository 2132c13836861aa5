/** What intake asks of a Message-ID's claim. `claim` names the stream: a keyed hash. */
import * as t from 'io-ts'
import { asking, request, type RequestOf } from '../request.js'
import { Id } from '../vocabulary.js'

const claimed = { claim: Id, conversation: Id, weakly: t.boolean }
const claimedMaybe = {
  /** Where the id led until now, when what came for that conversation goes on in this one. */
  insteadOf: Id,
}

/** A mail of the conversation refers to the id. */
const Claim = request('Claim', claimed, claimedMaybe)
export type Claim = RequestOf<typeof Claim>
export const claim = asking(Claim)

/** The mail with this id is here, and is to become the message. */
const Arrive = request('Arrive', { ...claimed, messageId: Id }, claimedMaybe)
export type Arrive = RequestOf<typeof Arrive>
export const arrive = asking(Arrive)

const MarkPurged = request('MarkPurged', { claim: Id, conversation: Id })
export type MarkPurged = RequestOf<typeof MarkPurged>
export const markPurged = asking(MarkPurged)

export const messageClaimRequests = [Claim, Arrive, MarkPurged] as const

export type MessageClaimCommand = Claim | Arrive | MarkPurged

export type MessageClaimRefusal =
  /** The id leads to another conversation, and may not be taken over. */
  | { readonly type: 'MessageIdHeld'; readonly conversation: string }
  /** The mail came before; this is where it went (D-23). A half-done intake is finished there. */
  | { readonly type: 'DuplicateMessage'; readonly conversation: string; readonly messageId: string }
