/** Parts are collected and decoded otherwise than postal-mime does it: with the same result. */
import { expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import PostalMime from 'postal-mime'
import { parseMime } from '../src/frugal-mime.js'

const lineEnd = fc.constantFrom('\n', '\r\n', '\r\r\n')
const line = fc.oneof(
  fc.stringMatching(/^[ -~]{0,90}$/),
  fc.base64String({ maxLength: 76 }),
  fc.constantFrom(
    '',
    '=',
    '=3D=C3=A4',
    'a=',
    '=4',
    '=zz',
    'QQ==QUI=',
    '--',
    '--edge',
    '--other',
    '-- ',
    '\xe4',
    '\r',
  ),
)
const lines = fc.array(fc.tuple(line, lineEnd), { maxLength: 20 }).map((all) => all.flat().join(''))
const encoding = fc.constantFrom('7bit', '8bit', 'base64', 'quoted-printable', '"Base64"', '')
const type = fc.constantFrom('text/plain', 'application/pdf', 'text/html')
const part = fc
  .tuple(type, encoding, lines, lineEnd)
  .map(([mime, name, body, end]) =>
    [`Content-Type: ${mime}`, `Content-Transfer-Encoding: ${name}`, '', body].join(end),
  )
const mail = fc.oneof(
  part,
  fc
    .tuple(fc.array(part, { maxLength: 4 }), fc.constantFrom('--edge--\n', '--edge--', ''))
    .map(
      ([parts, last]) =>
        ['Content-Type: multipart/mixed; boundary=edge\n\nbefore', ...parts].join('\n--edge\n') +
        `\n${last}`,
    ),
)

/** What each of its parts holds, apart from an end of line at the very end of the mail. */
const contents = ({ text, html, attachments }: Awaited<ReturnType<typeof parseMime>>) => ({
  // Text that is made from the other form is made differently on purpose.
  text: text !== undefined && html !== undefined ? undefined : text?.replace(/\n$/, ''),
  attachments: attachments.map(({ content, mimeType }) => [
    mimeType,
    Buffer.from(content as ArrayBuffer)
      .toString('latin1')
      .replace(/\n$/, ''),
  ]),
})

it('gives what postal-mime gives', () =>
  fc.assert(
    fc.asyncProperty(mail, async (raw) => {
      const bytes = Uint8Array.from(Buffer.from(raw, 'latin1'))
      const theirs = await PostalMime.parse(bytes, { forceRfc822Attachments: true })
      // Where it has no plain text it has none, and ours makes some.
      const { text, ...ours } = contents(await parseMime(bytes.buffer))
      const expected = contents(theirs)
      expect(ours.attachments).toEqual(expected.attachments)
      if (theirs.html === undefined) expect(text ?? '').toEqual(expected.text ?? '')
    }),
    { numRuns: 500 },
  ))
