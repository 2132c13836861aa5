/** Messages of a chat widget, and of Messenger. */
import type { Inbox } from '@threadbook/inbox'
import * as E from 'fp-ts/lib/Either.js'
import { ChatMessage, decode, MessengerMessage } from './incoming.js'
import { receiveIncoming } from './intake.js'
import type { TakeIn } from './work.js'

const decodeChat = decode(ChatMessage)
const decodeMessenger = decode(MessengerMessage)

const threading = ({ newConversation }: { readonly newConversation?: true }) =>
  newConversation === true ? 'fresh' : 'sender'

const personOf = (address: string, name: string | undefined) => ({
  address,
  ...(name !== undefined && { name }),
})

/** What a visitor wrote, into their conversation (D-05, D-22). Its id is the widget's own. */
export const receiveChatMessage = async (inbox: Inbox, input: ChatMessage): TakeIn => {
  const decoded = decodeChat(input)
  if (E.isLeft(decoded)) return decoded
  const {
    visitorId,
    messageId,
    text,
    name,
    email,
    widget,
    page,
    attachments = [],
    at,
  } = decoded.right
  return receiveIncoming(inbox, {
    channel: 'chat',
    direction: 'incoming',
    sourceId: `${visitorId}\n${messageId}`,
    sender: { kind: 'chat', person: personOf(visitorId, name), email },
    content: {
      text,
      files: attachments,
      source: widget === undefined ? {} : { origin: widget },
      details: {
        ...(page !== undefined && { pageUrl: page.url }),
        ...(page?.title !== undefined && { pageTitle: page.title }),
      },
    },
    at,
    threading: threading(decoded.right),
    chatflow: decoded.right.chatflow,
  })
}

/** A page's sender is known by an id that holds for that page alone (D-20). */
export const messengerId = (pageId: string, senderId: string): string => `${pageId}:${senderId}`

export const receiveMessengerMessage = async (inbox: Inbox, input: MessengerMessage): TakeIn => {
  const decoded = decodeMessenger(input)
  if (E.isLeft(decoded)) return decoded
  const { pageId, senderId, messageId, text, name, attachments = [], at } = decoded.right
  return receiveIncoming(inbox, {
    channel: 'messenger',
    direction: 'incoming',
    sourceId: `${pageId}\n${messageId}`,
    sender: { kind: 'messenger', person: personOf(messengerId(pageId, senderId), name) },
    content: { text, files: attachments, source: { origin: pageId }, details: {} },
    at,
    threading: threading(decoded.right),
    chatflow: decoded.right.chatflow,
  })
}
