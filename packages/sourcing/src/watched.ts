/**
 * Filters that are watched: how many rows pass each is kept in the rows' own transactions, so that it
 * is read and never counted when somebody asks. A new one is counted slice by slice, in the order of
 * keys; meanwhile a change to a row that was looked at moves its count, and one to a row behind does not.
 */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { BoundedMap } from './bounded-map.js'
import type { Unavailable } from './event-store.js'
import { namedValue, predicate, type Filter, type Predicate } from './filter.js'
import type { RowChange, Rows, Table } from './projection.js'

export interface WatchedFilter {
  /** Its own among those of the same `of`. */
  readonly name: string
  /** It looks at rows that have this value in the column `watches.of` of their projection. */
  readonly of: string
  readonly where: Filter
}

export type WatchedName = Pick<WatchedFilter, 'name' | 'of'>

export interface WatchedCount {
  /** Not all rows have been looked at: it says how many of the others pass. */
  readonly counting: boolean
  /** By the values of the columns `watches.by`, in no order. */
  readonly counts: readonly {
    readonly values: readonly (string | null)[]
    readonly count: number
  }[]
}

/** For projections that say what their filters are watched by (`watches`). */
export interface Watching {
  /**
   * From now on. What is watched under this name stays as it is. False, and nothing was done, where
   * `most` others of the same `of` are watched.
   */
  readonly watch: (
    projection: Rows,
    filter: WatchedFilter,
    most: number,
  ) => TaskEither<Unavailable, boolean>
  readonly unwatch: (
    projection: Rows,
    of: string,
    names: readonly string[],
  ) => TaskEither<Unavailable, void>
  /** The names of those watched, by `compareText`. */
  readonly watched: (projection: Rows, of: string) => TaskEither<Unavailable, readonly string[]>
  /** Undefined for one that is not watched. */
  readonly watchedCount: (
    projection: Rows,
    name: WatchedName,
  ) => TaskEither<Unavailable, WatchedCount | undefined>
  /**
   * Looks at the rows that come next, `limit` of them at most, in one transaction. Whether all have
   * been looked at by now; undefined for one that is not watched.
   */
  readonly countWatched: (
    projection: Rows,
    name: WatchedName,
    limit: number,
  ) => TaskEither<Unavailable, boolean | undefined>
}

type Row = Readonly<Record<string, unknown>>

/** A watched filter as adapters compile it, once. */
export interface CompiledWatch {
  readonly holds: Predicate
  /** A change of other columns moves nothing. */
  readonly looksAt: ReadonlySet<string>
}

/** What an adapter knows of it beside that. */
export interface Watch extends CompiledWatch {
  /** Whether the row of this key has been looked at. */
  readonly covers: (key: string) => boolean
  /** Its rows are kept by the column `watches.order.column`: a change of that moves them, too. */
  readonly inOrder?: boolean
}

/** A changed row that passes a watched filter; `before` and `after`: as far as it did then. */
export interface Passage<W extends Watch> {
  readonly watch: W
  readonly key: string
  readonly before: Row | undefined
  readonly after: Row | undefined
}

const columnOf = (attribute: string, columns: Table['columns']): string | undefined => {
  const column = namedValue(attribute)?.column
  if (column !== undefined && Object.hasOwn(columns, column) && columns[column] === 'values')
    return column
  return Object.hasOwn(columns, attribute) ? attribute : undefined
}

/** As databases read it: what is no column is null in every row. */
const overColumns = (filter: Filter, table: Table, found: Set<string>): Filter => {
  const parts = (filters: readonly Filter[]) =>
    filters.map((part) => overColumns(part, table, found))
  if ('and' in filter) return { and: parts(filter.and) }
  if ('or' in filter) return { or: parts(filter.or) }
  if ('not' in filter) return { not: overColumns(filter.not, table, found) }
  const column = columnOf(filter.attribute, table.columns)
  if (column !== undefined) {
    found.add(column)
    return filter
  }
  const passes =
    (filter.operator === 'is' && filter.value === null) ||
    (filter.operator === 'isOneOf' && filter.value.includes(null))
  return passes ? { and: [] } : { or: [] }
}

/** Of filters over one list, what differs comes last, and is what most rows fail by: it is asked first. */
const lastFirst = (filter: Filter): readonly Filter[] =>
  'and' in filter ? filter.and.flatMap(lastFirst).reverse() : [filter]

