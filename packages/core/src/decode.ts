/** What comes from outside (JSON) as a request, or what is wrong with it. */
import { invalid, shapeOf, type Invalid } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { kinds, type Kinds } from './kinds.js'

/** Everything that can be asked for from outside. */
export type Request = t.TypeOf<Kinds[keyof Kinds]['requests'][number]>

export interface InvalidCommand extends Invalid {
  readonly type: 'InvalidCommand'
}

const byType = new Map<unknown, t.Mixed>(
  Object.values(kinds).flatMap(({ requests }) => requests.map((codec) => [codec.name, codec])),
)

/**
 * Plain text in sealed places is put into boxes. Facts, and any field that a request does not have,
 * are refused. What a builder made passes as it is.
 */
export const decodeCommand = (u: unknown): E.Either<InvalidCommand, Request> => {
  const type = typeof u === 'object' && u !== null ? (u as { type?: unknown }).type : undefined
  const codec = byType.get(type)
  if (codec === undefined) {
    const expected = 'a type of command, as Assign'
    return E.left({ type: 'InvalidCommand', field: 'type', expected, found: shapeOf(type) })
  }
  const decoded = codec.decode(u)
  return E.isRight(decoded)
    ? E.right(decoded.right as Request)
    : E.left({ type: 'InvalidCommand', ...invalid(decoded.left) })
}
