/** What filing, moving, merging back and blocked visitors do to a row. */
import { describe, expect, it } from '@jest/globals'
import {
  blockedSaid,
  forgotten,
  isIn,
  labelled,
  left,
  markedAsSpam,
  mergedInto,
  minute,
  moved,
  participant,
  property,
  received,
  rowOf,
  shownIn,
  snoozed,
  started,
  trashed,
  unlabelled,
  unmerged,
  woken,
} from './fixtures.js'

const open = [started(), received()]

describe('a row', () => {
  it('K-08 knows labels in the order of adding, and properties by name', () => {
    const row = rowOf(
      ...open,
      labelled({ label: 'b' }),
      labelled({ label: 'a' }),
      labelled(),
      unlabelled(),
      property(),
      property({ name: 'orders', value: 7 }),
      property({ value: null }),
    )
    expect(row).toMatchObject({ labels: ['b', 'a'], properties: { orders: 7 } })
  })

  it('K-17 counts who takes part, and not who left', () => {
    expect(rowOf(...open, participant(), participant()).participants).toBe(3)
    expect(rowOf(...open, participant(), left()).participants).toBe(1)
  })

  it('K-16 S-106 is of the inbox that its conversation lives in', () => {
    const row = rowOf(...open, moved())
    expect(isIn('allOpen', row)).toBe(false)
    expect(isIn('allOpen', row, { inbox: 'sales' })).toBe(true)
  })

  it('knows when it is to wake, until it does', () => {
    expect(rowOf(...open, snoozed())).toMatchObject({ snoozed: true, snoozedUntil: minute(9_000) })
    expect(rowOf(...open, snoozed(), woken)).toMatchObject({ snoozed: false, snoozedUntil: null })
  })

  it('counts what came in and was not filtered', () => {
    const filtered = received({ filtered: 'automatedResponse' })
    const bounce = received({ mailClass: 'bounce' })
    expect(rowOf(...open, received(), filtered, bounce).inbound).toBe(2)
  })
})

describe('D-24 a merge that was undone', () => {
  it.each([
    ['open', [], ['unassigned', 'allOpen', 'email']],
    ['spam', [markedAsSpam()], ['spam']],
    ['trash', [trashed], ['trash']],
  ])('D-02 leads back to every view: %s', (_, facts, views) => {
    expect(shownIn(...open, ...facts, mergedInto())).toEqual([])
    expect(shownIn(...open, ...facts, mergedInto(), unmerged())).toEqual(views)
  })

  it('D-06 sets the clocks anew', () => {
    const row = rowOf(...open, markedAsSpam(), trashed, mergedInto(), unmerged())
    expect(row).toMatchObject({ spamAt: minute(5), trashedAt: minute(5), beforeMerge: null })
  })
})

describe('D-25 what a blocked visitor wrote', () => {
  it('D-08 changes nothing that a view shows', () => {
    const plain = (row: object) =>
      Object.fromEntries(Object.entries(row).filter(([, value]) => typeof value !== 'object'))
    const row = rowOf(...open, blockedSaid({ messageId: 'a' }))
    const own = { hasBlocked: true, blockedSince: minute(2) }
    expect(plain(row)).toEqual({ ...plain(rowOf(...open)), ...own })
    expect(row.blocked).toEqual({ a: minute(2) })
  })

  it('D-26 is in no view where it is all there is', () => {
    expect(shownIn(started({ channel: 'chat' }), blockedSaid())).toEqual([])
  })

  it('D-28 is kept from the oldest on, by when it was written down', () => {
    const two = [blockedSaid({ messageId: 'a', at: minute(0) }), blockedSaid({ messageId: 'b' })]
    expect(rowOf(...open, ...two).blockedSince).toBe(minute(2))
    expect(rowOf(...open, ...two, forgotten('a')).blockedSince).toBe(minute(3))
    expect(rowOf(...open, ...two, forgotten('a'), forgotten('b'))).toMatchObject({
      hasBlocked: false,
      blockedSince: null,
      blocked: {},
    })
  })
})
