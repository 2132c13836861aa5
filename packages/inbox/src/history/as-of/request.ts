/** Which moment of the past is meant. */
import { IsoTime } from '@threadbook/core'
import type { InvalidQuery } from '@threadbook/projection-views'
import {
  shapeOf,
  type IsoTime as Time,
  type Position,
  type RecordedEvent,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { isBefore, type Place } from './log-slices.js'

/**
 * What was in the log up to and with a position, or up to a moment: all that stands before the first
 * event that was recorded later.
 */
export type AsOf = ({ readonly position: string } | { readonly at: Time }) & {
  /** Ends the work before an answer, which then is its reason; what is done of it is kept. */
  readonly signal?: AbortSignal | undefined
  /** Hears how many events were gone through so far, where that takes a while. */
  readonly onProgress?: ((events: number) => void) | undefined
}

/** A place in the log, and what belongs to it of streams that are no conversations'. */
export interface Then {
  /** Undefined where no conversation was there yet. */
  readonly place: Place
  readonly includes: (event: Pick<RecordedEvent, 'position' | 'metadata'>) => boolean
}

export const thenOf = (asOf: AsOf, place: Place): Then => ({
  place,
  includes: ({ position, metadata }) =>
    'at' in asOf ? metadata.recordedAt <= asOf.at : !isBefore(place, position),
})

const refuse = (field: string, expected: string, value: unknown): E.Either<InvalidQuery, never> =>
  E.left({ type: 'InvalidQuery', field: `asOf.${field}`, expected, found: shapeOf(value) })

const shape = (position: string): string => position.replace(/\d/g, '0')

/** `known`: any position of the log; without one there is nothing in it. */
export const checkAsOf = (
  asOf: AsOf,
  known: Position | undefined,
): E.Either<InvalidQuery, AsOf> => {
  if ('at' in asOf)
    return IsoTime.is(asOf.at)
      ? E.right(asOf)
      : refuse('at', 'a time such as 2026-11-01T09:00:00.000Z', asOf.at)
  const { position } = asOf
  return typeof position === 'string' && (known === undefined || shape(position) === shape(known))
    ? E.right(asOf)
    : refuse('position', `a position of this log, such as ${String(known)}`, position)
}
