/** What the tables are, how a schema says so, and how an older one becomes one of today. */
import type { Database } from './database.js'
import type { Statement } from './question.js'
import { literalText, MOST_BYTES, quoted } from './identifiers.js'
import { appendEachFunction, logFunctions } from './log-functions.js'
import { readAllFunction } from './read-all.js'
import { readEachFunction } from './read-stream.js'
import { readStreamsFunction } from './read-streams.js'

/**
 * `steps[n]` turns version n into n + 1. Released ones never change. `s` is the schema's name,
 * ready for SQL; `own` a text that no other schema has.
 */
const steps: readonly ((s: string, own: string) => string)[] = [
  (s, own) => `
    CREATE SEQUENCE ${s}.positions;
    CREATE SEQUENCE ${s}.stream_numbers;
    CREATE TABLE ${s}.streams (
      no bigint PRIMARY KEY,
      name text COLLATE "C" NOT NULL UNIQUE
    );
    -- Text, never jsonb, which refuses NUL and lone surrogates.
    CREATE TABLE ${s}.events (
      position bigint PRIMARY KEY,
      stream bigint NOT NULL,
      revision integer NOT NULL,
      id uuid NOT NULL,
      type text COLLATE "C" NOT NULL,
      data text NOT NULL,
      metadata text NOT NULL,
      UNIQUE (stream, revision),
      UNIQUE (stream, id)
    );
    CREATE INDEX events_of_type ON ${s}.events (type, position);
    ${logFunctions(s, own)}

    CREATE SEQUENCE ${s}.projection_numbers;
    -- Another version of a projection has another number.
    CREATE TABLE ${s}.projections (
      no bigint PRIMARY KEY,
      name text COLLATE "C" NOT NULL UNIQUE,
      version integer NOT NULL,
      row_table text NOT NULL,
      columns text NOT NULL,
      checkpoint text COLLATE "C"
    );
    CREATE TABLE ${s}.counters (
      projection bigint NOT NULL,
      name text COLLATE "C" NOT NULL,
      value bigint NOT NULL,
      PRIMARY KEY (projection, name)
    );
    CREATE TABLE ${s}.parked (
      projection bigint NOT NULL,
      position text COLLATE "C" NOT NULL,
      key text COLLATE "C" NOT NULL,
      error text,
      PRIMARY KEY (projection, position, key)
    );
    CREATE TABLE ${s}.checkpoints (
      name text COLLATE "C" PRIMARY KEY,
      position text COLLATE "C" NOT NULL
    );

    CREATE TABLE ${s}.keys (
      name text COLLATE "C" PRIMARY KEY,
      bytes bytea NOT NULL,
      wrapped_by bytea GENERATED ALWAYS AS (substring(bytes FROM 1 FOR 8)) STORED
    );
    CREATE INDEX keys_by_wrapping ON ${s}.keys (wrapped_by);
    CREATE TABLE ${s}.blobs (
      id text COLLATE "C" PRIMARY KEY,
      bytes bytea NOT NULL
    );
    -- Ciphertext cannot be compressed.
    ALTER TABLE ${s}.blobs ALTER COLUMN bytes SET STORAGE EXTERNAL;
  `,
  (s) => `
    -- Unique together, so that another holder, and no sign of life, is a change of a key: that is
    -- what a checkpoint that moves under the lease keeps away (FOR KEY SHARE).
    CREATE TABLE ${s}.leases (
      name text COLLATE "C" PRIMARY KEY,
      holder text NOT NULL,
      beat bigint NOT NULL,
      UNIQUE (name, holder)
    );
  `,
  (s) => `
    CREATE TABLE ${s}.search_state (
      version integer NOT NULL,
      first_event text NOT NULL,
      checkpoint text COLLATE "C"
    );
    -- In the order in which they were put.
    CREATE TABLE ${s}.search_entries (
      no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text COLLATE "C" NOT NULL UNIQUE,
      row text COLLATE "C" NOT NULL,
      origin text COLLATE "C" NOT NULL,
      source text NOT NULL,
      text text COLLATE "C" NOT NULL,
      words tsvector NOT NULL,
      keys text[] COLLATE "C" NOT NULL
    );
    CREATE INDEX search_entries_by_row ON ${s}.search_entries (row);
    CREATE INDEX search_entries_by_origin ON ${s}.search_entries (origin);
    CREATE INDEX search_entries_by_words ON ${s}.search_entries USING gin (words);
    CREATE INDEX search_entries_by_keys ON ${s}.search_entries USING gin (keys) WHERE keys <> '{}';
  `,
  (s) => `
    ALTER TABLE ${s}.projections ADD COLUMN watch_changes bigint NOT NULL DEFAULT 0;
    CREATE TABLE ${s}.watched (
      no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      projection bigint NOT NULL,
      part text COLLATE "C" NOT NULL,
      name text COLLATE "C" NOT NULL,
      filter text NOT NULL,
      -- The key of the last row that was looked at.
      up_to text COLLATE "C",
      done boolean NOT NULL DEFAULT false,
      UNIQUE (projection, part, name)
    );
    CREATE TABLE ${s}.watched_counts (
      watched bigint NOT NULL,
      counted_by text COLLATE "C" NOT NULL,
      count bigint NOT NULL,
      PRIMARY KEY (watched, counted_by)
    );
  `,
  (s) => `
    ALTER TABLE ${s}.parked
      ADD COLUMN IF NOT EXISTS stream text NOT NULL DEFAULT '',
      ADD COLUMN IF NOT EXISTS revision integer NOT NULL DEFAULT 0,
      ADD COLUMN IF NOT EXISTS type text NOT NULL DEFAULT '',
      ADD COLUMN IF NOT EXISTS recorded_at text NOT NULL DEFAULT '';
    UPDATE ${s}.parked p SET stream = f.name, revision = e.revision, type = e.type,
      recorded_at = coalesce(substring(e.metadata FROM '"recordedAt":"([^"]*)"'), '')
      FROM ${s}.events e JOIN ${s}.streams f ON f.no = e.stream
      WHERE e.position = CASE WHEN p.position ~ '^[0-9]{1,16}$' THEN p.position::bigint END;
    CREATE INDEX IF NOT EXISTS parked_by_key ON ${s}.parked (projection, key, position);
    CREATE INDEX IF NOT EXISTS parked_broken ON ${s}.parked (projection, position, key) WHERE error IS NOT NULL;
    -- Counts retries: a batch that was folded before one does not know which keys are parked.
    ALTER TABLE ${s}.projections ADD COLUMN IF NOT EXISTS retries bigint NOT NULL DEFAULT 0;
    CREATE TABLE ${s}.skipped (
      projection text COLLATE "C" NOT NULL,
      position text COLLATE "C" NOT NULL,
      key text COLLATE "C" NOT NULL,
      error text NOT NULL,
      stream text NOT NULL,
      revision integer NOT NULL,
      type text NOT NULL,
      recorded_at text NOT NULL,
      reason text NOT NULL,
      skipped_by text NOT NULL,
      skipped_at text NOT NULL,
      PRIMARY KEY (projection, position, key)
    );
  `,
  (s) => `
    -- Each version of a projection has rows of its own, and what is built beside what is served, too.
    ALTER TABLE ${s}.projections ADD COLUMN role text COLLATE "C" NOT NULL DEFAULT 'served';
    ALTER TABLE ${s}.projections DROP CONSTRAINT projections_name_key;
    ALTER TABLE ${s}.projections ADD UNIQUE (name, version, role);
  `,
  readAllFunction,
  readStreamsFunction,
  appendEachFunction,
  readEachFunction,
  (s) => `
    -- What rows begin with stands for the names of their fields. Older software would not read them.
    CREATE TABLE ${s}.row_forms (no bigint PRIMARY KEY, names text NOT NULL);
  `,
]

