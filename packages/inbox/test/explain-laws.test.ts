/** What explain tells is what the list shows, whatever happened, and did at every moment of it. */
import { expect, it } from '@jest/globals'
import type { Inbox, ListRequest, Transition } from '@threadbook/inbox'
import type { ConversationFilter, Request } from '@threadbook/core'
import { requests } from '@threadbook/core/testing'
import { views, type ViewKey } from '@threadbook/projection-views'
import type { IsoTime, Position } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import { condition, historyDesk } from './history-desk.js'

const filters: readonly ConversationFilter[] = [
  { and: [condition('status', 'is', 'open'), { not: condition('label', 'has', '1') }] },
  { or: [condition('owner', 'is', 'me'), condition('unread', 'is', true)] },
  condition('lastMessageAt', 'from', { ago: 1, unit: 'days' }),
  {
    or: [
      condition('activity', 'before', { ago: 30, unit: 'hours' }),
      condition('spam', 'is', true),
    ],
  },
]

const desk = () =>
  historyDesk({
    filters,
    visibility: (n) => (n % 2 === 0 ? { to: 'account' } : { to: 'team', team: '1' }),
    conversations: ['1', '2'],
  })

type View = ViewKey | { readonly view: string }
const asked: readonly (readonly [View, ListRequest])[] = [
  ...views.map(({ key }) => [key, { viewer: '1', inbox: '1' }] as const),
  ['assignedToMe', { viewer: '2', inbox: 'all', teams: 'mine' }],
  ['trash', { inbox: 'all' }],
  ['unassigned', { viewer: '2', inbox: ['1', '2'], status: 'any' }],
  ...filters.map((_, n) => [{ view: `v${String(n)}` }, { viewer: '1', inbox: 'all' }] as const),
  [{ view: 'v1' }, { viewer: '2', teams: ['1'], inbox: '1', status: 'closed' }],
]

const shown = async (inbox: Inbox, [view, request]: (typeof asked)[number]) => {
  const page = await inbox.views.list(view, { ...request, limit: 500 })
  return E.isLeft(page) ? [] : page.right.items.map(({ conversationId }) => conversationId)
}

interface Seen {
  readonly position: Position
  readonly at: IsoTime
  readonly shown: readonly (readonly string[])[]
}

const wasIn = (transitions: readonly Transition[], { position, at }: Seen): boolean => {
  const until = transitions.findIndex(({ because }) =>
    because.type === 'event' ? because.position > position : because.at > at,
  )
  return (until === -1 ? transitions : transitions.slice(0, until)).at(-1)?.change === 'entered'
}

const minutes = fc.constantFrom(1, 30, 700, 1_440, 3 * 1_440)
const steps = fc.array(fc.tuple(requests, minutes), { minLength: 1, maxLength: 40, size: '+2' })

it('D-02 explain says of every view what its list shows, now and after every command', async () => {
  const told = { in: 0, transitions: 0, time: 0, access: 0 }
  await fc.assert(
    fc.asyncProperty(steps, async (run) => {
      const { inbox, clock, log } = await desk()
      const seen: Seen[] = []
      for (const [request, wait] of run) {
        await inbox.execute(request as Request)
        await inbox.settled()
        const position = (await log()).at(-1)!.position
        seen.push({
          position,
          at: clock.now(),
          shown: await Promise.all(asked.map((each) => shown(inbox, each))),
        })
        clock.pass({ minutes: wait })
      }
      for (const [index, each] of asked.entries()) {
        const list = await shown(inbox, each)
        for (const id of ['1', '2', '3']) {
          const [view, request] = each
          const answer = await inbox.explain(id, view, request)
          if (E.isLeft(answer)) {
            expect(list).not.toContain(id)
            continue
          }
          const { isIn, transitions, terms } = answer.right
          expect(isIn).toBe(list.includes(id))
          if (isIn) expect(terms.filter(({ holds }) => !holds)).toEqual([])
          for (const moment of seen)
            expect([view, id, moment.position, wasIn(transitions, moment)]).toEqual([
              view,
              id,
              moment.position,
              moment.shown[index]!.includes(id),
            ])
          told.in += Number(isIn)
          told.transitions += transitions.length
          for (const { because } of transitions)
            if (because.type === 'time') told.time++
            else if (because.category !== 'conversation') told.access++
        }
      }
      await inbox.close()
    }),
    { numRuns: 8, seed: 5 },
  )
  // The run was no empty one.
  for (const count of Object.values(told)) expect(count).toBeGreaterThan(2)
})
