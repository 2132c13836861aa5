/** The order by how well a hit matches: of the newest hits only, so that it costs the same in any inbox. */
import type { ConversationRow } from '@threadbook/projection-views'
import { compareText, type HitWeight, type KeyedRow } from '@threadbook/sourcing'
import * as t from 'io-ts'

/** So many of the newest hits are ranked; what is older follows behind them by time. */
export const MOST_RANKED = 200

/** A word that stands there once more says less each time, and in a long text less than in a short one. */
const HALFWAY = 1
const LONG_WORDS = 100

/** From 0 for each term to (but not at) 1. */
export const scoreOf = ({ counts, words }: HitWeight): number => {
  const steadiness = HALFWAY * (0.5 + words / LONG_WORDS)
  return counts.reduce((sum, count) => sum + count / (count + steadiness), 0)
}

export interface Ranked {
  readonly hit: KeyedRow<ConversationRow>
  readonly score: number
}

/** Best first; of equals the newest, then as keys have it. */
export const compareRanked = (a: Ranked, b: Ranked): number =>
  b.score - a.score ||
  compareText(b.hit.row.lastMessageAt, a.hit.row.lastMessageAt) ||
  compareText(b.hit.key, a.hit.key)

/** Where a ranked page ended. Others' cursors are of other signs, so that each knows its own. */
const Place = t.tuple([t.number, t.string, t.string])
type Place = t.TypeOf<typeof Place>

const SIGN = 'rank.'

export const writePlace = ({ hit, score }: Ranked): string =>
  SIGN + Buffer.from(JSON.stringify([score, hit.row.lastMessageAt, hit.key])).toString('base64url')

export const isPlace = (after: string): boolean => after.startsWith(SIGN)

/** Undefined for what is none. */
export const readPlace = (after: string): Place | undefined => {
  try {
    const place: unknown = JSON.parse(
      Buffer.from(after.slice(SIGN.length), 'base64url').toString('utf8'),
    )
    return Place.is(place) ? place : undefined
  } catch {
    return undefined
  }
}

/** Those behind a place, also where the hit that stood there is gone. */
export const behindPlace = (ranked: readonly Ranked[], place: Place): readonly Ranked[] => {
  const [score, lastMessageAt, key] = place
  const there = { score, hit: { key, row: { lastMessageAt } as ConversationRow } }
  return ranked.filter((each) => compareRanked(there, each) < 0)
}
