/** Filters that are watched, and their counts: steps for the inside of `read` and `write`. */
import {
  BoundedMap,
  columnText,
  compareText,
  watchCompiler,
  passageCounts,
  watchedPassages,
  watchedValues,
  type Filter,
  type RowChange,
  type RowQuery,
  type Rows,
  type Watch,
  type WatchedCount,
  type WatchedFilter,
  type WatchedName,
} from '@threadbook/sourcing'
import type { Database } from './database.js'
import type { CountedSlice, CountSlice } from './row-slices.js'
import type { RowTable } from './row-table.js'
import { isInOrder, openWatchedRows } from './watched-rows.js'

/** Values of `of`, of all projections, whose filters are kept at hand. */
const MOST_PARTS = 1_000

export interface WatchedFilters {
  /** Writes. */
  readonly watch: (
    projectionNo: number,
    projection: Rows,
    filter: WatchedFilter,
    most: number,
  ) => boolean
  /** Writes. */
  readonly unwatch: (projectionNo: number, of: string, names: readonly string[]) => void
  readonly names: (projectionNo: number, of: string) => readonly string[]
  readonly count: (projectionNo: number, name: WatchedName) => WatchedCount | undefined
  /** Writes. */
  readonly countNext: (
    table: RowTable,
    projection: Rows,
    name: WatchedName,
    limit: number,
  ) => boolean | undefined
  /** The filter by whose rows, kept in order, a query can be answered. */
  readonly inOrder: (projectionNo: number, projection: Rows, query: RowQuery) => number | undefined
  /** Writes: what changed rows of a batch move. */
  readonly move: (projectionNo: number, projection: Rows, changes: readonly RowChange[]) => void
  /** Writes: all that is watched of a projection. */
  readonly drop: (projectionNo: number) => void
}

const isKept = ({ watches }: Rows, orderedBy: string | null): boolean =>
  orderedBy !== null && orderedBy === watches?.order?.column

interface Kept extends Watch {
  readonly no: number
  readonly part: string
}

interface Stored {
  readonly watch_no: number
  readonly filter: string
  readonly up_to: string | null
  readonly done: number
  /** The column by which its rows are kept; null where they are not. */
  readonly ordered_by: string | null
}

const STORED = 'SELECT watch_no, filter, up_to, done, ordered_by FROM watched'

const REMOVE_ALL_COUNTS = `DELETE FROM watched_counts
  WHERE watch_no IN (SELECT watch_no FROM watched WHERE projection_no = ?)`

const REMOVE_ALL_ROWS = `DELETE FROM watched_rows
  WHERE watch_no IN (SELECT watch_no FROM watched WHERE projection_no = ?)`

const REMOVE_ALL = 'DELETE FROM watched WHERE projection_no = ?'

/** What takes all that is watched of a set away, in this order. */
export const DROP_WATCHED = [REMOVE_ALL_COUNTS, REMOVE_ALL_ROWS, REMOVE_ALL]

/** What has it counted anew. */
export const WATCHED_ANEW = [
  REMOVE_ALL_COUNTS,
  REMOVE_ALL_ROWS,
  'UPDATE watched SET up_to = NULL, done = 0 WHERE projection_no = ?',
]

