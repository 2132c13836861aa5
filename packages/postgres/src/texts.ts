import type { Parameter } from './question.js'

/** What no text of PostgreSQL can hold. */
export const isUnknown = (text: string): boolean => /[\0\p{Surrogate}]/u.test(text)

/** What a filter asks for, once each. */
export const known = (texts: readonly string[] | undefined): Parameter =>
  texts === undefined ? null : [...new Set(texts)].filter((text) => !isUnknown(text))
