/** The projections of an opened inbox, as an operator looks after them. */
import {
  shapeOf,
  type CommandFault,
  type Invalid,
  type IsoTime,
  type ReadModels,
  type Rows,
} from '@threadbook/sourcing'
import type { EventStore } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'

/** What all of them work with: projections are of all accounts. */
export interface ProjectionParts {
  readonly store: EventStore
  readonly readModels: ReadModels
  readonly projections: readonly Rows[]
  readonly now: () => IsoTime
}

export interface InvalidRequest extends Invalid {
  readonly type: 'InvalidRequest'
}

export type Asked<A, R = never> = Promise<E.Either<InvalidRequest | CommandFault | R, A>>

export const invalidRequest = (field: string, expected: string, value: unknown) =>
  E.left<InvalidRequest>({ type: 'InvalidRequest', field, expected, found: shapeOf(value) })

/** By its name. */
export const projectionNamed = (
  { projections }: Pick<ProjectionParts, 'projections'>,
  name: string,
): E.Either<InvalidRequest, Rows> => {
  const found = projections.find((projection) => projection.name === name)
  const names = projections.map((projection) => projection.name)
  return found === undefined
    ? invalidRequest('projection', `one of ${names.join(', ')}`, name)
    : E.right(found)
}

/** The one that is named, or all. */
export const projectionsMeant = (
  parts: ProjectionParts,
  name: string | undefined,
): E.Either<InvalidRequest, readonly Rows[]> =>
  name === undefined
    ? E.right(parts.projections)
    : E.map((one: Rows) => [one])(projectionNamed(parts, name))

const MOST = 1_000

/** How many are answered at once: `limit`, 100 unless told. */
export const limitMeant = (limit: number | undefined): E.Either<InvalidRequest, number> =>
  limit === undefined || (Number.isInteger(limit) && limit >= 1 && limit <= MOST)
    ? E.right(limit ?? 100)
    : invalidRequest('limit', `a whole number of 1 to ${String(MOST)}`, limit)
