import { compareText } from '../filter.js'
import type { RowChange, Rows } from '../projection.js'
import {
  compileWatch,
  watchedMoves,
  watchedValues,
  type Watch,
  type WatchedCount,
  type WatchedFilter,
  type WatchedName,
} from '../watched.js'

type Row = Record<string, unknown>

interface Counted extends Watch {
  /** The key of the last row that was looked at; undefined before the first. */
  upTo: string | undefined
  done: boolean
  readonly counts: Map<string, number>
}

/** The filters that are watched over one table of rows. */
export interface WatchedFilters {
  readonly watch: (filter: WatchedFilter, most: number) => boolean
  readonly unwatch: (of: string, names: readonly string[]) => void
  readonly names: (of: string) => readonly string[]
  readonly count: (name: WatchedName) => WatchedCount | undefined
  /** `keys`: of all rows. */
  readonly countNext: (
    name: WatchedName,
    limit: number,
    keys: Iterable<string>,
    rowOf: (key: string) => Row,
  ) => boolean | undefined
  readonly move: (changes: readonly RowChange<Row>[]) => void
}

export const watchedFilters = (projection: Rows): WatchedFilters => {
  const all = new Map<string, Map<string, Counted>>()
  const find = ({ of, name }: WatchedName) => all.get(of)?.get(name)

  const move = (
    watchesOf: (of: string) => readonly Counted[],
    changes: readonly RowChange<Row>[],
  ) => {
    for (const [{ counts }, moved] of watchedMoves(projection, watchesOf, changes))
      for (const [values, by] of moved) counts.set(values, (counts.get(values) ?? 0) + by)
  }

  return {
    watch: ({ of, name, where }, most) => {
      const mine = all.get(of) ?? new Map<string, Counted>()
      if (mine.has(name)) return true
      if (mine.size >= most) return false
      const counted: Counted = {
        ...compileWatch(projection, where),
        upTo: undefined,
        done: false,
        counts: new Map(),
        covers: (key) =>
          counted.done || (counted.upTo !== undefined && compareText(key, counted.upTo) <= 0),
      }
      all.set(of, mine.set(name, counted))
      return true
    },

    unwatch: (of, names) => {
      for (const name of names) all.get(of)?.delete(name)
    },

    names: (of) => [...(all.get(of)?.keys() ?? [])].sort(compareText),

    count: (name) => {
      const counted = find(name)
      return (
        counted && {
          counting: !counted.done,
          counts: [...counted.counts].map(([values, count]) => ({
            values: watchedValues(values),
            count,
          })),
        }
      )
    },

    countNext: (name, limit, keys, rowOf) => {
      const counted = find(name)
      if (counted === undefined || counted.done) return counted?.done
      const next = [...keys].filter((key) => !counted.covers(key)).sort(compareText)
      const slice = next.slice(0, limit)
      counted.upTo = slice.at(-1) ?? counted.upTo
      move(
        (of) => (of === name.of ? [counted] : []),
        slice.map((key) => {
          const after = rowOf(key)
          return { key, before: undefined, after, values: undefined }
        }),
      )
      return (counted.done = slice.length < limit)
    },

    move: (changes) => {
      move((of) => [...(all.get(of)?.values() ?? [])], changes)
    },
  }
}
