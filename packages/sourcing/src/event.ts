/** What is stored: an event is type, data, metadata; data and metadata are JSON. */

/** A stream's name: `{category}-{account}.{id}`. */
export type StreamName = string

/** Times are ISO 8601 in UTC with milliseconds, so that they sort as text. */
export type IsoTime = string

/** Where an event stands in the whole log: opaque, and ordered as text (`a < b`). */
export type Position = string & { readonly Position: unique symbol }

export interface Metadata {
  readonly schemaVersion: number
  readonly account: string
  /** Who did it, in the words of the domain that writes it: `user:ada`, `system`, … */
  readonly actor: string
  readonly commandId: string
  /** Left out where it equals the command id: the command started the story itself. */
  readonly correlationId?: string
  /** The event or command that led to this command; left out where nothing did. */
  readonly causationId?: string
  /** When it happened, as the source says; never later than `recordedAt`. */
  readonly occurredAt: IsoTime
  /** When it was written, by the writer's clock. */
  readonly recordedAt: IsoTime
}

/** An event's two halves that a domain speaks of. */
export interface DomainEvent {
  readonly type: string
  readonly data: unknown
}

/** An event on its way into a store. The id is a UUID, unique within its stream. */
export interface NewEvent extends DomainEvent {
  readonly id: string
  readonly metadata: Metadata
}

/** An event with its place in its stream: all that a fold may look at. */
export type StreamEvent<E extends DomainEvent = DomainEvent> = E & {
  readonly id: string
  readonly stream: StreamName
  /** 0 for a stream's first event. */
  readonly revision: number
  readonly metadata: Metadata
}

/** An event as a store gives it back. */
export type RecordedEvent<E extends DomainEvent = DomainEvent> = StreamEvent<E> & {
  readonly position: Position
}

export type NonEmpty<A> = readonly [A, ...A[]]

export const isNonEmpty = <A>(list: readonly A[]): list is NonEmpty<A> => list.length > 0
