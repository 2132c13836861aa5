/**
 * Where a moment is in the log: in front of the first event of the account's conversations that was
 * recorded later. Every thousandth place or so is marked with the latest time of its thousand, so
 * that a moment is found without reading the log again.
 */
import { conversationRows } from '@threadbook/projection-views'
import {
  BoundedMap,
  Faulted,
  filters,
  type Filter,
  type IsoTime,
  type KeyedRow,
  type Position,
  type RecordedEvent,
  type Rows,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door } from '../../door.js'
import { answer } from '../../fault.js'
import { isBefore, slicesOf, type Place } from './log-slices.js'
import type { Making } from './making.js'

type Mark = { readonly recordedAt: IsoTime; readonly position: Position }

const known = new BoundedMap<string, Rows>(1_000)

/** A row for each event that it is given: the latest of each part of the log. */
const marksOf = (account: string): Rows => {
  const mark = (_: unknown, { position, metadata }: RecordedEvent): Mark => ({
    position,
    recordedAt: metadata.recordedAt,
  })
  const made =
    known.get(account) ??
    ({
      name: `times of ${account}`,
      version: 1,
      table: {
        name: 'times',
        columns: { position: 'text', recordedAt: 'text' },
        indexes: [{ name: 'by_position', columns: ['position'] }],
      },
      categories: conversationRows.categories,
      keys: ({ position }) => [position],
      on: Object.fromEntries(Object.keys(conversationRows.on).map((type) => [type, mark])),
    } satisfies Rows)
  known.set(account, made)
  return made
}

const MARK_EVERY = 1_000

const latestOf = (events: readonly RecordedEvent[]): RecordedEvent =>
  events.reduce((a, b) => (a.metadata.recordedAt < b.metadata.recordedAt ? b : a))

/** Marks what is not marked yet, but for the last few events. */
const markAll = async (door: Door, making: Making): Promise<void> => {
  const { signal, onProgress } = making
  const { readModels } = door.adapters
  const marks = marksOf(door.account)
  await answer(readModels.open(marks))
  let after: Place = await answer(readModels.checkpoint(marks))
  let unmarked: RecordedEvent[] = []
  let handled = 0
  for await (const { events, position } of slicesOf(door, after, signal)) {
    unmarked.push(...events)
    onProgress?.((handled += events.length))
    if (unmarked.length < MARK_EVERY) continue
    const applied = await readModels.apply(marks, {
      events: [latestOf(unmarked)],
      after,
      position,
    })()
    if (E.isLeft(applied)) {
      // Another process is at it: what is left it will do, too.
      if (applied.left.type === 'CheckpointMoved') return markAll(door, making)
      throw new Faulted(applied.left)
    }
    after = position
    unmarked = []
  }
}

const markNext = async (
  { adapters, account }: Door,
  where: Filter,
  direction: 'ascending' | 'descending',
): Promise<Mark | undefined> => {
  const [found] = (await answer(
    adapters.readModels.find(marksOf(account), {
      where,
      order: { column: 'position', direction },
      limit: 1,
    }),
  )) as unknown as readonly KeyedRow<Mark>[]
  return found?.row
}

const compared = (
  attribute: keyof Mark,
  operator: 'greaterThan' | 'lessThan' | 'atMost',
  value: string,
): Filter => ({ attribute, operator, value })

/** From the last mark before a place on: all that is marked before it was recorded before the mark. */
const lastMark = (door: Door, position: Position | undefined): Promise<Mark | undefined> =>
  markNext(
    door,
    position === undefined ? filters.and() : compared('position', 'atMost', position),
    'descending',
  )

/** The place of a moment; undefined where nothing had been recorded yet. */
export const placeOfTime = async (door: Door, at: IsoTime, making: Making): Promise<Place> => {
  await markAll(door, making)
  const hit = await markNext(door, compared('recordedAt', 'greaterThan', at), 'ascending')
  const start = await (hit === undefined
    ? lastMark(door, undefined)
    : markNext(door, compared('position', 'lessThan', hit.position), 'descending'))
  let last: Place = start?.position
  for await (const { events } of slicesOf(door, last, making.signal))
    for (const { position, metadata } of events) {
      if (metadata.recordedAt > at) return last
      last = position
    }
  return last
}

/** The time of a place: when the last event of a conversation up to it was recorded. */
export const timeOfPlace = async (
  door: Door,
  place: Position,
  making: Making,
): Promise<IsoTime | undefined> => {
  await markAll(door, making)
  const start = await lastMark(door, place)
  let time = start?.recordedAt
  for await (const { events } of slicesOf(door, start?.position, making.signal))
    for (const { position, metadata } of events) {
      if (isBefore(place, position)) return time
      time = metadata.recordedAt
    }
  return time
}
