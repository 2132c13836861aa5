import { describe, expect, it } from '@jest/globals'
import { team, user, type ConversationEvent } from '@threadbook/core'
import { toSeal } from '@threadbook/sourcing'
import { thread, threadKeys, type Entry, type ThreadParts, type Viewer } from '../src/index.js'
import { ada, hidden, keys, minute, record, zoe, type Told } from './story.js'

const bo: Viewer = { actor: user('bo'), superAdmin: false }
const root: Viewer = { actor: user('root'), superAdmin: true }

const started: Told = {
  type: 'ConversationStarted',
  data: { inbox: 'support', channel: 'email', key: 'key' },
}
const message = (messageId: string, text: string) => ({
  messageId,
  channel: 'email' as const,
  preview: toSeal(text),
  content: toSeal({ text }),
  attachments: [],
})
type Received = Extract<ConversationEvent, { type: 'MessageReceived' }>['data']
const received = (id: string, text: string, more: Partial<Received> = {}): Told => ({
  type: 'MessageReceived',
  data: { ...message(id, text), from: zoe, mailClass: 'personal', ...more },
})
const sent = (id: string, text: string): Told => ({
  type: 'MessageSent',
  data: { ...message(id, text), kind: 'reply', to: [zoe] },
  by: ada.actor,
})
const commented: Told = {
  type: 'CommentAdded',
  data: { commentId: 'c', preview: toSeal('look'), text: toSeal('look, @bo'), mentions: ['bo'] },
  by: ada.actor,
}
const unhidden = (messageId: string): Told => ({ type: 'MessageUnhidden', data: { messageId } })
const failed: Told = {
  type: 'MessageDeliveryFailed',
  data: { messageId: 'b', reason: toSeal('mailbox full') },
}
const assigned: Told = { type: 'Assigned', data: { owner: team('night') } }
const at = (at: number, told: Told): Told => ({ ...told, at })

const partsOf = (told: readonly Told[]): ThreadParts => ({
  conversationId: 'one',
  events: record('one', told),
  keys,
})
const read = (told: readonly Told[], viewer = ada, differing: Partial<ThreadParts> = {}) =>
  thread({ ...partsOf(told), ...differing }, viewer)
const entries = (...args: Parameters<typeof read>) => read(...args)?.entries ?? []
const idOf = (entry: Entry) =>
  entry.type === 'comment' ? entry.commentId : entry.type === 'message' ? entry.messageId : ''

const history = [started, received('a', 'the lamp is broken'), sent('b', 'which lamp?')]

