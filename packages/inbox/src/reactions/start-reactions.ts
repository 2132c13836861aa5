/** Runs an opened inbox's reactions, and tells of those events that they could not handle. */
import { parkings, unparkEvent, type Parked } from '@threadbook/core'
import {
  startFollowing,
  type CommandFault,
  type Following,
  type FollowingOptions,
  type ReadFault,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door } from '../door.js'
import { answer, answering } from '../fault.js'
import { stateOf } from '../state-of.js'
import { timesOf } from '../times.js'
import type { InboxReaction } from './reaction.js'
import { again, followerOf, type RunnerParts } from './run-reaction.js'

export interface ParkedReaction extends Parked {
  readonly reaction: string
}

/** One account's reactions, as an operator looks after them. */
export interface Reactions {
  /** The events that a reaction could not handle, by reaction, each in the order they were parked. */
  readonly parked: () => Promise<E.Either<CommandFault, readonly ParkedReaction[]>>
  /** Handles them again, in that order. The answer is what is still parked. */
  readonly retry: () => Promise<E.Either<CommandFault, readonly ParkedReaction[]>>
}

export interface RunningReactions extends Following {
  readonly of: (door: Door) => Reactions
  /** How many events of an account each could not handle. Throws `Faulted`. */
  readonly countParked: (door: Door) => Promise<ReadonlyMap<string, number>>
}

const parkedOf = async (
  reactions: readonly InboxReaction[],
  door: Door,
): Promise<readonly ParkedReaction[]> => {
  const found: ParkedReaction[] = []
  for (const { name: reaction } of reactions)
    for (const parked of (await stateOf(door, parkings, reaction)).values())
      found.push({ reaction, ...parked })
  return found
}

export const startReactions = async (
  adapters: Door['adapters'],
  reactions: readonly InboxReaction[],
  parts: RunnerParts,
  options: FollowingOptions,
): Promise<E.Either<ReadFault, RunningReactions>> => {
  const names = new Set(reactions.map(({ name }) => name))
  if (names.size < reactions.length)
    throw new Error('reactions: expected a name of its own for each')
  const stopping = new AbortController()
  const started = await startFollowing(
    adapters,
    reactions.map((reaction) => followerOf(reaction, parts)),
    options,
  )
  if (E.isLeft(started)) return started

  const retry = async (door: Door): Promise<readonly ParkedReaction[]> => {
    for (const { reaction: name, stream, revision } of await parkedOf(reactions, door)) {
      const reaction = reactions.find((each) => each.name === name)!
      const read = adapters.store.readStream(stream, { from: revision, limit: 1 })
      const event = (await answer(read)).events[0]
      if (event === undefined) continue
      if (E.isLeft(await again(reaction, event, parts, stopping.signal))) continue
      await door.commands.transact(
        { account: door.account, actor: 'system', commandId: door.newId(), causationId: event.id },
        (transaction) =>
          transaction.decide(parkings, name, {
            ...unparkEvent({ reaction: name, stream, revision, actor: 'system' }),
            ...timesOf(door),
          }),
      )
    }
    return parkedOf(reactions, door)
  }

  return E.right({
    settled: started.right.settled,
    stop: () => {
      stopping.abort()
      return started.right.stop()
    },
    countParked: async (door) => {
      const counts = new Map<string, number>()
      for (const { reaction } of await parkedOf(reactions, door))
        counts.set(reaction, (counts.get(reaction) ?? 0) + 1)
      return counts
    },
    of: (door) => ({
      parked: () => answering(async () => E.right(await parkedOf(reactions, door))),
      retry: () => answering(async () => E.right(await retry(door))),
    }),
  })
}
