/** Rows, counters and checkpoints, synchronous: behind the port, and behind inline projections. */
import * as E from 'fp-ts/lib/Either.js'
import type { Unavailable } from '../event-store.js'
import type { Position } from '../event.js'
import { columnText, compareScalars, compareText, predicate, type Scalar } from '../filter.js'
import {
  foldBatch,
  inSet,
  isScalarType,
  skipMark,
  touchedKeys,
  type Folded,
  type ParkedEvent,
  type Rows,
  type RowSet,
} from '../projection.js'
import type { Inspected, Inspection } from '../inspection.js'
import type { Lease, LeaseLost, LeaseRow } from '../lease.js'
import type {
  CheckpointMoved,
  ParkedKey,
  ReadModelSteps,
  SkippedEvent,
  StoredSet,
} from '../read-models.js'
import { foldAgain, planRetry } from '../retry.js'
import { rowForms, rowReader, rowText } from '../row-forms.js'
import { watchedFilters, type WatchedFilters } from './watched.js'

type Row = Record<string, unknown>

interface Kept {
  /** Nobody shares a row with anybody. */
  readonly text: string
  readonly columns: Readonly<Record<string, Scalar>>
}

/** Of one table's rows. */
interface RowTexts {
  readonly write: (row: Row, values: string) => string
  readonly read: (text: string) => Row
}

const rowTexts = (): RowTexts => {
  const formOf = rowForms()
  const names = new Map<number, readonly string[]>()
  return {
    write: (row, values) => {
      const form = formOf(row)
      if (form !== undefined) names.set(form.no, form.names)
      return rowText(form, row, values)
    },
    read: rowReader((no) => names.get(no)),
  }
}

interface Table {
  readonly version: number
  readonly generation: string
  set: RowSet
  readonly rows: Map<string, Kept>
  readonly texts: RowTexts
  readonly counters: Map<string, number>
  /** In order. */
  parked: readonly ParkedEvent[]
  readonly watched: WatchedFilters
  checkpoint: Position | undefined
}

const emptyTable = (projection: Rows, generation: string): Table => ({
  version: projection.version,
  generation,
  set: projection.set ?? 'served',
  rows: new Map(),
  texts: rowTexts(),
  counters: new Map(),
  parked: [],
  watched: watchedFilters(projection),
  checkpoint: undefined,
})

const columnsOf = (projection: Rows, row: Row): Record<string, Scalar> =>
  Object.fromEntries(
    Object.keys(projection.table.columns).map((column) => [
      column,
      (row[column] as Scalar | undefined) ?? null,
    ]),
  )

const rowsOf = (table: Table, keys: Iterable<string>): Map<string, Row> => {
  const found = new Map<string, Row>()
  for (const key of keys) {
    const kept = table.rows.get(key)
    if (kept !== undefined) found.set(key, table.texts.read(kept.text))
  }
  return found
}

/** Those named, or the next ones behind a name. */
const chosen = <A>(
  kept: ReadonlyMap<string, A>,
  names: readonly string[] | undefined,
  { after = '', limit }: { readonly after?: string | undefined; readonly limit: number },
): readonly (readonly [string, A])[] =>
  [...kept]
    .filter(([name]) => (names === undefined ? compareText(name, after) > 0 : names.includes(name)))
    .sort(([a], [b]) => compareText(a, b))
    .slice(0, limit)

const inspected = (
  projection: Rows,
  { checkpoint, rows, texts, parked, counters }: Table,
  { rows: wanted, counters: wantedCounters }: Inspection,
): Inspected => {
  const all = { limit: Infinity }
  const keys = wanted && 'keys' in wanted ? wanted.keys.map(columnText) : undefined
  const names = wantedCounters && 'names' in wantedCounters ? wantedCounters.names : undefined
  const found = wanted === undefined ? [] : chosen(rows, keys, 'keys' in wanted ? all : wanted)
  const counted =
    wantedCounters === undefined
      ? []
      : chosen(
          new Map([...counters].filter(([, value]) => value !== 0)),
          names,
          'names' in wantedCounters ? all : wantedCounters,
        )
  return {
    checkpoint,
    rows: found.map(([key, kept]) => {
      const row = texts.read(kept.text)
      const columns = columnsOf(projection, row)
      const unfit = Object.keys(columns).filter(
        (column) => JSON.stringify(columns[column]) !== JSON.stringify(kept.columns[column]),
      )
      return { key, row, unfit }
    }),
    parked: new Set(parked.map(({ key }) => key).filter((key) => keys?.includes(key))),
    counters: counted,
  }
}

const byPlace = (a: ParkedEvent, b: ParkedEvent): number =>
  compareText(a.position, b.position) || compareText(a.key, b.key)

export interface Tables extends ReadModelSteps {
  readonly open: (projection: Rows) => void
  readonly drop: (projection: Rows, lease?: Lease) => E.Either<LeaseLost, void>
  readonly sets: (projection: Rows) => readonly StoredSet[]
  readonly skipped: (projection: Rows) => readonly SkippedEvent[]
  readonly readCheckpoint: (name: string) => Position | undefined
  readonly writeCheckpoint: (
    name: string,
    position: Position,
    lease?: Lease,
  ) => E.Either<LeaseLost, void>
  readonly readLeases: () => ReadonlyMap<string, LeaseRow>
  readonly moveLease: (
    name: string,
    from: LeaseRow | undefined,
    to: LeaseRow | undefined,
  ) => boolean
}

