/** Lists that stay right while they are looked at: what enters, changes and leaves, as it does. */
import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ViewKey } from '@threadbook/projection-views'
import { backOff, Faulted, shapeOf, type CommandFault } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import type { Door } from '../door.js'
import { conversationPasts, type ConversationPasts } from './conversation-pasts.js'
import { sharedTail, type LogTail, type TailOf } from './log-tail.js'
import type { SubscribeRequest, ViewMessage } from './messages.js'
import { openQuestion } from './question.js'
import { Subscription } from './subscription.js'
import { Teller } from './teller.js'

type WhichView = ViewKey | { readonly view: string }

export interface LiveViews {
  readonly subscribe: (
    door: Door,
    view: WhichView,
    request?: SubscribeRequest,
  ) => AsyncIterable<ViewMessage>
  /** Ends all of them. */
  readonly stop: () => Promise<void>
}

interface Shared extends TailOf {
  readonly tail: ReturnType<typeof sharedTail>
  readonly pasts: ConversationPasts
}

/** Faults that may pass are tried again, for ever; others are thrown. */
const patience =
  ({ onFault }: Pick<TailOf, 'onFault'>, signal: AbortSignal) =>
  async <A>(work: () => Promise<A>): Promise<A> => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await work()
      } catch (error) {
        const fault = error instanceof Faulted ? (error.fault as CommandFault) : undefined
        if (fault?.type !== 'Unavailable' || signal.aborted) throw error
        onFault('live lists', fault)
        await sleep(backOff(attempt), undefined, { ref: false, signal }).catch(() => undefined)
      }
    }
  }

async function* messages(
  shared: Shared,
  door: Door,
  view: WhichView,
  request: SubscribeRequest,
  signal: AbortSignal,
): AsyncGenerator<ViewMessage, undefined> {
  const patiently = patience(shared, signal)
  const { from } = request
  if (from !== undefined && typeof from !== 'string') {
    const expected = 'a position, as messages bear it'
    yield {
      type: 'failed',
      fault: { type: 'InvalidQuery', field: 'from', expected, found: shapeOf(from) },
    }
    return
  }
  let tail: LogTail | undefined
  try {
    const question = await patiently(() => openQuestion(door, view, request))
    if (E.isLeft(question)) {
      yield { type: 'failed', fault: question.left }
      return
    }
    tail = await patiently(() => shared.tail.listen(signal))
    const teller = new Teller(door, view, request, shared.pasts, question.right)
    const subscription = new Subscription(shared, teller, tail, signal)
    for (let next = () => subscription.begin(); !signal.aborted; next = () => subscription.next()) {
      const message = await patiently(next)
      if (message === undefined) continue
      if (signal.aborted) return
      yield message
      if (message.type === 'failed') return
    }
  } catch (error) {
    if (signal.aborted) return
    if (!(error instanceof Faulted)) throw error
    yield { type: 'failed', fault: error.fault as CommandFault }
  } finally {
    tail?.leave()
  }
}

export const liveViews = (of: TailOf): LiveViews => {
  const shared: Shared = {
    ...of,
    tail: sharedTail(of),
    pasts: conversationPasts(of.adapters),
  }
  const stopping = new AbortController()
  setMaxListeners(0, stopping.signal)
  const running = new Set<Promise<unknown>>()

  const iterate = (
    door: Door,
    view: WhichView,
    request: SubscribeRequest,
  ): AsyncIterator<ViewMessage, undefined> => {
    const ending = new AbortController()
    const end = () => {
      ending.abort()
    }
    const ends = [stopping.signal, ...(request.signal ? [request.signal] : [])]
    const forget = () => {
      for (const each of ends) each.removeEventListener('abort', end)
    }
    for (const each of ends) {
      if (each.aborted) end()
      each.addEventListener('abort', end)
    }
    const all = messages(shared, door, view, request, ending.signal)
    /** In sight, so that stopping can wait for it. */
    const run = <A>(work: Promise<A>): Promise<A> => {
      const done = work.then(
        () => undefined,
        () => undefined,
      )
      running.add(done)
      void done.then(() => running.delete(done))
      return work
    }
    return {
      next: async () => {
        const next = await run(all.next())
        if (next.done === true) forget()
        return next
      },
      return: async () => {
        end()
        forget()
        return run(all.return(undefined))
      },
    }
  }

  return {
    subscribe: (door, view, request = {}) => ({
      [Symbol.asyncIterator]: () => iterate(door, view, request),
    }),
    stop: async () => {
      stopping.abort()
      await Promise.all(running)
      await shared.tail.ended()
    },
  }
}
