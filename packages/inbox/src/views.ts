/** The list, as a screen asks for it: pages with their sealed fields opened, and counts. */
import { SpamCause } from '@threadbook/core'
import {
  contactNames,
  conversationCounters,
  conversationRows,
  listItem,
  listKeys,
  pageQuery,
  spamCauseCounters,
  viewCounters,
  views as catalogue,
  type ContactNameRow,
  type ConversationRow,
  type InvalidQuery,
  type ListItem,
  type PageRequest,
  type View,
  type ViewKey,
} from '@threadbook/projection-views'
import type { CommandFault, KeyedRow, Rows } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door } from './door.js'
import { answer, answering } from './fault.js'
import { readOf, unreadCounts } from './unread.js'

/** As a projection is handed to adapters, which know no row types. */
export const rows = conversationRows as unknown as Rows
export const names = contactNames as unknown as Rows

/** Which part of a view: the door's inbox unless told; `'all'` for the whole account. */
export type ListRequest = Omit<PageRequest, 'account' | 'inbox'> & {
  readonly inbox?: string | readonly string[] | undefined
}

export interface ListPage {
  readonly items: readonly ListItem[]
  /** For the request's `after`; absent on the last page. */
  readonly next?: string
}

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
  /** One page of a view, newest first unless told (S-019). */
  readonly list: (
    view: ViewKey,
    request?: ListRequest,
  ) => Promise<E.Either<InvalidQuery | CommandFault, ListPage>>
  /** Exact, and read from counters: no row is looked at. */
  readonly counts: (request?: CountRequest) => Promise<E.Either<CommandFault, Counts>>
  /** Of each view, in its default status, how many conversations the viewer has not read. Exact. */
  readonly unread: (
    request: CountRequest & { readonly viewer: string },
  ) => Promise<E.Either<CommandFault, Readonly<Record<ViewKey, number>>>>
}

/** Rows as a person may read them, with contacts' names and all that is sealed opened. */
export const itemsOf = async (
  door: Door,
  found: readonly KeyedRow<ConversationRow>[],
  viewer?: string,
): Promise<readonly ListItem[]> => {
  const { readModels, vault } = door.adapters
  const contacts = found.flatMap(({ row }) => (row.contact === null ? [] : [row.contact]))
  const known = (await answer(
    readModels.get(names, [...new Set(contacts)]),
  )) as unknown as ReadonlyMap<string, ContactNameRow>
  const keys = await answer(vault.read(listKeys(found, known)))
  const ids = found.map(({ key }) => key)
  const read = viewer === undefined ? undefined : await readOf(door, viewer, ids)
  return found.map((row) => listItem(row, known, keys, read))
}

const causes = Object.keys(SpamCause.keys) as SpamCause[]

export const viewsOf = (door: Door): Views => {
  const { adapters, account, inbox } = door
  const { readModels } = adapters
  const scoped = <A extends { readonly inbox?: ListRequest['inbox'] }>(request: A) => ({
    ...request,
    account,
    inbox: request.inbox === 'all' ? undefined : (request.inbox ?? inbox),
  })

  const list: Views['list'] = (view, request = {}) =>
    answering(async () => {
      const query = pageQuery(view, scoped(request))
      if (E.isLeft(query)) return query
      const found = await Promise.all(
        query.right.queries.map((each) => answer(readModels.find(rows, each))),
      )
      const page = query.right.page(found)
      const items = await itemsOf(door, page.rows, request.viewer)
      return E.right({ items, ...(page.next !== undefined && { next: page.next }) })
    })

  const counts: Views['counts'] = (request = {}) =>
    answering(async () => {
      const scope = scoped(request)
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
    answering(async () => E.right(await unreadCounts(door, rows, scoped(request))))

  return { catalogue, list, counts, unread }
}
