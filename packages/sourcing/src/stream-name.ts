import type { StreamName } from './event.js'

const ACCOUNT = /^[A-Za-z0-9_-]{1,64}$/
const CATEGORY = /^[a-z][A-Za-z]*$/

/** True for what may name an account: 1 to 64 letters, digits, `_` and `-`. */
export const isAccountName = (account: string): boolean => ACCOUNT.test(account)

/**
 * `{category}-{account}.{id}`. Neither category nor account can hold the sign that ends it,
 * so a name reads back in one way only (D-16: the account is part of every name).
 */
export const streamName = (category: string, account: string, id: string): StreamName => {
  if (!CATEGORY.test(category)) throw new Error(`category: expected letters, got ${category}`)
  if (!isAccountName(account)) throw new Error('account: expected 1-64 letters, digits, _ or -')
  if (id === '') throw new Error('id: expected a text that is not empty')
  return `${category}-${account}.${id}`
}

/** What all streams of a category (and an account) begin with: a prefix for filters. */
export const streamPrefix = (category: string, account?: string): string =>
  account === undefined ? `${category}-` : `${category}-${account}.`

/** The id part of a stream's name; the whole name where it has none. */
export const streamId = (stream: StreamName): string => stream.slice(stream.indexOf('.') + 1)

/** Empty for a name that is not ours: it is of no category. */
export const streamCategory = (stream: StreamName): string =>
  stream.slice(0, Math.max(0, stream.indexOf('-')))
