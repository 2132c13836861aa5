/** What an event may change in a live list. */
import { expect, it } from '@jest/globals'
import { coalesce, touchFilter, touchOf, type Touch } from '@threadbook/projection-views'
import type { Position, RecordedEvent } from '@threadbook/sourcing'
import * as fc from 'fast-check'

const place = (n: number) => String(n).padStart(3, '0') as Position
const recorded = (stream: string, type: string, n: number, data: object = {}): RecordedEvent => ({
  id: String(n),
  stream,
  type,
  revision: n,
  position: place(n),
  data,
  metadata: { account: stream.slice(stream.indexOf('-') + 1, stream.indexOf('.')) } as never,
})
const touches = (...events: readonly RecordedEvent[]) =>
  events.flatMap((event) => touchOf(event) ?? [])

const ada = { account: 'acme', viewer: 'ada', view: 'v' }
const start = place(0)

it('is nothing where the event is of no kind that lists speak of', () => {
  expect(touchOf(recorded('conversation-acme.c', 'TranscriptSent', 1))).toBeUndefined()
  expect(touchOf(recorded('inbox-acme.i', 'RoutingChanged', 1))).toBeUndefined()
  expect(touchOf(recorded('note-acme.n', 'Closed', 1))).toBeUndefined()
  expect(touchFilter('acme').streamPrefixes).toContain('conversation-acme.')
})

it('is said of each conversation once, by its first touch, behind what was told before it', () => {
  const all = touches(
    recorded('conversation-acme.a', 'Assigned', 1),
    recorded('conversation-other.x', 'Assigned', 2),
    recorded('conversation-acme.b', 'Closed', 3),
    recorded('conversation-acme.a', 'Closed', 4),
    recorded('contact-acme.p', 'ContactNamed', 5),
    recorded('readState-acme.ada', 'ConversationRead', 6, { conversation: 'a' }),
    recorded('readState-acme.bo', 'ConversationRead', 7, { conversation: 'c' }),
  )
  expect(coalesce(all, ada, start)).toEqual({
    asksAnew: false,
    pending: [
      { about: 'conversation', id: 'a', first: 1, last: 4, joined: true, behind: place(0) },
      { about: 'conversation', id: 'b', first: 3, last: 3, joined: false, behind: place(1) },
      { about: 'contact', id: 'p', joined: true, behind: place(4) },
    ],
  })
})

it.each([
  ['user-acme.ada', 'RolesChanged', true],
  ['user-acme.bo', 'UserRemoved', false],
  ['team-acme.night', 'TeamMemberAdded', true],
  ['inbox-acme.support', 'MembersChanged', true],
  ['inbox-other.support', 'MembersChanged', false],
  ['view-acme.v', 'ViewChanged', true],
  ['view-acme.w', 'ViewDeleted', false],
] as const)('K-15 %s %s asks anew: %s', (stream, type, asksAnew) => {
  expect(coalesce(touches(recorded(stream, type, 1)), ada, start).asksAnew).toBe(asksAnew)
})

it('D-16 is nothing to another account, and access is nothing to nobody in particular', () => {
  const members = touches(recorded('inbox-acme.support', 'MembersChanged', 1))
  expect(coalesce(members, { account: 'acme' }, start).asksAnew).toBe(false)
  expect(coalesce(members, { ...ada, account: 'other' }, start).asksAnew).toBe(false)
})

it('can be gone on with behind any conversation that was told: nothing behind it is left out', () => {
  const ids = fc.constantFrom('a', 'b', 'c', 'd')
  fc.assert(
    fc.property(fc.array(ids, { minLength: 1 }), fc.nat(), (order, cut) => {
      const all: readonly Touch[] = touches(
        ...order.map((id, n) => recorded(`conversation-acme.${id}`, 'Closed', n + 1)),
      )
      const { pending } = coalesce(all, ada, start)
      const told = pending.slice(0, (cut % pending.length) + 1)
      const behind = pending[told.length]?.behind ?? place(order.length)
      const rest = coalesce(
        all.filter(({ position }) => position > behind),
        ada,
        behind,
      ).pending
      const names = new Set([...told, ...rest].map(({ id }) => id))
      expect(names).toEqual(new Set(order))
      for (const { id } of pending.slice(told.length))
        expect(rest.find((each) => each.id === id)).toEqual(pending.find((each) => each.id === id))
    }),
  )
})
