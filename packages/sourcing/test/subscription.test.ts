import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import {
  backOff,
  countedPosition,
  subscription,
  wakeup,
  type AllSlice,
  type ReadFault,
  type RecordedEvent,
  type SubscribeOptions,
  type SubscriptionMessage,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'

type Answer = E.Either<ReadFault, AllSlice> | 'never' | 'throws'

const unavailable: Answer = E.left({ type: 'Unavailable', reason: 'away' })
const ended: Answer = E.left({ type: 'StreamEnded', stream: 'note-acme.1' })

const eventAt = (n: number): RecordedEvent => ({
  id: '00000000-0000-4000-8000-000000000001',
  stream: 'note-acme.1',
  revision: n - 1,
  type: 'Noted',
  data: {},
  metadata: {
    schemaVersion: 1,
    account: 'acme',
    actor: 'user:ada',
    commandId: 'c',
    occurredAt: '2026-01-02T03:04:05.678Z',
    recordedAt: '2026-01-02T03:04:05.678Z',
  },
  position: countedPosition(n),
})

const slice = (position: number, events: readonly number[], end: boolean): Answer =>
  E.right({
    events: events.map(eventAt),
    position: position === 0 ? undefined : countedPosition(position),
    end,
  })

/** A store that gives these answers, one a read, the last for ever; it notes what it was asked. */
const scripted = (...answers: readonly Answer[]) => {
  const asked: (string | undefined)[] = []
  const pauses: number[] = []
  const signal = wakeup()
  let listeners = 0
  const source = {
    readAll: (options?: SubscribeOptions) => () => {
      const answer = answers[Math.min(asked.length, answers.length - 1)]!
      asked.push(options?.after)
      if (answer === 'throws') return Promise.reject(new Error('a bug'))
      return answer === 'never' ? new Promise<never>(() => undefined) : Promise.resolve(answer)
    },
    wakeup: {
      closed: signal.closed,
      state: signal.state,
      listen: (listener: () => void) => {
        listeners++
        const unlisten = signal.listen(listener)
        return () => {
          listeners--
          unlisten()
        }
      },
    },
    pause: (attempt: number) => {
      pauses.push(attempt)
      return 0
    },
  }
  return { source, asked, pauses, signal, listeners: () => listeners }
}

const take = async (iterator: AsyncIterator<SubscriptionMessage>, count: number) => {
  const messages: SubscriptionMessage[] = []
  while (messages.length < count)
    messages.push((await iterator.next()).value as SubscriptionMessage)
  return messages
}

const open = (
  { source }: ReturnType<typeof scripted>,
  options?: SubscribeOptions,
): AsyncIterator<SubscriptionMessage> => subscription(source, options)[Symbol.asyncIterator]()

const DONE = { done: true, value: undefined }
const caughtUp = { type: 'caughtUp' }
const atOnce = (fault: unknown) => ({ type: 'failed', fault })

describe('subscription', () => {
  it('reads on from where the last slice ended, also over slices without events', async () => {
    const store = scripted(
      slice(2, [1, 2], false),
      slice(5, [], false),
      slice(7, [6], false),
      slice(9, [], true),
    )
    expect(await take(open(store), 3)).toMatchObject([
      { type: 'events', position: countedPosition(2) },
      { type: 'events', position: countedPosition(7) },
      { ...caughtUp, position: countedPosition(9) },
    ])
    expect(store.asked.map((after) => Number(after ?? 0))).toEqual([0, 2, 5, 7])
  })

  it('hands on filter and limit', async () => {
    const seen: unknown[] = []
    const options = { after: countedPosition(3), filter: { types: ['Noted'] }, limit: 7 }
    const store = scripted(slice(3, [], true))
    const { readAll } = store.source
    const noting: typeof readAll = (asked) => {
      seen.push(asked)
      return readAll(asked)
    }
    const iterator = subscription({ ...store.source, readAll: noting }, options)
    await iterator[Symbol.asyncIterator]().next()
    expect(seen).toEqual([options])
  })

  it('retries what may pass, longer and longer, from the same place, and starts anew', async () => {
    const store = scripted(
      slice(1, [1], false),
      unavailable,
      unavailable,
      unavailable,
      slice(2, [2], false),
      unavailable,
      slice(2, [], true),
    )
    expect(await take(open(store), 3)).toMatchObject([
      { type: 'events' },
      { type: 'events' },
      caughtUp,
    ])
    expect(store.pauses).toEqual([0, 1, 2, 0])
    expect(store.asked.map((after) => Number(after ?? 0))).toEqual([0, 1, 1, 1, 1, 2, 2])
  })

  it('ends with `failed` where the store refuses for good', async () => {
    const store = scripted(slice(1, [1], false), unavailable, ended)
    const iterator = open(store)
    const fault = { type: 'StreamEnded', stream: 'note-acme.1' }
    expect(await take(iterator, 2)).toMatchObject([{ type: 'events' }, atOnce(fault)])
    expect(await iterator.next()).toEqual(DONE)
    expect(store.asked).toHaveLength(3)
  })

  it('lets a bug of the store through, and ends', async () => {
    const store = scripted('throws')
    const iterator = open(store)
    await expect(iterator.next()).rejects.toThrow('a bug')
    expect(await iterator.next()).toEqual(DONE)
    expect(store.listeners()).toBe(0)
  })

  it('looks again after a wake-up that came while it was reading', async () => {
    const store = scripted(slice(0, [], true), slice(1, [1], true))
    const { readAll } = store.source
    const waking: typeof readAll = (options) => () => {
      const answer = readAll(options)()
      if (store.asked.length === 1) store.signal.wake()
      return answer
    }
    const iterator = subscription({ ...store.source, readAll: waking })[Symbol.asyncIterator]()
    expect(await take(iterator, 2)).toMatchObject([caughtUp, { type: 'events' }])
  })

  it('sleeps when there is nothing more, and does not read until it is woken', async () => {
    const store = scripted(slice(0, [], true), slice(1, [1], true))
    const iterator = open(store)
    await iterator.next()
    const waiting = iterator.next()
    // As often as one likes: nothing is read.
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve))
    expect(store.asked).toHaveLength(1)
    store.signal.wake()
    expect((await waiting).value).toMatchObject({ type: 'events' })
    expect(store.asked).toHaveLength(2)
  })

  it('reads once for each wake-up, also for those that came between two messages', async () => {
    const store = scripted(slice(1, [1], true), slice(2, [2], true), slice(2, [], true))
    const iterator = open(store)
    const turn = () => new Promise((resolve) => setImmediate(resolve))
    expect(await take(iterator, 2)).toMatchObject([{ type: 'events' }, caughtUp])
    const second = iterator.next()
    await turn()
    expect(store.asked).toHaveLength(1)
    store.signal.wake()
    expect((await second).value).toMatchObject({ type: 'events' })
    const third = iterator.next()
    await turn()
    expect(store.asked).toHaveLength(2)
    store.signal.wake()
    await turn()
    expect(store.asked).toHaveLength(3)
    await iterator.return?.()
    expect(await third).toEqual(DONE)
  })

  const endings: readonly (readonly [
    string,
    (
      iterator: AsyncIterator<SubscriptionMessage>,
      store: ReturnType<typeof scripted>,
      controller: AbortController,
    ) => void,
  ])[] = [
    ['return()', (iterator) => void iterator.return?.()],
    ['the signal', (_, __, controller) => controller.abort()],
    ['close', (_, store) => store.signal.close()],
  ]

  const waits: readonly (readonly [string, readonly Answer[]])[] = [
    ['for a wake-up', [slice(0, [], true)]],
    ['for a store that does not answer', [slice(0, [], true), 'never']],
    ['between two attempts', [slice(0, [], true), unavailable]],
  ]

  for (const [how, end] of endings)
    for (const [what, answers] of waits)
      it(`is ended by ${how} while it waits ${what}, and holds nothing`, async () => {
        const store = scripted(...answers)
        const controller = new AbortController()
        const { signal } = controller
        const source = { ...store.source, pause: () => 1_000_000_000 }
        const iterator = subscription(source, { signal })[Symbol.asyncIterator]()
        await iterator.next()
        const waiting = iterator.next()
        const queued = iterator.next()
        await new Promise((resolve) => setImmediate(resolve))
        expect(store.listeners()).toBe(1)
        end(iterator, store, controller)
        expect(await waiting).toEqual(DONE)
        expect(await queued).toEqual(DONE)
        expect(store.listeners()).toBe(0)
        expect(getEventListeners(signal, 'abort')).toHaveLength(0)
      })

  it('holds nothing between two messages', async () => {
    const store = scripted(slice(1, [1], false), slice(2, [2], true))
    const { signal } = new AbortController()
    const iterator = open(store, { signal })
    for (let i = 0; i < 3; i++) {
      await iterator.next()
      expect(store.listeners()).toBe(0)
      expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    }
  })

  it('reads nothing before it is asked', () => {
    const store = scripted(slice(0, [], true))
    open(store)
    expect(store.asked).toEqual([])
    expect(store.listeners()).toBe(0)
  })

  it('lets other work run between slices, though the store answers at once', async () => {
    const store = scripted(
      ...Array.from({ length: 50 }, (_, i) => slice(i + 1, [], false)),
      slice(50, [], true),
    )
    let turns = 0
    let running = true
    const other = () => {
      turns++
      if (running) setImmediate(other)
    }
    setImmediate(other)
    await open(store).next()
    running = false
    expect(turns).toBeGreaterThan(20)
  })
})

