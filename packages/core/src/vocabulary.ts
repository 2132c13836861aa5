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

export const IsoTime = new t.Type<string>(
  'time in UTC, as 2026-11-23T09:30:00.000Z',
  (u): u is string => typeof u === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(u),
  (u, c) => (IsoTime.is(u) ? t.success(u) : t.failure(u, c)),
  t.identity,
)
