import { describe, expect, it } from '@jest/globals'
import { contacts, restorableUntil, type ContactEvent } from '@threadbook/core'
import { at, recordedAt, stories } from '@threadbook/core/testing'
import { toSeal } from '@threadbook/sourcing'

const { given } = stories(contacts)
const on = { contactId: 'maria', actor: 'user:ada' as const }
const box = toSeal('private' as never)

const created: ContactEvent = { type: 'ContactCreated', data: { key: 'key-1', source: 'manual' } }
const mergedInto = (target = 'paul'): ContactEvent => ({
  type: 'ContactMergedInto',
  data: { target },
})
const mergedFrom = (source: string, ...keys: string[]): ContactEvent => ({
  type: 'ContactMergedFrom',
  data: { source, keys },
})
const deleted: ContactEvent = { type: 'ContactDeleted', data: {} }
const restored: ContactEvent = { type: 'ContactRestored', data: {} }
const erased = (...keys: string[]): ContactEvent => ({ type: 'ContactErased', data: { keys } })
const atCompany = (company: string): ContactEvent => ({
  type: 'CompanyAssociated',
  data: { company },
})
const noCompany: ContactEvent = { type: 'CompanyDisassociated', data: {} }

const merge = (into = 'paul') => ({ type: 'MergeContacts' as const, ...on, into })
const absorb = (source: string, ...keys: string[]) => ({
  type: 'AbsorbContact' as const,
  ...on,
  source,
  keys,
})
const remove = { type: 'DeleteContact' as const, ...on }
const restore = { type: 'RestoreContact' as const, ...on }
const erase = { type: 'EraseContact' as const, ...on }
const name = { type: 'NameContact' as const, ...on, name: box }
const change = { type: 'ChangeContact' as const, ...on, properties: box }
const join = (company: string) => ({ type: 'AssociateCompany' as const, ...on, company })
const leave = { type: 'DisassociateCompany' as const, ...on }

describe('K-22 deleting a contact', () => {
  it('can be taken back for 90 days', () => {
    given(created).when(remove).then(deleted)
    given(created, deleted).when(remove).thenNothing()
    given(created).when(restore).thenNothing()
    given(created, recordedAt('2026-01-01T12:00:00.000Z', deleted))
      .when(at('2026-04-01T11:59:59.999Z', restore))
      .then(restored)
    given(created, recordedAt('2026-01-01T12:00:00.000Z', deleted))
      .when(at('2026-04-01T12:00:00.000Z', restore))
      .thenRefused('ContactNotRestorable', { until: '2026-04-01T12:00:00.000Z' })
    expect(restorableUntil('2026-01-01T12:00:00.000Z')).toBe('2026-04-01T12:00:00.000Z')
  })

  it('leaves nothing to do but that, and erasing', () => {
    for (const command of [name, change, join('acme'), merge()])
      given(created, deleted).when(command).thenRefused('ContactDeleted')
    given(created, deleted).when(erase).then(erased('key-1'))
  })
})

describe('two contacts of one person', () => {
  it('are merged, one into the other', () => {
    given(created).when(merge()).then(mergedInto())
    given(created).when(absorb('paul', 'key-2')).then(mergedFrom('paul', 'key-2'))
    given(created, mergedFrom('paul', 'key-2')).when(absorb('paul', 'key-2')).thenNothing()
    given(created, mergedInto()).when(merge()).thenNothing()
  })

  it('are one from then on: what is asked of the first is the second’s', () => {
    for (const command of [name, remove, erase, merge('zoe'), change])
      given(created, mergedInto()).when(command).thenRefused('ContactMerged', { into: 'paul' })
  })

  it('are not one and the same record', () =>
    given(created).when(merge('maria')).thenRefused('ContactMerged'))

  it('K-22 S-109 are forgotten together', () =>
    given(created, mergedFrom('paul', 'key-2', 'key-3'))
      .when(erase)
      .then(erased('key-1', 'key-2', 'key-3')))
})

describe('S-062 the company of a contact', () => {
  it('is one', () => {
    given(created).when(join('acme')).then(atCompany('acme'))
    given(created, atCompany('acme')).when(join('acme')).thenNothing()
    given(created, atCompany('acme')).when(join('other')).then(atCompany('other'))
    given(created, atCompany('acme')).when(leave).then(noCompany)
    given(created, atCompany('acme'), noCompany).when(leave).thenNothing()
  })
})

it('S-056 has properties that are changed', () =>
  given(created)
    .when(change)
    .then({ type: 'ContactPropertiesChanged', data: { properties: box } }))
