/** Mails made to take much memory or time: a mail or a rejection, within the limits stated. */
import { describe, expect, it } from '@jest/globals'
import { readMail } from '@threadbook/email'
import * as fc from 'fast-check'
import { mailText, parse, read } from './mails.js'

const MB = 1024 * 1024
const filled = (piece: string, bytes: number): string =>
  piece.repeat(Math.ceil(bytes / piece.length)).slice(0, bytes)

it('rejects a mail of 60 MB by its size, unread', async () => {
  const raw = new Uint8Array(60 * MB)
  expect(await readMail(raw)).toMatchObject({
    left: { reason: 'tooLarge', expected: 'at most 26214400 bytes', found: `${60 * MB} bytes` },
  })
})

it('lets the caller say what is too large', async () => {
  const raw = Buffer.from(mailText({}))
  expect(await readMail(raw, { maxBytes: raw.length })).toHaveProperty('_tag', 'Right')
  expect(await readMail(raw, { maxBytes: raw.length - 1 })).toMatchObject({
    left: { reason: 'tooLarge' },
  })
})

describe('is rejected, naming what is too much', () => {
  const boundaries = (levels: number): string =>
    Array.from(
      { length: levels },
      (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}\n`,
    ).join('')

  it.each([
    ['a header bomb of short lines', `From: bo@example.com\n${filled('a:\n', MB)}`, 'headers'],
    ['a header bomb of one line', `From: bo@example.com\nX: ${filled('x', 2 * MB)}\n\n`, 'headers'],
    [
      'parts without end',
      mailText({ 'Content-Type': 'multipart/mixed; boundary=b' }, filled('--b\n\n', MB)),
      'parts',
    ],
    ['multiparts in multiparts', `From: bo@example.com\n${boundaries(1_000)}`, 'parts'],
  ])('%s', async (_, raw, field) => {
    expect(await parse(raw)).toMatchObject({ left: { reason: 'malformed', field } })
  })
})

// What used to take memory or time out of proportion is read well within the time of a test.
describe('is read', () => {
  const html = (piece: string) => mailText({ 'Content-Type': 'text/html' }, filled(piece, MB))
  const encoded = (encoding: string, piece: string) =>
    mailText({ 'Content-Transfer-Encoding': encoding }, filled(piece, MB))

  it.each([
    ['empty lines', mailText({}, filled('\n', 2 * MB))],
    ['quoted lines', mailText({}, filled('> \n', 2 * MB))],
    ['soft breaks', encoded('quoted-printable', '=\n')],
    ['short base64', encoded('base64', 'AA\n')],
    ['padded base64', encoded('base64', 'A=')],
    ['flowed lines', mailText({ 'Content-Type': 'text/plain; format=flowed' }, filled('a \n', MB))],
    [
      'dashes',
      mailText({ 'Content-Type': 'multipart/mixed; boundary=b' }, `--b\n\n${filled('--\n', MB)}`),
    ],
    ['open tags', html('<a href=x')],
    ['angle brackets', html('<')],
    ['comments', html('<!--')],
    ['titles', html('<title>')],
    ['ends of scripts', html(`<script>${filled('</script', MB)}`)],
    ['entities', html('&amp')],
    ['spaces', html('<pre> ')],
    ['parentheses', mailText({ 'In-Reply-To': filled('(', MB / 2), Date: filled('(', MB / 4) })],
    ['brackets', mailText({ References: filled('<', MB / 2) })],
    ['quotes', mailText({ From: filled('"', MB / 4) })],
    ['encoded words', mailText({ Subject: filled('=?utf-8?q?a?= ', MB / 2) })],
    ['mails in mails', `From: bo@example.com\n${filled('Content-Type: message/rfc822\n\n', MB)}`],
    [
      'open tags beside text',
      mailText(
        { 'Content-Type': 'multipart/mixed; boundary=b' },
        `--b\n\nHi\n--b\nContent-Type: text/html\n\n${filled('<a href=x', MB)}`,
      ),
    ],
  ])(
    '%s',
    async (_, raw) => {
      expect(await read(raw)).toHaveProperty('size', raw.length)
    },
    10_000,
  )

  it('10,000 references, of which the 100 newest count', async () => {
    const References = Array.from({ length: 10_000 }, (_, i) => `<${i}@example.com>`).join('\n ')
    const { references } = await read(mailText({ References }))
    expect(references).toHaveLength(100)
    expect(references[0]).toBe('9999@example.com')
  })

  it('25 MB of lines, with less memory than four times that', async () => {
    const raw = Buffer.from(mailText({}, filled('some words in a line\n', 25 * MB - 200)))
    const before = process.memoryUsage().rss
    const mail = await readMail(raw)
    expect(mail).toMatchObject({ _tag: 'Right' })
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * MB)
  })
})

it('answers any bytes with a mail or a rejection', () =>
  fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
      expect(await readMail(bytes)).toHaveProperty('_tag')
    }),
  ))

const LINES = [
  ...[
    'From: bo@example.com',
    'From bo@example.com Mon Sep  2 13:05:09 2002',
    ' folded',
    'To: <a@b',
    'Subject:',
  ],
  ...[
    'Content-Type: multipart/mixed; boundary=b',
    'Content-Type: text/html',
    'Content-Type: message/rfc822',
  ],
  ...['Content-Type: multipart/report; boundary=b', 'Content-Type: message/delivery-status'],
  ...[
    'Content-Transfer-Encoding: base64',
    'Content-Transfer-Encoding: quoted-printable',
    '--b',
    '--b--',
    '',
  ],
  ...[
    '<p>Hi &#xd800;',
    'QUJDRA==',
    'a=20b=',
    'Date: Mon, 32 Foo 99999 99:99',
    'Message-ID: <<>',
    '\0\r',
    '-- ',
  ],
]

it('answers any lines of a mail, in any order', () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...LINES), { maxLength: 40 }), async (lines) => {
      const mail = await parse(['From: bo@example.com', ...lines].join('\n'))
      expect(mail).toHaveProperty('right')
    }),
    { numRuns: 300 },
  ))