export const compileWatch = ({ table, watches }: Rows, where: Filter): CompiledWatch => {
  const looksAt = new Set(watches === undefined ? [] : [watches.of, ...watches.by])
  return { holds: predicate({ and: lastFirst(overColumns(where, table, looksAt)) }), looksAt }
}

/** Filters of a projection that are kept compiled. */
const MOST_COMPILED = 4_096

/** As `compileWatch`, for filters as they are stored; one that was asked for lately is at hand. */
export const watchCompiler = (): ((projection: Rows, filter: string) => CompiledWatch) => {
  const compiled = new WeakMap<Rows, BoundedMap<string, CompiledWatch>>()
  return (projection, filter) => {
    const ofIts = compiled.get(projection) ?? new BoundedMap<string, CompiledWatch>(MOST_COMPILED)
    compiled.set(projection, ofIts)
    const known = ofIts.get(filter) ?? compileWatch(projection, JSON.parse(filter) as Filter)
    ofIts.set(filter, known)
    return known
  }
}

const text = (row: Row | undefined, column: string): string | null => {
  const value = row?.[column]
  return typeof value === 'string' ? value : null
}

/** The values of the column `watches.of` in changed rows: whose filters may be moved. */
export const watchedParts = (
  { watches }: Rows,
  changes: readonly RowChange<Row>[],
): ReadonlySet<string> => {
  const parts = new Set<string>()
  if (watches === undefined) return parts
  for (const { before, after } of changes)
    for (const row of [before, after]) {
      const part = text(row, watches.of)
      if (part !== null) parts.add(part)
    }
  return parts
}

/** What changed rows are to the filters that are watched; nothing where no count or order can move. */
export const watchedPassages = <W extends Watch>(
  { table, watches }: Rows,
  watchesOf: (part: string) => readonly W[],
  changes: readonly RowChange<Row>[],
): readonly Passage<W>[] => {
  const passages: Passage<W>[] = []
  if (watches === undefined) return passages
  const { of, order } = watches
  const columns = Object.keys(table.columns)
  for (const { key, before, after } of changes) {
    const [from, to] = [text(before, of), text(after, of)]
    const changed =
      before === undefined || after === undefined
        ? undefined
        : columns.filter((column) => before[column] !== after[column])
    for (const part of new Set([from, to])) {
      if (part === null) continue
      for (const watch of watchesOf(part)) {
        const isSeen = changed?.some((column) => watch.looksAt.has(column)) ?? true
        const isMoved =
          watch.inOrder === true && order !== undefined && changed?.includes(order.column)
        if ((!isSeen && isMoved !== true) || !watch.covers(key)) continue
        const passed = before !== undefined && from === part && watch.holds(before)
        const passes = after !== undefined && to === part && (isSeen ? watch.holds(after) : passed)
        if (passed || passes)
          passages.push({
            watch,
            key,
            before: passed ? before : undefined,
            after: passes ? after : undefined,
          })
      }
    }
  }
  return passages
}

/** What these add to the counts: for each filter by the JSON of the values it is counted by; none is 0. */
export const passageCounts = <W extends Watch>(
  { watches }: Rows,
  passages: readonly Passage<W>[],
): ReadonlyMap<W, ReadonlyMap<string, number>> => {
  const moves = new Map<W, Map<string, number>>()
  const add = (watch: W, row: Row | undefined, one: number) => {
    if (row === undefined || watches === undefined) return
    const counts = moves.get(watch) ?? new Map<string, number>()
    moves.set(watch, counts)
    const values = JSON.stringify(watches.by.map((column) => text(row, column)))
    const sum = (counts.get(values) ?? 0) + one
    if (sum === 0) counts.delete(values)
    else counts.set(values, sum)
  }
  for (const { watch, before, after } of passages) {
    add(watch, before, -1)
    add(watch, after, 1)
  }
  return moves
}

/** What changed rows add to the counts of the filters that are watched. */
export const watchedMoves = <W extends Watch>(
  projection: Rows,
  watchesOf: (part: string) => readonly W[],
  changes: readonly RowChange<Row>[],
): ReadonlyMap<W, ReadonlyMap<string, number>> =>
  passageCounts(projection, watchedPassages(projection, watchesOf, changes))

/** The values that a count is kept by, from their JSON. */
export const watchedValues = (json: string): readonly (string | null)[] =>
  JSON.parse(json) as (string | null)[]
