/** How the server goes about what it is asked on a log that it knows nothing of. */
import type pg from 'pg'
import { metadata } from './fixtures.js'

/**
 * A log without statistics, and much of everything. Each stream has five events, far apart, as
 * conversations have; every other is a note. One event in a thousand is rare.
 */
export const fillUnanalysed = (pool: pg.Pool, s: string, events: number): Promise<unknown> =>
  pool.query(`
    ALTER TABLE ${s}.events SET (autovacuum_enabled = false);
    ALTER TABLE ${s}.streams SET (autovacuum_enabled = false);
    INSERT INTO ${s}.streams SELECT n, (CASE n % 2 WHEN 0 THEN 'note' ELSE 'task' END) || '-acme.' || n
      FROM generate_series(1, ${String(events / 5)}) n;
    INSERT INTO ${s}.events
      SELECT n, (n - 1) % ${String(events / 5)} + 1, (n - 1) / ${String(events / 5)}, gen_random_uuid(),
        CASE WHEN n % 1000 = 0 THEN 'Rare' ELSE 'Put' END, '{}', '${JSON.stringify(metadata)}'
      FROM generate_series(1, ${String(events)}) n;
    SELECT setval('${s}.positions', ${String(events)}), setval('${s}.stream_numbers', ${String(events / 5)});
  `)

/** The plans of all queries of more than one table inside the functions that a statement calls. */
export const plansIn = async (
  pool: pg.Pool,
  text: string,
  values: readonly unknown[],
): Promise<readonly string[]> => {
  const client = await pool.connect()
  const plans: string[] = []
  const hear = ({ message }: { message: string | undefined }) => plans.push(message ?? '')
  client.on('notice', hear)
  try {
    await client.query(`
      LOAD 'auto_explain'; BEGIN;
      SET LOCAL auto_explain.log_min_duration = 0; SET LOCAL auto_explain.log_nested_statements = on;
      SET LOCAL auto_explain.log_analyze = on; SET LOCAL auto_explain.log_level = notice;
    `)
    await client.query(text, [...values])
    await client.query('COMMIT')
  } finally {
    client.release(true)
  }
  return plans.filter((plan) => /JOIN|LATERAL/.test(plan))
}

/** The most rows that a step of a plan went through. */
export const mostRows = (plan: string): number =>
  Math.max(
    ...[...plan.matchAll(/rows=([\d.]+) loops=(\d+)/g)].map((m) => Number(m[1]) * Number(m[2])),
  )
