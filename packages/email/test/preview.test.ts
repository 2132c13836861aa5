import { expect, it } from '@jest/globals'
import { anyText } from '@threadbook/core/testing'
import * as fc from 'fast-check'
import { previewOf } from '../src/preview.js'

it.each([
  ['is on one line', 'Dear  team,\r\n\r\n\tit broke.\n', 'Dear team, it broke.'],
  [
    'leaves quotations out',
    'On Monday, Bo wrote:\n> It broke.\n> Again.\n\nWhat did?\n',
    'What did?',
  ],
  ['ends at the signature', 'Thanks!\n-- \nBo Ek\nExample Ltd\n', 'Thanks!'],
  ['ends at the mail below', 'Thanks!\n\n-----Original Message-----\nFrom: Ada\n', 'Thanks!'],
  ['shows a quotation where there is nothing else', '> It broke.\n', '> It broke.'],
  ['shows a signature where there is nothing else', '-- \nBo Ek\n', '-- Bo Ek'],
  ['has no control characters', 'a\0b\u001b[31mc\u202ed', 'a b [31mc d'],
  ['is empty for an empty mail', '\n \n', ''],
])('%s', (_, text, preview) => {
  expect(previewOf(text)).toBe(preview)
})

it('is never longer than 140, and never ends in half a character', () =>
  fc.assert(
    fc.property(anyText({ minLength: 100, maxLength: 400 }), (text) => {
      const preview = previewOf(text)
      expect(preview.length).toBeLessThanOrEqual(140)
      expect(preview).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/)
      expect(preview).not.toContain('\0')
    }),
  ))
