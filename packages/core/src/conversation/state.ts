/** A conversation as its events tell it. Independent facts stand side by side (D-01). */
import type { IsoTime, KeyId, StreamEvent } from '@threadbook/sourcing'
import type { Channel, MailClass, Owner, SpamCause } from '../vocabulary.js'
import { evolveDeliveries, type DeliveryFacts } from './deliveries.js'
import type { ConversationEvent } from './events.js'
import { evolveRecords, noRecords, type Records } from './state-records.js'
import type { PropertyValue } from './property.js'

export type Conversation = Absent | Present | Purged

interface Absent {
  readonly situation: 'absent'
}

export interface Present {
  readonly situation: 'present'
  readonly inbox: string
  /** Where it came from; it stays (S-107). */
  readonly channel: Channel
  readonly key: KeyId
  readonly contact: string | undefined
  /** The identity at the other end of the first message. */
  readonly correspondent: string | undefined
  /** When its first event happened. */
  readonly startedAt: IsoTime
  readonly continues: string | undefined
  /** Something came from the contact's side (D-03). */
  readonly hasInbound: boolean
  /** When the visitor's latest message was written (D-28). */
  readonly lastInboundAt: IsoTime | undefined
  /** The class of the latest e-mail that came, filtered or not (D-28). */
  readonly lastMail: { readonly at: IsoTime; readonly mailClass: MailClass } | undefined
  readonly owner: Owner | undefined
  readonly everOwned: boolean
  /** All who ever owned it. */
  readonly owners: ReadonlySet<Owner>
  /** Undefined while it is open; `at` is when it was closed, as the source says. */
  readonly closed: { readonly at: IsoTime } | undefined
  /** `since` is when it was marked, by the writer's clock (D-28). */
  readonly spam: { readonly cause: SpamCause; readonly since: IsoTime } | undefined
  /** `since` is when it was last trashed, by the writer's clock (D-06). */
  readonly trashed: { readonly since: IsoTime } | undefined
  /** While it is held, no clock runs (D-06). */
  readonly hold: { readonly by: string; readonly since: IsoTime } | undefined
  readonly snoozedUntil: IsoTime | undefined
  readonly handler: Handler
  readonly botTookPart: boolean
  readonly messages: ReadonlyMap<string, MessageFacts>
  /** What became of everything that left: messages, forwarded ones, transcripts, mentions. */
  readonly deliveries: ReadonlyMap<string, DeliveryFacts>
  /** Where answers go since somebody switched it (S-075). */
  readonly switchedTo: Channel | undefined
  readonly calls: ReadonlyMap<string, 'begun' | 'ended'>
  readonly comments: ReadonlySet<string>
  /** The identities of those who wrote besides the contact. */
  readonly participants: ReadonlySet<string>
  /** Names of the claims held for it. */
  readonly claims: ReadonlySet<string>
  /** The team's own words for it. */
  readonly labels: ReadonlySet<string>
  readonly properties: ReadonlyMap<string, PropertyValue>
  /** Who hid the notes of forwards, by the forwards' ids (D-10). */
  readonly hiddenNotes: ReadonlyMap<string, string>
  /** What a blocked visitor wrote, by message id (D-08). */
  readonly blocked: ReadonlyMap<string, BlockedMessage>
  /** How many messages came in that were not filtered: whoever saw as many has read all of it. */
  readonly inbound: number
  /** Attachments and long bodies. */
  readonly blobs: readonly string[]
  readonly mergedInto: string | undefined
  /** Conversations that were merged into this one. */
  readonly sources: ReadonlySet<string>
  /** Its spam and trash before it was merged, for the undo (D-24). */
  readonly beforeMerge: Pick<Present, 'spam' | 'trashed'> | undefined
  /** Conversations that a merge with was undone: they are not joined again by themselves. */
  readonly apart: ReadonlySet<string>
  readonly continuedIn: string | undefined
  /** Tickets and deals. */
  readonly records: Records
}

export type Handler =
  | { readonly kind: 'human' }
  | { readonly kind: 'bot'; readonly chatflowId: string; readonly chatflowName: string }

