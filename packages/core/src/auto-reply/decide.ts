import { accept, refuse, type Decision } from '@threadbook/sourcing'
import type { Stamped } from '../request.js'
import type { AutoReplyRefusal, SendAutomaticReply } from './commands.js'
import type { AutoReplyEvent } from './events.js'
import { nextAutoReplyFrom } from './policy.js'
import type { AutoReply } from './state.js'

export const decide = (
  { messageId, now }: Stamped<SendAutomaticReply>,
  { last }: AutoReply,
): Decision<AutoReplyRefusal, AutoReplyEvent> => {
  if (last?.messageId === messageId) return accept()
  const until = last && nextAutoReplyFrom(last.at)
  return until !== undefined && now < until
    ? refuse({ type: 'AnsweredAutomatically', until })
    : accept({ type: 'AutomaticReplySent', data: { messageId } })
}
