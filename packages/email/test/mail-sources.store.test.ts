/** Mail on disk: mboxes, Maildirs, folders, and what is in the way. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { indexMails, readMails, type RawMail, type UnreadMail } from '@threadbook/email'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { unreadableBecause } from '../src/mail-files.js'
import { mailText, read } from './mails.js'

let folder: string
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'threadbook-mail-'))
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

const write = (name: string, content: string | Uint8Array): string => {
  const file = path.join(folder, name)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, content)
  return file
}

const all = async (
  paths: readonly string[],
  options?: { readonly maxBytes?: number },
): Promise<readonly (RawMail | UnreadMail)[]> => {
  const found: (RawMail | UnreadMail)[] = []
  for await (const mail of readMails(await indexMails(paths), options)) found.push(mail)
  return found
}
const raws = (found: readonly (RawMail | UnreadMail)[]): readonly string[] =>
  found.flatMap((mail) => ('raw' in mail ? [Buffer.from(mail.raw).toString('latin1')] : []))
const problems = (found: readonly (RawMail | UnreadMail)[]) =>
  found.flatMap((mail) =>
    'problem' in mail ? [[path.relative(folder, mail.path), mail.problem] as const] : [],
  )

/** A mail that arrived on a day of September 2002. */
const arrived = (day: number, body = 'Hello\n'): string =>
  mailText(
    { Received: `from mx by mail; ${day} Sep 2002 10:00:00 +0000`, Subject: `day ${day}` },
    body,
  )

const separator = (day: number): string => `From bo@example.com Mon Sep  ${day} 13:05:09 2002\n`
const mbox = (...mails: readonly string[]): string =>
  mails.map((mail, i) => `${separator((i % 28) + 1)}${mail}\n`).join('')

