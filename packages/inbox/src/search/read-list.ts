/** The rows of a list, page by page, without those that only seemed to pass. */
import {
  isUnread,
  UNREAD,
  type ConversationPage,
  type ConversationRow,
  type InvalidQuery,
  type PageQuery,
} from '@threadbook/projection-views'
import type { KeyedRow, Predicate, RowQuery } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door } from '../door.js'
import { readOf } from '../unread.js'

type Found = KeyedRow<ConversationRow>

export interface Reading {
  readonly plan: (after: string | undefined, limit: number) => E.Either<InvalidQuery, PageQuery>
  readonly find: (query: RowQuery) => Promise<readonly KeyedRow[]>
  /** Undefined: all that is found passes. Else asked of each row, with `unread` in it. */
  readonly passes: Predicate | undefined
  readonly viewer: string | undefined
  /** What the viewer has read: now unless told. */
  readonly readOf?: typeof readOf
  readonly after: string | undefined
  readonly limit: number
}

/** Pages that are looked through for one: after so many it is answered as it is. */
const MOST_PAGES = 40

const passing = async (
  door: Door,
  { passes, viewer, readOf: its = readOf }: Reading,
  rows: readonly Found[],
): Promise<readonly Found[]> => {
  if (passes === undefined) return rows
  const ids = rows.map(({ key }) => key)
  const read = viewer === undefined ? undefined : await its(door, viewer, ids)
  return rows.filter(({ key, row }) =>
    passes({ ...row, [UNREAD]: read === undefined ? false : isUnread(row, read.get(key)) }),
  )
}

export const readList = async (
  door: Door,
  reading: Reading,
): Promise<E.Either<InvalidQuery, ConversationPage>> => {
  const { plan, find, limit } = reading
  const rows: Found[] = []
  let { after } = reading
  for (let pages = 0; ; pages++) {
    const query = plan(after, limit)
    if (E.isLeft(query)) return query
    const page = query.right.page(await Promise.all(query.right.queries.map(find)))
    rows.push(...(await passing(door, reading, page.rows)))
    const { behind } = query.right
    const kept = rows.slice(0, limit)
    const last = kept.at(-1)
    if (rows.length > limit && last !== undefined)
      return E.right({ rows: kept, next: behind(last) })
    after = page.next
    if (after === undefined) return E.right({ rows: kept })
    if (kept.length === limit || pages === MOST_PAGES) return E.right({ rows: kept, next: after })
  }
}
