import * as E from 'fp-ts/lib/Either.js'
import type {
  AllSlice,
  Position,
  ReadAllOptions,
  ReadFault,
  ReadStreamOptions,
  RecordedEvent,
  StreamName,
  StreamSlice,
  Unavailable,
} from '@threadbook/sourcing'
import { guarded, type Limits } from './clock.js'
import type { Resolved, StreamsClient } from './client.js'
import { collect } from './collect.js'
import { unavailable } from './faults.js'
import { openFeed, type Feed } from './feed.js'
import { persist, type Patience } from './persist.js'
import { startingAt } from './place.js'
import { fromPosition, toPosition } from './position.js'
import { recorded } from './recorded.js'
import { letsNothingPass } from './server-filter.js'

export interface ReadDeps {
  readonly client: StreamsClient
  readonly limits: Limits
  readonly patience: Patience
}

const allRecorded = (resolved: readonly Resolved[]): readonly RecordedEvent[] =>
  resolved.flatMap(({ event }) => (event === undefined ? [] : [recorded(event)]))

export const readStream = async (
  { client, limits, patience }: ReadDeps,
  stream: StreamName,
  { from, direction = 'forwards', limit }: ReadStreamOptions = {},
): Promise<E.Either<ReadFault, StreamSlice>> => {
  const farEnd = direction === 'forwards' ? 'start' : 'end'
  const read = await persist(patience, () =>
    collect(limits, () =>
      client.readStream(stream, {
        direction,
        fromRevision: from === undefined ? farEnd : BigInt(from),
        // None at all is an error to the server.
        ...(limit === undefined ? {} : { maxCount: Math.max(1, limit) }),
        requiresLeader: true,
      }),
    ),
  )
  if (E.isRight(read)) return E.right({ exists: true, events: allRecorded(read.right) })
  switch (read.left.kind) {
    case 'absent':
      return E.right({ exists: false, events: [] })
    case 'ended':
      return E.left({ type: 'StreamEnded', stream })
    case 'refused':
    case 'passing':
      return E.left(unavailable(read.left.reason))
    case 'conflict':
    case 'tooLarge':
      return E.left(unavailable(`the server answered a read by ${read.left.kind}`))
  }
}

/** The place of the log's last record, of whatever kind; undefined while there is none. */
export const logEnd = async (
  client: StreamsClient,
  limits: Limits,
): Promise<Position | undefined> => {
  const [last] = await collect(limits, () =>
    client.readAll({
      direction: 'backwards',
      fromPosition: 'end',
      maxCount: 1,
      requiresLeader: true,
    }),
  )
  const position = (last?.link ?? last?.event)?.position
  return position === undefined ? undefined : toPosition(position)
}

const slice = async (
  limits: Limits,
  feed: Feed,
  after: Position | undefined,
  end: Position,
  limit: number,
): Promise<AllSlice> => {
  const place = startingAt(after)
  const events: RecordedEvent[] = []
  const soFar = (): AllSlice => {
    const position = place.position()
    return { events, position, end: position !== undefined && position >= end }
  }
  const fill = async (alive: () => void): Promise<AllSlice> => {
    for (;;) {
      const taken = await feed.take()
      // Given up meanwhile: nothing will ever come, and nobody waits for it.
      if (taken.length === 0) return soFar()
      for (const fed of taken) {
        alive()
        switch (fed.type) {
          case 'event':
            place.sawEvent(fed.position)
            if (fed.event !== undefined) events.push(recorded(fed.event, fed.position))
            if (events.length >= limit || fed.position >= end) return soFar()
            break
          case 'checkpoint':
            place.sawCheckpoint(fed.position)
            break
          case 'caughtUp':
            place.sawAllUpTo(end)
            return soFar()
          case 'dropped':
            throw fed.error
        }
      }
    }
  }
  try {
    return await guarded(limits, fill)
  } catch (error) {
    if (events.length > 0) return soFar()
    throw error
  } finally {
    feed.close()
  }
}

/**
 * By a subscription that is left at the end, since the older client's reads of `$all` know no
 * filter. The end is asked for before: only so is it known what had to come.
 */
export const readAll = async (
  { client, limits, patience }: ReadDeps,
  { after, filter = {}, limit = 1_000 }: ReadAllOptions = {},
): Promise<E.Either<Unavailable, AllSlice>> => {
  // A position of another log is an error of the caller, not of the connection.
  if (after !== undefined) fromPosition(after)
  const read = await persist(patience, async (): Promise<AllSlice> => {
    const end = await logEnd(client, limits)
    if (end === undefined || (after !== undefined && after >= end))
      return { events: [], position: after, end: true }
    if (letsNothingPass(filter)) return { events: [], position: end, end: true }
    const feed = openFeed(client, { after, filter, bound: limit })
    return slice(limits, feed, after, end, limit)
  })
  if (E.isRight(read)) return read
  return E.left(unavailable('reason' in read.left ? read.left.reason : read.left.kind))
}
