/** Messenger posts what people write to a page, and what of ours arrived and was read. */
import {
  receiveMessengerMessage,
  receiveMessengerReceipt,
  type MessengerReceipt,
} from '@threadbook/channels'
import type { Inbox } from '@threadbook/inbox'
import { invalid } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { RequestListener } from 'node:http'
import { refusal, webhook, type Answer, type Verify } from './webhook.js'

/** As much of it as is used here; Messenger may send more. */
const Watermark = t.type({ watermark: t.number })
const Messaging = t.intersection([
  t.type({ sender: t.type({ id: t.string }), recipient: t.type({ id: t.string }) }),
  t.partial({
    timestamp: t.number,
    message: t.intersection([
      t.type({ mid: t.string }),
      t.partial({ text: t.string, is_echo: t.boolean }),
    ]),
    delivery: Watermark,
    read: Watermark,
  }),
])
const Payload = t.type({ entry: t.array(t.type({ messaging: t.array(Messaging) })) }, 'Payload')
type Messaging = t.TypeOf<typeof Messaging>

const time = (milliseconds: number) => new Date(milliseconds).toISOString()

const receiptOf = (
  { sender, recipient }: Messaging,
  kind: MessengerReceipt['kind'],
  { watermark }: t.TypeOf<typeof Watermark>,
): MessengerReceipt => ({
  pageId: recipient.id,
  senderId: sender.id,
  kind,
  upTo: time(watermark),
})

const take = async (inbox: Inbox, one: Messaging): Promise<Answer | undefined> => {
  const { sender, recipient, timestamp, message, delivery, read } = one
  if (message !== undefined && message.is_echo !== true) {
    const taken = await receiveMessengerMessage(inbox, {
      pageId: recipient.id,
      senderId: sender.id,
      messageId: message.mid,
      text: message.text ?? '',
      ...(timestamp !== undefined && { at: time(timestamp) }),
    })
    if (E.isLeft(taken)) return refusal(taken.left)
  }
  // Nothing was sent in a conversation that there is none of: such a receipt says nothing.
  if (delivery !== undefined)
    await receiveMessengerReceipt(inbox, receiptOf(one, 'delivered', delivery))
  if (read !== undefined) await receiveMessengerReceipt(inbox, receiptOf(one, 'read', read))
  return undefined
}

// #region messenger
export const messengerWebhook = (
  inbox: Inbox,
  verify: Verify,
  verifyToken: string,
): RequestListener => {
  const posted = webhook(verify, async (payload) => {
    const decoded = Payload.decode(payload)
    if (E.isLeft(decoded)) return refusal({ type: 'InvalidCommand', ...invalid(decoded.left) })
    for (const { messaging } of decoded.right.entry)
      for (const one of messaging) {
        // All of it is posted again: what came in before is known by its id.
        const refused = await take(inbox, one)
        if (refused !== undefined) return refused
      }
    return { status: 200 }
  })
  // Once, when the page is connected, Messenger asks whether somebody is at home.
  return (request, response) => {
    if (request.method !== 'GET') return posted(request, response)
    const asked = new URL(request.url ?? '', 'http://localhost').searchParams
    const known = asked.get('hub.verify_token') === verifyToken
    response.writeHead(known ? 200 : 403).end(known ? asked.get('hub.challenge') : '')
  }
}
// #endregion messenger
