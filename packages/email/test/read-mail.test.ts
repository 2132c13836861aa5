import { describe, expect, it } from '@jest/globals'
import { bytesOf, mailText, multipart, parse, read, readFields } from './mails.js'

describe('who a mail is from and to', () => {
  it('reads names and addresses, domains in lower case', async () => {
    const mail = await readFields({
      From: '=?utf-8?q?J=C3=B6rg?= <Jorg.Ek@Example.COM>',
      To: '"Support, Team" <support@example.com>, bo@example.com (Bo)',
      Cc: 'friends: ada@example.com, cy@example.com;',
      'Reply-To': 'answers@example.com',
      Sender: 'secretary@example.com',
    })
    expect(mail).toMatchObject({
      from: { name: 'Jörg', address: 'Jorg.Ek@example.com' },
      sender: { address: 'secretary@example.com' },
      to: [
        { name: 'Support, Team', address: 'support@example.com' },
        { name: 'Bo', address: 'bo@example.com' },
      ],
      cc: [{ address: 'ada@example.com' }, { address: 'cy@example.com' }],
      replyTo: [{ address: 'answers@example.com' }],
    })
  })

  it.each([
    ['no address', 'Bo Ek'],
    ['an empty address', '"" <>'],
    ['nothing', ''],
  ])('has no sender where From holds %s', async (_, From) => {
    expect(await readFields({ From })).not.toHaveProperty('from')
  })

  it('takes the mail without From', async () => {
    expect(await read('Subject: Hi\nTo: support@example.com\n\nHello')).toMatchObject({
      subject: 'Hi',
      text: expect.stringContaining('Hello'),
    })
  })

  it('takes direction marks and line ends out of names', async () => {
    const { from } = await readFields({
      From: '"Bo\u202emoc.elpmaxe\u202c\u0007 Ek" <bo@example.com>',
    })
    expect(from?.name).toBe('Bo moc.elpmaxe Ek')
  })

  it('keeps all of 10,000 recipients', async () => {
    const To = Array.from({ length: 10_000 }, (_, i) => `user${i}@example.com`).join(',\n ')
    expect((await readFields({ To })).to).toHaveLength(10_000)
  })

  it('finds plus tokens wherever the mail was delivered', async () => {
    const mail = await read(
      `Delivered-To: support+one@example.com\nDelivered-To: bo@example.com\n` +
        `X-Forwarded-For: help+two@example.com support@example.com\n` +
        mailText({ To: 'Support <support+three@Example.com>, +x@example.com, a+@example.com' }),
    )
    expect(mail.deliveredTo).toEqual(['support+one@example.com', 'bo@example.com'])
    expect(mail.xForwardedFor).toEqual(['help+two@example.com', 'support@example.com'])
    expect(mail.plusTokens).toEqual([
      { address: 'support@example.com', token: 'three' },
      { address: 'support@example.com', token: 'one' },
      { address: 'help@example.com', token: 'two' },
    ])
  })
})

describe('which mail it is', () => {
  it('trims the Message-ID and keeps its case', async () => {
    expect(await readFields({ 'Message-ID': ' <AbC@Example.com> (made up)' })).toMatchObject({
      messageId: 'AbC@Example.com',
      derived: false,
    })
  })

  it.each([
    ['absent', {}],
    ['empty', { 'Message-ID': '' }],
    ['a pair of brackets', { 'Message-ID': '<>' }],
  ])('derives an id from sender and body where it is %s', async (_, fields) => {
    const mail = await readFields({ ...fields, Subject: 'one' }, 'The same body\n')
    expect(mail).toMatchObject({
      derived: true,
      messageId: expect.stringMatching(/^[0-9a-f]{64}@/),
    })
    const again = await read(
      mailText({ ...fields, Subject: 'two' }, 'The same body\n\n').replaceAll('\n', '\r\n'),
    )
    expect(again.messageId).toBe(mail.messageId)
    const another = await readFields({ ...fields, From: 'ada@example.com' }, 'The same body\n')
    expect(another.messageId).not.toBe(mail.messageId)
  })

  it('names what it answers, without itself and without people', async () => {
    const mail = await readFields({
      'Message-ID': '<own@example.com>',
      'In-Reply-To': '<b@example.com> <own@example.com> <a@example.com>',
      References: '<a@example.com> <bo@example.com>\n <b@example.com> <a@example.com>',
    })
    expect(mail.inReplyTo).toEqual(['b@example.com', 'a@example.com'])
    expect(mail.references).toEqual(['a@example.com', 'b@example.com'])
  })
})

