/** What becomes of a mail's parts, and what the inbox needs before it can take one in. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import { conversations, disconnectChannel, user, type Attachment } from '@threadbook/core'
import { receiveMail, takeInMails } from '@threadbook/email'
import { openInbox } from '@threadbook/inbox'
import { unsealBytes } from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import { closedAtTheEnd } from '../../inbox/test/fixtures.js'
import { answering, called, from } from './fixtures/letters.js'
import { openSupport, right, START, TEAM, type Support } from './fixtures/support.js'
import { bytesOf, mailText, multipart, readFields } from './mails.js'

let support: Support
beforeEach(async () => {
  support = await openSupport()
})

interface Stored {
  readonly attachments: readonly Attachment[]
  readonly body?: string
  readonly key?: string
}
const storedIn = async (conversationId: string): Promise<readonly Stored[]> =>
  (await support.stream(conversations.category, conversationId)).map(({ data }) => data as Stored)

/** A blob as it is stored, and what it is under the conversation's key. */
const blobOf = async (conversationId: string, blob: string) => {
  const [{ key } = { key: '' }] = await storedIn(conversationId)
  const keys = right(await support.adapters.vault.read([key!])())
  const sealed = right(await support.adapters.blobs.get(blob)())!
  return { sealed, bytes: Buffer.from(unsealBytes(sealed, blob, keys.get(key!)!)) }
}

const withFile = (content: string, name = 'notes.bin') =>
  multipart(
    'mixed',
    '\nsee there\n',
    [
      'Content-Type: application/octet-stream',
      'Content-Transfer-Encoding: base64',
      `Content-Disposition: attachment; filename="${name}"`,
      '',
      Buffer.from(content).toString('base64'),
    ].join('\n'),
  )

describe('attachments', () => {
  const file = 'some words in a file, '.repeat(10)

  it('are blobs, sealed with the conversation’s key', async () => {
    const { conversationId } = await support.receiveRaw(withFile(file))
    const [attachment] = (await storedIn(conversationId))[1]!.attachments
    expect(attachment).toMatchObject({ size: file.length, mimeType: 'application/octet-stream' })
    const { sealed, bytes } = await blobOf(conversationId, attachment!.blob)
    expect(bytes.toString()).toBe(file)
    expect(Buffer.from(sealed).includes('some words')).toBe(false)
  })

  it('have equal macs where their bytes are equal, in one account', async () => {
    const macOf = async (raw: string) => {
      const { conversationId } = await support.receiveRaw(raw)
      return (await storedIn(conversationId))[1]!.attachments[0]!.mac
    }
    const mac = await macOf(withFile(file, 'one.bin'))
    expect(await macOf(withFile(file, 'two.bin'))).toBe(mac)
    expect(await macOf(withFile(`${file}.`))).not.toBe(mac)
    support = await openSupport()
    expect(await macOf(withFile(file))).not.toBe(mac)
  })

  it('of a duplicate are not stored again', async () => {
    let puts = 0
    const adapters = await memory()
    const { put } = adapters.blobs
    const counting = (...args: Parameters<typeof put>) => (puts++, put(...args))
    support = await openSupport({ ...adapters, blobs: { ...adapters.blobs, put: counting } })
    await support.receiveRaw(withFile(file))
    await support.receiveRaw(withFile(file))
    expect(puts).toBe(1)
  })
})

describe('long content', () => {
  const long = 'One line of many.\n'.repeat(10_000)

  it('is in a blob as a whole, and cut in its event', async () => {
    const { conversationId } = await support.receive(called('one'), long)
    const stored = (await storedIn(conversationId))[1]!
    expect(JSON.stringify(stored).length).toBeLessThan(20_000)
    const { bytes } = await blobOf(conversationId, stored.body!)
    expect(JSON.parse(bytes.toString())).toMatchObject({ text: long, sourceId: 'one@mail.example' })
  })

  it('is in the event where it is short', async () => {
    const { conversationId } = await support.receive(called('one'), 'Short\n')
    expect((await storedIn(conversationId))[1]).not.toHaveProperty('body')
  })

  it('is told from short content by its many recipients, too', async () => {
    const people = Array.from({ length: 200 }, (_, n) => `p${String(n)}@mail.example`)
    const { conversationId } = await support.receive(called('one', { To: people.join(',\n ') }))
    const { bytes } = await blobOf(conversationId, (await storedIn(conversationId))[1]!.body!)
    expect(JSON.parse(bytes.toString()).to).toHaveLength(200)
  })
})

