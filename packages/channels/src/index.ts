export { receiveChatMessage, receiveMessengerMessage } from './chat.js'
export { recordCall } from './call.js'
export { submitForm } from './form.js'
export type {
  Call,
  ChatMessage,
  FormSubmission,
  IncomingFile,
  MessengerMessage,
} from './incoming.js'
export {
  receiveChatReceipt,
  receiveMessengerReceipt,
  type ChatReceipt,
  type MessengerReceipt,
  type NoConversation,
} from './receipts.js'
export { echoOf, type WidgetEcho } from './widget.js'
export type { ChannelNotConnected, ChannelRefusal, TakeIn, TakenIn } from './work.js'
