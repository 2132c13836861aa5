/** Whether a sender, or a domain, is blocked, allowed or denied (D-08, D-20). */
import type { Category } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { SenderPolicyCommand } from './commands.js'
import { decide } from './decide.js'
import { senderPolicyEvents, type SenderPolicyEvent } from './events.js'
import { evolve, initial, keyOf, type SenderPolicy } from './state.js'

export {
  about,
  allowSender,
  blockSender,
  clearSender,
  denySender,
  forgetSender,
  senderPolicyRequests,
  unblockSender,
} from './commands.js'
export type { SenderPolicyCommand, SenderPolicyRequest } from './commands.js'
export type { SenderPolicyEvent, SenderScope } from './events.js'
export type { SenderPolicy, Standing } from './state.js'

export const senderPolicies: Category<
  Stamped<SenderPolicyCommand>,
  SenderPolicy,
  SenderPolicyEvent,
  never
> = { category: 'senderPolicy', events: senderPolicyEvents, initial, evolve, decide, keyOf }