export const openWatched = (db: Database): WatchedFilters => {
  const { driver } = db
  const rows = openWatchedRows(db)
  const find = driver.prepare(`${STORED} WHERE projection_no = ? AND part = ? AND name = ?`)
  const findPart = driver.prepare(`${STORED} WHERE projection_no = ? AND part = ?`)
  const findNames = driver
    .prepare('SELECT name FROM watched WHERE projection_no = ? AND part = ? ORDER BY name')
    .pluck()
  const insert = driver.prepare(
    `INSERT INTO watched (projection_no, part, name, filter, up_to, done, ordered_by)
     VALUES (?, ?, ?, ?, NULL, 0, ?)`,
  )
  const remove = driver.prepare('DELETE FROM watched WHERE watch_no = ?')
  const removeCounts = driver.prepare('DELETE FROM watched_counts WHERE watch_no = ?')
  const dropAll = DROP_WATCHED.map((sql) => driver.prepare(sql))
  const moveTo = driver.prepare('UPDATE watched SET up_to = ?, done = ? WHERE watch_no = ?')
  const add = driver.prepare(
    `INSERT INTO watched_counts VALUES (?, ?, ?)
     ON CONFLICT (watch_no, counted_by) DO UPDATE SET count = count + excluded.count`,
  )
  const findCounts = driver
    .prepare('SELECT counted_by, count FROM watched_counts WHERE watch_no = ?')
    .raw()

  const counter = driver
    .prepare('SELECT value FROM counters WHERE projection_no = ? AND name = ?')
    .pluck()
  const allOf = (projectionNo: number, { watches }: Rows, part: string): number =>
    (counter.get(projectionNo, watches?.order?.all(part)) as number | undefined) ?? 0

  const stored = (projectionNo: number, { of, name }: WatchedName) =>
    find.get(projectionNo, columnText(of), columnText(name)) as Stored | undefined

  const compile = watchCompiler()

  /** By projection and `of`, until somebody else may have changed them. */
  let atHand = new BoundedMap<string, readonly Kept[]>(MOST_PARTS)
  const forget = () => {
    atHand = new BoundedMap(MOST_PARTS)
  }
  db.listen({ forget })

  const keptOf = (projectionNo: number, projection: Rows, part: string): readonly Kept[] => {
    const id = `${String(projectionNo)}/${part}`
    const known = atHand.get(id)
    if (known !== undefined) return known
    const kept = (findPart.all(projectionNo, part) as Stored[]).map(
      ({ watch_no, filter, up_to, done, ordered_by }): Kept => ({
        ...compile(projection, filter),
        no: watch_no,
        part,
        inOrder: isKept(projection, ordered_by),
        covers: (key) => done === 1 || (up_to !== null && compareText(key, up_to) <= 0),
      }),
    )
    atHand.set(id, kept)
    return kept
  }

  /** Counts the next rows, and keeps those that pass. */
  const putNext = (
    table: RowTable,
    no: number,
    where: Filter,
    order: string,
    slice: CountSlice,
  ): CountedSlice => {
    const { by } = slice
    const reads = [...new Set([...slice.reads, order])]
    const asked = { ...slice, reads }
    const { rows: passing, last } = table.passingNext(where, [...by, order], asked)
    const counts = new Map<string, number>()
    for (const [key, ...values] of passing) {
      const place = values.pop() ?? null
      rows.add(no, values[0] ?? null, place, key)
      const counted = JSON.stringify(values)
      counts.set(counted, (counts.get(counted) ?? 0) + 1)
    }
    return { counts: [...counts], last }
  }

  return {
    watch: (projectionNo, { watches }, filter, most) => {
      if (stored(projectionNo, filter) !== undefined) return true
      const part = columnText(filter.of)
      if (findNames.all(projectionNo, part).length >= most) return false
      insert.run(
        projectionNo,
        part,
        columnText(filter.name),
        JSON.stringify(filter.where),
        watches?.order?.column ?? null,
      )
      forget()
      return true
    },

    unwatch: (projectionNo, of, names) => {
      for (const name of names) {
        const there = stored(projectionNo, { of, name })
        if (there === undefined) continue
        removeCounts.run(there.watch_no)
        rows.clear(there.watch_no)
        remove.run(there.watch_no)
      }
      forget()
    },

    names: (projectionNo, of) => findNames.all(projectionNo, columnText(of)) as string[],

    count: (projectionNo, name) => {
      const there = stored(projectionNo, name)
      if (there === undefined) return undefined
      const counts = findCounts.all(there.watch_no) as [string, number][]
      return {
        counting: there.done === 0,
        counts: counts.map(([values, count]) => ({ values: watchedValues(values), count })),
      }
    },

    inOrder: (projectionNo, projection, query) => {
      if (query.watched === undefined || !isInOrder(projection, query)) return undefined
      const there = stored(projectionNo, query.watched)
      return there?.done === 1 && isKept(projection, there.ordered_by) ? there.watch_no : undefined
    },

    countNext: (table, projection, name, limit) => {
      const there = stored(table.projectionNo, name)
      if (there === undefined || there.done === 1) return there && true
      const { watch_no, filter, up_to, ordered_by } = there
      const { of, by, order } = projection.watches!
      const where: Filter = {
        and: [{ attribute: of, operator: 'is', value: name.of }, JSON.parse(filter) as Filter],
      }
      const { looksAt } = compile(projection, filter)
      const asked = { by, reads: [...looksAt], after: up_to, limit }
      const keeps = order !== undefined && isKept(projection, ordered_by)
      const slice = keeps
        ? putNext(table, watch_no, where, order.column, asked)
        : table.countNext(where, asked)
      for (const [values, count] of slice.counts) add.run(watch_no, values, count)
      if (keeps) rows.bound(watch_no, () => allOf(table.projectionNo, projection, name.of))
      moveTo.run(slice.last ?? up_to, Number(slice.last === undefined), watch_no)
      forget()
      return slice.last === undefined
    },

    move: (projectionNo, projection, changes) => {
      if (projection.watches === undefined) return
      const passages = watchedPassages(
        projection,
        (part) => keptOf(projectionNo, projection, part),
        changes as readonly RowChange<Record<string, unknown>>[],
      )
      rows.move(projection, passages)
      let isGivenUp = false
      for (const [{ no, part, inOrder }, counts] of passageCounts(projection, passages)) {
        for (const [values, by] of counts) add.run(no, values, by)
        if (inOrder === true && counts.size > 0)
          isGivenUp = rows.bound(no, () => allOf(projectionNo, projection, part)) || isGivenUp
      }
      if (isGivenUp) forget()
    },

    drop: (projectionNo) => {
      for (const each of dropAll) each.run(projectionNo)
      forget()
    },
  }
}
