/** Filters that are watched, and their counts. */
import {
  BoundedMap,
  columnText,
  compareText,
  watchCompiler,
  watchedMoves,
  watchedParts,
  watchedValues,
  type Filter,
  type RowChange,
  type Rows,
  type Watch,
  type WatchedCount,
  type WatchedFilter,
  type WatchedName,
} from '@threadbook/sourcing'
import type { Run } from './database.js'
import type { Bind } from './filter-sql.js'
import type { RowTable } from './row-table.js'

/** Values of `of`, of one projection, whose filters are kept at hand. */
const MOST_PARTS = 1_000

interface Kept extends Watch {
  readonly no: string
}

/** What a batch moves; `changes`: the number that it holds for. */
export type Moves = readonly {
  readonly no: string
  readonly values: string
  readonly by: number
}[]

/**
 * Whoever changes what is watched, or looks at more rows for it, raises `watch_changes` of the
 * projection first. A batch is written only where that is what it was when its moves were found.
 */
export const watchedOver = (s: string) => {
  const compile = watchCompiler()

  interface AtHand {
    readonly changes: string
    readonly parts: BoundedMap<string, readonly Kept[]>
  }
  const atHand = new Map<string, AtHand>()
  const partsAtHand = (projectionNo: string, changes: string): AtHand['parts'] => {
    const known = atHand.get(projectionNo)
    if (known?.changes === changes) return known.parts
    const parts = new BoundedMap<string, readonly Kept[]>(MOST_PARTS)
    atHand.set(projectionNo, { changes, parts })
    return parts
  }

  /** False where the projection is not there any more. */
  const raise = async (run: Run, projectionNo: string): Promise<boolean> => {
    const raised = await run({
      text: `UPDATE ${s}.projections SET watch_changes = watch_changes + 1 WHERE no = $1 RETURNING no`,
      values: [projectionNo],
    })
    return raised.length > 0
  }

  const idOf = (projectionNo: string, { of, name }: WatchedName) => [
    projectionNo,
    columnText(of),
    columnText(name),
  ]
  const IT = 'projection = $1 AND part = $2 AND name = $3'

  return {
    /** What the changes of a batch move, once `watch_changes` was found to be `changes`. */
    moves: async (
      run: Run,
      projectionNo: string,
      projection: Rows,
      changes: string,
      changed: readonly RowChange<Record<string, unknown>>[],
    ): Promise<Moves> => {
      const parts = partsAtHand(projectionNo, changes)
      const needed = watchedParts(projection, changed)
      const watches = new Map<string, readonly Kept[]>()
      const missing: string[] = []
      for (const part of needed) {
        const known = parts.get(part)
        if (known === undefined) missing.push(part)
        else watches.set(part, known)
      }
      if (missing.length > 0) {
        const found = new Map<string, Kept[]>(missing.map((part) => [part, []]))
        const rows = await run({
          text: `SELECT part, no, filter, up_to, done FROM ${s}.watched
                 WHERE projection = $1 AND part = ANY($2::text[])`,
          values: [projectionNo, missing],
        })
        for (const [part, no, filter, upTo, done] of rows)
          found.get(part!)!.push({
            ...compile(projection, filter!),
            no: no!,
            covers: (key) =>
              done === 't' || (typeof upTo === 'string' && compareText(key, upTo) <= 0),
          })
        for (const [part, kept] of found) {
          parts.set(part, kept)
          watches.set(part, kept)
        }
      }
      const moved = watchedMoves(projection, (part) => watches.get(part) ?? [], changed)
      return [...moved].flatMap(([{ no }, counts]) =>
        [...counts].map(([values, by]) => ({ no, values, by })),
      )
    },

    /** A step of a batch's statement, if the table `moved` has a row. */
    writing: (moves: Moves, bind: Bind): string =>
      `INSERT INTO ${s}.watched_counts SELECT w.* FROM moved, unnest(
         ${bind(
           moves.map(({ no }) => no),
           'bigint[]',
         )},
         ${bind(
           moves.map(({ values }) => values),
           'text[]',
         )},
         ${bind(
           moves.map(({ by }) => by),
           'bigint[]',
         )}) w
         ON CONFLICT (watched, counted_by) DO UPDATE SET count = watched_counts.count + excluded.count`,

    watch: async (
      run: Run,
      projectionNo: string,
      filter: WatchedFilter,
      most: number,
    ): Promise<boolean | undefined> => {
      if (!(await raise(run, projectionNo))) return undefined
      const id = idOf(projectionNo, filter)
      const [there] = await run({
        text: `SELECT count(*) FILTER (WHERE name = $3), count(*) FROM ${s}.watched
               WHERE projection = $1 AND part = $2`,
        values: id,
      })
      if (Number(there![0]) > 0) return true
      if (Number(there![1]) >= most) return false
      await run({
        text: `INSERT INTO ${s}.watched (projection, part, name, filter) VALUES ($1, $2, $3, $4)`,
        values: [...id, JSON.stringify(filter.where)],
      })
      return true
    },

    unwatch: async (
      run: Run,
      projectionNo: string,
      of: string,
      names: readonly string[],
    ): Promise<true | undefined> => {
      if (!(await raise(run, projectionNo))) return undefined
      await run({
        text: `WITH gone AS (
                 DELETE FROM ${s}.watched
                 WHERE projection = $1 AND part = $2 AND name = ANY($3::text[]) RETURNING no)
               DELETE FROM ${s}.watched_counts USING gone WHERE watched = gone.no`,
        values: [projectionNo, columnText(of), names.map(columnText)],
      })
      return true
    },

    /** A row for each name, with the projection's number before it; one without a name for none. */
    names: (projectionNo: string, of: string) => ({
      text: `SELECT p.no, w.name FROM ${s}.projections p
             LEFT JOIN ${s}.watched w ON w.projection = p.no AND w.part = $2
             WHERE p.no = $1 ORDER BY w.name`,
      values: [projectionNo, columnText(of)],
    }),

    /** For `countOf`. */
    count: (projectionNo: string, name: WatchedName) => ({
      text: `SELECT w.done, c.counted_by, c.count FROM ${s}.projections p
             LEFT JOIN ${s}.watched w ON w.projection = p.no AND w.part = $2 AND w.name = $3
             LEFT JOIN ${s}.watched_counts c ON c.watched = w.no
             WHERE p.no = $1`,
      values: idOf(projectionNo, name),
    }),

    countOf: (rows: readonly (readonly (string | null)[])[]): WatchedCount | undefined => {
      const done = rows[0]?.[0] ?? null
      if (done === null) return undefined
      return {
        counting: done !== 't',
        counts: rows.flatMap(([, values, count]) =>
          typeof values === 'string'
            ? [{ values: watchedValues(values), count: Number(count) }]
            : [],
        ),
      }
    },

    countNext: async (
      run: Run,
      projectionNo: string,
      table: RowTable,
      projection: Rows,
      name: WatchedName,
      limit: number,
    ): Promise<{ readonly done: boolean | undefined } | undefined> => {
      // Before anything else is locked, as those who take it away do.
      await run({ text: `LOCK TABLE ${table.into} IN ACCESS SHARE MODE` })
      if (!(await raise(run, projectionNo))) return undefined
      const [there] = await run({
        text: `SELECT no, filter, up_to, done FROM ${s}.watched WHERE ${IT}`,
        values: idOf(projectionNo, name),
      })
      if (there === undefined) return { done: undefined }
      const [no, filter, after, isDone] = there
      if (isDone === 't') return { done: true }
      const { of, by } = projection.watches!
      const where: Filter = {
        and: [{ attribute: of, operator: 'is', value: name.of }, JSON.parse(filter!) as Filter],
      }
      const slice = { after: after!, limit }
      const [last] = await run(table.lastOfNext(slice))
      for (const [count, ...values] of await run(table.countNext(where, by, slice)))
        await run({
          text: `INSERT INTO ${s}.watched_counts VALUES ($1, $2, $3)
                 ON CONFLICT (watched, counted_by)
                 DO UPDATE SET count = watched_counts.count + excluded.count`,
          values: [no!, JSON.stringify(values), count!],
        })
      const done = last === undefined
      await run({
        text: `UPDATE ${s}.watched SET up_to = $2, done = $3 WHERE no = $1`,
        values: [no!, last?.[0] ?? after!, done],
      })
      return { done }
    },

    drop: async (run: Run, projectionNo: string): Promise<void> => {
      const values = [projectionNo]
      await run({
        text: `DELETE FROM ${s}.watched_counts
               WHERE watched IN (SELECT no FROM ${s}.watched WHERE projection = $1)`,
        values,
      })
      await run({ text: `DELETE FROM ${s}.watched WHERE projection = $1`, values })
    },
  }
}
