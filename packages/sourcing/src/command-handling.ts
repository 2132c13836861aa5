/** Load, decide, append; again where another was faster. */
import * as E from 'fp-ts/lib/Either.js'
import { CachedStates } from './cached-states.js'
import type { Category } from './decider.js'
import {
  isNonEmpty,
  type DomainEvent,
  type IsoTime,
  type Position,
  type StreamName,
} from './event.js'
import type { Append, AppendFault, Conflict, EventStore, ReadFault } from './event-store.js'
import type { EventFault } from './event-type.js'
import { Faulted } from './faulted.js'
import type { KeyRing } from './key-ring.js'
import {
  beginTransaction,
  type CommandContext,
  type KeyGone,
  type OpenedStream,
  type OpenedStreams,
  type Transaction,
} from './transaction.js'
import { Turns } from './turns.js'

export interface Receipt {
  readonly stream: StreamName
  /** Of the last event this command brought there; of the stream's last where it brought none. */
  readonly revision: number
  readonly position?: Position
  /** `repeated`: accepted before, nothing was written now. `unchanged`: there was nothing to do. */
  readonly outcome: 'accepted' | 'repeated' | 'unchanged'
}

/** Others kept changing the same streams, as often as it was tried. */
export interface TooManyConflicts {
  readonly type: 'TooManyConflicts'
  readonly attempts: number
  readonly last: Conflict
}

export type CommandFault =
  Exclude<AppendFault, Conflict> | ReadFault | EventFault | KeyGone | TooManyConflicts

export interface Committed<A> {
  readonly value: A
  /** One for each stream decided on, in the order of the first decision. */
  readonly receipts: readonly Receipt[]
}

export interface CommandHandling {
  /**
   * Does the work and appends what it decided, all at once where the store can. The work runs
   * again from the start when another writer was faster, at most `attempts` times (10 unless told):
   * it has no effects of its own but through its transaction. A Left appends nothing. Works that
   * name the same turn run one after another in this process: they need not meet as conflicts.
   */
  readonly transact: <R, A>(
    context: CommandContext,
    work: (transaction: Transaction) => Promise<E.Either<R, A>>,
    turn?: string,
  ) => Promise<E.Either<R | CommandFault, Committed<A>>>
  /** A stream's state as it is stored now. Borrowed: read it before the next await. */
  readonly read: <S, E extends DomainEvent>(
    account: string,
    category: Category<never, S, E, unknown>,
    id: string,
  ) => Promise<E.Either<ReadFault | EventFault, S>>
}

class Conflicted {
  constructor(readonly conflict: Conflict) {}
}

type Streams = ReadonlyMap<StreamName, OpenedStream>

/** Those that could be opened. */
const settled = async (opened: OpenedStreams): Promise<Streams> => {
  const streams = new Map<StreamName, OpenedStream>()
  for (const [stream, loading] of opened) {
    const one = await loading.catch(() => undefined)
    if (one !== undefined) streams.set(stream, one)
  }
  return streams
}

/** Those decided on, in the order of the first decision: stores without `atomic` keep to it. */
const decidedOf = (streams: Streams) =>
  [...streams]
    .filter(([, { decidedAt }]) => decidedAt !== undefined)
    .sort(([, a], [, b]) => a.decidedAt! - b.decidedAt!)

const appendsOf = (streams: Streams): readonly Append[] =>
  decidedOf(streams).flatMap(([stream, { staged, loadedAt }]) =>
    isNonEmpty(staged)
      ? [{ stream, expected: loadedAt < 0 ? 'noStream' : loadedAt, events: staged }]
      : [],
  )

/** What was stored is part of the states now: the commands that brought it are accepted. */
const accepted = (streams: Streams): void => {
  for (const { envelope, staged, loadedAt } of streams.values())
    for (const [index, { metadata }] of staged.entries())
      envelope.commands.set(metadata.commandId, loadedAt + 1 + index)
}

