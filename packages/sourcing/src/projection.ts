/** A projection is a value; how its rows follow from events is the same on every adapter. */
import { Immer, isDraftable, type Draft } from 'immer'
import type { DomainEvent, IsoTime, Position, RecordedEvent, StreamName } from './event.js'
import { columnText, type Filter, type Scalar } from './filter.js'
import { streamCategory, streamId } from './stream-name.js'
import { shapeOf } from './validation.js'

/** `texts` is a list of them; `values` an object of scalars, by names of any kind. */
export type ColumnType = ScalarType | 'texts' | 'values'
export type ScalarType = 'text' | 'number' | 'boolean'

export interface Index {
  readonly name: string
  /** In this order, each ascending. */
  readonly columns: readonly string[]
  /** Only rows that pass are in the index: `and` of `is` with constants. */
  readonly where?: Filter
}

/**
 * Rows are JSON objects. Columns can be filtered by, and those of single values sorted and indexed by
 * (by others rows are ordered by their key alone); the other fields ride along.
 */
export interface Table {
  readonly name: string
  readonly columns: Readonly<Record<string, ColumnType>>
  readonly indexes: readonly Index[]
}

/** What a handler returns to take its row away. */
export const remove: unique symbol = Symbol('remove')
export type Remove = typeof remove

/**
 * Changes the draft it is given, or returns a row where there was none; undefined means no more
 * than that. Pure otherwise: it sees nothing but row and event.
 */
export type Handler<Row, E extends DomainEvent> = (
  row: Draft<Row> | undefined,
  event: RecordedEvent<E>,
) => Row | Remove | undefined | void

/**
 * A projection's rows, counters, parked events and checkpoint are a set. One is served; `next` is
 * being built beside it; `previous` was served before, and is kept for a way back.
 */
export type RowSet = 'served' | 'next' | 'previous'

export interface Projection<Row extends object = object, E extends DomainEvent = DomainEvent> {
  readonly name: string
  /** Raised with every change of what the rows hold; rows of another version are never read. */
  readonly version: number
  /** Which set of that version is meant; the one that is served unless told. */
  readonly set?: RowSet
  readonly table: Table
  /** The name of the projection whose skipped events it passes over, too; its own unless told. */
  readonly skipsOf?: string
  /** The kinds of streams it reads. */
  readonly categories: readonly string[]
  readonly on: { readonly [T in E['type']]?: Handler<Row, Extract<E, { readonly type: T }>> }
  /** The keys of the rows an event touches; the id of its stream unless told. */
  readonly keys?: (event: RecordedEvent<E>) => readonly string[]
  /** The counters a row is counted in. They are exact, and change in the row's transaction. */
  readonly counters?: (row: Row) => readonly string[]
  /**
   * Filters over its rows can be watched (`Watching`): those of one value of the column `of`, counted by
   * the values of the columns `by`. A store may keep their rows by the first of these, in the order of
   * the column `order.column`, so that pages of them are read at once; `order.all` names the counter of
   * all rows of one value of `of`. All are text columns.
   */
  readonly watches?: {
    readonly of: string
    readonly by: readonly string[]
    readonly order?: { readonly column: string; readonly all: (of: string) => string }
  }
}

/** The way a projection is handled where its row type does not matter. */
export type Rows = Projection<Record<string, unknown>>

/** The turn at keeping its rows: software of another version keeps other rows. */
export const projectionTurn = ({ name, version }: Rows): string =>
  `projection ${name} ${String(version)}`

/** The same projection, with another set of its rows. */
export const inSet = (projection: Rows, set: RowSet): Rows => ({ ...projection, set })

export interface ParkedEvent {
  readonly key: string
  readonly position: Position
  readonly stream: StreamName
  readonly revision: number
  readonly type: string
  /** When the event was written, by its writer's clock. */
  readonly recordedAt: IsoTime
  /**
   * What its handler threw, at most 2,000 characters; absent for those that wait behind one that
   * did. Of each parked key the first event has one, and no other.
   */
  readonly error?: string
}

export interface RowChange<Row = object> {
  readonly key: string
  readonly before: Row | undefined
  readonly after: Row | undefined
  /** The values of `after`, in the order of its fields, as a JSON array: to be stored as they are. */
  readonly values: string | undefined
}

export interface Folded<Row = object> {
  /** Changed rows only, one entry a key. */
  readonly changes: readonly RowChange<Row>[]
  /** What to add to each counter; none is 0. */
  readonly counters: ReadonlyMap<string, number>
  readonly parked: readonly ParkedEvent[]
}

