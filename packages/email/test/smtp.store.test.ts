/** Mail goes out to a real server on loopback. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { smtp } from '@threadbook/email'
import type { Outgoing } from '@threadbook/inbox'
import * as E from 'fp-ts/lib/Either.js'
import { startMailServer, type Behaviour, type MailServer } from './fixtures/smtp-server.js'
import { read } from './mails.js'

let server: MailServer
beforeAll(async () => {
  server = await startMailServer()
})
afterAll(() => server.close())
beforeEach(() => server.behave({}))

const conversationId = '0193a5b2-0000-7000-8000-000000000001'
const outgoing: Outgoing = {
  account: 'main',
  inbox: 'support',
  conversationId,
  messageId: 'm-1',
  attempt: 1,
  route: 'email',
  kind: 'reply',
  automatic: false,
  to: [{ name: 'Zoë Ek', address: 'zoe@mail.example' }],
  cc: [{ address: 'cy@mail.example' }],
  subject: 'Re: Grüße',
  text: 'It is broken.\n.\nReally.',
  html: '<p>It is <b>broken</b>.</p>',
  attachments: [
    {
      name: 'plan ü.pdf',
      mimeType: 'application/pdf',
      size: 3,
      inline: false,
      bytes: Uint8Array.of(0, 255, 10),
    },
    {
      name: '',
      mimeType: 'image/png',
      size: 1,
      inline: true,
      contentId: 'logo@here',
      bytes: Uint8Array.of(7),
    },
  ],
  mail: {
    mailId: 'm-1@example.com',
    inReplyTo: 'two@mail.example',
    references: ['one@mail.example', 'two@mail.example'],
    from: { name: 'Support', address: 'support@example.com' },
    replyTo: { name: 'Support', address: `support+${conversationId}@example.com` },
  },
}

const port = (differing: object = {}) =>
  smtp({ host: '127.0.0.1', port: server.port, timeoutSeconds: 1, ...differing })
const send = (differing: Partial<Outgoing> = {}, options: object = {}) =>
  port(options).deliver({ ...outgoing, ...differing })()

/** What arrived last, as our own intake reads it. */
const arrived = async () => read(server.taken.at(-1)!.raw)

describe('a mail', () => {
  it('§ 4 answers what it answers, and is answered to where it came from', async () => {
    expect(await send()).toEqual(E.right({}))
    expect(await arrived()).toMatchObject({
      messageId: 'm-1@example.com',
      inReplyTo: ['two@mail.example'],
      references: ['two@mail.example', 'one@mail.example'],
      from: { name: 'Support', address: 'support@example.com' },
      replyTo: [{ address: `support+${conversationId}@example.com` }],
      to: [{ name: 'Zoë Ek', address: 'zoe@mail.example' }],
      cc: [{ address: 'cy@mail.example' }],
      subject: 'Re: Grüße',
      kind: 'personal',
    })
    expect(server.taken.at(-1)).toMatchObject({
      from: `support+${conversationId}@example.com`,
      to: ['zoe@mail.example', 'cy@mail.example'],
    })
  })

  it('S-067 is text and HTML beside each other, with its attachments', async () => {
    await send()
    const { text, html, attachments } = await arrived()
    expect(text.trimEnd()).toBe('It is broken.\n.\nReally.')
    expect(html).toContain('<p>It is <b>broken</b>.</p>')
    const inOrder = [...attachments].sort((a, b) => b.size - a.size)
    expect(inOrder).toMatchObject([
      { filename: 'plan ü.pdf', mimeType: 'application/pdf', disposition: 'attachment' },
      { mimeType: 'image/png', contentId: 'logo@here' },
    ])
    expect([...inOrder[0]!.bytes]).toEqual([0, 255, 10])
  })

  it('§ 4 says that it is automatic where it is, and only there', async () => {
    await send()
    expect(server.taken.at(-1)!.raw.toString()).not.toMatch(/^auto-submitted/im)
    await send({ automatic: true, kind: 'history' })
    expect(server.taken.at(-1)!.raw.toString()).toMatch(/^auto-submitted: auto-generated\r$/im)
    expect(await arrived()).toMatchObject({ kind: 'automatic' })
  })

  it('has no header fields but its own, whatever it says', async () => {
    const subject = 'Hi\r\nBcc: all@mail.example\r\n\r\nbody'
    const to = [{ name: 'Zoe\r\nBcc: x@y.example', address: 'zoe@mail.example' }]
    await send({ subject, to, cc: [] })
    expect(server.taken.at(-1)!.to).toEqual(['zoe@mail.example'])
    expect(server.taken.at(-1)!.raw.toString()).not.toMatch(/^bcc:/im)
  })

  it('S-072 tells somebody who is mentioned, with the link', async () => {
    const mentions = {
      addressOf: (id: string) =>
        Promise.resolve(id === 'bo' ? { address: 'bo@example.com' } : undefined),
      baseUrl: 'https://inbox.example.com',
    }
    const mention = {
      userId: 'bo',
      by: 'user:ada',
      commentId: 'k',
      link: `/conversations/${conversationId}`,
    }
    const differing = { route: 'notification', mention, to: [], cc: [], text: '@bo look' } as const
    expect(E.isRight(await send(differing, { mentions }))).toBe(true)
    expect(server.taken.at(-1)!.to).toEqual(['bo@example.com'])
    const mail = await arrived()
    expect(mail.subject).toBe('ada mentioned you: Re: Grüße')
    expect(mail.text).toContain(`https://inbox.example.com/conversations/${conversationId}`)
    const nobody = { ...differing, mention: { ...mention, userId: 'cy' } }
    expect(await send(nobody, { mentions })).toMatchObject(E.left({ type: 'Never' }))
  })
})

