/** The log stream by stream, as rows are built from it. */
import { positionCount, type ReadStreamsOptions, type StreamsSlice } from '@threadbook/sourcing'
import { prepared, type Run } from './database.js'
import { recorded } from './recorded.js'
import { known } from './texts.js'

/** Streams looked at for one slice, most of which may be of other kinds. */
const STREAMS_LOOKED_AT = 2_000

/**
 * Streams in the order of their numbers, each one's events in theirs: two indexes have these orders,
 * so that nothing is sorted but the events of one stream, as many as are asked for. Planned in one
 * way only, as `read_all` is. What is committed when it begins is all that it sees; up to a settled
 * position that is all there will ever be.
 */
export const readStreamsFunction = (s: string): string => `
    -- At most "most" events up to a position that pass: of one stream from a revision on, then of
    -- those behind it that are looked at. At the end a row without an event: the last stream.
    CREATE OR REPLACE FUNCTION ${s}.read_streams(
      up_to bigint, types text[], prefixes text[], first bigint, from_revision bigint, most bigint
    ) RETURNS TABLE (
      "position" bigint, revision bigint, id uuid, type text, data text, metadata text, stream text,
      no bigint
    ) LANGUAGE plpgsql STABLE
      SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
      SET jit = off SET plan_cache_mode = force_generic_plan
    AS $$
    #variable_conflict use_column
    BEGIN
      RETURN QUERY
        SELECT e.position, e.revision::bigint, e.id, e.type, e.data, e.metadata, s.name, s.no
        FROM ${s}.streams s CROSS JOIN LATERAL (
          SELECT * FROM ${s}.events e
          WHERE e.stream = s.no
            AND e.revision >= CASE s.no WHEN first THEN from_revision ELSE 0 END
            AND e.position <= up_to AND (types IS NULL OR e.type = ANY(types))
          ORDER BY e.revision LIMIT most
        ) e
        WHERE s.no >= first AND s.no < first + ${String(STREAMS_LOOKED_AT)}
          AND (prefixes IS NULL OR s.name ^@ ANY(prefixes))
        ORDER BY s.no, e.revision LIMIT most;
      RETURN QUERY
        SELECT NULL::bigint, NULL::bigint, NULL::uuid, NULL, NULL, NULL, NULL,
          coalesce(max(s.no), 0) FROM ${s}.streams s;
    END $$;`

/** A place in it: the stream that is gone on in, and in it the revision. */
export const streamsReader = (run: Run, s: string) => {
  const forStreams = prepared(`SELECT * FROM ${s}.read_streams($1, $2, $3, $4, $5, $6)`)

  return async ({
    filter: { types, streamPrefixes },
    upTo,
    after = '0 0',
    limit = 1_000,
  }: ReadStreamsOptions): Promise<StreamsSlice> => {
    const [first, revision] = after.split(' ').map(Number) as [number, number]
    const rows = await run({
      ...forStreams,
      values: [positionCount(upTo), known(types), known(streamPrefixes), first, revision, limit],
    })
    const events = rows.slice(0, -1).map((row) => recorded(row[6]!, row))
    const last = Number(rows.at(-1)![7])
    if (events.length === limit) {
      const no = rows.at(-2)![7]!
      const next = `${no} ${String(events.at(-1)!.revision + 1)}`
      return { events, next, share: Number(no) / last }
    }
    const behind = first + STREAMS_LOOKED_AT
    if (behind > last) return { events, share: 1 }
    return { events, next: `${String(behind)} 0`, share: (behind - 1) / last }
  }
}