/** Whether a projection reads an event at all. */
export const handles = (projection: Rows, event: Pick<RecordedEvent, 'type' | 'stream'>): boolean =>
  Object.hasOwn(projection.on, event.type) &&
  projection.categories.includes(streamCategory(event.stream))

/** Each once. An event that its projection finds no keys for breaks in the row of its stream. */
const keysOf = (
  projection: Rows,
  event: RecordedEvent,
): { readonly keys: ReadonlySet<string>; readonly broken?: unknown } => {
  const ofStream = [streamId(event.stream)]
  try {
    return { keys: new Set((projection.keys?.(event) ?? ofStream).map(columnText)) }
  } catch (broken) {
    return { keys: new Set(ofStream), broken }
  }
}

/** Stands for an event in the row of a key, in a set of those that were skipped. */
export const skipMark = (key: string, position: Position): string => `${position} ${key}`

/** The marks of events that were skipped, as folds take them. */
export const skipMarks = (
  skips: readonly { readonly key: string; readonly position: Position }[],
): ReadonlySet<string> => new Set(skips.map(({ key, position }) => skipMark(key, position)))

/** What else is known of the rows that a batch is folded over. */
export interface FoldOptions {
  /** Marks of what an operator passed over for good. */
  readonly skipped?: ReadonlySet<string> | undefined
  /** Folds parked events again: of an event that touches this row, only this row. */
  readonly only?: string | undefined
}

/** Calls back for each row of each event, in their order. */
const eachWork = (
  projection: Rows,
  events: readonly RecordedEvent[],
  { skipped, only }: FoldOptions,
  found: (key: string, work: Work) => void,
): void => {
  const isSkipped = (key: string, { position }: RecordedEvent) =>
    skipped !== undefined && skipped.size > 0 && skipped.has(skipMark(key, position))
  for (const event of events) {
    if (!handles(projection, event)) continue
    const { keys, ...broken } = keysOf(projection, event)
    const ofStream = streamId(event.stream)
    // Skipped under its stream, when its keys could not be told: then in none of its rows.
    if (!keys.has(ofStream) && isSkipped(ofStream, event)) continue
    const work = { event, ...broken }
    for (const key of only !== undefined && keys.has(only) ? [only] : keys)
      if (!isSkipped(key, event)) found(key, work)
  }
}

/** The keys of the rows that a batch of events may touch: load these before folding. */
export const touchedKeys = (
  projection: Rows,
  events: readonly RecordedEvent[],
  options: FoldOptions = {},
): ReadonlySet<string> => {
  const keys = new Set<string>()
  eachWork(projection, events, options, (key) => keys.add(key))
  return keys
}

// Of our own, so that freezing stays as the host has set it for itself: these rows are the engine's.
const immer = new Immer({ autoFreeze: false })

type Row = Record<string, unknown>

const IN_JAVASCRIPT = { text: 'string', number: 'number', boolean: 'boolean' } as const

export const isScalarType = (type: ColumnType | undefined): type is ScalarType =>
  type !== undefined && type !== 'texts' && type !== 'values'

const isScalar = (value: unknown): value is Scalar =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value))

/** Whether a column may hold it. */
const fits = (type: ColumnType, value: unknown): boolean => {
  switch (type) {
    case 'texts':
      return Array.isArray(value) && value.every((text) => typeof text === 'string')
    case 'values':
      return (
        typeof value === 'object' && !Array.isArray(value) && Object.values(value!).every(isScalar)
      )
    case 'text':
    case 'number':
    case 'boolean':
      return typeof value === IN_JAVASCRIPT[type] && isScalar(value)
  }
}

const textKept = <A>(value: A): A =>
  typeof value === 'string' ? (columnText(value) as A & string) : value

/** The same value where nothing in it has to be replaced. */
const valueKept = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return textKept(value)
  if (Array.isArray(value)) {
    const texts = value.map(textKept)
    return texts.every((text, index) => text === value[index]) ? value : texts
  }
  const entries = Object.entries(value)
  const kept = entries.map(([name, each]) => [columnText(name), textKept(each)] as const)
  return kept.every(([name, each], i) => name === entries[i]![0] && each === entries[i]![1])
    ? value
    : Object.fromEntries(kept)
}

// Listed once: rows come by the million.
const columnLists = new WeakMap<Table, readonly (readonly [column: string, type: ColumnType])[]>()
const columnsOf = (table: Table) => {
  const columns = columnLists.get(table) ?? Object.entries(table.columns)
  columnLists.set(table, columns)
  return columns
}

