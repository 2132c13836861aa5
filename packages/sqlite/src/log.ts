/** The log in its tables, synchronous: behind the port, and read by inline projections. */
import type { Statement } from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import {
  BoundedMap,
  countedPosition,
  isExpected,
  passes,
  positionCount,
  repetitionStart,
  type AllSlice,
  type Appended,
  type CheckedAppend,
  type Conflict,
  type EncodedEvent,
  type EventFilter,
  type Metadata,
  type Position,
  type ReadAllOptions,
  type ReadStreamOptions,
  type ReadStreamsOptions,
  type RecordedEvent,
  type StreamName,
  type StreamSlice,
  type StreamsSlice,
} from '@threadbook/sourcing'
import type { Database } from './database.js'
import { idBytes, idHex, idText } from './event-ids.js'
import { inserting, ROWS_AT_ONCE } from './inserting.js'
import { LIMIT } from './limit.js'
import {
  blockOf,
  endOfWindow,
  EVENT_COLUMNS,
  selectedEvents,
  STREAMS_LOOKED_AT,
  streamsEvents,
  type StreamsSql,
} from './event-filter-sql.js'

/** An event as it went into the tables. */
export interface StoredEvent extends EncodedEvent {
  readonly stream: StreamName
  readonly revision: number
  /** Counted: 1 for the log's first. */
  readonly place: number
}

/** Parsed anew for every reader: nobody shares an event with anybody. */
export const recorded = ({
  id,
  type,
  stream,
  revision,
  place,
  data,
  metadata,
}: StoredEvent): RecordedEvent => ({
  id,
  type,
  stream,
  revision,
  position: countedPosition(place),
  data: JSON.parse(data) as unknown,
  metadata: JSON.parse(metadata) as Metadata,
})

/** A stream, and its last revision: -1 before its first event. */
interface Stream {
  readonly no: number
  last: number
}

/** The last of them, as many as may be kept. */
const tailOf = (events: readonly StoredEvent[]): readonly StoredEvent[] => {
  let from = events.length
  for (let size = 0; from > 0 && events.length - from < FEW; from--) {
    const { data, metadata } = events[from - 1]!
    size += data.length + metadata.length
    if (size > LARGEST_TAIL) break
  }
  return events.slice(from)
}

export interface Log {
  /**
   * Inside a transaction of `write`. All or, with a conflict, nothing; `onStored` hears of each
   * event that is new.
   */
  readonly append: (
    appends: readonly CheckedAppend[],
    onStored?: (stored: StoredEvent) => void,
  ) => E.Either<Conflict, readonly Appended[]>
  /** How many events there are; inside a transaction of `write`. */
  readonly head: () => number
  /** The same, anywhere. */
  readonly headNow: () => number
  readonly readStream: (stream: StreamName, options?: ReadStreamOptions) => StreamSlice
  readonly readAll: (options?: ReadAllOptions) => AllSlice
  readonly readStreams: (options: ReadStreamsOptions) => StreamsSlice
}

const STREAMS_REMEMBERED = 10_000
const TYPES_REMEMBERED = 1_000
/** Larger slices cost more: what is made of them lives on until they are done with. */
const MOST_OF_STREAMS = 150
/** So few events are read and looked through as they are: to search for some costs more. */
const FEW = 64
/** The last events of our own stay at hand, at most `FEW` and so many characters. */
const LARGEST_TAIL = 1_000_000

type StreamRow = [
  position: number,
  revision: number,
  id: string,
  type: number,
  data: string,
  metadata: string,
]
type EventRow = [...StreamRow, stream: string]