const OLDEST_SERVER = 13

const refuse = (schema: string, reason: string): Error =>
  new Error(`cannot open the schema ${schema}: ${reason}`)

const refuseServer = async (schema: string, { run }: Database): Promise<void> => {
  const [row] = await run({
    text: `SELECT current_setting('server_version_num')::int / 10000, current_setting('server_version'),
           current_setting('server_encoding'), pg_is_in_recovery()`,
  })
  const [major, version, encoding, inRecovery] = row!
  if (Number(major) < OLDEST_SERVER)
    throw refuse(schema, `PostgreSQL ${version!}, expected ${String(OLDEST_SERVER)} or later`)
  if (encoding !== 'UTF8') throw refuse(schema, `a database in ${encoding!}, expected UTF8`)
  // Whoever reads a standby does not see which appends are under way.
  if (inRecovery === 't') throw refuse(schema, 'a standby server, expected the primary')
}

/** Each sequence, and what it has to be ahead of. */
const sequences = [
  ['positions', 'events', 'position'],
  ['stream_numbers', 'streams', 'no'],
  ['projection_numbers', 'projections', 'no'],
] as const

/** Logical replication copies tables without their sequences: after it they are behind. */
const mendSequences = async (db: Database, s: string, lock: Statement): Promise<void> => {
  const isBehind = sequences.map(
    ([sequence, table, column]) =>
      `(SELECT last_value FROM ${s}.${sequence}) < (SELECT max(${column}) FROM ${s}.${table})`,
  )
  const [row] = await db.run({ text: `SELECT ${isBehind.join(' OR ')}` })
  if (row![0] !== 't') return
  await db.transaction(async (run) => {
    await run(lock)
    for (const [index, [sequence, table, column]] of sequences.entries())
      await run({
        text: `SELECT setval(${literalText(`${s}.${sequence}`)}, (SELECT max(${column}) FROM ${s}.${table}))
               WHERE ${isBehind[index]!}`,
      })
  })
}

