/** Where a record's conversations are found, and what of them it shows. */
import { describe, expect, it } from '@jest/globals'
import type { ContactEvent, ConversationEvent } from '@threadbook/core'
import { conversationHistories } from '@threadbook/core/testing'
import {
  foldBatch,
  streamName,
  toSeal,
  type Position,
  type RecordedEvent,
  type Rows,
} from '@threadbook/sourcing'
import { sealData } from '@threadbook/sourcing/testing'
import * as fc from 'fast-check'
import {
  loggedMessages,
  recordKey,
  recordRows,
  timeline,
  timelineKeys,
  type RecordRow,
} from '../src/index.js'

const key = { id: 'key', bytes: new Uint8Array(32).fill(7) }
const keys = new Map([[key.id, key.bytes]])
const minute = (n: number) => new Date(Date.UTC(2026, 2, 1, 8, n)).toISOString()
let positions = 0

type Told = (ConversationEvent | ContactEvent) & { readonly at?: number }

const record = <E extends Told>(
  category: 'conversation' | 'contact',
  id: string,
  told: readonly E[],
  from = 0,
): readonly RecordedEvent<E>[] =>
  told.map(({ type, data, at }, index) => {
    const event = `${id}-${String(from + index)}`
    return {
      id: event,
      type,
      data: sealData(data, event, () => key),
      stream: streamName(category, 'acme', id),
      revision: from + index,
      position: String(positions++).padStart(12, '0') as Position,
      metadata: {
        schemaVersion: 1,
        account: 'acme',
        actor: 'user:ada',
        commandId: event,
        occurredAt: minute(at ?? index),
        recordedAt: minute(at ?? index),
      },
    } as unknown as RecordedEvent<E>
  })

type Told2 = ConversationEvent & { readonly at?: number }
const started: Told2 = {
  type: 'ConversationStarted',
  data: { inbox: 'support', channel: 'email', key: 'key' },
}
const message = (messageId: string) => ({
  messageId,
  channel: 'email' as const,
  preview: toSeal(messageId),
  content: toSeal({ text: `text of ${messageId}` }),
  subject: toSeal('Lamp'),
  attachments: [],
})
const zoe = { identity: '#zoe', who: toSeal({ address: 'zoe@example.org' }) }
const received = (
  id: string,
  more: Partial<Extract<ConversationEvent, { type: 'MessageReceived' }>['data']> = {},
): Told2 => ({
  type: 'MessageReceived',
  data: { ...message(id), from: zoe, mailClass: 'personal', ...more },
})
const sent = (id: string): Told2 => ({
  type: 'MessageSent',
  data: { ...message(id), kind: 'reply', to: [zoe] },
})
const hidden = (messageId: string): Told2 => ({ type: 'MessageHidden', data: { messageId } })
const unhidden = (messageId: string): Told2 => ({ type: 'MessageUnhidden', data: { messageId } })
const commented: Told2 = {
  type: 'CommentAdded',
  data: { commentId: 'c', preview: toSeal('x'), text: toSeal('x'), mentions: [] },
}
const purged = (more: object = {}): Told2 => ({
  type: 'Purged',
  data: { keys: ['key'], blobs: [], ...more },
})

const shown = (...told: readonly Told2[]) =>
  timeline({
    conversations: [{ conversationId: 'one', events: record('conversation', 'one', told) }],
    keys,
  })
const ids = (...told: readonly Told2[]) => shown(...told).map(({ messageId }) => messageId)

