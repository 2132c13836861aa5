/** One file, one connection: opening it, reading from it, writing to it, closing it. */
import { setInterval } from 'node:timers'
import Driver from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { BoundedMap, type Unavailable } from '@threadbook/sourcing'
import { asUnavailable, Busy, isNotADatabase, Refused, unavailable } from './faults.js'
import { BLOCKING_MS, patiently } from './patience.js'
import { migrate, refuseStrangers, versionWatch, type Schema } from './schema.js'
import { writer, type WriterEvents } from './writer.js'

export interface DatabaseOptions {
  /**
   * FULL (the default): what is acknowledged survives a loss of power. NORMAL: it survives the end
   * of the process, however sudden; a loss of power may take back the last moments.
   */
  readonly synchronous?: 'FULL' | 'NORMAL' | undefined
  /** Milliseconds to wait for other processes before answering `Unavailable`; 60,000 unless told. */
  readonly patience?: number | undefined
}

export interface Database {
  readonly file: string
  /** Milliseconds to wait for other processes. */
  readonly patience: number
  /** For synchronous steps inside `read` and `write`. */
  readonly driver: Driver.Database
  /** As `driver.prepare`, from a cache of bounded size. */
  readonly statement: (sql: string) => Driver.Statement
  readonly read: <F, A>(work: () => E.Either<F, A>) => TaskEither<F | Unavailable, A>
  /** As `read`, all of it at one moment, also where other processes write. */
  readonly readTogether: <F, A>(work: () => E.Either<F, A>) => TaskEither<F | Unavailable, A>
  /** In a transaction. Whoever answers Left has written nothing; work may run more than once. */
  readonly write: <F, A>(work: () => E.Either<F, A>) => TaskEither<F | Unavailable, A>
  /** Writes of this process wait while this is done, which writes to the file in another thread. */
  readonly standBack: <A>(work: () => Promise<A>) => Promise<A>
  readonly listen: (events: WriterEvents) => void
  /** For the inside of `read` and `write`: what was to be forgotten by now is. */
  readonly isRemembered: () => boolean
  /** Calls back when another process has committed, until the answer is called. */
  readonly watch: (changed: () => void) => () => void
  /** Empties the write-ahead log into the file, where nobody is in the way. */
  readonly checkpoint: () => void
  /** As `checkpoint`, but waits for those who are. */
  readonly emptyLog: TaskEither<Unavailable, void>
  /** Lets what was begun finish. Again: nothing more. */
  readonly close: () => Promise<void>
}

const WATCH_MS = 50
const MOST_STATEMENTS = 256
const WAL_BYTES_KEPT = 64 * 1024 * 1024
/**
 * Pages in the write-ahead log before it is emptied, 16 MB: the same come again and again, and the
 * larger it is, the fewer of them are written into the file. It takes some milliseconds.
 */
export const WAL_PAGES = 4_000

const connect = (file: string): Driver.Database => {
  if (file === '') throw new Refused('expected a path, or :memory:')
  return new Driver(file, { timeout: BLOCKING_MS })
}

const configure = (driver: Driver.Database, synchronous: 'FULL' | 'NORMAL') => {
  const mode = driver.pragma('journal_mode = WAL', { simple: true })
  if (mode !== 'wal' && mode !== 'memory')
    throw new Refused(`write-ahead logging does not work here (the mode stays ${String(mode)})`)
  driver.pragma(`synchronous = ${synchronous}`)
  driver.pragma(`wal_autocheckpoint = ${String(WAL_PAGES)}`)
  driver.pragma(`journal_size_limit = ${String(WAL_BYTES_KEPT)}`)
}

const prepareFile = async (
  file: string,
  schema: Schema,
  { synchronous = 'FULL', patience = 60_000 }: DatabaseOptions,
): Promise<Driver.Database> => {
  let driver: Driver.Database | undefined
  try {
    const opened = (driver = await patiently(() => connect(file), patience))
    // Looked at before anything is changed: it may be somebody else's.
    await patiently(() => {
      refuseStrangers(opened, schema)
    }, patience)
    await patiently(() => {
      configure(opened, synchronous)
    }, patience)
    await patiently(() => {
      migrate(opened, schema)
    }, patience)
    return opened
  } catch (error) {
    driver?.close()
    const reason = isNotADatabase(error)
      ? 'not a SQLite database'
      : error instanceof Error
        ? error.message
        : String(error)
    throw new Error(`cannot open ${file}: ${reason}`, { cause: error })
  }
}

export const openDatabase = async (
  file: string,
  schema: Schema,
  options: DatabaseOptions = {},
): Promise<Database> => {
  const { patience = 60_000 } = options
  const driver = await prepareFile(file, schema, options)
  const dataVersion = driver.prepare('PRAGMA data_version').pluck()
  const begin = driver.prepare('BEGIN')
  const commit = driver.prepare('COMMIT')
  const statements = new BoundedMap<string, Driver.Statement>(MOST_STATEMENTS)
  const listeners: WriterEvents[] = []
  const writes = writer(driver, patience, versionWatch(driver, schema), () => listeners)
  let closing: Promise<void> | undefined

  const answer = <A>(promise: Promise<A>): Promise<A | E.Either<Unavailable, never>> =>
    promise.catch((error: unknown) => {
      const fault = asUnavailable(file, error)
      if (fault === undefined) throw error
      return E.left(fault)
    })

  const refusal = E.left(unavailable('closed'))

  const read =
    <F, A>(work: () => E.Either<F, A>): TaskEither<F | Unavailable, A> =>
    () =>
      answer(
        patiently<E.Either<F | Unavailable, A>>(
          () => (closing === undefined ? work() : refusal),
          patience,
        ),
      )

  const together =
    <A>(work: () => A) =>
    (): A => {
      begin.run()
      try {
        return work()
      } finally {
        if (driver.inTransaction) commit.run()
      }
    }

  /** Changes when another connection has committed; undefined where that cannot be told now. */
  const versionSeen = (): unknown => {
    try {
      return closing === undefined ? dataVersion.get() : undefined
    } catch {
      return undefined // busy: the next look sees it
    }
  }

  const emptyLog = () => {
    const [outcome] = driver.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }]
    if (outcome.busy !== 0) throw new Busy('others are at the write-ahead log')
  }

  const checkpoint = () => {
    try {
      emptyLog()
    } catch {
      // Somebody is reading, or the disk is full: it is done another time, and nothing is lost.
    }
  }

  const shut = async () => {
    await writes.idle()
    checkpoint()
    driver.close()
  }

  return {
    file,
    patience,
    driver,
    statement: (sql) => {
      let statement = statements.get(sql)
      if (statement === undefined) statements.set(sql, (statement = driver.prepare(sql)))
      return statement
    },
    read,
    readTogether: (work) => read(together(work)),
    write: (work) => () =>
      closing === undefined ? answer(writes.write(work)) : Promise.resolve(refusal),
    standBack: writes.standBack,
    listen: (events) => {
      listeners.push(events)
    },
    isRemembered: writes.isRemembered,
    watch: (changed) => {
      let seen = versionSeen()
      const timer = setInterval(() => {
        const version = versionSeen()
        if (version === undefined || version === seen) return
        seen = version
        changed()
      }, WATCH_MS).unref()
      return () => {
        clearInterval(timer)
      }
    },
    checkpoint,
    emptyLog: read(() => E.right(emptyLog())),
    close: () => (closing ??= shut()),
  }
}
