import { describe, expect, it } from '@jest/globals'
import { columnText, compareText, Filter, predicate } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'

/** Any but halves of a pair. */
const text = fc.string({
  unit: fc
    .integer({ min: 0, max: 0x10ffff - 0x800 })
    .map((n) => String.fromCodePoint(n < 0xd800 ? n : n + 0x800)),
})
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((c) => String.fromCharCode(c)),
})

describe('compareText', () => {
  it('orders as UTF-8 bytes do', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
      }),
    )
  })

  it('orders texts that begin alike, too', () => {
    fc.assert(
      fc.property(text, text, text, (start, a, b) => {
        expect(Math.sign(compareText(start + a, start + b))).toBe(
          Buffer.compare(Buffer.from(start + a), Buffer.from(start + b)),
        )
      }),
    )
  })

  it('puts U+10000 behind U+FFFF, where JavaScript does not', () => {
    expect(compareText('\uffff', '\u{10000}')).toBe(-1)
    expect('\uffff' < '\u{10000}').toBe(false)
  })

  it('is an order', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (a, b, c) => {
        expect(compareText(a, b)).toBe(0 - compareText(b, a))
        expect(compareText(a, a)).toBe(0)
        if (compareText(a, b) < 0 && compareText(b, c) < 0) expect(compareText(a, c)).toBe(-1)
      }),
    )
  })
})

describe('columnText', () => {
  it('leaves texts as they are but for NUL and lone surrogates', () => {
    fc.assert(
      fc.property(text, (a) => {
        expect(columnText(a)).toBe(a.replaceAll('\0', '\ufffd'))
      }),
    )
    expect(columnText('a\0\ud83d🦜\udc00')).toBe('a\ufffd\ufffd🦜\ufffd')
  })

  it('gives what goes through UTF-8 unchanged, and no more once it is done', () => {
    fc.assert(
      fc.property(anyText, (a) => {
        const kept = columnText(a)
        expect(Buffer.from(kept).toString()).toBe(kept)
        expect(columnText(kept)).toBe(kept)
        expect(kept).toHaveLength(a.length)
      }),
    )
  })
})

const scalar = fc.oneof(
  fc.constantFrom('', 'a', 'b'),
  fc.constantFrom(0, 1, 2),
  fc.boolean(),
  fc.constant(null),
)
const row = fc.record({ a: scalar, b: scalar }, { requiredKeys: [] })
const attribute = fc.constantFrom('a', 'b')
const filter = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3 },
    fc.record({ attribute, operator: fc.constant('is' as const), value: scalar }),
    fc.record({ attribute, operator: fc.constant('isOneOf' as const), value: fc.array(scalar) }),
    fc.record({
      attribute,
      operator: fc.constantFrom('lessThan' as const, 'atLeast' as const),
      value: fc.constantFrom('', 'a', 0, 1),
    }),
    fc.array(tie('filter'), { maxLength: 3 }).map((and) => ({ and })),
    fc.array(tie('filter'), { maxLength: 3 }).map((or) => ({ or })),
    tie('filter').map((not) => ({ not })),
  ),
})).filter

describe('predicate', () => {
  it('keeps the laws of and, or and not', () => {
    fc.assert(
      fc.property(filter, filter, row, (p, q, r) => {
        const holds = (one: Filter) => predicate(one)(r)
        expect(holds({ not: p })).toBe(!holds(p))
        expect(holds({ and: [p, q] })).toBe(holds(p) && holds(q))
        expect(holds({ or: [p, q] })).toBe(holds(p) || holds(q))
        expect(holds({ not: { and: [p, q] } })).toBe(holds({ or: [{ not: p }, { not: q }] }))
        expect(holds({ and: [] })).toBe(true)
        expect(holds({ or: [] })).toBe(false)
      }),
    )
  })

  it('takes a field that is missing for null', () => {
    fc.assert(
      fc.property(filter, row, (p, r) => {
        expect(predicate(p)(r)).toBe(predicate(p)({ a: null, b: null, ...r }))
      }),
    )
  })

  it('says that `isOneOf` is an `or` of `is`', () => {
    fc.assert(
      fc.property(attribute, fc.array(scalar), row, (name, values, r) => {
        const leaves = values.map((value): Filter => ({ attribute: name, operator: 'is', value }))
        const one: Filter = { attribute: name, operator: 'isOneOf', value: values }
        expect(predicate(one)(r)).toBe(predicate({ or: leaves })(r))
      }),
    )
  })

  it('compares values of one kind only: two orders that are opposite may both be false', () => {
    const less = predicate({ attribute: 'a', operator: 'lessThan', value: 1 })
    const atLeast = predicate({ attribute: 'a', operator: 'atLeast', value: 1 })
    for (const a of [null, undefined, '0', true])
      expect([less({ a }), atLeast({ a })]).toEqual([false, false])
    for (const a of [0, 1, 2]) expect(less({ a })).toBe(!atLeast({ a }))
  })
})

describe('Filter', () => {
  it('accepts every filter, also after JSON', () => {
    fc.assert(
      fc.property(filter, (p) => {
        expect(Filter.decode(JSON.parse(JSON.stringify(p)))).toEqual(E.right(p))
      }),
    )
  })

  const refused: readonly (readonly [string, unknown])[] = [
    ['nothing', {}],
    ['an unknown operator', { attribute: 'a', operator: 'like', value: '%' }],
    ['no value', { attribute: 'a', operator: 'is' }],
    ['an object as a value', { attribute: 'a', operator: 'is', value: {} }],
    ['null in an order', { attribute: 'a', operator: 'lessThan', value: null }],
    ['what is no list', { and: { 0: { not: { and: [] } } } }],
    ['a wrong leaf far below', { not: { or: [{ and: [{ attribute: 1 }] }] } }],
  ]
  for (const [what, value] of refused)
    it(`refuses ${what}`, () => {
      expect(E.isLeft(Filter.decode(value))).toBe(true)
    })
})
