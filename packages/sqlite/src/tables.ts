/** Rows, counters and checkpoints, synchronous: behind the port, and behind inline projections. */
import * as E from 'fp-ts/lib/Either.js'
import {
  foldAgain,
  foldBatch,
  inSet,
  planRetry,
  touchedKeys,
  type Applied,
  type CheckpointMoved,
  type Folded,
  type Inspected,
  type Lease,
  type LeaseLost,
  type ParkedEvent,
  type Position,
  type ReadModelSteps,
  type RecordedEvent,
  type Rows,
  type RowSet,
  type SkippedEvent,
  type StoredSet,
  type Unavailable,
} from '@threadbook/sourcing'
import type { Transaction } from './aside.js'
import type { Database } from './database.js'
import { unavailable } from './faults.js'
import { quoted } from './identifiers.js'
import { inspecting } from './inspect.js'
import { openLeases } from './leases.js'
import { openParked } from './parked.js'
import { openForms } from './row-forms.js'
import { rowTable, type RowTable } from './row-table.js'
import {
  counting,
  DROP_COUNTERS,
  DROP_SET,
  dropping,
  FEW_ROWS,
  filling,
  MOVE_CHECKPOINT,
  type Filling,
} from './set-writes.js'
import { openWatched } from './watched.js'

type Row = Record<string, unknown>

/** Steps for the inside of `read` and `write`; whatever changes something, for that of `write`. */
export interface Tables extends ReadModelSteps {
  readonly open: (projection: Rows) => E.Either<Unavailable, void>
  /** Where there are many rows, it answers with the statements that are left to be run. */
  readonly index: (projection: Rows) => E.Either<Unavailable, readonly string[]>
  readonly drop: (projection: Rows, lease?: Lease) => E.Either<LeaseLost, void>
  /** What `drop` would write, where it takes long, and what has to hold for that. */
  readonly dropping: (
    projection: Rows,
    lease?: Lease,
  ) => Transaction<'held' | 'unchanged'> | undefined
  readonly sets: (projection: Rows) => readonly StoredSet[]
  /** What `fill` would write, and what has to hold for that, to be written by another connection. */
  readonly filling: (
    projection: Rows,
    filling: Filling,
  ) => E.Either<Unavailable, Transaction<'empty' | 'held'>>
  /** Why it was not written. */
  readonly notFilled: (
    projection: Rows,
    lease: Lease | undefined,
    failed: 'empty' | 'held',
  ) => E.Either<Unavailable | CheckpointMoved | LeaseLost, never>
  /** As `checkpoint`, in a transaction of `write` only: there it may be remembered. */
  readonly checkpointNow: (projection: Rows) => E.Either<Unavailable, Position | undefined>
  /** As `apply`, but leaves the checkpoint to `pass`, in the same transaction. */
  readonly fold: (
    projection: Rows,
    events: readonly RecordedEvent[],
  ) => E.Either<Unavailable, Applied>
  /**
   * Moves the checkpoints of those for which all up to there is done, in one statement, in the
   * transaction that `checkpointNow` was asked in.
   */
  readonly pass: (projections: readonly Rows[], position: Position) => void
  readonly skipped: (projection: Rows) => readonly SkippedEvent[]
  readonly readCheckpoint: (name: string) => Position | undefined
  readonly writeCheckpoint: (
    name: string,
    position: Position,
    lease?: Lease,
  ) => E.Either<LeaseLost, void>
}

interface Stored {
  readonly no: number
  readonly version: number
  readonly set: RowSet
  readonly rowTable: string
  readonly checkpoint: Position | undefined
}

type StoredRow = [
  no: number,
  version: number,
  set: RowSet,
  rowTable: string,
  checkpoint: Position | null,
]
const STORED = 'SELECT projection_no, version, role, row_table, checkpoint FROM projections'

const storedFrom = ([no, version, set, rowTable, checkpoint]: StoredRow): Stored => ({
  no,
  version,
  set,
  rowTable,
  checkpoint: checkpoint ?? undefined,
})

/** Counters that change with one statement, at most. */
const COUNTED_AT_ONCE = 32

const lost = ({ name }: Lease): E.Either<LeaseLost, never> =>
  E.left({ type: 'LeaseLost', lease: name })

