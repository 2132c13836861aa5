/** A page of a view: what to ask the read models for, and what their answers make. */
import {
  compareText,
  filters,
  isNonEmpty,
  shapeOf,
  type Filter,
  type Invalid,
  type IsoTime,
  type KeyedRow,
  type NonEmpty,
  type RowQuery,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { ConversationRow } from './conversation-row.js'
import { readCursor, writeCursor } from './cursor.js'
import {
  isViewKey,
  partFilter,
  partOf,
  viewOf,
  views,
  type Sort,
  type Status,
  type ViewKey,
  type ViewPart,
  type ViewScope,
} from './views.js'

const { and, is } = filters
const atMost = (attribute: string, value: string): Filter => ({
  attribute,
  operator: 'atMost',
  value,
})

export interface PageRequest extends ViewScope {
  /** The view's own unless told (S-019). */
  readonly sort?: Sort | undefined
  /** The `next` of the page before. */
  readonly after?: string | undefined
  /** Rows a page: 50 unless told, 500 at most. */
  readonly limit?: number | undefined
}

export interface InvalidQuery extends Invalid {
  readonly type: 'InvalidQuery'
}

export type ConversationPage = {
  readonly rows: readonly KeyedRow<ConversationRow>[]
  /** Absent on the last page. */
  readonly next?: string
}

export interface PageQuery {
  /** Mostly one. Several where their union is the view, and each alone is a range of an index. */
  readonly queries: NonEmpty<RowQuery>
  /** The page from what each query found, in the order of `queries`. */
  readonly page: (found: readonly (readonly KeyedRow[])[]) => ConversationPage
}

const DEFAULT_LIMIT = 50
const LARGEST_LIMIT = 500
const MOST_QUERIES = 64
const STATUSES: readonly Status[] = ['open', 'closed', 'any']

const refuse = (field: string, expected: string, value: unknown): E.Either<InvalidQuery, never> =>
  E.left({ type: 'InvalidQuery', field, expected, found: shapeOf(value) })

/** The parts of a view that each are one range of its index; the whole where they are too many. */
const split = (key: ViewKey, whole: ViewPart): NonEmpty<ViewPart> => {
  const { perViewer, statusChoice, status } = viewOf(key)
  const inboxes = whole.inboxes?.map((inbox) => [inbox]) ?? [undefined]
  const owners = perViewer ? whole.owners.map((owner) => [owner]) : [[]]
  // Views of one status by default have it in their index; in the others' it is read along.
  const byStatus = statusChoice && status !== 'any' && whole.status === 'any'
  const statuses = byStatus ? (['open', 'closed'] as const) : [whole.status]
  const count = inboxes.length * owners.length * statuses.length
  if (count > MOST_QUERIES) return [whole]
  const parts = inboxes.flatMap((inboxes) =>
    owners.flatMap((owners) => statuses.map((status) => ({ ...whole, inboxes, owners, status }))),
  )
  return isNonEmpty(parts) ? parts : [whole]
}

const SORTS: Readonly<Record<Sort, 'ascending' | 'descending'>> = {
  newestFirst: 'descending',
  oldestFirst: 'ascending',
}

type Found = KeyedRow<ConversationRow>

const before = (a: Found, b: Found): number =>
  compareText(a.row.lastMessageAt, b.row.lastMessageAt) || compareText(a.key, b.key)

const pageOf =
  (view: ViewKey, sort: Sort, limit: number) =>
  (found: readonly (readonly KeyedRow[])[]): ConversationPage => {
    const rows = found.flat() as unknown as Found[]
    if (found.length > 1) rows.sort(sort === 'newestFirst' ? (a, b) => before(b, a) : before)
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    if (rows.length <= limit || last === undefined) return { rows: page }
    const { key, row } = last
    return { rows: page, next: writeCursor({ view, sort, value: row.lastMessageAt, key }) }
  }

/** What to ask the read models for. Nothing is asked where the request makes no sense. */
export const pageQuery = (
  view: string,
  request: PageRequest,
): E.Either<InvalidQuery, PageQuery> => {
  if (!isViewKey(view)) return refuse('view', views.map(({ key }) => key).join(', '), view)
  const { name, sort: usual, status, statusChoice, perViewer } = viewOf(view)
  const { sort = usual, after, limit = DEFAULT_LIMIT } = request
  if (!Object.hasOwn(SORTS, sort)) return refuse('sort', Object.keys(SORTS).join(' or '), sort)
  if (request.status !== undefined && !STATUSES.includes(request.status))
    return refuse('status', STATUSES.join(', '), request.status)
  if (!statusChoice && request.status !== undefined && request.status !== status)
    return refuse('status', `${status}, as ${name} has no other`, request.status)
  if (perViewer && request.viewer === undefined)
    return refuse('viewer', `who looks at ${name}`, request.viewer)
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_LIMIT)
    return refuse('limit', `a whole number from 1 to ${String(LARGEST_LIMIT)}`, limit)
  const place = after === undefined ? undefined : readCursor(after)
  if (after !== undefined && (place?.view !== view || place.sort !== sort))
    return refuse('after', `the next of a page of ${name}, ${sort}`, after)
  const query = (part: ViewPart): RowQuery => ({
    where: partFilter(view, part),
    order: { column: 'lastMessageAt', direction: SORTS[sort] },
    after: place && { value: place.value, key: place.key },
    // One more than is shown tells whether there is a next page.
    limit: limit + 1,
  })
  const [first, ...others] = split(view, partOf(request))
  return E.right({ queries: [query(first), ...others.map(query)], page: pageOf(view, sort, limit) })
}

const CLOCKS = {
  trash: { fact: 'trashed', column: 'trashedAt', unless: 'hold' },
  spam: { fact: 'spam', column: 'spamAt', unless: 'hold' },
  blocked: { fact: 'hasBlocked', column: 'blockedSince', unless: 'hold' },
  snooze: { fact: 'snoozed', column: 'snoozedUntil', unless: 'merged' },
} as const

/**
 * Which clock runs out: trash after 30 days, spam and what blocked visitors wrote after 90, by the
 * account's policy (D-06, D-25); a snooze at its time.
 */
export interface DueRequest {
  readonly account: string
  readonly because: keyof typeof CLOCKS
  /** Marked, trashed, received, or to be woken then or earlier. */
  readonly until: IsoTime
  readonly limit: number
}

/** Conversations whose clock ran out, those first that wait longest. A hold stops all but the snooze. */
export const dueQuery = ({ account, because, until, limit }: DueRequest): RowQuery => {
  const { fact, column, unless } = CLOCKS[because]
  return {
    where: and(is('account', account), is(fact, true), is(unless, false), atMost(column, until)),
    order: { column, direction: 'ascending' },
    limit,
  }
}
