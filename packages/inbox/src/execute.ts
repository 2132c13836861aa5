/** The way in: a request is checked, carried out in one transaction, and answered with receipts. */
import { conversations, decodeCommand, type Request } from '@threadbook/core'
import type {
  CommandContext,
  CommandFault,
  ParkedEvent,
  Receipt,
  Transaction,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { v5 } from 'uuid'
import { refusedTo } from './access.js'
import type { Door } from './door.js'
import { answering } from './fault.js'
import { forget } from './forget.js'
import { bulkSteps } from './steps/bulk-steps.js'
import { unlearnMessage } from './search/unlearn.js'
import { contactSteps } from './steps/contact-steps.js'
import { conversationSteps } from './steps/conversation-steps.js'
import { readingSteps } from './steps/reading-steps.js'
import { routingSteps } from './steps/routing-steps.js'
import { senderSteps } from './steps/sender-steps.js'
import { settingsSteps } from './steps/settings-steps.js'
import { viewSteps } from './steps/view-steps.js'
import type { Answer, Ids, Refusal, Step, Steps } from './steps/step.js'
import { timesOf } from './times.js'

const steps: Steps<Request['type']> = {
  ...conversationSteps,
  ...contactSteps,
  ...senderSteps,
  ...readingSteps,
  ...bulkSteps,
  ...settingsSteps,
  ...routingSteps,
  ...viewSteps,
}

const FORGETS: ReadonlySet<Request['type']> = new Set(['Purge', 'EraseContact', 'ForgetSender'])

export interface Accepted extends Ids {
  readonly commandId: string
  /** One for each stream that decided. */
  readonly receipts: readonly Receipt[]
  /** Events that broke a projection since the last answer: their rows wait, the commands stand. */
  readonly parked: readonly ParkedEvent[]
}

export type Executed = E.Either<Refusal | CommandFault, Accepted>

/** Ids that a request leaves to us derive from its command id, where it has one. */
const IDS = '6f0c2b54-7a86-4d1e-9c0b-3f6d0a1e8b27'

/** What led to a request that nobody asked for from outside. */
type Because = Pick<CommandContext, 'causationId' | 'correlationId'>

type Work = (transaction: Transaction) => Promise<E.Either<Refusal, Ids>>

/** A request as what is done in a transaction, once the one who asks may do so. */
const workOf = async (
  door: Door,
  request: Request,
): Promise<{ readonly context: CommandContext; readonly work: Work }> => {
  const { actor, commandId = door.newId(), at } = request
  const times = timesOf(door, at)
  const mac = await door.mac()
  const newId: Step['newId'] = (what) =>
    request.commandId === undefined
      ? door.newId()
      : v5(`${door.account}/${request.commandId}/${what}`, IDS)
  const take = steps[request.type] as (request: Request, step: Step) => Answer
  return {
    context: { account: door.account, actor, commandId, occurredAt: times.at },
    work: async (transaction) => {
      const step = { door, transaction, times, mac, newId }
      // Whoever may ask goes on to it: on its way while that is looked up, it takes no time of its own.
      if ('conversationId' in request && request.conversationId !== undefined)
        transaction.load(conversations, request.conversationId).catch(() => undefined)
      const refused = await refusedTo(request, step)
      return refused === undefined ? take(request, step) : E.left(refused)
    },
  }
}

/** Carries out a request that was checked. The same command id again is answered as the first time. */
export const carryOut = async (
  door: Door,
  request: Request,
  because: Because = {},
): Promise<Executed> => {
  const { context, work } = await workOf(door, request)
  const about = 'conversationId' in request ? request.conversationId : undefined
  const done = await door.commands.transact<Refusal, Ids>(
    { ...context, ...because },
    work,
    about === undefined ? undefined : `${door.account}/${about}`,
  )
  if (E.isLeft(done)) return done
  const { value, receipts } = done.right
  const { commandId } = context
  return E.right({ commandId, ...value, receipts, parked: door.parked(receipts) })
}

/** Counts what is decided in a transaction. */
const counting = (transaction: Transaction, count: (events: number) => void): Transaction => ({
  ...transaction,
  under: (context) => counting(transaction.under(context), count),
  decide: async (category, id, command) => {
    const decided = await transaction.decide(category, id, command)
    if (E.isRight(decided)) count(decided.right)
    return decided
  },
})

const NOTHING_KEPT = { type: 'NothingKept' } as const

/** How a request would be answered now: whether it would change anything. Nothing is written. */
export const dryRun = (
  door: Door,
  input: Request,
): Promise<E.Either<Refusal | CommandFault, boolean>> =>
  answering(async (): Promise<E.Either<Refusal | CommandFault, boolean>> => {
    const request = decodeCommand(input)
    if (E.isLeft(request)) return request
    const { context, work } = await workOf(door, request.right)
    let events = 0
    let answered: E.Either<Refusal, Ids> | undefined
    const done = await door.commands.transact(context, async (transaction) => {
      events = 0
      answered = await work(counting(transaction, (more) => (events += more)))
      return E.left(NOTHING_KEPT)
    })
    if (E.isLeft(done) && done.left.type !== 'NothingKept') return E.left(done.left)
    return answered !== undefined && E.isLeft(answered) ? answered : E.right(events > 0)
  })

/** Carries out a request that was checked. What was to be forgotten is gone before this answers. */
export const perform = (door: Door, request: Request, because?: Because): Promise<Executed> =>
  answering(async () => {
    const executed = await carryOut(door, request, because)
    if (E.isRight(executed) && FORGETS.has(request.type)) {
      const forgotten = await forget(door.adapters)
      if (E.isLeft(forgotten)) return forgotten
    }
    // Hidden words are not found from now on (D-10).
    if (E.isRight(executed) && request.type === 'HideMessage')
      await unlearnMessage(door.adapters, request.conversationId, request.messageId)
    return executed
  })

/** Checks a request, and carries it out. */
export const execute =
  (door: Door) =>
  async (input: Request): Promise<Executed> => {
    const request = decodeCommand(input)
    return E.isLeft(request) ? request : perform(door, request.right)
  }
