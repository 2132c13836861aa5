/** What the driver throws, in the words of the ports. */
import { types } from 'node:util'
import type { Unavailable } from '@threadbook/sourcing'

export const unavailable = (reason: string): Unavailable => ({ type: 'Unavailable', reason })

/** The server answered: no. Nothing was done. */
export class Refused extends Error {
  /** Its SQLSTATE. */
  readonly code: string
  constructor(code: string, message: string) {
    super(`${message} (${code})`)
    this.code = code
  }
}

/** No answer came, as often as it was tried. */
export class Unanswered extends Error {
  /** It may have been done all the same. */
  readonly mayBeDone: boolean
  constructor(reason: string, mayBeDone: boolean) {
    super(reason)
    this.mayBeDone = mayBeDone
  }
}

/** What a caller is told of an error; undefined for bugs, which are to be thrown. */
export const asUnavailable = (error: unknown): Unavailable | undefined =>
  error instanceof Refused || error instanceof Unanswered ? unavailable(error.message) : undefined

export const UNIQUE_VIOLATION = '23505'
export const UNDEFINED_TABLE = '42P01'

/**
 * `refused`: the same again would be refused again. `rolledBack`: nothing was done, and the same
 * again may succeed. `unnamed`: as that, but only without a prepared statement. `lost`: the
 * connection is gone, and nobody knows whether it was done.
 */
export type Trouble = 'refused' | 'rolledBack' | 'unnamed' | 'lost'

// A pooler gave the statement to a connection that has not prepared it, or prepared it before.
const UNNAMED = new Set(['26000', '42P05'])
// A serialization failure, a deadlock.
const ROLLED_BACK = new Set(['40001', '40P01'])
// Shut down, crashed, starting, idle for too long; connection exceptions.
const LOST = /^(08...|57P0[1235])$/
// Too many connections: another moment.
const LATER = /^(53300|57P03)$/

interface Answer extends Error {
  readonly code: string
}

/** Errors of the server carry a severity; those of sockets and of the driver do not. */
const isAnswer = (error: unknown): error is Answer =>
  types.isNativeError(error) && 'severity' in error && 'code' in error

const BUGS = ['TypeError', 'RangeError', 'SyntaxError']

/** Told by name: errors of sockets may come from another realm than ours. */
const isBug = (error: unknown): boolean => !types.isNativeError(error) || BUGS.includes(error.name)

export const troubleOf = (error: unknown): Trouble => {
  if (!isAnswer(error)) {
    if (isBug(error)) throw error
    return 'lost'
  }
  if (LOST.test(error.code)) return 'lost'
  if (UNNAMED.has(error.code)) return 'unnamed'
  return ROLLED_BACK.has(error.code) ? 'rolledBack' : 'refused'
}

/** Whether another attempt to connect may succeed: nothing was sent yet. */
export const mayConnectLater = (error: unknown): boolean => {
  if (!isAnswer(error)) {
    if (isBug(error)) throw error
    return true
  }
  return LATER.test(error.code) || LOST.test(error.code)
}

/** A refusal in our words; the values that the server quotes in details stay out of it. */
export const asRefused = (error: unknown): Refused =>
  isAnswer(error)
    ? new Refused(error.code, error.message)
    : new Refused('', types.isNativeError(error) ? error.message : String(error))
