/** What leaves besides messages: forwarded mail, transcripts, calls; and by which channel it does. */
import { accept, refuse } from '@threadbook/sourcing'
import { idTaken, one, type Answer } from './answers.js'
import type {
  CallContact,
  EndCall,
  Forward,
  OutgoingCommand,
  SendTranscript,
  SwitchReplyChannel,
} from './commands-outgoing.js'
import { replyChannel, type Present } from './state.js'

/**
 * The most recent e-mail (D-28) of conversations that are shown as one; what was filtered is not
 * looked at (D-21). Of one time, the later in the order given.
 */
export const latestEmail = (
  states: readonly Present[],
): { readonly messageId: string; readonly hidden: boolean } | undefined => {
  const found = states
    .flatMap(({ messages }) => [...messages])
    .filter(([, { channel, filtered }]) => channel === 'email' && !filtered)
    .reduce<{ messageId: string; at: string; hidden: boolean } | undefined>(
      (latest, [messageId, { at, hiddenBy }]) =>
        latest !== undefined && at < latest.at
          ? latest
          : { messageId, at, hidden: hiddenBy !== undefined },
      undefined,
    )
  return found && { messageId: found.messageId, hidden: found.hidden }
}

const addressed = ({ claims, outbox }: Pick<Forward, 'claims' | 'outbox'>) => ({
  ...(claims !== undefined && { claims }),
  ...(outbox !== undefined && { outbox }),
})

const forward = (command: Forward, state: Present): Answer => {
  const { forwarded, to, message, facts } = command
  const known = state.deliveries.get(message.messageId)
  if (known !== undefined) return known.what === 'forward' ? accept() : idTaken('message.messageId')
  if (state.spam !== undefined) return refuse({ type: 'ConversationIsSpam' })
  const latest = facts.latestEmail
  if (latest?.messageId !== forwarded)
    return refuse({
      type: 'NotTheLatestEmail',
      ...(latest !== undefined && { latestEmail: latest.messageId }),
    })
  if (latest.hidden) return refuse({ type: 'MessageIsHidden', messageId: forwarded })
  const { messageId, preview, content, subject } = message
  return one({
    type: 'MessageForwarded',
    data: {
      messageId,
      forwarded,
      to,
      preview,
      content,
      ...(subject !== undefined && { subject }),
      ...addressed(command),
    },
  })
}

const switchReplyChannel = (
  { conversationId, channel, to }: SwitchReplyChannel,
  state: Present,
): Answer => {
  const from = replyChannel(state)
  if (from === channel) return accept()
  if (channel !== 'email' || (from !== 'chat' && from !== 'messenger'))
    return refuse({ type: 'CannotSwitchChannel', from, to: channel })
  return to === undefined
    ? refuse({ type: 'NoEmailAddress', conversationId })
    : one({ type: 'ReplyChannelSwitched', data: { channel, to } })
}

const sendTranscript = (command: SendTranscript, state: Present): Answer => {
  const { conversationId, transcriptId, to, cause = 'asked' } = command
  const { channel, deliveries, spam } = state
  const known = deliveries.get(transcriptId)
  if (known !== undefined) return known.what === 'transcript' ? accept() : idTaken('transcriptId')
  if (channel !== 'chat' && channel !== 'messenger')
    return refuse({ type: 'NoTranscript', channel })
  if (spam !== undefined) return refuse({ type: 'ConversationIsSpam' })
  return to.length === 0
    ? refuse({ type: 'NoEmailAddress', conversationId })
    : one({ type: 'TranscriptSent', data: { transcriptId, to, cause, ...addressed(command) } })
}

const callContact = ({ callId, number }: CallContact, { calls }: Present): Answer =>
  calls.has(callId) ? accept() : one({ type: 'ContactCalled', data: { callId, number } })

const endCall = ({ callId, outcome, seconds }: EndCall, { calls }: Present): Answer => {
  const call = calls.get(callId)
  if (call === undefined) return refuse({ type: 'NoSuchCall', callId })
  const lasted = seconds === undefined ? {} : { seconds }
  return call === 'ended'
    ? accept()
    : one({ type: 'ContactCallEnded', data: { callId, outcome, ...lasted } })
}

export const decideOutgoing = (command: OutgoingCommand, state: Present): Answer => {
  switch (command.type) {
    case 'Forward':
      return forward(command, state)
    case 'SwitchReplyChannel':
      return switchReplyChannel(command, state)
    case 'SendTranscript':
      return sendTranscript(command, state)
    case 'CallContact':
      return callContact(command, state)
    case 'EndCall':
      return endCall(command, state)
  }
}
