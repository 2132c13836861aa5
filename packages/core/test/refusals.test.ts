/** Each refusal that the types name is met: none is left that nothing leads to. */
import { describe, expect, it } from '@jest/globals'
import {
  bulkOperations,
  bulkTrash,
  contacts,
  kinds,
  type ContactEvent,
  type Kinds,
} from '@threadbook/core'
import { at, play, recordedAt, runs, stories, type KindName } from '@threadbook/core/testing'
import type { Category, DomainEvent } from '@threadbook/sourcing'
import type { Either } from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import * as a from './conversation/fixtures.js'

type RefusalOf<K extends KindName> =
  ReturnType<Kinds[K]['category']['decide']> extends Either<
    infer R extends { readonly type: string },
    unknown
  >
    ? R['type']
    : never

interface Story {
  readonly thenRefused: (type: string) => void
}
/** How it is met: by some of the random runs, or by a story that chance would take long to tell. */
type Met = 'by chance' | Story

const chat = [a.chatStarted, at('09:00', a.said()), at('09:01', a.botTookOver())]
const many = (n: number) => Array.from({ length: n }, (_, index) => String(index))
const contact = { contactId: 'maria', actor: 'user:ada' as const }
const created: ContactEvent = { type: 'ContactCreated', data: { key: 'key-1', source: 'manual' } }
const deleted: ContactEvent = { type: 'ContactDeleted', data: {} }

/** Whoever adds a refusal to a union is asked by the compiler how it is met. */
const refusals: {
  readonly [K in KindName]: Readonly<Record<RefusalOf<K>, Met>>
} = {
  conversation: {
    BotStillTalking: a.given(...chat).when(at('09:29', a.close)),
    CannotSwitchChannel: 'by chance',
    ConversationContinued: 'by chance',
    ConversationInTrash: 'by chance',
    ConversationIsSpam: 'by chance',
    ConversationMerged: 'by chance',
    ConversationNotInTrash: 'by chance',
    ConversationOnHold: a.given(a.started, a.trashed, a.held).when(a.purge()),
    InvalidCommand: 'by chance',
    MessageIsHidden: 'by chance',
    NeedsEdition: 'by chance',
    NoEmailAddress: 'by chance',
    NoSuchCall: 'by chance',
    NoSuchConversation: 'by chance',
    NoSuchMessage: 'by chance',
    NoSuchTicket: 'by chance',
    NoTranscript: 'by chance',
    NotAllowedToUnhide: a
      .given(a.started, a.received(), { ...a.hidden(), by: 'user:ada' })
      .when(a.unhide('user:bo')),
    NotAnsweredByMachine: a
      .given(a.started, a.received('one', { mailClass: 'automatic' }))
      .when(a.send('bot')),
    NotRetryable: 'by chance',
    NotTheLatestEmail: 'by chance',
    NotYet: a
      .given(a.started, a.snoozed('2026-11-23T18:00:00.000Z'))
      .when(at('17:59', a.wake('system'))),
    OwnerDeactivated: 'by chance',
    OwnerRemoved: 'by chance',
    TicketExists: 'by chance',
    TooMany: a
      .given(a.started, ...many(100).map((label) => a.labelled(label)))
      .when(a.addLabel('one more')),
  },
  message: { DuplicateMessage: 'by chance', MessageIdHeld: 'by chance' },
  identity: { IdentityTaken: 'by chance' },
  autoReply: { AnsweredAutomatically: 'by chance' },
  contact: {
    ContactDeleted: 'by chance',
    ContactMerged: 'by chance',
    ContactNotRestorable: stories(contacts)
      .given(created, recordedAt('2026-01-01T12:00:00.000Z', deleted))
      .when(at('2026-04-01T12:00:00.000Z', { type: 'RestoreContact', ...contact })),
    NoSuchContact: 'by chance',
  },
  user: { InvalidCommand: 'by chance', UserExists: 'by chance', UserRemoved: 'by chance' },
  team: { NoSuchTeam: 'by chance', TeamExists: 'by chance' },
  workload: { AtCapacity: 'by chance' },
  account: { AccountExists: 'by chance', NoSuchAccount: 'by chance' },
  inbox: {
    ChannelNotConnected: 'by chance',
    InboxExists: 'by chance',
    InvalidCommand: 'by chance',
    NoSuchInbox: 'by chance',
  },
  parking: {},
  bulkOperation: {
    BulkOperationExists: 'by chance',
    NoSuchBulkOperation: 'by chance',
    TooManyItems: stories(bulkOperations)
      .given()
      .when(bulkTrash({ items: many(501), actor: 'user:ada' })),
  },
  view: {
    NeedsEdition: 'by chance',
    NoSuchView: 'by chance',
    NotFilterable: 'by chance',
    NotYourView: 'by chance',
    ViewExists: 'by chance',
  },
  readState: { NoSuchConversation: 'by chance' },
  senderPolicy: {},
}

type AnyCommand = { readonly type: string; readonly at: string; readonly now: string }
type AnyCategory = Category<AnyCommand, unknown, DomainEvent, { readonly type: string }>

const chanced = (name: KindName): ReadonlySet<string> => {
  const category = kinds[name].category as unknown as AnyCategory
  const histories: fc.Arbitrary<readonly unknown[]> = runs[name]
  const asked = fc.sample(histories, { numRuns: 300, seed: 7 }) as (readonly AnyCommand[])[]
  return new Set(asked.flatMap((run) => play(category, run).refusals.map(({ type }) => type)))
}

describe.each(Object.entries(refusals) as [KindName, Readonly<Record<string, Met>>][])(
  'each refusal of %s',
  (name, table) => {
    it('is met', () => {
      const met = chanced(name)
      const byChance = Object.keys(table).filter((type) => table[type] === 'by chance')
      expect(byChance.filter((type) => !met.has(type))).toEqual([])
      for (const [type, how] of Object.entries(table))
        if (how !== 'by chance') how.thenRefused(type)
    })
  },
)
