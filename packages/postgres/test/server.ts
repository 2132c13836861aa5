/** A real PostgreSQL for a test file, from its first test to its last. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll } from '@jest/globals'
import pg from 'pg'

/** False where STORES names other stores only. */
export const isWanted = (process.env['STORES'] ?? 'postgres').split(',').includes('postgres')

export interface Server {
  /** How to connect to it; there from the first test on. */
  readonly config: () => pg.PoolConfig
  /** For all who need no connections of their own. */
  readonly pool: () => pg.Pool
  /** A name that was given to nobody else. */
  readonly newSchema: () => string
}

const start = async (): Promise<{ config: pg.PoolConfig; stop: () => Promise<void> }> => {
  const child = spawn(process.execPath, [join(__dirname, 'run-server.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const first = await lines.next()
  if (first.done === true) throw new Error('PostgreSQL did not start')
  return {
    config: JSON.parse(first.value) as pg.PoolConfig,
    stop: async () => {
      child.stdin.end()
      await exited
    },
  }
}

/** To be called at the top of a test file. */
export const server = (): Server => {
  let running: Awaited<ReturnType<typeof start>> | undefined
  let pool: pg.Pool | undefined
  let schemas = 0

  beforeAll(async () => {
    running = await start()
    pool = new pg.Pool({ ...running.config, max: 40 })
    // The server may end before the last connection has.
    pool.on('error', () => undefined)
  }, 60_000)

  afterAll(async () => {
    await pool?.end()
    await running?.stop()
  }, 60_000)

  return {
    config: () => ({ ...running!.config }),
    pool: () => pool!,
    newSchema: () => `test ${String(++schemas)}`,
  }
}
