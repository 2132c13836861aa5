import type {
  NothingParked,
  ParkedMoved,
  ProcessTurns,
  Rebuilt,
  RetriedKey,
  RolledBack,
  Verified,
  VerifyFault,
} from '@threadbook/sourcing'
import {
  readParked,
  readSkipped,
  type ParkedRequest,
  type ParkedRow,
  type SkippedRow,
} from './parked.js'
import type { Asked, ProjectionParts } from './projections.js'
import type { Rebuilding, RebuildRequest } from './rebuild.js'
import { retry, skip, type SkipRequest } from './retry.js'
import { verify, type VerifyRequest } from './verify.js'

/** For operators: projections are of all accounts, and nobody's access is asked for. */
export interface Projections {
  /** Of all of them: ours and the host's. */
  readonly names: readonly string[]
  /**
   * Builds a projection's rows anew from the log, while those that are there are served and kept up
   * to date, and serves them in one step once they are complete. Those served before are kept for
   * `rollback` until the next time. Of several hosts that ask at once one does it. Killed in the
   * middle, it leaves what is served as it is.
   */
  readonly rebuild: (projection: string, request?: RebuildRequest) => Asked<Rebuilt>
  /** Serves again what was served before the last rebuild, once that has caught up with the log. */
  readonly rollback: (projection: string, request?: RebuildRequest) => Asked<RolledBack>
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
  /**
   * Replays a projection, or all, beside what is served, and tells what differs. Writes go on
   * meanwhile; it takes about as long as a rebuild, and room for the rows once more.
   */
  readonly verify: (
    projection?: string,
    request?: VerifyRequest,
  ) => Asked<readonly Verified[], VerifyFault>
}

/** `run` keeps in sight what closing has to wait for. */
export const projectionsOf = (
  parts: ProjectionParts & { readonly rebuilding: Rebuilding; readonly turns: ProcessTurns },
  run: <A>(work: Promise<A>) => Promise<A>,
): Projections => ({
  names: parts.projections.map(({ name }) => name),
  rebuild: (projection, request) => run(parts.rebuilding.rebuild(projection, request)),
  rollback: (projection, request) => run(parts.rebuilding.rollback(projection, request)),
  parked: (request) => run(readParked(parts, request)),
  retry: (projection, key) => run(retry(parts, projection, key)),
  skip: (projection, key, request) => run(skip(parts, projection, key, request)),
  // Closing ends it: nobody waits for the log to be replayed.
  verify: (projection, request) => verify(parts, projection, request),
  skipped: (request) => run(readSkipped(parts, request)),
})
