/**
 * What is on its way out: one row for each conversation of which anything waits, or is out without
 * an answer. Elsewhere nothing is kept of it, and the clock finds what is due by one range scan.
 */
import { notificationId, type ConversationEvent } from '@threadbook/core'
import {
  remove,
  type Handler,
  type IsoTime,
  type Projection,
  type RecordedEvent,
  type Remove,
  type Rows,
} from '@threadbook/sourcing'

type Item =
  | { readonly state: 'waiting'; readonly due: IsoTime }
  | { readonly state: 'out'; readonly since: IsoTime; readonly attempt: number }

export type OutboxRow = {
  readonly account: string
  /** When the first of what waits may be tried; null where nothing does. */
  readonly due: IsoTime | null
  /** Since when the first of what has no answer is out; null where nothing is. */
  readonly outSince: IsoTime | null
  readonly items: Readonly<Record<string, Item>>
}

type Items = OutboxRow['items']
type Row = NonNullable<Parameters<Handler<OutboxRow, ConversationEvent>>[0]>

const first = (times: readonly IsoTime[]): IsoTime | null => [...times].sort()[0] ?? null

/** Changes items of a row, which is there as long as it has any; undefined takes one away. */
const put = (
  row: Row | undefined,
  { metadata }: RecordedEvent,
  changed: Readonly<Record<string, Item | undefined>>,
): OutboxRow | Remove | undefined => {
  const items = Object.fromEntries(
    Object.entries<Item | undefined>({ ...(row?.items as Items | undefined), ...changed }).flatMap(
      ([id, item]) => (item === undefined ? [] : [[id, { ...item }]]),
    ),
  ) as Record<string, Item>
  const all = Object.values(items)
  if (all.length === 0) return row === undefined ? undefined : remove
  const due = first(all.flatMap((item) => (item.state === 'waiting' ? [item.due] : [])))
  const outSince = first(all.flatMap((item) => (item.state === 'out' ? [item.since] : [])))
  if (row === undefined) return { account: metadata.account, due, outSince, items }
  row.due = due
  row.outSince = outSince
  row.items = items
  return undefined
}

type Of<T extends ConversationEvent['type']> = RecordedEvent<
  Extract<ConversationEvent, { readonly type: T }>
>

const waits = ({ metadata }: RecordedEvent): Item => ({
  state: 'waiting',
  due: metadata.recordedAt,
})

const leaves = (
  row: Row | undefined,
  event: Of<'MessageSent'> | Of<'MessageForwarded'> | Of<'TranscriptSent'>,
  id: string,
) => (event.data.outbox === undefined ? undefined : put(row, event, { [id]: waits(event) }))

const settles = (
  row: Row | undefined,
  event: RecordedEvent<{ readonly type: string; readonly data: { readonly messageId: string } }>,
) =>
  row?.items[event.data.messageId] === undefined
    ? undefined
    : put(row, event, { [event.data.messageId]: undefined })

const outboxRows: Projection<OutboxRow, ConversationEvent> = {
  name: 'outbox',
  version: 1,
  table: {
    name: 'outbox',
    columns: { account: 'text', due: 'text', outSince: 'text' },
    indexes: [
      { name: 'due', columns: ['account', 'due'] },
      { name: 'out', columns: ['account', 'outSince'] },
    ],
  },
  categories: ['conversation'],
  on: {
    MessageSent: (row, event) => leaves(row, event, event.data.messageId),
    MessageForwarded: (row, event) => leaves(row, event, event.data.messageId),
    TranscriptSent: (row, event) => leaves(row, event, event.data.transcriptId),
    CommentAdded: (row, event) => {
      const { commentId, mentions, outbox } = event.data
      if (outbox === undefined || mentions.length === 0) return undefined
      const told = mentions.map((userId) => [notificationId(commentId, userId), waits(event)])
      return put(row, event, Object.fromEntries(told) as Record<string, Item>)
    },
    DeliveryAttempted: (row, event) => {
      const { messageId, attempt } = event.data
      return put(row, event, {
        [messageId]: { state: 'out', since: event.metadata.recordedAt, attempt },
      })
    },
    DeliveryPostponed: (row, event) =>
      put(row, event, {
        [event.data.messageId]: { state: 'waiting', due: event.data.until },
      }),
    DeliveryRetried: (row, event) => put(row, event, { [event.data.messageId]: waits(event) }),
    MessageHandedOver: settles,
    DeliveryUnknown: settles,
    MessageDeliveryFailed: settles,
    MessageDelivered: settles,
    MessageRead: settles,
    Purged: (row) => (row === undefined ? undefined : remove),
  },
}

/** As a projection is handed to adapters, which know no row types. */
export const outbox = outboxRows as unknown as Rows
