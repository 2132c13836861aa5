/**
 * A request is what comes from outside: plain data, checked by a codec. A command is a request that
 * the front door has completed (ids, keys, facts of other streams, times): only commands are decided.
 */
import { isSealedData, sealed, toSeal, type IsoTime, type Sealed } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { Actor, Id, IsoTime as Time } from './vocabulary.js'

/** On every request. */
export interface Asked {
  readonly actor: Actor
  /** The same id again means the same command again: it is answered as the first time. */
  readonly commandId?: string
  /** When it happened, where that is not now; later than now counts as now. */
  readonly at?: IsoTime
}

/** A command as it is decided: `at` is when it happened (never later than `now`). */
export type Stamped<C> = C & { readonly at: IsoTime; readonly now: IsoTime }

type Flat<X> = { readonly [K in keyof X]: X[K] }
type Fields<P extends t.Props, O extends t.Props> = Flat<t.TypeOfProps<P> & t.TypeOfPartialProps<O>>
type NoFields = Record<never, never>

const noSuchField = new t.Type<unknown>(
  'no such field',
  (_): _ is unknown => false,
  (u, c) => t.failure(u, c),
  t.identity,
)

const isObject = (u: unknown): u is Record<string, unknown> =>
  typeof u === 'object' && u !== null && !Array.isArray(u)

/** What follows from the other fields is filled in before they are checked. */
export interface Complete {
  /** The required fields that it can fill in. */
  readonly filled: readonly string[]
  readonly fill: (u: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
}
const asGiven: Complete = { filled: [], fill: (u) => u }

/** An object with these fields and no others: a misspelt one is an error, not a silent nothing. */
export class StructType<A> extends t.Type<A> {
  /** Required fields that need not be given: they follow from others. */
  readonly filled: readonly string[]
  constructor(
    name: string,
    readonly required: t.Props,
    readonly optional: t.Props,
    complete: Complete = asGiven,
  ) {
    const known: t.Props = { ...required, ...optional }
    const isMissing = (key: string, value: unknown) =>
      value === undefined && !Object.hasOwn(required, key)
    super(
      name,
      (u): u is A =>
        isObject(u) &&
        Object.keys(u).every((key) => Object.hasOwn(known, key)) &&
        Object.entries(known).every(([key, codec]) => isMissing(key, u[key]) || codec.is(u[key])),
      (given, context) => {
        if (!isObject(given)) return t.failure(given, context)
        const u = complete.fill(given)
        const errors: t.ValidationError[] = []
        const result: Record<string, unknown> = {}
        const check = (key: string, codec: t.Mixed) => {
          const found = codec.validate(u[key], t.appendContext(context, key, codec, u[key]))
          if (E.isLeft(found)) errors.push(...found.left)
          else result[key] = found.right
        }
        for (const [key, codec] of Object.entries(known))
          if (!isMissing(key, u[key])) check(key, codec)
        for (const key of Object.keys(u)) if (!Object.hasOwn(known, key)) check(key, noSuchField)
        return errors.length > 0 ? t.failures(errors) : t.success(result as A)
      },
      t.identity,
    )
    this.filled = complete.filled
  }
}

export const struct = <P extends t.Props, O extends t.Props = NoFields>(
  name: string,
  required: P,
  optional: O = {} as O,
  complete?: Complete,
): t.Type<Fields<P, O>> => new StructType(name, required, optional, complete)

/** Plain text or data from outside goes into a box; a box is taken as it is. */
export class SealingType<A> extends t.Type<Sealed<A>> {
  constructor(readonly content: t.Type<A>) {
    const box = sealed<A>()
    // What only looks like stored ciphertext could never be opened again.
    const is = (u: unknown): u is Sealed<A> => box.is(u) && !isSealedData(u)
    super(
      content.name,
      is,
      (u, context) => {
        if (is(u)) return t.success(u)
        const found = content.validate(u, context)
        return E.isLeft(found) ? found : t.success(toSeal(found.right))
      },
      t.identity,
    )
  }
}

export const sealing = <A>(content: t.Type<A>): t.Type<Sealed<A>> => new SealingType(content)

const asked = { actor: Actor }
const askedMaybe = { commandId: Id, at: Time }

/** The codec of a request; its name is the request's type. */
export const request = <
  T extends string,
  P extends t.Props = NoFields,
  O extends t.Props = NoFields,
>(
  type: T,
  fields: P,
  optional?: O,
  complete?: Complete,
): t.Type<Fields<{ readonly type: t.LiteralC<T> } & typeof asked & P, typeof askedMaybe & O>> =>
  struct(
    type,
    { type: t.literal(type), ...asked, ...fields },
    { ...askedMaybe, ...optional } as typeof askedMaybe & O,
    complete,
  )

export type RequestOf<C extends t.Mixed> = t.TypeOf<C>
/** What a builder asks for as it is, where it makes the fields `K` of something else. */
export type Asks<C extends t.Mixed, K extends keyof RequestOf<C>> = Omit<RequestOf<C>, 'type' | K>

/** The builder of a request whose fields are asked for as they are. */
export const asking =
  <A extends { readonly type: string }>(codec: t.Type<A>) =>
  (fields: Omit<A, 'type'>): A =>
    ({ type: codec.name, ...fields }) as unknown as A

/** What a command needs to know of other streams: read before it is decided, never from outside. */
export interface WithFacts<F> {
  readonly facts: F
}
