import type {
  EventFilter,
  NonEmpty,
  Position,
  RecordedEvent,
  SubscribeOptions,
  SubscriptionMessage,
} from '@threadbook/sourcing'
import { isNonEmpty } from '@threadbook/sourcing'
import { sleep, type Clock } from './clock.js'
import { understand, unavailable } from './faults.js'
import type { Fed, Feed } from './feed.js'
import { startingAt } from './place.js'
import { recorded } from './recorded.js'

export interface SubscribeSource {
  readonly open: (after: Position | undefined, filter: EventFilter, bound: number) => Feed
  /** The place of the log's last record; undefined while there is none. */
  readonly end: (signal: AbortSignal) => Promise<Position | undefined>
  readonly clock: Clock
  readonly pause: (attempt: number) => number
  /** A reader that has asked for nothing so long is held no call for. */
  readonly idleMs: number
  /** Given at close. */
  readonly closing: AbortSignal
}

type Result = IteratorResult<SubscriptionMessage, undefined>
const DONE: Result = { done: true, value: undefined }
const told = (value: SubscriptionMessage): Result => ({ done: false, value })

const iterator = (
  { open, end, clock, pause, idleMs, closing }: SubscribeSource,
  { after, filter = {}, limit = 1_000, signal }: SubscribeOptions,
): AsyncIterator<SubscriptionMessage, undefined> => {
  const place = startingAt(after)
  const stopping = new AbortController()
  let feed: Feed | undefined
  /** Taken from the feed, not handed out yet. */
  let waiting: Fed[] = []
  let endAtStart: { readonly position: Position | undefined } | undefined
  let saidCaughtUp = false
  /** Calls that ended since anything came. */
  let drops = 0
  let pauseMs: number | undefined
  let last: Promise<unknown> = Promise.resolve()
  let disarm = (): void => undefined

  const letGo = () => {
    feed?.close()
    feed = undefined
    waiting = []
    for (const one of [signal, closing]) one?.removeEventListener('abort', stop)
  }
  const hold = () => {
    for (const one of [signal, closing]) one?.addEventListener('abort', stop)
  }
  function stop() {
    disarm()
    stopping.abort()
    letGo()
  }
  const isOver = () => {
    if (signal?.aborted === true || closing.aborted) stop()
    return stopping.signal.aborted
  }

  const failed = (reason: string): Result => {
    stop()
    return told({ type: 'failed', fault: unavailable(reason) })
  }
  const caughtUp = (): Result => {
    saidCaughtUp = true
    place.sawAllUpTo(endAtStart?.position)
    return told({ type: 'caughtUp', position: place.position() })
  }
  const slice = (events: NonEmpty<RecordedEvent>): Result =>
    told({ type: 'events', events, position: place.position() ?? events[0].position })

  /** What to say of what has come; undefined if it is nothing to speak of. */
  const digest = (): Result | undefined => {
    const events: RecordedEvent[] = []
    while (waiting[0] !== undefined) {
      const fed = waiting[0]
      const mustComeAlone = fed.type === 'dropped' || (fed.type === 'caughtUp' && !saidCaughtUp)
      if (isNonEmpty(events) && (mustComeAlone || events.length >= limit)) return slice(events)
      waiting.shift()
      if (fed.type !== 'dropped') drops = 0
      switch (fed.type) {
        case 'event':
          place.sawEvent(fed.position)
          if (fed.event !== undefined) events.push(recorded(fed.event, fed.position))
          break
        case 'checkpoint':
          place.sawCheckpoint(fed.position)
          break
        case 'caughtUp':
          if (!saidCaughtUp) return caughtUp()
          place.sawAllUpTo(undefined)
          break
        case 'dropped': {
          feed = undefined
          pauseMs = pause(drops++)
          const why = understand(fed.error)
          if (why.kind === 'refused' || why.kind === 'ended')
            return failed(why.kind === 'refused' ? why.reason : 'the log was ended')
        }
      }
    }
    return isNonEmpty(events) ? slice(events) : undefined
  }

  const pull = async (): Promise<Result> => {
    disarm()
    if (isOver()) return DONE
    hold()
    for (;;) {
      const message = digest()
      if (message !== undefined) return message
      if (isOver()) return DONE
      if (feed === undefined) {
        if (pauseMs !== undefined) await sleep(clock, pauseMs, stopping.signal)
        pauseMs = undefined
        if (isOver()) return DONE
        try {
          if (!saidCaughtUp) endAtStart ??= { position: await end(stopping.signal) }
        } catch (error) {
          waiting.push({ type: 'dropped', error })
          continue
        }
        if (isOver()) return DONE
        feed = open(place.position(), filter, limit)
      }
      waiting.push(...(await feed.take()))
    }
  }

  const next = async (): Promise<Result> => {
    try {
      const result = await pull()
      if (!isOver()) disarm = clock.after(idleMs, letGo)
      return result
    } catch (error) {
      stop()
      throw error
    }
  }

  return {
    next: () => {
      const turn = last.then(next, next)
      last = turn
      return turn
    },
    return: () => {
      stop()
      return Promise.resolve(DONE)
    },
  }
}

/**
 * Catches up, says so once, goes on live. Whatever ends the call, it goes on from what was handed
 * out last, for ever, unless the server refuses for good.
 */
export const subscribe = (
  source: SubscribeSource,
  options: SubscribeOptions = {},
): AsyncIterable<SubscriptionMessage> => ({
  [Symbol.asyncIterator]: () => iterator(source, options),
})
