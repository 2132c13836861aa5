/** An inbox in memory to work in. Each act takes a minute. */
import { connectChannel, draft, user, type ReceiveMessage, type Request } from '@threadbook/core'
import { openInbox, type Accepted, type Inbox, type OpenOptions } from '@threadbook/inbox'
import {
  conversationRows,
  viewFilter,
  views,
  type ConversationRow,
  type ViewKey,
} from '@threadbook/projection-views'
import {
  catchUp,
  predicate,
  streamName,
  toSeal,
  type Adapters,
  type IsoTime,
  type RecordedEvent,
  type Rows,
} from '@threadbook/sourcing'
import { memory, memoryReadModels } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, expect } from '@jest/globals'

export const ada = user('ada')
const rows = conversationRows as unknown as Rows

/** The Right; a Left fails the test, with what it says. */
export const right = <A>(answer: E.Either<unknown, A>): A => {
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left))
  return answer.right
}

export interface Clock {
  readonly now: () => IsoTime
  readonly pass: (span: { readonly minutes?: number; readonly days?: number }) => IsoTime
}

export const clockFrom = (start: IsoTime): Clock => {
  let time = Date.parse(start)
  const now = () => new Date(time).toISOString()
  return {
    now,
    pass: ({ minutes = 0, days = 0 }) => {
      time += (days * 1_440 + minutes) * 60_000
      return now()
    },
  }
}

/** The adapters stay open when an inbox on them is closed: another is to find what it left. */
export const lasting = (adapters: Adapters): Adapters => ({
  ...adapters,
  close: () => Promise.resolve(),
})

interface Incoming {
  readonly conversationId?: string
  /** The local part of an address. */
  readonly from?: string
  readonly text?: string
  readonly channel?: ReceiveMessage['message']['channel']
  readonly spam?: ReceiveMessage['spam']
  readonly contact?: string
  readonly commandId?: string
}

export interface Desk {
  readonly inbox: Inbox
  readonly adapters: Adapters
  readonly clock: Clock
  readonly ask: (request: Request) => Promise<Accepted>
  /** What it was refused with, or why it failed. */
  readonly refused: (request: Request) => Promise<{ readonly type: string }>
  /** A message that starts a conversation, unless told which it is for. */
  readonly receive: (incoming?: Incoming) => Promise<string>
  readonly requestOf: (incoming?: Incoming) => Promise<ReceiveMessage>
  readonly row: (conversationId: string) => Promise<ConversationRow | undefined>
  readonly shownIn: (conversationId: string) => Promise<readonly ViewKey[]>
  readonly stream: (category: string, id: string) => Promise<readonly RecordedEvent[]>
  readonly log: () => Promise<readonly RecordedEvent[]>
}

const opened = new Set<Inbox>()
afterAll(async () => {
  for (const inbox of opened) await inbox.close()
})

/**
 * Closed when the test file ends, if not before: an open inbox looks at its log once a second, also
 * while the tests of other files run in the same process.
 */
export const closedAtTheEnd = (inbox: Inbox): Inbox => {
  opened.add(inbox)
  return inbox
}

export const deskAt = (inbox: Inbox, adapters: Adapters, clock: Clock): Desk => {
  closedAtTheEnd(inbox)
  const { account, inbox: inboxId } = inbox.door
  const ask = async (request: Request) => {
    clock.pass({ minutes: 1 })
    return right(await inbox.execute(request))
  }
  const requestOf: Desk['requestOf'] = async ({
    conversationId,
    from = 'bo',
    text = 'Hello',
    channel = 'email',
    spam,
    contact,
    commandId,
  } = {}) => {
    const key = conversationId === undefined ? await inbox.door.keys.fresh() : undefined
    return {
      type: 'ReceiveMessage',
      conversationId: conversationId ?? inbox.door.newId(),
      message: {
        ...draft({ text, subject: text }),
        messageId: inbox.door.newId(),
        channel,
        attachments: [],
      },
      from: {
        identity: `identity of ${from}`,
        who: toSeal({ address: `${from}@mail.example` }),
        ...(contact !== undefined && { contact }),
      },
      mailClass: 'personal',
      actor: 'contact',
      ...(key !== undefined && {
        start: { inbox: inboxId, key, ...(contact !== undefined && { contact }) },
      }),
      ...(spam !== undefined && { spam }),
      ...(commandId !== undefined && { commandId }),
    }
  }
  const row = async (id: string) =>
    right(await adapters.readModels.get(rows, [id])()).get(id) as ConversationRow | undefined
  return {
    inbox,
    adapters,
    clock,
    ask,
    refused: async (request) => {
      clock.pass({ minutes: 1 })
      const answer = await inbox.execute(request)
      if (E.isRight(answer)) throw new Error(`${request.type} was accepted`)
      return answer.left
    },
    receive: async (incoming) => (await ask(await requestOf(incoming))).conversationId!,
    requestOf,
    row,
    shownIn: async (id) => {
      const found = (await row(id)) as unknown as Record<string, unknown> | undefined
      const scope = { account, inbox: inboxId, viewer: 'ada' }
      return found === undefined
        ? []
        : views.map(({ key }) => key).filter((key) => predicate(viewFilter(key, scope))(found))
    },
    stream: async (category, id) =>
      right(await adapters.store.readStream(streamName(category, account, id))()).events,
    log: async () => right(await adapters.store.readAll({ limit: 100_000 })()).events,
  }
}

export const START = '2026-03-02T09:00:00.000Z'

export const openDesk = async (adapters?: Adapters, options: OpenOptions = {}): Promise<Desk> => {
  const used = adapters ?? (await memory())
  const clock = clockFrom(START)
  const desk = deskAt(await openInbox(used, { clock, ...options }), used, clock)
  for (const [channel, address] of [
    ['email', 'support@example.com'],
    ['chat', 'widget'],
  ] as const)
    await desk.ask(connectChannel({ inboxId: 'support', channel, address, actor: 'system' }))
  return desk
}

/** The rows that a rebuild from the log gives are those there are. */
export const expectRebuilt = async ({ store, readModels }: Adapters): Promise<void> => {
  const fresh = memoryReadModels()
  right(await fresh.open(rows)())
  right(await catchUp(store, fresh, rows))
  const all = {
    where: { and: [] },
    order: { column: 'lastMessageAt', direction: 'ascending' },
    limit: 100_000,
  } as const
  const kept = right(await readModels.find(rows, all)())
  expect(kept).toEqual(right(await fresh.find(rows, all)()))
  const names = [...new Set(kept.flatMap(({ row }) => rows.counters!(row)))]
  expect(right(await readModels.counters(rows, names)())).toEqual(
    names.map((name) => kept.filter(({ row }) => rows.counters!(row).includes(name)).length),
  )
}
