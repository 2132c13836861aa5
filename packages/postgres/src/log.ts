/** The log's functions from this side: what goes in, what comes back. */
import * as E from 'fp-ts/lib/Either.js'
import {
  checkAppends,
  countedPosition,
  positionCount,
  type AllSlice,
  type Append,
  type Appended,
  type AppendFault,
  type CheckedAppend,
  type ExpectedRevision,
  type ReadAllOptions,
  type ReadStreamOptions,
  type ReadStreamsOptions,
  type StreamName,
  type StreamSlice,
  type StreamsSlice,
} from '@threadbook/sourcing'
import { setTimeout as sleep } from 'node:timers/promises'
import { prepared, type Database } from './database.js'
import type { SqlRow, Statement } from './question.js'
import { streamsReader } from './read-streams.js'
import { positionOf, recorded } from './recorded.js'
import { Refused, UNIQUE_VIOLATION, Unanswered } from './faults.js'
import { shared, type Look } from './shared-reads.js'
import { isUnknown, known } from './texts.js'

export interface Log {
  readonly append: (
    appends: readonly Append[],
  ) => Promise<E.Either<AppendFault, readonly Appended[]>>
  readonly readStream: (stream: StreamName, options?: ReadStreamOptions) => Promise<StreamSlice>
  readonly readAll: (options?: ReadAllOptions) => Promise<AllSlice>
  readonly readStreams: (options: ReadStreamsOptions) => Promise<StreamsSlice>
}

/** Far below what one message to the server can carry. */
export const MOST_APPEND_BYTES = 16 * 1024 * 1024

// An entry of an index has to fit into a third of a page.
const MOST_NAME_BYTES = 2_000

/** Only an append in a transaction of another isolation level can be in the way, once. */
const MOST_ATTEMPTS = 20

const MOST_REVISION = 2 ** 31 - 1

/** Of the pauses in which a reader waits for appends under way: 63 ms in all. */
const LONGEST_PAUSE_MS = 64

const numbered = (expected: ExpectedRevision): number => {
  if (typeof expected === 'number') return expected
  return { noStream: -1, any: -2, streamExists: -3 }[expected]
}

const isRepeatable = ({ expected }: CheckedAppend): boolean =>
  expected === 'noStream' || typeof expected === 'number'

/** The elements of an array of numbers, as the server writes it. */
const elements = (array: string | null | undefined): readonly string[] =>
  array?.slice(1, -1).split(',') ?? []

const isTooLong = (name: string): boolean => Buffer.byteLength(name) > MOST_NAME_BYTES

const tooLarge = ({ stream, events }: CheckedAppend): AppendFault | undefined => {
  const invalid = (field: string): AppendFault => ({
    type: 'InvalidAppend',
    stream,
    field,
    expected: `at most ${String(MOST_NAME_BYTES)} bytes`,
  })
  if (isTooLong(stream)) return invalid('stream')
  let bytes = 0
  for (const [index, { type, data, metadata }] of events.entries()) {
    if (isTooLong(type)) return invalid(`events.${String(index)}.type`)
    bytes += Buffer.byteLength(data) + Buffer.byteLength(metadata)
  }
  return bytes > MOST_APPEND_BYTES
    ? { type: 'AppendTooLarge', stream, bytes, limit: MOST_APPEND_BYTES }
    : undefined
}

export const logOver = ({ run }: Database, s: string): Log => {
  const forMany = prepared(`SELECT * FROM ${s}.append($1, $2, $3, $4, $5, $6, $7)`)
  const forOne = prepared(`SELECT ${s}.append_one($1, $2, $3, $4, $5, $6)`)
  const forStream = prepared(`SELECT * FROM ${s}.read_stream($1, $2, $3, $4)`)
  const forAll = prepared(`SELECT * FROM ${s}.read_all($1, $2, $3, $4)`)

  const appendOne = ({ stream, expected, events: [event] }: CheckedAppend): Statement => ({
    ...forOne,
    values: [stream, numbered(expected), event!.id, event!.type, event!.data, event!.metadata],
  })

  const appendMany = (appends: readonly CheckedAppend[]): Statement => {
    const events = appends.flatMap((append) => append.events)
    return {
      ...forMany,
      values: [
        appends.map(({ stream }) => stream),
        appends.map(({ expected }) => numbered(expected)),
        appends.map((append) => append.events.length),
        events.map(({ id }) => id),
        events.map(({ type }) => type),
        events.map(({ data }) => data),
        events.map(({ metadata }) => metadata),
      ],
    }
  }

  const appended = (append: CheckedAppend, revision: number, position: string): Appended => ({
    stream: append.stream,
    revision,
    position: positionOf(position),
  })

  /** Undefined: somebody was there in the same moment, or it is none of the usual cases. */
  const tryTo = async (
    statement: Statement,
    sent: 'again' | 'once',
  ): Promise<SqlRow | undefined> => {
    try {
      return (await run(statement, sent))[0]
    } catch (error) {
      if (error instanceof Refused && error.code === UNIQUE_VIOLATION) return undefined
      throw error
    }
  }

  const store = async (
    appends: readonly CheckedAppend[],
  ): Promise<E.Either<AppendFault, readonly Appended[]>> => {
    const [only] = appends
    const sent = appends.every(isRepeatable) ? 'again' : 'once'
    if (appends.length === 1 && only!.events.length === 1 && isRepeatable(only!)) {
      const position = (await tryTo(appendOne(only!), sent))?.[0]
      if (typeof position === 'string')
        return E.right([appended(only!, numbered(only!.expected) + 1, position)])
    }
    let row: SqlRow | undefined
    for (let attempt = 0; row === undefined; attempt++) {
      if (attempt === MOST_ATTEMPTS) throw new Unanswered('others were always faster', false)
      row = await tryTo(appendMany(appends), sent)
    }
    const [refused, actual, revisions, positions] = row
    if (typeof refused === 'string') {
      const { stream, expected } = appends[Number(refused) - 1]!
      return E.left({
        type: 'Conflict',
        stream,
        expected,
        actual: actual === '-1' ? 'noStream' : Number(actual),
      })
    }
    const last = elements(positions)
    return E.right(
      elements(revisions).map((revision, index) =>
        appended(appends[index]!, Number(revision), last[index]!),
      ),
    )
  }

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
    append: async (appends) => {
      const checked = checkAppends(appends)
      if (E.isLeft(checked)) return checked
      for (const append of checked.right) {
        const fault = tooLarge(append)
        if (fault !== undefined) return E.left(fault)
      }
      try {
        return await store(checked.right)
      } catch (error) {
        if (error instanceof Unanswered && error.mayBeDone)
          throw new Unanswered(`${error.message}; the append may have been stored`, true)
        throw error
      }
    },

    readStream: async (stream, { from, direction = 'forwards', limit } = {}) => {
      if (isUnknown(stream)) return { exists: false, events: [] }
      const backwards = direction === 'backwards'
      const first = Math.min(from ?? (backwards ? MOST_REVISION : 0), MOST_REVISION)
      const rows = await run({
        ...forStream,
        values: [
          stream,
          first,
          limit === undefined || limit === Infinity ? null : limit,
          backwards,
        ],
      })
      return {
        exists: rows.length > 0,
        events: rows
          .filter(([position]) => typeof position === 'string')
          .map((row) => recorded(stream, row)),
      }
    },

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
