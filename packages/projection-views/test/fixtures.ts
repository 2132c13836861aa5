/** Facts to tell stories with: each is one event, at a minute of its own unless told. */
import { expect } from '@jest/globals'
import type { ConversationEvent } from '@threadbook/core'
import {
  foldBatch,
  predicate,
  streamName,
  toSeal,
  type IsoTime,
  type Metadata,
  type Position,
  type Predicate,
  type RecordedEvent,
  type Rows,
} from '@threadbook/sourcing'
import { sealData } from '@threadbook/sourcing/testing'
import {
  conversationRows,
  viewFilter,
  views,
  type ConversationRow,
  type ViewKey,
  type ViewScope,
} from '../src/index.js'

export const rows = conversationRows as unknown as Rows
const account = 'acme'
export const scope = { account, inbox: 'support', viewer: 'ada' }

const START = Date.parse('2026-03-01T08:00:00.000Z')
export const minute = (n: number): IsoTime => new Date(START + n * 60_000).toISOString()

export interface Fact {
  readonly type: string
  readonly data: object
  readonly at?: IsoTime
  readonly actor?: string
}

type Data<T extends ConversationEvent['type']> = Extract<
  ConversationEvent,
  { readonly type: T }
>['data']

const fact =
  <T extends ConversationEvent['type']>(type: T, data: () => Data<T>) =>
  (differing: Partial<Data<T>> & { at?: IsoTime; actor?: string } = {}): Fact => {
    const { at, actor, ...rest } = differing
    return {
      type,
      data: { ...data(), ...rest },
      ...(at !== undefined && { at }),
      ...(actor !== undefined && { actor }),
    }
  }

let messages = 0
const message = (channel: Data<'MessageSent'>['channel']) => ({
  messageId: `m${String(messages++)}`,
  channel,
  preview: toSeal('some words'),
  content: toSeal({ text: 'some words' }),
  attachments: [],
})
const correspondent = { identity: 'zoe', who: toSeal({ address: 'zoe@example.org' }) }

export const started = fact('ConversationStarted', () => ({
  inbox: 'support',
  channel: 'email',
  key: 'key',
}))
export const received = fact('MessageReceived', () => ({
  ...message('email'),
  from: correspondent,
  mailClass: 'personal',
}))
export const sent = fact('MessageSent', () => ({
  ...message('email'),
  kind: 'reply',
  to: [correspondent],
}))
export const failed = fact('MessageDeliveryFailed', () => ({
  messageId: 'm0',
  reason: toSeal('no such mailbox'),
}))
const about = { messageId: 'm0' }
const attempt = { ...about, attempt: 1 }
export const forwarded = fact('MessageForwarded', () => ({
  messageId: 'f0',
  forwarded: 'm0',
  to: [correspondent],
  preview: toSeal('for you'),
  content: toSeal({ text: 'for you' }),
}))
export const lost = fact('DeliveryUnknown', () => attempt)
export const handedOver = fact('MessageHandedOver', () => attempt)
export const retried = fact('DeliveryRetried', () => about)
export const delivered = fact('MessageDelivered', () => about)
export const readByThem = fact('MessageRead', () => about)
export const commented = fact('CommentAdded', () => ({
  commentId: 'c0',
  preview: toSeal('a remark'),
  text: toSeal('a remark'),
  mentions: [],
}))
export const hidden = (messageId: string) => fact('MessageHidden', () => ({ messageId }))()
export const unhidden = (messageId: string) => fact('MessageUnhidden', () => ({ messageId }))()
export const assigned = (owner: Data<'Assigned'>['owner']) => fact('Assigned', () => ({ owner }))()
export const markedAsSpam = fact('MarkedAsSpam', () => ({ cause: 'marked' }))
export const bot = fact('BotTookOver', () => ({ chatflowId: 'f1', chatflowName: 'Greeter' }))
export const participant = fact('ParticipantAdded', () => ({ participant: correspondent }))
export const mergedInto = fact('MergedInto', () => ({ target: 'c2' }))
export const unmerged = fact('Unmerged', () => ({ target: 'c2' }))
export const moved = fact('MovedToInbox', () => ({ from: 'support', to: 'sales' }))
export const labelled = fact('LabelAdded', () => ({ label: 'vip' }))
export const unlabelled = fact('LabelRemoved', () => ({ label: 'vip' }))
export const property = fact('ConversationPropertySet', () => ({ name: 'plan', value: 'gold' }))
export const left = fact('ParticipantRemoved', () => ({ identity: 'zoe' }))
export const blockedSaid = fact('BlockedMessageReceived', () => ({
  ...message('chat'),
  from: correspondent,
  key: 'key',
}))
export const forgotten = (messageId: string) =>
  fact('BlockedMessagesForgotten', () => ({ messageIds: [messageId], keys: ['key'], blobs: [] }))()
