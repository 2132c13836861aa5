/** Bad input on disk: each file ends in received messages or in rejections with a reason. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { importMails, type NotImported } from '@threadbook/email'
import { folder } from './fixtures/folder.js'
import { expectRebuilt } from './fixtures/rebuild.js'
import { openSupport, right } from './fixtures/support.js'
import { bytesOf, mailText } from './mails.js'

const at = folder()
const MB = 1024 * 1024

const recipients = Array.from({ length: 10_000 }, (_, n) => `p${String(n)}@mail.example`)
const nested = (levels: number): string =>
  Array.from(
    { length: levels },
    (_, n) => `Content-Type: multipart/mixed; boundary=b${String(n)}\n\n--b${String(n)}\n`,
  ).join('')
/** The same bytes on every run, and no text. */
const noise = Buffer.from(Array.from({ length: 100_000 }, (_, n) => (n * n * 31 + n * 7) >> 3))
const mbox = (...mails: readonly string[]) =>
  mails.map((mail) => `From bo@example.com Mon Sep  2 13:05:09 2002\n${mail}\n`).join('')
const twoMails = mbox(
  mailText({ Subject: 'one' }, 'First\n'),
  mailText({ Subject: 'two' }, 'Second\n'),
)

const rejectedAs = (reason: string) => ({ received: 0, rejected: 1, reason })
const receivedAll = (received: number) => ({ received, rejected: 0, reason: undefined })

it.each<
  [
    what: string,
    name: string,
    content: string | Uint8Array,
    ends: ReturnType<typeof receivedAll> | ReturnType<typeof rejectedAs>,
  ]
>([
  ['a zero-byte file', 'empty.eml', '', rejectedAs('empty')],
  ['random bytes', 'noise.eml', noise, rejectedAs('notMail')],
  ['random bytes that are called an mbox', 'noise.mbox', noise, rejectedAs('notMail')],
  [
    'a mail of 60 MB',
    'large.eml',
    Buffer.concat([bytesOf(mailText({})), Buffer.alloc(60 * MB, 'a')]),
    rejectedAs('tooLarge'),
  ],
  ['10,000 recipients', 'many.eml', mailText({ To: recipients.join(',\n ') }), receivedAll(1)],
  [
    'a header bomb',
    'bomb.eml',
    `From: bo@example.com\n${'X: y\n'.repeat(100_000)}\n`,
    rejectedAs('malformed'),
  ],
  [
    'deeply nested multiparts',
    'deep.eml',
    `From: bo@example.com\n${nested(5_000)}`,
    rejectedAs('malformed'),
  ],
  [
    'invalid UTF-8',
    'utf8.eml',
    Buffer.concat([
      bytesOf(mailText({ Subject: 'x', 'Content-Type': 'text/plain; charset=utf-8' })),
      Buffer.from([0xc3, 0x28, 0xff, 0xfe, 0xed, 0xa0, 0x80]),
    ]),
    receivedAll(1),
  ],
  ['NULs in all places', 'nul.eml', mailText({ Subject: 'a\0b' }, 'c\0d\n'), receivedAll(1)],
  ['an mbox cut in the middle of a body', 'body.mbox', twoMails.slice(0, -4), receivedAll(2)],
  [
    'an mbox cut in the middle of a header',
    'head.mbox',
    twoMails.slice(0, twoMails.lastIndexOf('Subject') + 4),
    receivedAll(2),
  ],
  [
    'an mbox cut behind a separator',
    'line.mbox',
    twoMails.slice(0, twoMails.lastIndexOf('From: Bo')),
    receivedAll(1),
  ],
])('%s', async (_, name, content, { received, rejected, reason }) => {
  const path = join(at, name)
  writeFileSync(path, content)
  const support = await openSupport()
  const refusals: NotImported[] = []
  const done = right(
    await importMails(support.inbox, [path], { onRejected: (each) => refusals.push(each) }),
  )
  expect(done).toEqual({ read: received + rejected, received, duplicates: 0, rejected })
  expect(refusals.map(({ problem }) => 'reason' in problem && problem.reason)).toEqual(
    reason === undefined ? [] : [reason],
  )
  for (const refusal of refusals) expect(refusal.path).toBe(path)
  const rows = await expectRebuilt(support.adapters)
  expect(rows).toHaveLength(received)
  const page = right(await support.inbox.views.list('email'))
  expect(page.items).toHaveLength(received)
  await support.inbox.close()
})

it('goes on with the rest behind what was rejected', async () => {
  const support = await openSupport()
  writeFileSync(join(at, 'fine.eml'), mailText({ Subject: 'fine' }))
  const paths = ['empty.eml', 'missing.eml', 'noise.eml', 'fine.eml'].map((name) => join(at, name))
  const done = right(await importMails(support.inbox, paths))
  expect(done).toEqual({ read: 4, received: 1, duplicates: 0, rejected: 3 })
})
