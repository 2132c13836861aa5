/** Conversations to read: each event takes a minute. */
import { user, type ConversationEvent } from '@threadbook/core'
import { toSeal, type IsoTime, type StreamEvent } from '@threadbook/sourcing'
import { sealData } from '@threadbook/sourcing/testing'
import { thread, type Thread, type Viewer } from '../src/index.js'

export const ada: Viewer = { actor: user('ada'), superAdmin: false }
export const minute = (n: number): IsoTime => new Date(Date.UTC(2026, 2, 1, 8, n)).toISOString()

export type Told = ConversationEvent & { readonly at?: number; readonly by?: string }
type Data<T extends ConversationEvent['type']> = Extract<
  ConversationEvent,
  { readonly type: T }
>['data']

const key = (id: string) => ({ id, bytes: new Uint8Array(32).fill(id.length) })
export const keys = new Map(['key', 'contact'].map((id) => [id, key(id).bytes]))

export const record = (
  id: string,
  told: readonly Told[],
): readonly StreamEvent<ConversationEvent>[] =>
  told.map(({ type, data, at, by = 'contact' }, revision) => {
    const event = `${id}-${String(revision)}`
    return {
      id: event,
      type,
      data: sealData(data, event, (name) => key(name === 'stream' ? 'key' : name)),
      stream: `conversation-acme.${id}`,
      revision,
      metadata: {
        schemaVersion: 1,
        account: 'acme',
        actor: by,
        commandId: event,
        occurredAt: minute(at ?? revision),
        recordedAt: minute(at ?? revision),
      },
    } as StreamEvent<ConversationEvent>
  })

export const zoe = {
  identity: '#zoe',
  contact: 'zoe',
  who: toSeal({ name: 'Zoe', address: 'zoe@example.org' }, 'contact'),
}
export const paul = { identity: '#paul', who: toSeal({ address: 'paul@example.net' }) }

export const started = (channel: Data<'ConversationStarted'>['channel'] = 'email'): Told => ({
  type: 'ConversationStarted',
  data: { inbox: 'support', channel, key: 'key' },
})
const message = (messageId: string, text: string, html?: string) => ({
  messageId,
  channel: 'email' as const,
  preview: toSeal(text),
  content: toSeal({ text, ...(html !== undefined && { html }) }),
  attachments: [],
})
export const received = (
  id: string,
  text: string,
  more: Partial<Data<'MessageReceived'>> = {},
): Told => ({
  type: 'MessageReceived',
  data: { ...message(id, text), from: zoe, mailClass: 'personal', ...more },
})
export const sent = (
  id: string,
  text: string,
  more: Partial<Data<'MessageSent'>> & { html?: string } = {},
): Told => {
  const { html, ...rest } = more
  const data = { ...message(id, text, html), kind: 'reply' as const, to: [zoe], ...rest }
  return { type: 'MessageSent', data, by: ada.actor }
}
export const commented: Told = {
  type: 'CommentAdded',
  data: { commentId: 'c', preview: toSeal('look'), text: toSeal('a secret'), mentions: [] },
  by: ada.actor,
}
export const hidden = (messageId: string): Told => ({
  type: 'MessageHidden',
  data: { messageId },
  by: ada.actor,
})

export const read = (...told: readonly Told[]): Thread =>
  thread({ conversationId: 'one', events: record('one', told), keys }, ada)!
