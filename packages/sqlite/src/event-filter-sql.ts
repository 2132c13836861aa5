/**
 * A filter over events as SQL. First blocks of the log are found that may hold what is asked for, so
 * many at most that no slice takes long: by type where types are asked for, so that a rare one costs
 * nothing among a million others. Of their events those that pass are read.
 */
import { idHex } from './event-ids.js'
import { LIMIT } from './limit.js'
import { textsBeginningWith } from './text-range.js'

/** Positions in a block of `type_blocks`: stored in files, never to be changed. */
const BLOCK = 256

export const blockOf = (place: number): number => Math.floor(place / BLOCK)

/** Blocks looked at for one slice: about 10 ms. */
const WINDOW = 40

export interface EventSelection {
  /** Numbers of types; undefined for all. */
  readonly types: readonly number[] | undefined
  readonly streamPrefixes: readonly string[] | undefined
  /** Exclusive. */
  readonly after: number
  /** Inclusive. */
  readonly upTo: number
}

export interface Sql {
  readonly text: string
  readonly values: readonly (string | number)[]
}

export const EVENT_COLUMNS = `e.position, e.revision, ${idHex('e.id')}, e.type_no, e.data, e.metadata, s.name`

// SQLite's limit on compound selects is 500; so many types are as good as all.
const MOST_TYPES_SOUGHT = 400

const namesBeginningWith = (prefixes: readonly string[] | undefined): Sql => {
  if (prefixes === undefined) return { text: '1', values: [] }
  const ranges = prefixes.map(textsBeginningWith)
  return {
    text: `(${ranges
      .map(({ below }) => (below === undefined ? 's.name >= ?' : 's.name >= ? AND s.name < ?'))
      .join(' OR ')})`,
    values: ranges.flatMap(({ from, below }) => (below === undefined ? [from] : [from, below])),
  }
}

const ofTypes = (types: readonly number[] | undefined): Sql =>
  types === undefined
    ? { text: '1', values: [] }
    : { text: `e.type_no IN (${types.map(() => '?').join()})`, values: types }

/** The blocks that may hold any; undefined where that is all of them. */
const blocks = ({ types, after, upTo }: EventSelection): Sql | undefined => {
  if (types === undefined || types.length > MOST_TYPES_SOUGHT) return undefined
  const from = blockOf(after + 1)
  const to = blockOf(upTo)
  return {
    // One ordered scan a type, merged as they go. The limit also holds SQLite to the order: it need
    // not keep that of a subquery without one.
    text: `${types
      .map(() => 'SELECT block FROM type_blocks WHERE type_no = ? AND block BETWEEN ? AND ?')
      .join(' UNION ')} ORDER BY block LIMIT ${String(WINDOW)}`,
    values: types.flatMap((type) => [type, from, to]),
  }
}

/**
 * How far one slice may look: to the end of the window's last block; no row where all can be looked
 * at. Undefined where the answer needs no database.
 */
export const endOfWindow = (selection: EventSelection): Sql | number | undefined => {
  const found = blocks(selection)
  if (found === undefined) {
    const last = (blockOf(selection.after) + WINDOW) * BLOCK
    return last < selection.upTo ? last : undefined
  }
  return {
    text: `SELECT (block + 1) * ${String(BLOCK)} - 1 FROM (${found.text}) LIMIT 1 OFFSET ${String(WINDOW - 1)}`,
    values: found.values,
  }
}

/** The first events selected, in their order. */
export const selectedEvents = (selection: EventSelection, limit: number): Sql => {
  const { types, streamPrefixes, after, upTo } = selection
  const found = blocks(selection)
  const typed = ofTypes(types)
  const named = namesBeginningWith(streamPrefixes)
  const inBlock = `e.position BETWEEN b.block * ${String(BLOCK)} AND b.block * ${String(BLOCK)} + ${String(BLOCK - 1)}`
  // CROSS JOIN keeps the loops, and with them the order, as they are written: sorting would read
  // all events of all blocks where the first few are enough.
  const from =
    found === undefined ? 'events e' : `(${found.text}) b CROSS JOIN events e ON ${inBlock}`
  return {
    text: `SELECT ${EVENT_COLUMNS} FROM ${from}
           CROSS JOIN streams s ON s.stream_no = e.stream_no
           WHERE e.position > ? AND e.position <= ? AND ${typed.text} AND ${named.text} ${LIMIT}`,
    values: [...(found?.values ?? []), after, upTo, ...typed.values, ...named.values, limit],
  }
}

/** Streams looked at for one slice, most of which may be of other kinds. */
export const STREAMS_LOOKED_AT = 2_000

export interface StreamsSql {
  /** Bound to a stream, and a revision in it: its events from there on. */
  readonly ofOne: string
  /** Bound to two streams: the events of those behind the one, up to the other. */
  readonly ofMany: string
  /** Bound behind these, and then the limit. */
  readonly values: readonly (string | number)[]
}

/** The events selected up to a position, stream by stream. */
export const streamsEvents = ({
  types,
  streamPrefixes,
  upTo,
}: Omit<EventSelection, 'after'>): StreamsSql => {
  const typed = ofTypes(types)
  const named = namesBeginningWith(streamPrefixes)
  // As above: the loops stand in the order of the answer. Revisions sort below all blobs.
  const text = (streams: string) =>
    `SELECT ${EVENT_COLUMNS}, s.stream_no FROM streams s
     CROSS JOIN places p ON p.stream_no = s.stream_no AND p.key < x''
     CROSS JOIN events e ON e.position = p.position
     WHERE ${streams} AND ${named.text} AND e.position <= ? AND ${typed.text} ${LIMIT}`
  return {
    ofOne: text('s.stream_no = ? AND p.key >= ?'),
    ofMany: text('s.stream_no > ? AND s.stream_no <= ?'),
    values: [...named.values, upTo, ...typed.values],
  }
}
