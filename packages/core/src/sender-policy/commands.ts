/** Requests name a sender in plain text; commands carry it sealed, in the stream its hash names. */
import { toSeal, type KeyId, type Sealed } from '@threadbook/sourcing'
import * as t from 'io-ts'
import { asking, request, type Asked, type RequestOf } from '../request.js'
import { Id, IdentityKind } from '../vocabulary.js'
import { SenderScope } from './events.js'

/** An address, a visitor's or page-scoped id, or a domain. */
const named = { kind: IdentityKind, scope: SenderScope, sender: Id }

/** Without a sender it is the one of the conversation's contact. */
const BlockSender = request(
  'BlockSender',
  {},
  {
    ...named,
    /** The conversation at hand (S-078). */
    conversationId: Id,
    /** The sender's other open conversations become spam too (D-08). */
    includeExisting: t.boolean,
  },
)
export const blockSender = asking(BlockSender)

const UnblockSender = request('UnblockSender', {}, { ...named, conversationId: Id })
export const unblockSender = asking(UnblockSender)

const AllowSender = request('AllowSender', named)
export const allowSender = asking(AllowSender)

const DenySender = request('DenySender', named)
export const denySender = asking(DenySender)

const ClearSender = request('ClearSender', named)
export const clearSender = asking(ClearSender)

const ForgetSender = request('ForgetSender', named)
export const forgetSender = asking(ForgetSender)

export const senderPolicyRequests = [
  BlockSender,
  UnblockSender,
  AllowSender,
  DenySender,
  ClearSender,
  ForgetSender,
] as const
export type SenderPolicyRequest = RequestOf<(typeof senderPolicyRequests)[number]>

interface OnPolicy extends Asked {
  /** Names the stream: the keyed hash of kind, scope and sender. */
  readonly policy: string
}
export interface About {
  /** Of a key that is used where the stream has none yet. */
  readonly key: KeyId
  readonly kind: IdentityKind
  readonly scope: SenderScope
  readonly sender: Sealed<string>
}

interface BlockSender extends OnPolicy, About {
  readonly type: 'BlockSender'
  readonly conversation?: string
}
interface AllowOrDenySender extends OnPolicy, About {
  readonly type: 'AllowSender' | 'DenySender'
}
interface LiftSenderPolicy extends OnPolicy {
  readonly type: 'UnblockSender' | 'ClearSender' | 'ForgetSender'
}

export type SenderPolicyCommand = BlockSender | AllowOrDenySender | LiftSenderPolicy

/** Whom a policy is about, boxed for its events. */
export const about = (
  { kind, scope, sender }: Pick<RequestOf<typeof AllowSender>, keyof typeof named>,
  key: KeyId,
): About => ({ key, kind, scope, sender: toSeal(sender) })
