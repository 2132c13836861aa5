/** A support desk with every channel connected. Each act takes a minute. */
import { connectChannel, type Channel } from '@threadbook/core'
import { openInbox } from '@threadbook/inbox'
import type { Entry } from '@threadbook/projection-thread'
import type { Adapters } from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import type * as E from 'fp-ts/lib/Either.js'
import {
  ada,
  clockFrom,
  deskAt,
  right,
  START,
  type Clock,
  type Desk as InboxDesk,
} from '../../inbox/test/fixtures.js'
import {
  receiveChatMessage,
  receiveMessengerMessage,
  recordCall,
  submitForm,
  type Call,
  type ChatMessage,
  type FormSubmission,
  type MessengerMessage,
  type TakenIn,
} from '../src/index.js'

export { ada, right }

export interface Desk extends Omit<InboxDesk, 'receive' | 'requestOf' | 'refused'> {
  readonly now: Clock['now']
  readonly pass: Clock['pass']
  readonly chat: (fields?: Partial<ChatMessage>) => Promise<TakenIn>
  readonly messenger: (fields?: Partial<MessengerMessage>) => Promise<TakenIn>
  readonly form: (fields?: Partial<FormSubmission>) => Promise<TakenIn>
  readonly call: (fields?: Partial<Call>) => Promise<TakenIn>
  /** The types of a conversation's events. */
  readonly told: (conversationId: string) => Promise<readonly string[]>
  readonly entries: (conversationId: string) => Promise<readonly Entry[]>
}

let ids = 0
const id = () => `id-${String(ids++)}`

export const chatMessage = (fields: Partial<ChatMessage> = {}): ChatMessage => ({
  visitorId: 'visitor-1',
  messageId: id(),
  text: 'Hello',
  ...fields,
})
const messengerMessage = (fields: Partial<MessengerMessage> = {}): MessengerMessage => ({
  pageId: 'page-1',
  senderId: 'psid-1',
  messageId: id(),
  text: 'Hello',
  ...fields,
})
export const submission = (fields: Partial<FormSubmission> = {}): FormSubmission => ({
  submissionId: id(),
  form: { id: 'form-1', name: 'Support' },
  fields: [{ name: 'topic', label: 'Topic', value: 'A refund' }],
  email: 'zoe@mail.example',
  ...fields,
})
export const aCall = (fields: Partial<Call> = {}): Call => ({
  callId: id(),
  number: '+49 30 123456',
  line: 'line-1',
  direction: 'incoming',
  durationSeconds: 185,
  ...fields,
})

const channels: readonly Channel[] = ['email', 'chat', 'messenger', 'form', 'call']

export const openDesk = async (adapters?: Adapters): Promise<Desk> => {
  const used = adapters ?? (await memory())
  const clock = clockFrom(START)
  const inbox = await openInbox(used, { clock })
  const desk = deskAt(inbox, used, clock)
  const stepped = <A>(act: () => Promise<E.Either<unknown, A>>) => {
    clock.pass({ minutes: 1 })
    return act().then(right)
  }
  for (const channel of channels)
    await desk.ask(connectChannel({ inboxId: 'support', channel, actor: 'system' }))
  return {
    ...desk,
    ...clock,
    chat: (fields) => stepped(() => receiveChatMessage(inbox, chatMessage(fields))),
    messenger: (fields) => stepped(() => receiveMessengerMessage(inbox, messengerMessage(fields))),
    form: (fields) => stepped(() => submitForm(inbox, submission(fields))),
    call: (fields) => stepped(() => recordCall(inbox, aCall(fields))),
    told: async (conversationId) =>
      (await desk.stream('conversation', conversationId)).map(({ type }) => type),
    entries: async (conversationId) => right(await inbox.thread(conversationId)).entries,
  }
}
