/**
 * A pool of connections that heals itself: what a broken connection, a restarting server or a
 * deadlock leave undone is tried again, as far as that is safe.
 */
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { backOff } from '@threadbook/sourcing'
import pg from 'pg'
import { asRefused, mayConnectLater, troubleOf, Unanswered } from './faults.js'

export interface DatabaseOptions {
  /** Milliseconds to go on trying to reach the server before `Unavailable`; 10,000 unless told. */
  readonly patience?: number | undefined
  /** Milliseconds to wait for one answer before its connection counts as broken; 30,000 unless told. */
  readonly answerWithin?: number | undefined
}

export interface Statement {
  readonly text: string
  /** Prepares it under this name, once a connection. */
  readonly name?: string
  readonly values?: readonly unknown[]
}

/** Every value as the server writes it. */
export type SqlRow = readonly (string | null)[]
export type Run = (statement: Statement) => Promise<readonly SqlRow[]>

export interface Database {
  readonly config: pg.PoolConfig
  /** Throws `Refused` or `Unanswered`. `once`: not again where it may have been done already. */
  readonly run: (statement: Statement, sent?: 'again' | 'once') => Promise<readonly SqlRow[]>
  /** As long as it takes, on one connection. Work that can be repeated: it may run more than once. */
  readonly transaction: <A>(work: (run: Run) => Promise<A>) => Promise<A>
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

const asText = { getTypeParser: () => (value: string) => value }

/** Breaks a connection at once, where `end()` would wait for an answer that never comes. */
export const cut = (client: pg.ClientBase): void => {
  ;(
    client as unknown as { connection: { stream: { destroy: () => void } } }
  ).connection.stream.destroy()
}

export const openDatabase = (
  connectTo: ConnectTo,
  { patience = 10_000, answerWithin = 30_000 }: DatabaseOptions = {},
): Database => {
  const config = isPool(connectTo) ? connectTo.options : configOf(connectTo)
  const pool = isPool(connectTo) ? connectTo : new pg.Pool(config)
  // Idle connections that break are replaced; whoever needs one hears of what is wrong.
  const ignore = () => undefined
  pool.on('error', ignore)
  const running = new Set<Promise<unknown>>()
  const closing = new AbortController()
  let closed: Promise<void> | undefined
  /** Until a pooler shows that connections are not ours alone. */
  let named = true

  const ask = async (
    client: pg.ClientBase,
    { text, name, values }: Statement,
    within: number,
  ): Promise<readonly SqlRow[]> => {
    const timer = setTimeout(cut, within, client)
    try {
      const { rows } = await client.query({
        text,
        ...(name !== undefined && named ? { name } : {}),
        ...(values === undefined ? {} : { values: values as unknown[] }),
        rowMode: 'array',
        types: asText,
      })
      return rows as SqlRow[]
    } finally {
      clearTimeout(timer)
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
      if (client instanceof Error) problem = client
      else {
        // Told by its answers; an event that nobody hears would end the process.
        client.on('error', ignore)
        const release = (broken: boolean) => {
          client.off('error', ignore)
          client.release(broken)
        }
        try {
          const answer = await work(client)
          release(false)
          return answer
        } catch (error) {
          const trouble = troubleOf(error)
          release(trouble === 'lost')
          if (trouble === 'refused') throw asRefused(error)
          if (trouble === 'unnamed') named = false
          problem = error as Error
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

  const persistently: typeof attempts = (work, sent) => {
    const answer = attempts(work, sent)
    running.add(answer)
    const done = () => void running.delete(answer)
    answer.then(done, done)
    return answer
  }

  const shut = async () => {
    await Promise.allSettled(running)
    pool.off('error', ignore)
    if (!isPool(connectTo)) await pool.end()
  }

  const inTransaction = async <A>(
    client: pg.PoolClient,
    work: (run: Run) => Promise<A>,
  ): Promise<A> => {
    const run: Run = (statement) => ask(client, statement, 2 ** 31 - 1)
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
    transaction: (work) => persistently((client) => inTransaction(client, work), 'again'),
    close: () => {
      closing.abort()
      return (closed ??= shut())
    },
  }
}