describe('a thread', () => {
  it('has messages of both directions, with who wrote and what', () =>
    expect(entries(history)).toMatchObject([
      {
        type: 'message',
        direction: 'incoming',
        from: { contact: 'zoe', who: { name: 'Zoe', address: 'zoe@example.org' } },
        content: { text: 'the lamp is broken' },
      },
      {
        type: 'message',
        direction: 'outgoing',
        actor: 'user:ada',
        kind: 'reply',
        to: [{ contact: 'zoe', who: { address: 'zoe@example.org' } }],
        content: { text: 'which lamp?' },
      },
    ]))
  it('S-071 has the comments of the team among them', () =>
    expect(entries([...history, commented]).at(-1)).toEqual({
      type: 'comment',
      conversationId: 'one',
      commentId: 'c',
      at: minute(3),
      actor: 'user:ada',
      text: 'look, @bo',
      mentions: ['bo'],
      spans: [],
    }))
  it('D-28 is in the order in which things happened, and of one time in that of writing', () =>
    expect(
      entries([
        started,
        at(9, received('late', '')),
        at(4, sent('first', '')),
        at(4, commented),
        at(4, received('second', '')),
      ]).map(idOf),
    ).toEqual(['first', 'c', 'second', 'late']))
  it('S-047 names owner, source and status', () => {
    expect(read(history)).toMatchObject({ owner: null, source: 'email', status: 'open' })
    expect(read([...history, assigned, { type: 'Closed', data: {} }])).toMatchObject({
      owner: 'team:night',
      source: 'email',
      status: 'closed',
    })
  })
  it('S-040 can be read in Trash', () =>
    expect(read([...history, { type: 'Trashed', data: {} }])).toMatchObject({ trashed: true }))
  it('S-044 S-092 is gone once purged, and was never there without a start', () => {
    const purged: Told = { type: 'Purged', data: { keys: ['key'], blobs: [] } }
    expect(read([...history, purged])).toBeUndefined()
    expect(read([])).toBeUndefined()
  })
  it('S-092 D-20 names each message by ids that stay', () =>
    expect(entries(history)[0]).toMatchObject({ conversationId: 'one', messageId: 'a' }))
  it('D-21 marks what was filtered, in its place', () =>
    expect(
      entries([...history, received('c', 'away', { filtered: 'automatedResponse' })]).at(-1),
    ).toMatchObject({ filtered: 'automatedResponse', content: { text: 'away' } }))
  it('shows what did not arrive, and why', () => {
    expect(entries(history)[1]).toMatchObject({ failed: null })
    expect(entries([...history, failed])[1]).toMatchObject({ failed: { reason: 'mailbox full' } })
  })
  it('names attachments and the blob of a long body', () => {
    const attachment = { blob: 'x1', size: 3, mimeType: 'text/plain', mac: 'm' }
    const long = received('a', 'beginning', {
      body: 'x2',
      subject: toSeal('lamp'),
      attachments: [{ ...attachment, name: toSeal('a.txt') }],
    })
    expect(entries([started, long])[0]).toMatchObject({
      subject: 'lamp',
      body: 'x2',
      attachments: [{ blob: 'x1', name: 'a.txt', size: 3, mimeType: 'text/plain', inline: false }],
    })
  })
  it('is plain JSON', () => {
    const answer = read([...history, commented, hidden('a'), failed])
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer)
  })
})

describe('what stands above a thread', () => {
  const withTicket: readonly Told[] = [
    ...history,
    { type: 'TicketAssociated', data: { ticket: 't1', name: toSeal('Broken lamp') } },
    { type: 'DealCreated', data: { deal: 'd1', name: toSeal('Ten lamps') } },
  ]
  it('S-074 is the ticket by its name, as a reference that opens the record', () => {
    expect(read(withTicket)).toMatchObject({
      tickets: [{ reference: { type: 'ticket', id: 't1' }, name: 'Broken lamp', closed: false }],
      deals: [{ reference: { type: 'deal', id: 'd1' }, name: 'Ten lamps' }],
    })
    expect(
      read([...withTicket, { type: 'TicketClosed', data: { ticket: 't1' } }])?.tickets,
    ).toMatchObject([{ closed: true }])
    expect(
      read([...withTicket, { type: 'TicketDeleted', data: { ticket: 't1' } }])?.tickets,
    ).toEqual([])
  })
  it('S-074 is a ticket without a name where the CRM alone knows it', () =>
    expect(
      read([...history, { type: 'TicketAssociated', data: { ticket: 't1' } }])?.tickets,
    ).toMatchObject([{ name: null }]))
  it('S-060 is that it was moved to the help desk', () =>
    expect(
      read([...withTicket, { type: 'MovedToHelpDesk', data: { ticket: 't1' } }]),
    ).toMatchObject({ onHelpDesk: true }))
  it('K-20 is how much of it the viewer has not seen', () => {
    const two = [...history, received('c', 'hello?')]
    const unread = (told: readonly Told[], read?: ThreadParts['read'], viewer = ada) =>
      thread({ ...partsOf(told), read }, viewer)?.unread
    expect(unread(two)).toBe(2)
    expect(unread(two, { inbound: 1, markedUnread: false })).toBe(1)
    expect(unread(two, { inbound: 2, markedUnread: false })).toBe(0)
    expect(unread(two, { inbound: 2, markedUnread: true })).toBe(1)
    expect(unread([...two, commented], { inbound: 2, markedUnread: false })).toBe(0)
    expect(unread([...two, { type: 'MarkedAsSpam', data: { cause: 'marked' } }])).toBe(0)
    expect(unread(two, undefined, { actor: '', superAdmin: false })).toBe(0)
  })
  it('S-072 is how often the viewer is mentioned', () => {
    expect(read([...history, commented], bo)?.mentions).toBe(1)
    expect(read([...history, commented], ada)?.mentions).toBe(0)
  })
})

