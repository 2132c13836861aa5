/** One stream; of several that are asked for in the same moment what is new, in one round trip. */
import type {
  ReadStreamOptions,
  RecordedEvent,
  StreamName,
  StreamSlice,
} from '@threadbook/sourcing'
import { prepared, type Run } from './database.js'
import type { SqlRow } from './question.js'
import { recorded } from './recorded.js'
import { isUnknown } from './texts.js'
import { together } from './together.js'

const MOST_REVISION = 2 ** 31 - 1

/** Streams that are read together, and the events of each: who has more to come reads alone. */
const MOST_TOGETHER = 64
const MOST_EACH = 32

export const readEachFunction = (s: string): string => `
    -- Of each stream that is there its next events from "firsts" on, so many at most, in their order,
    -- with its place among those asked for; one row without an event where it has none to give.
    CREATE OR REPLACE FUNCTION ${s}.read_each(names text[], firsts bigint[], most bigint)
    RETURNS TABLE (
      "position" bigint, revision integer, id uuid, type text, data text, metadata text, place bigint
    ) LANGUAGE plpgsql STABLE
      SET enable_seqscan = off SET enable_bitmapscan = off
      SET enable_hashjoin = off SET enable_mergejoin = off
      SET jit = off SET plan_cache_mode = force_generic_plan
    AS $$
    #variable_conflict use_column
    BEGIN
      RETURN QUERY
        SELECT e.position, e.revision, e.id, e.type, e.data, e.metadata, n.place
        FROM unnest(names, firsts) WITH ORDINALITY n(name, first, place)
        JOIN ${s}.streams s ON s.name = n.name LEFT JOIN LATERAL (
          SELECT * FROM ${s}.events e WHERE e.stream = s.no AND e.revision >= n.first
          ORDER BY e.revision LIMIT most
        ) e ON true ORDER BY n.place, e.revision;
    END $$;`

const isEvent = ([position]: SqlRow): boolean => position !== null

interface Next {
  readonly stream: StreamName
  readonly first: number
}

export const streamReader = (run: Run, s: string) => {
  const forStream = prepared(`SELECT * FROM ${s}.read_stream($1, $2, $3, $4)`)
  const forEach = prepared(`SELECT * FROM ${s}.read_each($1, $2, $3)`)

  const sliceOf = (stream: StreamName, rows: readonly SqlRow[]): StreamSlice => ({
    exists: rows.length > 0,
    events: rows.filter(isEvent).map((row): RecordedEvent => recorded(stream, row)),
  })

  /** The first few; the rows of each, as `read_stream` would answer. */
  const next = together(
    async (asked: readonly Next[]): Promise<readonly (readonly SqlRow[])[]> => {
      const found = await run({
        ...forEach,
        values: [asked.map(({ stream }) => stream), asked.map(({ first }) => first), MOST_EACH],
      })
      const rows: SqlRow[][] = asked.map(() => [])
      for (const row of found) rows[Number(row[6]) - 1]!.push(row)
      return rows
    },
    { most: MOST_TOGETHER, fits: () => true },
  )

  return async (
    stream: StreamName,
    { from, direction = 'forwards', limit = Infinity }: ReadStreamOptions = {},
  ): Promise<StreamSlice> => {
    if (isUnknown(stream)) return { exists: false, events: [] }
    const backwards = direction === 'backwards'
    const first = Math.min(from ?? (backwards ? MOST_REVISION : 0), MOST_REVISION)
    const read = (first: number, most: number | null) =>
      run({ ...forStream, values: [stream, first, most, backwards] })
    if (backwards) return sliceOf(stream, await read(first, limit === Infinity ? null : limit))
    const some = await next({ stream, first })
    if (some.length < MOST_EACH || limit <= MOST_EACH) return sliceOf(stream, some.slice(0, limit))
    const more = limit === Infinity ? null : limit - MOST_EACH
    return sliceOf(stream, [...some, ...(await read(Number(some.at(-1)![1]) + 1, more))])
  }
}
