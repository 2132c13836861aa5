/** What a page of a list asks the read models for, and what their answers make. */
import {
  compareText,
  filters,
  isNonEmpty,
  shapeOf,
  type Filter,
  type Invalid,
  type KeyedRow,
  type NonEmpty,
  type RowQuery,
  type Scalar,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { ConversationRow } from './conversation-row.js'
import { readCursor, writeCursor } from './cursor.js'
import type { Sort } from './views.js'

const { and, is } = filters

export interface PageOptions {
  /** The view's own unless told (S-019). */
  readonly sort?: Sort | undefined
  /** The `next` of the page before. */
  readonly after?: string | undefined
  /** Rows a page: 50 unless told, 500 at most. */
  readonly limit?: number | undefined
  /**
   * The account's inboxes, all or some: a list of the whole account is then read inbox by inbox, in
   * order, where it would be sorted otherwise. It holds the same conversations.
   */
  readonly known?: readonly string[] | undefined
}

/** More are read as one. */
export const MOST_QUERIES = 64

export interface InvalidQuery extends Invalid {
  readonly type: 'InvalidQuery'
}

export type ConversationPage = {
  readonly rows: readonly KeyedRow<ConversationRow>[]
  /** Absent on the last page. */
  readonly next?: string
}

export interface PageQuery {
  /** Mostly one. Several where their union is the list, and each alone is a range of an index. */
  readonly queries: NonEmpty<RowQuery>
  /** The page from what each query found, in the order of `queries`. */
  readonly page: (found: readonly (readonly KeyedRow[])[]) => ConversationPage
  /** For the `after` of the page that begins behind this row. */
  readonly behind: (row: KeyedRow<ConversationRow>) => string
}

const DEFAULT_LIMIT = 50
const LARGEST_LIMIT = 500

export const refuseQuery = (
  field: string,
  expected: string,
  value: unknown,
): E.Either<InvalidQuery, never> =>
  E.left({ type: 'InvalidQuery', field, expected, found: shapeOf(value) })

type Found = KeyedRow<ConversationRow>

interface Order {
  readonly column: 'lastMessageAt' | 'waitingSince'
  readonly direction: 'ascending' | 'descending'
}

const SORTS: Readonly<Record<Sort, Order>> = {
  newestFirst: { column: 'lastMessageAt', direction: 'descending' },
  oldestFirst: { column: 'lastMessageAt', direction: 'ascending' },
  longestWaiting: { column: 'waitingSince', direction: 'ascending' },
}

/** Whoever waits for nothing comes last, and has no time in this order. */
const NOTHING_AWAITED = '~'

const placeOf = ({ column }: Order, row: ConversationRow): string => row[column] ?? NOTHING_AWAITED

const compare =
  (order: Order) =>
  (a: Found, b: Found): number =>
    (order.direction === 'ascending' ? 1 : -1) *
    (compareText(placeOf(order, a.row), placeOf(order, b.row)) || compareText(a.key, b.key))

interface After {
  readonly value: Scalar
  readonly key: string
}

/** The two halves of a list by waiting: an index holds the first, the second has no order of its own. */
const byWaiting = (
  where: Filter,
  order: Order,
  after: After | undefined,
  limit: number,
): readonly RowQuery[] => {
  const half = (waiting: boolean, from: After | undefined): RowQuery => ({
    where: and(where, is('waiting', waiting)),
    order,
    after: from,
    limit,
  })
  if (after?.value === NOTHING_AWAITED) return [half(false, { value: null, key: after.key })]
  return [half(true, after), half(false, undefined)]
}

/**
 * `parts`: filters whose union is the list, no row in two of them. `name` tells cursors of this list
 * from those of others. Nothing is asked where the request makes no sense.
 */
export const planPage = (
  name: string,
  parts: readonly Filter[],
  usual: Sort,
  { sort = usual, after, limit = DEFAULT_LIMIT }: PageOptions,
): E.Either<InvalidQuery, PageQuery> => {
  if (!Object.hasOwn(SORTS, sort)) return refuseQuery('sort', Object.keys(SORTS).join(', '), sort)
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_LIMIT)
    return refuseQuery('limit', `a whole number from 1 to ${String(LARGEST_LIMIT)}`, limit)
  const place = after === undefined ? undefined : readCursor(after)
  if (after !== undefined && (place?.view !== name || place.sort !== sort))
    return refuseQuery('after', `the next of a page of this list, ${sort}`, after)
  const order = SORTS[sort]
  // One more than is shown tells whether there is a next page.
  const most = limit + 1
  const queries = parts.flatMap((where): readonly RowQuery[] =>
    sort === 'longestWaiting'
      ? byWaiting(where, order, place, most)
      : [{ where, order, after: place && { value: place.value, key: place.key }, limit: most }],
  )
  if (!isNonEmpty(queries)) throw new Error('a list of no parts')
  const behind = ({ key, row }: Found): string =>
    writeCursor({ view: name, sort, value: placeOf(order, row), key })
  return E.right({
    queries,
    behind,
    page: (found) => {
      const rows = found.flat() as unknown as Found[]
      if (found.length > 1) rows.sort(compare(order))
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      if (rows.length <= limit || last === undefined) return { rows: page }
      return { rows: page, next: behind(last) }
    },
  })
}
