import * as E from 'fp-ts/lib/Either.js'
import type { Lease, ReadModels, Rows, Unavailable } from '@threadbook/sourcing'
import { isInFile, openAside, type Aside, type Transaction } from './aside.js'
import { openDatabase, WAL_PAGES, type Database, type DatabaseOptions } from './database.js'
import { door } from './door.js'
import { asUnavailable } from './faults.js'
import type { LeaseTable } from './leases.js'
import { logSchema } from './schema.js'
import { openTables, type Tables } from './tables.js'

interface Connection {
  readonly db: Database
  readonly tables: Tables
}

export interface SqliteReadModels extends ReadModels {
  /** Closes what a set was filled through. */
  readonly filled: () => Promise<void>
}

/** So many are written in one transaction where the thread cannot keep up. */
const FILLS_AT_ONCE = 3

/** Pages kept in memory while a set is filled, in KiB. */
const FILLING_CACHE = 32_000

/**
 * A set that is being filled need not survive a loss of power, as it is made anew then: it is written
 * through a connection that does not wait for the disk. The swap, on the other, does.
 */
const fillingConnection = async (
  file: string,
  options: DatabaseOptions | undefined,
): Promise<Connection> => {
  const db = await openDatabase(file, logSchema, { ...options, synchronous: 'NORMAL' })
  db.driver.pragma(`cache_size = -${String(FILLING_CACHE)}`)
  return { db, tables: openTables(db) }
}

