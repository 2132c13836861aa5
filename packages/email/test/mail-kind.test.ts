/** domain.md § 4: three classes kept apart, and what a bounce tells. */
import { describe, expect, it } from '@jest/globals'
import { multipart, read, readFields } from './mails.js'

describe('a mail is', () => {
  it.each([
    ['personal', {}, []],
    ['personal', { 'Auto-Submitted': 'no' }, []],
    ['personal', { 'Auto-Submitted': 'No (sent by hand)' }, []],
    ['personal', { 'X-Auto-Response-Suppress': 'None' }, []],
    ['personal', { Precedence: 'first-class' }, []],
    ['personal', { 'Return-Path': '<bo@example.com>' }, []],
    ['personal', { From: 'Mailer Daemons fan club <fans@example.com>' }, []],
    ['automatic', { 'Auto-Submitted': 'auto-replied (vacation)' }, ['auto-submitted']],
    [
      'automatic',
      { 'Auto-Submitted': '(really) auto-generated; owner-email="x"' },
      ['auto-submitted'],
    ],
    ['automatic', { 'X-Autoreply': 'yes' }, ['x-autoreply']],
    ['automatic', { 'X-Autorespond': 'Away' }, ['x-autorespond']],
    ['automatic', { 'X-Auto-Response-Suppress': 'DR, OOF' }, ['x-auto-response-suppress']],
    ['automatic', { Precedence: 'auto_reply' }, ['precedence']],
    [
      'automatic',
      { 'Content-Type': 'multipart/report; report-type=disposition-notification; boundary=b' },
      ['content-type'],
    ],
    ['bulk', { Precedence: 'BULK' }, ['precedence']],
    ['bulk', { Precedence: 'list' }, ['precedence']],
    ['bulk', { Precedence: 'junk' }, ['precedence']],
    [
      'bulk',
      { 'List-Id': 'News <news.example.com>', Precedence: 'bulk' },
      ['precedence', 'list-id'],
    ],
    ['bulk', { 'List-Unsubscribe': '<https://example.com/off>' }, ['list-unsubscribe']],
    [
      'bounce',
      { 'Content-Type': 'multipart/report; report-type=delivery-status; boundary=b' },
      ['content-type'],
    ],
    ['bounce', { 'Content-Type': 'multipart/report; boundary=b' }, ['content-type']],
    ['bounce', { 'Return-Path': '<>' }, ['return-path']],
    ['bounce', { 'Return-Path': '<MAILER-DAEMON@example.com>' }, ['return-path']],
    ['bounce', { From: 'Mail Delivery <MAILER-DAEMON@example.com>' }, ['from']],
    ['bounce', { From: 'MAILER-DAEMON (Mail Delivery)' }, ['from']],
    ['bounce', { 'X-Failed-Recipients': 'bo@example.com' }, ['x-failed-recipients']],
  ])('%s: %j', async (kind, fields, signs) => {
    expect(await readFields(fields)).toMatchObject({ kind, signs })
  })
})

describe('where several classes apply', () => {
  it('an absence note is automatic, whatever else it says', async () => {
    const mail = await readFields({
      'Auto-Submitted': 'auto-replied',
      Precedence: 'bulk',
      'Return-Path': '<>',
    })
    expect(mail).toMatchObject({ kind: 'automatic', bulk: true })
    expect(mail).not.toHaveProperty('bounce')
  })

  it('a bounce is one although servers send it automatically', async () => {
    const mail = await readFields({
      'Auto-Submitted': 'auto-replied',
      From: 'mailer-daemon@example.com',
    })
    expect(mail.kind).toBe('bounce')
  })

  it('a newsletter without Return-Path is a bounce, and still bulk', async () => {
    expect(await readFields({ 'Return-Path': '<>', Precedence: 'bulk' })).toMatchObject({
      kind: 'bounce',
      bulk: true,
    })
  })
})

describe('a bounce', () => {
  const report = (status: string) =>
    multipart(
      'report',
      'Content-Type: text/plain\n\nSorry.',
      `Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.com\n\n${status}`,
      'Content-Type: message/rfc822\n\nFrom: support@example.com\nMessage-ID: <sent@example.com>\n\nMessage-ID: <quoted@example.com>\n',
    )

  it('names the mail that came back, to whom it went and why', async () => {
    const mail = await read(
      report(
        'Final-Recipient: rfc822; Bo@Example.com\nOriginal-Recipient: rfc822; bo@example.org\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such\n  user here\n',
      ),
    )
    expect(mail.bounce).toEqual({
      failed: true,
      originalIds: ['sent@example.com'],
      recipients: ['Bo@example.com', 'bo@example.org'],
      reason: '550 no such user here',
    })
  })

  it('that only says delayed is no failure', async () => {
    const { bounce } = await read(
      report('Final-Recipient: rfc822; bo@example.com\nAction: delayed\nStatus: 4.0.0\n'),
    )
    expect(bounce).toMatchObject({ failed: false, reason: '4.0.0' })
  })

  it('may carry no more than the head of what came back', async () => {
    const mail = await read(
      multipart(
        'report',
        'Content-Type: text/plain\n\nSorry.',
        'Content-Type: text/rfc822-headers\n\nFrom: support@example.com\nMessage-Id:\n <sent@example.com>\n',
      ),
    )
    expect(mail.bounce).toMatchObject({ failed: true, originalIds: ['sent@example.com'] })
  })

  it('may quote it in its text', async () => {
    const mail = await readFields(
      {
        From: 'mailer-daemon@example.com',
        'X-Failed-Recipients': 'bo@example.com, cy@example.com',
      },
      'Sorry.\n\n> From: support@example.com\n> Message-ID: <sent@example.com>\n>\n> Hello\n',
    )
    expect(mail.bounce).toEqual({
      failed: true,
      originalIds: ['sent@example.com'],
      recipients: ['bo@example.com', 'cy@example.com'],
    })
  })

  it('known by nothing but its Return-Path makes nothing fail', async () => {
    const { bounce } = await readFields({ 'Return-Path': '<>' }, 'Message-ID: <sent@example.com>\n')
    expect(bounce).toMatchObject({ failed: false, originalIds: ['sent@example.com'] })
  })
})
