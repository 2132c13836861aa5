/** Receipts that come back by a live channel: what the team wrote arrived, or was read. */
import { confirmDelivery, confirmRead, IsoTime, struct } from '@threadbook/core'
import { identityOf, type Inbox } from '@threadbook/inbox'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { messengerId } from './chat.js'
import { decode } from './incoming.js'
import { placeBy, senderClaim } from './place.js'

const kind = t.keyof({ delivered: null, read: null }, 'delivered or read')
const upTo = { kind, upTo: IsoTime }

/** Of a visitor of a chat widget: everything sent until then. */
const ChatReceipt = struct('ChatReceipt', { visitorId: t.string, ...upTo })
export type ChatReceipt = t.TypeOf<typeof ChatReceipt>

/** As Messenger tells it: a watermark. */
const MessengerReceipt = struct('MessengerReceipt', {
  pageId: t.string,
  senderId: t.string,
  ...upTo,
})
export type MessengerReceipt = t.TypeOf<typeof MessengerReceipt>

/** The sender has no conversation here that lives: there is nothing to confirm. */
export interface NoConversation {
  readonly type: 'NoConversation'
}

const confirm = async (
  inbox: Inbox,
  channel: 'chat' | 'messenger',
  address: string,
  receipt: { readonly kind: 'delivered' | 'read'; readonly upTo: string },
) => {
  const { door } = inbox
  const mac = await door.mac()
  const identity = identityOf(mac, channel, address)
  const claim = senderClaim(mac, door.inbox, channel, identity)
  const found = await door.commands.transact<NoConversation, string>(
    { account: door.account, actor: 'contact', commandId: door.newId() },
    async (transaction) => {
      const place = await placeBy(transaction, claim)
      return place.type === 'nowhere'
        ? E.left({ type: 'NoConversation' })
        : E.right(place.conversationId)
    },
  )
  if (E.isLeft(found)) return found
  const asked = {
    conversationId: found.right.value,
    upTo: receipt.upTo,
    actor: 'contact' as const,
  }
  return inbox.execute(receipt.kind === 'read' ? confirmRead(asked) : confirmDelivery(asked))
}

const decodeChat = decode(ChatReceipt)
const decodeMessenger = decode(MessengerReceipt)

export const receiveChatReceipt = async (inbox: Inbox, input: ChatReceipt) => {
  const decoded = decodeChat(input)
  return E.isLeft(decoded)
    ? decoded
    : confirm(inbox, 'chat', decoded.right.visitorId, decoded.right)
}

export const receiveMessengerReceipt = async (inbox: Inbox, input: MessengerReceipt) => {
  const decoded = decodeMessenger(input)
  if (E.isLeft(decoded)) return decoded
  const { pageId, senderId } = decoded.right
  return confirm(inbox, 'messenger', messengerId(pageId, senderId), decoded.right)
}
