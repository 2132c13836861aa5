/** The limiter of automatic replies: one stream for each address that got one. */
import type { Category } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { AutoReplyRefusal, SendAutomaticReply } from './commands.js'
import { decide } from './decide.js'
import { autoReplyEvents, type AutoReplyEvent } from './events.js'
import { evolve, initial, type AutoReply } from './state.js'

export { autoReplyRequests, sendAutomaticReply } from './commands.js'
export type { AutoReplyRefusal } from './commands.js'
export { AUTO_REPLY_HOURS, mayBeAnsweredByMachine, nextAutoReplyFrom } from './policy.js'

export const autoReplies: Category<
  Stamped<SendAutomaticReply>,
  AutoReply,
  AutoReplyEvent,
  AutoReplyRefusal
> = { category: 'autoReply', events: autoReplyEvents, initial, evolve, decide }