/** A row as its columns can keep it; throws where a column holds what it was not made for. */
const asKept = (table: Table, row: Row): Row => {
  let kept = row
  for (const [column, type] of columnsOf(table)) {
    const value = row[column] ?? null
    if (value === null) continue
    if (!fits(type, value))
      throw new Error(`column ${column}: expected ${type}, found ${shapeOf(value)}`)
    const asColumn = valueKept(value)
    if (asColumn !== value) kept = { ...kept, [column]: asColumn }
  }
  return kept
}

interface Work {
  readonly event: RecordedEvent
  /** What the projection threw when it was asked for the event's keys. */
  readonly broken?: unknown
}

const LONGEST_ERROR = 2_000

export const parkedEvent = (
  key: string,
  { position, stream, revision, type, metadata: { recordedAt } }: RecordedEvent,
  broken?: { readonly error: unknown },
): ParkedEvent => ({
  key,
  position,
  stream,
  revision,
  type,
  recordedAt,
  ...(broken && { error: columnText(String(broken.error).slice(0, LONGEST_ERROR)) }),
})

interface FoldedRow {
  readonly row: Row | undefined
  readonly values: string | undefined
  readonly counters: readonly string[]
}

const NO_ROW: FoldedRow = { row: undefined, values: undefined, counters: [] }

const isJson = (value: unknown): boolean =>
  value !== undefined && typeof value !== 'function' && typeof value !== 'symbol'

/** Without the fields that JSON leaves out. */
const asJson = (row: Row): Row =>
  Object.values(row).every(isJson)
    ? row
    : Object.fromEntries(Object.entries(row).filter(([, value]) => isJson(value)))

const foldedRow = (projection: Rows, after: Row): FoldedRow => {
  const row = asJson(asKept(projection.table, after))
  const values = JSON.stringify(Object.values(row))
  return { row, values, counters: projection.counters?.(row) ?? [] }
}

/** One row after its events, in one draft; throws what the projection throws. */
const foldRow = (projection: Rows, before: Row | undefined, works: readonly Work[]): FoldedRow => {
  let draft = before === undefined ? undefined : immer.createDraft(before)
  for (const work of works) {
    if ('broken' in work) throw work.broken
    const answer = projection.on[work.event.type]?.(draft, work.event)
    if (answer === remove) draft = undefined
    else if (answer !== undefined && answer !== draft) draft = immer.createDraft(answer)
  }
  if (draft === undefined) return NO_ROW
  const after = immer.finishDraft(draft)
  return after === before ? { ...NO_ROW, row: before } : foldedRow(projection, after)
}

/** Shares nothing with what a handler may hold elsewhere. */
const ownCopy = <A>(value: A): A => {
  if (!isDraftable(value)) return value
  if (Array.isArray(value)) return value.map(ownCopy) as A
  const copy = { ...value } as Row
  for (const name in copy) {
    const part = copy[name]
    if (typeof part === 'object' && part !== null) copy[name] = ownCopy(part)
  }
  return copy as A
}

/**
 * As `foldRow` where nothing was there before: nobody else sees the row, so handlers change it as
 * it is, which takes a fraction of what drafts take.
 */
const foldFresh = (projection: Rows, works: readonly Work[]): FoldedRow => {
  let row: Row | undefined
  for (const work of works) {
    if ('broken' in work) throw work.broken
    const answer = projection.on[work.event.type]?.(row, work.event)
    if (answer === remove) row = undefined
    else if (answer !== undefined && answer !== row) {
      if (!isDraftable(answer)) throw new Error('expected a row')
      row = ownCopy(answer)
    }
  }
  return row === undefined ? NO_ROW : foldedRow(projection, row)
}

interface FoldedOrParked extends FoldedRow {
  readonly parked: readonly ParkedEvent[]
}

/** As `foldRow`, up to the event that breaks: it and those behind it are parked. */
const foldRowOrPark = (
  projection: Rows,
  key: string,
  before: Row | undefined,
  works: readonly Work[],
): FoldedOrParked => {
  try {
    const folded =
      before === undefined ? foldFresh(projection, works) : foldRow(projection, before, works)
    return { ...folded, parked: [] }
  } catch {
    // Once more, one event at a time: a broken event leaves nothing half done in the row.
    let folded: FoldedRow = { ...NO_ROW, row: before }
    for (const [index, work] of works.entries()) {
      try {
        const next = foldRow(projection, folded.row, [work])
        if (next.row !== folded.row) folded = next
      } catch (error) {
        const waiting = works.slice(index + 1).map(({ event }) => parkedEvent(key, event))
        return { ...folded, parked: [parkedEvent(key, work.event, { error }), ...waiting] }
      }
    }
    return { ...folded, parked: [] }
  }
}

