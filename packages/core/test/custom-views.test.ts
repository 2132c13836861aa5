import { describe, expect, it } from '@jest/globals'
import {
  createView,
  customViews,
  changeView,
  deleteView,
  user,
  type Edition,
} from '@threadbook/core'
import { clock } from '@threadbook/core/testing'
import { fold, type DomainEvent, type StreamEvent } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'

const [ada, bo] = [user('ada'), user('bo')]
const open = { attribute: 'status', operator: 'is', value: 'open' } as const
const at = clock('09:00')

const decide = (
  command: object,
  {
    past = [],
    edition = 'professional',
    admin = false,
    tickets = true,
  }: {
    past?: readonly DomainEvent[]
    edition?: Edition
    admin?: boolean
    tickets?: boolean
  } = {},
) => {
  const events = past.map((event, revision): StreamEvent => ({
    ...event,
    id: String(revision),
    stream: 'view-acme.v',
    revision,
    metadata: {
      schemaVersion: 1,
      account: 'acme',
      actor: ada,
      commandId: 'c',
      occurredAt: at,
      recordedAt: at,
    },
  }))
  const state = fold(customViews, events as never)
  const facts = { edition, admin, tickets, zone: 'Europe/Berlin' }
  return customViews.decide({ ...command, facts, at, now: at } as never, state)
}

const create = (more: object = {}) =>
  createView({ viewId: 'v', name: 'Mine', filter: open, actor: ada, ...more })
const created: DomainEvent = {
  type: 'ViewCreated',
  data: {
    name: 'Mine',
    visibility: { to: 'me' },
    filter: open,
    sort: 'newestFirst',
    zone: 'Europe/Berlin',
  },
}
const accepted = (...events: readonly DomainEvent[]) => E.right(events)
const refused = (refusal: object) => E.left(refusal)

describe('a custom view', () => {
  it('S-004 is made by whom its edition lets, from Professional on', () => {
    expect(decide(create())).toEqual(accepted(created))
    expect(decide(create(), { edition: 'enterprise' })).toEqual(accepted(created))
    for (const edition of ['free', 'starter'] as const) {
      const needed = { type: 'NeedsEdition', capability: 'customViews', edition: 'professional' }
      expect(decide(create(), { edition })).toEqual(refused(needed))
      const change = changeView({ viewId: 'v', name: 'x', actor: ada })
      expect(decide(change, { edition, past: [created] })).toEqual(refused(needed))
      const gone = deleteView({ viewId: 'v', actor: ada })
      expect(decide(gone, { edition, past: [created] })).toEqual(
        accepted({ type: 'ViewDeleted', data: {} }),
      )
    }
  })

  it.each(['chatflow', 'inbox'])('K-08 is not made of %s', (attribute) => {
    const filter = { not: { or: [open, { attribute, operator: 'is', value: 'x' }] } }
    expect(decide(create({ filter }))).toEqual(refused({ type: 'NotFilterable', attribute }))
    const change = changeView({ viewId: 'v', filter, actor: ada } as never)
    expect(decide(change, { past: [created] })).toEqual(
      refused({ type: 'NotFilterable', attribute }),
    )
  })

  it('K-08 S-007 is made of tickets only where there are tickets', () => {
    const filter = { attribute: 'ticketStatus', operator: 'is', value: 'open' }
    expect(E.isRight(decide(create({ filter })))).toBe(true)
    expect(decide(create({ filter }), { tickets: false })).toEqual(
      refused({ type: 'NotFilterable', attribute: 'ticketStatus' }),
    )
  })

  it('is changed by whoever made it, or by an admin; what stays the same is nothing new', () => {
    const change = (more: object) => changeView({ viewId: 'v', actor: ada, ...more })
    const past = [created]
    expect(decide(change({ name: 'Ours', visibility: { to: 'account' } }), { past })).toEqual(
      accepted({ type: 'ViewChanged', data: { name: 'Ours', visibility: { to: 'account' } } }),
    )
    expect(decide(change({ name: 'Mine', filter: open }), { past })).toEqual(accepted())
    const theirs = refused({ type: 'NotYourView', owner: ada })
    expect(decide(change({ name: 'x', actor: bo }), { past })).toEqual(theirs)
    expect(decide(deleteView({ viewId: 'v', actor: bo }), { past })).toEqual(theirs)
    expect(E.isRight(decide(change({ name: 'x', actor: bo }), { past, admin: true }))).toBe(true)
  })

  it('is made once, and not again once it was deleted', () => {
    const past = [created]
    expect(decide(create(), { past })).toEqual(accepted())
    expect(decide(create({ name: 'Other' }), { past })).toEqual(refused({ type: 'ViewExists' }))
    const gone = { past: [created, { type: 'ViewDeleted', data: {} }] }
    expect(decide(deleteView({ viewId: 'v', actor: ada }), gone)).toEqual(accepted())
    for (const command of [create(), changeView({ viewId: 'v', name: 'x', actor: ada })])
      expect(decide(command, gone)).toEqual(refused({ type: 'NoSuchView', situation: 'deleted' }))
    expect(decide(deleteView({ viewId: 'v', actor: ada }))).toEqual(
      refused({ type: 'NoSuchView', situation: 'absent' }),
    )
  })

  it('is another’s where somebody else made the same, and the system may change it', () => {
    const past = [created]
    expect(decide(create({ actor: bo }), { past })).toEqual(refused({ type: 'ViewExists' }))
    const change = changeView({ viewId: 'v', name: 'x', actor: 'system' })
    expect(decide(change, { past })).toStrictEqual(
      accepted({ type: 'ViewChanged', data: { name: 'x' } }),
    )
  })

  it('D-13 has another filter, or another order, and is as it was changed last', () => {
    const filter = { attribute: 'status', operator: 'is', value: 'closed' } as const
    const changes = [{ filter }, { sort: 'oldestFirst' as const }]
    for (const data of changes) {
      const changed = { type: 'ViewChanged', data }
      const change = changeView({ viewId: 'v', actor: ada, ...data })
      expect(decide(change, { past: [created] })).toStrictEqual(accepted(changed))
      expect(decide(change, { past: [created, changed] })).toEqual(accepted())
    }
    const same = changeView({ viewId: 'v', actor: ada, sort: 'newestFirst' })
    expect(decide(same, { past: [created] })).toEqual(accepted())
  })

  it('K-08 is made of what is no ticket where there are no tickets', () =>
    expect(decide(create(), { tickets: false })).toEqual(accepted(created)))

  it('is there from when it is made until it is deleted', () => {
    const gone: DomainEvent = { type: 'ViewDeleted', data: {} }
    const renamed: DomainEvent = { type: 'ViewChanged', data: { name: 'x' } }
    const other: DomainEvent = { ...created, data: { ...(created.data as object), name: 'Other' } }
    const change = changeView({ viewId: 'v', name: 'y', actor: ada })
    const none = (situation: string) => refused({ type: 'NoSuchView', situation })
    expect(decide(change, { past: [gone] })).toEqual(none('absent'))
    expect(decide(change, { past: [renamed] })).toEqual(none('absent'))
    expect(decide(change, { past: [created, gone, renamed] })).toEqual(none('deleted'))
    expect(decide(change, { past: [created, gone, created] })).toEqual(none('deleted'))
    expect(decide(create(), { past: [created, other] })).toEqual(accepted())
  })
})
