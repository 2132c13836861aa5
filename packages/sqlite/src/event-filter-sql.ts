/**
 * A filter over events as SQL. First candidates are found, a window of them at most, so that no
 * slice takes long: by the index on types where types are asked for (one ordered scan a type,
 * merged, so that a rare type costs nothing among many others), else as they stand in the log.
 * Of the candidates those whose stream's name begins as asked for are read.
 */
import { textsBeginningWith } from './text-range.js'

export interface EventSelection {
  /** Numbers of types; undefined for all. */
  readonly types: readonly number[] | undefined
  readonly streamPrefixes: readonly string[] | undefined
  /** Exclusive. */
  readonly after: number
  /** Inclusive. */
  readonly upTo: number
  readonly window: number
}

export interface Sql {
  readonly text: string
  readonly values: readonly (string | number)[]
}

export const EVENT_COLUMNS = 'e.position, e.revision, e.id, e.type_no, e.data, e.metadata, s.name'

// SQLite's limit on compound selects is 500.
const MOST_SCANS = 400

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

const isScan = ({ types }: EventSelection): boolean =>
  types === undefined || types.length > MOST_SCANS

const candidates = (selection: EventSelection): Sql => {
  const { types = [], after, upTo, window } = selection
  if (isScan(selection)) {
    const ofTypes = types.length === 0 ? '' : 'AND type_no IN (SELECT value FROM json_each(?))'
    return {
      text: `SELECT position FROM events NOT INDEXED
             WHERE position > ? AND position <= ? ${ofTypes} ORDER BY position LIMIT ?`,
      values: [
        after,
        Math.min(upTo, after + window),
        ...(types.length === 0 ? [] : [JSON.stringify(types)]),
        window,
      ],
    }
  }
  const ofType = 'SELECT position FROM events WHERE type_no = ? AND position > ? AND position <= ?'
  return {
    text: `${types.map(() => ofType).join(' UNION ALL ')} ORDER BY position LIMIT ?`,
    values: [...types.flatMap((type) => [type, after, upTo]), window],
  }
}

/** The events selected, in their order. */
export const selectedEvents = (selection: EventSelection, limit: number): Sql => {
  const from = candidates(selection)
  const named = namesBeginningWith(selection.streamPrefixes)
  // CROSS JOIN keeps the loops, and with them the order, as they are written here: sorting the
  // joined rows would read a whole window of them where the first few are enough.
  return {
    text: `SELECT ${EVENT_COLUMNS} FROM (${from.text}) c
           CROSS JOIN events e ON e.position = c.position
           CROSS JOIN streams s ON s.stream_no = e.stream_no
           WHERE ${named.text} LIMIT ?`,
    values: [...from.values, ...named.values, limit],
  }
}

/** Where the window ends; no row where it reaches as far as the selection: then all was looked at. */
export const endOfWindow = (selection: EventSelection): Sql => {
  const { after, upTo, window } = selection
  if (isScan(selection)) {
    const last = after + window
    return { text: 'SELECT ? WHERE ? < ?', values: [last, last, upTo] }
  }
  const { text, values } = candidates(selection)
  return {
    text: `SELECT position FROM (${text}) LIMIT 1 OFFSET ?`,
    values: [...values, window - 1],
  }
}
