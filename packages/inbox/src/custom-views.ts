/** Custom views as a screen asks for them: which there are, what each lists, how many that are. */
import { teams, type ConversationFilter, type ViewVisibility } from '@threadbook/core'
import {
  customViewQuery,
  exactly,
  listQuery,
  seenBy,
  type ConversationPage,
  type CustomViewRow,
  type InvalidQuery,
  type ListQuery,
  type Sort,
} from '@threadbook/projection-views'
import { filters, type CommandFault } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { inboxesKnown } from './access.js'
import { customViewTable } from './custom-view-table.js'
import type { Door } from './door.js'
import { answer, answering } from './fault.js'
import { readList } from './search/read-list.js'
import { inboxesOf } from './search/request.js'
import { stateOf } from './state-of.js'
import { rows } from './list-items.js'
import type { ScopedListRequest } from './list-request.js'
import { keptCount } from './view-counts/kept-count.js'
import { watchedFilter } from './view-counts/watched-view.js'

/** There is none that this viewer sees. */
export interface NoSuchView {
  readonly type: 'NoSuchView'
  readonly view: string
}

export interface CustomViewEntry {
  readonly id: string
  readonly name: string
  readonly visibility: ViewVisibility
  /** The actor who made it. */
  readonly owner: string
  readonly filter: ConversationFilter
  /** Unless the viewer chose another. */
  readonly sort: Sort
}

export interface ViewersRequest {
  /** The id of the user who looks. */
  readonly viewer?: string | undefined
  /** The viewer's teams, where the host knows them better than this library does. */
  readonly teams?: readonly string[] | undefined
}

/**
 * Exact where `more` is false. It is kept, and exact whatever its size, for views whose number is the
 * same for all and at any time: their filters hold neither `me` nor unread nor relative dates. Others
 * are counted on demand, exactly up to a thousand.
 */
export interface ViewCount {
  readonly count: number
  /** There are more than these or, while they are being counted, may be. */
  readonly more: boolean
  /** Nobody asked for it before, or not for long: so many have been found so far. Ask again. */
  readonly counting: boolean
}

const MOST_COUNTED = 1_000
const MOST_VIEWS = 1_000
const LIMIT = 50
const PAGE = 500

type Row = CustomViewRow & Record<string, unknown>

export const isSeen = async (
  door: Door,
  view: CustomViewRow,
  { viewer, teams: mine = [] }: ViewersRequest,
): Promise<boolean> => {
  if (view.account !== door.account) return false
  const seen = seenBy(view, viewer)
  if (typeof seen === 'boolean') return seen
  if (mine.includes(seen.team)) return true
  const state = await stateOf(door, teams, seen.team)
  return viewer !== undefined && state.situation === 'present' && state.members.has(viewer)
}

const visibilityOf = ({ visibleTo, team }: CustomViewRow): ViewVisibility =>
  visibleTo === 'team' ? { to: 'team', team: team ?? '' } : { to: visibleTo }

/** Those that a viewer sees, by their names. */
export const customViewsOf = (
  door: Door,
  request: ViewersRequest,
): Promise<E.Either<CommandFault, readonly CustomViewEntry[]>> =>
  answering(async () => {
    const found = await answer(
      door.adapters.readModels.find(customViewTable, {
        where: filters.is('account', door.account),
        order: { column: 'name', direction: 'ascending' },
        limit: MOST_VIEWS,
      }),
    )
    const seen: CustomViewEntry[] = []
    for (const { key: id, row } of found) {
      const view = row as Row
      if (!(await isSeen(door, view, request))) continue
      const { name, owner, filter, sort } = view
      seen.push({ id, name, visibility: visibilityOf(view), owner, filter, sort })
    }
    return E.right(seen)
  })

interface Opened {
  readonly view: CustomViewRow
  readonly query: ListQuery
  readonly sort: Sort
}

export const openCustomView = async (
  door: Door,
  id: string,
  request: ScopedListRequest,
): Promise<E.Either<NoSuchView, Opened>> => {
  const view = (await answer(door.adapters.readModels.get(customViewTable, [id]))).get(id) as
    Row | undefined
  if (view === undefined || !(await isSeen(door, view, request)))
    return E.left({ type: 'NoSuchView', view: id })
  const { status, viewer } = request
  const inboxes = inboxesOf(door, request.inbox)
  return E.right({
    view,
    sort: view.sort,
    query: customViewQuery(view, { inboxes, status, viewer, now: door.now() }),
  })
}

const readOpened = async (
  door: Door,
  id: string,
  { view, query, sort }: Opened,
  request: ScopedListRequest,
): Promise<E.Either<InvalidQuery, ConversationPage>> => {
  const { limit = LIMIT } = request
  const watched = watchedFilter(id, view)
  const known = await inboxesKnown(door, query.inboxes)
  return readList(door, {
    plan: (after) =>
      listQuery(`view ${id}`, query, sort, { sort: request.sort, after, limit, known }),
    find: (each) => answer(door.adapters.readModels.find(rows, { ...each, watched })),
    passes: exactly(query),
    viewer: request.viewer,
    after: request.after,
    limit,
  })
}

export const readCustomView = async (
  door: Door,
  id: string,
  request: ScopedListRequest,
): Promise<E.Either<InvalidQuery | NoSuchView, ConversationPage>> => {
  const opened = await openCustomView(door, id, request)
  return E.isLeft(opened) ? opened : readOpened(door, id, opened.right, request)
}

/** Page by page, and no further than it is worth. */
const countOnDemand = async (
  door: Door,
  id: string,
  opened: Opened,
  request: ScopedListRequest,
): Promise<E.Either<InvalidQuery, ViewCount>> => {
  let count = 0
  for (let after: string | undefined; ;) {
    const page = await readOpened(door, id, opened, { ...request, after, limit: PAGE })
    if (E.isLeft(page)) return page
    count += page.right.rows.length
    after = page.right.next
    const more = count > MOST_COUNTED || (count === MOST_COUNTED && after !== undefined)
    if (after === undefined || more)
      return E.right({ count: Math.min(count, MOST_COUNTED), more, counting: false })
  }
}

export const countCustomView = (
  door: Door,
  id: string,
  request: ScopedListRequest,
): Promise<E.Either<InvalidQuery | NoSuchView | CommandFault, ViewCount>> =>
  answering(async () => {
    const opened = await openCustomView(door, id, request)
    if (E.isLeft(opened)) return opened
    const { view, query } = opened.right
    const { status = 'any' } = request
    const kept = await keptCount(door, id, view, { inboxes: query.inboxes, status })
    if (kept === undefined) return countOnDemand(door, id, opened.right, request)
    const { count, counting } = kept
    return E.right({ count, more: counting, counting })
  })
