/** What clients throw, in the words of the port. */
import type { Unavailable } from '@threadbook/sourcing'
import { Stopped } from './clock.js'

export type Understood =
  /** `actual` is undefined where the client does not say it. */
  | { readonly kind: 'conflict'; readonly actual: number | 'noStream' | undefined }
  | { readonly kind: 'absent' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'tooLarge'; readonly limit: number }
  /** For good: asking again is answered the same. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** It may pass. Whether an append was stored is unknown. */
  | { readonly kind: 'passing'; readonly reason: string }

/** Both clients' names of the same fields. An error of the connection may have no `type` at all. */
interface Thrown {
  readonly type?: unknown
  readonly code?: unknown
  readonly message?: unknown
  readonly actualVersion?: unknown
  readonly actualState?: unknown
  readonly maxAppendSize?: unknown
}

const INVALID_ARGUMENT = 3
const PERMISSION_DENIED = 7
const UNAUTHENTICATED = 16

const revision = (actual: unknown): number | 'noStream' | undefined => {
  if (actual === 'no_stream') return 'noStream'
  if (typeof actual !== 'bigint' && typeof actual !== 'number') return undefined
  return actual < 0 ? 'noStream' : Number(actual)
}

const reasonOf = ({ type, message }: Thrown, error: unknown): string => {
  const text = typeof message === 'string' && message !== '' ? message : String(error)
  return typeof type === 'string' ? `${type}: ${text}` : text
}

export const understand = (error: unknown): Understood => {
  const thrown: Thrown = typeof error === 'object' && error !== null ? error : {}
  switch (thrown.type) {
    case 'wrong-expected-version':
      return { kind: 'conflict', actual: revision(thrown.actualVersion ?? thrown.actualState) }
    case 'stream-not-found':
      return { kind: 'absent' }
    case 'stream-deleted':
    case 'stream-tombstoned':
      return { kind: 'ended' }
    case 'maximum-append-size-exceeded':
      return { kind: 'tooLarge', limit: Number(thrown.maxAppendSize) }
    case 'access-denied':
    case 'invalid-argument':
    case 'missing-required-metadata-property':
      return { kind: 'refused', reason: reasonOf(thrown, error) }
  }
  const refused =
    error instanceof Stopped ||
    thrown.code === INVALID_ARGUMENT ||
    thrown.code === PERMISSION_DENIED ||
    thrown.code === UNAUTHENTICATED
  return { kind: refused ? 'refused' : 'passing', reason: reasonOf(thrown, error) }
}

export const unavailable = (reason: string): Unavailable => ({ type: 'Unavailable', reason })