export const memoryTables = (): Tables => {
  /** By the projections' names. */
  const tables = new Map<string, readonly Table[]>()
  let generations = 0
  const skips = new Map<string, readonly SkippedEvent[]>()
  const checkpoints = new Map<string, Position>()
  const leases = new Map<string, LeaseRow>()

  const lost = (lease: Lease | undefined): E.Either<LeaseLost, never> | undefined =>
    lease === undefined || leases.get(lease.name)?.holder === lease.holder
      ? undefined
      : E.left({ type: 'LeaseLost', lease: lease.name })

  const find = ({ name, version, set = 'served' }: Rows): Table | undefined =>
    tables.get(name)?.find((table) => table.version === version && table.set === set)

  const tableOf = (projection: Rows): E.Either<Unavailable, Table> => {
    const table = find(projection)
    if (table !== undefined) return E.right(table)
    const { name, version, set = 'served' } = projection
    const reason = `the rows of ${name} are not there in version ${String(version)} (${set})`
    return E.left({ type: 'Unavailable', reason })
  }

  const skippedBy = (projection: Rows) => skips.get(projection.skipsOf ?? projection.name) ?? []
  const skipMarks = (projection: Rows): ReadonlySet<string> =>
    new Set(skippedBy(projection).map(({ key, position }) => skipMark(key, position)))

  const remove = (name: string, isGone: (table: Table) => boolean) => {
    const left = tables.get(name)?.filter((table) => !isGone(table)) ?? []
    if (left.length === 0) tables.delete(name)
    else tables.set(name, left)
  }

  const moved = (
    { name }: Rows,
    { checkpoint }: Table,
    expected: Position | undefined,
  ): E.Either<CheckpointMoved, never> =>
    E.left({ type: 'CheckpointMoved', projection: name, expected, actual: checkpoint })

  const keep = (projection: Rows, table: Table, { changes, counters }: Folded<Row>): void => {
    for (const { key, after: row, values } of changes)
      if (row === undefined || values === undefined) table.rows.delete(key)
      else {
        const text = table.texts.write(row, values)
        table.rows.set(key, { text, columns: columnsOf(projection, row) })
      }
    for (const [counter, by] of counters)
      table.counters.set(counter, (table.counters.get(counter) ?? 0) + by)
    table.watched.move(changes)
  }

  const park = (table: Table, parked: readonly ParkedEvent[]): void => {
    if (parked.length > 0) table.parked = [...table.parked, ...parked].sort(byPlace)
  }

  return {
    open: (projection) => {
      if (find(projection) !== undefined) return
      const { name } = projection
      const table = emptyTable(projection, String(++generations))
      tables.set(name, [...(tables.get(name) ?? []), table])
    },

    drop: ({ name, version, set }, lease) => {
      const isLost = lost(lease)
      if (isLost !== undefined) return isLost
      remove(name, (table) => set === undefined || (table.version === version && table.set === set))
      return E.right(undefined)
    },

    sets: ({ name }) =>
      (tables.get(name) ?? []).map(({ version, set, generation, checkpoint }) => ({
        version,
        set,
        generation,
        checkpoint,
      })),

    fill: (projection, { rows, position, lease }) => {
      const found = tableOf(projection)
      if (E.isLeft(found)) return found
      const isLost = lost(lease)
      if (isLost !== undefined) return isLost
      const table = found.right
      if (table.checkpoint !== undefined) return moved(projection, table, undefined)
      keep(projection, table, rows)
      park(table, rows.parked)
      table.checkpoint = position
      return E.right(undefined)
    },

    swap: (projection, lease) => {
      const found = tableOf(projection)
      if (E.isLeft(found)) return found
      const isLost = lost(lease)
      if (isLost !== undefined) return isLost
      const table = found.right
      const { name, version } = projection
      const served = find(inSet(projection, 'served'))
      if (served === table) return E.right(undefined)
      const marks = skipMarks(projection)
      const isParked = table.parked.some(
        ({ key, position, error }) => error !== undefined && marks.has(skipMark(key, position)),
      )
      if (
        isParked ||
        (served?.checkpoint !== undefined && !(table.checkpoint! >= served.checkpoint))
      )
        return E.left({
          type: 'Behind',
          projection: name,
          reached: table.checkpoint,
          served: served?.checkpoint,
        })
      if (served !== undefined) {
        remove(
          name,
          (each) => each !== table && each.version === version && each.set === 'previous',
        )
        served.set = 'previous'
      }
      table.set = 'served'
      return E.right(undefined)
    },

    checkpoint: (projection) => E.map((table: Table) => table.checkpoint)(tableOf(projection)),

    apply: (projection, { events, after, position, lease }) => {
      const found = tableOf(projection)
      if (E.isLeft(found)) return found
      const isLost = lost(lease)
      if (isLost !== undefined) return isLost
      const table = found.right
      if (table.checkpoint !== after) return moved(projection, table, after)
      const folded = foldBatch(
        projection,
        rowsOf(table, touchedKeys(projection, events)),
        new Set(table.parked.map(({ key }) => key)),
        events,
        { skipped: skipMarks(projection) },
      )
      keep(projection, table, folded)
      const { changes, parked } = folded
      park(table, parked)
      table.checkpoint = position
      return E.right({ changes, parked })
    },

    get: (projection, keys) => E.map((table: Table) => rowsOf(table, keys))(tableOf(projection)),

    find: (projection, { where, order, after, limit }) =>
      E.map((table: Table) => {
        const isWanted = predicate(where)
        const sign = order.direction === 'ascending' ? 1 : -1
        const isOrdered = isScalarType(projection.table.columns[order.column])
        const valueOf = (kept: Kept): Scalar =>
          isOrdered ? (kept.columns[order.column] ?? null) : null
        const compare = (a: [string, Scalar], b: [string, Scalar]): number =>
          sign * (compareScalars(a[1], b[1]) || compareText(a[0], b[0]))
        const isBehind = (place: [string, Scalar]): boolean => {
          if (after === undefined) return true
          const value = typeof after.value === 'string' ? columnText(after.value) : after.value
          return compare(place, [after.key, value]) > 0
        }
        return [...table.rows]
          .filter(([key, kept]) => isWanted(kept.columns) && isBehind([key, valueOf(kept)]))
          .sort(([a, x], [b, y]) => compare([a, valueOf(x)], [b, valueOf(y)]))
          .slice(0, limit)
          .map(([key, kept]) => ({ key, row: table.texts.read(kept.text) }))
      })(tableOf(projection)),

    counters: (projection, names) =>
      E.map((table: Table) => names.map((name) => table.counters.get(name) ?? 0))(
        tableOf(projection),
      ),

    parked: (projection, { key, limit = Infinity } = {}) =>
      E.map((table: Table) =>
        table.parked
          .filter((event) => key === undefined || event.key === columnText(key))
          .slice(0, limit),
      )(tableOf(projection)),

    parkedKeys: (projection, limit) =>
      E.map(({ parked }: Table) =>
        parked
          .flatMap((event): ParkedKey[] => {
            const { key, error } = event
            if (error === undefined) return []
            return [{ ...event, error, waiting: parked.filter((e) => e.key === key).length - 1 }]
          })
          .slice(0, limit),
      )(tableOf(projection)),

    retry: (projection, retry) => {
      const found = tableOf(projection)
      if (E.isLeft(found)) return found
      const table = found.right
      const planned = planRetry(
        projection,
        retry,
        table.parked.filter(({ key }) => key === retry.key),
      )
      if (E.isLeft(planned)) return planned
      const { keys, skipped } = planned.right
      const parkedKeys = new Set(table.parked.map(({ key }) => key))
      const marks = skipMarks(projection)
      const folded = foldAgain(projection, rowsOf(table, keys), parkedKeys, planned.right, {
        skipped: marks,
      })
      keep(projection, table, folded)
      const { changes, parked, first } = folded
      const retried = new Set(retry.events.map(({ position }) => position))
      const others = table.parked.filter(
        ({ key, position }) =>
          key !== retry.key || !(retried.has(position) || position === first?.position),
      )
      table.parked = [...others, ...parked, ...(first ? [first] : [])].sort(byPlace)
      if (skipped !== undefined && !marks.has(skipMark(skipped.key, skipped.position)))
        skips.set(
          projection.skipsOf ?? projection.name,
          [...skippedBy(projection), skipped].sort(byPlace),
        )
      return E.right({ changes, parked })
    },

    inspect: (projection, inspection) =>
      E.map((table: Table) => inspected(projection, table, inspection))(tableOf(projection)),

    skipped: skippedBy,

    watch: (projection, filter, most) =>
      E.map((table: Table) => table.watched.watch(filter, most))(tableOf(projection)),

    unwatch: (projection, of, names) =>
      E.map((table: Table) => {
        table.watched.unwatch(of, names)
      })(tableOf(projection)),

    watched: (projection, of) =>
      E.map((table: Table) => table.watched.names(of))(tableOf(projection)),

    watchedCount: (projection, name) =>
      E.map((table: Table) => table.watched.count(name))(tableOf(projection)),

    countWatched: (projection, name, limit) =>
      E.map((table: Table) =>
        table.watched.countNext(name, limit, table.rows.keys(), (key) =>
          table.texts.read(table.rows.get(key)!.text),
        ),
      )(tableOf(projection)),

    readCheckpoint: (name) => checkpoints.get(name),

    writeCheckpoint: (name, position, lease) => {
      const isLost = lost(lease)
      if (isLost !== undefined) return isLost
      checkpoints.set(name, position)
      return E.right(undefined)
    },

    readLeases: () => new Map(leases),

    moveLease: (name, from, to) => {
      const there = leases.get(name)
      if (there?.holder !== from?.holder || there?.beat !== from?.beat) return false
      if (to === undefined) leases.delete(name)
      else leases.set(name, to)
      return true
    },
  }
}
