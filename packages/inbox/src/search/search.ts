/** Searching: by words and conditions at once, in what the viewer may read. */
import {
  accounts,
  type InvalidFilter,
  type InvalidSearchText,
  type NoAccess,
} from '@threadbook/core'
import {
  exactly,
  listQuery,
  partsOf,
  searchKeys,
  type ConversationPage,
  type InvalidQuery,
  type ListItem,
  type ListQuery,
} from '@threadbook/projection-views'
import {
  isNonEmpty,
  streamId,
  type CommandFault,
  type EntryPlace,
  type HitWeight,
  type SearchTerm,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { scopeSeen } from '../access.js'
import type { Door } from '../door.js'
import { answer, answering } from '../fault.js'
import { stateOf } from '../state-of.js'
import { itemsOf, rows } from '../list-items.js'
import { keysBut, sourceEvent } from './entries.js'
import type { Indexer } from './indexer.js'
import { readList, type Reading } from './read-list.js'
import { readRanked } from './read-ranked.js'
import { inboxesOf, wantedBy, type SearchRequest, type SearchSort } from './request.js'
import { snippetOf, type Snippet } from './snippet.js'

export interface FoundConversation {
  readonly item: ListItem
  /** Where the words are; null where none were asked for, or where it is the contact's name. */
  readonly hit: {
    /** The conversation it was written in: another one, where that was merged. */
    readonly conversationId: string
    /** A message, or a comment. */
    readonly messageId: string
    readonly snippet: Snippet | null
  } | null
}

export interface Found {
  readonly found: readonly FoundConversation[]
  /**
   * What they are ordered by: what was asked for, but for what cannot be ranked. Behind the newest
   * 200 hits, best first, come the older ones by time.
   */
  readonly sort: SearchSort
  /** For the request's `after`; absent on the last page. */
  readonly next?: string
}

/** The index does not speak yet of all that is in the log: it is being made. */
export interface SearchNotReady {
  readonly type: 'SearchNotReady'
}
/** The host's adapters find no words. */
export interface NoSearchIndex {
  readonly type: 'NoSearchIndex'
}

export type SearchRefusal =
  InvalidFilter | InvalidQuery | InvalidSearchText | NoAccess | NoSearchIndex | SearchNotReady

export type Searched = E.Either<SearchRefusal | CommandFault, Found>

/** So long a search waits for the index to be up to date. */
const PATIENCE_MS = 5_000
const LIMIT = 50

const zoneOf = async (door: Door): Promise<string> => {
  const account = await stateOf(door, accounts, door.account)
  return account.situation === 'open' ? account.zone : 'UTC'
}

const hitOf = async (
  door: Door,
  { source }: EntryPlace,
  terms: readonly SearchTerm[],
): Promise<FoundConversation['hit']> => {
  const event = source === '' ? undefined : await sourceEvent(door.adapters, source)
  if (event === undefined) return null
  const keys = await keysBut(door.adapters, searchKeys(event))
  const { data } = event
  const messageId =
    'messageId' in data ? data.messageId : 'commentId' in data ? data.commentId : undefined
  if (typeof messageId !== 'string') return null
  return {
    conversationId: streamId(event.stream),
    messageId,
    snippet: snippetOf(partsOf(event, keys), terms) ?? null,
  }
}

export const search = (
  door: Door,
  indexer: Indexer | undefined,
  request: SearchRequest,
): Promise<Searched> =>
  answering(async (): Promise<Searched> => {
    const wanted = wantedBy(request)
    if (E.isLeft(wanted)) return wanted
    const { terms, filter, wordless } = wanted.right
    const { sort } = request
    // Signs without a word in them: nobody wrote that.
    if (wordless) return E.right({ found: [], sort: sort ?? 'newestFirst' })
    const { viewer, after, limit = LIMIT, hideFiltered = false, hideTrash = false } = request
    const seen = await scopeSeen(door, viewer, inboxesOf(door, request.inbox))
    if (E.isLeft(seen)) return seen
    const query: ListQuery = {
      account: door.account,
      inboxes: seen.right,
      filter,
      hideSpam: hideFiltered,
      hideTrash,
      now: door.now(),
      zone: request.zone ?? (await zoneOf(door)),
      viewer,
    }
    const places = new Map<string, EntryPlace>()
    const weights = new Map<string, HitWeight>()
    const weighed = sort === 'bestMatch'
    const inTime = sort === 'bestMatch' ? 'newestFirst' : sort
    const { search: index, readModels } = door.adapters
    if (isNonEmpty(terms)) {
      if (index === undefined || indexer === undefined) return E.left({ type: 'NoSearchIndex' })
      const ready = await indexer.caughtUp({ patience: PATIENCE_MS, signal: request.signal })
      if (E.isLeft(ready)) return ready
      if (!ready.right) return E.left({ type: 'SearchNotReady' })
    }
    const plan = (after: string | undefined, limit: number) =>
      listQuery('search', query, 'newestFirst', { sort: inTime, after, limit })
    const asked = plan(undefined, limit)
    if (E.isLeft(asked)) return asked
    const reading: Reading = {
      plan,
      find: async (each) => {
        if (index === undefined || !isNonEmpty(terms)) return answer(readModels.find(rows, each))
        const hits = await answer(index.find(rows, { ...each, terms, weighed }))
        for (const { key, entry, weight } of hits) {
          places.set(key, entry)
          if (weight !== undefined) weights.set(key, weight)
        }
        return hits
      },
      passes: exactly(query),
      viewer,
      after,
      limit,
    }
    const read =
      weighed && isNonEmpty(terms)
        ? await readRanked(door, reading, weights)
        : E.map((page: ConversationPage) => ({ page, ranked: false }))(
            await readList(door, reading),
          )
    if (E.isLeft(read)) return read
    const { page, ranked } = read.right
    const { rows: found, next } = page
    const items = await itemsOf(door, found, viewer)
    const hits = await Promise.all(
      found.map(async ({ key }) => {
        const place = places.get(key)
        return place === undefined ? null : hitOf(door, place, terms)
      }),
    )
    return E.right({
      found: items.map((item, at) => ({ item, hit: hits[at]! })),
      sort: ranked ? 'bestMatch' : (inTime ?? 'newestFirst'),
      ...(next !== undefined && { next }),
    })
  })
