/**
 * The list as it was at a place in the log: the rows of a base (the live list, or a snapshot),
 * without those conversations that were touched between the two, and these as they were.
 */
import type { ConversationRow } from '@threadbook/projection-views'
import {
  columnText,
  compareScalars,
  compareText,
  isScalarType,
  predicate,
  type KeyedRow,
  type Position,
  type RowQuery,
  type Rows,
  type Scalar,
} from '@threadbook/sourcing'
import type { Door } from '../../door.js'
import { answer } from '../../fault.js'
import { earlier, isBefore, later, type Place } from './log-slices.js'
import type { Making } from './making.js'
import { rowsBehind, touchedBetween, type Touched } from './overlay.js'

/** The base is not what it was, or has gone too far: another is to be looked for. */
export class BaseMoved extends Error {}

export interface RowsAsOf {
  readonly position: Position
  /** As the read models would have answered then. Throws `BaseMoved`. */
  readonly find: (query: RowQuery) => Promise<readonly KeyedRow[]>
}

export interface Base {
  readonly projection: Rows
  readonly checkpoint: Place
}

/** Rows in the order of a query. */
const ordering = ({ table }: Rows, { order }: RowQuery) => {
  const isOrdered = isScalarType(table.columns[order.column])
  const sign = order.direction === 'ascending' ? 1 : -1
  const placeOf = ({ key, row }: KeyedRow) => ({
    value: isOrdered ? ((row[order.column] ?? null) as Scalar) : null,
    key,
  })
  type At = ReturnType<typeof placeOf>
  const compare = (a: At, b: At): number =>
    sign * (compareScalars(a.value, b.value) || compareText(a.key, b.key))
  return { placeOf, compare }
}

/** Undefined where too much lies between the base and the place that is asked about. */
export const openRowsAsOf = async (
  door: Door,
  base: Base,
  position: Position,
  making: Making,
): Promise<RowsAsOf | undefined> => {
  const { readModels } = door.adapters
  const { projection } = base
  const overlay = new Map<string, ConversationRow | undefined>()
  /** All that was touched up to here is in the overlay. */
  let covered = later(base.checkpoint, position)
  let seen = base.checkpoint

  const take = async (touched: ReadonlyMap<string, Touched>, events: (t: Touched) => number) => {
    const wanted = [...touched].flatMap(([key, each]) =>
      overlay.has(key) ? [] : [{ key, stream: each.stream, events: events(each) }],
    )
    for (const [key, row] of await rowsBehind(door, wanted, making.signal)) overlay.set(key, row)
  }

  const isBehind = isBefore(base.checkpoint, position)
  const first = earlier(base.checkpoint, position)
  const touched = await touchedBetween(door, first, covered, making)
  if (touched === undefined) return undefined
  await take(touched, isBehind ? ({ to }) => to + 1 : ({ from }) => from)

  /** A base may move on while it is read: then what it was touched by is looked up, too. */
  const extend = async (): Promise<void> => {
    const now = await answer(readModels.checkpoint(projection))
    if (isBefore(now, seen)) throw new BaseMoved()
    seen = now
    if (!isBefore(covered, now)) return
    const more = await touchedBetween(door, covered, now, making)
    if (more === undefined) throw new BaseMoved()
    await take(more, ({ from }) => from)
    covered = now
  }
  let extending: Promise<void> = Promise.resolve()
  const extended = (): Promise<void> => {
    extending = extending.then(extend, extend)
    return extending
  }

  const find: RowsAsOf['find'] = async (query) => {
    const { where, after, limit } = query
    const { placeOf, compare } = ordering(projection, query)
    let kept: readonly KeyedRow[] = []
    let from = after
    for (let more = true; more && kept.length < limit;) {
      const page = await answer(readModels.find(projection, { ...query, after: from }))
      await extended()
      more = page.length === limit
      const last = page.at(-1)
      if (last !== undefined) from = placeOf(last)
      kept = [...kept, ...page].filter(({ key }) => !overlay.has(key))
    }
    const passes = predicate(where)
    const start = after && {
      key: after.key,
      value: typeof after.value === 'string' ? columnText(after.value) : after.value,
    }
    const mine = [...overlay].flatMap(([key, row]): readonly KeyedRow[] => {
      if (row === undefined || !passes(row)) return []
      const found = { key, row }
      return start === undefined || compare(placeOf(found), start) > 0 ? [found] : []
    })
    return [...kept, ...mine].sort((a, b) => compare(placeOf(a), placeOf(b))).slice(0, limit)
  }
  return { position, find }
}
