/** The command as it is built: what it prints, what it stores, and how it ends. */
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { countedPosition } from '@threadbook/sourcing'
import Driver from 'better-sqlite3'

jest.setTimeout(120_000)

const main = path.resolve('packages/cli/dist/main.js')

let folder: string
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'threadbook-cli-'))
})
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs it in the temporary folder; `meanwhile` hears what it says on stderr. */
const threadbook = (
  args: readonly string[],
  meanwhile: (stderr: string, kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: folder,
      env: { ...process.env, TZ: 'UTC' },
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
      meanwhile(stderr, (signal) => child.kill(signal))
    })
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, stdout, stderr }))
  })

const write = (name: string, content: string | Uint8Array): string => {
  const file = path.join(folder, name)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, content)
  return name
}

interface Fields {
  readonly id: string
  readonly day?: number
  readonly from?: string
  readonly to?: string
  readonly subject?: string
  readonly more?: string
  readonly body?: string
}

const mail = ({
  id,
  day = 2,
  from = 'Bo Ek <bo@example.com>',
  to = 'support@example.com',
  subject = `Question ${id}`,
  more = '',
  body = 'Where is my order?',
}: Fields): string =>
  `From: ${from}\nTo: ${to}\nSubject: ${subject}\nDate: ${day} Sep 2002 10:00:00 +0000\n` +
  `Message-ID: <${id}@example.com>\n${more}\n${body}\n`

const separated = (...mails: readonly string[]): string =>
  mails.map((each) => `From bo@example.com Mon Sep  2 13:05:09 2002\n${each}\n`).join('')

/** The last event of a conversation stands as parked, as if it had broken. */
const park = (file: string, id: string): void => {
  const db = new Driver(file)
  const found = db
    .prepare(
      `SELECT e.position, e.revision, s.name AS stream, t.name AS type FROM events e
       JOIN streams s USING (stream_no) JOIN types t USING (type_no)
       WHERE s.name LIKE 'conversation-%.' || ? ORDER BY e.revision DESC LIMIT 1`,
    )
    .get(id) as Record<'stream' | 'type', string> & Record<'position' | 'revision', number>
  const { position, ...event } = found
  db.prepare(
    `INSERT INTO parked (projection_no, position, key, error, stream, revision, type, recorded_at)
     SELECT projection_no, @position, @id, 'it broke', @stream, @revision, @type, @recordedAt
     FROM projections WHERE name = 'conversations' AND role = 'served'`,
  ).run({
    ...event,
    id,
    position: countedPosition(position),
    recordedAt: '2026-01-02T03:04:05.678Z',
  })
  db.close()
}

const VIEWS = [
  ...['unassigned', 'assignedToMe', 'allOpen', 'chat', 'bots', 'email', 'messenger', 'forms'],
  ...['calls', 'allClosed', 'sent', 'spam', 'trash'],
]

interface Summary {
  readonly messages: Readonly<Record<string, number>>
  readonly conversations: number
  readonly views: Readonly<Record<string, number>>
  readonly spamCauses: Readonly<Record<string, number>>
}

const summaryOf = ({ stdout }: Ended): Summary => JSON.parse(stdout) as Summary

