/** Above the thread: the records that belong to it, and what the viewer has not seen of it. */
import type { ConversationEvent, Present, RecordReference } from '@threadbook/core'
import { type Erased, type Sealed, type StreamEvent } from '@threadbook/sourcing'

type Event = StreamEvent<ConversationEvent>
type Open = <A>(event: { readonly id: string }, value: Sealed<A>, path: string) => A | Erased

/** A record by its type and id: choosing it opens its own page (S-074). */
export interface LinkedRecord {
  readonly reference: RecordReference
  /** As it was called here; null where the CRM alone knows. */
  readonly name: string | Erased | null
  readonly closed: boolean
}

const namesIn = (events: readonly Event[], open: Open) => {
  const names = new Map<string, string | Erased>()
  for (const event of events) {
    const { type, data } = event
    if (type === 'TicketAssociated' && data.name !== undefined)
      names.set(`ticket ${data.ticket}`, open(event, data.name, 'name'))
    if (type === 'DealCreated' && data.name !== undefined)
      names.set(`deal ${data.deal}`, open(event, data.name, 'name'))
  }
  return names
}

/** Tickets and deals of a conversation, the oldest first. */
export const linkedRecords = (
  events: readonly Event[],
  { records }: Present,
  open: Open,
): { readonly tickets: readonly LinkedRecord[]; readonly deals: readonly LinkedRecord[] } => {
  const names = namesIn(events, open)
  const linked = (type: 'ticket' | 'deal', id: string, closed: boolean): LinkedRecord => ({
    reference: { type, id },
    name: names.get(`${type} ${id}`) ?? null,
    closed,
  })
  return {
    tickets: [...records.tickets].map(([id, { closed }]) => linked('ticket', id, closed)),
    deals: [...records.deals].map((id) => linked('deal', id, false)),
  }
}

/** What a user has read of a conversation (K-20). */
export interface ReadSoFar {
  /** So many of the messages that came in. */
  readonly inbound: number
  readonly markedUnread: boolean
}

/** Messages that came in and were not seen; at least 1 where it was marked by hand. Spam has none. */
export const unreadOf = ({ inbound, spam }: Present, read: ReadSoFar | undefined): number => {
  if (spam !== undefined) return 0
  const unseen = Math.max(0, inbound - (read?.inbound ?? 0))
  return read?.markedUnread === true ? Math.max(1, unseen) : unseen
}
