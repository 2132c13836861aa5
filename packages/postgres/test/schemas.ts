/** Schemas to be used again, emptied: making one takes as long as most tests. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'

const TABLES =
  'streams events projections counters watched watched_counts parked skipped checkpoints leases keys blobs search_state search_entries'
const SEQUENCES = 'positions stream_numbers projection_numbers'

export interface Schemas {
  /** One with nothing in it. */
  readonly take: () => Promise<string>
  /** Once more: it is given back as often as it was taken. */
  readonly share: (schema: string) => void
  readonly giveBack: (schema: string) => void
}

export const schemas = (pool: () => pg.Pool): Schemas => {
  const free: string[] = []
  const users = new Map<string, number>()

  const empty = async (schema: string) => {
    const s = pg.escapeIdentifier(schema)
    const { rows } = await pool().query<{ row_table: string }>(
      `SELECT row_table FROM ${s}.projections`,
    )
    await pool().query(
      [
        ...rows.map(({ row_table }) => `DROP TABLE ${s}.${pg.escapeIdentifier(row_table)}`),
        ...TABLES.split(' ').map((table) => `DELETE FROM ${s}.${table}`),
        ...SEQUENCES.split(' ').map((sequence) => `ALTER SEQUENCE ${s}.${sequence} RESTART`),
      ].join(';'),
    )
  }

  const share = (schema: string) => {
    users.set(schema, (users.get(schema) ?? 0) + 1)
  }

  return {
    take: async () => {
      const used = free.pop()
      if (used !== undefined) await empty(used)
      const schema = used ?? `kit ${randomUUID()}`
      share(schema)
      return schema
    },
    share,
    giveBack: (schema) => {
      const left = users.get(schema)! - 1
      users.set(schema, left)
      if (left === 0) free.push(schema)
    },
  }
}
