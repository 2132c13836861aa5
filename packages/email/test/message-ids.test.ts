import { describe, expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import { newestFirst, parseMessageIds } from '../src/message-ids.js'

describe('ids as they are written', () => {
  it.each([
    ['one', '<a@example.com>', ['a@example.com']],
    [
      'several',
      '<a@example.com><b@example.com>\t<c@example.com>',
      ['a@example.com', 'b@example.com', 'c@example.com'],
    ],
    ['folded inside', '<a-very-long\n id@example.com>', ['a-very-longid@example.com']],
    ['with comments', '(no) <a@example.com> (see (also) <x@example.com>)', ['a@example.com']],
    ['parentheses inside', '<a(1)@example.com>', ['a(1)@example.com']],
    ['without brackets', 'a@example.com b@example.com', ['a@example.com', 'b@example.com']],
    ['with commas', 'a@example.com, b@example.com', ['a@example.com', 'b@example.com']],
    ['never closed', '<a@example.com', ['a@example.com']],
    ['cut in the middle', '<a@example.com <b@example.com>', ['a@example.com', 'b@example.com']],
    ['without an at sign', '<1234>', ['1234']],
    ['with words around', 'Your message of "Mon, 2 Sep" <a@example.com>', ['a@example.com']],
    [
      'beside an address',
      'Message from Bo <bo@example.com> of "Mon, 2 Sep" <a@example.com>',
      ['a@example.com'],
    ],
    ['only an address', 'message from <bo@example.com>', []],
    ['words alone', 'Your message of Monday', []],
    ['empty brackets', '<>', []],
    ['nothing', '', []],
  ])('%s', (_, value, ids) => {
    expect(parseMessageIds(value)).toEqual(ids)
  })
})

const id = fc.stringMatching(/^[a-z]{1,3}@example\.com$/)

it('lists every id once, newest first, however the fields are split', () =>
  fc.assert(
    fc.property(fc.array(id, { maxLength: 30 }), fc.nat(30), id, (ids, at, except) => {
      const field = (some: readonly string[]) => some.map((one) => `<${one}>`).join(' ')
      const newest = [...new Set([...ids].reverse())].filter((one) => one !== except)
      const split = [field(ids.slice(0, at)), field(ids.slice(at))]
      expect(newestFirst(split, new Set([except]))).toEqual(newest)
    }),
  ))
