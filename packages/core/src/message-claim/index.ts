/** Who a Message-ID belongs to, within one inbox (D-23). */
import type { Category } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { MessageClaimCommand, MessageClaimRefusal } from './commands.js'
import { decide } from './decide.js'
import { messageClaimEvents, type MessageClaimEvent } from './events.js'
import { evolve, initial, type MessageClaim } from './state.js'

export { arrive, claim, markPurged, messageClaimRequests } from './commands.js'
export type { MessageClaimCommand, MessageClaimRefusal } from './commands.js'
export type { MessageClaimEvent } from './events.js'
export { leadsTo, mayTakeOver, receivedAs } from './state.js'
export type { MessageClaim } from './state.js'

export const messageClaims: Category<
  Stamped<MessageClaimCommand>,
  MessageClaim,
  MessageClaimEvent,
  MessageClaimRefusal
> = { category: 'message', events: messageClaimEvents, initial, evolve, decide }