export const readModelsOver = (
  db: Database,
  tables: Tables,
  leases: LeaseTable,
  options?: DatabaseOptions,
): SqliteReadModels => {
  const { through, close } = door()
  let filling: Promise<Connection> | undefined
  const connectionFor = ({ set }: Rows): Promise<Connection> | Connection => {
    if (set !== 'next' || !isInFile(db.file)) return { db, tables }
    filling ??= fillingConnection(db.file, options)
    return filling
  }
  let thread: Aside | undefined
  const filled = async () => {
    const done = filling
    const ended = thread
    filling = thread = undefined
    if (ended !== undefined) {
      db.driver.pragma(`wal_autocheckpoint = ${String(WAL_PAGES)}`)
      await ended.close()
    }
    await (await done)?.db.close()
  }

  /** In the thread, while nobody of this process is in its way. */
  const aside = <Check extends string>(
    transaction: Transaction<Check>,
  ): Promise<E.Either<Unavailable, Check | undefined>> => {
    if (thread === undefined) {
      thread = openAside(db.file, db.patience, db.standBack)
      // The thread empties the write-ahead log; here that would hold up the event loop.
      db.driver.pragma(`wal_autocheckpoint = ${String(2 * WAL_PAGES)}`)
    }
    return thread.transact(transaction).then(E.right, (error: unknown) => {
      const fault = asUnavailable(db.file, error)
      if (fault === undefined) throw error
      return E.left(fault)
    })
  }

  /** Keeps nothing of what it hands over: that is short-lived garbage, as long as nobody waits with it. */
  const fillAside = (
    projection: Rows,
    lease: Lease | undefined,
    planning: Promise<ReturnType<Tables['filling']>>,
  ): ReturnType<ReturnType<ReadModels['fill']>> =>
    planning
      .then((planned) => (E.isLeft(planned) ? planned : aside(planned.right)))
      .then((failed) => {
        if (E.isLeft(failed)) return failed
        const why = failed.right
        if (why === undefined) return E.right(undefined)
        return db.read(() => tables.notFilled(projection, lease, why))()
      })

  const fill: ReadModels['fill'] = (projection, rows) =>
    projection.set !== 'next' || !isInFile(db.file)
      ? db.write(() => tables.fill(projection, rows))
      : () => fillAside(projection, rows.lease, db.read(() => tables.filling(projection, rows))())

  /** Indexes of many rows are made aside, each in a transaction of its own. */
  const index = async (projection: Rows): Promise<E.Either<Unavailable, void>> => {
    const left = await db.write(() => tables.index(projection))()
    if (E.isLeft(left)) return left
    for (const sql of left.right) {
      const made = isInFile(db.file)
        ? await aside({ checks: [], steps: [{ sql, values: [[]] }] })
        : await db.write(() => E.right(db.driver.exec(sql)))()
      if (E.isLeft(made)) return made
    }
    return E.right(undefined)
  }

  /** To free the pages of many rows takes long: it is done aside, too. */
  const drop: ReadModels['drop'] = (projection, lease) => async () => {
    if (projection.set === undefined || projection.set === 'next') await filled()
    for (;;) {
      const planned = await db.read(() => E.right(tables.dropping(projection, lease)))()
      if (E.isLeft(planned)) return planned
      if (planned.right === undefined || !isInFile(db.file))
        return db.write(() => tables.drop(projection, lease))()
      const failed = await aside(planned.right)
      if (E.isLeft(failed)) return failed
      await filled()
      if (failed.right === 'held') return E.left({ type: 'LeaseLost', lease: lease!.name })
      // Where a set changed its part meanwhile, others may be meant.
      if (failed.right === undefined) return E.right(undefined)
    }
  }

  return {
    filled,
    fillsAtOnce: FILLS_AT_ONCE,
    open: (projection) => through(db.write(() => tables.open(projection))),
    index: (projection) => through(() => index(projection)),
    drop: (projection, lease) => through(drop(projection, lease)),
    sets: (projection) => through(db.read(() => E.right(tables.sets(projection)))),
    fill: (projection, rows) => through(fill(projection, rows)),
    swap: (projection, lease) =>
      through(async () => {
        await filled()
        return db.write(() => tables.swap(projection, lease))()
      }),
    checkpoint: (projection) => through(db.read(() => tables.checkpoint(projection))),
    apply: (projection, batch) =>
      projection.set === 'next'
        ? through(async () => {
            const to = await connectionFor(projection)
            return to.db.write(() => to.tables.apply(projection, batch))()
          })
        : through(db.write(() => tables.apply(projection, batch))),
    get: (projection, keys) => through(db.readTogether(() => tables.get(projection, keys))),
    find: (projection, query) => through(db.readTogether(() => tables.find(projection, query))),
    counters: (projection, names) =>
      through(db.readTogether(() => tables.counters(projection, names))),
    parked: (projection, query) => through(db.readTogether(() => tables.parked(projection, query))),
    parkedKeys: (projection, limit) =>
      through(db.readTogether(() => tables.parkedKeys(projection, limit))),
    retry: (projection, retry) => through(db.write(() => tables.retry(projection, retry))),
    inspect: (projection, inspection) =>
      through(db.readTogether(() => tables.inspect(projection, inspection))),
    skipped: (projection) => through(db.read(() => E.right(tables.skipped(projection)))),
    watch: (projection, filter, most) =>
      through(db.write(() => tables.watch(projection, filter, most))),
    unwatch: (projection, of, names) =>
      through(db.write(() => tables.unwatch(projection, of, names))),
    watched: (projection, of) => through(db.readTogether(() => tables.watched(projection, of))),
    watchedCount: (projection, name) =>
      through(db.readTogether(() => tables.watchedCount(projection, name))),
    countWatched: (projection, name, limit) =>
      through(db.write(() => tables.countWatched(projection, name, limit))),
    readCheckpoint: (name) => through(db.read(() => E.right(tables.readCheckpoint(name)))),
    writeCheckpoint: (name, position, lease) =>
      through(db.write(() => tables.writeCheckpoint(name, position, lease))),
    readLeases: through(db.read(() => E.right(leases.readAll()))),
    moveLease: (name, from, to) => through(db.write(() => E.right(leases.move(name, from, to)))),
    close: async () => {
      close()
      await filled()
    },
  }
}
