import { literalText } from './identifiers.js'

/** How many positions a read looks at that finds streams by how they begin, so that none takes long. */
const WINDOW = 200_000

/** Looked at as they come before types are sought in their index: what passes is most often near. */
const NEAR = 256

/** Places of sought types, at least, whose streams are looked at. */
const FAR = 100

/**
 * Reads of the whole log in one round trip: how far all is settled, and what passes. Volatile, so
 * that each query sees what is there when it begins: the events are read after the locks.
 *
 * It plans the same on every log: on one that was never analysed the server guesses that next to
 * nothing passes, and would gather and sort all that does for each slice. Without sorts and bitmaps
 * an index is left that has the order. First positions are looked at as they come. Where too few
 * pass, the next of each type are found in the types' index, so that a rare one costs nothing among
 * a million others.
 */
export const readAllFunction = (s: string): string => `
    -- At most "most" events behind "after" that pass, and a row without an event at the end: how far
    -- it looked, how far all is settled, and the last event that is there.
    CREATE OR REPLACE FUNCTION ${s}.read_all(
      after bigint, most bigint, types text[], prefixes text[]
    ) RETURNS TABLE (
      "position" bigint, revision bigint, id uuid, type text, data text, metadata text, stream text
    ) LANGUAGE plpgsql VOLATILE
      SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
      SET enable_hashjoin = off
      -- A sort that is needed all the same counts as endlessly dear: worth to be compiled.
      SET jit = off SET plan_cache_mode = force_generic_plan
    AS $$
    #variable_conflict use_column
    DECLARE
      settled bigint := after;
      final bigint := after;
      reached bigint := after;
      found bigint := 0;
      places bigint[];
    BEGIN
      -- Where nothing was ever given a place behind it, nobody can be on the way.
      IF after < coalesce(pg_sequence_last_value(${literalText(`${s}.positions`)}::regclass), 0) THEN
        SELECT n.up_to, n.last INTO settled, final FROM ${s}.settled() n;
      END IF;
      IF settled > after AND (cardinality(types) = 0 OR cardinality(prefixes) = 0) THEN
        reached := settled;
      ELSIF settled > after THEN
        reached := CASE
          WHEN types IS NOT NULL THEN least(settled, after + greatest(2 * most, ${String(NEAR)}))
          WHEN prefixes IS NOT NULL THEN least(settled, after + ${String(WINDOW)})
          ELSE settled
        END;
        RETURN QUERY
          SELECT e.position, e.revision::bigint, e.id, e.type, e.data, e.metadata, s.name
          FROM ${s}.events e JOIN ${s}.streams s ON s.no = e.stream
          WHERE e.position > after AND e.position <= reached
            AND (types IS NULL OR e.type = ANY(types))
            AND (prefixes IS NULL OR s.name ^@ ANY(prefixes))
          ORDER BY e.position LIMIT most;
        GET DIAGNOSTICS found = ROW_COUNT;
        IF found < most AND reached < settled AND types IS NOT NULL THEN
          SELECT array_agg(p.position) INTO places FROM (
            SELECT n.position FROM unnest(types) t(type) CROSS JOIN LATERAL (
              SELECT e.position FROM ${s}.events e
              WHERE e.type = t.type AND e.position > reached AND e.position <= settled
              ORDER BY e.position LIMIT greatest(most - found, ${String(FAR)})
            ) n ORDER BY n.position LIMIT greatest(most - found, ${String(FAR)})
          ) p;
          RETURN QUERY
            SELECT e.position, e.revision::bigint, e.id, e.type, e.data, e.metadata, s.name
            FROM ${s}.events e JOIN ${s}.streams s ON s.no = e.stream
            WHERE e.position = ANY(places) AND (prefixes IS NULL OR s.name ^@ ANY(prefixes))
            ORDER BY e.position LIMIT most - found;
          reached := CASE
            WHEN cardinality(places) = greatest(most - found, ${String(FAR)})
              THEN places[cardinality(places)]
            ELSE settled
          END;
        END IF;
      END IF;
      RETURN QUERY SELECT reached, settled, NULL::uuid, final::text, NULL, NULL, NULL;
    END $$;`
