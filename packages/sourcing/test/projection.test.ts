import { describe, expect, it } from '@jest/globals'
import {
  countedPosition,
  foldBatch,
  handles,
  remove,
  touchedKeys,
  type Folded,
  type RecordedEvent,
  type Rows,
} from '@threadbook/sourcing'
import fc from 'fast-check'

type Row = Record<string, unknown>

const notes: Rows = {
  name: 'notes',
  version: 1,
  table: { name: 'notes', columns: { title: 'text', rank: 'number' }, indexes: [] },
  categories: ['note', 'memo'],
  on: {
    Put: (_, event) => event.data as Row,
    Titled: (row, event) => {
      if (row !== undefined) row['title'] = event.data
    },
    Same: (row) => row,
    Removed: () => remove,
    Broken: (row) => {
      if (row !== undefined) row['title'] = 'half done'
      throw new Error('it broke')
    },
  },
  counters: (row) => ['all', `title/${String(row['title'])}`],
}

let position = 0
const event = (
  key: string,
  type: string,
  data: unknown = {},
  category = 'note',
): RecordedEvent => ({
  id: '00000000-0000-4000-8000-000000000001',
  stream: `${category}-acme.${key}`,
  revision: 0,
  type,
  data,
  metadata: {
    schemaVersion: 1,
    account: 'acme',
    actor: 'user:ada',
    commandId: 'c',
    occurredAt: '2026-01-02T03:04:05.678Z',
    recordedAt: '2026-01-02T03:04:05.678Z',
  },
  position: countedPosition(++position),
})
const put = (key: string, data: Row) => event(key, 'Put', data)
const titled = (key: string, title: unknown) => event(key, 'Titled', title)
const broken = (key: string) => event(key, 'Broken')
const removed = (key: string) => event(key, 'Removed')

const fold = (
  events: readonly RecordedEvent[],
  rows: Readonly<Record<string, Row>> = {},
  parked: readonly string[] = [],
  projection = notes,
) => foldBatch(projection, new Map(Object.entries(rows)), new Set(parked), events)

const after = ({ changes }: Folded) =>
  Object.fromEntries(changes.map((one) => [one.key, one.after]))
const counted = ({ counters }: Folded) => Object.fromEntries(counters)

describe('handles and touchedKeys', () => {
  it('are about listed types in listed categories', () => {
    expect(handles(notes, put('a', {}))).toBe(true)
    expect(handles(notes, event('a', 'Put', {}, 'memo'))).toBe(true)
    expect(handles(notes, event('a', 'Put', {}, 'task'))).toBe(false)
    expect(handles(notes, event('a', 'toString'))).toBe(false)
  })

  it('names each row once, the id of the stream unless told', () => {
    expect([...touchedKeys(notes, [put('a', {}), titled('b', ''), titled('a', '')])]).toEqual([
      'a',
      'b',
    ])
    const byOwner: Rows = { ...notes, keys: ({ data }) => (data as { owners: string[] }).owners }
    const events = [put('a', { owners: ['ada', 'bo'] }), put('b', { owners: ['bo', 'c\0'] })]
    expect([...touchedKeys(byOwner, events)]).toEqual(['ada', 'bo', 'c\ufffd'])
  })
})

