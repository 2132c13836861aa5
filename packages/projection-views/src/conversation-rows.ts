/** One row per conversation, kept from its stream alone. A rebuild decrypts nothing. */
import type { ConversationEvent } from '@threadbook/core'
import {
  copySealed,
  remove,
  type Handler,
  type Projection,
  type RecordedEvent,
} from '@threadbook/sourcing'
import type { ConversationRow } from './conversation-row.js'
import { allConversations, countersOf } from './counters.js'
import { conversationTable } from './table.js'

type Of<T extends ConversationEvent['type']> = RecordedEvent<
  Extract<ConversationEvent, { readonly type: T }>
>
type Draft = NonNullable<Parameters<Handler<ConversationRow, ConversationEvent>>[0]>

/** A handler for a conversation that has a row; what comes for one without changes nothing. */
const change =
  <E>(apply: (row: Draft, event: E) => void) =>
  (row: Draft | undefined, event: E): undefined => {
    if (row !== undefined) apply(row, event)
  }

const started = ({ data, metadata }: Of<'ConversationStarted'>): ConversationRow => ({
  account: metadata.account,
  inbox: data.inbox,
  channel: data.channel,
  status: 'open',
  spam: false,
  spamCause: null,
  spamAt: null,
  trashed: false,
  trashedAt: null,
  hold: false,
  hasInbound: false,
  owner: null,
  everOwned: false,
  heldByBot: false,
  botTookPart: false,
  snoozed: false,
  snoozedUntil: null,
  merged: false,
  onHelpDesk: false,
  hasBlocked: false,
  blockedSince: null,
  ticket: null,
  ticketStatus: null,
  contact: data.contact ?? null,
  firstActivityAt: metadata.occurredAt,
  lastMessageAt: metadata.occurredAt,
  lastDirection: null,
  lastChannel: null,
  everOwners: [],
  waiting: false,
  waitingSince: null,
  lastRevision: -1,
  lastMessage: null,
  preview: null,
  previewHidden: false,
  subjectMessage: null,
  subjectAt: null,
  subject: null,
  subjectHidden: false,
  lastCommentAt: null,
  lastComment: null,
  participants: 0,
  stranger: null,
  replied: false,
  forwarded: false,
  deliveryFailed: false,
  tickets: [],
  deliveryUnknown: false,
  undelivered: null,
  chatflow: null,
  labels: [],
  properties: {},
  inbound: 0,
  blocked: {},
  beforeMerge: null,
})

/** Whether it is now the latest message: by the time it bears, not by its arrival (D-28). */
const takeMessage = (
  row: Draft,
  event: Of<'MessageReceived'> | Of<'MessageSent'>,
  direction: 'incoming' | 'outgoing',
): boolean => {
  const { id, revision, data, metadata } = event
  const at = metadata.occurredAt
  const first = row.lastRevision === -1
  if (first || at < row.firstActivityAt) row.firstActivityAt = at
  if (data.subject !== undefined && (row.subjectAt === null || at < row.subjectAt)) {
    row.subject = copySealed(data.subject, id, 'subject')
    row.subjectAt = at
    row.subjectMessage = data.messageId
    row.subjectHidden = false
  }
  if (first) row.participants = 1
  // Of two at one time this is the later: a stream is read in the order of its revisions.
  else if (at < row.lastMessageAt) return false
  row.lastMessageAt = at
  row.lastRevision = revision
  row.lastMessage = data.messageId
  row.lastDirection = direction
  row.lastChannel = data.channel
  row.preview = copySealed(data.preview, id, 'preview')
  row.previewHidden = false
  return true
}

const hidden = (row: Draft, messageId: string, hide: boolean): void => {
  if (row.lastMessage === messageId) row.previewHidden = hide
  if (row.subjectMessage === messageId) row.subjectHidden = hide
}

/** Since when an answer is awaited; null once there is one, or the conversation is closed. */
const awaits = (row: Draft, since: string | null): void => {
  const earlier = since !== null && row.waitingSince !== null && row.waitingSince < since
  if (!earlier) row.waitingSince = since
  row.waiting = since !== null
}

