/** A reaction is a value: what is asked for because something happened. */
import type * as E from 'fp-ts/lib/Either.js'
import type { DomainEvent, RecordedEvent } from './event.js'
import type { EventFilter, Unavailable } from './event-store.js'
import type { EventTypes } from './event-type.js'
import { streamPrefix } from './stream-name.js'

export interface Reads<Event extends DomainEvent = DomainEvent> {
  /** Names its checkpoint, and its commands' ids derive from it: it stays. */
  readonly name: string
  /** The kind of streams whose events it reads; they come as its codecs know them today. */
  readonly of: { readonly category: string; readonly events: EventTypes<Event> }
  /**
   * Where it begins, the first time it runs on a log: at what is written from then on unless told.
   * `start` is for what only asks for things that are right at any time.
   */
  readonly from?: 'start' | 'end'
}

/**
 * Pure, from an event (and facts that were read for it) to requests. What it asks for is carried out
 * under ids that derive from the event, so that a repetition does nothing; a refusal is a proper
 * outcome. A request's own `commandId` need only be unique among those of one event.
 */
export interface Reaction<
  Event extends DomainEvent = DomainEvent,
  Facts = undefined,
  Request = unknown,
  World = unknown,
> extends Reads<Event> {
  /** Reads what `on` needs to know beside the event. It may meet an event a second time. */
  readonly facts?: (event: RecordedEvent<Event>, world: World) => Promise<Facts>
  readonly on: {
    readonly [T in Event['type']]?: (
      event: RecordedEvent<Extract<Event, { readonly type: T }>>,
      facts: Facts,
    ) => readonly Request[]
  }
}

/**
 * What happens outside because of an event: a mail that is sent, a hook that is called. At least
 * once and in order: it sees for itself to what must not happen twice. A Left is tried again.
 */
export interface Effect<
  Event extends DomainEvent = DomainEvent,
  World = unknown,
> extends Reads<Event> {
  readonly effect: {
    readonly [T in Event['type']]?: (
      event: RecordedEvent<Extract<Event, { readonly type: T }>>,
      world: World,
    ) => Promise<E.Either<Unavailable, void>>
  }
}

/** What it reads, to be filtered inside the store. */
export const reactionFilter = (of: string, types: readonly string[]): EventFilter => ({
  types,
  streamPrefixes: [streamPrefix(of)],
})