describe('an import', () => {
  const args = ['--db', 'mail.db', '--inbox', 'help', 'mail']
  let first: Ended

  beforeAll(async () => {
    write('mail/1.eml', mail({ id: 'a', day: 1 }))
    write('mail/2.eml', mail({ id: 'b', day: 3, more: 'In-Reply-To: <a@example.com>\n' }))
    write('mail/3.eml', mail({ id: 'c', from: 'Cy <cy@example.org>', subject: 'Another' }))
    write(
      'mail/4.eml',
      mail({ id: 'd', from: 'News <news@example.net>', more: 'List-Unsubscribe: <x>\n' }),
    )
    write(
      'mail/out/5.eml',
      mail({ id: 'e', from: 'support@example.com', to: 'Di <di@example.org>', subject: 'Hello' }),
    )
    first = await threadbook([...args, '--json'])
  })

  it('sums up for programs, and prints nothing else', () => {
    expect(first).toMatchObject({ status: 0 })
    expect(first.stdout).toMatch(/^\{.*\}\n$/)
    const summary = summaryOf(first)
    expect(Object.keys(summary)).toEqual(['messages', 'conversations', 'views', 'spamCauses'])
    expect(summary.messages).toEqual({ read: 5, received: 5, duplicates: 0, rejected: 0 })
    expect(summary.conversations).toBe(4)
    expect(Object.keys(summary.views)).toEqual(VIEWS)
    expect(summary.views).toMatchObject({ unassigned: 2, allOpen: 2, email: 2, sent: 1, spam: 1 })
    expect(summary.spamCauses).toMatchObject({ subscriptionLink: 1, marketing: 0 })
  })

  it('again imports nothing twice, and says so', async () => {
    const again = await threadbook([...args, '--json'])
    expect(again.status).toBe(0)
    expect(summaryOf(again)).toEqual({
      ...summaryOf(first),
      messages: { read: 5, received: 0, duplicates: 5, rejected: 0 },
    })
    const told = await threadbook(args)
    expect(told.status).toBe(0)
    expect(told.stdout).toContain('Nothing is new: 5 mails read, all in help (mail.db) already.')
  })

  it('shows each view with its count and first rows', async () => {
    const { stdout, stderr, status } = await threadbook(['views', '--db=mail.db', '--inbox=help'])
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    expect(stdout).toBe(
      [
        'Unassigned · 2',
        '  3 Sep 2002  Bo Ek  Question a – Where is my order?',
        '  2 Sep 2002  Cy     Another – Where is my order?',
        '',
        'Assigned to me · 0',
        '',
        'All open · 2',
        '  3 Sep 2002  Bo Ek  Question a – Where is my order?',
        '  2 Sep 2002  Cy     Another – Where is my order?',
        '',
        'Chat · 0',
        'Bots · 0',
        '',
        'Email · 2',
        '  3 Sep 2002  Bo Ek  Question a – Where is my order?',
        '  2 Sep 2002  Cy     Another – Where is my order?',
        '',
        'Messenger · 0',
        'Forms · 0',
        'Calls · 0',
        'All closed · 0',
        '',
        'Sent · 1',
        '  2 Sep 2002  Di  Hello – Where is my order?',
        '',
        'Spam · 1',
        '  2 Sep 2002  News  subscription link  Question d – Where is my order?',
        '',
        'Trash · 0',
        '',
      ].join('\n'),
    )
  })

  it('leaves conversations that can be read', async () => {
    const inbox = ['--db=mail.db', '--inbox=help']
    const listed = await threadbook(['views', 'all-open', '--ids', ...inbox])
    const [id] = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(listed.stdout) ?? []
    const { stdout, status } = await threadbook(['thread', id ?? '', ...inbox])
    expect(status).toBe(0)
    expect(stdout).toMatch(
      /^Question a\nopen · by e-mail · unassigned\n\nBo Ek <bo@example.com> {2}/,
    )
    expect(stdout.match(/Where is my order\?/g)).toHaveLength(2)
    const asData = await threadbook(['thread', id ?? '', '--json', ...inbox])
    expect(JSON.parse(asData.stdout)).toMatchObject({ conversationId: id, source: 'email' })
  })

  it('D-02 explains why a conversation is in a view, or is not', async () => {
    const inbox = ['--db=mail.db', '--inbox=help']
    const listed = await threadbook(['views', 'spam', '--ids', ...inbox])
    const [id = ''] = /[\da-f-]{36}/.exec(listed.stdout) ?? []
    const { stdout, status } = await threadbook(['explain', id, 'all-open', ...inbox])
    expect([status, stdout.split('\n')[0]]).toEqual([0, 'All open: never was'])
    expect(stdout).toMatch(/^ {2}no {2}filtered:no \(yes\)$/m)
    const spam = await threadbook(['explain', id, 'Spam', '--json', ...inbox])
    expect(JSON.parse(spam.stdout)).toMatchObject({
      conversationId: id,
      view: 'spam',
      isIn: true,
      transitions: [{ change: 'entered', because: { type: 'event', category: 'conversation' } }],
    })
    const unknown = await threadbook(['explain', id, 'sapm', ...inbox])
    expect(unknown.stderr).toMatch(/no view sapm; there are unassigned, /)
    expect((await threadbook(['explain', 'x', 'spam', ...inbox])).stderr).toMatch(
      /no conversation x/,
    )
  })

  it('is rebuilt, verified and looked after from the shell', async () => {
    const on = ['--db=mail.db', '--inbox=help']
    const rebuilt = await threadbook(['rebuild', 'conversations', ...on])
    expect(rebuilt).toMatchObject({
      status: 0,
      stdout: 'conversations: built anew; those served before are kept for --roll-back\n',
    })
    const back = await threadbook(['rebuild', '--roll-back', '--json', 'conversations', ...on])
    expect(JSON.parse(back.stdout)).toEqual({ conversations: 'rolledBack' })
    const unknown = await threadbook(['rebuild', 'nothing', ...on])
    expect(unknown).toMatchObject({ status: 2, stdout: '' })
    expect(unknown.stderr).toMatch(/no projection nothing; there are /)

    const verified = await threadbook(['verify', 'conversations', ...on])
    expect(verified.status).toBe(0)
    expect(verified.stdout).toMatch(/^conversations: as the log has it \(4 rows, \d+ counters\)\n$/)
    const asData = await threadbook(['verify', '--json', ...on])
    expect(JSON.parse(asData.stdout)).toContainEqual(
      expect.objectContaining({ projection: 'conversations', rows: 4, differences: [] }),
    )
    expect((await threadbook(['verify', 'nothing', ...on])).stderr).toMatch(/no projection nothing/)

    const health = await threadbook(['health', ...on])
    expect([health.status, health.stdout.split('\n')[0]]).toEqual([0, 'ok'])
    expect(health.stdout).toMatch(/^ {2}conversations: caught up \(inline\)$/m)
    const healthData = await threadbook(['health', '--json', ...on])
    expect(JSON.parse(healthData.stdout)).toMatchObject({ status: 'ok', reasons: [] })
  })

  it('has rows that stand still, which are listed, tried again and skipped', async () => {
    const on = ['--db=mail.db', '--inbox=help']
    const none = await threadbook(['parked', ...on])
    expect(none).toMatchObject({ status: 0, stdout: 'Nothing is parked.\n' })
    const listed = await threadbook(['views', 'all-open', '--ids', ...on])
    const [id = ''] = /[\da-f-]{36}/.exec(listed.stdout) ?? []
    park(path.join(folder, 'mail.db'), id)

    const parked = await threadbook(['parked', ...on])
    expect(parked.status).toBe(1)
    expect(parked.stdout).toContain(`conversations ${id}  `)
    expect(parked.stdout).toContain('it broke')
    expect((await threadbook(['health', ...on])).stdout).toMatch(
      /^attention\n {2}projection conversations: 1 parked;/,
    )
    const asData = await threadbook(['parked', '--json', ...on])
    expect(JSON.parse(asData.stdout)).toMatchObject([
      { projection: 'conversations', key: id, error: 'it broke', waiting: 0 },
    ])
    const retried = await threadbook(['parked', '--retry', 'conversations', id, ...on])
    expect(retried).toMatchObject({ status: 0, stdout: '1 event folded\n' })
    expect(await threadbook(['parked', '--retry', 'conversations', id, ...on])).toMatchObject({
      status: 2,
      stderr: `threadbook: nothing is parked for ${id} of conversations\n`,
    })

    park(path.join(folder, 'mail.db'), id)
    const skip = ['parked', '--skip', 'conversations', id, ...on]
    expect((await threadbook(skip)).stderr).toMatch(/--reason: expected why/)
    const skipped = await threadbook([...skip, '--reason=a test', '--by=ada', '--json'])
    expect(JSON.parse(skipped.stdout)).toEqual({ folded: 0, broken: null })
    expect((await threadbook(['parked', ...on])).status).toBe(0)
  })

  it('keeps inboxes apart', async () => {
    const other = await threadbook(['views', '--db=mail.db', '--json'])
    expect(summaryOf(other).conversations).toBe(0)
  })
})

