/** What leaves, through the port. */
import { describe, expect, it } from '@jest/globals'
import {
  attemptDelivery,
  close,
  comment,
  compose,
  confirmRead,
  connectChannel,
  forward,
  hideMessage,
  receive,
  reply,
  retryDelivery,
  sendTranscript,
  switchReplyChannel,
  unhideMessage,
  trash,
  purge,
  draft,
  type Content,
  type Request,
} from '@threadbook/core'
import { deliverBy, openInbox, type Delivery, type NotHandedOver } from '@threadbook/inbox'
import { inMemoryDelivery } from '@threadbook/inbox/testing'
import { toSeal } from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import { ada, closedAtTheEnd, deskAt, lasting, openDesk, right, type Desk } from './fixtures.js'

const open = async () => {
  const delivery = inMemoryDelivery()
  const desk = await openDesk(undefined, { delivery })
  return { desk, delivery }
}

/** Does it, and lets everything follow from it. */
const asked = async (desk: Desk, request: Request) => {
  const accepted = await desk.ask(request)
  await desk.inbox.settled()
  return accepted
}

const statusOf = async (desk: Desk, conversationId: string, messageId: string) => {
  const { entries } = right(await desk.inbox.thread(conversationId))
  const entry = entries.find((each) => 'messageId' in each && each.messageId === messageId)
  return entry !== undefined && 'sending' in entry ? entry.sending : undefined
}

const told = async (desk: Desk, conversationId: string) =>
  (await desk.stream('conversation', conversationId)).map(({ type }) => type)

/** A mail with what intake reads of its head. */
const mail = async (desk: Desk, more: Partial<Content> = {}, from = 'bo') => {
  const request = await desk.requestOf({ from })
  const message = { ...request.message, ...draft({ text: 'Help', subject: 'Lamp' }, more) }
  return (await desk.ask(receive({ ...request, message }))).conversationId!
}

