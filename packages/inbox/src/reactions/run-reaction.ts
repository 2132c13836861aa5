/** One event through one reaction: what it asks for is carried out, what breaks it is parked. */
import { decodeCommand, parkEvent, parkings, type Request } from '@threadbook/core'
import {
  decodeEvent,
  Faulted,
  reactionFilter,
  type DomainEvent,
  type Follower,
  type RecordedEvent,
  type Unavailable,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { v5 } from 'uuid'
import type { Door } from '../door.js'
import { perform, type Accepted, type Executed } from '../execute.js'
import { timesOf } from '../times.js'
import type { InboxReaction, ReactionWorld } from './reaction.js'

/** What became of a request, or of an event, of a reaction. */
export type ReactionNews = {
  readonly reaction: string
  readonly event: Pick<RecordedEvent, 'type' | 'stream' | 'revision'>
} & (
  | { readonly outcome: 'accepted'; readonly accepted: Accepted }
  /** A proper answer: the reaction goes on. */
  | { readonly outcome: 'refused'; readonly refusal: { readonly type: string } }
  /** It broke the reaction, which goes on without it (`reactions.parked`). */
  | { readonly outcome: 'parked'; readonly problem: unknown }
)

export interface RunnerParts {
  readonly doorOf: (account: string) => Door
  /** Answers once the views hold an event. */
  readonly upToDate: (event: RecordedEvent) => Promise<void>
  readonly onNews: (news: ReactionNews) => void
}

/** Ids of commands that reactions ask for. */
const REACTIONS = 'c2f1b0a4-6d0e-4b7a-8c53-5a1d9e3f7246'

/** May pass by itself. */
const PASSING: ReadonlySet<string> = new Set(['Unavailable', 'TooManyConflicts'])
/** No refusal of the domain's: repeating it, or asking in another order, would not help. */
const BROKEN: ReadonlySet<string> = new Set([
  'AppendTooLarge',
  'InvalidAppend',
  'InvalidCommand',
  'MalformedEvent',
  'StreamEnded',
  'UnknownEvent',
])

/** Thrown on the way to say that an event cannot be handled. */
class Broken extends Error {
  constructor(readonly problem: unknown) {
    super('broken')
  }
}

const hasType = (value: unknown): value is { readonly type: string } =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'type') === 'string'

const problemOf = (error: unknown): unknown => {
  if (error instanceof Broken) return error.problem
  return error instanceof Faulted ? error.fault : error
}

const kindOf = (problem: unknown): string => {
  if (hasType(problem)) return problem.type
  return problem instanceof Error ? problem.name : typeof problem
}

const isPassing = (problem: unknown): boolean => hasType(problem) && PASSING.has(problem.type)

type Handled = E.Either<Unavailable, void>

const handledOrThrow = async (
  reaction: InboxReaction,
  stored: RecordedEvent,
  signal: AbortSignal,
  { doorOf, upToDate, onNews }: RunnerParts,
): Promise<Handled> => {
  const decoded = decodeEvent(reaction.of.events)(stored)
  if (E.isLeft(decoded)) throw new Broken(decoded.left)
  const event = decoded.right
  const { type, stream, revision, metadata } = event
  const door = doorOf(metadata.account)
  const because = {
    causationId: event.id,
    correlationId: metadata.correlationId ?? metadata.commandId,
  }

  const execute = async (asked: Request, name: string): Promise<Executed> => {
    const commandId = v5(`${reaction.name}/${stream}/${event.id}/${name}`, REACTIONS)
    const request = decodeCommand({ ...asked, commandId })
    if (E.isLeft(request)) throw new Broken(request.left)
    const executed = await perform(door, request.right, because)
    const about = { reaction: reaction.name, event: { type, stream, revision } }
    if (E.isRight(executed)) onNews({ ...about, outcome: 'accepted', accepted: executed.right })
    else if (isPassing(executed.left)) throw new Faulted(executed.left)
    else if (BROKEN.has(executed.left.type)) throw new Broken(executed.left)
    else onNews({ ...about, outcome: 'refused', refusal: executed.left })
    return executed
  }
  const world: ReactionWorld = { door, execute, signal, upToDate: () => upToDate(event) }

  if ('effect' in reaction)
    return (await reaction.effect[type]?.(event, world)) ?? E.right(undefined)
  const facts = await reaction.facts?.(event, world)
  const requests = reaction.on[type]?.(event, facts) ?? []
  for (const [index, request] of requests.entries())
    await execute(request, request.commandId ?? String(index))
  return E.right(undefined)
}

const park = async (
  { name }: InboxReaction,
  event: RecordedEvent,
  problem: unknown,
  { doorOf, onNews }: RunnerParts,
): Promise<Handled> => {
  const { type, stream, revision, metadata } = event
  const door = doorOf(metadata.account)
  const place = { stream, revision }
  const parked = await door.commands.transact(
    { account: door.account, actor: 'system', commandId: door.newId(), causationId: event.id },
    (transaction) =>
      transaction.decide(parkings, name, {
        ...parkEvent({ reaction: name, ...place, problem: kindOf(problem), actor: 'system' }),
        ...timesOf(door),
      }),
  )
  onNews({ reaction: name, event: { type, ...place }, outcome: 'parked', problem })
  return E.isLeft(parked) ? E.left(unavailable(parked.left)) : E.right(undefined)
}

const unavailable = (problem: unknown): Unavailable => ({
  type: 'Unavailable',
  reason: kindOf(problem),
})

/** Handles an event again that was parked. A Left says why that still fails. */
export const again = async (
  reaction: InboxReaction,
  event: RecordedEvent,
  parts: RunnerParts,
  signal: AbortSignal,
): Promise<E.Either<unknown, void>> => {
  try {
    return await handledOrThrow(reaction, event, signal, parts)
  } catch (error) {
    return E.left(problemOf(error))
  }
}

/** By the types of the events that it handles. */
export const handlersOf = (reaction: InboxReaction): object =>
  'effect' in reaction ? reaction.effect : reaction.on

/** A reaction as the log is followed for it. */
export const followerOf = (reaction: InboxReaction, parts: RunnerParts): Follower => {
  const { name, of, from } = reaction
  const never = new AbortController().signal
  const handle = async (
    events: readonly RecordedEvent<DomainEvent>[],
    signal: AbortSignal = never,
  ): Promise<Handled> => {
    for (const event of events) {
      const handled = await again(reaction, event, parts, signal)
      if (E.isRight(handled)) continue
      const problem = handled.left
      if (isPassing(problem)) return E.left(unavailable(problem))
      const parked = await park(reaction, event, problem, parts)
      if (E.isLeft(parked)) return parked
    }
    return E.right(undefined)
  }
  return {
    name: `reaction ${name}`,
    filter: reactionFilter(of.category, Object.keys(handlersOf(reaction))),
    ...(from !== undefined && { from }),
    handle,
  }
}
