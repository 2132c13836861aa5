/** What the driver throws, in the words of the ports. */
import type { Unavailable } from '@threadbook/sourcing'

const codeOf = (error: unknown): string => {
  const { code } = (error ?? {}) as { code?: unknown }
  return typeof code === 'string' ? code : ''
}

/** Somebody else is at the file right now; it passes. PROTOCOL: too many began at once. */
export const isBusy = (error: unknown): boolean => /^SQLITE_(BUSY|PROTOCOL)/.test(codeOf(error))

/** What a checkpoint answers instead of throwing. */
export class Busy extends Error {
  readonly code = 'SQLITE_BUSY'
}

export const isNotADatabase = (error: unknown): boolean => codeOf(error) === 'SQLITE_NOTADB'

/** A refusal of this package's own, told to the caller like one of the driver's. */
export class Refused extends Error {}

export const unavailable = (reason: string): Unavailable => ({ type: 'Unavailable', reason })

/** What a caller is told of an error; undefined for bugs, which are to be thrown. */
export const asUnavailable = (file: string, error: unknown): Unavailable | undefined => {
  if (error instanceof Refused) return unavailable(`${file}: ${error.message}`)
  const code = codeOf(error)
  return code.startsWith('SQLITE_')
    ? unavailable(`${file}: ${(error as Error).message} (${code})`)
    : undefined
}
