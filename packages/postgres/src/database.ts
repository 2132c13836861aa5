/**
 * A pool of connections that heals itself: what a broken connection, a restarting server or a
 * deadlock leave undone is tried again, as far as that is safe.
 */
import { createHash } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { performance } from 'node:perf_hooks'
import { clearInterval, setInterval } from 'node:timers'
import { setTimeout as sleep } from 'node:timers/promises'
import { types } from 'node:util'
import { backOff } from '@threadbook/sourcing'
import pg from 'pg'
import { asRefused, mayConnectLater, troubleOf, Unanswered, type Trouble } from './faults.js'
import { Question, type SqlRow, type Statement } from './question.js'

export interface DatabaseOptions {
  /** Milliseconds to go on trying to reach the server before `Unavailable`; 10,000 unless told. */
  readonly patience?: number | undefined
  /** Milliseconds to wait for one answer before its connection counts as broken; 30,000 unless told. */
  readonly answerWithin?: number | undefined
}

/**
 * A statement to be prepared. Its name follows from its text: behind a pooler others may have
 * prepared theirs on the same connection.
 */
export const prepared = (text: string): Pick<Statement, 'name' | 'text'> => ({
  name: `threadbook_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`,
  text,
})

/**
 * Selected in a statement, it commits without waiting for the disk. Only for what may be lost when
 * the server crashes, never in part, and with all that was committed later.
 */
export const WITHOUT_WAITING = `set_config('synchronous_commit', 'off', true)`

export type Run = (statement: Statement) => Promise<readonly SqlRow[]>

export interface Database {
  readonly config: pg.PoolConfig
  /** Throws `Refused` or `Unanswered`. `once`: not again where it may have been done already. */
  readonly run: (statement: Statement, sent?: 'again' | 'once') => Promise<readonly SqlRow[]>
  /**
   * As long as it takes, on one connection. Unless it is sent `once`, work that can be repeated: it may
   * run more than once.
   */
  readonly transaction: <A>(work: (run: Run) => Promise<A>, sent?: 'again' | 'once') => Promise<A>
  /** Lets what was begun finish; again: nothing more. */
  readonly close: () => Promise<void>
}

const CONNECTIONS = 16
const LONGEST_PAUSE_MS = 1_000

/** A host's own pool is used as it is, and left open. */
export type ConnectTo = string | pg.PoolConfig | pg.Pool

const isPool = (connectTo: ConnectTo): connectTo is pg.Pool =>
  typeof connectTo === 'object' && 'connect' in connectTo

/** Settings of ours that a host's own override. */
export const configOf = (connectTo: string | pg.PoolConfig): pg.PoolConfig => ({
  max: CONNECTIONS,
  connectionTimeoutMillis: 10_000,
  keepAlive: true,
  application_name: 'threadbook',
  ...(typeof connectTo === 'string' ? { connectionString: connectTo } : connectTo),
})

/** A statement failed; whatever else is thrown in the middle of the work is the caller's own. */
class Failed extends Error {
  readonly trouble: Trouble
  override readonly cause: Error
  constructor(trouble: Trouble, cause: Error) {
    super(cause.message)
    this.trouble = trouble
    this.cause = cause
  }
}

/** Breaks a connection at once, where `end()` would wait for an answer that never comes. */
export const cut = (client: pg.ClientBase): void => {
  ;(
    client as unknown as { connection: { stream: { destroy: () => void } } }
  ).connection.stream.destroy()
}

/** Connections that break while idle are replaced; whoever needs one hears of what is wrong. */
const ignore = () => undefined

/**
 * What is wrong is told by answers; an event that nobody hears would end the process. It may come
 * right behind the word that the connection is ready.
 */
const listen = (client: pg.ClientBase): void => {
  if (!client.listeners('error').includes(ignore)) client.on('error', ignore)
}

