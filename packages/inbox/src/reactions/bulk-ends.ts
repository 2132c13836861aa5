/** D-07: a bulk operation that a crash cut off comes to its end all the same. */
import { setTimeout } from 'node:timers/promises'
import { bulkOperations, type BulkOperationEvent } from '@threadbook/core'
import { Faulted, streamId, type RecordedEvent, type Unavailable } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { bulkOperationsAnswered, finishBulkOperation } from '../bulk-operation.js'
import { stateOf } from '../state-of.js'
import { effect, type ReactionWorld } from './reaction.js'

/** So long a fresh one is left to the process that was asked for it, which may be another. */
const LEFT_ALONE_MS = 10_000

const finish = async (
  { stream, metadata }: RecordedEvent<BulkOperationEvent>,
  { door, signal }: ReactionWorld,
): Promise<E.Either<Unavailable, void>> => {
  const id = streamId(stream)
  await bulkOperationsAnswered(door)
  const { situation } = await stateOf(door, bulkOperations, id)
  if (situation !== 'running') return E.right(undefined)
  const age = Date.parse(door.now()) - Date.parse(metadata.recordedAt)
  if (age < LEFT_ALONE_MS) {
    const pause = Math.min(LEFT_ALONE_MS - age, LEFT_ALONE_MS)
    await setTimeout(pause, undefined, { signal, ref: false }).catch(() => undefined)
    if (signal.aborted) return E.left({ type: 'Unavailable', reason: 'closing' })
  }
  const finished = await finishBulkOperation(door, id)
  if (E.isLeft(finished)) throw new Faulted(finished.left)
  return E.right(undefined)
}

/** From the log's start: of one that is at its end nothing is left to do. */
export const bulkEnds = effect<BulkOperationEvent>({
  name: 'bulkEnds',
  of: bulkOperations,
  from: 'start',
  effect: { BulkOperationStarted: finish },
})
