/** What users have read: joined to rows when they are read, and never copied into them. */
import type { readStates } from '@threadbook/core'
import {
  filters,
  predicate,
  streamId,
  type EventsOf,
  type KeyedRow,
  type Predicate,
  type Projection,
  type RowQuery,
} from '@threadbook/sourcing'
import type { ConversationRow } from './conversation-row.js'
import { namePart } from './counters.js'
import { viewFilter, views, type ViewKey, type ViewScope } from './views.js'

type ReadStateEvent = EventsOf<(typeof readStates)['events']>

export type ReadStateRow = {
  readonly account: string
  readonly user: string
  readonly conversation: string
  /** So many of the messages that came in were seen. */
  readonly inbound: number
  readonly markedUnread: boolean
}

export const readStateKey = (account: string, user: string, conversation: string): string =>
  [account, user, conversation].map(namePart).join('/')

const rowOf = (
  { stream, metadata: { account } }: { stream: string; metadata: { account: string } },
  conversation: string,
  inbound: number,
  markedUnread: boolean,
): ReadStateRow => ({ account, user: streamId(stream), conversation, inbound, markedUnread })

export const readStateProjection: Projection<ReadStateRow, ReadStateEvent> = {
  name: 'readStates',
  version: 1,
  table: {
    name: 'read_states',
    columns: { account: 'text', user: 'text', conversation: 'text' },
    indexes: [{ name: 'by_user', columns: ['account', 'user', 'conversation'] }],
  },
  categories: ['readState'],
  keys: ({ stream, metadata, data }) => [
    readStateKey(metadata.account, streamId(stream), data.conversation),
  ],
  on: {
    ConversationRead: (_, event) =>
      rowOf(event, event.data.conversation, event.data.inbound, false),
    ConversationMarkedUnread: (row, event) =>
      rowOf(event, event.data.conversation, row?.inbound ?? 0, true),
  },
}

/** Unread can be what came from the contact's side and is not spam (D-13, D-21). */
const isReadable = ({ hasInbound, spam }: ConversationRow): boolean => hasInbound && !spam

/** Whether somebody who has seen so much has something to read. */
export const isUnread = (row: ConversationRow, state: ReadStateRow | undefined): boolean =>
  isReadable(row) && (state === undefined || state.markedUnread || state.inbound < row.inbound)

/** All that a user has read, a page at a time: `after` is the last of the page before. */
export const readByUser = (
  { account, user }: { readonly account: string; readonly user: string },
  after: KeyedRow<ReadStateRow> | undefined,
  limit: number,
): RowQuery => ({
  where: filters.and(filters.is('account', account), filters.is('user', user)),
  order: { column: 'conversation', direction: 'ascending' },
  after: after && { value: after.row.conversation, key: after.key },
  limit,
})

/**
 * Counts, for each view, the conversations that its counters count as readable and that the user
 * has nothing to read in any more.
 */
export const readCounter = (scope: ViewScope) => {
  const sums = new Map<ViewKey, number>(views.map(({ key }) => [key, 0]))
  const holds = new Map<ViewKey, Predicate>(
    views.flatMap(({ key, perViewer }) =>
      perViewer && scope.viewer === undefined
        ? []
        : [[key, predicate(viewFilter(key, scope))] as const],
    ),
  )
  return {
    add: (row: ConversationRow, state: ReadStateRow): void => {
      if (!isReadable(row) || isUnread(row, state)) return
      for (const [key, isIn] of holds) if (isIn(row)) sums.set(key, sums.get(key)! + 1)
    },
    sums,
  }
}