describe('S-094 D-10 a hidden message', () => {
  const first = (told: readonly Told[], viewer = ada, differing: Partial<ThreadParts> = {}) =>
    entries([...history, ...told], viewer, differing)[0]
  it('keeps its place and its link, and nothing of its content', () => {
    expect(first([hidden('a')])).toEqual({
      type: 'message',
      conversationId: 'one',
      messageId: 'a',
      direction: 'incoming',
      channel: 'email',
      actor: 'contact',
      at: minute(1),
      hidden: {
        text: 'The message is hidden',
        unhiddenBy: { superAdmins: true, user: 'user:ada' },
        viewerMayUnhide: true,
      },
    })
    expect(JSON.stringify(read([...history, hidden('a')], root))).not.toContain('lamp is broken')
  })
  it('S-096 may be unhidden by whoever hid it and by super admins', () => {
    const may = (viewer: Viewer) => first([hidden('a')], viewer)
    expect(may(ada)).toMatchObject({ hidden: { viewerMayUnhide: true } })
    expect(may(root)).toMatchObject({ hidden: { viewerMayUnhide: true } })
    expect(may(bo)).toMatchObject({ hidden: { viewerMayUnhide: false } })
  })
  it('S-096 may be unhidden by super admins alone once whoever hid it is removed', () => {
    const gone = { removedUsers: new Set([ada.actor]) }
    expect(first([hidden('a')], root, gone)).toMatchObject({
      hidden: { unhiddenBy: { user: null }, viewerMayUnhide: true },
    })
    expect(first([hidden('a')], ada, gone)).toMatchObject({ hidden: { viewerMayUnhide: false } })
  })
  it('S-097 comes back when it is unhidden', () =>
    expect(first([hidden('a'), unhidden('a')])).toMatchObject({
      hidden: null,
      content: { text: 'the lamp is broken' },
    }))
})

describe('S-109 what was forgotten', () => {
  it('says so, each where its own key is gone', () => {
    const withoutContact = new Map([['key', keys.get('key')!]])
    expect(entries(history, ada, { keys: withoutContact })[0]).toMatchObject({
      from: { contact: 'zoe', who: { erased: true } },
      content: { text: 'the lamp is broken' },
    })
    expect(entries([...history, commented], ada, { keys: new Map() })).toMatchObject([
      { content: { erased: true } },
      { content: { erased: true } },
      { text: { erased: true } },
    ])
  })
  it('is opened with the keys that the events name', () =>
    expect(threadKeys(record('one', [...history, commented]))).toEqual(new Set(['key', 'contact'])))
})

describe('D-24 a merged conversation', () => {
  const source = {
    conversationId: 'two',
    events: record('two', [
      started,
      at(1, received('x', 'one more thing')),
      at(5, sent('y', 'noted')),
      hidden('y'),
      { type: 'MergedInto', data: { target: 'one' } },
    ]),
  }
  it('is part of the thread of its target, message for message in order of time', () =>
    expect(entries(history, ada, { merged: [source] }).map(idOf)).toEqual(['a', 'x', 'b', 'y']))
  it('keeps what was hidden hidden, and names its messages as before', () =>
    expect(entries(history, ada, { merged: [source] }).at(-1)).toMatchObject({
      conversationId: 'two',
      messageId: 'y',
      hidden: { text: 'The message is hidden' },
    }))
  it('says where its own thread goes on', () =>
    expect(thread({ ...source, keys }, ada)).toMatchObject({ mergedInto: 'one' }))
})
