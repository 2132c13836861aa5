/** The past is shown to whoever may look now, and of it what may be read now (K-15, D-10). */
import { conversations, hideable, users } from '@threadbook/core'
import type { ConversationRow } from '@threadbook/projection-views'
import type { KeyedRow, RowQuery } from '@threadbook/sourcing'
import { notToBeSeen } from '../../access.js'
import type { Door } from '../../door.js'
import { answer } from '../../fault.js'
import { rows } from '../../list-items.js'
import { stateOf } from '../../state-of.js'
import { conversationMoments } from '../moments.js'
import type { RowsAsOf } from './rows-as-of.js'

type Found = KeyedRow<ConversationRow>
type LiveRows = ReadonlyMap<string, ConversationRow>

const liveRows = async ({ adapters }: Door, found: readonly KeyedRow[]): Promise<LiveRows> =>
  (await answer(
    adapters.readModels.get(
      rows,
      found.map(({ key }) => key),
    ),
  )) as unknown as LiveRows

/** Where a conversation is by now; of one that is gone, where it last was. */
const inboxNow = async (door: Door, key: string, live: LiveRows): Promise<string | undefined> => {
  const there = live.get(key)
  if (there !== undefined) return there.inbox
  const moments = await conversationMoments(door, key)
  return moments.findLast(({ row }) => row !== undefined)?.row?.inbox
}

/** Without what has gone since to where the viewer may not look. */
export const seenNow = async (
  door: Door,
  viewer: string | undefined,
  { find }: RowsAsOf,
): Promise<RowsAsOf['find']> => {
  if (viewer === undefined || (await stateOf(door, users, viewer)).situation === 'unknown')
    return find
  const open = new Map<string, boolean>()
  const mayLook = async (inbox: string): Promise<boolean> => {
    const known = open.get(inbox) ?? (await notToBeSeen(door, viewer, inbox)) === undefined
    open.set(inbox, known)
    return known
  }
  const seenOf = async (found: readonly KeyedRow[]): Promise<readonly KeyedRow[]> => {
    const live = await liveRows(door, found)
    const seen: KeyedRow[] = []
    for (const each of found) {
      const inbox = await inboxNow(door, each.key, live)
      if (inbox !== undefined && (await mayLook(inbox))) seen.push(each)
    }
    return seen
  }
  return async (query) => {
    const { limit, order } = query
    const seen: KeyedRow[] = []
    for (let after: RowQuery['after'] = query.after; ;) {
      const found = await find({ ...query, after })
      seen.push(...(await seenOf(found)))
      const last = found.at(-1)
      if (last === undefined || found.length < limit || seen.length >= limit)
        return seen.slice(0, limit)
      after = { key: last.key, value: (last.row[order.column] ?? null) as string | null }
    }
  }
}

const isHidden = async (door: Door, key: string, messageId: string): Promise<boolean> => {
  const state = await stateOf(door, conversations, key)
  return state.situation === 'present' && hideable(state, messageId)?.hiddenBy !== undefined
}

/** What was hidden since is hidden here, too. */
export const withHidden = async (
  door: Door,
  found: readonly Found[],
): Promise<readonly Found[]> => {
  const live = await liveRows(door, found)
  const hidden: Found[] = []
  for (const { key, row } of found) {
    const now = live.get(key)
    const { lastMessage, subjectMessage } = row
    const previewHidden =
      now !== undefined && now.lastMessage === lastMessage
        ? now.previewHidden
        : lastMessage !== null && (await isHidden(door, key, lastMessage))
    const subjectHidden =
      now !== undefined && now.subjectMessage === subjectMessage
        ? now.subjectHidden
        : subjectMessage !== null && (await isHidden(door, key, subjectMessage))
    hidden.push({
      key,
      row: {
        ...row,
        previewHidden: row.previewHidden || previewHidden,
        subjectHidden: row.subjectHidden || subjectHidden,
      },
    })
  }
  return hidden
}