export const openLog = (db: Database): Log => {
  const { driver } = db
  const prepare = (sql: string): Statement => driver.prepare(sql)
  const pluck = (sql: string): Statement => prepare(sql).pluck()
  const raw = (sql: string): Statement => prepare(sql).raw()

  const EVENT = `e.position, e.revision, ${idHex('e.id')}, e.type_no, e.data, e.metadata`
  // Revisions are integers, ids are blobs: below the empty blob there are revisions only.
  const REVISION = "key < x''"
  const find = raw(
    `SELECT stream_no, (SELECT key FROM places p
                        WHERE p.stream_no = s.stream_no AND ${REVISION}
                        ORDER BY key DESC LIMIT 1)
     FROM streams s WHERE name = ?`,
  )
  const findNo = pluck('SELECT stream_no FROM streams WHERE name = ?')
  const addStream = prepare('INSERT INTO streams (name) VALUES (?)')
  const findType = pluck('SELECT type_no FROM types WHERE name = ?')
  const findTypes = pluck(
    'SELECT type_no FROM types WHERE name IN (SELECT value FROM json_each(?))',
  )
  const findTypeName = pluck('SELECT name FROM types WHERE type_no = ?')
  const addType = prepare('INSERT INTO types (name) VALUES (?)')
  const addEvents = inserting(driver, 'events', { width: 7, together: [ROWS_AT_ONCE, 1] })
  const addPlaces = inserting(driver, 'places', { width: 3, together: [2 * ROWS_AT_ONCE, 2] })
  const addTypeBlock = prepare('INSERT OR IGNORE INTO type_blocks VALUES (?, ?)')
  const findId = pluck('SELECT 1 FROM places WHERE stream_no = ? AND key = ?')
  const inStream = 'FROM places p JOIN events e ON e.position = p.position WHERE p.stream_no = ?'
  const findIds = raw(
    `SELECT e.id, e.position ${inStream} AND key >= ? AND ${REVISION} ORDER BY key ${LIMIT}`,
  )
  const findLastStream = pluck('SELECT coalesce(max(stream_no), 0) FROM streams')
  const findHead = pluck('SELECT coalesce(max(position), 0) FROM events')
  const forwards = raw(
    `SELECT ${EVENT} ${inStream} AND key >= ? AND ${REVISION} ORDER BY key ${LIMIT}`,
  )
  const backwards = raw(`SELECT ${EVENT} ${inStream} AND key <= ? ORDER BY key DESC ${LIMIT}`)
  const all = raw(
    `SELECT ${EVENT_COLUMNS} FROM events e JOIN streams s USING (stream_no)
     WHERE e.position > ? AND e.position <= ? ORDER BY e.position ${LIMIT}`,
  )

  // Right until another process writes, or a transaction of ours is rolled back.
  let streams = new BoundedMap<StreamName, Stream>(STREAMS_REMEMBERED)
  let typeNos = new BoundedMap<string, number>(TYPES_REMEMBERED)
  let typeNames = new Map<number, string>()
  let lastPlace: number | undefined
  let tail: readonly StoredEvent[] = []
  db.listen({
    forget: () => {
      tail = []
      streams = new BoundedMap(STREAMS_REMEMBERED)
      typeNos = new BoundedMap(TYPES_REMEMBERED)
      typeNames = new Map()
      lastPlace = undefined
      block = -1
    },
  })

  const remember = (name: StreamName, no: number, last: number): Stream => {
    const stream = { no, last }
    streams.set(name, stream)
    return stream
  }

  const streamNamed = (name: StreamName): Stream | undefined => {
    const known = streams.get(name)
    if (known !== undefined) return known
    const row = find.get(name) as [no: number, last: number | null] | undefined
    return row === undefined ? undefined : remember(name, row[0], row[1] ?? -1)
  }

  const knownTypeNo = (name: string): number | undefined => {
    const known = typeNos.get(name)
    if (known !== undefined) return known
    const found = findType.get(name) as number | undefined
    if (found !== undefined) typeNos.set(name, found)
    return found
  }

  const typeNo = (name: string): number => {
    const known = knownTypeNo(name)
    if (known !== undefined) return known
    const no = addType.run(name).lastInsertRowid as number
    typeNos.set(name, no)
    return no
  }

  /** The block of the log that is being written, and the types known to be in it. */
  let block = -1
  let inBlock = new Set<number>()
  const noteType = (no: number, place: number) => {
    if (blockOf(place) !== block) {
      block = blockOf(place)
      inBlock = new Set()
    }
    if (inBlock.has(no)) return
    inBlock.add(no)
    addTypeBlock.run(no, block)
  }

  const typeName = (no: number): string => {
    const known = typeNames.get(no)
    if (known !== undefined) return known
    const name = findTypeName.get(no) as string
    if (typeNames.size === TYPES_REMEMBERED) typeNames.clear()
    typeNames.set(no, name)
    return name
  }

  const headNow = (): number => findHead.get() as number
  const head = (): number => (lastPlace ??= headNow())

  /** What it was answered the first time, where it is a repetition. */
  const repetition = (
    { stream, expected, events }: CheckedAppend,
    { no }: Stream,
  ): Appended | undefined => {
    const start = repetitionStart(expected)
    if (start === undefined) return undefined
    const there = findIds.all(no, start, events.length) as [id: Buffer, place: number][]
    const last = there.at(-1)
    if (
      last === undefined ||
      events.some(({ id }, index) => !there[index]?.[0].equals(idBytes(id)))
    )
      return undefined
    return { stream, revision: start + events.length - 1, position: countedPosition(last[1]) }
  }

  type Plan = Appended | Conflict | 'write'

  const plan = (append: CheckedAppend): Plan => {
    const { stream, expected, events } = append
    const there = streamNamed(stream)
    const actual = there === undefined ? 'noStream' : there.last
    if (!isExpected(expected, actual))
      return (
        (there === undefined ? undefined : repetition(append, there)) ?? {
          type: 'Conflict',
          stream,
          expected,
          actual,
        }
      )
    if (there !== undefined && events.some(({ id }) => findId.get(there.no, idBytes(id)) === 1))
      return { type: 'Conflict', stream, expected, actual }
    return 'write'
  }

  const write = (
    { stream, events }: CheckedAppend,
    onStored: ((stored: StoredEvent) => void) | undefined,
  ): Appended => {
    const to =
      streamNamed(stream) ?? remember(stream, addStream.run(stream).lastInsertRowid as number, -1)
    let place = head()
    let revision = to.last
    const written: StoredEvent[] = []
    for (let from = 0; from < events.length; from += ROWS_AT_ONCE) {
      const rows: unknown[] = []
      const placesByRevision: unknown[] = []
      const placesById: unknown[] = []
      for (const { id, type, data, metadata } of events.slice(from, from + ROWS_AT_ONCE)) {
        place++
        revision++
        const no = typeNo(type)
        const bytes = idBytes(id)
        rows.push(place, to.no, revision, bytes, no, data, metadata)
        placesByRevision.push(to.no, revision, place)
        placesById.push(to.no, bytes, place)
        noteType(no, place)
        const stored = { id, type, data, metadata, stream, revision, place }
        written.push(stored)
        onStored?.(stored)
      }
      addEvents(rows)
      addPlaces([...placesByRevision, ...placesById])
    }
    to.last = revision
    lastPlace = place
    tail = tailOf([...tail.slice(-FEW), ...written.slice(-FEW)])
    return { stream, revision, position: countedPosition(place) }
  }

  const fromRow = (
    stream: StreamName,
    row: readonly [...StreamRow, ...unknown[]],
  ): RecordedEvent => ({
    id: idText(row[2]),
    type: typeName(row[3]),
    stream,
    revision: row[1],
    position: countedPosition(row[0]),
    data: JSON.parse(row[4]) as unknown,
    metadata: JSON.parse(row[5]) as Metadata,
  })

  /** All behind a place, where these are at hand. */
  const tailBehind = (place: number): readonly StoredEvent[] | undefined =>
    lastPlace !== undefined && place >= lastPlace - tail.length && db.isRemembered()
      ? tail.slice(tail.length - (lastPlace - place))
      : undefined

  const numbersOf = (types: readonly string[] | undefined): readonly number[] | undefined => {
    if (types === undefined) return undefined
    const known = types.map((type) => typeNos.get(type))
    // Of all that somebody may read, a log often holds a few: asked for together.
    if (known.includes(undefined)) return findTypes.all(JSON.stringify(types)) as number[]
    return [...new Set(known as number[])]
  }

  /** Events and how far was looked: up to the last of them, to the window's end, or to the end. */
  const select = (
    filter: EventFilter,
    after: number,
    upTo: number,
    limit: number,
  ): { readonly rows: readonly EventRow[]; readonly reached: number } => {
    const upToLast = (rows: readonly EventRow[]) =>
      rows.length < limit ? undefined : rows.at(-1)?.[0]
    const { types, streamPrefixes } = filter
    if (types === undefined && streamPrefixes === undefined) {
      const rows = all.all(after, upTo, limit) as EventRow[]
      return { rows, reached: upToLast(rows) ?? upTo }
    }
    if (upTo - after <= FEW) {
      const isWanted = passes(filter)
      const rows = (all.all(after, upTo, FEW) as EventRow[])
        .filter((row) => isWanted({ type: typeName(row[3]), stream: row[6] }))
        .slice(0, limit)
      return { rows, reached: upToLast(rows) ?? upTo }
    }
    const numbers = numbersOf(types)
    if (numbers?.length === 0 || streamPrefixes?.length === 0) return { rows: [], reached: upTo }
    const selection = { types: numbers, streamPrefixes, after, upTo }
    const end = endOfWindow(selection)
    const within = Math.min(
      upTo,
      (typeof end === 'object'
        ? (db.statement(end.text).pluck().get(end.values) as number | undefined)
        : end) ?? upTo,
    )
    const events = selectedEvents({ ...selection, upTo: within }, limit)
    const rows = db.statement(events.text).raw().all(events.values) as EventRow[]
    return { rows, reached: upToLast(rows) ?? within }
  }

  /** Of slice after slice of one reading, which asks for the same. */
  let lastRead: { filter: EventFilter; upTo: Position; sql: StreamsSql | undefined } | undefined
  const streamsSql = (filter: EventFilter, upTo: Position): StreamsSql | undefined => {
    if (lastRead?.filter === filter && lastRead.upTo === upTo) return lastRead.sql
    // Whoever asks for what is still to come may meet types that nobody has written yet.
    const isWritten = positionCount(upTo) <= headNow()
    const types = numbersOf(filter.types)
    const { streamPrefixes } = filter
    const sql =
      types?.length === 0
        ? undefined
        : streamsEvents({ types, streamPrefixes, upTo: positionCount(upTo) })
    lastRead = isWritten ? { filter, upTo, sql } : undefined
    return sql
  }

  return {
    append: (appends, onStored) => {
      const plans: Exclude<Plan, Conflict>[] = []
      for (const append of appends) {
        const planned = plan(append)
        if (planned !== 'write' && 'type' in planned) return E.left(planned)
        plans.push(planned)
      }
      return E.right(
        plans.map((planned, index) =>
          planned === 'write' ? write(appends[index]!, onStored) : planned,
        ),
      )
    },

    head,
    headNow,

    readStream: (name, { from, direction = 'forwards', limit = -1 } = {}) => {
      // Whoever has a stream's state asks for what came since, and mostly nothing did.
      const since = direction === 'forwards' ? (from ?? 0) : 0
      const known = since > 0 && db.isRemembered() ? streamNamed(name) : undefined
      if (known !== undefined && since > known.last) return { exists: true, events: [] }
      const no = (known ?? streams.get(name))?.no ?? (findNo.get(name) as number | undefined)
      if (no === undefined) return { exists: false, events: [] }
      const rows =
        direction === 'forwards'
          ? forwards.all(no, from ?? 0, limit)
          : backwards.all(no, from ?? Number.MAX_SAFE_INTEGER, limit)
      return { exists: true, events: (rows as StreamRow[]).map((row) => fromRow(name, row)) }
    },

    readAll: ({ after, filter = {}, limit = 1_000 } = {}) => {
      const start = positionCount(after)
      const atHand = tailBehind(start)
      if (atHand !== undefined) {
        const events = atHand.filter(passes(filter)).slice(0, limit)
        const reached =
          events.length < limit ? start + atHand.length : (events.at(-1)?.place ?? start)
        return {
          events: events.map(recorded),
          position: reached === 0 ? undefined : countedPosition(reached),
          end: reached === start + atHand.length,
        }
      }
      // Read first: what is committed behind it meanwhile belongs to the next slice.
      const end = Math.max(start, headNow())
      const { rows, reached } = select(filter, start, end, limit)
      return {
        events: rows.map((row) => fromRow(row[6], row)),
        position: reached === 0 ? undefined : countedPosition(reached),
        end: reached === end,
      }
    },

    // The stream that is gone on in, or behind, and in it the revision.
    readStreams: ({ filter, upTo, after = '0 0', limit: most = 1_000 }) => {
      const limit = Math.min(most, MOST_OF_STREAMS)
      const [stream, revision] = after.split(' ').map(Number) as [number, number]
      const last = findLastStream.get() as number
      const sql = streamsSql(filter, upTo)
      if (sql === undefined) return { events: [], share: 1 }
      const read = (text: string, from: number, to: number, most: number) =>
        db.statement(text).raw().all(from, to, sql.values, most) as [...EventRow, no: number][]
      const rest = revision === 0 ? [] : read(sql.ofOne, stream, revision, limit)
      const left = limit - rest.length
      const behind = stream + STREAMS_LOOKED_AT
      const rows = left === 0 ? rest : [...rest, ...read(sql.ofMany, stream, behind, left)]
      const events = rows.map((row) => fromRow(row[6], row))
      if (rows.length === limit) {
        const [, at, , , , , , no] = rows.at(-1)!
        return { events, next: `${String(no)} ${String(at + 1)}`, share: no / last }
      }
      if (behind >= last) return { events, share: 1 }
      return { events, next: `${String(behind)} 0`, share: behind / last }
    },
  }
}
