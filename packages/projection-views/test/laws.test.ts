import { describe, expect, it } from '@jest/globals'
import { conversations, type ConversationEvent } from '@threadbook/core'
import { conversationHistories } from '@threadbook/core/testing'
import {
  filters,
  fold as foldStream,
  predicate,
  type Position,
  type RecordedEvent,
  type StreamEvent,
} from '@threadbook/sourcing'
import * as fc from 'fast-check'
import {
  conversationCounters,
  spamCauseCounters,
  viewCounters,
  viewFilter,
  views,
  type ConversationRow,
  type Status,
  type ViewScope,
} from '../src/index.js'
import { fold, isIn, record, restored, rowOf, trashed } from './fixtures.js'
import { histories, logs } from './histories.js'

const { and, is, isOneOf } = filters
const statuses: readonly Status[] = ['open', 'closed', 'any']
const everywhere = { inbox: undefined }

const ownerOf = ({ owner }: ConversationRow): Partial<ViewScope> =>
  owner === null
    ? {}
    : owner.startsWith('user:')
      ? { viewer: owner.slice('user:'.length) }
      : { teams: [owner.slice('team:'.length)] }

/** Every view, by every status, as its place in the answer: what a person can tell rows apart by. */
const standing = (row: ConversationRow): readonly boolean[] =>
  views.flatMap(({ key }) =>
    statuses.map((status) => isIn(key, row, { ...everywhere, ...ownerOf(row), status })),
  )

describe('D-04 the laws', () => {
  it('Unassigned, the owned and those held by a bot are All open (open ones, none snoozed)', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const row = rowOf(...history) as ConversationRow | undefined
        if (row === undefined || row.snoozed) return
        const unassigned = isIn('unassigned', row, everywhere)
        const owned = isIn('assignedToMe', row, { ...everywhere, ...ownerOf(row) })
        const open = isIn('allOpen', row, everywhere)
        expect(unassigned || owned || (open && row.heldByBot)).toBe(open)
        expect(unassigned && (owned || row.heldByBot)).toBe(false)
        if (unassigned || owned) expect(open).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
  it('nothing in Spam is in a working view', () => {
    const others = views.filter(({ key }) => key !== 'spam')
    fc.assert(
      fc.property(histories, (history) => {
        const row = rowOf(...history) as ConversationRow | undefined
        if (row === undefined || !isIn('spam', row, everywhere)) return
        for (const { key } of others)
          for (const status of statuses)
            expect(isIn(key, row, { ...everywhere, ...ownerOf(row), status })).toBe(false)
      }),
      { numRuns: 500 },
    )
  })
  it('S-104 trash and then restore change no view', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const before = rowOf(...history) as ConversationRow | undefined
        if (before === undefined || before.trashed || before.merged) return
        expect(standing(rowOf(...history, trashed, restored))).toEqual(standing(before))
      }),
      { numRuns: 300 },
    )
  })
  it('S-103 what is trashed is in Trash alone', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const row = rowOf(...history, trashed) as ConversationRow | undefined
        if (row === undefined || row.merged) return
        expect(views.map(({ key }) => key).filter((key) => isIn(key, row, everywhere))).toEqual([
          'trash',
        ])
      }),
    )
  })
  it('rows folded one event at a time are those folded at once', () => {
    fc.assert(
      fc.property(logs, (log) => {
        const atOnce = fold(log)
        const oneByOne = stepwise(log)
        expect(oneByOne.rows).toEqual(atOnce.rows)
        expect(oneByOne.counters).toEqual(atOnce.counters)
      }),
    )
  })
})

/** What could never be, and what commands lead to. */
const streams = fc.oneof(
  histories.map((history) => record('c1', history)),
  conversationHistories.map((events) =>
    events.map((event): RecordedEvent => ({ ...event, position: event.id as Position })),
  ),
)

it('D-01 the list and the decisions go by the same facts', () => {
  fc.assert(
    fc.property(streams, (events) => {
      const state = foldStream(conversations, events as readonly StreamEvent<ConversationEvent>[])
      const [row] = fold(events).rows.values()
      if (state.situation !== 'present') return expect(row).toBeUndefined()
      expect(row).toMatchObject({
        inbox: state.inbox,
        channel: state.channel,
        contact: state.contact ?? null,
        hasInbound: state.hasInbound,
        owner: state.owner ?? null,
        everOwned: state.everOwned,
        status: state.closed === undefined ? 'open' : 'closed',
        spam: state.spam !== undefined,
        spamCause: state.spam?.cause ?? null,
        spamAt: state.spam?.since ?? null,
        trashed: state.trashed !== undefined,
        trashedAt: state.trashed?.since ?? null,
        hold: state.hold !== undefined,
        snoozed: state.snoozedUntil !== undefined,
        snoozedUntil: state.snoozedUntil ?? null,
        heldByBot: state.handler.kind === 'bot',
        botTookPart: state.botTookPart,
        merged: state.mergedInto !== undefined,
      })
    }),
    { numRuns: 200 },
  )
})

/** The same with every event a batch of its own; counters are added up. */
const stepwise = (log: readonly RecordedEvent[]) => {
  let rows: ReadonlyMap<string, Record<string, unknown>> = new Map()
  const counters = new Map<string, number>()
  for (const event of log) {
    const step = fold([event], rows)
    rows = step.rows
    for (const [name, by] of step.counters) {
      const count = (counters.get(name) ?? 0) + by
      if (count === 0) counters.delete(name)
      else counters.set(name, count)
    }
  }
  return { rows, counters }
}

describe('the counters', () => {
  const scopes: readonly ViewScope[] = ['acme', 'other'].flatMap((account) =>
    [undefined, 'support', 'a/b', ['sales', 'a/b'], ['sales', 'sales']].flatMap((inbox) => [
      { account, inbox, viewer: 'ada' },
      { account, inbox, viewer: 'bo', teams: ['night'] },
      { account, inbox },
    ]),
  )
  /** The counters of each thing that is counted, and what it is that they count. */
  const counted = scopes.flatMap((scope) => [
    ...views.flatMap(({ key }) =>
      [undefined, ...statuses].map((status) => ({
        counters: viewCounters(key, { ...scope, status }),
        inView: predicate(viewFilter(key, { ...scope, status })),
      })),
    ),
    ...(['marked', 'marketing', 'blockedSender', 'bounce'] as const).map((cause) => ({
      counters: spamCauseCounters(cause, scope),
      inView: predicate(and(viewFilter('spam', scope), is('spamCause', cause))),
    })),
    {
      counters: conversationCounters(scope),
      inView: predicate(
        and(
          is('account', scope.account),
          is('merged', false),
          ...(scope.inbox === undefined ? [] : [isOneOf('inbox', [scope.inbox].flat())]),
        ),
      ),
    },
  ])
  it('D-16 equal a recount of every view, by status, inbox, account and owner', () => {
    fc.assert(
      fc.property(logs, (log) => {
        const { rows, counters } = stepwise(log)
        const all = [...rows.values()]
        const sum = (names: readonly string[]) =>
          names.reduce((total, name) => total + (counters.get(name) ?? 0), 0)
        const wrong = counted.filter(
          ({ counters, inView }) => sum(counters) !== all.filter(inView).length,
        )
        expect(wrong.map(({ counters }) => counters)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})
