/** Mail in a circle: an inbox and somebody's mail client write to each other, over real SMTP. */
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { connectChannel, reply, user } from '@threadbook/core'
import { receiveMail, smtp, type Received } from '@threadbook/email'
import { openInbox, type Inbox } from '@threadbook/inbox'
import { memory } from '@threadbook/sourcing/memory'
import { createTransport } from 'nodemailer'
import { startMailServer, type MailServer } from './fixtures/smtp-server.js'
import { right } from './fixtures/support.js'
import { read } from './mails.js'

const ada = user('ada')
const TEAM = 'support@example.com'
const ZOE = 'zoe@mail.example'

/** Threads as mail software does: what answers a known mail belongs to it. */
const mailClient = () => {
  const threadOf = new Map<string, number>()
  let threads = 0
  const keep = (id: string, answers: readonly string[]): void => {
    const known = answers.map((each) => threadOf.get(each)).find((each) => each !== undefined)
    threadOf.set(id, known ?? threads++)
  }
  return { keep, threads: () => threads, mails: () => threadOf.size }
}

/** A minute passes with each mail. */
let time = 0
const now = () => new Date(time).toISOString()

let ours: MailServer
let theirs: MailServer
let inbox: Inbox
const received: Received[] = []
beforeEach(async () => {
  received.length = 0
  time = Date.parse('2026-03-02T09:00:00.000Z')
  ours = await startMailServer(async ({ raw }) => {
    received.push(right(await receiveMail(inbox, raw)))
  })
  theirs = await startMailServer()
  inbox = await openInbox(await memory(), {
    delivery: smtp({ host: '127.0.0.1', port: theirs.port, now }),
    clock: { now },
  })
  right(
    await inbox.execute(
      connectChannel({ inboxId: 'support', channel: 'email', address: TEAM, actor: 'system' }),
    ),
  )
})
afterEach(async () => {
  await inbox.close()
  await Promise.all([ours.close(), theirs.close()])
})

it.each<[what: string, forgets: boolean]>([
  ['keeps to what mail software does', false],
  ['forgets which mail it answers, and changes the subject', true],
])('§ 4 ten mails are one conversation on both sides, where the client %s', async (_, forgets) => {
  const client = mailClient()
  const transport = createTransport({ host: '127.0.0.1', port: ours.port, ignoreTLS: true })

  const write = async (n: number): Promise<void> => {
    const last = theirs.taken.at(-1) && (await read(theirs.taken.at(-1)!.raw))
    const messageId = `mail-${String(n)}@mail.example`
    const answers = last === undefined || forgets ? [] : [last.messageId]
    time += 60_000
    await transport.sendMail({
      date: new Date(time),
      from: ZOE,
      to: last?.replyTo[0]?.address ?? TEAM,
      subject: forgets ? `Another thing ${String(n)}` : 'The lamp',
      text: `Mail ${String(n)}`,
      messageId: `<${messageId}>`,
      ...(answers.length > 0 && {
        inReplyTo: `<${answers[0]!}>`,
        references: answers.map((id) => `<${id}>`),
      }),
    })
    client.keep(messageId, last === undefined ? [] : [last.messageId])
  }

  for (let n = 1; n <= 10; n += 2) {
    await write(n)
    const { conversationId, outcome } = received.at(-1)!
    expect(outcome).toBe('received')
    time += 60_000
    right(await inbox.execute(reply({ conversationId, text: `Mail ${String(n + 1)}`, actor: ada })))
    await inbox.settled()
    const arrived = await read(theirs.taken.at(-1)!.raw)
    expect(arrived.text.trim()).toBe(`Mail ${String(n + 1)}`)
    client.keep(arrived.messageId, [...arrived.inReplyTo, ...arrived.references])
  }
  transport.close()

  expect([client.threads(), client.mails()]).toEqual([1, 10])
  expect(right(await inbox.views.counts()).conversations).toBe(1)
  const { entries } = right(await inbox.thread(received[0]!.conversationId))
  expect(entries).toHaveLength(10)
  expect(entries).toMatchObject(
    Array.from({ length: 10 }, (_, n) => ({
      direction: n % 2 === 0 ? 'incoming' : 'outgoing',
      sending: n % 2 === 0 ? null : { status: 'sent' },
      content: { text: expect.stringContaining(`Mail ${String(n + 1)}`) },
    })),
  )
})
