import type { NothingParked, ParkedMoved, RetriedKey } from '@threadbook/sourcing'
import {
  readParked,
  readSkipped,
  type ParkedRequest,
  type ParkedRow,
  type SkippedRow,
} from './parked.js'
import type { Asked, ProjectionParts } from './projections.js'
import { retry, skip, type SkipRequest } from './retry.js'

/** For operators: projections are of all accounts, and nobody's access is asked for. */
export interface Projections {
  /** Rows that stand still because an event broke there, and how many wait behind it. */
  readonly parked: (request?: ParkedRequest) => Asked<readonly ParkedRow[]>
  /** Folds what is parked for a row again, in order. */
  readonly retry: (
    projection: string,
    key: string,
  ) => Asked<RetriedKey, NothingParked | ParkedMoved>
  /** Passes over the event that broke, also in rebuilds, and folds those behind it. */
  readonly skip: (
    projection: string,
    key: string,
    request: SkipRequest,
  ) => Asked<RetriedKey, NothingParked | ParkedMoved>
  /** What was passed over, with who, when and why. */
  readonly skipped: (request?: Pick<ParkedRequest, 'projection'>) => Asked<readonly SkippedRow[]>
}

/** `run` keeps in sight what closing has to wait for. */
export const projectionsOf = (
  parts: ProjectionParts,
  run: <A>(work: Promise<A>) => Promise<A>,
): Projections => ({
  parked: (request) => run(readParked(parts, request)),
  retry: (projection, key) => run(retry(parts, projection, key)),
  skip: (projection, key, request) => run(skip(parts, projection, key, request)),
  skipped: (request) => run(readSkipped(parts, request)),
})
