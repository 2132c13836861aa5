/**
 * Writes of one process, one after another in the order they came. Those that wait at the same time
 * share a transaction, so that they share its commit (with synchronous=FULL the dearest part).
 */
import { performance } from 'node:perf_hooks'
import { setImmediate, setTimeout } from 'node:timers'
import type { Database } from 'better-sqlite3'
import { isBusy } from './faults.js'
import { BLOCKING_MS, lockedFor, pause } from './patience.js'

const MOST_JOBS = 128
/** How long a shared transaction takes in further jobs, and how long we go on without a pause. */
const SLICE_MS = 10

interface Job {
  /** Runs inside a transaction, and again if that has to be rolled back because of others. */
  readonly work: () => unknown
  readonly done: (result: never) => void
  readonly failed: (error: unknown) => void
}

export interface WriterEvents {
  /** What was remembered of the file may be wrong: another process wrote, or we rolled back. */
  readonly forget: () => void
  /** Inside the transaction, after its jobs. */
  readonly beforeCommit?: () => void
  /** Before the jobs' callers hear of it. */
  readonly afterCommit?: () => void
}

export interface Writer {
  /** `work` writes nothing where it answers without an effect; throwing undoes what it did. */
  readonly write: <A>(work: () => A) => Promise<A>
  /** Writes wait while this is done, which writes to the file elsewhere: nobody is in the way. */
  readonly standBack: <A>(work: () => Promise<A>) => Promise<A>
  readonly idle: () => Promise<void>
  /** What was remembered of the file is right: nobody else has written since. */
  readonly isRemembered: () => boolean
}

export const writer = (
  driver: Database,
  patience: number,
  checkVersion: () => void,
  events: () => readonly WriterEvents[],
): Writer => {
  const begin = driver.prepare('BEGIN IMMEDIATE')
  const commit = driver.prepare('COMMIT')
  const rollback = driver.prepare('ROLLBACK')
  const dataVersion = driver.prepare('PRAGMA data_version').pluck()

  let jobs: Job[] = []
  /** So many jobs at the head run alone: one of them spoiled the transaction they shared. */
  let alone = 0
  let scheduled = false
  /** So many write elsewhere. */
  let elsewhere = 0
  let attempt = 0
  let waitingSince: number | undefined
  let seenVersion: unknown
  let turnBegan: number | undefined
  let onIdle: (() => void)[] = []

  const forget = () => {
    for (const listener of events()) listener.forget()
  }

  const open = () => {
    begin.run()
    const version = dataVersion.get()
    if (version === seenVersion) return
    forget()
    checkVersion()
    seenVersion = version
  }

  const undo = () => {
    try {
      // Some errors (a full disk) roll back by themselves.
      if (driver.inTransaction) rollback.run()
    } catch {
      // The error that led here is the one to tell; the next transaction finds what became of it.
    }
    forget()
  }

  const settle = (count: number, tell: (job: Job, index: number) => void) => {
    const settled = jobs.slice(0, count)
    jobs = jobs.slice(count)
    alone = Math.max(0, alone - count)
    settled.forEach(tell)
  }

  /** One transaction with as many jobs as fit; false where another process is in the way. */
  const transact = (): boolean => {
    const results: unknown[] = []
    const began = performance.now()
    try {
      open()
      do results.push(jobs[results.length]!.work())
      while (
        alone === 0 &&
        results.length < Math.min(jobs.length, MOST_JOBS) &&
        performance.now() - began < SLICE_MS
      )
      for (const listener of events()) listener.beforeCommit?.()
      commit.run()
    } catch (error) {
      const tried = Math.min(results.length + 1, jobs.length)
      undo()
      if (isBusy(error)) return false
      if (alone === 0 && tried > 1) alone = tried
      else
        settle(1, ({ failed }) => {
          failed(error)
        })
      return true
    }
    for (const listener of events()) listener.afterCommit?.()
    settle(results.length, ({ done }, index) => {
      done(results[index] as never)
    })
    return true
  }

  const later = (milliseconds?: number) => {
    scheduled = true
    if (milliseconds === undefined) setImmediate(drain)
    else setTimeout(drain, milliseconds)
  }

  const drain = (): void => {
    scheduled = false
    if (elsewhere > 0) return
    if (turnBegan === undefined) {
      turnBegan = performance.now()
      setImmediate(() => {
        turnBegan = undefined
      })
    }
    while (jobs.length > 0) {
      // Awaited appends follow each other without the event loop ever turning: let others run.
      if (turnBegan !== undefined && performance.now() - turnBegan > SLICE_MS) {
        later()
        return
      }
      if (transact()) {
        attempt = 0
        waitingSince = undefined
        continue
      }
      waitingSince ??= performance.now() - BLOCKING_MS
      if (performance.now() - waitingSince > patience) {
        waitingSince = undefined
        settle(jobs.length, ({ failed }) => {
          failed(lockedFor(patience))
        })
        continue
      }
      later(pause(attempt++))
      return
    }
    const idle = onIdle
    onIdle = []
    for (const tell of idle) tell()
  }

  const soon = () => {
    if (scheduled) return
    scheduled = true
    queueMicrotask(drain)
  }

  return {
    isRemembered: () => seenVersion !== undefined && dataVersion.get() === seenVersion,
    write: (work) =>
      new Promise((done, failed) => {
        jobs.push({ work, done, failed })
        soon()
      }),
    standBack: async (work) => {
      elsewhere++
      try {
        return await work()
      } finally {
        elsewhere--
        if (jobs.length > 0) soon()
      }
    },
    idle: () =>
      jobs.length === 0 && !scheduled
        ? Promise.resolve()
        : new Promise((resolve) => {
            onIdle.push(resolve)
          }),
  }
}