export const snoozed = fact('Snoozed', () => ({ until: minute(9_000) }))
export const purged = fact('Purged', () => ({ keys: ['key'], blobs: [] }))
export const held = fact('HoldPlaced', () => ({ reason: toSeal('a lawsuit') }))
export const ticket = (id: string) => fact('TicketAssociated', () => ({ ticket: id }))()
export const ticketClosed = (id: string) => fact('TicketClosed', () => ({ ticket: id }))()
export const ticketDeleted = (id: string) => fact('TicketDeleted', () => ({ ticket: id }))()
export const toHelpDesk = (id: string) => fact('MovedToHelpDesk', () => ({ ticket: id }))()
export const contact = (id: string) => fact('ContactAssociated', () => ({ contact: id }))()
const bare = (
  type:
    | 'Unassigned'
    | 'HandedOffToTeamMember'
    | 'Closed'
    | 'Reopened'
    | 'Woken'
    | 'Trashed'
    | 'Restored'
    | 'UnmarkedAsSpam'
    | 'HoldReleased'
    | 'ContactDisassociated',
) => fact(type, () => ({}))()
export const unassigned = bare('Unassigned')
export const handedOff = bare('HandedOffToTeamMember')
export const closed = bare('Closed')
export const reopened = bare('Reopened')
export const woken = bare('Woken')
export const trashed = bare('Trashed')
export const restored = bare('Restored')
export const unmarkedAsSpam = bare('UnmarkedAsSpam')
export const released = bare('HoldReleased')
export const disassociated = bare('ContactDisassociated')

const key = { id: 'key', bytes: new Uint8Array(32).fill(7) }
export const keys: ReadonlyMap<string, Uint8Array> = new Map([[key.id, key.bytes]])

let positions = 0
const position = () => String(positions++).padStart(12, '0') as Position

/** One conversation's events as a store gives them back. */
export const record = (
  id: string,
  facts: readonly Fact[],
  { account: tenant = account, category = 'conversation', revision = 0 } = {},
): readonly RecordedEvent[] =>
  facts.map(({ type, data, at, actor = 'contact' }, index) => {
    const now = minute(revision + index)
    const event = `${id}-${String(revision + index)}`
    const metadata: Metadata = {
      schemaVersion: 1,
      account: tenant,
      actor,
      commandId: event,
      occurredAt: at ?? now,
      recordedAt: now,
    }
    return {
      id: event,
      type,
      data: sealData(data, event, () => key),
      metadata,
      stream: streamName(category, tenant, id),
      revision: revision + index,
      position: position(),
    }
  })

export const fold = (
  events: readonly RecordedEvent[],
  before: ReadonlyMap<string, Record<string, unknown>> = new Map(),
  projection: Rows = rows,
) => {
  const folded = foldBatch(projection, before, new Set(), events)
  expect(folded.parked).toEqual([])
  const after = new Map(before)
  for (const { key, after: row } of folded.changes)
    if (row === undefined) after.delete(key)
    else after.set(key, row)
  return { rows: after, counters: folded.counters }
}

/** The row of a conversation with this history. */
export const rowOf = (...facts: readonly Fact[]): ConversationRow =>
  fold(record('c1', facts)).rows.get('c1') as unknown as ConversationRow

const compiled = new Map<string, Predicate>()
const inView = (key: ViewKey, part: ViewScope): Predicate => {
  const name = JSON.stringify([key, part])
  const known = compiled.get(name) ?? predicate(viewFilter(key, part))
  compiled.set(name, known)
  return known
}

export const isIn = (key: ViewKey, row: object, differing: Partial<ViewScope> = {}): boolean =>
  inView(key, { ...scope, ...differing })(row as Record<string, unknown>)

/** The views that show a conversation with this history, each with its default status. */
export const shownIn = (...facts: readonly Fact[]): readonly ViewKey[] => {
  const row = rowOf(...facts) as ConversationRow | undefined
  return row === undefined ? [] : views.map(({ key }) => key).filter((key) => isIn(key, row))
}