describe('backOff', () => {
  it('doubles from 100 ms to 10 s, half of it at random', () => {
    for (let attempt = 0; attempt < 200; attempt++) {
      const longest = Math.min(10_000, 100 * 2 ** attempt)
      const pause = backOff(attempt)
      expect(pause).toBeGreaterThanOrEqual(longest / 2)
      expect(pause).toBeLessThanOrEqual(longest)
    }
    expect(new Set(Array.from({ length: 10 }, () => backOff(10))).size).toBeGreaterThan(1)
  })
})

describe('wakeup', () => {
  it('calls all who listen, until they stop', () => {
    const { wake, listen } = wakeup()
    const heard: string[] = []
    const listener = () => heard.push('a')
    const [stop] = [listen(listener), listen(listener), listen(() => heard.push('b'))]
    wake()
    stop()
    stop()
    wake()
    expect(heard.sort()).toEqual(['a', 'a', 'a', 'b', 'b'])
  })

  describe('watching', () => {
    const watched = () => {
      const log: string[] = []
      const signal = wakeup(() => {
        log.push('on')
        return () => log.push('off')
      })
      return { ...signal, log, pause: () => signal.listen(() => undefined)() }
    }
    beforeEach(() => {
      jest.useFakeTimers()
    })
    afterEach(() => {
      jest.useRealTimers()
    })

    it('goes on as long as somebody listens, or is back in a moment', () => {
      const { log, listen, pause, state } = watched()
      const stop = listen(() => undefined)
      pause()
      jest.advanceTimersByTime(10_000)
      stop()
      stop()
      pause()
      expect(log).toEqual(['on'])
      expect(state()).toBe(0)
    })

    it('ends where nobody comes back, and says that something may have been missed', () => {
      const { log, listen, pause, state } = watched()
      pause()
      jest.advanceTimersByTime(10_000)
      expect(log).toEqual(['on', 'off'])
      expect(state()).toBe(1)
      listen(() => undefined)
      expect(log).toEqual(['on', 'off', 'on'])
    })

    it('ends at once when it is closed, and does not begin again', () => {
      const { log, listen, pause, close } = watched()
      pause()
      close()
      listen(() => undefined)
      jest.advanceTimersByTime(10_000)
      expect(log).toEqual(['on', 'off'])
    })
  })

  it('calls once more when it is closed', () => {
    const signal = wakeup()
    const heard: boolean[] = []
    signal.listen(() => heard.push(signal.closed()))
    signal.close()
    expect(heard).toEqual([true])
  })
})
