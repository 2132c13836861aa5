/** What can be filtered by, as data that a screen can show: attributes, and the operators of their types. */
import { Channel, SpamCause } from '../vocabulary.js'
import type { Operator } from './types.js'

export type AttributeType =
  /** One of its options. */
  | 'choice'
  | 'flag'
  /** `user:…` or `team:…`; `me` is whoever looks. */
  | 'owner'
  | 'owners'
  | 'id'
  | 'ids'
  | 'number'
  /** A moment, compared by calendar days in a zone. */
  | 'date'
  /** From a first moment to a last one: it takes place on each day between (S-016). */
  | 'period'
  /** A custom property: text, number or boolean; texts like 2026-11-01 compare as days do. */
  | 'property'

export interface Attribute {
  readonly key: string
  readonly name: string
  readonly about: 'conversation' | 'contact' | 'owner' | 'ticket' | 'label'
  readonly type: AttributeType
  readonly options?: readonly string[]
  /** What people may type for it in a search box. */
  readonly words: readonly string[]
  /** False: not in custom views (K-08). */
  readonly inViews: boolean
}

const known = ['isKnown', 'isUnknown'] as const
const equal = ['is', 'isNot', 'isOneOf', 'isNoneOf'] as const
const listed = ['has', 'hasNot', 'hasOneOf', 'hasNoneOf'] as const
const ordered = ['lessThan', 'atMost', 'greaterThan', 'atLeast'] as const
const dated = ['before', 'from', 'until', 'after', 'on'] as const

/** For each type, in the order of a menu. */
export const operatorsOf: Readonly<Record<AttributeType, readonly Operator[]>> = {
  choice: [...equal, ...known],
  flag: ['is'],
  owner: [...equal, ...known],
  owners: [...listed, ...known],
  id: [...equal, ...known],
  ids: [...listed, ...known],
  number: ['is', 'isNot', ...ordered],
  date: [...dated, ...known],
  period: dated,
  property: [...equal, ...ordered, ...known],
}

const attribute = (
  key: string,
  name: string,
  type: AttributeType,
  words: readonly string[],
  more: Partial<Pick<Attribute, 'about' | 'options' | 'inViews'>> = {},
): Attribute => ({ key, name, type, words, about: 'conversation', inViews: true, ...more })

/** In the order of a menu. Custom properties are `property.` and their name. */
export const filterAttributes: readonly Attribute[] = [
  attribute('status', 'Status', 'choice', ['status'], { options: ['open', 'closed'] }),
  attribute('channel', 'Channel', 'choice', ['channel'], { options: Object.keys(Channel.keys) }),
  attribute('owner', 'Assignee', 'owner', ['assignee', 'owner'], { about: 'owner' }),
  attribute('everOwner', 'Assigned now or formerly', 'owners', ['formerly'], { about: 'owner' }),
  attribute('contact', 'Contact', 'id', ['contact'], { about: 'contact' }),
  attribute('label', 'Label', 'ids', ['label'], { about: 'label' }),
  attribute('ticket', 'Ticket', 'id', ['ticket'], { about: 'ticket' }),
  attribute('ticketStatus', 'Ticket status', 'choice', ['ticketstatus'], {
    about: 'ticket',
    options: ['open', 'closed'],
  }),
  attribute('activity', 'Took place', 'period', []),
  attribute('startedAt', 'First message', 'date', ['started']),
  attribute('lastMessageAt', 'Last message', 'date', ['last']),
  attribute('waitingSince', 'Waiting since', 'date', ['waiting']),
  attribute('unread', 'Unread', 'flag', ['unread']),
  attribute('snoozed', 'Snoozed', 'flag', ['snoozed']),
  attribute('replied', 'Replied', 'flag', ['replied']),
  attribute('deliveryFailed', 'Delivery failed', 'flag', ['failed']),
  attribute('participants', 'Participants', 'number', ['participants']),
  attribute('spam', 'Filtered', 'flag', ['filtered', 'spam']),
  attribute('spamCause', 'Filtered because', 'choice', ['cause'], {
    options: Object.keys(SpamCause.keys),
  }),
  attribute('trashed', 'In Trash', 'flag', ['trashed']),
  attribute('heldByBot', 'With a bot', 'flag', ['automated']),
  attribute('chatflow', 'Bot chatflow', 'id', ['bot', 'chatflow'], { inViews: false }),
  attribute('inbox', 'Inbox', 'id', ['inbox'], { inViews: false }),
]

/** Further properties of a conversation that custom views cannot be made of (K-08). */
const neverFiltered: ReadonlySet<string> = new Set([
  'sourceUrl',
  'threadId',
  'firstResponseAt',
  'firstResponseTime',
])

const PROPERTY = 'property.'
const byKey: ReadonlyMap<string, Attribute> = new Map(filterAttributes.map((a) => [a.key, a]))

/** The name of the custom property that an attribute is. */
export const propertyName = (key: string): string | undefined =>
  key.startsWith(PROPERTY) && key.length > PROPERTY.length ? key.slice(PROPERTY.length) : undefined

export const propertyAttribute = (name: string): string => PROPERTY + name

export const attributeOf = (key: string): Attribute | undefined => {
  const name = propertyName(key)
  return name === undefined ? byKey.get(key) : attribute(key, name, 'property', [])
}

/** K-08. */
export const isFilterableInViews = (key: string): boolean =>
  !neverFiltered.has(key) && attributeOf(key)?.inViews !== false
