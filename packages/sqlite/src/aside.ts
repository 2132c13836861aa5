/**
 * Statements that take long, in a thread of their own: SQLite would hold up the event loop. Writers
 * wait for them one at a time, without blocking anybody.
 */
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type Database from 'better-sqlite3'
import { MEMORY } from './beside.js'

interface Work {
  readonly driver: string
  readonly file: string
  readonly statements: readonly string[]
}

/** Runs in the thread. It travels as text, so it knows nothing that stands around it. */
const carryOut = (load: NodeJS.Require): void => {
  const { workerData } = load('node:worker_threads') as { workerData: Work }
  const Driver = load(workerData.driver) as typeof Database
  const db = new Driver(workerData.file, { timeout: 60_000 })
  try {
    db.pragma('synchronous = NORMAL')
    db.pragma('cache_size = -32000')
    const pause = new Int32Array(new SharedArrayBuffer(4))
    for (const statement of workerData.statements) {
      db.exec(statement)
      // Those who wait get in between.
      Atomics.wait(pause, 0, 0, 10)
    }
  } finally {
    db.close()
  }
}

/** One after the other, each in a transaction of its own. Rejects with what the first one throws. */
export const execAside = async (file: string, statements: readonly string[]): Promise<void> => {
  if (statements.length === 0) return
  const driver = createRequire(import.meta.url).resolve('better-sqlite3')
  const workerData: Work = { driver, file, statements }
  const worker = new Worker(`(${carryOut.toString()})(require)`, { eval: true, workerData })
  await new Promise<void>((resolve, reject) => {
    worker.on('error', reject)
    worker.on('exit', resolve)
  })
}

/** Whether a thread can open it, too. */
export const isInFile = (file: string): boolean => file !== MEMORY