export const openDatabase = (
  connectTo: ConnectTo,
  { patience = 10_000, answerWithin = 30_000 }: DatabaseOptions = {},
): Database => {
  const config = isPool(connectTo) ? connectTo.options : configOf(connectTo)
  const pool = isPool(connectTo) ? connectTo : new pg.Pool(config)
  pool.on('error', ignore)
  pool.on('connect', listen)
  const closing = new AbortController()
  setMaxListeners(0, closing.signal)
  let closed: Promise<void> | undefined
  let running = 0
  let finished: (() => void) | undefined
  /** Until a pooler shows that connections are not ours alone. */
  let named = true

  /** When the connections that are asked have to have answered. */
  const deadlines = new Map<pg.ClientBase, number>()
  let watch: NodeJS.Timeout | undefined
  const cutOverdue = () => {
    const now = performance.now()
    for (const [client, deadline] of deadlines) if (now > deadline) cut(client)
    if (deadlines.size > 0) return
    clearInterval(watch)
    watch = undefined
  }

  const ask = async (
    client: pg.ClientBase,
    statement: Statement,
    within: number,
  ): Promise<readonly SqlRow[]> => {
    deadlines.set(client, performance.now() + within)
    // One timer for all: a timer for each would cost more than the rest of this function.
    watch ??= setInterval(cutOverdue, Math.min(1_000, answerWithin)).unref()
    try {
      return await new Promise<readonly SqlRow[]>((resolve, reject) => {
        client.query(new Question(named ? statement.name : undefined, statement, resolve, reject))
      })
    } catch (error) {
      throw new Failed(troubleOf(error), error as Error)
    } finally {
      deadlines.delete(client)
    }
  }

  const connect = async (): Promise<pg.PoolClient | Error> => {
    try {
      return await pool.connect()
    } catch (error) {
      if (!mayConnectLater(error)) throw asRefused(error)
      return error as Error
    }
  }

  const attempts = async <A>(
    work: (client: pg.PoolClient) => Promise<A>,
    sent: 'again' | 'once',
  ): Promise<A> => {
    let deadline: number | undefined
    let mayBeDone = false
    for (let attempt = 0; ; attempt++) {
      if (closed !== undefined) throw new Unanswered('closed', mayBeDone)
      const client = await connect()
      let problem: Error
      if (types.isNativeError(client)) problem = client
      else {
        listen(client) // It may be older than we are.
        try {
          const answer = await work(client)
          client.release()
          return answer
        } catch (error) {
          const trouble = error instanceof Failed ? error.trouble : undefined
          client.release(trouble === 'lost')
          if (!(error instanceof Failed)) throw error
          if (trouble === 'refused') throw asRefused(error.cause)
          if (trouble === 'unnamed') named = false
          problem = error.cause
          if (trouble === 'lost') mayBeDone = true
          if (mayBeDone && sent === 'once') throw new Unanswered(problem.message, mayBeDone)
        }
      }
      deadline ??= performance.now() + patience
      if (performance.now() > deadline) throw new Unanswered(problem.message, mayBeDone)
      // The first time at once: it is most often one connection that broke while it was idle.
      if (attempt > 0)
        await sleep(Math.min(LONGEST_PAUSE_MS, backOff(attempt - 1)), undefined, {
          signal: closing.signal,
        }).catch(() => undefined)
    }
  }

  const persistently: typeof attempts = async (work, sent) => {
    running++
    try {
      return await attempts(work, sent)
    } finally {
      if (--running === 0) finished?.()
    }
  }

  const shut = async () => {
    if (running > 0)
      await new Promise<void>((resolve) => {
        finished = resolve
      })
    clearInterval(watch)
    if (isPool(connectTo)) pool.off('error', ignore).off('connect', listen)
    else await pool.end()
  }

  const inTransaction = async <A>(
    client: pg.PoolClient,
    work: (run: Run) => Promise<A>,
  ): Promise<A> => {
    const run: Run = (statement) => ask(client, statement, Infinity)
    await run({ text: 'BEGIN' })
    try {
      const answer = await work(run)
      await run({ text: 'COMMIT' })
      return answer
    } catch (error) {
      await run({ text: 'ROLLBACK' }).catch(() => {
        cut(client)
      })
      throw error
    }
  }

  return {
    config,
    run: (statement, sent = 'again') =>
      persistently((client) => ask(client, statement, answerWithin), sent),
    transaction: (work, sent = 'again') =>
      persistently((client) => inTransaction(client, work), sent),
    close: () => {
      closed ??= shut()
      closing.abort()
      return closed
    },
  }
}
