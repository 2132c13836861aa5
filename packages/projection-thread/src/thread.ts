/** One conversation as a viewer may read it: made when it is asked for, from its events. */
import {
  conversations,
  type Channel,
  type ConversationEvent,
  type Owner,
  type Present,
  type PropertyValue,
  type SpamCause,
} from '@threadbook/core'
import { fold, type IsoTime, type StreamEvent } from '@threadbook/sourcing'
import { entriesOf, opening, type Entry, type Reading, type Viewer } from './entries.js'
import { participantsOf, type ShownParticipant } from './participants.js'
import { linkedRecords, unreadOf, type LinkedRecord, type ReadSoFar } from './records.js'

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
  /** Besides the contact, in the order in which they joined. */
  readonly participants: readonly ShownParticipant[]
  readonly labels: readonly string[]
  readonly properties: Readonly<Record<string, PropertyValue>>
  /** So many messages came in that were not filtered: what `markRead` takes as seen. */
  readonly inbound: number
  /** Above it (S-074), those of what was merged into it too. */
  readonly tickets: readonly LinkedRecord[]
  readonly deals: readonly LinkedRecord[]
  /** It was moved there with its ticket (S-060). */
  readonly onHelpDesk: boolean
  /** Messages that the viewer has not seen; 0 where nobody in particular reads. */
  readonly unread: number
  /** Comments that mention the viewer (S-072). */
  readonly mentions: number
}

export interface ThreadParts extends Reading {
  readonly conversationId: string
  readonly events: readonly StreamEvent<ConversationEvent>[]
  /** What was merged into it, each with its own events (D-24). */
  /** What the viewer has read of it; undefined for what was never read. */
  readonly read?: ReadSoFar | undefined
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
  onHelpDesk: state.records.onHelpDesk,
  labels: [...state.labels],
  properties: Object.fromEntries(state.properties),
  inbound: state.inbound,
})

/** Undefined where there is no such conversation, or none any more (S-044, S-092). */
export const thread = (parts: ThreadParts, viewer: Viewer): Thread | undefined => {
  const { conversationId, merged = [] } = parts
  const state = fold(conversations, parts.events)
  if (state.situation !== 'present') return undefined
  const read = entriesOf(parts, viewer)
  const open = opening(parts)
  const all = [
    { conversationId, events: parts.events, state },
    ...merged.flatMap((source) => {
      const its = fold(conversations, source.events)
      return its.situation === 'present' ? [{ ...source, state: its }] : []
    }),
  ]
  const entries = all.flatMap((each) => read(each.conversationId, each.events, each.state))
  const records = all.map((each) => linkedRecords(each.events, each.state, open))
  const me = viewer.actor.replace(/^user:/, '')
  return {
    conversationId,
    ...detailsOf(state),
    // Each list is in the order of its writing, and sorting keeps it where times are equal.
    entries: entries.sort(inOrder),
    participants: participantsOf(parts.events, open),
    tickets: records.flatMap(({ tickets }) => tickets),
    deals: records.flatMap(({ deals }) => deals),
    unread: me === '' ? 0 : unreadOf(state, parts.read),
    mentions: entries.filter((each) => each.type === 'comment' && each.mentions.includes(me))
      .length,
  }
}
