/** What leaves, told and asked for. */
import type { CallOutcome, Channel, ConversationCommand, ConversationEvent } from '@threadbook/core'
import { toSeal } from '@threadbook/sourcing'
import { stranger } from './fixtures.js'

const box = toSeal('private' as never)
const conversationId = 'conversation-1'
const actor = 'user:ada' as const
const system = 'system' as const

type Event<T extends ConversationEvent['type']> = Extract<ConversationEvent, { readonly type: T }>
type Command<T extends ConversationCommand['type']> = Extract<
  ConversationCommand,
  { readonly type: T }
>

// What happened.
export const forwarded = (messageId = 'forward', of = 'hello'): Event<'MessageForwarded'> => ({
  type: 'MessageForwarded',
  data: { messageId, forwarded: of, to: [stranger], preview: box, content: box },
})
export const transcriptSent = (
  cause: Event<'TranscriptSent'>['data']['cause'] = 'asked',
): Event<'TranscriptSent'> => ({
  type: 'TranscriptSent',
  data: { transcriptId: 'transcript', to: [stranger], cause },
})
export const switched: Event<'ReplyChannelSwitched'> = {
  type: 'ReplyChannelSwitched',
  data: { channel: 'email', to: stranger },
}
export const called: Event<'ContactCalled'> = {
  type: 'ContactCalled',
  data: { callId: 'call', number: box },
}
export const callEnded = (
  outcome: CallOutcome = 'connected',
  seconds?: number,
): Event<'ContactCallEnded'> => ({
  type: 'ContactCallEnded',
  data: { callId: 'call', outcome, ...(seconds !== undefined && { seconds }) },
})
export const attempted = (attempt = 1): Event<'DeliveryAttempted'> => ({
  type: 'DeliveryAttempted',
  data: { messageId: 'answer', attempt },
})
export const handedOver = (attempt = 1): Event<'MessageHandedOver'> => ({
  type: 'MessageHandedOver',
  data: { messageId: 'answer', attempt },
})
export const postponed = (until: string, attempt = 1): Event<'DeliveryPostponed'> => ({
  type: 'DeliveryPostponed',
  data: { messageId: 'answer', attempt, until },
})
export const lost = (attempt = 1): Event<'DeliveryUnknown'> => ({
  type: 'DeliveryUnknown',
  data: { messageId: 'answer', attempt },
})
export const retried: Event<'DeliveryRetried'> = {
  type: 'DeliveryRetried',
  data: { messageId: 'answer' },
}
export const delivered = (messageId = 'answer'): Event<'MessageDelivered'> => ({
  type: 'MessageDelivered',
  data: { messageId },
})
export const read = (messageId = 'answer'): Event<'MessageRead'> => ({
  type: 'MessageRead',
  data: { messageId },
})

// What is asked for.
const to = (email: string | undefined) => (email === undefined ? [] : [stranger])

export const forward = (
  of = 'hello',
  latestEmail: Command<'Forward'>['facts']['latestEmail'] = { messageId: 'hello', hidden: false },
): Command<'Forward'> => ({
  type: 'Forward',
  conversationId,
  forwarded: of,
  to: [stranger],
  message: { messageId: 'forward', preview: box, content: box },
  facts: { latestEmail },
  actor,
})
export const switchTo = (channel: Channel, address?: string): Command<'SwitchReplyChannel'> => ({
  type: 'SwitchReplyChannel',
  conversationId,
  channel,
  ...(address !== undefined && { to: stranger }),
  actor,
})
export const sendTranscript = (address?: string): Command<'SendTranscript'> => ({
  type: 'SendTranscript',
  conversationId,
  transcriptId: 'transcript',
  to: to(address),
  actor,
})
export const call: Command<'CallContact'> = {
  type: 'CallContact',
  conversationId,
  callId: 'call',
  number: box,
  actor,
}
export const endCall = (outcome: CallOutcome = 'connected', seconds?: number) =>
  ({
    type: 'EndCall',
    conversationId,
    callId: 'call',
    outcome,
    ...(seconds !== undefined && { seconds }),
    actor,
  }) as const

const about = { conversationId, messageId: 'answer', actor: system }
export const attempt = { type: 'AttemptDelivery', ...about } as const
export const confirmHandOver = (attempt = 1) =>
  ({ type: 'ConfirmHandOver', ...about, attempt }) as const
export const postpone = (until: string, attempt = 1) =>
  ({ type: 'PostponeDelivery', ...about, attempt, until }) as const
export const lose = (attempt = 1) => ({ type: 'LoseDelivery', ...about, attempt }) as const
export const retry = { type: 'RetryDelivery', ...about, actor } as const
export const confirmDelivery = (which: { messageId?: string; upTo?: string }) =>
  ({ type: 'ConfirmDelivery', conversationId, actor: system, ...which }) as const
export const confirmRead = (which: { messageId?: string; upTo?: string }) =>
  ({ type: 'ConfirmRead', conversationId, actor: system, ...which }) as const