describe('a reply', () => {
  it('S-064 § 4 goes to whoever wrote, from the team, in the thread', async () => {
    const { desk, delivery } = await open()
    const conversationId = await mail(desk, { sourceId: 'one@mail.example' })
    const html = '<p>Which <b>lamp</b>?</p>'
    const { messageId } = await asked(desk, reply({ conversationId, html, actor: ada }))
    expect(delivery.taken).toEqual([
      {
        account: 'main',
        inbox: 'support',
        conversationId,
        messageId,
        attempt: 1,
        route: 'email',
        kind: 'reply',
        automatic: false,
        to: [{ address: 'bo@mail.example' }],
        cc: [],
        subject: 'Re: Lamp',
        text: 'Which lamp?',
        html,
        attachments: [],
        mail: {
          mailId: `${messageId!}@example.com`,
          inReplyTo: 'one@mail.example',
          references: ['one@mail.example'],
          from: { name: 'support', address: 'support@example.com' },
          replyTo: { name: 'support', address: `support+${conversationId}@example.com` },
        },
      },
    ])
    expect(await statusOf(desk, conversationId, messageId!)).toMatchObject({
      status: 'sent',
      attempts: 1,
    })
  })

  it('§ 4 D-29 goes to Reply-To before From', async () => {
    const { desk, delivery } = await open()
    const conversationId = await mail(desk, { replyTo: [{ address: 'desk@mail.example' }] })
    await asked(desk, reply({ conversationId, text: 'Hi', actor: ada }))
    expect(delivery.taken[0]?.to).toEqual([{ address: 'desk@mail.example' }])
  })

  it('goes to whom it names instead, with copies', async () => {
    const { desk, delivery } = await open()
    const conversationId = await mail(desk)
    const recipients = [{ address: 'zoe@mail.example' }]
    const cc = [{ name: 'Cy', address: 'cy@mail.example' }]
    await asked(desk, reply({ conversationId, text: 'Hi', recipients, cc, actor: ada }))
    expect(delivery.taken[0]).toMatchObject({ to: recipients, cc })
  })

  it('S-068 says what was put in and has no place of its own', async () => {
    const { desk, delivery } = await open()
    const conversationId = await mail(desk)
    const url = 'https://help.example.com/7'
    const inserts = [{ kind: 'article', ref: 'kb-7', title: 'Lamps', url }]
    await asked(desk, reply({ conversationId, text: 'See', inserts, actor: ada }))
    expect(delivery.taken[0]?.text).toBe(`See\n\nLamps: ${url}`)
    expect(delivery.taken[0]?.html).toContain(`<a data-insert="0" href="${url}">Lamps</a>`)
  })

  it('S-064 takes files along, which are purged with the conversation', async () => {
    const { desk, delivery } = await open()
    const conversationId = await mail(desk)
    const bytes = Buffer.from('a plan')
    const plan = { name: 'plan.pdf', mimeType: 'application/pdf', bytes }
    const logo = { name: 'logo.png', mimeType: 'image/png', bytes, contentId: 'logo' }
    const attachments = [
      right(await desk.inbox.attach(conversationId, plan)),
      right(await desk.inbox.attach(conversationId, logo)),
    ]
    const html = '<img src="cid:logo" />'
    await asked(desk, reply({ conversationId, text: 'See', html, attachments, actor: ada }))
    expect(delivery.taken[0]?.attachments).toMatchObject([
      { name: 'plan.pdf', mimeType: 'application/pdf', size: 6, inline: false },
      { name: 'logo.png', inline: true, contentId: 'logo' },
    ])
    expect(Buffer.from(delivery.taken[0]!.attachments[0]!.bytes)).toEqual(bytes)
    await asked(desk, trash({ conversationId, actor: ada }))
    await asked(desk, purge({ conversationId, actor: ada }))
    const blob = attachments[0]!.blob
    expect(right(await desk.adapters.blobs.get(blob)())).toBeUndefined()
    expect(await desk.inbox.attach(conversationId, plan)).toMatchObject({
      left: { type: 'NoSuchConversation', situation: 'purged' },
    })
  })

  it('by chat goes to the visitor', async () => {
    const { desk, delivery } = await open()
    const conversationId = await desk.receive({ channel: 'chat' })
    await asked(desk, reply({ conversationId, text: 'Hi', actor: ada }))
    expect(delivery.taken[0]).toMatchObject({
      route: 'chat',
      to: [{ address: 'bo@mail.example' }],
    })
    expect(delivery.taken[0]).not.toHaveProperty('mail')
  })

  it('is refused where nobody is to answer', async () => {
    const { desk } = await open()
    const request = await desk.requestOf()
    const from = { identity: 'nobody', who: toSeal({ address: '' }) }
    const { conversationId } = await desk.ask(receive({ ...request, from }))
    expect(
      await desk.refused(reply({ conversationId: conversationId!, text: 'Hi', actor: ada })),
    ).toMatchObject({ type: 'NoEmailAddress' })
  })
})

