/** Pages of a search in the order of how well its hits match. */
import { refuseQuery, type ConversationPage, type InvalidQuery } from '@threadbook/projection-views'
import type { HitWeight } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door } from '../door.js'
import {
  behindPlace,
  compareRanked,
  isPlace,
  MOST_RANKED,
  readPlace,
  scoreOf,
  writePlace,
} from './rank.js'
import { readList, type Reading } from './read-list.js'

export interface SearchedPage {
  readonly page: ConversationPage
  readonly ranked: boolean
}

/**
 * The newest hits, best first, and behind them the older ones by time. By time alone where the index
 * does not weigh what it finds. `weights` holds those of what `reading` found, by key.
 */
export const readRanked = async (
  door: Door,
  reading: Reading,
  weights: ReadonlyMap<string, HitWeight>,
): Promise<E.Either<InvalidQuery, SearchedPage>> => {
  const { after, limit } = reading
  const byTime = async () =>
    E.map((page: ConversationPage) => ({ page, ranked: false }))(await readList(door, reading))
  if (after !== undefined && !isPlace(after)) return byTime()
  const place = after === undefined ? undefined : readPlace(after)
  if (after !== undefined && place === undefined)
    return refuseQuery('after', 'the next of a page of this search, bestMatch', after)
  const newest = await readList(door, { ...reading, after: undefined, limit: MOST_RANKED })
  if (E.isLeft(newest)) return newest
  const { rows, next } = newest.right
  if (rows.some(({ key }) => !weights.has(key))) return byTime()
  const ranked = rows
    .map((hit) => ({ hit, score: scoreOf(weights.get(hit.key)!) }))
    .sort(compareRanked)
  const behind = place === undefined ? ranked : behindPlace(ranked, place)
  const shown = behind.slice(0, limit)
  const last = shown.at(-1)
  const more = behind.length > limit && last !== undefined ? writePlace(last) : next
  return E.right({
    page: { rows: shown.map(({ hit }) => hit), ...(more !== undefined && { next: more }) },
    ranked: true,
  })
}
