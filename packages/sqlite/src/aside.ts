/**
 * A connection in a thread of its own, for writes that take long: SQLite would hold up the event
 * loop. It does not wait for the disk: what is written through it is made anew where it is lost.
 * What is asked for while it writes is handed over at once, to be written together afterwards: a
 * commit writes each page that it touched, and those of indexes are touched again and again.
 */
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type * as Threads from 'node:worker_threads'
import type Database from 'better-sqlite3'
import { MEMORY } from './beside.js'
import { WAL_PAGES } from './database.js'
import type { SqlValue } from './filter-sql.js'

/** A statement, run once for each of its lists of values. */
export interface Step {
  readonly sql: string
  readonly values: readonly (readonly SqlValue[])[]
}

/** All of it, or nothing where a check is not answered as it should be (its first column). */
export interface Transaction<Check extends string = never> {
  readonly checks: readonly {
    readonly name: Check
    readonly sql: string
    readonly values: readonly SqlValue[]
    readonly answer: SqlValue
  }[]
  readonly steps: readonly Step[]
}

export interface Aside {
  /**
   * The name of the check that failed, or undefined: done. Rejects with what a statement throws. Those
   * that wait at the same time are written in their order, each whole or not at all.
   */
  readonly transact: <Check extends string>(
    transaction: Transaction<Check>,
  ) => Promise<Check | undefined>
  readonly close: () => Promise<void>
}

interface Opening {
  readonly driver: string
  readonly file: string
  readonly patience: number
}

/** `write`: all that came before. */
type ToThread = Transaction<string> | 'write' | 'end'

type Outcome =
  { readonly failed: string | undefined } | { readonly message: string; readonly code: unknown }

/** Whoever waits for the file gets in between: for so large a part of what a transaction took. */
const REST = 0.1

/** Pages kept in memory, in KiB: most of those that rows of a kind are put into by turns. */
const CACHE = 32_000

/** What comes here is written and forgotten at once. */
const YOUNG_MB = 6

/** Runs in the thread. It travels as text, so it knows nothing that stands around it. */
const serve = (load: NodeJS.Require, rest: number, cache: number, walPages: number): void => {
  const threads = load('node:worker_threads') as typeof Threads
  const { driver, file, patience } = threads.workerData as Opening
  const port = threads.parentPort!
  const Driver = load(driver) as typeof Database
  let opened: Database.Database | undefined
  const open = () => {
    const db = new Driver(file, { timeout: patience })
    db.pragma('synchronous = NORMAL')
    db.pragma(`cache_size = -${String(cache)}`)
    db.pragma(`wal_autocheckpoint = ${String(walPages)}`)
    return db
  }
  const statements = new Map<string, Database.Statement>()
  const prepared = (db: Database.Database, sql: string) => {
    const statement = statements.get(sql) ?? db.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  const pause = new Int32Array(new SharedArrayBuffer(4))

  /** Answers with the name of the check that failed: then it has changed nothing. */
  const run = (
    db: Database.Database,
    { checks, steps }: Transaction<string>,
  ): string | undefined => {
    for (const { name, sql, values, answer } of checks) {
      const found: unknown = prepared(db, sql).pluck().get(values)
      if (found !== answer) return name
    }
    for (const { sql, values } of steps) {
      const statement = prepared(db, sql)
      for (const each of values) statement.run(each)
    }
    return undefined
  }

  const transact = (all: readonly Transaction<string>[]): readonly Outcome[] => {
    try {
      const db = (opened ??= open())
      return db.transaction(() => all.map((each) => ({ failed: run(db, each) }))).immediate()
    } catch (error) {
      // One of them spoiled it for all.
      if (all.length > 1) return all.flatMap((each) => transact([each]))
      const { message, code } = error as { message: string; code: unknown }
      return [{ message, code }]
    }
  }

  let waiting: Transaction<string>[] = []
  port.on('message', (message: ToThread) => {
    if (message === 'end') {
      opened?.pragma('wal_checkpoint(PASSIVE)')
      opened?.close()
      port.close()
      return
    }
    if (message !== 'write') {
      waiting.push(message)
      return
    }
    const began = performance.now()
    const all = waiting
    waiting = []
    port.postMessage(transact(all))
    Atomics.wait(pause, 0, 0, rest * (performance.now() - began))
  })
}

interface Asked {
  readonly done: (failed: never) => void
  readonly failed: (error: unknown) => void
}

/** Waits for other processes for `patience` ms, and writes only inside of `alone`. */
export const openAside = (
  file: string,
  patience: number,
  alone: (write: () => Promise<void>) => Promise<void> = (write) => write(),
): Aside => {
  const driver = createRequire(import.meta.url).resolve('better-sqlite3')
  const workerData: Opening = { driver, file, patience }
  const program = `(${serve.toString()})(require, ${[REST, CACHE, WAL_PAGES].join()})`
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MB }
  const worker = new Worker(program, { eval: true, workerData, resourceLimits })
  worker.unref()
  const tell = (message: ToThread) => {
    worker.postMessage(message)
  }
  let waiting: Asked[] = []
  /** Being written. */
  let asked: readonly Asked[] = []
  let written: (() => void) | undefined
  let ended: Error | undefined
  const end = (error: Error) => {
    ended ??= error
    for (const { failed } of [...asked, ...waiting]) failed(ended)
    asked = waiting = []
    written?.()
  }
  worker.on('error', end)
  worker.on('exit', () => {
    end(new Error('the thread has ended'))
  })
  worker.on('message', (outcomes: readonly Outcome[]) => {
    for (const [index, outcome] of outcomes.entries()) {
      const { done, failed } = asked[index]!
      if ('failed' in outcome) done(outcome.failed as never)
      else failed(Object.assign(new Error(outcome.message), { code: outcome.code }))
    }
    asked = []
    written?.()
  })

  const write = () =>
    new Promise<void>((done) => {
      written = done
      asked = waiting
      waiting = []
      tell('write')
    })
  let writing = false
  let closing = false
  const writeAll = async () => {
    if (writing) return
    writing = true
    worker.ref()
    while (waiting.length > 0) await alone(write)
    // Whoever closes it waits for its end, and may have nothing else that keeps the process alive.
    if (!closing) worker.unref()
    writing = false
  }

  return {
    transact: (transaction) =>
      new Promise((done, failed) => {
        if (ended !== undefined) {
          failed(ended)
          return
        }
        waiting.push({ done, failed })
        tell(transaction)
        void writeAll()
      }),
    close: async () => {
      if (ended !== undefined) return
      closing = true
      worker.ref()
      tell('end')
      await once(worker, 'exit')
    },
  }
}

/** Whether a thread can open it, too. */
export const isInFile = (file: string): boolean => file !== MEMORY
