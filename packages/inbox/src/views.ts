/** The list, as a screen asks for it: pages with their sealed fields opened, and counts. */
import { SpamCause, type NoAccess } from '@threadbook/core'
import {
  conversationCounters,
  pageQuery,
  spamCauseCounters,
  viewCounters,
  views as catalogue,
  type ConversationPage,
  type InvalidQuery,
  type View,
  type ViewKey,
} from '@threadbook/projection-views'
import type { CommandFault } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import {
  countCustomView,
  customViewsOf,
  readCustomView,
  type CustomViewEntry,
  type NoSuchView,
  type ViewCount,
  type ViewersRequest,
} from './custom-views.js'
import { inboxesKnown } from './access.js'
import type { Door } from './door.js'
import { answer, answering } from './fault.js'
import { listAsOf } from './history/as-of/list-as-of.js'
import { dropSnapshots } from './history/as-of/snapshots.js'
import { itemsOf, rows, type ListPage } from './list-items.js'
import type { ListRequest, ScopedListRequest } from './list-request.js'
import type { SubscribeRequest, ViewMessage } from './live/messages.js'
import type { LiveViews } from './live/subscribe.js'
import { scoped } from './scoped.js'
import { unreadCounts } from './unread.js'

export type { ListPage } from './list-items.js'
export type { ListRequest } from './list-request.js'

export type CountRequest = Pick<ListRequest, 'inbox' | 'viewer' | 'teams'>

export interface Counts {
  /** Each view's conversations in its default status. */
  readonly views: Readonly<Record<ViewKey, number>>
  /** All but those merged into another. */
  readonly conversations: number
  /** Conversations in Spam, by why they are there. */
  readonly spamCauses: Readonly<Record<SpamCause, number>>
}

export interface Views {
  /** The standard views in their order (S-021…S-040). */
  readonly catalogue: readonly View[]
  /** The custom views that somebody sees, by their names (S-004). */
  readonly custom: (
    request?: ViewersRequest,
  ) => Promise<E.Either<CommandFault, readonly CustomViewEntry[]>>
  /**
   * One page of a view, of a custom one by its id; newest first unless told (S-019). With `asOf` as
   * a list made then would have shown it.
   */
  readonly list: (
    view: ViewKey | { readonly view: string },
    request?: ListRequest,
  ) => Promise<E.Either<InvalidQuery | NoSuchView | NoAccess | CommandFault, ListPage>>
  /**
   * What enters, changes in and leaves a view from now on, or since the position `from`. Without
   * that it begins with a `reload`: whoever lists the view then, and goes on, misses nothing. What
   * a viewer may not see is not told (K-15). A slow reader holds up nobody.
   */
  readonly subscribe: (
    view: ViewKey | { readonly view: string },
    request?: SubscribeRequest,
  ) => AsyncIterable<ViewMessage>
  /**
   * Takes away what lists of the far past have saved for the next: up to three copies of this
   * account's part of the list, which are made again when they are needed.
   */
  readonly dropSnapshots: () => Promise<E.Either<CommandFault, void>>
  /** How many conversations a custom view lists. */
  readonly count: (
    view: { readonly view: string },
    request?: Omit<ListRequest, 'after' | 'asOf' | 'limit' | 'sort'>,
  ) => Promise<E.Either<InvalidQuery | NoSuchView | NoAccess | CommandFault, ViewCount>>
  /** Exact, and read from counters: no row is looked at. */
  readonly counts: (request?: CountRequest) => Promise<E.Either<NoAccess | CommandFault, Counts>>
  /** Of each view, in its default status, how many conversations the viewer has not read. Exact. */
  readonly unread: (
    request: CountRequest & { readonly viewer: string },
  ) => Promise<E.Either<NoAccess | CommandFault, Readonly<Record<ViewKey, number>>>>
}

const causes = Object.keys(SpamCause.keys) as SpamCause[]

export const viewsOf = (door: Door, live: LiveViews): Views => {
  const { readModels } = door.adapters
  /** Asks about the part of it that the viewer may see. */
  const seen = async <R, A>(
    request: ListRequest,
    ask: (request: ScopedListRequest) => Promise<E.Either<R, A>>,
  ): Promise<E.Either<R | NoAccess, A>> => {
    const scope = await scoped(door, request)
    if (E.isLeft(scope)) return scope
    const { inbox: its = 'all', teams } = scope.right
    return ask({ ...request, inbox: its, teams })
  }

  const readView = async (
    view: ViewKey,
    request: ListRequest,
  ): Promise<E.Either<InvalidQuery | NoAccess, ConversationPage>> => {
    const scope = await scoped(door, request)
    if (E.isLeft(scope)) return scope
    const known = await inboxesKnown(door, scope.right.inbox)
    const query = pageQuery(view, { ...scope.right, known })
    if (E.isLeft(query)) return query
    const found = await Promise.all(
      query.right.queries.map((each) => answer(readModels.find(rows, each))),
    )
    return E.right(query.right.page(found))
  }

  const list: Views['list'] = (view, request = {}) =>
    answering(async (): Promise<Awaited<ReturnType<Views['list']>>> => {
      const { asOf } = request
      if (asOf !== undefined) return listAsOf(door, view, { ...request, asOf })
      const read =
        typeof view === 'string'
          ? await readView(view, request)
          : await seen(request, (its) => readCustomView(door, view.view, its))
      if (E.isLeft(read)) return read
      const page = read.right
      const items = await itemsOf(door, page.rows, request.viewer)
      return E.right({ items, ...(page.next !== undefined && { next: page.next }) })
    })

  const counts: Views['counts'] = (request = {}) =>
    answering(async () => {
      const asked = await scoped(door, request)
      if (E.isLeft(asked)) return asked
      const scope = asked.right
      const wanted: readonly (readonly string[])[] = [
        ...catalogue.map(({ key }) => viewCounters(key, scope)),
        conversationCounters(scope),
        ...causes.map((cause) => spamCauseCounters(cause, scope)),
      ]
      const numbers = await answer(readModels.counters(rows, wanted.flat()))
      let at = 0
      const sums = wanted.map(({ length }) =>
        numbers.slice(at, (at += length)).reduce((a, b) => a + b, 0),
      )
      const named = <K extends string>(keys: readonly K[], from: number) =>
        Object.fromEntries(keys.map((key, index) => [key, sums[from + index]!])) as Record<
          K,
          number
        >
      return E.right({
        views: named(
          catalogue.map(({ key }) => key),
          0,
        ),
        conversations: sums[catalogue.length]!,
        spamCauses: named(causes, catalogue.length + 1),
      })
    })

  const unread: Views['unread'] = (request) =>
    answering(async () => {
      const scope = await scoped(door, request)
      return E.isLeft(scope) ? scope : E.right(await unreadCounts(door, rows, scope.right))
    })

  return {
    catalogue,
    custom: (request = {}) => customViewsOf(door, request),
    list,
    dropSnapshots: () => answering(async () => E.right(await dropSnapshots(door))),
    subscribe: (view, request) => live.subscribe(door, view, request),
    count: ({ view }, request = {}) =>
      answering(() => seen(request, (its) => countCustomView(door, view, its))),
    counts,
    unread,
  }
}
