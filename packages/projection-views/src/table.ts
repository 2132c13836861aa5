/** The columns of the list, and the fewest indexes by which each standard view is one range scan. */
import { filters, type Index, type Table } from '@threadbook/sourcing'
import type { ConversationFacts } from './conversation-row.js'
import { viewOf, type Status, type ViewKey } from './views.js'

const { and, is } = filters

const columns: Record<keyof ConversationFacts, Table['columns'][string]> = {
  account: 'text',
  inbox: 'text',
  channel: 'text',
  status: 'text',
  spam: 'boolean',
  spamCause: 'text',
  spamAt: 'text',
  trashed: 'boolean',
  trashedAt: 'text',
  hold: 'boolean',
  hasInbound: 'boolean',
  owner: 'text',
  everOwned: 'boolean',
  heldByBot: 'boolean',
  botTookPart: 'boolean',
  snoozed: 'boolean',
  snoozedUntil: 'text',
  merged: 'boolean',
  onHelpDesk: 'boolean',
  hasBlocked: 'boolean',
  blockedSince: 'text',
  ticket: 'text',
  ticketStatus: 'text',
  contact: 'text',
  firstActivityAt: 'text',
  lastMessageAt: 'text',
  lastDirection: 'text',
  lastChannel: 'text',
  everOwners: 'texts',
  chatflow: 'text',
  participants: 'number',
  replied: 'boolean',
  deliveryFailed: 'boolean',
  waiting: 'boolean',
  waitingSince: 'text',
  labels: 'texts',
  properties: 'values',
}

/**
 * An index that holds just a view's conversations: its terms stand literally in the view's filter,
 * which is how a database knows that it may use it. Where a wider index would do too, one of the
 * terms is a column as well (`by`), or a planner without statistics may take the wider one.
 */
const forView = (
  name: string,
  key: ViewKey,
  { by = [], status = 'any' }: { by?: readonly (keyof ConversationFacts)[]; status?: Status } = {},
): Index => ({
  name,
  columns: ['account', 'inbox', ...by, 'lastMessageAt'],
  where: and(...viewOf(key).where, ...(status === 'any' ? [] : [is('status', status)])),
})

/** For searches, and for custom views: all there are, in order, and what else has to hold read along. */
const byTime: Index = {
  name: 'by_time',
  columns: ['account', 'inbox', 'lastMessageAt'],
  where: and(is('merged', false), is('onHelpDesk', false)),
}

/** For All closed, and for custom views of one status. */
const byStatus: Index = {
  name: 'by_status',
  columns: ['account', 'inbox', 'status', 'lastMessageAt'],
  where: and(...viewOf('allClosed').where),
}

/** Whoever waits longest comes first (D-13). */
const byWaiting: Index = {
  name: 'by_waiting',
  columns: ['account', 'inbox', 'waitingSince'],
  where: and(...viewOf('allOpen').where, is('waiting', true)),
}

/** The working conversations' own index would have the terms of All open but for its status. */
const byChannel: Index = {
  name: 'by_channel',
  columns: ['account', 'inbox', 'channel', 'lastMessageAt'],
  where: and(...viewOf('allOpen').where),
}

/** So that none of these is passed over for `by_time` or `by_status`, which hold more than they do. */
const more = ['status', 'hasInbound'] as const

export const conversationTable: Table = {
  name: 'conversations',
  columns,
  indexes: [
    forView('unassigned', 'unassigned', { by: ['owner', ...more], status: 'open' }),
    forView('by_owner', 'assignedToMe', { by: ['owner', ...more] }),
    forView('all_open', 'allOpen', { by: more, status: 'open' }),
    byChannel,
    forView('bots', 'bots', { by: ['botTookPart'] }),
    byTime,
    byStatus,
    byWaiting,
    forView('sent', 'sent', { by: ['lastDirection'] }),
    forView('spam', 'spam', { by: ['spam'] }),
    forView('trash', 'trash', { by: ['trashed'] }),
    // A sender's other conversations (D-08, S-057). It does not change with a message.
    { name: 'by_contact', columns: ['account', 'contact'] },
    // For the clocks of 30 and 90 days, and for what is due to wake.
    { name: 'spam_clock', columns: ['account', 'spamAt'], where: is('spam', true) },
    { name: 'trash_clock', columns: ['account', 'trashedAt'], where: is('trashed', true) },
    { name: 'snooze_clock', columns: ['account', 'snoozedUntil'], where: is('snoozed', true) },
    { name: 'blocked_clock', columns: ['account', 'blockedSince'], where: is('hasBlocked', true) },
  ],
}
