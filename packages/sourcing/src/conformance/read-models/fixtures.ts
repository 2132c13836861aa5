import type { Position, RecordedEvent } from '../../event.js'
import { is } from '../../filter.js'
import { countedPosition } from '../../position.js'
import { remove, type Rows, type Table } from '../../projection.js'
import type { Applied, ReadModels } from '../../read-models.js'
import { eventId, metadata } from '../event-store/fixtures.js'
import { ok } from '../suite.js'

export type Row = Record<string, unknown>

const table: Table = {
  name: 'notes',
  columns: {
    title: 'text',
    rank: 'number',
    pinned: 'boolean',
    owner: 'text',
    tags: 'texts',
    named: 'values',
  },
  indexes: [
    { name: 'notes_by_title', columns: ['title'] },
    { name: 'notes_by_owner', columns: ['owner', 'rank'] },
    { name: 'notes_pinned', columns: ['rank'], where: is('pinned', true) },
  ],
}

/** Put makes or replaces a row, Changed changes its draft, Broken throws; Seen is nothing to it. */
export const notes: Rows = {
  name: 'notes',
  version: 1,
  table,
  categories: ['note'],
  on: {
    Put: (_, event) => event.data as Row,
    Changed: (row, event) => {
      if (row !== undefined) Object.assign(row, event.data)
    },
    Removed: () => remove,
    Broken: (row) => {
      if (row !== undefined) row['title'] = 'half done'
      throw new Error('it broke')
    },
  },
  counters: (row) => [
    'all',
    ...(row['pinned'] === true ? ['pinned'] : []),
    ...(typeof row['owner'] === 'string' ? [`owner/${row['owner']}`] : []),
  ],
  watches: { of: 'owner', by: ['title'] },
}

/** The same under another name: of rows of its own. */
export const named = (name: string, more: Partial<Rows> = {}): Rows => ({
  ...notes,
  name,
  table: {
    ...table,
    name,
    indexes: table.indexes.map((index) => ({ ...index, name: `${name}_${index.name}` })),
  },
  ...more,
})

export interface Happening {
  readonly key: string
  readonly type: 'Put' | 'Changed' | 'Removed' | 'Broken' | 'Seen'
  readonly data?: unknown
  readonly category?: string
}

export const put = (key: string, data: Row): Happening => ({ key, type: 'Put', data })
export const changed = (key: string, data: Row): Happening => ({ key, type: 'Changed', data })
export const removed = (key: string): Happening => ({ key, type: 'Removed' })
export const broken = (key: string): Happening => ({ key, type: 'Broken' })

/** As a log would hold them, the first at position 1 unless told. */
export const recorded = (happenings: readonly Happening[], first = 1): readonly RecordedEvent[] =>
  happenings.map(({ key, type, data = {}, category = 'note' }, index) => ({
    id: eventId(first + index),
    stream: `${category}-acme.${key}`,
    revision: index,
    type,
    data,
    metadata,
    position: countedPosition(first + index),
  }))

/** Applies what happens next: from the checkpoint on, as the next positions of the log. */
export const apply = async (
  readModels: ReadModels,
  projection: Rows,
  ...happenings: readonly Happening[]
): Promise<Applied> => {
  const after = await ok(readModels.checkpoint(projection))
  const events = recorded(happenings, Number(after ?? 0) + 1)
  const position = events.at(-1)!.position
  return ok(readModels.apply(projection, { events, after, position }))
}

export const at = (count: number): Position => countedPosition(count)

export const rowsOf = async (
  readModels: ReadModels,
  projection: Rows,
  ...keys: readonly string[]
): Promise<Record<string, Row>> => Object.fromEntries(await ok(readModels.get(projection, keys)))

/** All that is kept of a projection, for comparisons of before and after. */
export const keptOf = async (readModels: ReadModels, projection: Rows) => ({
  rows: await ok(
    readModels.find(projection, {
      where: { and: [] },
      order: { column: 'title', direction: 'ascending' },
      limit: 10_000,
    }),
  ),
  counters: await ok(readModels.counters(projection, ['all', 'pinned', 'owner/ada', 'owner/bo'])),
  parked: await ok(readModels.parked(projection)),
  checkpoint: await ok(readModels.checkpoint(projection)),
})

export const nothing = { rows: [], counters: [0, 0, 0, 0], parked: [], checkpoint: undefined }