describe('what a mail says', () => {
  it('decodes the subject to one line', async () => {
    const { subject } = await readFields({
      Subject: '=?iso-8859-1?q?Gr=FC=DFe?=\n  aus  =?utf-8?b?S8O2bG4=?=',
    })
    expect(subject).toBe('Grüße aus Köln')
  })

  it('prefers plain text to HTML', async () => {
    const mail = await read(
      multipart(
        'alternative',
        'Content-Type: text/plain; charset=utf-8\n\nPlain',
        'Content-Type: text/html\n\n<p>Rich</p>',
      ),
    )
    expect(mail.text.trim()).toBe('Plain')
    expect(mail.html).toContain('<p>Rich</p>')
  })

  it('makes text of HTML where there is no other', async () => {
    const mail = await readFields(
      { 'Content-Type': 'text/html' },
      '<style>p { color: red }</style><p>Dear&nbsp;team,</p><script>alert(1)</script><p>It &lt;broke&gt;</p>',
    )
    expect(mail.text).toBe('Dear team,\n\nIt <broke>')
    expect(mail.preview).toBe('Dear team, It <broke>')
  })

  it('makes text of HTML where the plain part is blank', async () => {
    const mail = await read(
      multipart(
        'alternative',
        'Content-Type: text/plain\n\n \n',
        'Content-Type: text/html\n\n<b>Rich</b>',
      ),
    )
    expect(mail.text.trim()).toBe('Rich')
  })

  it('has both forms of every part where parts differ', async () => {
    const mail = await read(
      multipart(
        'mixed',
        'Content-Type: text/html\n\n<b>Rich</b>',
        'Content-Type: text/plain\n\na < b',
      ),
    )
    expect(mail.text).toMatch(/^Rich\s+a < b\s*$/)
    expect(mail.html).toMatch(/<b>Rich<\/b>[^]*a &lt; b/)
  })

  it.each([
    [
      'an unknown charset',
      Buffer.from(mailText({ 'Content-Type': 'text/plain; charset=klingon' }, 'Hi\xff'), 'latin1'),
    ],
    [
      'invalid UTF-8',
      Buffer.concat([
        bytesOf(mailText({ 'Content-Type': 'text/plain; charset=utf-8' }, 'Hi')),
        Buffer.from([0xc3, 0x28, 0xff]),
      ]),
    ],
    ['NUL', bytesOf(mailText({ Subject: 'a\0b' }, 'Hi\0there'))],
  ])('reads a body in %s', async (_, raw) => {
    const mail = await read(raw)
    expect(mail.text).toMatch(/^Hi/)
    expect(mail.preview).not.toContain('\0')
    expect(mail.subject).not.toContain('\0')
  })

  it('decodes ISO-2022-JP and windows-1251', async () => {
    const japanese = await read(
      Buffer.from(
        mailText({ 'Content-Type': 'text/plain; charset=iso-2022-jp' }, '\x1b$B$"\x1b(B'),
        'latin1',
      ),
    )
    expect(japanese.text.trim()).toBe('あ')
    const russian = await read(
      Buffer.from(
        mailText({ 'Content-Type': 'text/plain; charset=windows-1251' }, '\xc4\xe0'),
        'latin1',
      ),
    )
    expect(russian.text.trim()).toBe('Да')
  })

  it('says when it claims to be from, in UTC', async () => {
    expect(await readFields({ Date: 'Mon, 2 Sep 2002 13:05:09 +0200' })).toHaveProperty(
      'date',
      '2002-09-02T11:05:09.000Z',
    )
    expect(await readFields({ Date: 'yesterday' })).not.toHaveProperty('date')
  })

  it('tells whether it has a subscription link', async () => {
    expect(await readFields({ 'List-Unsubscribe': '<mailto:off@example.com>' })).toHaveProperty(
      'hasSubscriptionLink',
      true,
    )
    expect(await readFields({ 'List-Unsubscribe': '' })).toHaveProperty(
      'hasSubscriptionLink',
      false,
    )
    expect(await readFields({})).toHaveProperty('hasSubscriptionLink', false)
  })
})

