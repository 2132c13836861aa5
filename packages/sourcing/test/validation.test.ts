import { describe, expect, it } from '@jest/globals'
import { invalid, shapeOf } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'

describe('shapeOf', () => {
  const shapes: readonly (readonly [unknown, string])[] = [
    [undefined, 'missing'],
    [null, 'null'],
    ['secret', 'text of 6'],
    ['', 'text of 0'],
    [[1, 2], 'list of 2'],
    [{}, 'object'],
    [1, 'number'],
    [true, 'boolean'],
  ]
  for (const [value, shape] of shapes)
    it(`calls ${JSON.stringify(value) ?? 'undefined'} ${shape}`, () => {
      expect(shapeOf(value)).toBe(shape)
    })
})

const Address = t.type({ kind: t.literal('email'), value: t.string }, 'Address')
const Phone = t.type({ kind: t.literal('phone'), value: t.number }, 'Phone')
const Contact = t.intersection([
  t.type({ name: t.string, addresses: t.array(t.union([Address, Phone])) }),
  t.partial({ age: t.number }),
])

const found = (value: unknown) => {
  const result = Contact.decode(value)
  if (E.isRight(result)) throw new Error('expected it to be refused')
  return invalid(result.left)
}

describe('invalid', () => {
  it('names the field without the members of unions and intersections', () => {
    expect(found({ name: 'Ada', addresses: [{ kind: 'email', value: 7 }] })).toMatchObject({
      field: 'addresses.0.value',
      found: 'number',
    })
    expect(found({ name: 'Ada', addresses: [], age: 'old' })).toEqual({
      field: 'age',
      expected: 'number',
      found: 'text of 3',
    })
  })

  it('says what is missing', () => {
    expect(found({ addresses: [] })).toEqual({
      field: 'name',
      expected: 'string',
      found: 'missing',
    })
  })

  it('speaks of the whole where the whole is wrong', () => {
    const result = t.type({ name: t.string }, 'Named').decode('Ada')
    expect(E.isLeft(result) && invalid(result.left)).toEqual({
      field: '',
      expected: 'Named',
      found: 'text of 3',
    })
  })

  it('never holds the value itself', () => {
    const secret = 'ada@example.com'
    for (const value of [
      secret,
      { name: [secret], addresses: secret },
      { name: 1, [secret]: secret },
    ])
      expect(JSON.stringify(found(value))).not.toContain(secret)
  })
})
