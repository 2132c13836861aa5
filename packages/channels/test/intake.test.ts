/** What comes in by chat, Messenger, forms and calls: once, and where it belongs. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  addIdentity,
  close,
  comment,
  createContact,
  createInbox,
  markAsSpam,
  mergeInto,
  moveToInbox,
  purge,
  restore,
  snooze,
  trash,
} from '@threadbook/core'
import type { ShownMessage } from '@threadbook/projection-thread'
import { receiveChatMessage, recordCall, submitForm } from '@threadbook/channels'
import { aCall, ada, chatMessage, openDesk, right, submission, type Desk } from './fixtures.js'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})

const shown = async (conversationId: string) =>
  (await desk.entries(conversationId)).filter(
    (entry): entry is ShownMessage => entry.type === 'message' && entry.hidden === null,
  )

describe('each channel', () => {
  it.each([
    ['S-029 chat', 'chat', 'chat'],
    ['S-032 Messenger', 'messenger', 'messenger'],
    ['S-033 a form', 'form', 'forms'],
    ['S-034 a call', 'call', 'calls'],
  ] as const)('%s begins a conversation in its view', async (_, channel, view) => {
    const { outcome, conversationId } = await desk[channel]()
    expect(outcome).toBe('received')
    expect(await desk.shownIn(conversationId)).toEqual(['unassigned', 'allOpen', view])
    expect(await desk.row(conversationId)).toMatchObject({
      channel: channel === 'form' ? 'form' : channel,
      hasInbound: true,
      contact: expect.any(String),
    })
  })

  it.each(['chat', 'messenger', 'form', 'call'] as const)(
    'D-23 takes the same in once: %s',
    async (channel) => {
      const fields = {
        chat: 'messageId',
        messenger: 'messageId',
        form: 'submissionId',
        call: 'callId',
      }
      const same = { [fields[channel]]: 'the-same' }
      const first = await desk[channel](same)
      const before = await desk.log()
      expect(await desk[channel](same)).toEqual({ ...first, outcome: 'duplicate' })
      expect(await desk.log()).toEqual(before)
    },
  )

  it('D-23 knows equal ids of different senders apart', async () => {
    const one = await desk.chat({ visitorId: 'a', messageId: '1' })
    const two = await desk.chat({ visitorId: 'b', messageId: '1' })
    expect(two.outcome).toBe('received')
    expect(two.conversationId).not.toBe(one.conversationId)
  })

  it('S-002 is refused where it is not connected', async () => {
    await desk.ask(createInbox({ inboxId: 'sales', name: 'Sales', actor: ada }))
    const sales = desk.inbox.account('main', 'sales')
    expect(await receiveChatMessage(sales, chatMessage())).toMatchObject({
      left: { type: 'NoChannelConnected' },
    })
    await desk.ask({ type: 'ConnectChannel', inboxId: 'sales', channel: 'email', actor: ada })
    expect(await receiveChatMessage(sales, chatMessage())).toEqual({
      _tag: 'Left',
      left: { type: 'ChannelNotConnected', channel: 'chat' },
    })
  })

  it('D-28 keeps when it happened, never later than now', async () => {
    const { conversationId } = await desk.chat({ at: '2026-03-01T09:00:00.000Z' })
    await desk.chat({ at: '2030-01-01T00:00:00.000Z' })
    const times = (await desk.entries(conversationId)).map(({ at }) => at)
    expect(times).toEqual(['2026-03-01T09:00:00.000Z', desk.now()])
  })
})

describe('a sender’s next message', () => {
  it.each(['chat', 'messenger', 'call'] as const)('D-05 goes on where they are: %s', async (by) => {
    const { conversationId } = await desk[by]()
    expect((await desk[by]()).conversationId).toBe(conversationId)
  })

  it('D-20 is told apart by channel and by page', async () => {
    const chat = await desk.chat({ visitorId: 'psid-1' })
    const one = await desk.messenger()
    const two = await desk.messenger({ pageId: 'page-2' })
    expect(new Set([chat, one, two].map((each) => each.conversationId)).size).toBe(3)
  })

  it('S-033 begins a conversation where it is a form', async () => {
    const { conversationId } = await desk.form()
    expect((await desk.form()).conversationId).not.toBe(conversationId)
  })

  it('begins one where it says so, and goes on there from then', async () => {
    const { conversationId } = await desk.chat()
    const second = await desk.chat({ newConversation: true })
    expect(second.conversationId).not.toBe(conversationId)
    expect((await desk.chat()).conversationId).toBe(second.conversationId)
  })

  it('D-05 reopens what was closed', async () => {
    const { conversationId } = await desk.chat()
    await desk.ask(close({ conversationId, actor: ada }))
    expect((await desk.chat()).conversationId).toBe(conversationId)
    expect(await desk.row(conversationId)).toMatchObject({ status: 'open' })
  })

  it('D-05 wakes what is snoozed', async () => {
    const { conversationId } = await desk.chat()
    await desk.ask(snooze({ conversationId, until: '2026-12-24T09:00:00.000Z', actor: ada }))
    await desk.chat()
    expect(await desk.row(conversationId)).toMatchObject({ snoozed: false })
  })

  it('D-05 leaves spam what it is', async () => {
    const { conversationId } = await desk.chat()
    await desk.ask(markAsSpam({ conversationId, actor: ada }))
    expect((await desk.chat()).conversationId).toBe(conversationId)
    expect(await desk.shownIn(conversationId)).toEqual(['spam'])
  })

  it('D-05 D-22 begins a continuation of what is in Trash, which gets the later ones too', async () => {
    const { conversationId } = await desk.chat()
    await desk.ask(trash({ conversationId, actor: ada }))
    const next = await desk.chat()
    expect(next.conversationId).not.toBe(conversationId)
    expect(right(await desk.inbox.thread(next.conversationId)).continues).toBe(conversationId)
    expect(right(await desk.inbox.thread(conversationId)).continuedIn).toBe(next.conversationId)
    await desk.ask(restore({ conversationId, actor: ada }))
    expect((await desk.chat()).conversationId).toBe(next.conversationId)
  })

  it('D-05 D-22 goes to what theirs was merged into', async () => {
    const { conversationId } = await desk.chat()
    const { conversationId: target } = await desk.chat({ visitorId: 'other' })
    await desk.ask(mergeInto({ conversationId, target, actor: ada }))
    expect((await desk.chat()).conversationId).toBe(target)
  })

  it('D-05 begins a conversation where theirs was purged', async () => {
    const message = chatMessage()
    const { conversationId } = right(await receiveChatMessage(desk.inbox, message))
    await desk.ask(trash({ conversationId, actor: ada }))
    await desk.ask(purge({ conversationId, actor: ada }))
    const next = await desk.chat()
    expect(next.conversationId).not.toBe(conversationId)
    expect(right(await desk.inbox.thread(next.conversationId)).continues).toBeNull()
    // What was purged does not come back.
    expect(right(await receiveChatMessage(desk.inbox, message)).outcome).toBe('duplicate')
  })

  it('D-22 K-16 goes to where theirs was moved', async () => {
    const { conversationId } = await desk.chat()
    await desk.ask(createInbox({ inboxId: 'sales', name: 'Sales', actor: ada }))
    await desk.ask(moveToInbox({ conversationId, inbox: 'sales', actor: ada }))
    expect((await desk.chat()).conversationId).toBe(conversationId)
  })
})

describe('who it is from', () => {
  const contactOf = async (conversationId: string) => (await desk.row(conversationId))!.contact!
  const kindsOf = async (contact: string) =>
    (await desk.stream('contact', contact)).flatMap(({ type, data }) =>
      type === 'IdentityAdded' ? [(data as { kind: string }).kind] : [],
    )

  it.each([
    ['chat', 'chat'],
    ['messenger', 'messenger'],
    ['form', 'email'],
    ['call', 'phone'],
  ] as const)('K-15 becomes a contact: by %s, of the kind %s', async (channel, kind) => {
    const { conversationId } = await desk[channel]({ name: 'Zoe' })
    expect(await kindsOf(await contactOf(conversationId))).toEqual([kind])
    const [item] = right(await desk.inbox.views.list('allOpen')).items
    expect(item?.contact?.name).toBe('Zoe')
  })

  it('is one contact by chat and by the address that the host knows to be theirs', async () => {
    const form = await desk.form()
    const chat = await desk.chat({ email: 'Zoe@mail.example' })
    const contact = await contactOf(form.conversationId)
    expect(await contactOf(chat.conversationId)).toBe(contact)
    expect(await kindsOf(contact)).toEqual(['email', 'chat'])
    const { conversationId } = await desk.chat({ visitorId: 'b', email: 'bo@mail.example' })
    expect(await kindsOf(await contactOf(conversationId))).toEqual(['chat', 'email'])
  })

  it('never takes an address that is another contact’s', async () => {
    const { contactId } = await desk.ask(createContact({ name: 'Zoe', actor: ada }))
    const address = 'zoe@mail.example'
    await desk.ask(addIdentity({ contactId: contactId!, kind: 'email', address, actor: ada }))
    const { conversationId } = await desk.chat()
    const own = await contactOf(conversationId)
    await desk.chat({ email: address })
    expect(own).not.toBe(contactId)
    expect(await kindsOf(own)).toEqual(['chat'])
    expect(await contactOf(conversationId)).toBe(own)
  })

  it('is a number however it is written', async () => {
    const { conversationId } = await desk.call({ number: '+49 (30) 123-456' })
    expect((await desk.call({ number: '0049 30123456' })).conversationId).toBe(conversationId)
  })

  it('is nobody in particular where a form asks for no address', async () => {
    const fields = { submissionId: '1', form: { id: 'f' }, fields: [{ name: 'a', value: 'b' }] }
    const { conversationId } = right(await submitForm(desk.inbox, fields))
    expect(await desk.row(conversationId)).toMatchObject({ contact: null, hasInbound: true })
  })

  it('is their number where a form asks for that alone', async () => {
    const { submissionId, form, fields } = submission()
    const rest = { submissionId, form, fields, phone: '+49 30 1' }
    const { conversationId } = right(await submitForm(desk.inbox, rest))
    expect(await kindsOf(await contactOf(conversationId))).toEqual(['phone'])
  })
})

describe('S-047 the source', () => {
  const page = { url: 'https://shop.example/cart', title: 'Cart' }
  const recording = { name: 'call.ogg', mimeType: 'audio/ogg', bytes: Buffer.from('a voice') }

  it('S-047 of a chat is its widget and page', async () => {
    const { conversationId } = await desk.chat({ widget: 'shop', page })
    expect((await shown(conversationId))[0]?.source).toEqual({
      origin: 'shop',
      details: { pageUrl: page.url, pageTitle: page.title },
    })
  })

  it('S-047 of a form is the form, its page and its fields', async () => {
    const { conversationId } = await desk.form({ page })
    const [message] = await shown(conversationId)
    expect(message).toMatchObject({
      subject: 'Support',
      content: { text: 'Topic: A refund' },
      source: {
        origin: 'form-1',
        originName: 'Support',
        details: {
          pageUrl: page.url,
          fields: [{ name: 'topic', label: 'Topic', value: 'A refund' }],
        },
      },
    })
  })

  it('S-047 of a call is its number, its line and how it went, with its recording', async () => {
    const { conversationId } = await desk.call({ outcome: 'voicemail', recording })
    const [message] = await shown(conversationId)
    expect(message).toMatchObject({
      content: { text: 'Call, voicemail, 3:05' },
      source: {
        origin: 'line-1',
        direction: 'incoming',
        outcome: 'voicemail',
        durationSeconds: 185,
        recording: message?.attachments[0]?.blob,
        details: { number: '+49 30 123456' },
      },
    })
    const bytes = right(await desk.inbox.blob(conversationId, message!.source!.recording!))
    expect(Buffer.from(bytes).toString()).toBe('a voice')
  })

  it('S-109 is sealed where it may tell who somebody is', async () => {
    await desk.form({ page, fields: [{ name: 'iban', value: 'DE00 secret' }] })
    await desk.call({ number: '+49 30 987654', transcript: 'a secret', name: 'Zoe' })
    await desk.chat({ text: 'a secret', page, email: 'zoe@mail.example', name: 'Zoe' })
    const log = JSON.stringify(await desk.log())
    for (const text of ['secret', '987654', 'shop.example', 'Cart', 'Zoe', 'mail.example'])
      expect(log).not.toContain(text)
  })

  it('S-036 of a call that the team made is written down as sent, and waits for no answer', async () => {
    const { conversationId } = await desk.call({ direction: 'outgoing' })
    expect(await desk.told(conversationId)).toEqual(['ConversationStarted', 'MessageSent'])
    expect(await desk.shownIn(conversationId)).toEqual([])
    expect((await shown(conversationId))[0]).toMatchObject({
      direction: 'outgoing',
      kind: 'logged',
      actor: 'integration:call',
      source: { direction: 'outgoing' },
    })
    await desk.call()
    expect(await desk.shownIn(conversationId)).toEqual(['unassigned', 'allOpen', 'calls'])
  })
})

it('keeps what is too long for an event in a blob', async () => {
  const text = `${'long '.repeat(15_000)}end`
  const { conversationId } = await desk.chat({ text })
  const [message] = await shown(conversationId)
  expect(message?.content).toMatchObject({ cut: true })
  const whole = right(await desk.inbox.blob(conversationId, message!.body!))
  expect((JSON.parse(Buffer.from(whole).toString()) as { text: string }).text).toBe(text)
})

describe('what is malformed', () => {
  it.each<[what: string, fields: object, field: string]>([
    ['no visitor', { visitorId: undefined }, 'visitorId'],
    ['an empty id', { messageId: '' }, 'messageId'],
    ['a number for a text', { text: 7 }, 'text'],
    ['no address', { email: 'zoe' }, 'email'],
    ['a page without a place', { page: { title: 'Cart' } }, 'page.url'],
    ['a time of no zone', { at: '2026-03-01' }, 'at'],
    ['a misspelt field', { vistorId: 'x' }, 'vistorId'],
    [
      'text for bytes',
      { attachments: [{ name: 'a', mimeType: 'b', bytes: 'c' }] },
      'attachments.0.bytes',
    ],
    [
      'too many files',
      {
        attachments: Array.from({ length: 21 }, () => ({
          name: 'a',
          mimeType: 'b',
          bytes: Buffer.of(1),
        })),
      },
      'attachments',
    ],
    [
      'too much in all',
      { attachments: [{ name: 'a', mimeType: 'b', bytes: Buffer.alloc(25 * 1024 * 1024 + 1) }] },
      'attachments.0',
    ],
  ])('of a chat is refused by the field, and leaves nothing: %s', async (_, fields, field) => {
    const before = await desk.log()
    const input = { ...chatMessage(), ...fields } as never
    expect(await receiveChatMessage(desk.inbox, input)).toMatchObject({
      left: { type: 'InvalidCommand', field },
    })
    expect(await desk.log()).toEqual(before)
  })

  it.each<[what: string, fields: object, field: string]>([
    ['a name for a number', { number: 'Zoe' }, 'number'],
    ['no direction', { direction: 'sideways' }, 'direction'],
    ['a length in parts', { durationSeconds: 1.5 }, 'durationSeconds'],
    ['an outcome of its own', { outcome: 'fine' }, 'outcome'],
  ])('of a call is refused by the field: %s', async (_, fields, field) => {
    const input = { ...aCall(), ...fields } as never
    expect(await recordCall(desk.inbox, input)).toMatchObject({ left: { field } })
  })

  it.each<[what: string, fields: object, field: string]>([
    ['no form', { form: 'Support' }, 'form'],
    ['a field without a value', { fields: [{ name: 'a' }] }, 'fields.0.value'],
  ])('of a form is refused by the field: %s', async (_, fields, field) => {
    const input = { ...submission(), ...fields } as never
    expect(await submitForm(desk.inbox, input)).toMatchObject({ left: { field } })
  })
})

it('is worked on like any other', async () => {
  const { conversationId } = await desk.messenger()
  await desk.ask(comment({ conversationId, text: 'hm', actor: ada }))
  expect((await desk.entries(conversationId)).map(({ type }) => type)).toEqual([
    'message',
    'comment',
  ])
})
