/** A bulk operation: each conversation by itself, and its outcome written down (S-089, D-07). */
import {
  bulkOperations,
  close,
  recordBulkOutcomes,
  remaining,
  trash,
  type BulkAction,
  type BulkOperation,
  type BulkOutcome,
  type Request,
  type Actor,
} from '@threadbook/core'
import type { CommandFault, Receipt } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { v5 } from 'uuid'
import type { Door } from './door.js'
import { carryOut, execute, type Executed } from './execute.js'
import { answering } from './fault.js'
import { stateOf } from './state-of.js'
import type { NoSuchBulkOperation } from './steps/bulk-steps.js'
import { timesOf } from './times.js'

const BULK = '7e0b5a3c-2f4f-4a26-9e5d-1a6d0c8b7f42'
/** So many outcomes are written down at once: more are done again after a crash, to no effect. */
const AT_ONCE = 25

type Running = Exclude<BulkOperation, { readonly situation: 'absent' }>

const act = (door: Door, id: string, { action, withTickets, by }: Running, item: string) => {
  const asked = {
    conversationId: item,
    actor: by as Actor,
    commandId: v5(`${door.account}/${id}/${item}`, BULK),
  }
  return carryOut(
    door,
    action === 'trash' ? trash(asked) : close({ ...asked, ...(withTickets && { withTickets }) }),
  )
}

const isDown = ({ type }: { readonly type: string }): boolean =>
  type === 'Unavailable' || type === 'TooManyConflicts'

/** What of a refusal is kept; a fault that is this conversation's alone is its outcome, too. */
const outcomeOf = (conversation: string, done: Executed): BulkOutcome => {
  if (E.isRight(done)) {
    const changed = done.right.receipts.some(({ outcome }) => outcome !== 'unchanged')
    return { conversation, result: changed ? 'done' : 'unchanged' }
  }
  const { type, ...details } = done.left as { readonly type: string } & Record<string, unknown>
  const kept = Object.entries(details).filter(
    ([name, value]) =>
      ['closableFrom', 'target', 'continuedIn'].includes(name) && typeof value === 'string',
  )
  const broken = ['UnknownEvent', 'MalformedEvent', 'KeyGone'].includes(type)
  return {
    conversation,
    result: broken ? 'failed' : 'refused',
    reason: { type, ...Object.fromEntries(kept) },
  }
}

const record = (
  door: Door,
  id: string,
  outcomes: readonly BulkOutcome[],
): Promise<E.Either<CommandFault, unknown>> => {
  const first = outcomes[0]?.conversation ?? ''
  const context = {
    account: door.account,
    actor: 'system',
    commandId: v5(`${door.account}/${id}/outcomes/${first}`, BULK),
  } as const
  return door.commands.transact(context, async (transaction) => {
    const decided = await transaction.decide(bulkOperations, id, {
      ...recordBulkOutcomes({ bulkOperationId: id, outcomes, actor: 'system' }),
      ...timesOf(door),
    })
    // Absent it cannot be: it was started before.
    return E.isLeft(decided) ? E.right(0) : decided
  })
}

/**
 * Does what is left of it, and answers with the receipts. A Left is a store that cannot be reached:
 * asked again, it goes on.
 */
const run = async (door: Door, id: string): Promise<E.Either<CommandFault, readonly Receipt[]>> => {
  const state = await stateOf(door, bulkOperations, id)
  if (state.situation === 'absent') return E.right([])
  const receipts: Receipt[] = []
  // A copy: the state is only borrowed.
  const running: Running = { ...state }
  const left = [...remaining(state)]
  while (left.length > 0) {
    const outcomes: BulkOutcome[] = []
    let down: CommandFault | undefined
    for (const item of left.splice(0, AT_ONCE)) {
      const done = await act(door, id, running, item)
      if (E.isLeft(done) && isDown(done.left)) {
        down = done.left as CommandFault
        break
      }
      outcomes.push(outcomeOf(item, done))
      if (E.isRight(done)) receipts.push(...done.right.receipts)
    }
    if (outcomes.length > 0) {
      const recorded = await record(door, id, outcomes)
      if (E.isLeft(recorded)) return recorded
    }
    if (down !== undefined) return E.left(down)
  }
  return E.right(receipts)
}

/** What this process is asked for at the moment. */
const asked = new WeakMap<Door['adapters'], Set<Promise<unknown>>>()

const askedHere = ({ adapters }: Door): Set<Promise<unknown>> => {
  const known = asked.get(adapters) ?? new Set<Promise<unknown>>()
  asked.set(adapters, known)
  return known
}

/** Answers once nobody in this process is at a bulk operation that was asked for by now. */
export const bulkOperationsAnswered = async (door: Door): Promise<void> => {
  await Promise.allSettled([...askedHere(door)])
}

/** Does what a crash has left of it; nothing where it is at its end. */
export const finishBulkOperation = async (
  door: Door,
  id: string,
): Promise<E.Either<CommandFault, unknown>> => answering(() => run(door, id))

const startAndRun = async (door: Door, request: Request): Promise<Executed> => {
  const executed = await execute(door)(request)
  if (E.isLeft(executed) || executed.right.bulkOperationId === undefined) return executed
  const { bulkOperationId, receipts, ...rest } = executed.right
  const done = await answering(() => run(door, bulkOperationId))
  return E.isLeft(done)
    ? done
    : E.right({ ...rest, bulkOperationId, receipts: [...receipts, ...done.right] })
}

/** It was not checked yet. */
const isBulk = (request: unknown): boolean =>
  typeof request === 'object' &&
  request !== null &&
  Reflect.get(request, 'type') === 'StartBulkOperation'

/** As `execute`; a bulk operation is carried out to its end before this answers. */
export const executeWhole =
  (door: Door) =>
  async (request: Request): Promise<Executed> => {
    if (!isBulk(request)) return execute(door)(request)
    const here = askedHere(door)
    const work = startAndRun(door, request)
    here.add(work)
    return work.finally(() => void here.delete(work))
  }

export interface ShownBulkOperation {
  readonly bulkOperationId: string
  readonly action: BulkAction
  readonly finished: boolean
  /** In the order of the selection; without an outcome as long as it is still to be done. */
  readonly items: readonly { readonly conversationId: string; readonly outcome?: BulkOutcome }[]
}

export type ReadBulkOperation = E.Either<NoSuchBulkOperation | CommandFault, ShownBulkOperation>

export const readBulkOperation = (
  door: Door,
  bulkOperationId: string,
): Promise<ReadBulkOperation> =>
  answering(async () => {
    const state = await stateOf(door, bulkOperations, bulkOperationId)
    if (state.situation === 'absent')
      return E.left({ type: 'NoSuchBulkOperation', bulkOperationId })
    const { action, items, outcomes, situation } = state
    return E.right({
      bulkOperationId,
      action,
      finished: situation === 'finished',
      items: items.map((conversationId) => {
        const outcome = outcomes.get(conversationId)
        return { conversationId, ...(outcome && { outcome }) }
      }),
    })
  })
