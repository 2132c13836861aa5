/** Where a page ended, as text that a client hands back: opaque to it, checked when it returns. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'

const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

const escape = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`

/** base64url of JSON, whose few signs beyond ASCII are escaped. */
const encode = (value: unknown): string => {
  const ascii = JSON.stringify(value).replace(/[^\x20-\x7e]/g, escape)
  let text = ''
  for (let i = 0; i < ascii.length; i += 3) {
    const left = ascii.length - i
    const bits =
      (ascii.charCodeAt(i) << 16) |
      (left > 1 ? ascii.charCodeAt(i + 1) << 8 : 0) |
      (left > 2 ? ascii.charCodeAt(i + 2) : 0)
    for (let sign = 0; sign < Math.min(left, 3) + 1; sign++)
      text += SIGNS[(bits >> (18 - 6 * sign)) & 63]!
  }
  return text
}

const decode = (text: string): unknown => {
  let ascii = ''
  let bits = 0
  let held = 0
  for (const sign of text) {
    const value = SIGNS.indexOf(sign)
    if (value === -1) return undefined
    bits = ((bits << 6) | value) & 0xffff
    held += 6
    if (held >= 8) ascii += String.fromCharCode((bits >> (held -= 8)) & 255)
  }
  try {
    return JSON.parse(ascii)
  } catch {
    return undefined
  }
}

/** The place behind which the next page begins, and what it is a place in. */
export interface Cursor {
  readonly view: string
  readonly sort: string
  readonly value: string
  readonly key: string
}

const Stored = t.tuple([t.string, t.string, t.string, t.string])

export const writeCursor = ({ view, sort, value, key }: Cursor): string =>
  encode([view, sort, value, key])

/** Undefined for what is no cursor. */
export const readCursor = (text: string): Cursor | undefined => {
  const stored = decode(text)
  if (!Stored.is(stored)) return undefined
  const [view, sort, value, key] = stored
  return { view, sort, value, key }
}

/** What cursors of a list of the past call it: they carry the place in the log. */
export const pastList = (view: string, position: string): string => JSON.stringify([view, position])

const Past = t.tuple([t.string, t.string])

/** The place in the log that a cursor of a list of the past carries. */
export const placeInCursor = (after: string): string | undefined => {
  const view = readCursor(after)?.view ?? ''
  if (!view.startsWith('[')) return undefined
  const past = E.tryCatch(
    () => JSON.parse(view) as unknown,
    () => undefined,
  )
  return E.isRight(past) && Past.is(past.right) ? past.right[1] : undefined
}