/**
 * Makes the schema, or brings an older one up to date; of several hosts that start at once one
 * does it. Rejects where it was written by newer software.
 */
export const migrate = async (db: Database, schema: string): Promise<void> => {
  if (schema === '' || /[\0$]/.test(schema) || Buffer.byteLength(schema) > MOST_BYTES)
    throw refuse(schema, `expected a name of 1 to ${String(MOST_BYTES)} bytes, without $`)
  await refuseServer(schema, db)
  const s = quoted(schema)
  const name = literalText(schema)

  const stored = async (run: Database['run']): Promise<number> => {
    const [there] = await run({
      text: `SELECT count(*) FROM pg_tables WHERE schemaname = ${name} AND tablename = 'schema_version'`,
    })
    if (there![0] === '0') return 0
    const [row] = await run({ text: `SELECT version FROM ${s}.schema_version` })
    const version = Number(row![0])
    if (version > steps.length)
      throw refuse(
        schema,
        `written by newer software (version ${String(version)}, known here are those up to ${String(steps.length)})`,
      )
    return version
  }

  const lock = {
    text: `SELECT pg_advisory_xact_lock(hashtextextended(${literalText(`threadbook schema ${schema}`)}, 0))`,
  }
  if ((await stored(db.run)) === steps.length) return mendSequences(db, s, lock)
  await db.transaction(async (run) => {
    await run(lock)
    const version = await stored(run)
    const [there] = await run({ text: `SELECT count(*) FROM pg_namespace WHERE nspname = ${name}` })
    if (there![0] === '0') await run({ text: `CREATE SCHEMA ${s}` })
    if (version === 0)
      await run({
        text: `CREATE TABLE ${s}.schema_version (version integer NOT NULL);
               INSERT INTO ${s}.schema_version VALUES (0)`,
      })
    for (const step of steps.slice(version)) await run({ text: step(s, name) })
    await run({ text: `UPDATE ${s}.schema_version SET version = ${String(steps.length)}` })
  })
}
