import { describe, expect, it } from '@jest/globals'
import { decodeEvent, event, eventTypes, type StreamEvent } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'

const Opened = event('Opened', { title: t.string }, { note: t.string })
/** 1: { who }, 2: { owner }, 3: { owner: { name } } */
const Assigned = event('Assigned', { owner: t.type({ name: t.string }) }, undefined, {
  version: 3,
  upcasters: {
    1: (data) => ({ owner: (data as { who: string }).who }),
    2: (data) => ({ owner: { name: (data as { owner: string }).owner.trim() } }),
  },
})
const Closed = event('Closed', {}, undefined, { version: 2, upcasters: {} })

const decode = decodeEvent(eventTypes(Opened, Assigned, Closed))

const stored = (type: string, data: unknown, schemaVersion = 1): StreamEvent => ({
  id: '00000000-0000-4000-8000-000000000001',
  stream: 'note-acme.1',
  revision: 7,
  type,
  data,
  metadata: {
    schemaVersion,
    account: 'acme',
    actor: 'user:ada',
    commandId: 'c',
    occurredAt: '2026-01-02T03:04:05.678Z',
    recordedAt: '2026-01-02T03:04:05.678Z',
  },
})

const about = (name: string) => ({ stream: 'note-acme.1', revision: 7, event: name })

describe('decodeEvent', () => {
  it('gives an event of today back as it is', () => {
    const one = stored('Opened', { title: 'A', note: 'B' })
    expect(decode(one)).toEqual(E.right(one))
    expect(E.isRight(decode(stored('Opened', { title: 'A' })))).toBe(true)
  })

  it('keeps fields that it does not know: a later version may need them', () => {
    expect(decode(stored('Opened', { title: 'A', later: 1 }))).toMatchObject({
      right: { data: { title: 'A', later: 1 } },
    })
  })

  const olds: readonly (readonly [number, unknown])[] = [
    [1, { who: ' Ada ' }],
    [2, { owner: ' Ada ' }],
    [3, { owner: { name: 'Ada' } }],
  ]
  for (const [version, data] of olds)
    it(`brings version ${String(version)} up to today's, and leaves what is stored alone`, () => {
      const one = stored('Assigned', data, version)
      const before = JSON.stringify(one)
      expect(decode(one)).toEqual(E.right({ ...one, data: { owner: { name: 'Ada' } } }))
      expect(JSON.stringify(one)).toBe(before)
    })

  it('refuses a type that it does not know', () => {
    expect(decode(stored('Renamed', {}, 4))).toEqual(
      E.left({ type: 'UnknownEvent', ...about('Renamed'), schemaVersion: 4 }),
    )
    expect(decode(stored('toString', {}))).toMatchObject({ left: { type: 'UnknownEvent' } })
  })

  it('refuses a version newer than its own', () => {
    expect(decode(stored('Opened', { title: 'A' }, 2))).toEqual(
      E.left({ type: 'UnknownEvent', ...about('Opened'), schemaVersion: 2 }),
    )
  })

  const malformed: readonly (readonly [string, StreamEvent, object])[] = [
    [
      'a missing field',
      stored('Opened', {}),
      { field: 'title', expected: 'string', found: 'missing' },
    ],
    ['a wrong field', stored('Opened', { title: 7 }), { field: 'title', found: 'number' }],
    ['a wrong optional field', stored('Opened', { title: '', note: 7 }), { field: 'note' }],
    ['no object', stored('Opened', 'secret'), { field: '', found: 'text of 6' }],
    ['a wrong field far below', stored('Assigned', { owner: {} }, 3), { field: 'owner.name' }],
    [
      'an old version that its upcaster cannot read',
      stored('Assigned', {}, 2),
      { field: '', expected: 'Assigned of version 2', found: 'object' },
    ],
    ['an old version without an upcaster', stored('Closed', {}, 1), { found: 'missing' }],
    ['a version that never was', stored('Assigned', { owner: { name: 'Ada' } }, 0), {}],
  ]
  for (const [what, one, fault] of malformed)
    it(`refuses ${what}, naming it and not showing it`, () => {
      const answer = decode(one)
      expect(answer).toMatchObject({
        left: { type: 'MalformedEvent', ...about(one.type), ...fault },
      })
      expect(JSON.stringify(answer)).not.toContain('secret')
    })
})
