import * as E from 'fp-ts/lib/Either.js'
import type { DomainEvent, StreamEvent } from './event.js'
import type { EventTypes } from './event-type.js'
import type { KeyId } from './vault.js'

/** A command is answered by events (none is a proper answer) or by a refusal. */
export interface Decider<C, S, E extends DomainEvent, R> {
  readonly decide: (command: C, state: S) => E.Either<R, readonly E[]>
  /**
   * May change the state it is given: a fold owns its state and lends it to nobody but `decide`,
   * which only reads (docs/decisions/002-folds-own-their-state.md). Total: it never throws.
   */
  readonly evolve: (state: S, event: StreamEvent<E>) => S
  readonly initial: () => S
}

/** A kind of stream: what its streams are called, what they hold, how they decide. */
export interface Category<C, S, E extends DomainEvent, R> extends Decider<C, S, E, R> {
  readonly category: string
  readonly events: EventTypes<E>
  /** The key its sealed fields are under, once there is one. */
  readonly keyOf?: (state: S) => KeyId | undefined
}

export type Decision<R, E> = E.Either<R, readonly E[]>

export const accept = <E>(...events: readonly E[]): E.Either<never, readonly E[]> => E.right(events)
export const refuse = <R>(refusal: R): E.Either<R, never> => E.left(refusal)

/** A state made from nothing but the events given. */
export const fold = <S, E extends DomainEvent>(
  decider: Pick<Decider<never, S, E, unknown>, 'initial' | 'evolve'>,
  events: Iterable<StreamEvent<E>>,
): S => {
  let state = decider.initial()
  for (const event of events) state = decider.evolve(state, event)
  return state
}