describe('composed mail', () => {
  it('S-046 S-108 goes out by e-mail, and is in Sent and in no working view', async () => {
    const { desk, delivery } = await open()
    const to = [{ name: 'Zoe', address: 'zoe@mail.example' }]
    const made = compose({ to, subject: 'News', text: 'Hello', actor: ada })
    const { conversationId } = await asked(desk, made)
    expect(delivery.taken[0]).toMatchObject({ kind: 'composed', to, subject: 'News' })
    expect(delivery.taken[0]?.mail).not.toHaveProperty('inReplyTo')
    expect(await desk.shownIn(conversationId!)).toEqual(['sent'])
  })

  it('S-046 takes files along that were stored before it was there', async () => {
    const { desk, delivery } = await open()
    const conversationId = right(await desk.inbox.newMail())
    const bytes = Buffer.from('a plan')
    const plan = { name: 'plan.pdf', mimeType: 'application/pdf', bytes }
    const attachments = [right(await desk.inbox.attach(conversationId, plan))]
    const restarted = deskAt(
      await openInbox(lasting(desk.adapters), { clock: desk.clock, delivery }),
      desk.adapters,
      desk.clock,
    )
    attachments.push(right(await restarted.inbox.attach(conversationId, plan)))
    expect(await desk.shownIn(conversationId)).toEqual([])

    const to = [{ address: 'zoe@mail.example' }]
    await asked(restarted, compose({ conversationId, to, text: 'See', attachments, actor: ada }))
    expect(delivery.taken).toHaveLength(1)
    expect(delivery.taken[0]).toMatchObject({ kind: 'composed', conversationId })
    expect(delivery.taken[0]?.attachments.map((each) => [each.name, String(each.bytes)])).toEqual([
      ['plan.pdf', 'a plan'],
      ['plan.pdf', 'a plan'],
    ])
    const last = right(await desk.inbox.attach(conversationId, plan))
    await asked(
      desk,
      compose({ conversationId, to, text: 'More', attachments: [last], actor: ada }),
    )
    for (const { blob } of [...attachments, last])
      expect(String(right(await desk.inbox.blob(conversationId, blob)))).toBe('a plan')

    await asked(desk, trash({ conversationId, actor: ada }))
    await asked(desk, purge({ conversationId, actor: ada }))
    for (const { blob } of [...attachments, last])
      expect(right(await desk.adapters.blobs.get(blob)())).toBeUndefined()
    expect(await desk.inbox.attach(conversationId, plan)).toMatchObject({
      left: { type: 'NoSuchConversation', situation: 'purged' },
    })
  })

  it('S-046 leaves nothing to be seen of files where nothing was composed', async () => {
    const { desk } = await open()
    const before = await desk.log()
    const conversationId = right(await desk.inbox.newMail())
    const file = { name: 'plan.pdf', mimeType: 'application/pdf', bytes: Buffer.from('a plan') }
    const { blob } = right(await desk.inbox.attach(conversationId, file))
    expect(await desk.log()).toEqual(before)
    expect(await desk.inbox.blob(conversationId, blob)).toMatchObject({
      left: { type: 'NoSuchThread' },
    })
    // Of an id that nobody was given, or of another account, there is no key.
    const elsewhere = desk.inbox.account('acme')
    for (const answer of [
      await desk.inbox.attach('none', file),
      await elsewhere.attach(conversationId, file),
    ])
      expect(answer).toMatchObject({ left: { type: 'NoSuchConversation', situation: 'absent' } })
  })

  it('D-27 assigns nobody', async () => {
    const { desk } = await open()
    const { conversationId } = await asked(
      desk,
      compose({ to: [{ address: 'zoe@mail.example' }], text: 'Hello', actor: ada }),
    )
    expect((await desk.row(conversationId!))?.owner).toBeNull()
  })
})

