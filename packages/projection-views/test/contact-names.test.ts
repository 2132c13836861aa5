import { describe, expect, it } from '@jest/globals'
import { toSeal, type Rows } from '@threadbook/sourcing'
import { contactNames, listItem, listKeys, type ContactNameRow } from '../src/index.js'
import { contact, fold, keys, received, record, rowOf, started, type Fact } from './fixtures.js'

const created: Fact = { type: 'ContactCreated', data: { key: 'key', source: 'conversation' } }
const named = (name: string): Fact => ({ type: 'ContactNamed', data: { name: toSeal(name) } })
const reachedAt = (address: string): Fact => ({
  type: 'IdentityAdded',
  data: { kind: 'email', identity: `#${address}`, address: toSeal(address) },
})
const left = (address: string): Fact => ({
  type: 'IdentityRemoved',
  data: { identity: `#${address}` },
})
const erased: Fact = { type: 'ContactErased', data: { keys: ['key'] } }

const namesOf = (...facts: readonly Fact[]) =>
  fold(record('zoe', facts, { category: 'contact' }), new Map(), contactNames as unknown as Rows)
    .rows as unknown as ReadonlyMap<string, ContactNameRow>

const row = rowOf(started(), received(), contact('zoe'))
const shown = (...facts: readonly Fact[]) =>
  listItem({ key: 'c1', row }, namesOf(...facts), keys).contact

describe('K-17 the contact of a row', () => {
  it('is shown by name and first address', () =>
    expect(
      shown(created, reachedAt('zoe@example.org'), reachedAt('z@example.org'), named('Zoe')),
    ).toEqual({ id: 'zoe', name: 'Zoe', address: 'zoe@example.org' }))
  it('is shown by the name it has now, in every row', () =>
    expect(shown(created, named('Zoe'), named('Zoë'))).toMatchObject({ name: 'Zoë' }))
  it('is shown without an address that it gave up', () =>
    expect(shown(created, reachedAt('old@example.org'), left('old@example.org'))).toMatchObject({
      address: null,
    }))
  it('is an id where nothing is known of it', () =>
    expect(shown()).toEqual({ id: 'zoe', name: null, address: null }))
})

it('K-22 keeps no name of an erased contact', () => {
  expect(namesOf(created, named('Zoe'), erased).size).toBe(0)
  expect(shown(created, named('Zoe'), erased)).toMatchObject({ name: null })
})

it('S-109 needs the key of the name to show it', () => {
  const names = namesOf(created, named('Zoe'))
  expect(listKeys([{ key: 'c1', row }], names)).toEqual(new Set(['key']))
  expect(listItem({ key: 'c1', row }, names, new Map()).contact).toMatchObject({
    name: { erased: true },
  })
})
