/** Something that was sent as the port is given it: read from the log, opened, rendered. */
import {
  htmlOfText,
  inboxes,
  inboxSettings,
  insertHtml,
  insertText,
  linkTo,
  unplacedInserts,
  type Content,
  type ConversationEvent,
  type InboxSettings,
  type Person,
} from '@threadbook/core'
import {
  forwarding,
  transcript,
  type Entry,
  type ShownMessage,
  type ShownPerson,
  type Thread,
} from '@threadbook/projection-thread'
import { Faulted, isErased, type RecordedEvent } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door } from '../door.js'
import { stateOf } from '../state-of.js'
import { eventsWithMerged, readBlob, readThread } from '../thread.js'
import type { Outgoing, OutgoingAttachment, OutgoingMail } from './port.js'

type Event = RecordedEvent<ConversationEvent>
type Leaving = Extract<
  Event,
  { readonly type: 'MessageSent' | 'MessageForwarded' | 'TranscriptSent' | 'CommentAdded' }
>

/** The event that something left with, by its id. */
const leavingIn = (events: readonly Event[], messageId: string): Leaving | undefined =>
  events.find((event): event is Leaving => {
    if (event.type === 'MessageSent' || event.type === 'MessageForwarded')
      return event.data.messageId === messageId
    if (event.type === 'TranscriptSent') return event.data.transcriptId === messageId
    return event.type === 'CommentAdded' && messageId.startsWith(`${event.data.commentId}/`)
  })

interface Work {
  readonly door: Door
  readonly conversationId: string
  readonly messageId: string
  readonly events: readonly Event[]
  readonly thread: Thread
  readonly team: string
  readonly from: Person | undefined
}

const peopleOf = (shown: readonly ShownPerson[]): readonly Person[] =>
  shown.flatMap(({ who }) => (isErased(who) || who.address === '' ? [] : [who]))

/** `support+…@example.com`: whoever answers there is in the conversation. */
const plusAddress = ({ address }: Person, token: string): string => {
  const at = address.lastIndexOf('@')
  return at < 1 ? address : `${address.slice(0, at)}+${token}${address.slice(at)}`
}

const isShown = (entry: Entry): entry is ShownMessage =>
  entry.type === 'message' && entry.hidden === null

/** Of a mail that came in, or of ours. */
const mailIdOf = (entry: ShownMessage, ours: ReadonlyMap<string, string>): string | undefined =>
  ours.get(entry.messageId) ?? (isErased(entry.content) ? undefined : entry.content.sourceId)

const MOST_REFERENCES = 30

/** The mails before it: the latest from the other side is what it answers. */
const threading = (
  { events, thread }: Work,
  before: number,
): Pick<OutgoingMail, 'inReplyTo' | 'references'> => {
  const ours = new Map(
    events.flatMap((event) =>
      event.type === 'MessageSent' && event.data.outbox?.mailId !== undefined
        ? [[event.data.messageId, event.data.outbox.mailId]]
        : [],
    ),
  )
  const earlier = thread.entries
    .slice(0, before)
    .filter(isShown)
    .filter(({ channel, filtered }) => channel === 'email' && filtered === null)
  const incoming = earlier.filter(({ direction }) => direction === 'incoming')
  const answered = incoming.at(-1) ?? earlier.at(-1)
  const inReplyTo = answered && mailIdOf(answered, ours)
  const ids = earlier.flatMap((entry) => mailIdOf(entry, ours) ?? [])
  // What it answers stands last, where old mail software looks.
  const references = [...new Set(ids.filter((id) => id !== inReplyTo))].slice(-MOST_REFERENCES)
  return inReplyTo === undefined
    ? { references }
    : { inReplyTo, references: [...references, inReplyTo] }
}

const mailOf = (
  { from, conversationId }: Work,
  mailId: string | undefined,
  thread: Pick<OutgoingMail, 'inReplyTo' | 'references'>,
): { readonly mail?: OutgoingMail } => {
  if (from === undefined || mailId === undefined) return {}
  const replyTo = { ...from, address: plusAddress(from, conversationId) }
  return { mail: { mailId, from, replyTo, ...thread } }
}

