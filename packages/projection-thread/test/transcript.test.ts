import { describe, expect, it } from '@jest/globals'
import { toSeal } from '@threadbook/sourcing'
import { forwarding, transcript } from '../src/index.js'
import { commented, hidden, minute, paul, read, received, sent, started } from './story.js'

const team = 'Example Support'
const history = [
  started('chat'),
  received('a', 'Where is <it>?', { channel: 'chat' }),
  sent('b', 'In the post.', { channel: 'chat', html: '<p>In the <b>post</b>.</p>' }),
]

describe('a transcript', () => {
  it('S-077 S-076 is what was said, oldest first, by whom and when', () => {
    const told = transcript(read(...history), { team })
    expect(told.text).toBe(
      [
        '2026-03-01 08:01 UTC, Zoe:',
        'Where is <it>?',
        '',
        '2026-03-01 08:02 UTC, Example Support:',
        'In the post.',
      ].join('\n'),
    )
    expect(told.html).toContain('Where is &lt;it&gt;?')
    expect(told.html).toContain('<p>In the <b>post</b>.</p>')
  })

  it('S-077 names whom of the team a host wants named', () => {
    const nameOf = (actor: string) => (actor === 'user:ada' ? 'Ada' : undefined)
    expect(transcript(read(...history), { team, nameOf }).text).toContain('UTC, Ada:')
  })

  it('S-077 D-10 has no comments, nothing hidden, nothing filtered', () => {
    const told = transcript(
      read(
        ...history,
        commented,
        received('h', 'my password is tulip', { channel: 'chat' }),
        hidden('h'),
        received('o', 'out of office', { filtered: 'automatedResponse' }),
      ),
      { team },
    )
    for (const part of [told.text, told.html]) {
      expect(part).not.toMatch(/secret|tulip|out of office/)
      expect(part).toContain('post')
    }
    expect(told.text.match(/UTC/g)).toHaveLength(2)
  })

  it('leaves out what was said later', () =>
    expect(transcript(read(...history), { team, until: minute(1) }).text).not.toContain('post'))

  it('names attachments, and a visitor without a name', () => {
    const file = {
      blob: 'f',
      size: 9,
      mimeType: 'application/pdf',
      mac: 'm',
      name: toSeal('plan.pdf'),
    }
    const nobody = { identity: '#', who: toSeal({ address: '' }) }
    const told = transcript(
      read(started('chat'), received('a', 'See', { from: nobody, attachments: [file] })),
      { team },
    )
    expect(told.text).toBe('2026-03-01 08:01 UTC, Visitor:\nSee\n[plan.pdf]')
    expect(told.html).toContain('<p>[plan.pdf]</p>')
  })
})

describe('what is put below a forwarded mail', () => {
  const mails = [
    started(),
    received('a', 'Where is it?', { subject: toSeal('Order 7') }),
    sent('b', 'In the post.', { subject: toSeal('Re: Order 7') }),
    commented,
    received('c', 'Not here.', { from: paul, subject: toSeal('Re: Order 7') }),
  ]

  it('S-084 is the mail, then what was said before it, newest first', () => {
    const told = forwarding(read(...mails), 'c', { team })!
    expect(told.subject).toBe('Re: Order 7')
    expect(told.message.messageId).toBe('c')
    expect(told.text.split('---------- Forwarded message ----------\n').slice(1)).toEqual([
      'From: paul@example.net\nDate: 2026-03-01 08:04 UTC\nSubject: Re: Order 7\n\nNot here.\n\n',
      'From: Example Support\nDate: 2026-03-01 08:02 UTC\nSubject: Re: Order 7\n\nIn the post.\n\n',
      'From: Zoe <zoe@example.org>\nDate: 2026-03-01 08:01 UTC\nSubject: Order 7\n\nWhere is it?',
    ])
    expect(told.html).toContain('From: Zoe &lt;zoe@example.org&gt;')
  })

  it('S-084 D-10 leaves out what is hidden, and what is said among the team', () => {
    const told = forwarding(read(...mails, hidden('a')), 'c', { team })!
    expect(told.text + told.html).not.toMatch(/Where is it|secret/)
    expect(told.text).toContain('In the post.')
  })

  it('S-084 D-10 is nothing where the mail itself is hidden', () =>
    expect(forwarding(read(...mails, hidden('c')), 'c', { team })).toBeUndefined())
})
