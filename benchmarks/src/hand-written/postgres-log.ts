/** A table, a unique key, one prepared insert: what one would write without a library. */
import type { NewEvent } from '@threadbook/sourcing'
import pg from 'pg'
import { POSTGRES } from '../postgres-database.js'

export const HAND_WRITTEN_POSTGRES = `pg, ${POSTGRES}, one table, one unique key, one prepared insert`

export interface HandWrittenPostgres {
  readonly pool: pg.Pool
  readonly append: (stream: string, revision: number, event: NewEvent) => Promise<unknown>
}

export const handWrittenPostgres = async (
  connectionString: string,
  connections: number,
): Promise<HandWrittenPostgres> => {
  const pool = new pg.Pool({ connectionString, max: connections })
  await pool.query(
    `CREATE TABLE events (position BIGSERIAL PRIMARY KEY, stream TEXT NOT NULL, revision INTEGER
     NOT NULL, id UUID NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL, metadata TEXT NOT NULL,
     UNIQUE (stream, revision))`,
  )
  const insert = {
    name: 'insert',
    text: `INSERT INTO events (stream, revision, id, type, data, metadata)
           VALUES ($1, $2, $3, $4, $5, $6) RETURNING position`,
  }
  return {
    pool,
    append: (stream, revision, { id, type, data, metadata }) =>
      pool.query({
        ...insert,
        values: [stream, revision, id, type, JSON.stringify(data), JSON.stringify(metadata)],
      }),
  }
}
