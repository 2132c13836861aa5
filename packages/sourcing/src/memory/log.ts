/** The log itself, synchronous: what the event store gives out, and what inline projections read. */
import * as E from 'fp-ts/lib/Either.js'
import {
  checkAppends,
  isExpected,
  repetitionStart,
  type CheckedAppend,
  type EncodedEvent,
} from '../append-rules.js'
import type { Metadata, Position, RecordedEvent, StreamName } from '../event.js'
import { passes } from '../event-filter.js'
import type {
  AllSlice,
  Append,
  Appended,
  Conflict,
  InvalidAppend,
  ReadAllOptions,
  ReadStreamOptions,
  ReadStreamsOptions,
  StreamSlice,
  StreamsSlice,
} from '../event-store.js'
import { countedPosition, positionCount } from '../position.js'

interface Stored extends EncodedEvent {
  readonly stream: StreamName
  readonly revision: number
  readonly position: Position
}

interface Stream {
  readonly events: Stored[]
  readonly ids: Set<string>
}

/** Parsed anew for every reader: nobody shares an event with anybody. */
const recorded = (stored: Stored): RecordedEvent => ({
  id: stored.id,
  type: stored.type,
  stream: stored.stream,
  revision: stored.revision,
  position: stored.position,
  data: JSON.parse(stored.data) as unknown,
  metadata: JSON.parse(stored.metadata) as Metadata,
})

export interface Log {
  readonly append: (
    appends: readonly Append[],
  ) => E.Either<InvalidAppend | Conflict, readonly Appended[]>
  readonly readStream: (stream: StreamName, options?: ReadStreamOptions) => StreamSlice
  readonly readAll: (options?: ReadAllOptions) => AllSlice
  readonly readStreams: (options: ReadStreamsOptions) => StreamsSlice
}

export const memoryLog = (): Log => {
  const log: Stored[] = []
  const streams = new Map<StreamName, Stream>()

  /** What it was answered the first time, where it is a repetition. */
  const repetition = ({ stream, expected, events }: CheckedAppend): Appended | undefined => {
    const start = repetitionStart(expected)
    if (start === undefined) return undefined
    const there = streams.get(stream)?.events.slice(start, start + events.length) ?? []
    const last = there.at(-1)
    if (last === undefined || events.some(({ id }, index) => there[index]?.id !== id))
      return undefined
    return { stream, revision: last.revision, position: last.position }
  }

  const conflict = ({ stream, expected, events }: CheckedAppend): Conflict | undefined => {
    const there = streams.get(stream)
    const actual = there === undefined ? 'noStream' : there.events.length - 1
    if (isExpected(expected, actual) && !events.some(({ id }) => there?.ids.has(id)))
      return undefined
    return { type: 'Conflict', stream, expected, actual }
  }

  const write = ({ stream, events }: CheckedAppend): Appended => {
    const there = streams.get(stream) ?? { events: [], ids: new Set() }
    streams.set(stream, there)
    for (const { id, type, data, metadata } of events) {
      const revision = there.events.length
      const position = countedPosition(log.length + 1)
      // Field by field: what is spread is read for half as much again, each time.
      const stored = { id, type, stream, revision, position, data, metadata }
      log.push(stored)
      there.events.push(stored)
      there.ids.add(id)
    }
    return { stream, revision: there.events.length - 1, position: countedPosition(log.length) }
  }

  return {
    append: (appends) => {
      const checked = checkAppends(appends)
      if (E.isLeft(checked)) return checked
      const planned: (() => Appended)[] = []
      for (const append of checked.right) {
        const answered = repetition(append)
        const refused = answered === undefined ? conflict(append) : undefined
        if (refused !== undefined) return E.left(refused)
        planned.push(() => answered ?? write(append))
      }
      return E.right(planned.map((carryOut) => carryOut()))
    },
    readStream: (stream, { from, direction = 'forwards', limit = Infinity } = {}) => {
      const events = streams.get(stream)?.events
      if (events === undefined) return { exists: false, events: [] }
      const last = events.length - 1
      const backwardsFrom = Math.min(from ?? last, last)
      const slice =
        direction === 'forwards'
          ? events.slice(from ?? 0, (from ?? 0) + limit)
          : events.slice(Math.max(0, backwardsFrom + 1 - limit), backwardsFrom + 1).reverse()
      return { exists: true, events: slice.map(recorded) }
    },
    readAll: ({ after, filter, limit = 1_000 } = {}) => {
      const isWanted = passes(filter)
      const events: RecordedEvent[] = []
      let read = positionCount(after)
      for (; read < log.length && events.length < limit; read++) {
        const stored = log[read]!
        if (isWanted(stored)) events.push(recorded(stored))
      }
      return {
        events,
        position: read === 0 ? undefined : countedPosition(read),
        end: read >= log.length,
      }
    },
    // The stream's place among the streams, and the revision to go on from.
    readStreams: ({ filter, upTo, after = '0 0', limit = 1_000 }) => {
      const isWanted = passes(filter)
      const events: RecordedEvent[] = []
      const names = [...streams.keys()]
      let [at, revision] = after.split(' ').map(Number) as [number, number]
      for (; at < names.length && events.length < limit; at++, revision = 0) {
        const stored = streams.get(names[at]!)!.events
        for (; revision < stored.length && events.length < limit; revision++) {
          const one = stored[revision]!
          if (one.position <= upTo && isWanted(one)) events.push(recorded(one))
        }
        if (revision < stored.length) break
      }
      const share = at / Math.max(1, names.length)
      if (at >= names.length) return { events, share }
      return { events, next: `${String(at)} ${String(revision)}`, share }
    },
  }
}
