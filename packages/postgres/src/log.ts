/** The log's functions from this side: what goes in, what comes back. */
import type * as E from 'fp-ts/lib/Either.js'
import {
  countedPosition,
  positionCount,
  type AllSlice,
  type Append,
  type Appended,
  type AppendFault,
  type ReadAllOptions,
  type ReadStreamOptions,
  type ReadStreamsOptions,
  type StreamName,
  type StreamSlice,
  type StreamsSlice,
} from '@threadbook/sourcing'
import { setTimeout as sleep } from 'node:timers/promises'
import { appender } from './append.js'
import { prepared, type Database } from './database.js'
import { streamReader } from './read-stream.js'
import { streamsReader } from './read-streams.js'
import { recorded } from './recorded.js'
import { shared, type Look } from './shared-reads.js'
import { known } from './texts.js'

export interface Log {
  readonly append: (
    appends: readonly Append[],
  ) => Promise<E.Either<AppendFault, readonly Appended[]>>
  readonly readStream: (stream: StreamName, options?: ReadStreamOptions) => Promise<StreamSlice>
  readonly readAll: (options?: ReadAllOptions) => Promise<AllSlice>
  readonly readStreams: (options: ReadStreamsOptions) => Promise<StreamsSlice>
}

/** Of the pauses in which a reader waits for appends under way: 63 ms in all. */
const LONGEST_PAUSE_MS = 64

export const logOver = ({ run }: Pick<Database, 'run'>, s: string): Log => {
  const forAll = prepared(`SELECT * FROM ${s}.read_all($1, $2, $3, $4)`)

  const look = shared(async ({ after, filter: { types, streamPrefixes }, limit }) => {
    const rows = await run({
      ...forAll,
      values: [after, limit, known(types), known(streamPrefixes)],
    })
    const [reached, upTo, , last] = rows.at(-1)!
    return {
      rows: rows.slice(0, -1),
      reached: Number(reached),
      upTo: Number(upTo),
      last: Number(last),
    }
  })

  /**
   * Where appends under way keep a reader from what was there when it came, it waits for them a
   * little, so that "the end" is the end as it came.
   */
  const read = async (from: Look) => {
    let seen = await look(from)
    const { last } = seen
    const isShort = () => seen.upTo < last && seen.upTo < from.after + from.limit
    for (let pause = 1; isShort() && pause < LONGEST_PAUSE_MS; pause *= 2) {
      await sleep(pause)
      seen = await look(from)
    }
    return { ...seen, isAll: seen.upTo >= last }
  }

  return {
    append: appender(run, s),

    readStream: streamReader(run, s),

    readAll: async ({ after, filter = {}, limit = 1_000 } = {}) => {
      const { rows, reached, upTo, isAll } = await read({
        after: positionCount(after),
        filter,
        limit: limit + 1,
      })
      const events = rows.slice(0, limit).map((row) => recorded(row[6]!, row))
      if (rows.length > limit) return { events, position: events.at(-1)?.position, end: false }
      return {
        events,
        position: reached === 0 ? undefined : countedPosition(reached),
        end: isAll && reached >= upTo,
      }
    },

    readStreams: streamsReader(run, s),
  }
}
