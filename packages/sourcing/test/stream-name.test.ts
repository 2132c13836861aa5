import { describe, expect, it } from '@jest/globals'
import {
  isAccountName,
  streamCategory,
  streamId,
  streamName,
  streamPrefix,
} from '@threadbook/sourcing'
import fc from 'fast-check'

const category = fc.stringMatching(/^[a-z][A-Za-z]{0,20}$/)
const account = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/)
const id = fc.string({ minLength: 1 })

describe('streamName', () => {
  it('reads back in one way only', () => {
    fc.assert(
      fc.property(category, account, id, (c, a, i) => {
        const name = streamName(c, a, i)
        expect([streamCategory(name), streamId(name)]).toEqual([c, i])
        expect(name.startsWith(streamPrefix(c, a))).toBe(true)
        expect(name.startsWith(streamPrefix(c))).toBe(true)
      }),
    )
  })

  it('gives no two things one name, and no prefix is another account’s', () => {
    fc.assert(
      fc.property(category, account, id, category, account, id, (c, a, i, c2, a2, i2) => {
        const same = c === c2 && a === a2
        expect(streamName(c, a, i) === streamName(c2, a2, i2)).toBe(same && i === i2)
        expect(streamName(c, a, i).startsWith(streamPrefix(c2, a2))).toBe(same)
      }),
    )
  })

  it('keeps accounts apart of which one begins like the other', () => {
    expect(streamName('note', 'acme-2', '1').startsWith(streamPrefix('note', 'acme'))).toBe(false)
  })

  it('is of no category where the name is not one of ours', () => {
    expect(streamCategory('notes')).toBe('')
  })

  const refused: readonly (readonly [string, string, string])[] = [
    ['', 'acme', '1'],
    ['Note', 'acme', '1'],
    ['a-b', 'acme', '1'],
    ['note', '', '1'],
    ['note', 'ac.me', '1'],
    ['note', 'ac me', '1'],
    ['note', 'x'.repeat(65), '1'],
    ['note', 'acme\n', '1'],
    ['note', 'acme', ''],
  ]
  for (const parts of refused)
    it(`refuses ${JSON.stringify(parts)}`, () => {
      expect(() => streamName(...parts)).toThrow('expected')
    })
})

describe('isAccountName', () => {
  it('takes 1 to 64 letters, digits, _ and -', () => {
    for (const name of ['a', 'A-b_9', 'x'.repeat(64)]) expect(isAccountName(name)).toBe(true)
    for (const name of ['', 'ä', 'a.b', 'a/b', 'x'.repeat(65)])
      expect(isAccountName(name)).toBe(false)
  })
})
