/** The JSON Schemas say what the codecs do: held against each other by a validator of another make. */
import { describe, expect, it } from '@jest/globals'
import { decodeCommand, kinds } from '@threadbook/core'
import { commandSchemas, eventSchemas, jsonSchemaOf } from '@threadbook/core/schema'
import { arbitraryOf, plainArbitraryOf } from '@threadbook/core/testing'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import * as t from 'io-ts'

const ajv = new Ajv2020({ strictTypes: false })
const passes = (schema: object) => {
  const validate = ajv.compile(schema)
  return (value: unknown): boolean => validate(JSON.parse(JSON.stringify(value)))
}

const without = (value: object, field: string) =>
  Object.fromEntries(Object.entries(value).filter(([name]) => name !== field))

const eventTypes = Object.values(kinds).flatMap(({ category }) =>
  [...category.events.byName].map(
    ([type, { data }]) => [category.category, type, data as t.Mixed] as const,
  ),
)
const requests = Object.values(kinds)
  .flatMap((kind): readonly t.Mixed[] => kind.requests)
  .map((codec) => [codec.name, codec] as const)

describe.each(eventTypes)('%s: %s', (category, type, codec) => {
  const isValid = passes(eventSchemas[category]![type]!)

  it('is valid as it is stored', () => {
    fc.assert(
      fc.property(arbitraryOf(codec), (data) => expect(isValid(data)).toBe(true)),
      { numRuns: 30 },
    )
  })

  it('has every field that must be there', () => {
    for (const field of Object.keys(fc.sample(arbitraryOf(codec), { numRuns: 1, seed: 1 })[0]))
      fc.assert(
        fc.property(arbitraryOf(codec), (data) => {
          const rest = without(data as object, field)
          expect(isValid(rest)).toBe(codec.is(rest))
        }),
        { numRuns: 5 },
      )
  })
})

describe.each(requests)('%s', (type, codec) => {
  const isValid = passes(commandSchemas[type]!)
  const plain = plainArbitraryOf(codec) as fc.Arbitrary<Record<string, unknown>>
  const isTaken = (request: unknown) => E.isRight(decodeCommand(request))

  it('is valid, and taken', () => {
    fc.assert(
      fc.property(plain, (request) => {
        expect(decodeCommand(request)).toMatchObject({ _tag: 'Right' })
        expect(isValid(request)).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  it('has the fields it has, and no others', () => {
    fc.assert(
      fc.property(plain, fc.string({ minLength: 1 }), (request, name) => {
        for (const field of Object.keys(request)) {
          if (field === 'type') continue
          const rest = without(request, field)
          expect(isValid(rest)).toBe(isTaken(rest))
        }
        if (name in request || name === '__proto__') return
        const more = { ...request, [`no ${name}`]: true }
        expect([isValid(more), isTaken(more)]).toEqual([false, false])
      }),
      { numRuns: 20 },
    )
  })

  it('is never refused by its schema where it is taken', () => {
    const changed = fc.tuple(plain, fc.nat(), fc.jsonValue()).map(([request, n, value]) => {
      const fields = Object.keys(request)
      return { ...request, [fields[n % fields.length]!]: value }
    })
    fc.assert(
      fc.property(changed, (request) => {
        if (request['type'] === type && isTaken(request)) expect(isValid(request)).toBe(true)
      }),
      { numRuns: 50 },
    )
  })
})

describe('the schema of a codec', () => {
  interface Tree {
    readonly not?: Tree
  }
  const Tree: t.Type<Tree> = t.recursion('Tree', () => t.partial({ not: Tree }))

  it('refers to itself where the codec does', () => {
    expect(jsonSchemaOf(Tree)).toEqual({
      $ref: '#/$defs/Tree',
      $defs: { Tree: { type: 'object', properties: { not: { $ref: '#/$defs/Tree' } } } },
    })
    const isTree = passes(jsonSchemaOf(Tree))
    expect([isTree({ not: { not: {} } }), isTree({ not: 1 })]).toEqual([true, false])
  })

  it('of what is checked by a function alone says its name', () => {
    const Even = new t.Type<number>(
      'even',
      (u): u is number => u === 2,
      t.success as never,
      (n) => n,
    )
    expect(jsonSchemaOf(Even)).toEqual({ description: 'even' })
  })

  it.each([
    ['texts by name', t.record(t.string, t.number), { a: 1 }, { a: 'b' }],
    ['a list', t.array(t.boolean), [true], [1]],
    ['one of two', t.union([t.string, t.null]), null, 1],
    ['one of two words', t.union([t.literal('a'), t.literal('b')]), 'b', 'c'],
    [
      'what two say',
      t.intersection([t.record(t.string, t.number), t.type({ a: t.number })]),
      { a: 1 },
      {},
    ],
  ])('takes %s', (_, codec: t.Mixed, one, other) => {
    const isValid = passes(jsonSchemaOf(codec))
    expect([isValid(one), isValid(other)]).toEqual([true, false])
  })
})
