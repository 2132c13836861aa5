import { literalText } from './identifiers.js'

/**
 * The log's functions inside the database: one round trip for each append, whatever it expects.
 * None plans by the size of its tables (`enable_seqscan`): plans are kept, and tables grow.
 *
 * Positions come from a sequence, so writers never wait for each other. What keeps readers from
 * passing an append that took its position and has not committed: before it takes any, it shows,
 * as a shared advisory lock that ends with its transaction, how far the sequence was. `settled`
 * looks how far the sequence is, then at these locks: no position up to the lowest that is shown
 * can still appear. See docs/decisions/026-positions-on-postgresql.md.
 */

/** How far the sequence was, in the 31 bits that a lock has room for. */
const ROOM = 2 ** 31

const pieces = (s: string, own: string) => {
  const inSchema = (name: string) => `${literalText(`${s}.${name}`)}::regclass`
  const positions = inSchema('positions')
  return {
    positions,
    streamNumbers: inSchema('stream_numbers'),
    seed: `hashtextextended('threadbook stream ' || ${own}, 0)`,
    showHowFar: `pg_advisory_xact_lock_shared(${positions}::oid::integer,
      (coalesce(pg_sequence_last_value(${positions}), 0) & ${String(ROOM - 1)})::integer)`,
  }
}

export const logFunctions = (s: string, own: string): string => {
  const { positions, streamNumbers, seed, showHowFar } = pieces(s, own)
  return `
    -- The usual case: one event, at the end where it was expected (-1: a new stream). Its position;
    -- null in any other case, which is for "append" to tell.
    CREATE FUNCTION ${s}.append_one(
      stream_name text, expected bigint, id uuid, type text, data text, metadata text
    ) RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
    DECLARE
      number bigint;
      taken bigint;
      done boolean;
    BEGIN
      done := pg_advisory_xact_lock(hashtextextended(stream_name, ${seed})) IS NULL;
      done := ${showHowFar} IS NULL;
      taken := nextval(${positions});
      IF expected >= 0 THEN
        INSERT INTO ${s}.events
          SELECT taken, s.no, expected + 1, id, type, data, metadata
          FROM ${s}.streams s
          WHERE s.name = stream_name AND expected = (
            SELECT e.revision FROM ${s}.events e WHERE e.stream = s.no ORDER BY e.revision DESC LIMIT 1
          );
      ELSE
        number := nextval(${streamNumbers});
        INSERT INTO ${s}.streams VALUES (number, stream_name) ON CONFLICT DO NOTHING;
        IF FOUND THEN
          INSERT INTO ${s}.events VALUES (taken, number, 0, id, type, data, metadata);
        END IF;
      END IF;
      IF FOUND THEN
        RETURN taken;
      END IF;
      RETURN NULL;
    END $$;

    -- Any append: names, expected revisions (-1: no stream, -2: any, -3: the stream exists) and
    -- numbers of events of each stream, then the events of all. Either "refused", the place of the
    -- stream in conflict, and its "actual" revision; or where each stream's last event stands.
    CREATE FUNCTION ${s}.append(
      names text[], expecteds bigint[], sizes bigint[],
      ids uuid[], types text[], datas text[], metadatas text[],
      OUT refused integer, OUT actual bigint, OUT revisions bigint[], OUT positions bigint[]
    ) LANGUAGE plpgsql SET enable_seqscan = off AS $$
    DECLARE
      numbers bigint[];
      lasts bigint[];
      new_numbers bigint[];
      new_names text[];
      event_streams bigint[] := '{}';
      event_shifts bigint[] := '{}';
      before bigint := 0;
      number bigint;
      last bigint;
      expected bigint;
      size bigint;
    BEGIN
      -- In one order, so that no two wait for each other.
      PERFORM pg_advisory_xact_lock(l.key) FROM (
        SELECT DISTINCT hashtextextended(n.name, ${seed}) AS key FROM unnest(names) n(name) ORDER BY 1
      ) l;
      SELECT array_agg(s.no ORDER BY n.place), array_agg(coalesce((
          SELECT e.revision FROM ${s}.events e WHERE e.stream = s.no ORDER BY e.revision DESC LIMIT 1
        ), -1) ORDER BY n.place)
        INTO numbers, lasts
        FROM unnest(names) WITH ORDINALITY n(name, place) LEFT JOIN ${s}.streams s ON s.name = n.name;
      FOR i IN 1 .. cardinality(names) LOOP
        number := numbers[i];
        last := lasts[i];
        expected := expecteds[i];
        size := sizes[i];
        IF (expected = last OR expected = -2 OR (expected = -3 AND last >= 0)) AND NOT EXISTS (
          SELECT FROM ${s}.events e
          WHERE e.stream = number AND e.id = ANY(ids[before + 1 : before + size])
        ) THEN
          IF number IS NULL THEN
            number := nextval(${streamNumbers});
            numbers[i] := number;
            new_numbers := new_numbers || number;
            new_names := new_names || names[i];
          END IF;
          event_streams := event_streams || array_fill(number, ARRAY[size::integer]);
          event_shifts := event_shifts || array_fill(last - before, ARRAY[size::integer]);
          revisions[i] := last + size;
        ELSIF expected >= -1 AND ids[before + 1 : before + size] = (
          SELECT array_agg(e.id ORDER BY e.revision) FROM ${s}.events e
          WHERE e.stream = number AND e.revision > expected AND e.revision <= expected + size
        ) THEN
          -- A repetition: it stands already.
          event_streams := event_streams || array_fill(NULL::bigint, ARRAY[size::integer]);
          event_shifts := event_shifts || array_fill(NULL::bigint, ARRAY[size::integer]);
          revisions[i] := expected + size;
        ELSE
          refused := i;
          actual := last;
          RETURN;
        END IF;
        before := before + size;
      END LOOP;
      IF new_numbers IS NOT NULL THEN
        INSERT INTO ${s}.streams SELECT * FROM unnest(new_numbers, new_names);
      END IF;
      PERFORM ${showHowFar};
      INSERT INTO ${s}.events
        SELECT nextval(${positions}), e.stream, e.place + e.shift, e.id, e.type, e.data, e.metadata
        FROM unnest(event_streams, event_shifts, ids, types, datas, metadatas)
          WITH ORDINALITY e(stream, shift, id, type, data, metadata, place)
        WHERE e.stream IS NOT NULL;
      SELECT array_agg(e.position ORDER BY n.place) INTO positions
        FROM unnest(numbers, revisions) WITH ORDINALITY n(stream, revision, place)
        JOIN ${s}.events e ON e.stream = n.stream AND e.revision = n.revision;
    END $$;

    -- "up_to": the last event behind which nothing can still appear before it; "last": the last
    -- that is there.
    CREATE FUNCTION ${s}.settled(OUT up_to bigint, OUT last bigint)
    LANGUAGE plpgsql SET enable_seqscan = off AS $$
    DECLARE
      given bigint := coalesce(pg_sequence_last_value(${positions}), 0);
      shown bigint;
    BEGIN
      SELECT min(given - ${String(ROOM / 2)}
          + ((l.objid::bigint - given + ${String(ROOM / 2)}) & ${String(ROOM - 1)}))
        INTO shown
        FROM pg_locks l
        WHERE l.locktype = 'advisory' AND l.classid = ${positions}::oid AND l.objsubid = 2
          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database());
      SELECT coalesce(max(e.position), 0) INTO last FROM ${s}.events e;
      SELECT coalesce(max(e.position), 0) INTO up_to FROM ${s}.events e
        WHERE e.position <= least(given, shown);
    END $$;

    -- One row without an event where the stream is there and has none to give.
    CREATE FUNCTION ${s}.read_stream(
      stream_name text, first bigint, most bigint, backwards boolean
    ) RETURNS TABLE (
      "position" bigint, revision integer, id uuid, type text, data text, metadata text
    ) LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
    #variable_conflict use_column
    BEGIN
      IF backwards THEN
        RETURN QUERY SELECT e.position, e.revision, e.id, e.type, e.data, e.metadata
          FROM ${s}.streams s LEFT JOIN LATERAL (
            SELECT * FROM ${s}.events e WHERE e.stream = s.no AND e.revision <= first
            ORDER BY e.revision DESC LIMIT most
          ) e ON true WHERE s.name = stream_name;
      ELSE
        RETURN QUERY SELECT e.position, e.revision, e.id, e.type, e.data, e.metadata
          FROM ${s}.streams s LEFT JOIN LATERAL (
            SELECT * FROM ${s}.events e WHERE e.stream = s.no AND e.revision >= first
            ORDER BY e.revision LIMIT most
          ) e ON true WHERE s.name = stream_name;
      END IF;
    END $$;`
}