const receiptsOf = (
  streams: Streams,
  positions: ReadonlyMap<StreamName, Position | undefined>,
): readonly Receipt[] =>
  decidedOf(streams).map(([stream, { envelope, staged, repeatedAt }]): Receipt => {
    if (staged.length === 0)
      return repeatedAt === undefined
        ? { stream, revision: envelope.revision, outcome: 'unchanged' }
        : { stream, revision: repeatedAt, outcome: 'repeated' }
    const position = positions.get(stream)
    const placed = position === undefined ? {} : { position }
    return { stream, revision: envelope.revision, ...placed, outcome: 'accepted' }
  })

export const commandHandling = (deps: {
  readonly store: EventStore
  readonly keys: KeyRing
  readonly now: () => IsoTime
  /** Streams whose state is kept between commands; 2,000 unless told. */
  readonly cachedStreams?: number
  readonly attempts?: number
}): CommandHandling => {
  const { store, cachedStreams = 2_000, attempts = 10 } = deps
  const states = new CachedStates(cachedStreams)
  const turns = new Turns()
  const begin = (context: CommandContext) => beginTransaction({ ...deps, states }, context)

  /** Gives states back; those with decisions that were not stored are dropped. */
  const release = (streams: Streams, stored: boolean) => {
    for (const [stream, { envelope, staged }] of streams)
      states.giveBack(stream, stored || staged.length === 0 ? envelope : undefined)
  }

  const commit = async <A>(
    streams: Streams,
    value: A,
  ): Promise<E.Either<CommandFault, Committed<A>> | Conflicted> => {
    const appends = appendsOf(streams)
    const positions = new Map<StreamName, Position | undefined>()
    if (isNonEmpty(appends)) {
      const appended = await store.appendAll(appends)()
      if (E.isRight(appended)) accepted(streams)
      release(streams, E.isRight(appended))
      if (E.isLeft(appended))
        return appended.left.type === 'Conflict'
          ? new Conflicted(appended.left)
          : E.left(appended.left)
      for (const { stream, position } of appended.right) positions.set(stream, position)
    } else release(streams, true)
    return E.right({ value, receipts: receiptsOf(streams, positions) })
  }

  const attempt = async <R, A>(
    context: CommandContext,
    work: (transaction: Transaction) => Promise<E.Either<R, A>>,
  ): Promise<E.Either<R | CommandFault, Committed<A>> | Conflicted> => {
    const { transaction, opened } = begin(context)
    try {
      const answer = await work(transaction)
      if (E.isRight(answer)) return await commit(await settled(opened), answer.right)
      release(await settled(opened), false)
      return answer
    } catch (error) {
      release(await settled(opened), false)
      if (error instanceof Faulted) return E.left(error.fault as CommandFault)
      throw error
    }
  }

  const transact = async <R, A>(
    context: CommandContext,
    work: (transaction: Transaction) => Promise<E.Either<R, A>>,
  ): Promise<E.Either<R | CommandFault, Committed<A>>> => {
    for (let tried = 1; ; tried++) {
      const done = await attempt(context, work)
      if (!(done instanceof Conflicted)) return done
      if (tried === attempts)
        return E.left({ type: 'TooManyConflicts', attempts: tried, last: done.conflict })
    }
  }

  const read = async <S, E extends DomainEvent>(
    account: string,
    category: Category<never, S, E, unknown>,
    id: string,
  ): Promise<E.Either<ReadFault | EventFault, S>> => {
    const { transaction, opened } = begin({ account, actor: '', commandId: '' })
    try {
      return E.right(await transaction.load(category, id))
    } catch (error) {
      if (error instanceof Faulted) return E.left(error.fault as ReadFault | EventFault)
      throw error
    } finally {
      release(await settled(opened), true)
    }
  }

  return {
    read,
    transact: (context, work, turn) =>
      turn === undefined
        ? transact(context, work)
        : turns.take(turn, () => transact(context, work)),
  }
}