const attachmentsOf = async (
  { door, conversationId }: Work,
  { attachments }: ShownMessage,
): Promise<readonly OutgoingAttachment[]> => {
  const read: OutgoingAttachment[] = []
  for (const { blob, name, mimeType, size, inline, contentId } of attachments) {
    const bytes = await readBlob(door, conversationId, blob)
    if (E.isLeft(bytes)) {
      if (bytes.left.type === 'NoSuchBlob' || bytes.left.type === 'NoSuchThread') continue
      throw new Faulted(bytes.left)
    }
    const known = contentId === null || isErased(contentId) ? {} : { contentId }
    const shown = isErased(name) ? '' : name
    read.push({ name: shown, mimeType, size, inline, ...known, bytes: bytes.right })
  }
  return read
}

/** What was put in and has no place of its own in the HTML stands below it (S-068). */
const withInserts = ({ text, html, inserts = [] }: Content) => {
  const below = unplacedInserts(html ?? '', inserts)
  if (below.length === 0) return { text, ...(html !== undefined && { html }) }
  const lines = below.map(({ insert }) => insertText(insert))
  const paragraphs = below.map(({ insert, index }) => `<p>${insertHtml(insert, index)}</p>`)
  return {
    text: [text.trimEnd(), '', ...lines].join('\n'),
    html: `${html ?? htmlOfText(text)}${paragraphs.join('')}`,
  }
}

/** The subject of a conversation: of its first message that has one and may be read. */
const subjectOf = ({ entries }: Thread): string => {
  for (const entry of entries)
    if (isShown(entry) && typeof entry.subject === 'string' && entry.subject.trim() !== '')
      return entry.subject
  return ''
}

const prefixed = (prefix: string, subject: string): string =>
  subject.toLowerCase().startsWith(`${prefix.toLowerCase()}:`) ? subject : `${prefix}: ${subject}`

type Made = Omit<Outgoing, 'account' | 'inbox' | 'conversationId' | 'messageId' | 'attempt'>

const AUTOMATIC = /^(?:system$|bot:)/

const message = async (
  work: Work,
  { data, metadata }: Extract<Event, { readonly type: 'MessageSent' }>,
): Promise<Made | undefined> => {
  const { thread, messageId } = work
  const at = thread.entries.findIndex((e) => e.type === 'message' && e.messageId === messageId)
  const entry = thread.entries[at]
  if (entry === undefined || !isShown(entry) || isErased(entry.content)) return undefined
  const { cc = [] } = entry.content
  const copied = new Set(cc.map(({ address }) => address))
  const people = peopleOf(entry.to)
  const visitor = thread.entries.find((e) => isShown(e) && e.from !== null)
  const to = people.filter(({ address }) => !copied.has(address))
  const own = typeof entry.subject === 'string' ? entry.subject : ''
  const subject = own !== '' || at === 0 ? own : prefixed('Re', subjectOf(thread))
  return {
    route: data.channel,
    kind: data.kind === 'logged' ? 'composed' : data.kind,
    automatic: data.kind === 'bot' || AUTOMATIC.test(metadata.actor),
    to:
      data.channel === 'email' || visitor === undefined || !isShown(visitor)
        ? to
        : peopleOf(visitor.from === null ? [] : [visitor.from]),
    cc: data.channel === 'email' ? people.filter(({ address }) => copied.has(address)) : [],
    subject: data.channel === 'email' ? subject : own,
    ...withInserts(entry.content),
    attachments: await attachmentsOf(work, entry),
    ...mailOf(work, data.outbox?.mailId, threading(work, at)),
  }
}

const isOf =
  (messageId: string) =>
  (entry: Entry): entry is Extract<Entry, { readonly type: 'forward' | 'transcript' }> =>
    (entry.type === 'forward' || entry.type === 'transcript') && entry.messageId === messageId

