/** A real PostgreSQL for a test file: one that all files of a run share, or one of its own. */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll } from '@jest/globals'
import pg from 'pg'

export interface Server {
  /** How to connect to it; there from the first test on. */
  readonly config: () => pg.PoolConfig
  /** For all who need no connections of their own. */
  readonly pool: () => pg.Pool
  /** A name that was given to nobody else. */
  readonly newSchema: () => string
}

const program = join(__dirname, 'run-server.mjs')
const START_WITHIN_MS = 60_000

/** The first to come starts it, for as long as the run of tests goes on. */
const sharedConfig = async (): Promise<pg.PoolConfig> => {
  const room = process.env['THREADBOOK_TEST_SERVERS']
  if (room === undefined) throw new Error('expected to be run as one of the *.store.test.ts')
  try {
    closeSync(openSync(join(room, 'postgres.lock'), 'wx'))
    spawn(process.execPath, [program, room], { stdio: 'ignore', detached: true }).unref()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  for (const deadline = Date.now() + START_WITHIN_MS; ; await sleep(50)) {
    try {
      return JSON.parse(readFileSync(join(room, 'postgres.json'), 'utf8')) as pg.PoolConfig
    } catch {
      if (Date.now() > deadline) throw new Error('PostgreSQL did not start')
    }
  }
}

export const urlOf = ({ user, password, database, host }: pg.PoolConfig): string =>
  `postgres://${user!}:${String(password)}@localhost/${database!}?host=${encodeURIComponent(host!)}`

const newSchema = () => `test ${randomUUID()}`

const poolOf = (config: pg.PoolConfig): pg.Pool => {
  // Named, so that its connections can be told from those of other files.
  const pool = new pg.Pool({ ...config, max: 40, application_name: `test ${randomUUID()}` })
  // The server may end before the last connection has.
  pool.on('error', () => undefined)
  return pool
}

/** To be called at the top of a test file. */
export const server = (): Server => {
  let config: pg.PoolConfig | undefined
  let pool: pg.Pool | undefined
  beforeAll(async () => {
    config = await sharedConfig()
    pool = poolOf(config)
  }, START_WITHIN_MS)
  afterAll(() => pool?.end())
  return { config: () => ({ ...config! }), pool: () => pool!, newSchema }
}

interface OwnServer extends Server {
  /** At once: connections are cut, what was not committed is gone. */
  readonly stop: () => Promise<void>
  readonly start: () => Promise<void>
}

/** As `server`, to be stopped and started. */
export const ownServer = (): OwnServer => {
  let config: pg.PoolConfig | undefined
  let pool: pg.Pool | undefined
  let end = async (): Promise<void> => undefined
  let tell = async (_: string): Promise<void> => undefined

  beforeAll(async () => {
    const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] })
    const exited = once(child, 'exit')
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    const first = await lines.next()
    if (first.done === true) throw new Error('PostgreSQL did not start')
    config = JSON.parse(first.value) as pg.PoolConfig
    pool = poolOf(config)
    tell = async (order) => {
      child.stdin.write(`${order}\n`)
      const answer = await lines.next()
      if (answer.value !== order) throw new Error(`PostgreSQL did not ${order}`)
    }
    end = async () => {
      child.stdin.end()
      await exited
    }
  }, START_WITHIN_MS)

  afterAll(async () => {
    await pool?.end()
    await end()
  }, START_WITHIN_MS)

  return {
    config: () => ({ ...config! }),
    pool: () => pool!,
    newSchema,
    stop: () => tell('stop'),
    start: () => tell('start'),
  }
}
