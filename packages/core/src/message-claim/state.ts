import type { StreamEvent } from '@threadbook/sourcing'
import type { MessageClaimEvent } from './events.js'

export type MessageClaim = Unclaimed | Claimed

interface Unclaimed {
  readonly situation: 'unclaimed'
}

export interface Claimed {
  readonly situation: 'claimed'
  /** Where the id leads, unless `purged`. */
  readonly conversation: string
  readonly weakly: boolean
  readonly purged: boolean
  /** Set once the mail itself came. It stays whatever becomes of the conversation. */
  readonly received: { readonly conversation: string; readonly messageId: string } | undefined
}

export const initial = (): MessageClaim => ({ situation: 'unclaimed' })

export const evolve = (
  state: MessageClaim,
  event: StreamEvent<MessageClaimEvent>,
): MessageClaim => {
  const held = state.situation === 'claimed' ? state : undefined
  switch (event.type) {
    case 'MessageIdClaimed':
      return held ?? { situation: 'claimed', ...event.data, purged: false, received: undefined }
    case 'MessageIdReceived': {
      const { conversation, messageId, weakly = false } = event.data
      const received = held?.received ?? { conversation, messageId }
      return { situation: 'claimed', conversation, weakly, purged: false, received }
    }
    case 'MessageIdTakenOver': {
      const { conversation, weakly = false } = event.data
      return held === undefined ? state : { ...held, conversation, weakly, purged: false }
    }
    case 'MessageIdPurged':
      return held === undefined ? state : { ...held, purged: true }
  }
}

/** The conversation that mail with, or in answer to, this id belongs to. */
export const leadsTo = (state: MessageClaim): string | undefined =>
  state.situation === 'claimed' && !state.purged ? state.conversation : undefined

/** Where the mail went when it came first; whoever brings it now brings a duplicate. */
export const receivedAs = (state: MessageClaim): Claimed['received'] =>
  state.situation === 'claimed' ? state.received : undefined

/**
 * Whether a mail may draw the id to a conversation of its own: nobody holds it, its conversation
 * was purged, or only filtered mail holds it and this one is wanted (D-23).
 */
export const mayTakeOver = (state: MessageClaim, weakly: boolean): boolean =>
  state.situation === 'unclaimed' || state.purged || (state.weakly && !weakly)
