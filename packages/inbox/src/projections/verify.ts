import {
  Faulted,
  oneTurn,
  verifyProjection,
  type ProcessTurns,
  type Unavailable,
  type Verified,
  type VerifyFault,
  type VerifyProgress,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { limitMeant, projectionsMeant, type Asked, type ProjectionParts } from './projections.js'

export interface VerifyRequest {
  /** Ends it, and takes away what it needed; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined
  /** Differences that are told in full, of each projection; 100 unless told, 1,000 at most. */
  readonly limit?: number | undefined
}

type Parts = ProjectionParts & { readonly turns: ProcessTurns }

type Answer = E.Either<VerifyFault, Verified>

const isAbort = (error: unknown): boolean => (error as { name?: unknown }).name === 'AbortError'

/** One process at a time: whoever comes second waits, and then does it again. */
const inTurn = async (
  parts: Parts,
  projection: ProjectionParts['projections'][number],
  { signal, onProgress, limit }: VerifyRequest,
): Promise<Answer> => {
  try {
    return await oneTurn(
      parts.turns,
      `verify ${projection.name}`,
      async (lease, turn) => ({
        is: await verifyProjection(parts, projection, { lease, signal: turn, onProgress, limit }),
      }),
      signal,
    )
  } catch (error) {
    if (signal?.aborted === true) throw error
    if (error instanceof Faulted) return E.left((error as Faulted<Unavailable>).fault)
    // The turn ended from outside: this process was taken for dead, or is closing.
    if (isAbort(error)) return E.left({ type: 'Unavailable', reason: 'the turn at it ended' })
    throw error
  }
}

/** By projection, in their order; the first fault ends it. */
export const verify = async (
  parts: Parts,
  name: string | undefined,
  request: VerifyRequest = {},
): Asked<readonly Verified[], VerifyFault> => {
  request.signal?.throwIfAborted()
  const most = limitMeant(request.limit)
  if (E.isLeft(most)) return most
  const meant = projectionsMeant(parts, name)
  if (E.isLeft(meant)) return meant
  const verified: Verified[] = []
  for (const projection of meant.right) {
    const one = await inTurn(parts, projection, { ...request, limit: most.right })
    if (E.isLeft(one)) return one
    verified.push(one.right)
  }
  return E.right(verified)
}
