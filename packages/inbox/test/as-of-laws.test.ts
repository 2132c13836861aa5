/** A list of the past is the list that was shown then, whatever it is read from. */
import { expect, it } from '@jest/globals'
import type { ListRequest } from '@threadbook/inbox'
import type { ConversationFilter, Request } from '@threadbook/core'
import { requests } from '@threadbook/core/testing'
import { views, type ListItem, type ViewKey } from '@threadbook/projection-views'
import type { IsoTime, Position } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import { listAsOf } from '../src/history/as-of/list-as-of.js'
import type { Desk } from './fixtures.js'
import { condition, historyDesk } from './history-desk.js'

const filters: readonly ConversationFilter[] = [
  { and: [condition('status', 'is', 'open'), { not: condition('label', 'has', '1') }] },
  condition('lastMessageAt', 'from', { ago: 2, unit: 'days' }),
  { or: [condition('unread', 'is', true), condition('spam', 'is', true)] },
]

const desk = () =>
  historyDesk({ filters, visibility: () => ({ to: 'account' }), conversations: ['1', '2', '3'] })

type View = ViewKey | { readonly view: string }
type Asked = readonly [View, ListRequest]
const asked: readonly Asked[] = [
  ...views.map(({ key }) => [key, { viewer: 'x', inbox: 'all' }] as const),
  ['allOpen', { sort: 'longestWaiting' }],
  ['unassigned', { inbox: ['1', '2'], status: 'any', sort: 'oldestFirst' }],
  ['assignedToMe', { viewer: '1', inbox: 'all', teams: ['1', '2'], status: 'any' }],
  ['trash', { viewer: '2', inbox: 'all' }],
  ...filters.map((_, n) => [{ view: `v${String(n)}` }, { viewer: 'x', inbox: 'all' }] as const),
]

const RELATIVE = asked.findIndex(([view]) => typeof view === 'object' && view.view === 'v1')

type List = (view: View, request: ListRequest) => ReturnType<Desk['inbox']['views']['list']>

/** Page by page; undefined where it is refused. */
const walked = async (list: List, [view, request]: Asked, limit: number) => {
  const items: ListItem[] = []
  for (let after: string | undefined; ;) {
    const page = await list(view, { ...request, limit, after })
    if (E.isLeft(page)) return undefined
    items.push(...page.right.items)
    after = page.right.next
    if (after === undefined) return items
  }
}

const TEXTS = ['subject', 'preview', 'lastComment', 'stranger'] as const

/** What was readable then, and may be gone or hidden by now. */
const expectSame = (past: readonly ListItem[], then: readonly ListItem[]): void => {
  expect(past.map(({ conversationId }) => conversationId)).toEqual(
    then.map(({ conversationId }) => conversationId),
  )
  for (const [index, item] of past.entries()) {
    const was = then[index]!
    // Contacts are called what they are called now.
    const facts = { ...was, contact: was.contact && { ...was.contact, ...item.contact } }
    const changed = TEXTS.filter((text) => typeof item[text] === 'object' && item[text] !== null)
    expect(item).toEqual({
      ...facts,
      ...Object.fromEntries(
        changed.flatMap((text) =>
          'erased' in (item[text] as object) || 'hidden' in (item[text] as object)
            ? [[text, item[text]]]
            : [],
        ),
      ),
    })
  }
}

const minutes = fc.constantFrom(1, 30, 700, 1_440, 3 * 1_440)
const runs = fc.array(fc.tuple(requests, minutes), { minLength: 5, maxLength: 40, size: '+2' })
const distances = fc.constantFrom(
  { events: 20_000, conversations: 5_000 },
  { events: 4, conversations: 2 },
  { events: 0, conversations: 0 },
)

it('D-02 D-14 is the same rows, in the same order, on the same pages', async () => {
  const told = { lists: 0, items: 0, restricted: 0 }
  await fc.assert(
    fc.asyncProperty(
      runs,
      fc.integer({ min: 1, max: 4 }),
      distances,
      fc.infiniteStream(fc.nat()),
      async (run, limit, distance, random) => {
        const { inbox, clock, log } = await desk()
        const seen: {
          position: Position
          at: IsoTime
          lists: (readonly ListItem[] | undefined)[]
        }[] = []
        for (const [request, wait] of run) {
          await inbox.execute(request as Request)
          await inbox.settled()
          seen.push({
            position: (await log()).at(-1)!.position,
            at: clock.now(),
            lists: await Promise.all(asked.map((each) => walked(inbox.views.list, each, 2))),
          })
          clock.pass({ minutes: wait })
        }
        for (let n = 0; n < 6; n++) {
          const moment = seen[random.next().value % seen.length]!
          for (const [index, each] of asked.entries()) {
            // A place has no other time than its last event's: relative days need the moment.
            const byTime = n % 2 === 0 || index === RELATIVE
            const asOf = byTime ? { at: moment.at } : { position: moment.position }
            const list: List = (view, request) =>
              listAsOf(inbox.door, view, { ...request, asOf }, distance)
            const then = moment.lists[index]
            const past = await walked(list, each, limit)
            const now = await walked(inbox.views.list, each, 500)
            if (past === undefined || then === undefined) {
              // Access and views are those of now.
              expect(now === undefined || then === undefined).toBe(true)
              continue
            }
            told.lists++
            told.items += past.length
            const shown = past.map(({ conversationId }) => conversationId)
            const kept = then.filter(({ conversationId }) => shown.includes(conversationId))
            if (kept.length < then.length) told.restricted++
            const restricted = ['1', '2'].includes(each[1].viewer ?? '')
            expectSame(past, restricted ? kept : then)
          }
        }
        await inbox.close()
      },
    ),
    { numRuns: 5, seed: 7 },
  )
  // The run was no empty one.
  expect(told.lists).toBeGreaterThan(400)
  expect(told.items).toBeGreaterThan(400)
})
