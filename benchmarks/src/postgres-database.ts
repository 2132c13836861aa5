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

/** A database that nobody has used before. */
export const newDatabase = async ({ folder }: Pick<Run, 'folder'>): Promise<string> => {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '_')
  const client = new pg.Client(databaseUrl('postgres'))
  await client.connect()
  await client.query(`CREATE DATABASE ${name}`)
  await client.end()
  return databaseUrl(name)
}