const forwarded = async (
  work: Work,
  { data, metadata }: Extract<Event, { readonly type: 'MessageForwarded' }>,
): Promise<Made | undefined> => {
  const { thread, messageId, team } = work
  const entry = thread.entries.find(isOf(messageId))
  if (entry?.type !== 'forward' || entry.hidden !== null) return undefined
  if (isErased(entry.content)) return undefined
  const below = forwarding(thread, data.forwarded, { team, until: metadata.occurredAt })
  if (below === undefined) return undefined
  const note = withInserts(entry.content)
  return {
    route: 'email',
    kind: 'forward',
    automatic: AUTOMATIC.test(metadata.actor),
    to: peopleOf(entry.to),
    cc: [],
    subject: prefixed('Fwd', below.subject),
    text: [note.text.trimEnd(), below.text].filter((part) => part !== '').join('\n\n'),
    html: `${note.html ?? (note.text === '' ? '' : htmlOfText(note.text))}${below.html}`,
    attachments: await attachmentsOf(work, below.message),
    ...mailOf(work, data.outbox?.mailId, { references: [] }),
  }
}

const transcriptOf = (
  work: Work,
  { data, metadata }: Extract<Event, { readonly type: 'TranscriptSent' }>,
): Made | undefined => {
  const { thread, messageId, team } = work
  const entry = thread.entries.find(isOf(messageId))
  if (entry?.type !== 'transcript') return undefined
  const told = transcript(thread, { team, until: metadata.occurredAt })
  return {
    route: 'email',
    kind: data.cause === 'ended' ? 'history' : 'transcript',
    automatic: true,
    to: peopleOf(entry.to),
    cc: [],
    subject: `Your conversation with ${team}`,
    ...told,
    attachments: [],
    ...mailOf(work, data.outbox?.mailId, { references: [] }),
  }
}

/** An id in the form of a Message-ID's left side, whatever a host calls its users. */
const idWord = (id: string): string => id.replace(/[^\w.-]/g, (char) => `_${char.codePointAt(0)}_`)

const mention = (
  { thread, messageId, conversationId, from }: Work,
  { data, metadata }: Extract<Event, { readonly type: 'CommentAdded' }>,
): Made | undefined => {
  const entry = thread.entries.find(
    (each) => each.type === 'comment' && each.commentId === data.commentId,
  )
  if (entry?.type !== 'comment' || isErased(entry.text)) return undefined
  const link = linkTo({ conversationId })
  const userId = messageId.slice(data.commentId.length + 1)
  return {
    route: 'notification',
    kind: 'mention',
    automatic: true,
    to: [],
    cc: [],
    subject: subjectOf(thread),
    text: entry.text,
    attachments: [],
    mention: { userId, by: metadata.actor, commentId: data.commentId, link },
    ...(from && {
      mail: {
        mailId: `${idWord(messageId)}@${from.address.split('@').at(-1)!}`,
        from,
        references: [],
      },
    }),
  }
}

const fromOf = (settings: InboxSettings | undefined): Person | undefined => {
  const address = settings?.channels.find(({ channel }) => channel === 'email')?.address
  return address === undefined ? undefined : { name: settings!.name, address }
}

/** Undefined where it may not leave any more: its content is gone, or was hidden. */
export const composeOutgoing = async (
  door: Door,
  conversationId: string,
  messageId: string,
): Promise<Omit<Outgoing, 'attempt'> | undefined> => {
  const thread = await readThread(door, conversationId)
  if (E.isLeft(thread)) {
    if (thread.left.type === 'NoSuchThread') return undefined
    throw new Faulted(thread.left)
  }
  const events = await eventsWithMerged(door, conversationId)
  const event = leavingIn(events, messageId)
  if (event === undefined) return undefined
  const settings = inboxSettings(await stateOf(door, inboxes, thread.right.inbox))
  const work: Work = {
    door,
    conversationId,
    messageId,
    events,
    thread: thread.right,
    team: settings?.name ?? thread.right.inbox,
    from: fromOf(settings),
  }
  const made = await makeOf(work, event)
  return (
    made && {
      account: door.account,
      inbox: thread.right.inbox,
      conversationId,
      messageId,
      ...made,
    }
  )
}

const makeOf = async (work: Work, event: Leaving): Promise<Made | undefined> => {
  switch (event.type) {
    case 'MessageSent':
      return message(work, event)
    case 'MessageForwarded':
      return forwarded(work, event)
    case 'TranscriptSent':
      return transcriptOf(work, event)
    case 'CommentAdded':
      return mention(work, event)
  }
}
