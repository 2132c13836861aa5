/** What left a conversation besides its messages, as a viewer may read it. */
import type {
  CallOutcome,
  Channel,
  Content,
  ConversationEvent,
  Correspondent,
  DeliveryStatus,
  Present,
  TranscriptCause,
} from '@threadbook/core'
import {
  isErased,
  type Erased,
  type IsoTime,
  type Sealed,
  type StreamEvent,
} from '@threadbook/sourcing'
import { readable } from './readable.js'
import type { Hiding } from './hiding.js'
import type { Linked, ShownPerson } from './linked.js'

/** What became of something that was sent (K-20). */
export interface Sending {
  readonly status: DeliveryStatus
  /** Why it failed, or is unknown, or waits; null where it does not, or nothing is known. */
  readonly reason: string | Erased | null
  /** How often it was tried to hand it over. */
  readonly attempts: number
  /** When it is tried again. */
  readonly nextAttemptAt: IsoTime | null
}

interface PlacedForward extends Linked {
  readonly type: 'forward'
  readonly messageId: string
  /** The message that was passed on. */
  readonly forwarded: string
}

/** That there was one, and nothing of what was written above it (D-10). */
export interface HiddenForward extends PlacedForward {
  readonly hidden: Hiding
}

/** A mail that was passed on to others (S-084). */
export interface Forwarded extends PlacedForward {
  readonly hidden: null
  readonly to: readonly ShownPerson[]
  /** What was written above it. */
  readonly content: Content | Erased
  readonly sending: Sending
}

export interface SentTranscript extends Linked {
  readonly type: 'transcript'
  readonly messageId: string
  readonly cause: TranscriptCause
  readonly to: readonly ShownPerson[]
  readonly sending: Sending
}

/** A call from the reply editor (S-065). */
export interface Call extends Linked {
  readonly type: 'call'
  readonly callId: string
  readonly number: string | Erased
  /** Null until it has ended. */
  readonly outcome: CallOutcome | null
  readonly seconds: number | null
}

export interface ChannelSwitch extends Linked {
  readonly type: 'channelSwitch'
  readonly channel: Channel
  readonly to: ShownPerson
}

export type OutgoingEntry = Forwarded | HiddenForward | SentTranscript | Call | ChannelSwitch

type Event = StreamEvent<ConversationEvent>
export type Open = <A>(event: { readonly id: string }, value: Sealed<A>, path: string) => A | Erased
type ShowPerson = (event: Event, who: Correspondent, path: string) => ShownPerson

/** The last word on each thing that left. */
export const sendings = (events: readonly Event[], { deliveries }: Present, open: Open) => {
  const reasons = new Map<string, { readonly event: Event; readonly reason: Sealed<string> }>()
  for (const event of events) {
    const { type, data } = event
    if (
      (type === 'MessageDeliveryFailed' ||
        type === 'DeliveryUnknown' ||
        type === 'DeliveryPostponed') &&
      data.reason !== undefined
    )
      reasons.set(data.messageId, { event, reason: data.reason })
    if (type === 'MessageHandedOver' || type === 'DeliveryRetried') reasons.delete(data.messageId)
  }
  return (messageId: string): Sending => {
    const known = deliveries.get(messageId)
    const why = reasons.get(messageId)
    return {
      status: known?.status ?? 'sent',
      reason: why === undefined ? null : open(why.event, why.reason, 'reason'),
      attempts: known?.attempts ?? 0,
      nextAttemptAt: known?.due ?? null,
    }
  }
}

export const outgoingEntries = (
  events: readonly Event[],
  open: Open,
  person: ShowPerson,
  sending: (messageId: string) => Sending,
  hiding: (messageId: string) => Hiding | undefined,
) => {
  const ends = new Map(
    events.flatMap(({ type, data }) =>
      type === 'ContactCallEnded' ? [[data.callId, data] as const] : [],
    ),
  )
  const people = (event: Event, to: readonly Correspondent[]) =>
    to.map((each, n) => person(event, each, `to.${String(n)}`))
  return (event: Event, linked: Linked): readonly OutgoingEntry[] => {
    if (event.type === 'MessageForwarded') {
      const { messageId, forwarded, to, content } = event.data
      const placed = { type: 'forward', ...linked, messageId, forwarded } as const
      const hidden = hiding(messageId)
      if (hidden !== undefined) return [{ ...placed, hidden }]
      const note = open(event, content, 'content')
      return [
        {
          ...placed,
          hidden: null,
          to: people(event, to),
          content: isErased(note) ? note : readable(note, 'kept'),
          sending: sending(messageId),
        },
      ]
    }
    if (event.type === 'TranscriptSent') {
      const { transcriptId, cause, to } = event.data
      return [
        {
          type: 'transcript',
          ...linked,
          messageId: transcriptId,
          cause,
          to: people(event, to),
          sending: sending(transcriptId),
        },
      ]
    }
    if (event.type === 'ContactCalled') {
      const { callId, number } = event.data
      const end = ends.get(callId)
      return [
        {
          type: 'call',
          ...linked,
          callId,
          number: open(event, number, 'number'),
          outcome: end?.outcome ?? null,
          seconds: end?.seconds ?? null,
        },
      ]
    }
    if (event.type !== 'ReplyChannelSwitched') return []
    const { channel, to } = event.data
    return [{ type: 'channelSwitch', ...linked, channel, to: person(event, to, 'to') }]
  }
}
