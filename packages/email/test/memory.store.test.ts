/** Memory does not grow with the mailbox, and one large mail does not double it. */
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, jest } from '@jest/globals'
import { runProgram, said } from './fixtures/child.js'
import { folder } from './fixtures/folder.js'

jest.setTimeout(600_000)

const at = folder()
const MB = 1024 * 1024
const SMALL = 6_000
const LARGE_BYTES = 24 * MB

const head = (name: string, seconds: number) => {
  const date = new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toUTCString()
  return [
    `From ${name}@mail.example Thu Jan  1 00:00:00 2026`,
    `From: ${name} <${name}@mail.example>`,
    'To: support@example.com',
    `Subject: About ${name}`,
    `Date: ${date}`,
    `Message-ID: <${name}@mail.example>`,
  ].join('\n')
}
const small = (n: number) =>
  `${head(`p${String(n)}`, n)}\n\n${'Some words, again. '.repeat(30)}\n\n`

/** As many short mails, and a large one in their middle. */
const writeMailbox = (path: string) => {
  const file = openSync(path, 'w')
  for (let n = 0; n < SMALL; n++) {
    writeSync(file, small(n))
    if (n !== SMALL / 2) continue
    const part = 'Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64'
    writeSync(
      file,
      `${head('large', n)}\nContent-Type: multipart/mixed; boundary=b\n\n--b\n${part}\n\n`,
    )
    const lines = `${'QUJD'.repeat(19)}\n`.repeat(1_000)
    for (let bytes = 0; bytes < LARGE_BYTES; bytes += lines.length) writeSync(file, lines)
    writeSync(file, '--b--\n\n')
  }
  closeSync(file)
}

it('stays below 300 MB in an import of small mails and one of 24 MB', async () => {
  const [mailbox, list] = [join(at, 'box.mbox'), join(at, 'list')]
  writeMailbox(mailbox)
  writeFileSync(list, mailbox)
  const ended = await runProgram('interrupted-import.mjs', [join(at, 'box.db'), 'never', list])
  expect(JSON.parse(said(ended, 'result')!).right).toMatchObject({
    read: SMALL + 1,
    received: SMALL + 1,
  })
  // Told by Linux only.
  const kilobytes = Number(said(ended, 'memory') ?? 1)
  expect(kilobytes).toBeGreaterThan(0)
  expect(Math.round(kilobytes / 1024)).toBeLessThan(300)
})