describe('mail that the team sent elsewhere', () => {
  const sent = called('sent', { From: TEAM, To: 'Zoe <zoe@mail.example>' })

  it('S-036 is logged as outbound, to a contact', async () => {
    const { conversationId } = await support.receive(sent)
    expect(await support.shownIn(conversationId)).toEqual(['sent'])
    expect(await support.told(conversationId)).toEqual(['ConversationStarted', 'MessageSent'])
    const [item] = right(await support.inbox.views.list('sent')).items
    expect(item?.contact).toMatchObject({ name: 'Zoe', address: 'zoe@mail.example' })
  })

  it('S-036 is written down by the integration, not by the contact', async () => {
    const { conversationId } = await support.receive(sent)
    const thread = right(await support.inbox.thread(conversationId))
    expect(thread.entries.map(({ actor }) => actor)).toEqual(['integration:email'])
  })

  it('S-037 moves to the working views by the answer', async () => {
    const { conversationId } = await support.receive(sent)
    const answer = await support.receive(called('answer', { ...from('zoe'), ...answering('sent') }))
    expect(answer.conversationId).toBe(conversationId)
    expect(await support.shownIn(conversationId)).toEqual(['unassigned', 'allOpen', 'email'])
  })

  it('D-27 joins the conversation that it answers, and assigns it to nobody', async () => {
    const { conversationId } = await support.receive(called('one', from('zoe')))
    const logged = await support.receive({ ...sent, ...answering('one') })
    expect(logged.conversationId).toBe(conversationId)
    expect(await support.row(conversationId)).toMatchObject({
      owner: null,
      lastDirection: 'outgoing',
    })
  })
})

describe('times', () => {
  const occurred = async (fields: Readonly<Record<string, string>>) => {
    const { conversationId } = await support.receive(called('one', fields))
    return (await support.stream('conversation', conversationId))[1]!.metadata
  }

  it.each([
    [
      'are what the mail says',
      { Date: 'Sun, 01 Mar 2026 08:00:00 +0100' },
      '2026-03-01T07:00:00.000Z',
    ],
    ['are never in the future', { Date: 'Tue, 01 Jan 2030 00:00:00 +0000' }, undefined],
    ['are now where the mail does not say', {}, undefined],
  ])('%s', async (_, fields, expected) => {
    const { occurredAt, recordedAt } = await occurred(fields)
    expect(recordedAt).toBe(support.clock.now())
    expect(occurredAt).toBe(expected ?? recordedAt)
  })
})

describe('S-002', () => {
  const raw = bytesOf(mailText(called('one')))

  it('refuses mail for an inbox that there is not', async () => {
    const inbox = closedAtTheEnd(await openInbox(await memory()))
    expect(await receiveMail(inbox, raw)).toMatchObject({ left: { type: 'NoSuchInbox' } })
  })

  it('refuses mail for an inbox whose last channel was disconnected', async () => {
    const channel = { inboxId: 'support', channel: 'email', address: TEAM } as const
    await support.ask(disconnectChannel({ ...channel, actor: user('ada') }))
    expect(await receiveMail(support.inbox, raw)).toMatchObject({
      left: { type: 'NoChannelConnected' },
    })
    expect(await support.conversations()).toBe(0)
  })
})

describe('many mails in one go', () => {
  it('give what they give one after another', async () => {
    const mails = await Promise.all(
      [called('one'), called('two', answering('one')), called('one'), called('three')].map(
        async (fields) => ({ mail: await readFields(fields) }),
      ),
    )
    const [first, ...others] = mails
    const taken = right(await takeInMails(support.inbox, [first!, ...others]))
    expect(taken.map(({ outcome }) => outcome)).toEqual([
      'received',
      'received',
      'duplicate',
      'received',
    ])
    const [one, two, three, four] = taken.map(({ conversationId }) => conversationId)
    expect([two, three]).toEqual([one, one])
    expect(four).not.toBe(one)
    expect(await support.conversations()).toBe(2)
  })

  it('dates a mail without a date by when it reached the mailbox', async () => {
    const mail = await readFields(called('one'))
    const receivedAt = '2026-02-01T10:00:00.000Z'
    const [taken] = right(await takeInMails(support.inbox, [{ mail, receivedAt }]))
    expect(START > receivedAt).toBe(true)
    expect((await support.row(taken!.conversationId))?.lastMessageAt).toBe(receivedAt)
  })
})
