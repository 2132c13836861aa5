/**
 * Who waits for events hears that there are some: by LISTEN, and by looking from time to time, for
 * what a dying process left untold and where LISTEN cannot be.
 */
import { randomUUID } from 'node:crypto'
import { setInterval, setTimeout } from 'node:timers'
import { backOff, wakeup, type Wakeup } from '@threadbook/sourcing'
import pg from 'pg'
import { configOf, cut, WITHOUT_WAITING, type Database } from './database.js'
import type { Statement } from './question.js'
import { quoted } from './identifiers.js'

export interface NewsOptions {
  /**
   * How to connect for LISTEN, where the pool's own way does not do because a pooler in
   * transaction mode is in between; false: not at all, new events are found by looking only.
   */
  readonly listen?: string | pg.PoolConfig | false | undefined
  /** Milliseconds between two looks; 1,000 unless told. */
  readonly lookEvery?: number | undefined
}

export interface News {
  readonly wakeup: Wakeup
  /** Something was appended. */
  readonly tell: () => void
  readonly close: () => Promise<void>
}

/**
 * A NOTIFY inside the appends would make them commit one after another. So a process tells after
 * the fact, and no more often than this.
 */
const TELL_EVERY_MS = 25

/** Listening goes on for a while where nobody waits just now: readers come back. */
const LINGER_MS = 10_000

export const newsOf = (
  db: Database,
  schema: string,
  { listen, lookEvery = 1_000 }: NewsOptions = {},
): News => {
  const channel = quoted(schema)
  const own = randomUUID()
  let listener: pg.Client | undefined
  let retry: NodeJS.Timeout | undefined
  let linger: NodeJS.Timeout | undefined

  const hangUp = () => {
    clearTimeout(retry)
    clearTimeout(linger)
    retry = undefined
    if (listener === undefined) return
    const leaving = listener
    listener = undefined
    leaving.end().catch(() => undefined)
    cut(leaving)
  }

  const ring = (attempt: number) => {
    retry = undefined
    if (listen === false) return
    const client = new pg.Client(listen === undefined ? db.config : configOf(listen))
    listener = client
    let heard = false
    const again = () => {
      if (listener !== client) return
      listener = undefined
      cut(client)
      retry = setTimeout(ring, backOff(attempt), heard ? 0 : attempt + 1).unref()
    }
    client.on('error', again)
    client.on('end', again)
    client.on('notification', ({ payload }) => {
      // Of its own appends a process knew before it told.
      if (payload !== own) signal.wake()
    })
    client
      .connect()
      .then(() => client.query(`LISTEN ${channel}`))
      .then(() => {
        heard = true
        // What came before it listened was told to nobody.
        signal.wake()
      }, again)
  }

  const signal = wakeup(() => {
    clearTimeout(linger)
    if (listener === undefined && retry === undefined) ring(0)
    const timer = setInterval(() => {
      signal.wake()
    }, lookEvery).unref()
    return () => {
      clearInterval(timer)
      linger = setTimeout(hangUp, LINGER_MS).unref()
    }
  })

  // Who listens loses its connection when the server crashes: nothing to be kept for it.
  const telling: Statement = {
    text: `SELECT ${WITHOUT_WAITING}, pg_notify($1, $2)`,
    values: [schema, own],
  }
  let told: Promise<void> | undefined
  let more = false
  let endPause = (): void => undefined
  const pause = () =>
    signal.closed()
      ? Promise.resolve()
      : new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, TELL_EVERY_MS)
          endPause = () => {
            clearTimeout(timer)
            resolve()
          }
        })

  const tellAll = async (): Promise<void> => {
    do {
      more = false
      // Whoever is not told finds out by looking.
      await db.run(telling).catch(() => undefined)
      await pause()
    } while (more)
    told = undefined
  }

  return {
    wakeup: signal,
    tell: () => {
      signal.wake()
      more = true
      told ??= tellAll()
    },
    close: async () => {
      if (!signal.closed()) signal.close()
      endPause()
      await told
      hangUp()
    },
  }
}
