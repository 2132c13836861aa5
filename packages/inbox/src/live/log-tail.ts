/**
 * The last of the log, as far as live lists hear of it: read once for all of a process, and told
 * once the views hold it. It runs as long as somebody listens.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { touchFilter, touchOf, type Touch } from '@threadbook/projection-views'
import {
  backOff,
  Faulted,
  type Adapters,
  type CommandFault,
  type EventFilter,
  type Position,
  type RecordedEvent,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import { answer } from '../fault.js'
import { rows } from '../list-items.js'

/** The log's beginning has no position. */
export const BEGINNING = '' as Position

/** Touches at hand: whoever is further behind than these reads the log. */
const KEPT = 10_000

export interface LogTail {
  /** All touches behind this one are at hand. */
  readonly start: () => Position
  /** The views hold all up to here. */
  readonly end: () => Position
  /** Those behind a place, which is not before `start`. */
  readonly touches: (after: Position) => readonly Touch[]
  /** Answers once there may be something behind a place, or after so many milliseconds. */
  readonly news: (after: Position, signal: AbortSignal, milliseconds?: number) => Promise<void>
  readonly leave: () => void
}

export interface TailOf {
  readonly adapters: Adapters
  /** Throws `Faulted` where the views cannot get there. */
  readonly upToDate: (event: RecordedEvent, signal: AbortSignal) => Promise<void>
  readonly caughtUp: (signal: AbortSignal) => Promise<E.Either<CommandFault, void>>
  readonly onFault: (where: string, fault: unknown) => void
}

/** The last event behind a place that passes, and where the log ends. */
export const endOfLog = async (
  { store }: Pick<Adapters, 'store'>,
  from: Position | undefined,
  filter: EventFilter,
): Promise<{ readonly last: Position | undefined; readonly end: Position }> => {
  let last: Position | undefined
  for (let after = from === BEGINNING ? undefined : from; ;) {
    const slice = await answer(store.readAll({ after, filter }))
    last = slice.events.at(-1)?.position ?? last
    after = slice.position ?? after
    if (slice.end) return { last, end: after ?? BEGINNING }
  }
}

const follow = (
  { adapters: { store }, upToDate, onFault }: TailOf,
  from: Position,
): Omit<LogTail, 'leave'> & { readonly stop: () => Promise<void> } => {
  const stopping = new AbortController()
  const { signal } = stopping
  const waiting = new Set<() => void>()
  let start = from
  let end = from
  let kept: Touch[] = []

  const take = (events: readonly RecordedEvent[]) => {
    kept.push(...events.flatMap((event) => touchOf(event) ?? []))
    if (kept.length <= KEPT) return
    start = kept[kept.length - KEPT - 1]!.position
    kept = kept.slice(-KEPT)
  }

  const hear = async (onHeard: () => void) => {
    const after = end === BEGINNING ? undefined : end
    for await (const message of store.subscribe({ after, filter: touchFilter(), signal })) {
      if (message.type === 'failed') throw new Faulted(message.fault)
      if (message.type === 'events') {
        await upToDate(message.events.at(-1)!, signal)
        take(message.events)
      }
      end = message.position ?? end
      onHeard()
      for (const wake of [...waiting]) wake()
    }
  }

  const run = async () => {
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        await hear(() => {
          attempt = 0
        })
      } catch (error) {
        if (!signal.aborted) onFault('live lists', error instanceof Faulted ? error.fault : error)
      }
      await sleep(backOff(attempt), undefined, { ref: false, signal }).catch(() => undefined)
    }
  }
  const running = run()

  return {
    start: () => start,
    end: () => end,
    // Most readers are near the end.
    touches: (after) => kept.slice(kept.findLastIndex(({ position }) => position <= after) + 1),
    news: (after, stopped, milliseconds) =>
      new Promise((resolve) => {
        if (end > after || stopped.aborted) {
          resolve()
          return
        }
        const done = () => {
          waiting.delete(done)
          clearTimeout(timer)
          stopped.removeEventListener('abort', done)
          resolve()
        }
        const timer =
          milliseconds === undefined ? undefined : setTimeout(done, milliseconds).unref()
        waiting.add(done)
        stopped.addEventListener('abort', done)
      }),
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

/** Throws what ended it, where that comes first. */
const unlessAborted = async <A>(work: Promise<A>, signal: AbortSignal): Promise<A> => {
  let stop: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      reject(signal.reason as Error)
    }
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop)
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', stop!)
  }
}

/** Where nobody listens any more it ends, and begins anew with the next. */
export const sharedTail = (of: TailOf) => {
  interface Beginning {
    readonly giveUp: AbortController
    readonly tail: Promise<ReturnType<typeof follow>>
  }
  let current: Beginning | undefined
  let listening = 0
  const ending = new Set<Promise<void>>()

  const begin = (): Beginning => {
    const giveUp = new AbortController()
    const start = async () => {
      const checkpoint = await answer(of.adapters.readModels.checkpoint(rows))
      const { end } = await endOfLog(of.adapters, checkpoint, { types: [] })
      const caughtUp = await of.caughtUp(giveUp.signal)
      if (E.isLeft(caughtUp)) throw new Faulted(caughtUp.left)
      return follow(of, end)
    }
    return { giveUp, tail: start() }
  }

  const leave = () => {
    if (--listening > 0 || current === undefined) return
    const { giveUp, tail } = current
    current = undefined
    giveUp.abort()
    const ended = tail.then(
      (running) => running.stop(),
      () => undefined,
    )
    ending.add(ended)
    void ended.then(() => ending.delete(ended))
  }

  return {
    /** Throws `Faulted` where the views do not answer, and whatever the signal ends with. */
    listen: async (signal: AbortSignal): Promise<LogTail> => {
      listening++
      current ??= begin()
      const mine = current
      try {
        return { ...(await unlessAborted(mine.tail, signal)), leave }
      } catch (error) {
        // Whoever comes next begins anew.
        if (current === mine && !signal.aborted) current = undefined
        leave()
        throw error
      }
    },
    /** Once all have left. */
    ended: async (): Promise<void> => {
      await Promise.all(ending)
    },
  }
}