export const appendEachFunction = (s: string, own: string): string => {
  const { positions, streamNumbers, seed, showHowFar } = pieces(s, own)
  return `
    -- The usual case many times over, of streams that are each named once: what "append_one" answers
    -- for each. Those for which that is null leave the others alone.
    CREATE OR REPLACE FUNCTION ${s}.append_each(
      names text[], expecteds bigint[], ids uuid[], types text[], datas text[], metadatas text[]
    ) RETURNS bigint[] LANGUAGE plpgsql
      SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
      SET jit = off SET plan_cache_mode = force_generic_plan
    AS $$
    DECLARE
      taken bigint[];
    BEGIN
      PERFORM pg_advisory_xact_lock(l.key) FROM (
        SELECT DISTINCT hashtextextended(n.name, ${seed}) AS key FROM unnest(names) n(name) ORDER BY 1
      ) l;
      PERFORM ${showHowFar};
      IF -1 = ANY(expecteds) THEN
        INSERT INTO ${s}.streams
          SELECT nextval(${streamNumbers}), n.name FROM unnest(names, expecteds) n(name, expected)
          WHERE n.expected < 0 ON CONFLICT DO NOTHING;
      END IF;
      WITH stored AS (
        INSERT INTO ${s}.events
          SELECT nextval(${positions}), s.no, n.expected + 1, n.id, n.type, n.data, n.metadata
          FROM unnest(names, expecteds, ids, types, datas, metadatas)
            n(name, expected, id, type, data, metadata)
          JOIN ${s}.streams s ON s.name = n.name
          WHERE n.expected = coalesce((
            SELECT e.revision FROM ${s}.events e WHERE e.stream = s.no ORDER BY e.revision DESC LIMIT 1
          ), -1)
          ON CONFLICT DO NOTHING RETURNING position, stream
      )
      SELECT array_agg(i.position ORDER BY n.place) INTO taken
        FROM unnest(names) WITH ORDINALITY n(name, place)
        LEFT JOIN ${s}.streams s ON s.name = n.name LEFT JOIN stored i ON i.stream = s.no;
      RETURN taken;
    END $$;`
}
