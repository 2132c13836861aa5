/** One conversation as a viewer may read it: made when it is asked for, from its events. */
import {
  conversations,
  type Channel,
  type ConversationEvent,
  type Owner,
  type Present,
  type SpamCause,
} from '@threadbook/core'
import { fold, type IsoTime, type StreamEvent } from '@threadbook/sourcing'
import { entriesOf, type Entry, type Reading, type Viewer } from './entries.js'

export interface Thread {
  readonly conversationId: string
  readonly inbox: string
  /** Where it came from (S-047); answers may go another way. */
  readonly source: Channel
  readonly status: 'open' | 'closed'
  readonly owner: Owner | null
  /** The bot that holds it, by its chatflow's name. */
  readonly bot: string | null
  readonly contact: string | null
  readonly spam: SpamCause | null
  readonly trashed: boolean
  readonly snoozedUntil: IsoTime | null
  /** What comes for it goes to the one named (D-24). */
  readonly mergedInto: string | null
  /** The conversation that could take no more, and the one that goes on with this (D-05, D-22). */
  readonly continues: string | null
  readonly continuedIn: string | null
  /** By when they happened; of one time, in the order of their writing (D-28). */
  readonly entries: readonly Entry[]
}

export interface ThreadParts extends Reading {
  readonly conversationId: string
  readonly events: readonly StreamEvent<ConversationEvent>[]
  /** What was merged into it, each with its own events (D-24). */
  readonly merged?: readonly Pick<ThreadParts, 'conversationId' | 'events'>[]
}

const inOrder = (a: Entry, b: Entry): number => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)

const detailsOf = (state: Present) => ({
  inbox: state.inbox,
  source: state.channel,
  status: state.closed === undefined ? ('open' as const) : ('closed' as const),
  owner: state.owner ?? null,
  bot: state.handler.kind === 'bot' ? state.handler.chatflowName : null,
  contact: state.contact ?? null,
  spam: state.spam?.cause ?? null,
  trashed: state.trashed !== undefined,
  snoozedUntil: state.snoozedUntil ?? null,
  mergedInto: state.mergedInto ?? null,
  continues: state.continues ?? null,
  continuedIn: state.continuedIn ?? null,
})

/** Undefined where there is no such conversation, or none any more (S-044, S-092). */
export const thread = (parts: ThreadParts, viewer: Viewer): Thread | undefined => {
  const { conversationId, merged = [] } = parts
  const state = fold(conversations, parts.events)
  if (state.situation !== 'present') return undefined
  const read = entriesOf(parts, viewer)
  const entries = [
    ...read(conversationId, parts.events, state),
    ...merged.flatMap((source) => {
      const its = fold(conversations, source.events)
      return its.situation === 'present' ? read(source.conversationId, source.events, its) : []
    }),
  ]
  // Each list is in the order of its writing, and sorting keeps it where times are equal.
  return { conversationId, ...detailsOf(state), entries: entries.sort(inOrder) }
}