export const openTables = (db: Database, { isHeld } = openLeases(db)): Tables => {
  const { driver } = db
  const watched = openWatched(db)
  const findSet = driver.prepare(`${STORED} WHERE name = ? AND version = ? AND role = ?`).raw()
  const findSets = driver.prepare(`${STORED} WHERE name = ? ORDER BY projection_no`).raw()
  const addSet = driver.prepare(
    `INSERT INTO projections (name, version, role, row_table) VALUES (?, ?, ?, '')`,
  )
  const nameTable = driver.prepare('UPDATE projections SET row_table = ? WHERE projection_no = ?')
  const changeRole = driver.prepare('UPDATE projections SET role = ? WHERE projection_no = ?')
  const removeProjection = driver.prepare(DROP_SET)
  const moveCheckpoint = driver.prepare(MOVE_CHECKPOINT)
  const dropCounters = driver.prepare(DROP_COUNTERS)
  const broken = openParked(db)
  const forms = openForms(db)
  const inspect = inspecting(db, forms)
  const findCounter = driver
    .prepare('SELECT value FROM counters WHERE projection_no = ? AND name = ?')
    .pluck()
  const findCheckpoint = driver.prepare('SELECT position FROM checkpoints WHERE name = ?').pluck()
  const putCheckpoint = driver.prepare('INSERT OR REPLACE INTO checkpoints VALUES (?, ?)')

  const stored = ({ name, version, set = 'served' }: Rows): Stored | undefined => {
    const row = findSet.get(name, version, set) as StoredRow | undefined
    return row && storedFrom(row)
  }
  const storedSets = (name: string): readonly Stored[] =>
    (findSets.all(name) as StoredRow[]).map(storedFrom)

  /** Where it tells a set, that one of its version; else all of its name. */
  const meantBy = ({ name, version, set }: Rows): readonly Stored[] =>
    storedSets(name).filter(
      (each) => set === undefined || (each.version === version && each.set === set),
    )

  const rowTables = new WeakMap<Rows, RowTable>()
  const tableOf = (no: number, projection: Rows): RowTable => {
    const known = rowTables.get(projection)
    if (known?.projectionNo === no) return known
    const table = rowTable(db, no, projection, forms)
    rowTables.set(projection, table)
    return table
  }

  interface Opened extends Stored {
    readonly table: RowTable
  }

  const opened = (projection: Rows): E.Either<Unavailable, Opened> => {
    const there = stored(projection)
    if (there !== undefined) return E.right({ ...there, table: tableOf(there.no, projection) })
    const { name, version, set = 'served' } = projection
    return E.left(
      unavailable(
        `${db.file}: the rows of ${name} are not there in version ${String(version)} (${set})`,
      ),
    )
  }

  /** What the next transaction of ours will find, as long as nobody else writes. */
  interface Current extends Opened {
    readonly projection: Rows
    checkpoint: Position | undefined
    readonly parked: Set<string>
    readonly skipped: ReadonlySet<string>
  }
  const remembered = new Map<Rows, Current>()
  db.listen({
    forget: () => {
      remembered.clear()
    },
  })

  const current = (projection: Rows): E.Either<Unavailable, Current> => {
    const known = remembered.get(projection)
    if (known !== undefined) return E.right(known)
    return E.map((found: Opened): Current => {
      const parked = new Set(broken.keys(found.no))
      const skipped = broken.skipMarks(projection.skipsOf ?? projection.name)
      const now = { ...found, projection, parked, skipped }
      // Of two values for one set the one that was used last knows how far it is.
      for (const [other, { no }] of remembered) if (no === found.no) remembered.delete(other)
      remembered.set(projection, now)
      return now
    })(opened(projection))
  }

  const dropSet = ({ no, rowTable }: Stored) => {
    remembered.clear()
    driver.exec(`DROP TABLE ${quoted(rowTable)}`)
    dropCounters.run(no)
    broken.clear(no)
    watched.drop(no)
    removeProjection.run(no)
  }

  const rowsOf = (table: RowTable, keys: Iterable<string>): Map<string, Row> => {
    const rows = new Map<string, Row>()
    for (const key of keys) {
      const row = table.load(key)
      if (row !== undefined) rows.set(key, row)
    }
    return rows
  }

  const countTogether = (no: number, counters: ReadonlyMap<string, number>): void => {
    const values = [...counters].flatMap(([name, by]) => [no, name, by])
    for (let at = 0; at < values.length; at += 3 * COUNTED_AT_ONCE) {
      const some = values.slice(at, at + 3 * COUNTED_AT_ONCE)
      db.statement(counting(some.length / 3)).run(some)
    }
  }

  const keep = ({ no, table, projection }: Current, { changes, counters }: Folded<Row>): void => {
    for (const change of changes) table.write(change)
    countTogether(no, counters)
    watched.move(no, projection, changes)
  }

  const park = (now: Current, parked: readonly ParkedEvent[]): void => {
    broken.put(now.no, parked)
    for (const { key } of parked) now.parked.add(key)
  }

  const moved = (
    { name }: Rows,
    expected: Position | undefined,
    actual: Position | undefined,
  ): E.Either<CheckpointMoved, never> =>
    E.left({ type: 'CheckpointMoved', projection: name, expected, actual })

  const foldInto = (now: Current, projection: Rows, events: readonly RecordedEvent[]): Applied => {
    const { skipped } = now
    const rows = rowsOf(now.table, touchedKeys(projection, events))
    const folded = foldBatch(projection, rows, now.parked, events, { skipped })
    keep(now, folded)
    const { changes, parked } = folded
    park(now, parked)
    return { changes, parked }
  }

  const moveTo = (now: Current, position: Position) => {
    moveCheckpoint.run(position, now.no)
    now.checkpoint = position
  }

  /** A set that is there, and a lease that is held. */
  const currentUnder = (
    projection: Rows,
    lease: Lease | undefined,
  ): E.Either<Unavailable | LeaseLost, Current> =>
    E.chainW((now: Current) =>
      lease !== undefined && !isHeld(lease) ? lost(lease) : E.right(now),
    )(current(projection))

  return {
    open: (projection) => {
      const { name, version, set = 'served' } = projection
      const there = stored(projection)
      const no = there?.no ?? (addSet.run(name, version, set).lastInsertRowid as number)
      const table = tableOf(no, projection)
      remembered.clear()
      if (there === undefined) {
        nameTable.run(table.name, no)
        table.create()
      } else if (!table.fits())
        return E.left(
          unavailable(`${db.file}: the columns of ${name} changed, but not its version`),
        )
      if (set !== 'next') for (const sql of table.indexing()) driver.exec(sql)
      return E.right(undefined)
    },

    index: (projection) =>
      E.map(({ table }: Opened) => {
        if (table.size() > FEW_ROWS) return table.indexing()
        for (const sql of table.indexing()) driver.exec(sql)
        return []
      })(opened(projection)),

    drop: (projection, lease) => {
      if (lease !== undefined && !isHeld(lease)) return lost(lease)
      for (const set of meantBy(projection)) dropSet(set)
      return E.right(undefined)
    },

    dropping: (projection, lease) => dropping(db, meantBy(projection), lease),

    sets: ({ name }) =>
      storedSets(name).map(({ no, version, set, checkpoint }) => ({
        version,
        set,
        generation: String(no),
        checkpoint,
      })),

    fill: (projection, { rows, position, lease }) => {
      const found = currentUnder(projection, lease)
      if (E.isLeft(found)) return found
      const now = found.right
      if (now.checkpoint !== undefined) return moved(projection, undefined, now.checkpoint)
      keep(now, rows)
      park(now, rows.parked)
      if (position !== undefined) moveTo(now, position)
      return E.right(undefined)
    },

    filling: (projection, rows) =>
      E.map(({ no, table }: Opened) => filling(no, table, rows))(opened(projection)),

    notFilled: (projection, lease, failed) =>
      failed === 'held'
        ? lost(lease!)
        : E.chainW(({ checkpoint }: Opened) => moved(projection, undefined, checkpoint))(
            opened(projection),
          ),

    swap: (projection, lease) => {
      const found = currentUnder(projection, lease)
      if (E.isLeft(found)) return found
      const { no, checkpoint } = found.right
      const served = stored(inSet(projection, 'served'))
      if (served?.no === no) return E.right(undefined)
      const isBehind = served?.checkpoint !== undefined && !(checkpoint! >= served.checkpoint)
      if (isBehind || broken.isSkippedParked(no, projection.skipsOf ?? projection.name))
        return E.left({
          type: 'Behind',
          projection: projection.name,
          reached: checkpoint,
          served: served?.checkpoint,
        })
      remembered.clear()
      const previous = stored(inSet(projection, 'previous'))
      if (previous !== undefined && previous.no !== no) dropSet(previous)
      // Aside first: there is one of each.
      changeRole.run('', no)
      if (served !== undefined) changeRole.run('previous', served.no)
      changeRole.run('served', no)
      return E.right(undefined)
    },

    checkpoint: (projection) => E.map(({ checkpoint }: Opened) => checkpoint)(opened(projection)),

    checkpointNow: (projection) =>
      E.map(({ checkpoint }: Current) => checkpoint)(current(projection)),

    apply: (projection, { events, after, position, lease }) => {
      const found = currentUnder(projection, lease)
      if (E.isLeft(found)) return found
      const now = found.right
      if (now.checkpoint !== after) return moved(projection, after, now.checkpoint)
      const applied = foldInto(now, projection, events)
      moveTo(now, position)
      return E.right(applied)
    },

    fold: (projection, events) =>
      E.map((now: Current) => foldInto(now, projection, events))(current(projection)),

    pass: (projections, position) => {
      const passing = projections.flatMap((projection) => remembered.get(projection) ?? [])
      if (passing.length === 0) return
      const numbers = passing.map(({ no }) => no)
      db.statement(
        `UPDATE projections SET checkpoint = ? WHERE projection_no IN (${numbers.map(() => '?').join()})`,
      ).run(position, ...numbers)
      for (const now of passing) now.checkpoint = position
    },

    get: (projection, keys) =>
      E.map(({ table }: Opened) => rowsOf(table, keys))(opened(projection)),

    find: (projection, query) =>
      E.map(({ no, table }: Opened) => {
        const kept = watched.inOrder(no, projection, query)
        return kept === undefined ? table.find(query) : table.findKept(query, kept)
      })(opened(projection)),

    counters: (projection, names) =>
      E.map(({ no }: Opened) =>
        names.map((name) => (findCounter.get(no, name) as number | undefined) ?? 0),
      )(opened(projection)),

    parked: (projection, query) =>
      E.map(({ no }: Opened) => broken.find(no, query))(opened(projection)),

    parkedKeys: (projection, limit) =>
      E.map(({ no }: Opened) => broken.findKeys(no, limit))(opened(projection)),

    retry: (projection, retry) => {
      const found = current(projection)
      if (E.isLeft(found)) return found
      const now = found.right
      const { key, events } = retry
      const there = broken.find(now.no, { key, limit: events.length + 1 })
      const planned = planRetry(projection, retry, there)
      if (E.isLeft(planned)) return planned
      const { keys, skipped } = planned.right
      const rows = rowsOf(now.table, keys)
      const folded = foldAgain(projection, rows, now.parked, planned.right, now)
      keep(now, folded)
      broken.remove(now.no, key, events)
      const { changes, parked, first } = folded
      broken.put(now.no, first === undefined ? parked : [...parked, first])
      if (skipped !== undefined) broken.skip(projection.skipsOf ?? projection.name, skipped)
      // What is remembered of parked and skipped events.
      remembered.clear()
      return E.right({ changes, parked })
    },

    inspect: (projection, { rows, counters }) =>
      E.map(({ no, checkpoint, table }: Opened): Inspected => {
        const keys = rows !== undefined && 'keys' in rows ? rows.keys : []
        return {
          checkpoint,
          rows: rows === undefined ? [] : inspect.rows(projection, table.name, rows),
          parked: new Set(keys.filter((key) => broken.find(no, { key, limit: 1 }).length > 0)),
          counters: counters === undefined ? [] : inspect.counters(no, counters),
        }
      })(opened(projection)),

    skipped: (projection) => broken.skipped(projection.skipsOf ?? projection.name),

    watch: (projection, filter, most) =>
      E.map(({ no }: Opened) => watched.watch(no, projection, filter, most))(opened(projection)),

    unwatch: (projection, of, names) =>
      E.map(({ no }: Opened) => {
        watched.unwatch(no, of, names)
      })(opened(projection)),

    watched: (projection, of) =>
      E.map(({ no }: Opened) => watched.names(no, of))(opened(projection)),

    watchedCount: (projection, name) =>
      E.map(({ no }: Opened) => watched.count(no, name))(opened(projection)),

    countWatched: (projection, name, limit) =>
      E.map(({ table }: Opened) => watched.countNext(table, projection, name, limit))(
        opened(projection),
      ),

    readCheckpoint: (name) => (findCheckpoint.get(name) as Position | undefined) ?? undefined,

    writeCheckpoint: (name, position, lease) => {
      if (lease !== undefined && !isHeld(lease)) return lost(lease)
      putCheckpoint.run(name, position)
      return E.right(undefined)
    },
  }
}
