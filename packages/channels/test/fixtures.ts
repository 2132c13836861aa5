/** A support desk with every channel connected. Each act takes a minute. */
import { connectChannel, user, type Channel, type Request } from '@threadbook/core'
import { openInbox, type Accepted, type Inbox } from '@threadbook/inbox'
import type { Entry } from '@threadbook/projection-thread'
import {
  conversationRows,
  viewFilter,
  views,
  type ConversationRow,
  type ViewKey,
} from '@threadbook/projection-views'
import {
  predicate,
  streamName,
  type Adapters,
  type IsoTime,
  type RecordedEvent,
  type Rows,
} from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'
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

const rows = conversationRows as unknown as Rows
export const ada = user('ada')

/** The Right; a Left fails the test, with what it says. */
export const right = <A>(answer: E.Either<unknown, A>): A => {
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left))
  return answer.right
}

export interface Desk {
  readonly inbox: Inbox
  readonly adapters: Adapters
  readonly now: () => IsoTime
  readonly pass: (span: { readonly minutes?: number; readonly days?: number }) => void
  readonly ask: (request: Request) => Promise<Accepted>
  readonly chat: (fields?: Partial<ChatMessage>) => Promise<TakenIn>
  readonly messenger: (fields?: Partial<MessengerMessage>) => Promise<TakenIn>
  readonly form: (fields?: Partial<FormSubmission>) => Promise<TakenIn>
  readonly call: (fields?: Partial<Call>) => Promise<TakenIn>
  readonly row: (conversationId: string) => Promise<ConversationRow | undefined>
  readonly shownIn: (conversationId: string) => Promise<readonly ViewKey[]>
  readonly stream: (category: string, id: string) => Promise<readonly RecordedEvent[]>
  /** The types of a conversation's events. */
  readonly told: (conversationId: string) => Promise<readonly string[]>
  readonly entries: (conversationId: string) => Promise<readonly Entry[]>
  readonly log: () => Promise<readonly RecordedEvent[]>
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
  let time = Date.parse('2026-03-02T09:00:00.000Z')
  const now = () => new Date(time).toISOString()
  const pass: Desk['pass'] = ({ minutes = 0, days = 0 }) => {
    time += (days * 1_440 + minutes) * 60_000
  }
  const inbox = await openInbox(used, { clock: { now } })
  const { account } = inbox.door
  const stepped = <A>(act: () => Promise<E.Either<unknown, A>>) => {
    pass({ minutes: 1 })
    return act().then(right)
  }
  const row = async (conversationId: string) =>
    right(await used.readModels.get(rows, [conversationId])()).get(conversationId) as
      ConversationRow | undefined
  const stream: Desk['stream'] = async (category, of) =>
    right(await used.store.readStream(streamName(category, account, of))()).events
  const desk: Desk = {
    inbox,
    adapters: used,
    now,
    pass,
    ask: (request) => stepped(() => inbox.execute(request)),
    chat: (fields) => stepped(() => receiveChatMessage(inbox, chatMessage(fields))),
    messenger: (fields) => stepped(() => receiveMessengerMessage(inbox, messengerMessage(fields))),
    form: (fields) => stepped(() => submitForm(inbox, submission(fields))),
    call: (fields) => stepped(() => recordCall(inbox, aCall(fields))),
    row,
    shownIn: async (conversationId) => {
      const found = (await row(conversationId)) as unknown as Record<string, unknown> | undefined
      const scope = { account, inbox: inbox.door.inbox, viewer: 'ada' }
      return found === undefined
        ? []
        : views.map(({ key }) => key).filter((key) => predicate(viewFilter(key, scope))(found))
    },
    stream,
    told: async (conversationId) =>
      (await stream('conversation', conversationId)).map(({ type }) => type),
    entries: async (conversationId) => right(await inbox.thread(conversationId)).entries,
    log: async () => right(await used.store.readAll({ limit: 100_000 })()).events,
  }
  for (const channel of channels)
    await desk.ask(connectChannel({ inboxId: 'support', channel, actor: 'system' }))
  return desk
}