describe('mail of every kind', () => {
  it('comes from an mbox, a Maildir and a file at once', async () => {
    write('kinds/old.mbox', separated(mail({ id: 'k1' }), mail({ id: 'k2' })))
    for (const part of ['cur', 'new', 'tmp'])
      fs.mkdirSync(path.join(folder, 'kinds/dir', part), { recursive: true })
    write('kinds/dir/cur/1:2,S', mail({ id: 'k3' }))
    const alone = write('alone.eml', mail({ id: 'k4' }))
    const ended = await threadbook(['import', '--json', '--db=kinds.db', 'kinds', alone])
    expect(summaryOf(ended).messages).toMatchObject({ read: 4, received: 4 })
  })

  it('with hostile texts leaves the terminal alone', async () => {
    const hostile = mail({
      id: 'h',
      from: '=?utf-8?Q?=1B[2J=E2=80=AEBo?= <bo@example.com>',
      subject: '=?utf-8?Q?=1B]0;owned=07=0D=0A=C2=9B31m?= \u001b[31m',
      body: '\u001b[2Jgone\u0007\u202e',
    })
    const file = write('hostile.eml', hostile)
    const { stdout, stderr, status } = await threadbook(['--db=hostile.db', file])
    expect(status).toBe(0)
    expect(stdout + stderr).not.toMatch(/(?!\n)[\p{Cc}\u202a-\u202e]/u)
    expect(stdout).toContain('Bo')
  })
})

