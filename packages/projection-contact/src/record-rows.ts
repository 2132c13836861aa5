/** Where a record's conversations are found, and what is known of contacts beside their names. */
import type { contacts, ConversationEvent, RecordReference } from '@threadbook/core'
import {
  remove,
  streamId,
  type EventsOf,
  type Handler,
  type IsoTime,
  type Projection,
  type RecordedEvent,
} from '@threadbook/sourcing'

type ContactEvent = EventsOf<(typeof contacts)['events']>
type Event = ConversationEvent | ContactEvent

/** A contact has a row from the first fact on that stands in it. Its conversations know it by themselves. */
export type RecordRow = {
  readonly account: string
  readonly type: 'contact' | 'ticket' | 'deal'
  readonly id: string
  /** Of a contact. */
  readonly company: string | null
  /** When a contact was deleted: its 90 days count from here (K-22). */
  readonly deletedAt: IsoTime | null
  /** Of a ticket or deal. */
  readonly conversations: readonly string[]
}

/** A CRM's own ids are unique within an account at most. */
export const recordKey = (account: string, { type, id }: RecordReference): string =>
  `${account}/${type}/${id}`

const touched = ({ type, data, stream }: RecordedEvent<Event>): readonly RecordReference[] => {
  switch (type) {
    case 'TicketAssociated':
    case 'TicketDeleted':
      return [{ type: 'ticket', id: data.ticket }]
    case 'DealCreated':
      return [{ type: 'deal', id: data.deal }]
    case 'Purged':
      return [
        ...(data.tickets ?? []).map((id) => ({ type: 'ticket' as const, id })),
        ...(data.deals ?? []).map((id) => ({ type: 'deal' as const, id })),
      ]
    default:
      return [{ type: 'contact', id: streamId(stream) }]
  }
}

type Draft = NonNullable<Parameters<Handler<RecordRow, Event>>[0]>

const newRow = (account: string, type: RecordRow['type'], id: string): RecordRow => ({
  account,
  type,
  id,
  company: null,
  deletedAt: null,
  conversations: [],
})

/** With this conversation among its own. */
const joined = (
  row: Draft | undefined,
  { stream, metadata }: RecordedEvent,
  type: 'ticket' | 'deal',
  id: string,
): RecordRow | undefined => {
  const conversation = streamId(stream)
  if (row === undefined)
    return { ...newRow(metadata.account, type, id), conversations: [conversation] }
  if (!row.conversations.includes(conversation)) row.conversations.push(conversation)
  return undefined
}

/** A contact's row with something changed, made where there is none yet. */
const changed = (
  row: Draft | undefined,
  { stream, metadata }: RecordedEvent,
  change: Partial<Pick<RecordRow, 'company' | 'deletedAt'>>,
): RecordRow | undefined => {
  if (row === undefined)
    return { ...newRow(metadata.account, 'contact', streamId(stream)), ...change }
  Object.assign(row, change)
  return undefined
}

export const recordRows: Projection<RecordRow, Event> = {
  name: 'records',
  version: 1,
  table: {
    name: 'records',
    columns: { account: 'text', type: 'text', id: 'text', company: 'text', deletedAt: 'text' },
    indexes: [
      { name: 'by_company', columns: ['account', 'company'] },
      { name: 'deleted', columns: ['account', 'deletedAt'] },
    ],
  },
  categories: ['conversation', 'contact'],
  keys: (event) => touched(event).map((each) => recordKey(event.metadata.account, each)),
  on: {
    TicketAssociated: (row, event) => joined(row, event, 'ticket', event.data.ticket),
    TicketDeleted: () => remove,
    DealCreated: (row, event) => joined(row, event, 'deal', event.data.deal),
    // Its tickets go with it (S-043); a deal stays, and knows nothing of it (S-044).
    Purged: (row, { stream }) => {
      if (row === undefined) return undefined
      row.conversations = row.conversations.filter((each) => each !== streamId(stream))
      return row.type === 'ticket' || row.conversations.length === 0 ? remove : undefined
    },
    CompanyAssociated: (row, event) => changed(row, event, { company: event.data.company }),
    CompanyDisassociated: (row, event) => changed(row, event, { company: null }),
    ContactDeleted: (row, event) => changed(row, event, { deletedAt: event.metadata.recordedAt }),
    ContactRestored: (row, event) => changed(row, event, { deletedAt: null }),
    ContactMergedInto: () => remove,
    ContactErased: () => remove,
  },
}