describe('an mbox', () => {
  it('gives its mails without separators, oldest first', async () => {
    const [first, second, third] = [arrived(1), arrived(2), arrived(3)]
    const file = write('inbox.mbox', mbox(second, third, first))
    const found = await all([file])
    expect(raws(found)).toEqual([first, second, third])
    expect(found[0]).toMatchObject({ path: file, receivedAt: '2002-09-01T10:00:00.000Z' })
  })

  it('is known by its first line, too, but not where the name says that it is one mail', async () => {
    const content = mbox(arrived(1), arrived(2))
    write('a/Inbox', content)
    write('b/mail.txt', content)
    write('c/mail.eml', content)
    expect(raws(await all([path.join(folder, 'a')]))).toHaveLength(2)
    expect(raws(await all([path.join(folder, 'b'), path.join(folder, 'c')]))).toEqual([
      content,
      content,
    ])
  })

  it('may have lines in its mails that begin with From', async () => {
    const body = [
      'Lines follow.',
      'From here on it is text.',
      '',
      'From here on, too.',
      '',
      'From bo@example.com Mon Sep  9 13:05:09 2002',
      'is how a separator looks, but no header field comes next.',
      '',
    ].join('\n')
    const found = await all([write('inbox.mbox', mbox(arrived(1, body), arrived(2)))])
    expect(raws(found)).toEqual([arrived(1, body), arrived(2)])
  })

  it('has escaped lines, which lose one mark', async () => {
    const escaped = '>From bo\n>>From ada\n> From cy\nsaid >From bo\n'
    const found = await all([write('inbox.mbox', mbox(arrived(1, escaped)))])
    expect(raws(found)).toEqual([arrived(1, 'From bo\n>From ada\n> From cy\nsaid >From bo\n')])
  })

  it('may have Windows line ends and other separators', async () => {
    const mails = [arrived(1), arrived(2), arrived(3)].map((mail) => mail.replaceAll('\n', '\r\n'))
    const separators = [
      'From - Mon Sep 02 13:05:09 2002',
      'From 1234@xxx Mon Sep 02 13:05:09 +0000 2002',
      'From "Bo Ek" <bo@example.com> 2002-09-02T13:05:09Z',
    ]
    const content = mails.map((mail, i) => `${separators[i]}\r\n${mail}\r\n`).join('')
    expect(raws(await all([write('inbox.mbox', content)]))).toEqual(mails)
  })

  it('cut off in the middle of a mail gives what is there', async () => {
    const whole = mbox(arrived(1), arrived(2, 'a body that is cut off\n'))
    const found = await all([write('inbox.mbox', whole.slice(0, -8))])
    expect(raws(found)).toEqual([arrived(1), arrived(2, 'a body that is c')])
  })

  it.each([1, 5, 20, 40, 45])(
    'cut off %i bytes after a separator began loses nothing before',
    async (bytes) => {
      const found = await all([
        write('inbox.mbox', mbox(arrived(1)) + (separator(2) + 'Subject: x').slice(0, bytes)),
      ])
      expect(raws(found)[0]).toContain(arrived(1))
    },
  )

  it('is nothing where it is empty', async () => {
    expect(await all([write('empty.mbox', '')])).toEqual([])
  })

  it('that does not begin with a separator begins with a mail', async () => {
    const found = await all([write('inbox.mbox', `\n\n${arrived(1)}\n${mbox(arrived(2))}`)])
    expect(raws(found)).toEqual([arrived(1), arrived(2)])
  })

  it('tells when a mail arrived by its Date, or by the separator', async () => {
    const dated = mailText({
      Date: 'Mon, 2 Sep 2002 12:00:00 +0200',
      Received: 'by mail; whenever',
    })
    const undated = mailText({ Subject: 'undated' })
    const found = await all([write('inbox.mbox', mbox(undated, dated))])
    expect(found).toMatchObject([
      { receivedAt: '2002-09-01T13:05:09.000Z' },
      { receivedAt: '2002-09-02T10:00:00.000Z' },
    ])
  })

  it('is split alike wherever the pieces end in which it is read', async () => {
    const filler = (bytes: number) =>
      `${'x'.repeat(99)}\n`.repeat(Math.ceil(bytes / 100)).slice(-bytes)
    // A piece is 1 MB: separators lie around its end, byte by byte.
    const mails = (bytes: number) => [
      arrived(1, filler(1024 * 1024 - bytes)),
      arrived(2),
      arrived(3),
    ]
    for (const bytes of [0, 50, 120, 121, 122, 200, 300, 18_000, 18_400]) {
      expect(raws(await all([write('inbox.mbox', mbox(...mails(bytes)))]))).toEqual(mails(bytes))
    }
  })

  it('with a mail of 60 MB is indexed in little memory, and that mail not read', async () => {
    const file = write('inbox.mbox', separator(1))
    const line = `${'x'.repeat(1023)}\n`
    fs.appendFileSync(file, arrived(1, ''))
    for (let mb = 0; mb < 60; mb++) fs.appendFileSync(file, line.repeat(1024))
    fs.appendFileSync(file, `\n${mbox(arrived(2))}`)
    const before = process.memoryUsage().rss
    const found = await all([file])
    expect(process.memoryUsage().rss - before).toBeLessThan(40 * 1024 * 1024)
    expect(raws(found)).toEqual([arrived(2)])
    expect(found[0]).toMatchObject({
      length: arrived(1, '').length + 60 * 1024 * 1024,
      problem: { type: 'MailRejected', reason: 'tooLarge', expected: 'at most 26214400 bytes' },
    })
  })

  it('with 20,000 mails takes little memory', async () => {
    const file = write('inbox.mbox', '')
    for (let i = 0; i < 200; i++) {
      const mails = Array.from({ length: 100 }, (_, j) =>
        arrived(1 + ((7 * i + j) % 28), `${i} ${j}\n`),
      )
      fs.appendFileSync(file, mbox(...mails))
    }
    const before = process.memoryUsage().rss
    const index = await indexMails([file])
    expect(index.mails).toHaveLength(20_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(40 * 1024 * 1024)
  })
})

describe('a Maildir', () => {
  it('gives what is in cur and new, and in its subfolders', async () => {
    write('mail/cur/1:2,S', arrived(1))
    write('mail/new/2', arrived(2))
    write('mail/tmp/3', arrived(3))
    write('mail/.Sent/cur/4', arrived(4))
    write('mail/.Sent/new/5', separator(5) + arrived(5))
    write('mail/.Sent/tmp/6', arrived(6))
    write('mail/dovecot-uidlist', '3 V1\n')
    expect(raws(await all([folder]))).toEqual([
      arrived(1),
      arrived(2),
      arrived(4),
      separator(5) + arrived(5),
    ])
  })
})

describe('folders', () => {
  it('are searched to the bottom, whatever their order, without what is hidden', async () => {
    write('b/z/1.eml', arrived(2))
    write('a/2', arrived(3))
    write('3.txt', arrived(1))
    write('.hidden/4.eml', arrived(4))
    write('.5', arrived(5))
    expect(raws(await all([folder]))).toEqual([arrived(1), arrived(2), arrived(3)])
  })

  it('do not decide which of two mails of the same second comes first', async () => {
    const [one, two] = [1, 2].map((i) =>
      mailText({ Date: '2 Sep 2002 10:00:00', 'Message-ID': `<${i}@example.com>` }),
    ) as [string, string]
    write('x/a', one)
    write('x/b', two)
    write('y/a', two)
    write('y/b', one)
    const [x, y] = [await all([path.join(folder, 'x')]), await all([path.join(folder, 'y')])]
    expect(raws(x)).toEqual(raws(y))
  })

  it('put mails without any time last', async () => {
    write('a', mailText({}))
    write('b', arrived(1))
    const found = await all([folder])
    expect(raws(found)).toEqual([arrived(1), mailText({})])
    expect(found[1]).not.toHaveProperty('receivedAt')
  })
})

describe('what is in the way is told, and the rest goes on', () => {
  it('a missing path', async () => {
    const found = await all([path.join(folder, 'nowhere'), write('a.eml', arrived(1))])
    expect(problems(found)).toEqual([
      ['nowhere', { type: 'Unreadable', reason: 'missing', found: 'ENOENT' }],
    ])
    expect(raws(found)).toEqual([arrived(1)])
  })

  it('a folder that contains itself, and a link to nowhere', async () => {
    write('in/a.eml', arrived(1))
    fs.symlinkSync('..', path.join(folder, 'in', 'up'))
    fs.symlinkSync('self', path.join(folder, 'self'))
    fs.symlinkSync('nowhere', path.join(folder, 'to'))
    const found = await all([folder])
    expect(problems(found)).toEqual([
      ['in/up', { type: 'Unreadable', reason: 'loop', found: 'a folder that contains itself' }],
      ['self', { type: 'Unreadable', reason: 'loop', found: 'ELOOP' }],
      ['to', { type: 'Unreadable', reason: 'missing', found: 'ENOENT' }],
    ])
    expect(raws(found)).toEqual([arrived(1)])
  })

  it('many ways to one folder lead there once', async () => {
    write('f0/a.eml', arrived(1))
    for (let i = 1; i < 20; i++) {
      fs.mkdirSync(path.join(folder, `f${i}`))
      for (const name of ['left', 'right']) {
        fs.symlinkSync(path.join(folder, `f${i - 1}`), path.join(folder, `f${i}`, name))
      }
    }
    expect(raws(await all([path.join(folder, 'f19')]))).toEqual([arrived(1)])
  })

  it('a socket and a device', async () => {
    const server = net.createServer().listen(path.join(folder, 'socket'))
    await once(server, 'listening')
    const found = await all([folder, '/dev/null'])
    server.close()
    expect(found.map((mail) => 'problem' in mail && mail.problem)).toEqual([
      { type: 'Unreadable', reason: 'notAFile', found: 'a socket' },
      { type: 'Unreadable', reason: 'notAFile', found: 'a device' },
    ])
  })

  it('a missing permission', () => {
    // Whoever runs tests as root may read everything.
    const error = Object.assign(new Error('no'), { code: 'EACCES' })
    expect(unreadableBecause(error)).toMatchObject({ reason: 'noPermission', found: 'EACCES' })
  })

  it('a mail above the limit', async () => {
    write('small.eml', arrived(1))
    write('large.eml', arrived(2, 'x'.repeat(1_000)))
    const found = await all([folder], { maxBytes: 500 })
    expect(problems(found)).toMatchObject([['large.eml', { reason: 'tooLarge' }]])
    expect(raws(found)).toEqual([arrived(1)])
  })

  it.each([
    ['grown', (file: string) => fs.appendFileSync(file, 'x'), 'changed'],
    ['cut', (file: string) => fs.truncateSync(file, 10), 'changed'],
    ['gone', (file: string) => fs.rmSync(file), 'missing'],
  ] as const)('a file that has %s since', async (_, change, reason) => {
    const files = [write('a.eml', arrived(1)), write('b.mbox', mbox(arrived(2)))]
    const index = await indexMails(files)
    files.forEach(change)
    const found: (RawMail | UnreadMail)[] = []
    for await (const mail of readMails(index)) found.push(mail)
    expect(problems(found)[0]).toMatchObject(['a.eml', { reason }])
  })
})

it('stops when told to', async () => {
  write('a.eml', arrived(1))
  await expect(indexMails([folder], { signal: AbortSignal.abort() })).rejects.toThrow('abort')
})

it('gives mails that can be read', async () => {
  const found = await all([write('inbox.mbox', mbox(arrived(1), arrived(2)))])
  const subjects = await Promise.all(
    found.map(async (mail) => 'raw' in mail && (await read(mail.raw)).subject),
  )
  expect(subjects).toEqual(['day 1', 'day 2'])
})
