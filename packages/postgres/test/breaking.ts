/** Connections that are cut, and processes that are killed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Append } from '@threadbook/sourcing'
import type pg from 'pg'

/**
 * Ends what `pool` has open, and what was opened by its settings, by a connection of another.
 * Where nothing is open, since it was cut a moment ago, it waits for what comes next.
 */
export const cutAll = async (pool: pg.Pool, aside: pg.Pool): Promise<void> => {
  for (const deadline = Date.now() + 5_000; Date.now() < deadline; await sleep(1)) {
    const { rowCount } = await aside.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1',
      [pool.options.application_name],
    )
    if (rowCount! > 0) return
  }
  throw new Error('there was no connection to cut')
}

/** ReadyForQuery, outside of a transaction: what was asked is committed. */
const COMMITTED = Buffer.from('Z\0\0\0\x05I')

/**
 * Between a client and the server: keeps back what the server answers to an append, and tells once
 * that is all there.
 */
const startWithholding = async (server: pg.PoolConfig, onStored: () => void) => {
  const sockets = new Set<Socket>()
  const serve = (client: Socket) => {
    const upstream = connect(`${server.host!}/.s.PGSQL.5432`)
    let appends = false
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
    }
    client.on('data', (chunk: Buffer) => {
      appends ||= /\.append(_one)?\(\$1/.test(chunk.toString('latin1'))
      upstream.write(chunk)
    })
    upstream.on('data', (chunk: Buffer) => {
      if (!appends) client.write(chunk)
      else if (chunk.subarray(-COMMITTED.length).equals(COMMITTED)) onStored()
    })
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  }
  const listener = createServer(serve).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as { port: number }
  return {
    config: { ...server, host: '127.0.0.1', port },
    close: () => {
      listener.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** A process of its own appends, and is killed when that is stored, before any of the answer comes. */
export const appendAndDie = async (
  server: pg.PoolConfig,
  schema: string,
  append: Append,
): Promise<void> => {
  const between = await startWithholding(server, () => child.kill('SIGKILL'))
  const child = spawn(
    process.execPath,
    [
      join(__dirname, 'programs', 'append.mjs'),
      JSON.stringify(between.config),
      schema,
      JSON.stringify(append),
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  )
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  between.close()
  if (signal !== 'SIGKILL') throw new Error('the process was answered')
}
