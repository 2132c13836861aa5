import { Actor } from '@threadbook/core'
import {
  retryParked,
  type NothingParked,
  type ParkedMoved,
  type Position,
  type RetriedKey,
  type Skip,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { answering } from '../fault.js'
import { invalidRequest, projectionNamed, type Asked, type ProjectionParts } from './projections.js'

export interface SkipRequest {
  /** Why, for those who ask later: 1 to 1,000 characters, and nothing that a customer wrote. */
  readonly reason: string
  /** Who: `user:ada`, `system`, … */
  readonly by: Actor
  /** Of the event that is meant: without it, whichever broke first. */
  readonly position?: Position | undefined
}

type Retried = Asked<RetriedKey, NothingParked | ParkedMoved>

const again = (
  parts: ProjectionParts,
  projection: string,
  key: string,
  skip?: Skip & { readonly position?: Position | undefined },
): Retried =>
  answering(async (): Promise<Awaited<Retried>> => {
    const named = projectionNamed(parts, projection)
    if (E.isLeft(named)) return named
    if (key === '') return invalidRequest('key', 'the key of a parked row', key)
    return retryParked(parts.store, parts.readModels, named.right, key, { skip })
  })

/**
 * After what broke was mended: folds what is parked for the row again, in order. What breaks again
 * stays parked, with all behind it.
 */
export const retry = (parts: ProjectionParts, projection: string, key: string): Retried =>
  again(parts, projection, key)

const LONGEST_REASON = 1_000

/**
 * Passes over the event that broke, for good, also when views are rebuilt, and folds those behind
 * it. The event stays in the log.
 */
export const skip = async (
  parts: ProjectionParts,
  projection: string,
  key: string,
  { reason, by, position }: SkipRequest,
): Retried => {
  if (typeof reason !== 'string' || reason.trim() === '' || reason.length > LONGEST_REASON)
    return invalidRequest('reason', 'a text of 1 to 1,000 characters', reason)
  if (!Actor.is(by)) return invalidRequest('by', 'who does it, as user:ada', by)
  return again(parts, projection, key, { reason, by, position, at: parts.now() })
}