describe('handing over', () => {
  const later: NotHandedOver = { type: 'Later', reason: '451 busy' }

  it('K-20 is written down as begun before anything is handed over', async () => {
    const seen: string[][] = []
    const desks: Desk[] = []
    const port: Delivery = {
      routes: ['email'],
      deliver: (outgoing) => async () => {
        seen.push([...(await told(desks[0]!, outgoing.conversationId))])
        return inMemoryDelivery().deliver(outgoing)()
      },
    }
    const desk = await openDesk(undefined, { delivery: port })
    desks.push(desk)
    const conversationId = await mail(desk)
    await asked(desk, reply({ conversationId, text: 'Hi', actor: ada }))
    expect(seen.map((types) => types.at(-1))).toEqual(['DeliveryAttempted'])
    expect((await told(desk, conversationId)).at(-1)).toBe('MessageHandedOver')
  })

  it('K-20 is tried again later, with growing pauses, until it is taken', async () => {
    const { desk, delivery } = await open()
    delivery.behave(later)
    const conversationId = await mail(desk)
    const { messageId } = await asked(desk, reply({ conversationId, text: 'Hi', actor: ada }))
    expect(await statusOf(desk, conversationId, messageId!)).toMatchObject({
      status: 'waiting',
      reason: '451 busy',
    })
    right(await desk.inbox.tick(desk.clock.now()))
    expect(delivery.asked()).toBe(1)
    const again = right(await desk.inbox.tick(desk.clock.pass({ minutes: 1 })))
    expect(again.tried).toEqual([{ conversationId, messageId }])
    right(await desk.inbox.tick(desk.clock.pass({ minutes: 1 })))
    expect(delivery.asked()).toBe(2)
    delivery.behave('asUsual')
    right(await desk.inbox.tick(desk.clock.pass({ minutes: 1 })))
    expect(delivery.taken).toMatchObject([{ messageId, attempt: 3 }])
    expect(await statusOf(desk, conversationId, messageId!)).toMatchObject({ status: 'sent' })
  })

  it('K-20 waits as long as it is asked to', async () => {
    const { desk, delivery } = await open()
    delivery.behave({ ...later, afterSeconds: 3_600 })
    const conversationId = await mail(desk)
    await asked(desk, reply({ conversationId, text: 'Hi', actor: ada }))
    right(await desk.inbox.tick(desk.clock.pass({ minutes: 59 })))
    expect(delivery.asked()).toBe(1)
    right(await desk.inbox.tick(desk.clock.pass({ minutes: 1 })))
    expect(delivery.asked()).toBe(2)
  })

  it('K-20 is given up in the end, with the last reason', async () => {
    const { desk, delivery } = await open()
    delivery.behave(later)
    const conversationId = await mail(desk)
    const { messageId } = await asked(desk, reply({ conversationId, text: 'Hi', actor: ada }))
    for (let days = 0; days < 40; days++) right(await desk.inbox.tick(desk.clock.pass({ days: 1 })))
    expect(delivery.asked()).toBe(18)
    expect(await statusOf(desk, conversationId, messageId!)).toMatchObject({
      status: 'failed',
      reason: '451 busy',
    })
    expect((await desk.row(conversationId))?.deliveryFailed).toBe(true)
  })

  it('K-20 fails at once where it never can be', async () => {
    const { desk, delivery } = await open()
    delivery.behave({ type: 'Never', reason: '550 no such user' })
    const conversationId = await mail(desk)
    const { messageId } = await asked(desk, reply({ conversationId, text: 'Hi', actor: ada }))
    expect(await statusOf(desk, conversationId, messageId!)).toMatchObject({
      status: 'failed',
      reason: '550 no such user',
    })
  })

  it('K-20 is unknown where it died, shown so, and repeated by a person alone', async () => {
    const { desk, delivery } = await open()
    delivery.behave('dies')
    const conversationId = await mail(desk)
    const { messageId } = await asked(desk, reply({ conversationId, text: 'Hi', actor: ada }))
    expect(await statusOf(desk, conversationId, messageId!)).toMatchObject({
      status: 'unknown',
      reason: 'it died',
    })
    expect(await desk.row(conversationId)).toMatchObject({ deliveryUnknown: true })
    delivery.behave('asUsual')
    for (let days = 0; days < 3; days++) right(await desk.inbox.tick(desk.clock.pass({ days: 1 })))
    await desk.inbox.settled()
    expect(delivery.asked()).toBe(1)
    await asked(desk, retryDelivery({ conversationId, messageId: messageId!, actor: ada }))
    expect(delivery.taken).toHaveLength(2)
    expect(delivery.taken[1]).toMatchObject({ messageId, attempt: 2 })
    expect(await desk.row(conversationId)).toMatchObject({ deliveryUnknown: false })
  })

  it('K-20 is unknown where the process died with it, once nobody waits any more', async () => {
    const adapters = await memory()
    const dead = await openDesk(adapters, { deliveredElsewhere: ['email'] })
    const conversationId = await mail(dead)
    const { messageId } = await dead.ask(reply({ conversationId, text: 'Hi', actor: ada }))
    const about = { conversationId, messageId: messageId! }
    await dead.ask(attemptDelivery({ ...about, actor: 'system' }))
    const delivery = inMemoryDelivery()
    const desk = deskAt(
      await openInbox(lasting(adapters), { clock: dead.clock, delivery }),
      adapters,
      dead.clock,
    )
    await desk.inbox.settled()
    expect(right(await desk.inbox.tick(desk.clock.pass({ minutes: 9 }))).undelivered).toEqual([])
    expect(await statusOf(desk, conversationId, messageId!)).toMatchObject({ status: 'sending' })
    const given = right(await desk.inbox.tick(desk.clock.pass({ minutes: 1 })))
    expect(given.undelivered).toEqual([about])
    expect(await statusOf(desk, conversationId, messageId!)).toMatchObject({ status: 'unknown' })
    expect(delivery.asked()).toBe(0)
  })

  it('is of nothing that was sent before there was a port', async () => {
    const adapters = await memory()
    const before = await openDesk(lasting(adapters))
    const conversationId = await mail(before)
    await before.ask(reply({ conversationId, text: 'Hi', actor: ada }))
    await before.inbox.close()
    const delivery = inMemoryDelivery()
    const inbox = closedAtTheEnd(await openInbox(adapters, { delivery, clock: before.clock }))
    await inbox.settled()
    right(await inbox.tick(before.clock.pass({ days: 1 })))
    expect(delivery.asked()).toBe(0)
  })

  it('is done by the process that has the port, for the one that has not', async () => {
    const adapters = await memory()
    const delivery = inMemoryDelivery()
    const web = await openDesk(lasting(adapters), { deliveredElsewhere: ['email'] })
    const worker = closedAtTheEnd(await openInbox(adapters, { delivery, clock: web.clock }))
    const conversationId = await mail(web)
    await web.ask(reply({ conversationId, text: 'Hi', actor: ada }))
    await worker.settled()
    expect(delivery.taken).toHaveLength(1)
  })

  it('happens once, however many look for what is due', async () => {
    const adapters = await memory()
    const delivery = inMemoryDelivery()
    const one = await openDesk(lasting(adapters), { delivery })
    const other = closedAtTheEnd(await openInbox(lasting(adapters), { delivery, clock: one.clock }))
    delivery.behave(later)
    const conversationId = await mail(one)
    await asked(one, reply({ conversationId, text: 'Hi', actor: ada }))
    delivery.behave('asUsual')
    const now = one.clock.pass({ minutes: 5 })
    await Promise.all([one.inbox.tick(now), other.tick(now), one.inbox.tick(now)])
    expect(delivery.taken).toHaveLength(1)
  })

  it('fails where the content is gone or hidden by then', async () => {
    const { desk, delivery } = await open()
    delivery.behave(later)
    const conversationId = await mail(desk)
    const { messageId } = await asked(desk, reply({ conversationId, text: 'Hi', actor: ada }))
    await asked(desk, hideMessage({ conversationId, messageId: messageId!, actor: ada }))
    delivery.behave('asUsual')
    right(await desk.inbox.tick(desk.clock.pass({ minutes: 5 })))
    expect(delivery.taken).toEqual([])
    expect((await told(desk, conversationId)).at(-1)).toBe('MessageDeliveryFailed')
  })

  it('leaves nothing waiting of what was purged', async () => {
    const { desk, delivery } = await open()
    delivery.behave(later)
    const conversationId = await mail(desk)
    await asked(desk, reply({ conversationId, text: 'Hi', actor: ada }))
    await asked(desk, trash({ conversationId, actor: ada }))
    await asked(desk, purge({ conversationId, actor: ada }))
    delivery.behave('asUsual')
    right(await desk.inbox.tick(desk.clock.pass({ days: 1 })))
    expect(delivery.asked()).toBe(1)
  })

  it('K-20 is followed by receipts, which come back as commands', async () => {
    const { desk } = await open()
    const conversationId = await desk.receive({ channel: 'messenger' })
    await desk.ask(connectChannel({ inboxId: 'support', channel: 'messenger', actor: 'system' }))
    const { messageId } = await asked(desk, reply({ conversationId, text: 'Hi', actor: ada }))
    const upTo = desk.clock.pass({ minutes: 1 })
    await asked(desk, confirmRead({ conversationId, upTo, actor: 'integration:messenger' }))
    expect(await statusOf(desk, conversationId, messageId!)).toMatchObject({ status: 'read' })
  })
})

