/** How an adapter makes `subscribe` out of its `readAll` and a signal that there may be more. */
import { setImmediate } from 'node:timers/promises'
import type { Position } from './event.js'
import { isNonEmpty } from './event.js'
import type { EventStore, SubscribeOptions, SubscriptionMessage } from './event-store.js'

export interface Wakeup {
  /** There may be something new: whoever waits looks. */
  readonly wake: () => void
  /** Ends whoever waits, now and from now on. */
  readonly close: () => void
  readonly closed: () => boolean
  /** As long as it stays the same, there was nothing to hear of, and nothing was missed. */
  readonly state: () => number
  /** Calls back at each `wake` and at `close`, until the answer is called. */
  readonly listen: (listener: () => void) => () => void
}

/** Who listens is back in a moment, most of the time: to end and begin for each event costs more. */
const LINGER_MS = 1_000

/**
 * A signal inside a process. `watch`, where given, runs as long as somebody listens (a timer, a
 * connection that hears of other processes), and up to a second longer; its answer stops it.
 */
export const wakeup = (watch?: () => () => void): Wakeup => {
  const listeners = new Set<() => void>()
  let closed = false
  let state = 0
  let unwatch: (() => void) | undefined
  let lingering: NodeJS.Timeout | undefined
  const wake = () => {
    state++
    for (const listener of [...listeners]) listener()
  }
  const stopWatching = () => {
    clearTimeout(lingering)
    lingering = undefined
    if (unwatch === undefined) return
    // What comes from now on is told to nobody.
    state++
    unwatch()
    unwatch = undefined
  }
  return {
    wake,
    close: () => {
      closed = true
      wake()
      stopWatching()
    },
    closed: () => closed,
    state: () => state,
    listen: (listener) => {
      // One entry of its own, also where the same function listens twice.
      const entry = () => {
        listener()
      }
      listeners.add(entry)
      if (!closed) unwatch ??= watch?.()
      return () => {
        if (!listeners.delete(entry) || listeners.size > 0 || unwatch === undefined) return
        lingering ??= setTimeout(() => {
          lingering = undefined
          if (listeners.size === 0) stopWatching()
        }, LINGER_MS).unref()
      }
    },
  }
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 10_000

/** Milliseconds before the next attempt, the first being number 0: doubling, capped, jittered. */
export const backOff = (attempt: number): number =>
  Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt) * (0.5 + Math.random() / 2)

export interface SubscriptionSource {
  readonly readAll: EventStore['readAll']
  readonly wakeup: Pick<Wakeup, 'listen' | 'closed' | 'state'>
  /** Milliseconds to wait after a fault that may pass; `backOff` unless told. */
  readonly pause?: (attempt: number) => number
}

type Result = IteratorResult<SubscriptionMessage, undefined>
const DONE: Result = { done: true, value: undefined }
const message = (value: SubscriptionMessage): Result => ({ done: false, value })

/** Signal, listener and timer are held only while a `next()` waits: an abandoned reader leaks nothing. */
const iterator = (
  { readAll, wakeup: { listen, closed, state }, pause = backOff }: SubscriptionSource,
  { after, filter, limit, signal }: SubscribeOptions,
): AsyncIterator<SubscriptionMessage, undefined> => {
  let position: Position | undefined = after
  let saidCaughtUp = false
  /** The last slice ended where the log did: all that stood in it has been handed out. */
  let atEnd = false
  /** The signal's state when it was last read. */
  let readAt: number | undefined
  /** There is more behind the last slice. */
  let more = false
  let ended = false
  let stopWaiting: (() => void) | undefined
  let last: Promise<unknown> = Promise.resolve()

  const isOver = () => ended || closed() || signal?.aborted === true
  const caughtUp = (): Result => {
    saidCaughtUp = true
    return message({ type: 'caughtUp', position })
  }

  const pull = async (): Promise<Result> => {
    if (isOver()) return DONE
    if (atEnd && !saidCaughtUp) return caughtUp()

    let onWake: (() => void) | undefined
    let timer: NodeJS.Timeout | undefined
    let stop = (): void => undefined
    const stopped = new Promise<void>((resolve) => {
      stop = resolve
    })
    const unlisten = listen(() => {
      if (closed()) stop()
      else onWake?.()
    })
    signal?.addEventListener('abort', stop)
    stopWaiting = stop

    const look = async (): Promise<Result> => {
      for (let attempt = 0; !isOver();) {
        // A store that answers without waiting must not keep all else from running.
        if (more) await setImmediate()
        if (atEnd && readAt === state())
          await new Promise<void>((resolve) => {
            onWake = resolve
          })
        if (isOver()) break
        readAt = state()
        const read = await readAll({ after: position, filter, limit })()
        if (isOver()) break
        if (read._tag === 'Left') {
          if (read.left.type !== 'Unavailable') {
            ended = true
            return message({ type: 'failed', fault: read.left })
          }
          await new Promise<void>((resolve) => {
            timer = setTimeout(resolve, pause(attempt++)).unref()
          })
          continue
        }
        attempt = 0
        const { events, end } = read.right
        position = read.right.position ?? position
        more = !end
        atEnd = end
        if (isNonEmpty(events))
          return message({ type: 'events', events, position: position ?? events[0].position })
        if (end && !saidCaughtUp) return caughtUp()
      }
      return DONE
    }

    try {
      return await Promise.race([look(), stopped.then(() => DONE)])
    } catch (error) {
      ended = true
      throw error
    } finally {
      if (isOver()) ended = true
      clearTimeout(timer)
      unlisten()
      signal?.removeEventListener('abort', stop)
      stopWaiting = undefined
    }
  }

  return {
    next: () => {
      const turn = last.then(pull, pull)
      last = turn
      return turn
    },
    return: () => {
      ended = true
      stopWaiting?.()
      return Promise.resolve(DONE)
    },
  }
}

/**
 * Catches up in slices, says so once, goes on live; see `EventStore.subscribe`. Made by hand, since
 * a generator's `return()` waits for the `next()` under way.
 */
export const subscription = (
  source: SubscriptionSource,
  options: SubscribeOptions = {},
): AsyncIterable<SubscriptionMessage> => ({
  [Symbol.asyncIterator]: () => iterator(source, options),
})
