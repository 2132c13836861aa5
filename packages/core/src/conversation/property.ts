/** Properties that a host gives to conversations (K-08): a name, and one plain value. */
import * as t from 'io-ts'

const LONGEST_TEXT = 500
const NAME = /^[A-Za-z][\w.-]{0,63}$/

const checked = <A>(name: string, is: (u: unknown) => u is A): t.Type<A> =>
  new t.Type(name, is, (u, c) => (is(u) ? t.success(u) : t.failure(u, c)), t.identity)

export const PropertyName = checked(
  'a letter, then letters, digits, _ - or . (64 characters at most)',
  (u): u is string => typeof u === 'string' && NAME.test(u),
)

/** Times are text, as 2026-11-23T09:30:00.000Z: they sort by it. */
export type PropertyValue = string | number | boolean | null

export const PropertyValue = checked(
  `text of ${String(LONGEST_TEXT)} characters at most, a number, true, false or null`,
  (u): u is PropertyValue =>
    u === null ||
    typeof u === 'boolean' ||
    (typeof u === 'number' && Number.isFinite(u)) ||
    (typeof u === 'string' && u.length <= LONGEST_TEXT),
)
