/** What the outbox holds is what the conversation's own state says is on its way. */
import { expect, it } from '@jest/globals'
import { conversations } from '@threadbook/core'
import { conversationHistories } from '@threadbook/core/testing'
import { fold, foldBatch, type Position, type RecordedEvent } from '@threadbook/sourcing'
import * as fc from 'fast-check'
import { outbox, type OutboxRow } from '../src/delivery/outbox.js'

type Item = OutboxRow['items'][string]

const positioned = (events: readonly object[]) =>
  events.map((event, n) => ({
    ...event,
    position: String(n).padStart(9, '0') as Position,
  })) as RecordedEvent[]

const rowAfter = (events: readonly RecordedEvent[]): OutboxRow | undefined => {
  const { changes, parked } = foldBatch(outbox, new Map(), new Set(), events)
  expect(parked).toEqual([])
  return changes.at(-1)?.after as OutboxRow | undefined
}

it('K-20 nothing that waits or is out is missing from it, and nothing else is in it', () => {
  let seen = 0
  fc.assert(
    fc.property(conversationHistories, (history) => {
      const state = fold(conversations, history)
      const deliveries = state.situation === 'present' ? [...state.deliveries] : []
      const expected = deliveries.flatMap(([id, facts]): (readonly [string, Item])[] => {
        const { status, due, attemptedAt, attempts } = facts
        if (status === 'waiting' && facts.outbox) return [[id, { state: 'waiting', due: due! }]]
        return status === 'sending'
          ? [[id, { state: 'out', since: attemptedAt!, attempt: attempts }]]
          : []
      })
      seen += expected.length
      const row = rowAfter(positioned(history))
      expect(row?.items ?? {}).toEqual(Object.fromEntries(expected))
      const due = expected.flatMap(([, item]) => (item.state === 'waiting' ? [item.due] : []))
      expect(row?.due ?? null).toBe(due.sort()[0] ?? null)
    }),
    { numRuns: 300 },
  )
  expect(seen).toBeGreaterThan(50)
})