const keptSince = (row: Draft): void => {
  const times = Object.values(row.blocked).sort()
  row.hasBlocked = times.length > 0
  row.blockedSince = times[0] ?? null
}

/** The first of its tickets stands in columns of their own. */
const withTickets = (row: Draft, tickets: Draft['tickets']): void => {
  const [first] = tickets
  row.tickets = tickets
  row.ticket = first?.id ?? null
  row.ticketStatus = first === undefined ? null : first.closed ? 'closed' : 'open'
}

/** What was said of its delivery no longer holds. */
const arrived = (row: Draft, messageId: string | null): void => {
  if (row.undelivered !== messageId) return
  row.deliveryFailed = false
  row.deliveryUnknown = false
  row.undelivered = null
}

/** Rows are few in a list where they are few of all conversations. */
const byTime = { column: 'lastMessageAt', all: allConversations }

export const conversationRows: Projection<ConversationRow, ConversationEvent> = {
  name: 'conversations',
  version: 5,
  table: conversationTable,
  categories: ['conversation'],
  counters: countersOf,
  watches: { of: 'account', by: ['inbox', 'status'], order: byTime },
  on: {
    ConversationStarted: (_, event) => started(event),
    MessageReceived: change((row, event) => {
      // What joined a running conversation and was filtered changes nothing (D-21), and a bounce
      // is no message from anyone: it is shown only where it is all there is.
      const bounce = event.data.mailClass === 'bounce'
      if (event.data.filtered !== undefined || (bounce && row.lastRevision !== -1)) return
      const { from } = event.data
      if (row.lastRevision === -1 && from.contact === undefined)
        row.stranger = copySealed(from.who, event.id, 'from.who')
      const latest = takeMessage(row, event, 'incoming')
      if (bounce) return
      if (latest || row.waiting) awaits(row, event.metadata.occurredAt)
      row.hasInbound = true
      row.inbound += 1
    }),
    MessageSent: change((row, event) => {
      const { kind } = event.data
      if (takeMessage(row, event, 'outgoing')) {
        arrived(row, row.undelivered)
        if (kind !== 'bot') awaits(row, null)
      }
      if (row.hasInbound && kind !== 'bot') row.replied = true
      // Whoever answers has taken over from the bot (K-16).
      if (kind === 'reply' && event.metadata.actor.startsWith('user:')) row.heldByBot = false
    }),
    // Passed on to others, it is no answer to the contact: it moves nothing.
    MessageForwarded: change((row) => {
      row.forwarded = true
    }),
    MessageDeliveryFailed: change((row, { data }) => {
      row.deliveryFailed = true
      row.deliveryUnknown = false
      row.undelivered = data.messageId
    }),
    DeliveryUnknown: change((row, { data }) => {
      row.deliveryFailed = false
      row.deliveryUnknown = true
      row.undelivered = data.messageId
    }),
    DeliveryRetried: change((row, { data }) => arrived(row, data.messageId)),
    MessageHandedOver: change((row, { data }) => arrived(row, data.messageId)),
    MessageDelivered: change((row, { data }) => arrived(row, data.messageId)),
    MessageRead: change((row, { data }) => arrived(row, data.messageId)),
    // No activity (D-13): it moves nothing.
    CommentAdded: change((row, { id, data, metadata }) => {
      if (row.lastCommentAt !== null && metadata.occurredAt < row.lastCommentAt) return
      row.lastCommentAt = metadata.occurredAt
      row.lastComment = copySealed(data.preview, id, 'preview')
    }),
    MessageHidden: change((row, { data }) => hidden(row, data.messageId, true)),
    MessageUnhidden: change((row, { data }) => hidden(row, data.messageId, false)),
    Assigned: change((row, { data }) => {
      row.owner = data.owner
      row.everOwned = true
      if (!row.everOwners.includes(data.owner)) row.everOwners.push(data.owner)
      row.heldByBot = false
    }),
    Unassigned: change((row) => {
      row.owner = null
    }),
    BotTookOver: change((row, { data }) => {
      row.heldByBot = true
      row.botTookPart = true
      row.chatflow = data.chatflowName
    }),
    HandedOffToTeamMember: change((row) => {
      row.heldByBot = false
    }),
    // Snoozed conversations are open (D-04): closing ends it.
    Closed: change((row) => {
      row.status = 'closed'
      awaits(row, null)
      row.snoozed = false
      row.snoozedUntil = null
    }),
    Reopened: change((row) => {
      row.status = 'open'
    }),
    Snoozed: change((row, { data }) => {
      row.snoozed = true
      row.snoozedUntil = data.until
    }),
    Woken: change((row) => {
      row.snoozed = false
      row.snoozedUntil = null
    }),
    // The clocks count from the act, not from a mail's date (D-28); trashing again restarts (D-06).
    Trashed: change((row, { metadata }) => {
      row.trashed = true
      row.trashedAt = metadata.recordedAt
    }),
    Restored: change((row) => {
      row.trashed = false
      row.trashedAt = null
    }),
    HoldPlaced: change((row) => {
      row.hold = true
    }),
    HoldReleased: change((row) => {
      row.hold = false
    }),
    Purged: () => remove,
    MarkedAsSpam: change((row, { data, metadata }) => {
      row.spam = true
      row.spamCause = data.cause
      row.spamAt ??= metadata.recordedAt
    }),
    UnmarkedAsSpam: change((row) => {
      row.spam = false
      row.spamCause = null
      row.spamAt = null
    }),
    // Its spam and trash end with the merge (D-24); the row stays, so that the target finds it.
    MergedInto: change((row) => {
      row.merged = true
      row.beforeMerge = { spamCause: row.spamCause, trashed: row.trashed }
      row.spam = false
      row.spamCause = null
      row.spamAt = null
      row.trashed = false
      row.trashedAt = null
    }),
    // What the merge ended is back; its clocks count anew, from the undo.
    Unmerged: change((row, { metadata }) => {
      row.merged = false
      const { spamCause, trashed } = row.beforeMerge ?? { spamCause: null, trashed: false }
      row.spam = spamCause !== null
      row.spamCause = spamCause
      row.spamAt = spamCause === null ? null : metadata.recordedAt
      row.trashed = trashed
      row.trashedAt = trashed ? metadata.recordedAt : null
      row.beforeMerge = null
    }),
    MovedToInbox: change((row, { data }) => {
      row.inbox = data.to
    }),
    BlockedMessageReceived: change((row, { data, metadata }) => {
      row.blocked[data.messageId] = metadata.recordedAt
      keptSince(row)
    }),
    BlockedMessagesForgotten: change((row, { data }) => {
      for (const messageId of data.messageIds) delete row.blocked[messageId]
      keptSince(row)
    }),
    LabelAdded: change((row, { data }) => {
      row.labels.push(data.label)
    }),
    LabelRemoved: change((row, { data }) => {
      row.labels = row.labels.filter((label) => label !== data.label)
    }),
    ConversationPropertySet: change((row, { data: { name, value } }) => {
      if (value === null) delete row.properties[name]
      else row.properties[name] = value
    }),
    ContactAssociated: change((row, { data }) => {
      row.contact = data.contact
    }),
    ContactDisassociated: change((row) => {
      row.contact = null
    }),
    ParticipantAdded: change((row) => {
      row.participants += 1
    }),
    ParticipantRemoved: change((row) => {
      row.participants -= 1
    }),
    TicketAssociated: change((row, { data }) => {
      if (row.tickets.every(({ id }) => id !== data.ticket))
        withTickets(row, [...row.tickets, { id: data.ticket, closed: false }])
    }),
    TicketClosed: change((row, { data }) => {
      const closed = (each: Draft['tickets'][number]) =>
        each.id === data.ticket ? { ...each, closed: true } : each
      withTickets(row, row.tickets.map(closed))
    }),
    TicketDeleted: change((row, { data }) => {
      withTickets(
        row,
        row.tickets.filter(({ id }) => id !== data.ticket),
      )
    }),
    // It is in none of the inbox's views from now on (S-060, D-04).
    MovedToHelpDesk: change((row) => {
      row.onHelpDesk = true
    }),
  },
}
