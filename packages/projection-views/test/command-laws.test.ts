/** D-04's laws over what commands lead to: several conversations, every command, all views at once. */
import { describe, expect, it } from '@jest/globals'
import { conversations } from '@threadbook/core'
import { play, runs, type CommandOfKind } from '@threadbook/core/testing'
import type { Position, RecordedEvent } from '@threadbook/sourcing'
import * as fc from 'fast-check'
import { views, type ConversationRow, type Status, type ViewKey } from '../src/index.js'
import { fold, isIn } from './fixtures.js'

type Command = CommandOfKind<'conversation'>
type Row = Record<string, unknown> & ConversationRow

/** A run of commands for each conversation, and what more is asked of each at the end. */
const inboxes = fc.array(runs.conversation, { minLength: 1, maxLength: 6 })

const recorded = (asked: readonly (readonly Command[])[]): readonly RecordedEvent[] =>
  asked.flatMap((run, n) =>
    play(conversations, run, `conversation-acme.c${String(n)}`).events.map((event) => ({
      ...event,
      position: event.id as Position,
    })),
  )

const rowsAfter = (asked: readonly (readonly Command[])[]): ReadonlyMap<string, Row> =>
  fold(recorded(asked)).rows as unknown as ReadonlyMap<string, Row>

const viewers = ['ada', 'bo', undefined]
const statuses: readonly Status[] = ['open', 'closed', 'any']

/** The ids in a view of all inboxes, as a viewer with the team sees it. */
const shown = (key: ViewKey, rows: ReadonlyMap<string, Row>, viewer?: string, status?: Status) =>
  [...rows]
    .filter(([, row]) => isIn(key, row, { inbox: undefined, viewer, teams: ['support'], status }))
    .map(([id]) => id)

/** All that anybody can see in any view: who, which view, by which status. */
const everything = (rows: ReadonlyMap<string, Row>) =>
  viewers.flatMap((viewer) =>
    views.flatMap(({ key, statusChoice }) =>
      (statusChoice ? statuses : [undefined]).map((status) => [
        key,
        viewer,
        status,
        shown(key, rows, viewer, status),
      ]),
    ),
  )

/** The same commands, and then one more for each conversation, a minute after. */
const then = (asked: readonly (readonly Command[])[], ...types: readonly ('Trash' | 'Restore')[]) =>
  asked.map((run) => {
    const now = new Date(Date.parse(run.at(-1)!.now) + 60_000).toISOString()
    const more = types.map((type) => ({
      type,
      conversationId: '1',
      actor: 'user:ada',
      at: now,
      now,
    }))
    return [...run, ...more] as readonly Command[]
  })

const holds = (law: (asked: readonly (readonly Command[])[]) => void, numRuns = 100) =>
  fc.assert(fc.property(inboxes, law), { numRuns })

describe('D-04 whatever was asked of several conversations', () => {
  it('every view has something now and then', () => {
    const all = fc.sample(inboxes, { numRuns: 100, seed: 1 }).map(rowsAfter)
    const seen = views.filter(({ key }) =>
      all.some((rows) => viewers.some((viewer) => shown(key, rows, viewer).length > 0)),
    )
    expect(seen).toEqual(views)
  })

  it('Unassigned, the owned and those held by a bot are All open, each in one of them', () =>
    holds((asked) => {
      const rows = new Map([...rowsAfter(asked)].filter(([, row]) => !row.snoozed))
      const unassigned = shown('unassigned', rows)
      const owned = [...new Set(viewers.flatMap((viewer) => shown('assignedToMe', rows, viewer)))]
      const allOpen = shown('allOpen', rows)
      const byBot = allOpen.filter((id) => rows.get(id)!.heldByBot && rows.get(id)!.owner === null)
      expect([...unassigned, ...owned, ...byBot].sort()).toEqual([...allOpen].sort())
    }))

  it('Spam and Trash share nothing with a working view, nor with each other', () =>
    holds((asked) => {
      const rows = rowsAfter(asked)
      const spam = shown('spam', rows, 'ada', 'any')
      const trash = shown('trash', rows, 'ada', 'any')
      expect(spam.filter((id) => trash.includes(id))).toEqual([])
      for (const { key } of views)
        for (const viewer of viewers)
          for (const id of key === 'spam' || key === 'trash' ? [] : shown(key, rows, viewer, 'any'))
            expect([...spam, ...trash]).not.toContain(id)
    }))

  it('S-104 S-041 trashed and restored, everything is where it was, in every view of everybody', () =>
    holds((asked) => {
      const rows = rowsAfter(asked)
      const trashed = [...rows].filter(([, row]) => row.trashed).map(([id]) => id)
      const untouched = asked.map((run, n) => (trashed.includes(`c${String(n)}`) ? [] : run))
      const before = untouched.filter((run) => run.length > 0)
      expect(everything(rowsAfter(then(before, 'Trash', 'Restore')))).toEqual(
        everything(rowsAfter(before)),
      )
    }))

  it('S-103 trashed, everything is in Trash and nowhere else', () =>
    holds((asked) => {
      const rows = rowsAfter(then(asked, 'Trash'))
      for (const [, , , ids] of everything(
        new Map([...rows].filter(([, row]) => !row.merged && !row.onHelpDesk)),
      ).filter(([key]) => key !== 'trash'))
        expect(ids).toEqual([])
    }))

  it('rebuilt is what was kept event by event', () =>
    holds((asked) => {
      const log = recorded(asked)
      let kept: ReadonlyMap<string, Record<string, unknown>> = new Map()
      for (const event of log) kept = fold([event], kept).rows
      expect(kept).toEqual(fold(log).rows)
    }, 60))
})