describe('a timeline', () => {
  it('has messages of both directions, the latest first, and no comments', () => {
    expect(ids(started, received('a'), sent('b'), commented)).toEqual(['b', 'a'])
    expect(shown(started, received('a'))).toEqual([
      {
        conversationId: 'one',
        messageId: 'a',
        at: minute(1),
        actor: 'user:ada',
        direction: 'incoming',
        channel: 'email',
        subject: 'Lamp',
        text: 'text of a',
      },
    ])
  })

  it('S-095 S-097 leaves out what is hidden, and has it again when it is not', () => {
    const history = [started, received('a'), sent('b'), hidden('a')]
    expect(ids(...history)).toEqual(['b'])
    expect(ids(...history, unhidden('a'))).toEqual(['b', 'a'])
  })

  it('D-10 asks for no key that would open what is hidden', () =>
    expect(
      timelineKeys([
        {
          conversationId: 'one',
          events: record('conversation', 'one', [started, received('a'), hidden('a')]),
        },
      ]),
    ).toEqual(new Set()))

  it('D-21 leaves out what was filtered, and bounces', () =>
    expect(
      ids(
        started,
        received('a'),
        received('b', { filtered: 'automatedResponse' }),
        received('c', { mailClass: 'bounce' }),
      ),
    ).toEqual(['a']))

  it('S-042 S-044 has nothing of what was purged', () =>
    expect(ids(started, received('a'), purged())).toEqual([]))

  it('S-040 has what is in Trash', () =>
    expect(ids(started, received('a'), { type: 'Trashed', data: {} })).toEqual(['a']))

  it('S-109 reads as erased where the key is gone', () => {
    const events = record('conversation', 'one', [started, received('a')])
    expect(
      timeline({ conversations: [{ conversationId: 'one', events }], keys: new Map() }),
    ).toMatchObject([{ subject: { erased: true }, text: { erased: true } }])
  })

  it('S-094 D-10 never has a hidden message, whatever happened', () => {
    fc.assert(
      fc.property(conversationHistories, (events) => {
        const visible = new Set<string>()
        for (const { type, data } of events) {
          if (type === 'MessageReceived' || type === 'MessageSent') visible.add(data.messageId)
          if (type === 'MessageHidden') visible.delete(data.messageId)
          if (type === 'MessageUnhidden') visible.add(data.messageId)
        }
        for (const { data } of loggedMessages(events))
          expect(visible.has(data.messageId)).toBe(true)
      }),
    )
  })
})

const rowsAfter = (...events: readonly RecordedEvent[]): ReadonlyMap<string, RecordRow> => {
  const folded = foldBatch(recordRows as unknown as Rows, new Map(), new Set(), events)
  expect(folded.parked).toEqual([])
  return new Map(
    folded.changes.flatMap(({ key, after }) =>
      after === undefined ? [] : [[key, after as unknown as RecordRow]],
    ),
  )
}
const ticket = (id: string): Told2 => ({ type: 'TicketAssociated', data: { ticket: id } })
const deal = (id: string): Told2 => ({ type: 'DealCreated', data: { deal: id } })

describe('where a record’s conversations are found', () => {
  const key1 = recordKey('acme', { type: 'ticket', id: 't1' })
  const one = (...told: readonly Told2[]) => record('conversation', 'one', told)
  const two = (...told: readonly Told2[]) => record('conversation', 'two', told)

  it('is by ticket and by deal', () => {
    const rows = rowsAfter(...one(ticket('t1'), deal('d1')), ...two(ticket('t1')))
    expect(rows.get(key1)).toMatchObject({ conversations: ['one', 'two'] })
    expect(rows.get(recordKey('acme', { type: 'deal', id: 'd1' }))).toMatchObject({
      conversations: ['one'],
    })
  })

  it('S-043 S-044 ends with a purge, which takes the ticket and leaves the deal', () => {
    const rows = rowsAfter(
      ...two(deal('d1')),
      ...one(ticket('t1'), deal('d1'), purged({ tickets: ['t1'], deals: ['d1'] })),
    )
    expect(rows.has(key1)).toBe(false)
    expect(rows.get(recordKey('acme', { type: 'deal', id: 'd1' }))).toMatchObject({
      conversations: ['two'],
    })
  })

  it('S-082 ends with the ticket', () =>
    expect(
      rowsAfter(...one(ticket('t1'), { type: 'TicketDeleted', data: { ticket: 't1' } })).size,
    ).toBe(0))
})

describe('what is known of a contact', () => {
  const maria = recordKey('acme', { type: 'contact', id: 'maria' })
  const after = (...told: readonly ContactEvent[]) =>
    rowsAfter(...record('contact', 'maria', told)).get(maria)
  const at = (company: string): ContactEvent => ({ type: 'CompanyAssociated', data: { company } })
  const deleted: ContactEvent = { type: 'ContactDeleted', data: {} }

  it('S-062 is its company', () => {
    expect(after(at('acme'))).toMatchObject({ company: 'acme' })
    expect(after(at('acme'), { type: 'CompanyDisassociated', data: {} })).toMatchObject({
      company: null,
    })
  })

  it('K-22 is when it was deleted', () => {
    expect(after(deleted)).toMatchObject({ deletedAt: minute(0) })
    expect(after(deleted, { type: 'ContactRestored', data: {} })).toMatchObject({ deletedAt: null })
  })

  it('ends when it is erased or merged', () => {
    expect(after(at('acme'), { type: 'ContactErased', data: { keys: [] } })).toBeUndefined()
    expect(after(at('acme'), { type: 'ContactMergedInto', data: { target: 'x' } })).toBeUndefined()
  })
})
