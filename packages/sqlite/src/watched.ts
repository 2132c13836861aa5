/** Filters that are watched, and their counts: steps for the inside of `read` and `write`. */
import {
  BoundedMap,
  columnText,
  compareText,
  watchCompiler,
  watchedMoves,
  watchedValues,
  type Filter,
  type RowChange,
  type Rows,
  type Watch,
  type WatchedCount,
  type WatchedFilter,
  type WatchedName,
} from '@threadbook/sourcing'
import type { Database } from './database.js'
import type { RowTable } from './row-table.js'

/** Values of `of`, of all projections, whose filters are kept at hand. */
const MOST_PARTS = 1_000

export interface WatchedFilters {
  /** Writes. */
  readonly watch: (projectionNo: number, filter: WatchedFilter, most: number) => boolean
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
  /** Writes: what changed rows of a batch move. */
  readonly move: (projectionNo: number, projection: Rows, changes: readonly RowChange[]) => void
  /** Writes: all that is watched of a projection. */
  readonly drop: (projectionNo: number) => void
}

interface Kept extends Watch {
  readonly no: number
}

interface Stored {
  readonly watch_no: number
  readonly filter: string
  readonly up_to: string | null
  readonly done: number
}

const REMOVE_ALL_COUNTS = `DELETE FROM watched_counts
  WHERE watch_no IN (SELECT watch_no FROM watched WHERE projection_no = ?)`

const REMOVE_ALL = 'DELETE FROM watched WHERE projection_no = ?'

/** What takes all that is watched of a set away, in this order. */
export const DROP_WATCHED = [REMOVE_ALL_COUNTS, REMOVE_ALL]

/** What has it counted anew. */
export const WATCHED_ANEW = [
  REMOVE_ALL_COUNTS,
  'UPDATE watched SET up_to = NULL, done = 0 WHERE projection_no = ?',
]

export const openWatched = (db: Database): WatchedFilters => {
  const { driver } = db
  const find = driver.prepare(
    `SELECT watch_no, filter, up_to, done FROM watched
     WHERE projection_no = ? AND part = ? AND name = ?`,
  )
  const findPart = driver.prepare(
    'SELECT watch_no, filter, up_to, done FROM watched WHERE projection_no = ? AND part = ?',
  )
  const findNames = driver
    .prepare('SELECT name FROM watched WHERE projection_no = ? AND part = ? ORDER BY name')
    .pluck()
  const insert = driver.prepare(
    `INSERT INTO watched (projection_no, part, name, filter, up_to, done)
     VALUES (?, ?, ?, ?, NULL, 0)`,
  )
  const remove = driver.prepare('DELETE FROM watched WHERE watch_no = ?')
  const removeCounts = driver.prepare('DELETE FROM watched_counts WHERE watch_no = ?')
  const removeAll = driver.prepare(REMOVE_ALL)
  const removeAllCounts = driver.prepare(REMOVE_ALL_COUNTS)
  const moveTo = driver.prepare('UPDATE watched SET up_to = ?, done = ? WHERE watch_no = ?')
  const add = driver.prepare(
    `INSERT INTO watched_counts VALUES (?, ?, ?)
     ON CONFLICT (watch_no, counted_by) DO UPDATE SET count = count + excluded.count`,
  )
  const findCounts = driver
    .prepare('SELECT counted_by, count FROM watched_counts WHERE watch_no = ?')
    .raw()

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
      ({ watch_no, filter, up_to, done }): Kept => ({
        ...compile(projection, filter),
        no: watch_no,
        covers: (key) => done === 1 || (up_to !== null && compareText(key, up_to) <= 0),
      }),
    )
    atHand.set(id, kept)
    return kept
  }

  return {
    watch: (projectionNo, filter, most) => {
      if (stored(projectionNo, filter) !== undefined) return true
      const part = columnText(filter.of)
      if (findNames.all(projectionNo, part).length >= most) return false
      insert.run(projectionNo, part, columnText(filter.name), JSON.stringify(filter.where))
      forget()
      return true
    },

    unwatch: (projectionNo, of, names) => {
      for (const name of names) {
        const there = stored(projectionNo, { of, name })
        if (there === undefined) continue
        removeCounts.run(there.watch_no)
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

    countNext: (table, projection, name, limit) => {
      const there = stored(table.projectionNo, name)
      if (there === undefined || there.done === 1) return there && true
      const { watch_no, filter, up_to } = there
      const { of, by } = projection.watches!
      const where: Filter = {
        and: [{ attribute: of, operator: 'is', value: name.of }, JSON.parse(filter) as Filter],
      }
      const { looksAt } = compile(projection, filter)
      const slice = table.countNext(where, { by, reads: [...looksAt], after: up_to, limit })
      for (const [values, count] of slice.counts) add.run(watch_no, values, count)
      moveTo.run(slice.last ?? up_to, Number(slice.last === undefined), watch_no)
      forget()
      return slice.last === undefined
    },

    move: (projectionNo, projection, changes) => {
      if (projection.watches === undefined) return
      const moves = watchedMoves(
        projection,
        (part) => keptOf(projectionNo, projection, part),
        changes as readonly RowChange<Record<string, unknown>>[],
      )
      for (const [{ no }, counts] of moves)
        for (const [values, by] of counts) add.run(no, values, by)
    },

    drop: (projectionNo) => {
      removeAllCounts.run(projectionNo)
      removeAll.run(projectionNo)
      forget()
    },
  }
}
