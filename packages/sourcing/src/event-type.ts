/** Event types are codecs first; their TypeScript types follow from them. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { DomainEvent, StreamEvent } from './event.js'
import { invalid, shapeOf, type Invalid } from './validation.js'

/** Turns the data of one schema version into that of the next. Pure, and kept for ever. */
export type Upcaster = (data: unknown) => unknown

export interface EventType<T extends string, D> {
  readonly type: T
  /** The schema version written today: 1, and one more with each change of meaning or shape. */
  readonly version: number
  readonly data: t.Type<D>
  /** `upcasters[n]` turns version n into n + 1. */
  readonly upcasters: Readonly<Record<number, Upcaster>>
}

export type EventOf<T> =
  T extends EventType<infer Name, infer D> ? { readonly type: Name; readonly data: D } : never

type Data<P extends t.Props, O extends t.Props> = Readonly<t.TypeOfProps<P>> &
  Readonly<t.TypeOfPartialProps<O>>

/** An event type: fields that are always there, then those that may be left out. */
export const event = <
  T extends string,
  P extends t.Props,
  O extends t.Props = Record<never, never>,
>(
  type: T,
  fields: P,
  optional?: O,
  history: { version: number; upcasters: Readonly<Record<number, Upcaster>> } = {
    version: 1,
    upcasters: {},
  },
): EventType<T, Data<P, O>> => ({
  type,
  data: (optional === undefined
    ? t.type(fields, type)
    : t.intersection([t.type(fields), t.partial(optional)], type)) as unknown as t.Type<Data<P, O>>,
  ...history,
})

/** The event types of one kind of stream. */
export interface EventTypes<E extends DomainEvent = DomainEvent> {
  readonly byName: ReadonlyMap<string, EventType<string, unknown>>
  /** Never set: it carries the type of the events. */
  readonly _E?: E
}

/** Any event type: codecs are neither wider nor narrower than one another. */
type AnyEventType = Omit<EventType<string, unknown>, 'data'> & { readonly data: t.Mixed }

export const eventTypes = <const T extends readonly AnyEventType[]>(
  ...types: T
): EventTypes<EventOf<T[number]>> => ({
  byName: new Map(types.map((type) => [type.type, type as unknown as EventType<string, unknown>])),
})

export type EventsOf<T> = T extends EventTypes<infer E> ? E : never

/** A newer version of the software wrote it: nothing can be decided without understanding it. */
export interface UnknownEvent {
  readonly type: 'UnknownEvent'
  readonly stream: string
  readonly revision: number
  readonly event: string
  readonly schemaVersion: number
}

export interface MalformedEvent extends Invalid {
  readonly type: 'MalformedEvent'
  readonly stream: string
  readonly revision: number
  readonly event: string
}

export type EventFault = UnknownEvent | MalformedEvent

const about = ({ stream, revision, type }: StreamEvent) => ({ stream, revision, event: type })

/** A stored event as the code of today knows it: older versions brought up, unknown ones refused. */
export const decodeEvent =
  <E extends DomainEvent>(types: EventTypes<E>) =>
  <A extends StreamEvent>(stored: A): E.Either<EventFault, A & E> => {
    const type = types.byName.get(stored.type)
    const { schemaVersion } = stored.metadata
    if (type === undefined || schemaVersion > type.version)
      return E.left({ type: 'UnknownEvent', ...about(stored), schemaVersion })
    let data = stored.data
    for (let version = schemaVersion; version < type.version; version++)
      try {
        data = type.upcasters[version]?.(data)
      } catch {
        const expected = `${stored.type} of version ${String(version)}`
        const found = shapeOf(data)
        return E.left({ type: 'MalformedEvent', ...about(stored), field: '', expected, found })
      }
    if (type.data.is(data))
      return E.right((data === stored.data ? stored : { ...stored, data }) as A & E)
    const found = type.data.decode(data)
    return E.left({
      type: 'MalformedEvent',
      ...about(stored),
      ...(E.isLeft(found)
        ? invalid(found.left)
        : { field: '', expected: type.data.name, found: 'another shape' }),
    })
  }
