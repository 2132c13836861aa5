/** What a viewer has not read yet: their read states joined to rows, while they are read. */
import {
  readableCounters,
  readByUser,
  readCounter,
  readStateKey,
  readStateProjection,
  views as catalogue,
  type ConversationRow,
  type ReadStateRow,
  type ViewKey,
  type ViewScope,
} from '@threadbook/projection-views'
import { type KeyedRow, type Rows } from '@threadbook/sourcing'
import type { Door } from './door.js'
import { answer } from './fault.js'

export const readStateRows = readStateProjection as unknown as Rows

/** What a user has read of these conversations. */
export const readOf = async (
  { adapters, account }: Door,
  user: string,
  conversations: readonly string[],
): Promise<ReadonlyMap<string, ReadStateRow>> => {
  const keys = conversations.map((conversation) => readStateKey(account, user, conversation))
  const found = await answer(adapters.readModels.get(readStateRows, keys))
  return new Map(
    ([...found.values()] as unknown as ReadStateRow[]).map((row) => [row.conversation, row]),
  )
}

const AT_ONCE = 500

/**
 * Exact: what can be read in each view by its counters, without what the user has read of it. Looks
 * at each conversation that the user has ever read: some milliseconds for a thousand.
 */
export const unreadCounts = async (
  door: Door,
  rows: Rows,
  scope: ViewScope & { readonly viewer: string },
): Promise<Readonly<Record<ViewKey, number>>> => {
  const { adapters, account } = door
  const { readModels } = adapters
  const wanted = catalogue.map(({ key, status }) => readableCounters(key, { ...scope, status }))
  const numbers = await answer(readModels.counters(rows, wanted.flat()))
  const read = readCounter(scope)
  for (let last: KeyedRow<ReadStateRow> | undefined; ;) {
    const query = readByUser({ account, user: scope.viewer }, last, AT_ONCE)
    const states = (await answer(
      readModels.find(readStateRows, query),
    )) as unknown as readonly KeyedRow<ReadStateRow>[]
    const conversations = await answer(
      readModels.get(
        rows,
        states.map(({ row }) => row.conversation),
      ),
    )
    for (const { row: state } of states) {
      const row = conversations.get(state.conversation) as ConversationRow | undefined
      if (row !== undefined) read.add(row, state)
    }
    last = states.at(-1)
    if (states.length < AT_ONCE) break
  }
  let at = 0
  return Object.fromEntries(
    catalogue.map(({ key }, index) => {
      const { length } = wanted[index]!
      const readable = numbers.slice(at, (at += length)).reduce((a, b) => a + b, 0)
      return [key, readable - read.sums.get(key)!]
    }),
  ) as Record<ViewKey, number>
}