describe('attachments', () => {
  it('are given decoded, with what is known of them', async () => {
    const mail = await read(
      multipart(
        'mixed',
        'Content-Type: text/plain\n\nSee below',
        'Content-Type: application/PDF; name=x\nContent-Disposition: attachment; filename="../up/C:\\\\a\\\\Bill \u202e1.pdf"\nContent-Transfer-Encoding: base64\nContent-ID: <bill@example.com>\n\nAAEC\n',
      ),
    )
    expect(mail.attachments).toEqual([
      {
        filename: 'Bill 1.pdf',
        mimeType: 'application/pdf',
        disposition: 'attachment',
        contentId: 'bill@example.com',
        size: 3,
        bytes: new Uint8Array([0, 1, 2]),
      },
    ])
  })

  it('are what attached mails are', async () => {
    const inner = 'Subject: inner\nMessage-ID: <inner@example.com>\n\nInner text'
    const mail = await read(
      multipart(
        'mixed',
        'Content-Type: text/plain\n\nOuter',
        `Content-Type: message/rfc822\n\n${inner}`,
      ),
    )
    expect(mail.text).not.toContain('Inner')
    expect(mail.subject).toBe('')
    expect(Buffer.from(mail.attachments[0]?.bytes ?? []).toString()).toContain(inner)
  })

  it('do not get lost when the mail is cut off', async () => {
    const whole = multipart(
      'mixed',
      'Content-Type: text/plain\n\nSee below',
      `Content-Type: image/png\nContent-Transfer-Encoding: base64\n\n${'QUJD'.repeat(100)}\n`,
    )
    const mail = await read(whole.slice(0, -60))
    expect(mail.text).toContain('See below')
    expect(mail.attachments[0]?.size).toBeGreaterThan(250)
  })
})

describe('what comes before a mail', () => {
  it.each([
    ['an mbox separator', 'From bo@example.com Mon Sep  2 13:05:09 2002\n'],
    ['an escaped one', '>From bo@example.com Mon Sep  2 13:05:09 2002\n'],
    ['empty lines', '\r\n\n'],
    ['a byte order mark', '\ufeff'],
  ])('is left out: %s', async (_, before) => {
    const mail = await read(before + mailText({ Subject: 'Hi', 'Message-ID': '<a@example.com>' }))
    expect(mail).toMatchObject({ subject: 'Hi', messageId: 'a@example.com', text: 'Hello\n' })
  })
})

it('leaves the bytes it is given as they are', async () => {
  const raw = bytesOf(mailText({ 'Content-Transfer-Encoding': 'quoted-printable' }, 'a=20b\r\n'))
  const before = Buffer.from(raw)
  expect((await read(raw)).text).toBe('a b\n')
  expect(Buffer.compare(raw, before)).toBe(0)
})

it('reads a mail that is part of a larger buffer', async () => {
  const raw = Buffer.from(`xx${mailText({})}yy`)
  expect((await read(raw.subarray(2, -2))).text).toBe('Hello\n')
})

describe('what is no mail', () => {
  it('is rejected: zero bytes', async () => {
    expect(await parse('')).toEqual({
      _tag: 'Left',
      left: { type: 'MailRejected', reason: 'empty', expected: 'a mail', found: '0 bytes' },
    })
  })

  it.each([
    ['a letter', 'Dear all,\nplease note\nSubject: nothing\n'],
    ['a calendar', 'BEGIN:VCALENDAR\nVERSION:2.0\n'],
    ['an empty line', '\n'],
    ['only a separator', 'From bo@example.com Mon Sep  2 13:05:09 2002\n'],
  ])('is rejected: %s', async (_, text) => {
    expect(await parse(text)).toMatchObject({ left: { reason: 'notMail' } })
  })
})
