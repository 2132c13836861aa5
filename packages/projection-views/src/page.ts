/** A page of a standard view: the parts of it that each are one range of an index. */
import { filters, type Filter, type IsoTime, type RowQuery } from '@threadbook/sourcing'
import type * as E from 'fp-ts/lib/Either.js'
import { everyInbox } from './every-inbox.js'
import {
  MOST_QUERIES,
  planPage,
  refuseQuery,
  type InvalidQuery,
  type PageOptions,
  type PageQuery,
} from './page-plan.js'
import {
  isViewKey,
  partFilter,
  partOf,
  viewOf,
  views,
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

export interface PageRequest extends ViewScope, PageOptions {}

const STATUSES: readonly Status[] = ['open', 'closed', 'any']

/** The parts of a view that each are one range of its index; the whole where they are too many. */
const split = (key: ViewKey, whole: ViewPart): readonly ViewPart[] => {
  const { perViewer, statusChoice, status } = viewOf(key)
  const inboxes = whole.inboxes?.map((inbox) => [inbox]) ?? [undefined]
  const owners = perViewer ? whole.owners.map((owner) => [owner]) : [[]]
  // Views of one status by default have it in their index; in the others' it is read along.
  const byStatus = statusChoice && status !== 'any' && whole.status === 'any'
  const statuses = byStatus ? (['open', 'closed'] as const) : [whole.status]
  const count = inboxes.length * owners.length * statuses.length
  if (count > MOST_QUERIES) return [whole]
  if (count === 0) return [whole]
  return inboxes.flatMap((inboxes) =>
    owners.flatMap((owners) => statuses.map((status) => ({ ...whole, inboxes, owners, status }))),
  )
}

/**
 * What to ask the read models for. Nothing is asked where the request makes no sense. `name` tells
 * the list's cursors from others'.
 */
export const pageQuery = (
  view: string,
  request: PageRequest,
  name = view,
): E.Either<InvalidQuery, PageQuery> => {
  if (!isViewKey(view)) return refuseQuery('view', views.map(({ key }) => key).join(', '), view)
  const { sort, status, statusChoice, perViewer } = viewOf(view)
  if (request.status !== undefined && !STATUSES.includes(request.status))
    return refuseQuery('status', STATUSES.join(', '), request.status)
  if (!statusChoice && request.status !== undefined && request.status !== status)
    return refuseQuery('status', `${status}, as ${viewOf(view).name} has no other`, request.status)
  if (perViewer && request.viewer === undefined)
    return refuseQuery('viewer', `who looks at ${viewOf(view).name}`, request.viewer)
  const whole = partOf(request)
  const parts = split(view, whole).map((part) => partFilter(view, part))
  const inboxes = whole.inboxes === undefined ? everyInbox(request.known ?? []) : []
  const finer = parts.flatMap((part) => inboxes.map((inbox) => and(inbox, part)))
  const isWorthIt = finer.length > 0 && finer.length <= MOST_QUERIES
  return planPage(name, isWorthIt ? finer : parts, sort, request)
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