export interface MessageFacts {
  readonly direction: 'in' | 'out'
  readonly channel: Channel
  /** When it was written, as the source says. */
  readonly at: IsoTime
  readonly filtered: boolean
  readonly failed: boolean
  /** The actor who hid it. */
  readonly hiddenBy: string | undefined
}

/** What can be hidden: a message, or the note of a forward. Undefined where neither has that id. */
export const hideable = (
  { messages, deliveries, hiddenNotes }: Present,
  messageId: string,
): Pick<MessageFacts, 'hiddenBy'> | undefined =>
  messages.get(messageId) ??
  (deliveries.get(messageId)?.what === 'forward'
    ? { hiddenBy: hiddenNotes.get(messageId) }
    : undefined)

interface BlockedMessage {
  readonly key: KeyId
  /** By the writer's clock (D-28). */
  readonly since: IsoTime
  readonly blobs: readonly string[]
  /** Its key was destroyed. */
  readonly forgotten: boolean
}

/** Its content is gone; what stays says where later messages go and what not to take in again. */
export interface Purged {
  readonly situation: 'purged'
  readonly owners: ReadonlySet<Owner>
  readonly continuedIn: string | undefined
  readonly claims: ReadonlySet<string>
}

type Own<A> =
  A extends ReadonlyMap<infer K, infer V>
    ? Map<K, V>
    : A extends ReadonlySet<infer V>
      ? Set<V>
      : A extends readonly (infer V)[]
        ? V[]
        : A
/** The fold's own copy, which it may change (see `Decider.evolve`). */
type OwnPresent = { -readonly [K in keyof Present]: Own<Present[K]> }

type EventNamed<T extends ConversationEvent['type']> = StreamEvent<
  Extract<ConversationEvent, { readonly type: T }>
>

const human: Handler = { kind: 'human' }

const start = ({ data, metadata }: EventNamed<'ConversationStarted'>): Present => ({
  situation: 'present',
  inbox: data.inbox,
  channel: data.channel,
  key: data.key,
  contact: data.contact,
  correspondent: undefined,
  startedAt: metadata.occurredAt,
  continues: data.continues,
  hasInbound: false,
  lastInboundAt: undefined,
  lastMail: undefined,
  owner: undefined,
  everOwned: false,
  owners: new Set(),
  closed: undefined,
  spam: undefined,
  trashed: undefined,
  hold: undefined,
  snoozedUntil: undefined,
  handler: human,
  botTookPart: false,
  messages: new Map(),
  deliveries: new Map(),
  switchedTo: undefined,
  calls: new Map(),
  comments: new Set(),
  participants: new Set(),
  claims: new Set(),
  labels: new Set(),
  properties: new Map(),
  hiddenNotes: new Map(),
  blocked: new Map(),
  inbound: 0,
  blobs: [],
  mergedInto: undefined,
  sources: new Set(),
  beforeMerge: undefined,
  apart: new Set(),
  continuedIn: undefined,
  records: noRecords(),
})

const keepMessage = (
  state: OwnPresent,
  event: EventNamed<'MessageReceived'> | EventNamed<'MessageSent'>,
): void => {
  const { data, metadata } = event
  state.messages.set(data.messageId, {
    direction: event.type === 'MessageReceived' ? 'in' : 'out',
    channel: data.channel,
    at: metadata.occurredAt,
    filtered: event.type === 'MessageReceived' && event.data.filtered !== undefined,
    failed: false,
    hiddenBy: undefined,
  })
  for (const claim of data.claims ?? []) state.claims.add(claim)
  for (const { blob } of data.attachments) state.blobs.push(blob)
  if (data.body !== undefined) state.blobs.push(data.body)
}

/** A bounce is never inbound, and what was filtered changes nothing but the thread (D-21). */
const isInbound = ({ data }: EventNamed<'MessageReceived'>): boolean =>
  data.filtered === undefined && data.mailClass !== 'bounce'

