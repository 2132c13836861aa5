/** The words that several streams share. Ids are plain text; conversations and messages are UUIDv7. */
import * as t from 'io-ts'

const prefixed = <P extends string>(...prefixes: readonly P[]): t.Type<`${P}:${string}`> => {
  const is = (value: unknown): value is `${P}:${string}` =>
    typeof value === 'string' &&
    prefixes.some((prefix) => value.startsWith(`${prefix}:`) && value.length > prefix.length + 1)
  return new t.Type(
    prefixes.map((prefix) => `${prefix}:…`).join(' or '),
    is,
    (u, c) => (is(u) ? t.success(u) : t.failure(u, c)),
    t.identity,
  )
}

/** Who a conversation belongs to: a person or a team (S-101). */
export const Owner = prefixed('user', 'team')
export type Owner = t.TypeOf<typeof Owner>

export const user = (id: string): `user:${string}` => `user:${id}`
export const team = (id: string): `team:${string}` => `team:${id}`

/** Who did something (K-20). `contact` is the conversation's own contact or visitor. */
export const Actor = t.union(
  [t.literal('system'), t.literal('contact'), prefixed('user', 'bot', 'integration')],
  'Actor',
)
export type Actor = t.TypeOf<typeof Actor>

export const isUser = (actor: Actor): actor is `user:${string}` => actor.startsWith('user:')

export const Channel = t.keyof(
  { email: null, chat: null, messenger: null, form: null, call: null },
  'Channel',
)
export type Channel = t.TypeOf<typeof Channel>

/** Why something was filtered; `marked` is a person's own judgement (S-083). */
export const SpamCause = t.keyof(
  {
    marked: null,
    blockedSender: null,
    deniedSender: null,
    blockedDomain: null,
    deniedDomain: null,
    bounce: null,
    automatedResponse: null,
    marketing: null,
    subscriptionLink: null,
    roleBasedSender: null,
    teamToItself: null,
  },
  'SpamCause',
)
export type SpamCause = t.TypeOf<typeof SpamCause>

/** The three classes that are never answered automatically (domain.md § 4), and the rest. */
export const MailClass = t.keyof(
  { personal: null, automatic: null, bulk: null, bounce: null },
  'MailClass',
)
export type MailClass = t.TypeOf<typeof MailClass>

/** The codec of a text that passes; `name` tells who reads an error what was expected. */
const text = (name: string, passes: (u: string) => boolean): t.Type<string> => {
  const is = (u: unknown): u is string => typeof u === 'string' && passes(u)
  return new t.Type(name, is, (u, c) => (is(u) ? t.success(u) : t.failure(u, c)), t.identity)
}

const isTime = (u: string): boolean => {
  const time = Date.parse(u)
  return !Number.isNaN(time) && new Date(time).toISOString() === u
}
export const IsoTime = text('time in UTC, as 2026-11-23T09:30:00.000Z', isTime)

/** Ids are told apart by their text alone. */
export const Id = text('text of 1 to 200 characters', (u) => u.length >= 1 && u.length <= 200)

/** The kinds of addresses a person has; a sender is blocked on one of them (D-20). */
export const IdentityKind = t.keyof(
  { email: null, chat: null, messenger: null, phone: null },
  'IdentityKind',
)
export type IdentityKind = t.TypeOf<typeof IdentityKind>

export const Edition = t.keyof(
  { free: null, starter: null, professional: null, enterprise: null },
  'Edition',
)
export type Edition = t.TypeOf<typeof Edition>

/** What is known of a user; hosts may manage users themselves, so unknown ones may do anything. */
export type UserSituation = 'unknown' | 'active' | 'deactivated' | 'removed'

/** A day without a time or a zone. Such days sort as text. */
export const CalendarDay = text('calendar day, as 2024-04-01', (u) => isTime(`${u}T00:00:00.000Z`))

const isZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

export const Zone = text('time zone, as Europe/Berlin', isZone)

const isCount = (u: unknown): u is number => Number.isSafeInteger(u) && (u as number) >= 0
export const Count = new t.Type<number>(
  'a whole number, 0 or more',
  isCount,
  (u, c) => (isCount(u) ? t.success(u) : t.failure(u, c)),
  t.identity,
)
