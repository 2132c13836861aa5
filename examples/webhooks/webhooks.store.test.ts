/** Each handler behind a real server, asked as its sender would. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { blockSender, connectChannel, reply, user, type Channel } from '@threadbook/core'
import { openInbox, type Inbox } from '@threadbook/inbox'
import { memory } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'
import { createHmac } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { callWebhook } from './call.js'
import { chatWebhook } from './chat.js'
import { formWebhook } from './form.js'
import { messengerWebhook } from './messenger.js'
import { signedWith } from './webhook.js'

const SECRET = 'shared with the sender'
const HEADER = 'x-signature'
const verify = signedWith(SECRET, HEADER)
const ada = user('ada')

let inbox: Inbox
let server: Server | undefined
beforeEach(async () => {
  inbox = await openInbox(await memory())
  for (const channel of ['chat', 'messenger', 'form', 'call'] satisfies Channel[])
    await inbox.execute(connectChannel({ inboxId: 'support', channel, actor: 'system' }))
})
afterEach(async () => {
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)))
  server = undefined
  await inbox.close()
})

const urlOf = async (handler: RequestListener): Promise<string> => {
  server = createServer(handler)
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`
}

const signed = (body: string) => ({
  [HEADER]: `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
})

const posting = async (handler: RequestListener) => {
  const url = await urlOf(handler)
  return async (payload: unknown, headers?: Record<string, string>) => {
    const body = typeof payload === 'string' ? payload : JSON.stringify(payload)
    const response = await fetch(url, { method: 'POST', body, headers: headers ?? signed(body) })
    const text = await response.text()
    return {
      status: response.status,
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    }
  }
}

const right = <A>(answer: E.Either<unknown, A>): A => {
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left))
  return answer.right
}
const listed = async (view: 'chat' | 'messenger' | 'forms' | 'calls') =>
  right(await inbox.views.list(view)).items
const threadOf = async (id: string) => right(await inbox.thread(id)).entries

const chat = { visitorId: 'v1', messageId: 'm1', text: 'Hello' }
const form = {
  submissionId: 's1',
  form: { id: 'contact', name: 'Contact us' },
  page: { url: 'https://shop.example/contact' },
  email: 'zoe@mail.example',
  fields: [{ name: 'topic', value: 'A refund' }],
}
const call = { id: 'c1', from: '+4930123', to: '+4930999', inbound: true, seconds: 7 }
const messaging = (fields: object) => ({
  entry: [{ messaging: [{ sender: { id: 'psid' }, recipient: { id: 'page' }, ...fields }] }],
})
const message = messaging({ timestamp: 1_700_000_000_000, message: { mid: 'm1', text: 'Hello' } })

const handlers: readonly (readonly [string, () => RequestListener, object])[] = [
  ['chat', () => chatWebhook(inbox, verify), chat],
  ['Messenger', () => messengerWebhook(inbox, verify, 'token'), message],
  ['a form', () => formWebhook(inbox, verify), form],
  ['calls', () => callWebhook(inbox, verify, () => Promise.resolve(Buffer.from('a voice'))), call],
]

describe.each(handlers)('the webhook of %s', (_, handler, payload) => {
  it('takes in what is signed, once', async () => {
    const post = await posting(handler())
    expect((await post(payload)).status).toBe(200)
    expect((await post(payload)).status).toBe(200)
    const { conversations } = right(await inbox.views.counts())
    expect(conversations).toBe(1)
    const [item] = right(await inbox.views.list('allOpen')).items
    expect(await threadOf(item!.conversationId)).toHaveLength(1)
  })

  it('takes in nothing that is not signed, or signed for other bytes', async () => {
    const post = await posting(handler())
    expect((await post(payload, {})).status).toBe(401)
    expect((await post(payload, signed('other'))).status).toBe(401)
    expect((await post(payload, { [HEADER]: 'sha256=00' })).status).toBe(401)
    expect(right(await inbox.views.counts()).conversations).toBe(0)
  })

  it('refuses what is no JSON, too long, or not posted', async () => {
    const url = await urlOf(handler())
    const post = async (body: string) =>
      (await fetch(url, { method: 'POST', body, headers: signed(body) })).status
    expect(await post('{')).toBe(400)
    expect(await post('x'.repeat(1024 * 1024 + 1)).catch(() => 413)).toBe(413)
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(405)
  })
})

it.each<[what: string, handler: () => RequestListener, payload: object, field: string]>([
  ['chat', handlers[0]![1], { ...chat, text: 7 }, 'text'],
  ['chat, a field that there is not', handlers[0]![1], { ...chat, mood: 'good' }, 'mood'],
  [
    'Messenger',
    handlers[1]![1],
    { entry: [{ messaging: [{ sender: {}, recipient: { id: 'p' } }] }] },
    'entry.0.messaging.0.sender.id',
  ],
  ['a form', handlers[2]![1], { ...form, fields: [{ name: 'topic' }] }, 'fields.0.value'],
  ['calls', handlers[3]![1], { ...call, seconds: 'long' }, 'seconds'],
  ['calls, no number', handlers[3]![1], { ...call, from: 'unknown' }, 'number'],
])('names the field that is wrong: %s', async (_, handler, payload, field) => {
  const post = await posting(handler())
  expect(await post(payload)).toMatchObject({
    status: 400,
    body: { type: 'InvalidCommand', field },
  })
})

it('S-080 answers a blocked visitor as any other', async () => {
  const post = await posting(chatWebhook(inbox, verify))
  const before = await post(chat)
  const [item] = await listed('chat')
  await inbox.execute(blockSender({ conversationId: item!.conversationId, actor: ada }))
  const blocked = await post({ ...chat, messageId: 'm2' })
  const shape = ({ status, body }: typeof before) => ({
    status,
    body: JSON.stringify(body).replace(/"(at|messageId)":"[^"]*"/g, ''),
  })
  expect(shape(blocked)).toEqual(shape(before))
  expect(await threadOf(item!.conversationId)).toHaveLength(1)
})

it('tells Messenger that somebody is at home, where it knows the token', async () => {
  const url = await urlOf(messengerWebhook(inbox, verify, 'token'))
  const ask = (token: string) =>
    fetch(`${url}?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=42`)
  expect(await (await ask('token')).text()).toBe('42')
  expect((await ask('other')).status).toBe(403)
})

it('K-20 notes what Messenger says arrived and was read', async () => {
  const post = await posting(messengerWebhook(inbox, verify, 'token'))
  await post(message)
  const [item] = await listed('messenger')
  const { conversationId } = item!
  right(await inbox.execute(reply({ conversationId, text: 'Yes', actor: ada })))
  const watermark = Date.now() + 1_000
  expect((await post(messaging({ delivery: { watermark } }))).status).toBe(200)
  expect((await post(messaging({ read: { watermark } }))).status).toBe(200)
  expect(await threadOf(conversationId)).toMatchObject([
    { direction: 'incoming' },
    { direction: 'outgoing', sending: { status: 'read' } },
  ])
})

it('keeps the recording of a call with it', async () => {
  const post = await posting(callWebhook(inbox, verify, () => Promise.resolve(Buffer.of(1, 2, 3))))
  await post({ ...call, voicemail: true, recordingUrl: 'https://calls.example/1.wav' })
  const [item] = await listed('calls')
  expect(await threadOf(item!.conversationId)).toMatchObject([
    {
      source: { outcome: 'voicemail', recording: expect.any(String) },
      attachments: [{ name: 'recording.wav', size: 3 }],
    },
  ])
})

it('asks to be sent again what the store could not take', async () => {
  const post = await posting(chatWebhook(inbox, verify))
  await inbox.close()
  expect((await post(chat)).status).toBe(503)
})