describe('what is no mail', () => {
  it('is reported with its path and the reason, and the rest goes on', async () => {
    const cut = separated(mail({ id: 'm1' }), mail({ id: 'm2' })).slice(0, -120)
    write('bad/good.eml', mail({ id: 'g' }))
    write('bad/zero.eml', '')
    write('bad/random.eml', Buffer.from(Array.from({ length: 5_000 }, (_, i) => (i * 7919) % 251)))
    write('bad/large.eml', mail({ id: 'l', body: 'a\n'.repeat(60_000) }))
    write('bad/cut.mbox', cut)
    write('bad/some.mbox', separated(mail({ id: 's1' }), 'x: no mail\n', mail({ id: 's2' })))
    write('bad/evil\u001b[2J.eml', '')
    const ended = await threadbook([
      '--json',
      '--db=bad.db',
      '--max-mail-size=100kB',
      'bad',
      'gone',
    ])
    expect(ended.status).toBe(1)
    const { messages } = summaryOf(ended)
    expect(messages).toEqual({ read: 11, received: 5, duplicates: 0, rejected: 6 })
    const told = ended.stderr.split('\n')
    expect(told).toContain('gone: there is no such file or folder')
    expect(told).toContain('bad/zero.eml: empty: there is no mail in it')
    expect(told).toContain('bad/evil.eml: empty: there is no mail in it')
    expect(told).toContain(
      'bad/random.eml: no mail: it does not begin with the header fields of one',
    )
    expect(told).toContainEqual(
      expect.stringMatching(
        /^bad\/large.eml: too large: 120,\d{3} bytes, and allowed are at most 102,400 bytes$/,
      ),
    )
    expect(told).toContainEqual(expect.stringMatching(/^bad\/some.mbox, at byte \d+: no mail/))
  })

  it('is an empty folder, too', async () => {
    fs.mkdirSync(path.join(folder, 'empty'))
    const { stdout, status } = await threadbook(['--db=empty.db', 'empty'])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^No mail was found\.\n/)
  })
})

describe('what cannot be done', () => {
  it.each([
    ['an option that is not known', ['--colour'], /--colour/],
    ['a view that is not there', ['views', 'outbox', '--db=:memory:'], /no view outbox/],
    ['views of a file that is not there', ['views', '--db=none.db'], /none\.db: there is no such/],
    ['a thread of a file that is not there', ['thread', 'x', '--db=none.db'], /none\.db/],
    ['a thread that is not there', ['thread', 'x', '--db=:memory:'], /no conversation x/],
    ['a folder that is not there', ['--db=no/where.db', 'empty'], /no\/where\.db/],
  ])('%s is told, with status 2', async (_, args, said) => {
    const ended = await threadbook(args)
    expect(ended).toMatchObject({ status: 2, stdout: '' })
    expect(ended.stderr).toMatch(said)
    expect(fs.existsSync(path.join(folder, 'none.db'))).toBe(false)
  })

  it('a file that is no database is told and left as it is', async () => {
    const content = 'Dear diary, '.repeat(200)
    const file = write('diary.txt', content)
    const ended = await threadbook(['--db', file, 'mail'])
    expect(ended).toMatchObject({ status: 2, stdout: '' })
    expect(ended.stderr).toContain('diary.txt: not a SQLite database')
    expect(fs.readFileSync(path.join(folder, file), 'utf8')).toBe(content)
  })
})

it('help is on stdout', async () => {
  const { status, stdout, stderr } = await threadbook(['--help'])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain('--max-mail-size')
})

it('Ctrl-C ends after the commit at hand, says how to go on, and going on does', async () => {
  const many = Array.from({ length: 1_500 }, (_, n) => mail({ id: `many-${n}` }))
  const args = ['--db=many.db', write('many.mbox', separated(...many))]
  let asked = false
  const ended = await threadbook(args, (stderr, kill) => {
    if (asked || !stderr.includes('%')) return
    asked = true
    kill('SIGINT')
  })
  expect(ended).toMatchObject({ status: 130, stdout: '' })
  const [, done = ''] = /Ended after ([\d,]+) mails\. .*again/.exec(ended.stderr) ?? []
  const before = Number(done.replace(',', ''))
  expect(before).toBeGreaterThan(0)
  expect(before).toBeLessThan(1_500)
  const again = await threadbook([...args, '--json'])
  expect(summaryOf(again).messages).toEqual({
    read: 1_500,
    received: 1_500 - before,
    duplicates: before,
    rejected: 0,
  })
})
