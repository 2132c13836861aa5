import { expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import { textOfHtml } from '../src/html-text.js'
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
    fc.property(fc.string({ unit: 'binary', minLength: 100, maxLength: 400 }), (text) => {
      const preview = previewOf(text)
      expect(preview.length).toBeLessThanOrEqual(140)
      expect(preview).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/)
      expect(preview).not.toContain('\0')
    }),
  ))

it.each([
  ['lines', 'a<br>b<div>c</div>d', 'a\nb\nc\nd'],
  ['paragraphs', '<p>a</p>\n<p>b</p>', 'a\n\nb'],
  ['lists', '<ul><li>a</li><li>b</ul>', '* a\n* b'],
  ['cells', '<table><tr><td>a</td><td>b</td></tr><tr><td>c</table>', 'a b\nc'],
  ['preformatted text', '<pre>a\n  b</pre>', 'a\n  b'],
  [
    'entities',
    '&lt;b&gt; &amp;amp; &eacute; &#8364;&#x20ac; &#0; &#xd800; &nope; &copy',
    '<b> &amp; é €€ \ufffd \ufffd &nope; ©',
  ],
  ['comments', 'a<!-- <p>b</p> -->c', 'ac'],
  [
    'titles, scripts and styles',
    '<TITLE>a</TITLE><Style>b</STYLE >c<script x="</b>">d</script\n>e',
    'ce',
  ],
  ['a script that is never closed', 'a<script>b', 'a'],
  ['a title that is never closed', 'a<title>b', 'ab'],
  ['angle brackets', '1 < 2 <3', '1 < 2 <3'],
  ['a tag that is never closed', 'a<b', 'a'],
])('text of HTML: %s', (_, html, text) => {
  expect(textOfHtml(html)).toBe(text)
})
