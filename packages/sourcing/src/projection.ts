/** A projection is a value; how its rows follow from events is the same on every adapter. */
import { Immer, type Draft } from 'immer'
import type { DomainEvent, Position, RecordedEvent } from './event.js'
import { columnText, type Filter } from './filter.js'
import { streamCategory, streamId } from './stream-name.js'
import { shapeOf } from './validation.js'

export type ColumnType = 'text' | 'number' | 'boolean'

export interface Index {
  readonly name: string
  /** In this order, each ascending. */
  readonly columns: readonly string[]
  /** Only rows that pass are in the index: `and` of `is` with constants. */
  readonly where?: Filter
}

/** Rows are JSON objects. Columns can be filtered and sorted by; the other fields ride along. */
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

export interface Projection<Row extends object = object, E extends DomainEvent = DomainEvent> {
  readonly name: string
  /** Raised with every change of what the rows hold; rows of another version are never read. */
  readonly version: number
  readonly table: Table
  /** The kinds of streams it reads. */
  readonly categories: readonly string[]
  readonly on: { readonly [T in E['type']]?: Handler<Row, Extract<E, { readonly type: T }>> }
  /** The keys of the rows an event touches; the id of its stream unless told. */
  readonly keys?: (event: RecordedEvent<E>) => readonly string[]
  /** The counters a row is counted in. They are exact, and change in the row's transaction. */
  readonly counters?: (row: Row) => readonly string[]
}

/** The way a projection is handled where its row type does not matter. */
export type Rows = Projection<Record<string, unknown>>

export interface ParkedEvent {
  readonly key: string
  readonly position: Position
  /** What its handler threw; absent for those that wait behind one that did. */
  readonly error?: string
}

export interface RowChange<Row = object> {
  readonly key: string
  readonly before: Row | undefined
  readonly after: Row | undefined
}

export interface Folded<Row = object> {
  /** Changed rows only, one entry a key. */
  readonly changes: readonly RowChange<Row>[]
  /** What to add to each counter; none is 0. */
  readonly counters: ReadonlyMap<string, number>
  readonly parked: readonly ParkedEvent[]
}

/** Whether a projection reads an event at all. */
export const handles = (projection: Rows, event: RecordedEvent): boolean =>
  Object.hasOwn(projection.on, event.type) &&
  projection.categories.includes(streamCategory(event.stream))

/** Each once; where the projection cannot tell, the event is its stream's, to be parked with it. */
const keysOf = (projection: Rows, event: RecordedEvent): ReadonlySet<string> => {
  const ofStream = [streamId(event.stream)]
  try {
    return new Set((projection.keys?.(event) ?? ofStream).map(columnText))
  } catch {
    return new Set(ofStream)
  }
}

/** The keys of the rows that a batch of events may touch: load these before folding. */
export const touchedKeys = (
  projection: Rows,
  events: readonly RecordedEvent[],
): ReadonlySet<string> => {
  const keys = new Set<string>()
  for (const event of events)
    if (handles(projection, event)) for (const key of keysOf(projection, event)) keys.add(key)
  return keys
}

// Of our own, so that freezing stays as the host has set it for itself: these rows are the engine's.
const immer = new Immer({ autoFreeze: false })

type Row = Record<string, unknown>

const IN_JAVASCRIPT = { text: 'string', number: 'number', boolean: 'boolean' } as const

/** A row as its columns can keep it; throws where a column holds what it was not made for. */
const asKept = (table: Table, row: Row): Row => {
  let kept = row
  for (const [column, type] of Object.entries(table.columns)) {
    const value = row[column] ?? null
    if (value === null) continue
    if (typeof value !== IN_JAVASCRIPT[type] || Number.isNaN(value))
      throw new Error(`column ${column}: expected ${type}, found ${shapeOf(value)}`)
    const text = typeof value === 'string' ? columnText(value) : value
    if (text !== value) kept = { ...kept, [column]: text }
  }
  return kept
}

/** One row after its events, in one draft; throws what a handler throws. */
const foldRow = (
  projection: Rows,
  before: Row | undefined,
  events: readonly RecordedEvent[],
): Row | undefined => {
  let draft = before === undefined ? undefined : immer.createDraft(before)
  for (const event of events) {
    const answer = projection.on[event.type]?.(draft, event)
    if (answer === remove) draft = undefined
    else if (answer !== undefined && answer !== draft) draft = immer.createDraft(answer)
  }
  const after = draft === undefined ? undefined : immer.finishDraft(draft)
  return after === undefined || after === before ? after : asKept(projection.table, after)
}

/** As `foldRow`, up to the event that breaks: it and those behind it are parked. */
const foldRowOrPark = (
  projection: Rows,
  key: string,
  before: Row | undefined,
  events: readonly RecordedEvent[],
): { after: Row | undefined; parked: readonly ParkedEvent[] } => {
  try {
    return { after: foldRow(projection, before, events), parked: [] }
  } catch {
    // Once more, one event at a time: a broken event leaves nothing half done in the row.
    let after = before
    for (const [index, event] of events.entries()) {
      try {
        after = foldRow(projection, after, [event])
      } catch (error) {
        const [broken, ...waiting] = events.slice(index).map(({ position }) => ({ key, position }))
        return { after, parked: [{ ...broken!, error: String(error) }, ...waiting] }
      }
    }
    return { after, parked: [] }
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
): Folded<Row> => {
  const byKey = new Map<string, RecordedEvent[]>()
  for (const event of events) {
    if (!handles(projection, event)) continue
    for (const key of keysOf(projection, event)) {
      const mine = byKey.get(key)
      if (mine === undefined) byKey.set(key, [event])
      else mine.push(event)
    }
  }
  const changes: RowChange<Row>[] = []
  const counters = new Map<string, number>()
  const parked: ParkedEvent[] = []
  const count = (row: Row | undefined, by: number) => {
    if (row === undefined || projection.counters === undefined) return
    for (const counter of projection.counters(row))
      counters.set(counter, (counters.get(counter) ?? 0) + by)
  }
  for (const [key, mine] of byKey) {
    if (parkedKeys.has(key)) {
      parked.push(...mine.map(({ position }) => ({ key, position })))
      continue
    }
    const before = rows.get(key)
    const folded = foldRowOrPark(projection, key, before, mine)
    parked.push(...folded.parked)
    if (folded.after === before) continue
    changes.push({ key, before, after: folded.after })
    count(before, -1)
    count(folded.after, 1)
  }
  for (const [counter, by] of counters) if (by === 0) counters.delete(counter)
  return { changes, counters, parked }
}