it('goes by the port that has the route', async () => {
  const [mails, chats] = [inMemoryDelivery(['email']), inMemoryDelivery(['chat'])]
  const desk = await openDesk(undefined, { delivery: deliverBy(mails, chats) })
  for (const channel of ['email', 'chat'] as const) {
    const conversationId = await desk.receive({ channel })
    await asked(desk, reply({ conversationId, text: 'Hi', actor: ada }))
  }
  expect([mails, chats].map(({ taken }) => taken.map(({ route }) => route))).toEqual([
    ['email'],
    ['chat'],
  ])
})

describe('forwarding', () => {
  const to = [{ name: 'Billing', address: 'billing@example.com' }]

  it('S-084 sends the most recent e-mail on with what was said before it', async () => {
    const { desk, delivery } = await open()
    const conversationId = await mail(desk, { sourceId: 'one@mail.example' })
    const [first] = right(await desk.inbox.thread(conversationId)).entries
    const forwarded = first?.type === 'message' ? first.messageId : ''
    const { messageId } = await asked(
      desk,
      forward({ conversationId, forwarded, to, text: 'Yours?', actor: ada }),
    )
    expect(delivery.taken[0]).toMatchObject({
      kind: 'forward',
      to,
      subject: 'Fwd: Lamp',
      mail: { mailId: `${messageId!}@example.com`, references: [] },
    })
    expect(delivery.taken[0]?.text).toMatch(/^Yours\?\n\n-+ Forwarded message -+\nFrom: bo@mail/)
    expect(await desk.row(conversationId)).toMatchObject({ forwarded: true, replied: false })
    expect((await desk.row(conversationId))?.owner).toBeNull()
  })

  it('S-084 D-10 hides what was written above it, in the thread and from searches', async () => {
    const { desk, delivery } = await open()
    const conversationId = await mail(desk)
    const [first] = right(await desk.inbox.thread(conversationId)).entries
    const forwarded = first?.type === 'message' ? first.messageId : ''
    const note = { conversationId, forwarded, to, text: 'Querulous', actor: ada }
    const { messageId = '' } = await asked(desk, forward(note))
    const found = async () =>
      right(await desk.inbox.search({ text: 'querulous' })).found.map(
        ({ item }) => item.conversationId,
      )
    const shown = async () => JSON.stringify(right(await desk.inbox.thread(conversationId)))
    expect(await found()).toEqual([conversationId])
    expect(await shown()).toContain('Querulous')

    await asked(desk, hideMessage({ conversationId, messageId, actor: ada }))
    expect(await found()).toEqual([])
    expect(await shown()).not.toContain('Querulous')
    const entry = right(await desk.inbox.thread(conversationId, { viewer: 'ada' })).entries.at(-1)
    expect(entry).toMatchObject({
      type: 'forward',
      messageId,
      hidden: { text: 'The message is hidden', viewerMayUnhide: true },
    })
    right(await desk.inbox.indexWords())
    expect(await found()).toEqual([])

    await asked(desk, unhideMessage({ conversationId, messageId, actor: ada }))
    expect(await found()).toEqual([conversationId])
    expect(await shown()).toContain('Querulous')
    expect(delivery.taken).toHaveLength(1)
  })

  it('S-084 D-10 does not send a note that was hidden before it left', async () => {
    const { desk, delivery } = await open()
    const conversationId = await mail(desk)
    const [first] = right(await desk.inbox.thread(conversationId)).entries
    const forwarded = first?.type === 'message' ? first.messageId : ''
    delivery.behave({ type: 'Later', reason: '451 busy' })
    const { messageId = '' } = await asked(
      desk,
      forward({ conversationId, forwarded, to, text: 'Yours?', actor: ada }),
    )
    await asked(desk, hideMessage({ conversationId, messageId, actor: ada }))
    delivery.behave('asUsual')
    right(await desk.inbox.tick(desk.clock.pass({ minutes: 5 })))
    expect(delivery.taken).toHaveLength(0)
  })

  it('S-084 D-10 leaves out what is hidden, and is refused of what is', async () => {
    const { desk, delivery } = await open()
    const conversationId = await mail(desk)
    const ids = async () =>
      right(await desk.inbox.thread(conversationId)).entries.flatMap((each) =>
        each.type === 'message' ? [each.messageId] : [],
      )
    const [secret] = await ids()
    await asked(desk, reply({ conversationId, text: 'Thanks', actor: ada }))
    const [, latest] = await ids()
    await asked(desk, hideMessage({ conversationId, messageId: secret!, actor: ada }))
    const request = { conversationId, to, text: '', actor: ada }
    expect(await desk.refused(forward({ ...request, forwarded: secret! }))).toEqual({
      type: 'NotTheLatestEmail',
      latestEmail: latest,
    })
    await asked(desk, forward({ ...request, forwarded: latest! }))
    const sent = delivery.taken.at(-1)!
    expect(sent.text + sent.html!).not.toContain('Help')
    expect(sent.text).toContain('Thanks')
    await asked(desk, hideMessage({ conversationId, messageId: latest!, actor: ada }))
    expect(await desk.refused(forward({ ...request, forwarded: latest! }))).toMatchObject({
      type: 'MessageIsHidden',
    })
  })

  it('needs somebody to go to', async () => {
    const { desk } = await open()
    const conversationId = await mail(desk)
    const request = forward({ conversationId, forwarded: 'x', to: [], text: '', actor: ada })
    expect(await desk.refused(request)).toMatchObject({ type: 'InvalidCommand', field: 'to' })
  })
})