describe('foldBatch', () => {
  it('makes one change of all events of a row', () => {
    const before = { title: 'A' }
    const folded = fold([titled('a', 'B'), put('b', { rank: 1 }), titled('a', 'C')], { a: before })
    expect(folded.changes).toEqual([
      { key: 'a', before, after: { title: 'C' }, values: '["C"]' },
      { key: 'b', before: undefined, after: { rank: 1 }, values: '[1]' },
    ])
    expect(before).toEqual({ title: 'A' })
  })

  it('leaves rows out that did not change', () => {
    const rows = { a: { title: 'A' }, b: {} }
    const events = [titled('a', 'A'), event('b', 'Same'), titled('c', 'C'), removed('d')]
    expect(fold(events, rows)).toEqual({ changes: [], counters: new Map(), parked: [] })
  })

  it('removes rows, and makes them anew', () => {
    const rows = { a: { title: 'A' }, b: { title: 'B' } }
    const folded = fold(
      [removed('a'), removed('b'), put('b', { rank: 1 }), put('c', {}), removed('c')],
      rows,
    )
    expect(after(folded)).toEqual({ a: undefined, b: { rank: 1 } })
    expect(folded.changes[0]!.values).toBeUndefined()
  })

  it('counts what is gone and what is new, and nothing that stays', () => {
    const rows = { a: { title: 'A' }, b: { title: 'B' } }
    expect(counted(fold([titled('a', 'B'), removed('b'), put('c', { title: 'C' })], rows))).toEqual(
      {
        'title/A': -1,
        'title/C': 1,
      },
    )
    expect(counted(fold([titled('a', 'B'), titled('a', 'A')], rows))).toEqual({})
    expect(counted(fold([put('a', { title: 'A', rank: 1 })], rows))).toEqual({})
  })

  it('parks an event that breaks with all behind it, and keeps what came before', () => {
    const events = [titled('a', 'B'), broken('a'), titled('a', 'C'), put('b', {}), removed('a')]
    const folded = fold(events, { a: { title: 'A' } })
    expect(after(folded)).toEqual({ a: { title: 'B' }, b: {} })
    expect(counted(folded)).toMatchObject({ 'title/A': -1, 'title/B': 1 })
    expect(folded.parked).toMatchObject([
      { key: 'a', position: events[1]!.position, error: 'Error: it broke' },
      { key: 'a', position: events[2]!.position },
      { key: 'a', position: events[4]!.position },
    ])
  })

  it('keeps what came before a breaking event also where the last of it changed nothing', () => {
    const events = [titled('a', 'B'), event('a', 'Same'), broken('a')]
    const folded = fold(events, { a: { title: 'A' } })
    expect(folded.changes).toMatchObject([{ after: { title: 'B' }, values: '["B"]' }])
    expect(counted(folded)).toEqual({ 'title/A': -1, 'title/B': 1 })
  })

  it('changes nothing where the first event breaks', () => {
    const folded = fold([broken('a'), titled('a', 'B')], { a: { title: 'A' } })
    expect(folded).toMatchObject({ changes: [], counters: new Map() })
    expect(folded.parked).toHaveLength(2)
  })

  it('lets all wait for a key that is parked already', () => {
    const events = [titled('a', 'B'), titled('b', 'B')]
    const folded = fold(events, { a: { title: 'A' }, b: { title: 'A' } }, ['a'])
    expect(after(folded)).toEqual({ b: { title: 'B' } })
    expect(folded.parked).toMatchObject([{ key: 'a', position: events[0]!.position }])
  })

  const poisons: readonly (readonly [string, Partial<Rows>, unknown, string])[] = [
    ['a number in a text column', {}, { title: 1 }, 'column title: expected text, found number'],
    ['a list in a text column', {}, { title: [] }, 'column title: expected text, found list of 0'],
    ['text in a number column', {}, { rank: '1' }, 'column rank: expected number, found text of 1'],
    ['an infinite number', {}, { rank: Infinity }, 'column rank: expected number, found number'],
    ['what JSON cannot hold', {}, { other: 1n }, 'BigInt'],
    ['counters that throw', { counters: () => [].at(0)!['x'] }, {}, 'TypeError'],
  ]
  for (const [what, more, data, error] of poisons)
    it(`parks ${what}`, () => {
      const folded = fold([put('a', data as Row), put('b', {})], {}, [], {
        ...notes,
        counters: () => [],
        ...more,
      })
      expect(folded.parked[0]!.error).toContain(error)
      expect(Object.keys(after(folded))).toEqual(more.counters === undefined ? ['b'] : [])
    })

  it('parks an event whose keys cannot be told, with its stream', () => {
    const picky: Rows = {
      ...notes,
      keys: ({ data }) => {
        if ((data as Row)['key'] === undefined) throw new Error('no key')
        return ['k']
      },
    }
    const events = [put('a', {}), put('a', { key: 'k' })]
    const folded = fold(events, {}, [], picky)
    expect(after(folded)).toEqual({ k: { key: 'k' } })
    expect(folded.parked).toMatchObject([
      { key: 'a', position: events[0]!.position, error: 'Error: no key' },
    ])
  })

  it('keeps text columns as every database can, and what rides along as it is', () => {
    const odd = 'a\0b\ud800'
    expect(after(fold([put('a', { title: odd, other: odd })]))).toEqual({
      a: { title: 'a\ufffdb\ufffd', other: odd },
    })
  })

  it('does not touch what an event holds', () => {
    const data = { title: 'A', list: [1] }
    const appending: Rows = {
      ...notes,
      on: {
        ...notes.on,
        Titled: (row) => {
          ;(row!['list'] as number[]).push(2)
        },
      },
    }
    expect(after(fold([put('a', data), titled('a', '')], {}, [], appending))).toEqual({
      a: { title: 'A', list: [1, 2] },
    })
    expect(data).toEqual({ title: 'A', list: [1] })
  })

  it('does not touch what a handler keeps for itself', () => {
    const first = { title: 'A', by: { name: 'ada', tags: ['x'] } }
    const beginning: Rows = {
      ...notes,
      on: {
        ...notes.on,
        Put: () => first,
        Titled: (row) => {
          const by = row!['by'] as typeof first.by
          by.name = 'bo'
          by.tags.push('y')
        },
      },
    }
    const events = [put('a', {}), titled('a', ''), put('b', {})]
    expect(after(fold(events, {}, [], beginning))).toEqual({
      a: { title: 'A', by: { name: 'bo', tags: ['x', 'y'] } },
      b: { title: 'A', by: { name: 'ada', tags: ['x'] } },
    })
    expect(first).toEqual({ title: 'A', by: { name: 'ada', tags: ['x'] } })
  })

  it('comes to the same rows, counters and parked events however a log is cut into batches', () => {
    const anEvent = fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      type: fc.constantFrom('Put', 'Titled', 'Titled', 'Same', 'Removed', 'Broken'),
      title: fc.constantFrom('A', 'B', 'C'),
    })
    fc.assert(
      fc.property(
        fc.array(anEvent, { maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        (made, size) => {
          const log = made.map(({ key, type, title }) =>
            event(key, type, type === 'Put' ? { title, rank: 1 } : title),
          )
          const run = (batch: number) => {
            const rows = new Map<string, Row>()
            const counters = new Map<string, number>()
            const parked: string[] = []
            const keys = new Set<string>()
            for (let i = 0; i < log.length; i += batch) {
              const folded = foldBatch(notes, rows, keys, log.slice(i, i + batch))
              for (const one of folded.changes)
                if (one.after === undefined) rows.delete(one.key)
                else rows.set(one.key, one.after)
              for (const [name, by] of folded.counters)
                counters.set(name, (counters.get(name) ?? 0) + by)
              for (const one of folded.parked) {
                keys.add(one.key)
                parked.push(`${one.position} ${one.key} ${one.error ?? ''}`)
              }
            }
            const some = [...counters].filter(([, count]) => count !== 0)
            return {
              rows: Object.fromEntries(rows),
              counters: Object.fromEntries(some),
              parked: parked.sort(),
            }
          }
          const whole = run(log.length + 1)
          expect(run(size)).toEqual(whole)
          expect(whole.counters['all'] ?? 0).toBe(Object.keys(whole.rows).length)
        },
      ),
    )
  })
})