const changeMessage = (
  state: OwnPresent,
  messageId: string,
  change: Partial<MessageFacts>,
): void => {
  const message = state.messages.get(messageId)
  if (message !== undefined) state.messages.set(messageId, { ...message, ...change })
}

const keepBlocked = (
  state: OwnPresent,
  { data, metadata }: EventNamed<'BlockedMessageReceived'>,
): void => {
  const blobs = data.attachments.map(({ blob }) => blob)
  if (data.body !== undefined) blobs.push(data.body)
  const { key } = data
  state.blocked.set(data.messageId, { key, since: metadata.recordedAt, blobs, forgotten: false })
  for (const claim of data.claims ?? []) state.claims.add(claim)
}

/** What the merge ended is back; its clocks count anew, from the undo. */
const unmerged = (
  state: OwnPresent,
  { data, metadata: { recordedAt: since } }: EventNamed<'Unmerged'>,
): OwnPresent => {
  const { spam, trashed } = state.beforeMerge ?? {}
  if (spam !== undefined) state.spam = { ...spam, since }
  if (trashed !== undefined) state.trashed = { since }
  state.mergedInto = undefined
  state.beforeMerge = undefined
  state.apart.add(data.target)
  return state
}

const evolvePresent = (state: OwnPresent, event: StreamEvent<ConversationEvent>): Conversation => {
  const { metadata } = event
  evolveDeliveries(state.deliveries, event)
  switch (event.type) {
    case 'ConversationStarted':
      return state
    case 'MessageReceived':
      if (state.messages.size === 0) state.correspondent = event.data.from.identity
      keepMessage(state, event)
      if (event.data.channel === 'email' && metadata.occurredAt >= (state.lastMail?.at ?? ''))
        state.lastMail = { at: metadata.occurredAt, mailClass: event.data.mailClass }
      if (isInbound(event)) {
        state.hasInbound = true
        state.inbound += 1
        if (state.lastInboundAt === undefined || metadata.occurredAt > state.lastInboundAt)
          state.lastInboundAt = metadata.occurredAt
      }
      return state
    case 'MessageSent':
      if (state.messages.size === 0) state.correspondent = event.data.to[0]?.identity
      keepMessage(state, event)
      return state
    case 'BlockedMessageReceived':
      keepBlocked(state, event)
      return state
    case 'BlockedMessagesForgotten':
      for (const messageId of event.data.messageIds) {
        const message = state.blocked.get(messageId)
        if (message) state.blocked.set(messageId, { ...message, blobs: [], forgotten: true })
      }
      return state
    case 'MessageDeliveryFailed':
      changeMessage(state, event.data.messageId, { failed: true })
      return state
    case 'MessageForwarded':
    case 'TranscriptSent':
      for (const claim of event.data.claims ?? []) state.claims.add(claim)
      return state
    case 'ReplyChannelSwitched':
      state.switchedTo = event.data.channel
      return state
    case 'ContactCalled':
      state.calls.set(event.data.callId, 'begun')
      return state
    case 'ContactCallEnded':
      state.calls.set(event.data.callId, 'ended')
      return state
    case 'DeliveryAttempted':
    case 'MessageHandedOver':
    case 'DeliveryPostponed':
    case 'DeliveryUnknown':
    case 'MessageDelivered':
    case 'MessageRead':
      return state
    case 'DeliveryRetried':
      changeMessage(state, event.data.messageId, { failed: false })
      return state
    case 'CommentAdded':
      state.comments.add(event.data.commentId)
      return state
    case 'MessageHidden':
      if (state.messages.has(event.data.messageId))
        changeMessage(state, event.data.messageId, { hiddenBy: metadata.actor })
      else if (state.deliveries.get(event.data.messageId)?.what === 'forward')
        state.hiddenNotes.set(event.data.messageId, metadata.actor)
      return state
    case 'MessageUnhidden':
      changeMessage(state, event.data.messageId, { hiddenBy: undefined })
      state.hiddenNotes.delete(event.data.messageId)
      return state
    case 'Assigned':
      state.owner = event.data.owner
      state.everOwned = true
      state.owners.add(event.data.owner)
      state.handler = human
      return state
    case 'Unassigned':
      state.owner = undefined
      return state
    case 'BotTookOver':
      state.handler = { kind: 'bot', ...event.data }
      state.botTookPart = true
      return state
    case 'HandedOffToTeamMember':
      state.handler = human
      return state
    case 'Closed':
      state.closed = { at: metadata.occurredAt }
      // Snoozed conversations are open (D-04).
      state.snoozedUntil = undefined
      return state
    case 'Reopened':
      state.closed = undefined
      return state
    case 'Snoozed':
      state.snoozedUntil = event.data.until
      return state
    case 'Woken':
      state.snoozedUntil = undefined
      return state
    case 'Trashed':
      state.trashed = { since: metadata.recordedAt }
      return state
    case 'Restored':
      state.trashed = undefined
      return state
    case 'HoldPlaced':
      state.hold = { by: metadata.actor, since: metadata.recordedAt }
      return state
    case 'HoldReleased':
      state.hold = undefined
      return state
    case 'Purged':
      return {
        situation: 'purged',
        owners: state.owners,
        continuedIn: state.continuedIn,
        claims: state.claims,
      }
    case 'MarkedAsSpam':
      state.spam = { cause: event.data.cause, since: state.spam?.since ?? metadata.recordedAt }
      return state
    case 'UnmarkedAsSpam':
      state.spam = undefined
      return state
    case 'MergedInto':
      state.mergedInto = event.data.target
      state.beforeMerge = { spam: state.spam, trashed: state.trashed }
      // Its spam or trash ends with the merge (D-24).
      state.spam = undefined
      state.trashed = undefined
      return state
    case 'MergedFrom':
      state.sources.add(event.data.source)
      return state
    case 'Unmerged':
      return unmerged(state, event)
    case 'UnmergedFrom':
      state.sources.delete(event.data.source)
      state.apart.add(event.data.source)
      return state
    case 'MovedToInbox':
      state.inbox = event.data.to
      for (const claim of event.data.claims ?? []) state.claims.add(claim)
      return state
    case 'LabelAdded':
      state.labels.add(event.data.label)
      return state
    case 'LabelRemoved':
      state.labels.delete(event.data.label)
      return state
    case 'ConversationPropertySet': {
      const { name, value } = event.data
      if (value === null) state.properties.delete(name)
      else state.properties.set(name, value)
      return state
    }
    case 'ContinuedIn':
      state.continuedIn = event.data.conversation
      return state
    case 'ContactAssociated':
      state.contact = event.data.contact
      return state
    case 'ContactDisassociated':
      state.contact = undefined
      return state
    case 'ParticipantAdded':
      state.participants.add(event.data.participant.identity)
      return state
    case 'ParticipantRemoved':
      state.participants.delete(event.data.identity)
      return state
    case 'TicketRequested':
    case 'TicketAssociated':
    case 'TicketCloseRequested':
    case 'TicketClosed':
    case 'TicketPropertiesChanged':
    case 'TicketDeletionRequested':
    case 'TicketDeleted':
    case 'MovedToHelpDesk':
    case 'DealRequested':
    case 'DealCreated':
    case 'CrmRefused':
      evolveRecords(state.records, event)
      return state
  }
}

export const initial = (): Conversation => ({ situation: 'absent' })

export const evolve = (
  state: Conversation,
  event: StreamEvent<ConversationEvent>,
): Conversation => {
  switch (state.situation) {
    case 'absent':
      return event.type === 'ConversationStarted' ? start(event) : state
    case 'present':
      return evolvePresent(state as OwnPresent, event)
    case 'purged':
      return state
  }
}

/** The channel that answers go by (S-107): forms and calls are answered by mail. */
export const replyChannel = ({ channel, switchedTo }: Present): Channel =>
  switchedTo ?? (channel === 'form' || channel === 'call' ? 'email' : channel)

/** The key its sealed fields are under. */
export const keyOf = (state: Conversation): KeyId | undefined =>
  state.situation === 'present' ? state.key : undefined
