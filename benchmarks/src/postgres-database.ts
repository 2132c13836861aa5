import { basename } from 'node:path'
import pg from 'pg'
import type { Run } from './scenario.js'

export const SERVER_URL = 'THREADBOOK_BENCH_POSTGRES'

/** The server's own settings: what all subjects run with. */
export const POSTGRES = 'PostgreSQL 18 on loopback, fsync and synchronous_commit on'

/** A connection to a database by name, on the server that the run was given. */
export const databaseUrl = (name: string): string => {
  const server = process.env[SERVER_URL]
  if (server === undefined) throw new Error(`expected ${SERVER_URL} to name a server`)
  return `${server}/${name}`
}

const asAdministrator = async <A>(work: (client: pg.Client) => Promise<A>): Promise<A> => {
  const client = new pg.Client(databaseUrl('postgres'))
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const nameFor = ({ folder }: Pick<Run, 'folder'>) =>
  basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '_')

/** A database that nobody has used before. */
export const newDatabase = async (run: Pick<Run, 'folder'>): Promise<string> => {
  const name = nameFor(run)
  await asAdministrator((client) => client.query(`CREATE DATABASE ${name}`))
  return databaseUrl(name)
}

/** A copy of a database that the first run to ask for it has filled; with statistics, as in use. */
export const copiedDatabase = async (
  run: Pick<Run, 'folder'>,
  original: string,
  fill: (url: string) => Promise<void>,
): Promise<string> => {
  const isThere = await asAdministrator(async (client) => {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [original])
    return found.rows.length > 0
  })
  if (!isThere) {
    const part = `${original}_part`
    await asAdministrator((client) => client.query(`CREATE DATABASE ${part}`))
    await fill(databaseUrl(part))
    const client = new pg.Client(databaseUrl(part))
    await client.connect()
    await client.query('VACUUM ANALYZE')
    await client.end()
    await asAdministrator((client) => client.query(`ALTER DATABASE ${part} RENAME TO ${original}`))
  }
  const name = nameFor(run)
  await asAdministrator((client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${original}`))
  return databaseUrl(name)
}