describe('a chat that goes on by e-mail', () => {
  const address = { name: 'Zoe', address: 'zoe@mail.example' }
  const chatWith = async (desk: Desk) => {
    const conversationId = await desk.receive({ channel: 'chat', text: 'Where is my lamp?' })
    await asked(desk, reply({ conversationId, text: 'I look', actor: ada }))
    await asked(desk, comment({ conversationId, text: 'difficult one', actor: ada }))
    return conversationId
  }
  const switched = async (desk: Desk) => {
    const conversationId = await chatWith(desk)
    await asked(
      desk,
      switchReplyChannel({ conversationId, channel: 'email', to: address, actor: ada }),
    )
    return conversationId
  }

  it('S-075 S-107 is answered by e-mail from then on, and stays a chat', async () => {
    const { desk, delivery } = await open()
    const conversationId = await switched(desk)
    await asked(desk, reply({ conversationId, text: 'Found it', actor: ada }))
    expect(delivery.taken.at(-1)).toMatchObject({ route: 'email', to: [address] })
    expect(await desk.row(conversationId)).toMatchObject({ channel: 'chat', lastChannel: 'email' })
  })

  it.each([ada, 'system', 'bot:closer'] as const)(
    'S-076 D-12 gets its history by e-mail when it is closed, by %s',
    async (actor) => {
      const { desk, delivery } = await open()
      const conversationId = await switched(desk)
      await asked(desk, close({ conversationId, actor }))
      const history = delivery.taken.at(-1)!
      expect(history).toMatchObject({ kind: 'history', automatic: true, to: [address] })
      expect(history.text).toContain('Where is my lamp?')
      expect(history.text).toContain('I look')
      expect(history.text).not.toContain('difficult')
    },
  )

  it('S-076 is of switched conversations only', async () => {
    const { desk, delivery } = await open()
    const conversationId = await chatWith(desk)
    const before = delivery.taken.length
    await asked(desk, close({ conversationId, actor: ada }))
    expect(delivery.taken).toHaveLength(before)
  })

  it('S-075 needs an address, where the contact has none', async () => {
    const { desk } = await open()
    const request = await desk.requestOf({ channel: 'chat' })
    const from = { identity: 'visitor', who: toSeal({ address: 'visitor-7' }) }
    const { conversationId } = await desk.ask(receive({ ...request, from }))
    const switching = { conversationId: conversationId!, channel: 'email', actor: ada } as const
    expect(await desk.refused(switchReplyChannel(switching))).toMatchObject({
      type: 'NoEmailAddress',
    })
  })

  it('S-077 D-10 is sent as a transcript, without comments or what is hidden', async () => {
    const { desk, delivery } = await open()
    const conversationId = await chatWith(desk)
    const [first] = right(await desk.inbox.thread(conversationId)).entries
    const messageId = first?.type === 'message' ? first.messageId : ''
    await asked(desk, hideMessage({ conversationId, messageId, actor: ada }))
    await asked(desk, sendTranscript({ conversationId, to: [address], actor: ada }))
    const sent = delivery.taken.at(-1)!
    expect(sent).toMatchObject({ kind: 'transcript', route: 'email', to: [address] })
    expect(sent.text).toContain('I look')
    expect(sent.text).not.toMatch(/lamp|difficult/)
  })
})

it('S-072 tells each who is mentioned, with a link to the conversation', async () => {
  const { desk, delivery } = await open()
  const conversationId = await mail(desk)
  const mentions = ['bo', 'cy']
  const text = '@bo @cy look'
  const { commentId } = await asked(desk, comment({ conversationId, text, mentions, actor: ada }))
  expect(delivery.taken.map(({ mention }) => mention)).toEqual(
    mentions.map((userId) => ({
      userId,
      by: ada,
      commentId,
      link: `/conversations/${conversationId}`,
    })),
  )
  expect(delivery.taken[0]).toMatchObject({ route: 'notification', kind: 'mention', text })
})
