/** Views built anew while the old ones are served, and the way back. */
import type {
  Rebuilder,
  RebuildOptions,
  RebuildProgress,
  Rebuilt,
  RolledBack,
  Rows,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { projectionNamed, type Asked, type ProjectionParts } from './projections.js'

export interface RebuildRequest {
  /** Ends it, and takes away what was built so far; then the call rejects with its reason. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: RebuildProgress) => void
}

export interface Rebuilding {
  readonly rebuild: (name: string, request?: RebuildRequest) => Asked<Rebuilt>
  readonly rollback: (name: string, request?: RebuildRequest) => Asked<RolledBack>
  /** Takes away what is half done, and waits until that is so. */
  readonly stop: () => Promise<void>
}

const closed = E.left({ type: 'Unavailable' as const, reason: 'closed' })

/** What a rebuild that was killed left behind is taken away meanwhile; faults of that are only told. */
export const rebuilding = (
  parts: Pick<ProjectionParts, 'projections'> & { readonly rebuilder: Rebuilder },
  onFault: (where: string, fault: unknown) => void,
): Rebuilding => {
  const { rebuilder, projections } = parts
  const closing = new AbortController()
  const tidied = Promise.all(
    projections.map((projection) =>
      rebuilder.tidy(projection, closing.signal).catch((fault: unknown) => {
        if (!closing.signal.aborted) onFault(`rebuild of ${projection.name}`, fault)
      }),
    ),
  )

  const asked = async <A>(
    name: string,
    { signal, onProgress }: RebuildRequest,
    work: (projection: Rows, options: RebuildOptions) => Asked<A>,
  ): Asked<A> => {
    const named = projectionNamed(parts, name)
    if (E.isLeft(named)) return named
    const until = AbortSignal.any([closing.signal, ...(signal ? [signal] : [])])
    try {
      return await work(named.right, { signal: until, onProgress })
    } catch (error) {
      if (closing.signal.aborted && signal?.aborted !== true) return closed
      throw error
    }
  }

  return {
    rebuild: (name, request = {}) => asked(name, request, rebuilder.rebuild),
    rollback: (name, request = {}) => asked(name, request, rebuilder.rollback),
    stop: async () => {
      closing.abort()
      await tidied
    },
  }
}