/**
 * A batch of events folded over the rows it touches. An event whose handler throws is parked with
 * its key, and whatever comes for that key later waits behind it; other keys go on.
 */
export const foldBatch = (
  projection: Rows,
  rows: ReadonlyMap<string, Row>,
  parkedKeys: ReadonlySet<string>,
  events: readonly RecordedEvent[],
  options: FoldOptions = {},
): Folded<Row> => {
  const byKey = new Map<string, Work[]>()
  eachWork(projection, events, options, (key, work) => {
    const mine = byKey.get(key)
    if (mine === undefined) byKey.set(key, [work])
    else mine.push(work)
  })
  const changes: RowChange<Row>[] = []
  const counters = new Map<string, number>()
  const parked: ParkedEvent[] = []
  const count = (names: readonly string[], by: number) => {
    for (const name of names) {
      const sum = (counters.get(name) ?? 0) + by
      if (sum === 0) counters.delete(name)
      else counters.set(name, sum)
    }
  }
  for (const [key, works] of byKey) {
    if (parkedKeys.has(key)) {
      parked.push(...works.map(({ event }) => parkedEvent(key, event)))
      continue
    }
    const before = rows.get(key)
    const folded = foldRowOrPark(projection, key, before, works)
    parked.push(...folded.parked)
    if (folded.row === before) continue
    changes.push({ key, before, after: folded.row, values: folded.values })
    if (before !== undefined) count(projection.counters?.(before) ?? [], -1)
    count(folded.counters, 1)
  }
  return { changes, counters, parked }
}

/**
 * Whether each row follows from one stream alone, as far as the projection tells: of one category,
 * its key the stream's id.
 */
export const isOfStreams = ({ keys, categories }: Rows): boolean =>
  keys === undefined && categories.length === 1

/** Rows of whole streams, in pieces as they come: nothing was there before. */
export interface StreamFold {
  /**
   * What is finished by now and was not answered before, once that is enough to be written;
   * undefined where a key came twice: that is no row of one stream.
   */
  readonly add: (events: readonly RecordedEvent[], enough?: number) => Folded<Row> | undefined
  /** The rest. */
  readonly end: () => Folded<Row>
}

const NOTHING: Folded<Row> = { changes: [], counters: new Map(), parked: [] }

/** Folds a log that is read stream by stream: each row once, for all of its events. */
export const foldStreams = (
  projection: Rows,
  { skipped }: Pick<FoldOptions, 'skipped'> = {},
): StreamFold => {
  const seen = new Set<string>()
  let stream: string | undefined
  let isRead = false
  let key = ''
  let works: Work[] = []
  /** Of the stream's events in pieces before. */
  let before: FoldedOrParked | undefined
  let changes: RowChange<Row>[] = []
  let counters = new Map<string, number>()
  let parked: ParkedEvent[] = []

  const soFar = (): FoldedOrParked | undefined => {
    if (works.length === 0) return before
    const more = works
    works = []
    if (before === undefined) return (before = foldRowOrPark(projection, key, undefined, more))
    if (before.parked.length > 0) {
      const waiting = more.map(({ event }) => parkedEvent(key, event))
      return (before = { ...before, parked: [...before.parked, ...waiting] })
    }
    const after = foldRowOrPark(projection, key, before.row, more)
    before = after.row === before.row ? { ...before, parked: after.parked } : after
    return before
  }

  const finish = () => {
    const folded = soFar()
    before = undefined
    if (folded === undefined) return
    parked.push(...folded.parked)
    if (folded.row === undefined) return
    changes.push({ key, before: undefined, after: folded.row, values: folded.values })
    for (const name of folded.counters) counters.set(name, (counters.get(name) ?? 0) + 1)
  }

  const finished = (): Folded<Row> => {
    const folded = { changes, counters, parked }
    changes = []
    counters = new Map()
    parked = []
    return folded
  }

  return {
    add: (events, enough = 0) => {
      for (const event of events) {
        if (event.stream !== stream) {
          finish()
          stream = event.stream
          isRead = projection.categories.includes(streamCategory(stream))
          key = columnText(streamId(stream))
          if (isRead && seen.has(key)) return undefined
          if (isRead) seen.add(key)
        }
        if (!isRead || !Object.hasOwn(projection.on, event.type)) continue
        if (skipped === undefined || !skipped.has(skipMark(key, event.position)))
          works.push({ event })
      }
      // Not to be held until the stream ends, however long it is.
      soFar()
      return changes.length + parked.length >= enough ? finished() : NOTHING
    },
    end: () => {
      finish()
      return finished()
    },
  }
}