const everybody = (code: number) => () => code

describe('K-20 a server that', () => {
  it.each<[does: string, as: Behaviour, type: string]>([
    ['knows no such recipient', { recipient: everybody(550) }, 'Never'],
    ['has no room for the recipient now', { recipient: everybody(452) }, 'Later'],
    ['takes nothing from the sender', { sender: 553 }, 'Never'],
    ['takes nothing from the sender now', { sender: 451 }, 'Later'],
    ['refuses the content', { content: 554 }, 'Never'],
    ['refuses the content for now', { content: 451 }, 'Later'],
    ['hangs up before the content', { sender: 'hangUp' }, 'Later'],
    ['hangs up after the content', { content: 'hangUp' }, 'Unknown'],
    ['takes the content and hangs up', { content: 'hangUpHavingTakenIt' }, 'Unknown'],
    ['says nothing to the content', { content: 'silence' }, 'Unknown'],
  ])('%s', async (_, as, type) => {
    server.behave(as)
    expect(await send()).toMatchObject(E.left({ type, reason: expect.any(String) }))
  })

  it('says why, in its own words', async () => {
    server.behave({ recipient: everybody(550) })
    expect(await send()).toMatchObject(E.left({ reason: '550 as told' }))
  })

  it('waits with all as long as one recipient may be taken later', async () => {
    server.behave({ recipient: (address) => (address.startsWith('zoe') ? 550 : 451) })
    expect(await send()).toMatchObject(E.left({ type: 'Later' }))
  })

  it('takes it for some of several', async () => {
    server.behave({ recipient: (address) => (address.startsWith('cy') ? 550 : undefined) })
    expect(await send()).toEqual(E.right({ refused: '550 as told' }))
    expect(server.taken.at(-1)!.to).toEqual(['zoe@mail.example'])
  })

  it('is not there', async () => {
    const gone = await startMailServer()
    await gone.close()
    expect(await send({}, { port: gone.port })).toMatchObject(E.left({ type: 'Later' }))
  })

  it('asks for a password, which an operator may mend', async () => {
    server.behave({ password: 'tulip' })
    const auth = { user: 'support', pass: 'tulip' }
    expect(await send({}, { auth })).toEqual(E.right({}))
    expect(await send({}, { auth: { ...auth, pass: 'rose' } })).toMatchObject(
      E.left({ type: 'Later' }),
    )
  })
})

it.each<[what: string, differing: Partial<Outgoing>]>([
  ['nobody', { to: [], cc: [] }],
  ['what is no address', { to: [{ address: 'not an address' }], cc: [] }],
])('K-20 cannot go to %s', async (_, differing) =>
  expect(await send(differing)).toMatchObject(E.left({ type: 'Never' })),
)

it('K-20 cannot come from an inbox without an address', async () => {
  const { mail, ...without } = outgoing
  expect(mail).toBeDefined()
  expect(await port().deliver(without)()).toMatchObject(E.left({ type: 'Never' }))
})
