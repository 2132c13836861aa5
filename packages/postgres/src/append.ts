/** Appends from this side: what goes in, what comes back. */
import * as E from 'fp-ts/lib/Either.js'
import {
  checkAppends,
  type Append,
  type Appended,
  type AppendFault,
  type CheckedAppend,
  type ExpectedRevision,
} from '@threadbook/sourcing'
import { prepared, type Database } from './database.js'
import { Refused, UNIQUE_VIOLATION, Unanswered } from './faults.js'
import type { SqlRow, Statement } from './question.js'
import { positionOf } from './recorded.js'
import { together } from './together.js'

/** Far below what one message to the server can carry. */
export const MOST_APPEND_BYTES = 16 * 1024 * 1024

// An entry of an index has to fit into a third of a page.
const MOST_NAME_BYTES = 2_000

/** Only an append in a transaction of another isolation level can be in the way, once. */
const MOST_ATTEMPTS = 20

/** Appends of several streams that go in one statement, and the characters of their events. */
const MOST_TOGETHER = 64
const MOST_SIZE_TOGETHER = 1024 * 1024

const numbered = (expected: ExpectedRevision): number => {
  if (typeof expected === 'number') return expected
  return { noStream: -1, any: -2, streamExists: -3 }[expected]
}

const isRepeatable = ({ expected }: CheckedAppend): boolean =>
  expected === 'noStream' || typeof expected === 'number'

const sizeOf = ({ events: [event] }: CheckedAppend): number =>
  event!.data.length + event!.metadata.length

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

export const appender = (run: Database['run'], s: string) => {
  // JSON as it is written here has no line breaks: so joined, nothing in it has to be escaped.
  const lines = (parameter: string) => `string_to_array(${parameter}, E'\\n')`
  const forMany = prepared(
    `SELECT * FROM ${s}.append($1, $2, $3, $4, $5, ${lines('$6')}, ${lines('$7')})`,
  )
  const forEach = prepared(
    `SELECT ${s}.append_each($1, $2, $3, $4, ${lines('$5')}, ${lines('$6')})`,
  )
  const forOne = prepared(`SELECT ${s}.append_one($1, $2, $3, $4, $5, $6)`)

  const appendOne = ({ stream, expected, events: [event] }: CheckedAppend): Statement => ({
    ...forOne,
    values: [stream, numbered(expected), event!.id, event!.type, event!.data, event!.metadata],
  })

  const appendEach = (appends: readonly CheckedAppend[]): Statement => ({
    ...forEach,
    values: [
      appends.map(({ stream }) => stream),
      appends.map(({ expected }) => numbered(expected)),
      appends.map(({ events }) => events[0]!.id),
      appends.map(({ events }) => events[0]!.type),
      appends.map(({ events }) => events[0]!.data).join('\n'),
      appends.map(({ events }) => events[0]!.metadata).join('\n'),
    ],
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
        events.map(({ data }) => data).join('\n'),
        events.map(({ metadata }) => metadata).join('\n'),
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

  /** Their positions; undefined where it is none of the usual cases. */
  const usual = together(
    async (appends: readonly CheckedAppend[]): Promise<readonly (string | undefined)[]> => {
      if (appends.length === 1)
        return [(await tryTo(appendOne(appends[0]!), 'again'))?.[0] ?? undefined]
      try {
        const taken = elements((await run(appendEach(appends)))[0]![0])
        return taken.map((position) => (position === 'NULL' ? undefined : position))
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        // One of them is to blame: alone each hears what concerns it.
        return appends.map(() => undefined)
      }
    },
    {
      most: MOST_TOGETHER,
      fits: (append, others) =>
        sizeOf(append) + others.reduce((sum, each) => sum + sizeOf(each), 0) <=
          MOST_SIZE_TOGETHER && others.every(({ stream }) => stream !== append.stream),
    },
  )

  const store = async (
    appends: readonly CheckedAppend[],
  ): Promise<E.Either<AppendFault, readonly Appended[]>> => {
    const [only] = appends
    const sent = appends.every(isRepeatable) ? 'again' : 'once'
    if (appends.length === 1 && only!.events.length === 1 && isRepeatable(only!)) {
      const position = await usual(only!)
      if (position !== undefined)
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

  return async (
    appends: readonly Append[],
  ): Promise<E.Either<AppendFault, readonly Appended[]>> => {
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
  }
}
