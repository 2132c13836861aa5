/** What differs between two places in the log: the conversations touched in between, as they were. */
import { beforeAll, rowAfter, type ConversationRow } from '@threadbook/projection-views'
import { columnText, streamId } from '@threadbook/sourcing'
import type { Door } from '../../door.js'
import { answer } from '../../fault.js'
import { rows } from '../../list-items.js'
import { marksOf } from '../skips.js'
import { isBefore, slicesOf, type Place } from './log-slices.js'
import type { Making } from './making.js'

/** One conversation's events within a part of the log. */
export interface Touched {
  readonly stream: string
  /** Of the first of them. */
  readonly from: number
  /** Of the last of them. */
  readonly to: number
}

/** Events after `from` and up to `until`, by conversation; undefined where they are too many. */
export const touchedBetween = async (
  door: Door,
  from: Place,
  until: Place,
  { signal, atMost }: Making,
): Promise<ReadonlyMap<string, Touched> | undefined> => {
  const touched = new Map<string, Touched>()
  let count = 0
  if (!isBefore(from, until)) return touched
  for await (const { events, position } of slicesOf(door, from, signal)) {
    for (const { stream, revision, position: place } of events) {
      if (isBefore(until, place)) break
      count++
      const key = columnText(streamId(stream))
      const known = touched.get(key)
      touched.set(key, { stream, from: known?.from ?? revision, to: revision })
    }
    if (touched.size > atMost.conversations || count > atMost.events) return undefined
    if (!isBefore(position, until)) break
  }
  return touched
}

const AT_ONCE = 1_000

/** What the list holds of a conversation behind so many events of it. */
const rowBehind = async (
  { adapters }: Door,
  stream: string,
  events: number,
  skipped: ReadonlySet<string>,
): Promise<ConversationRow | undefined> => {
  let moment = beforeAll
  for (let from = 0; from < events;) {
    const limit = Math.min(AT_ONCE, events - from)
    const slice = await answer(adapters.store.readStream(stream, { from, limit }))
    const last = slice.events.at(-1)
    if (last === undefined) break
    moment = rowAfter(moment, slice.events, skipped)
    from = last.revision + 1
  }
  return moment.row
}

const SIDE_BY_SIDE = 16

/** The rows of conversations, each behind so many of its events. */
export const rowsBehind = async (
  door: Door,
  wanted: readonly { readonly key: string; readonly stream: string; readonly events: number }[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, ConversationRow | undefined>> => {
  const found = new Map<string, ConversationRow | undefined>()
  if (wanted.length === 0) return found
  const skipped = await marksOf(door, rows)
  for (let at = 0; at < wanted.length; at += SIDE_BY_SIDE) {
    signal?.throwIfAborted()
    const some = wanted.slice(at, at + SIDE_BY_SIDE)
    const their = await Promise.all(
      some.map(({ stream, events }) => rowBehind(door, stream, events, skipped)),
    )
    for (const [index, { key }] of some.entries()) found.set(key, their[index])
  }
  return found
}
