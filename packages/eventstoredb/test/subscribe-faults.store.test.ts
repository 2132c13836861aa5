import { describe, expect, it } from '@jest/globals'
import {
  anAppend,
  arrival,
  eventsIn,
  eventually,
  idsOf,
  newEvent,
  newEvents,
  ok,
  reading,
  rig,
  until,
  write,
  type Rig,
} from './harness.js'
import { ManualClock } from './manual-clock.js'
import { accessDenied, Refusal } from './server/index.js'

const isCaughtUp = ({ type }: { readonly type: string }) => type === 'caughtUp'
const whole = ({ log }: Rig): readonly string[] => idsOf(log.records)

const filled = async (count: number, options?: Parameters<typeof rig>[0]): Promise<Rig> => {
  const one = await rig(options)
  for (let i = 0; i < count; i++) write(one)
  return one
}

/** At every so many responses of subscriptions, as often as told. */
const every = (one: Rig, nth: number, times: number, work: () => void) => {
  let responses = 0
  let done = 0
  one.server.switches.beforeResponse = async ({ method }) => {
    if (method !== 'subscribe' || done >= times || ++responses % nth !== 0) return
    done++
    await arrival()
    work()
  }
  return () => done
}

const breaks: readonly (readonly [string, (one: Rig) => void])[] = [
  [
    'the connection is cut',
    (one) => {
      one.relay.cut()
    },
  ],
  [
    'the server resets the call',
    () => {
      throw new Refusal(13, 'Received RST_STREAM with code 2 (Internal server error)')
    },
  ],
  [
    'the server finds the reader too slow',
    () => {
      throw new Refusal(10, 'Operation timed out: Consumer too slow to handle event while live.')
    },
  ],
  [
    'the server ends the call without an error',
    () => {
      throw new Refusal(0, 'OK')
    },
  ],
]

describe.each(breaks)('%s', (_, broken) => {
  it.each([1, 3, 1_000])(
    'again and again while catching up in slices of %s: everything once, then caught up, once',
    async (limit) => {
      const one = await filled(60)
      const times = every(one, 8, 5, () => {
        broken(one)
      })
      const reader = reading(one.store, { limit })
      const messages = await until(reader, isCaughtUp)
      expect(idsOf(eventsIn(messages))).toEqual(whole(one))
      expect(times()).toBe(5)
      await ok(one.store.append(anAppend(newEvents(2), 'any')))
      const live = await until(reader, (_, events) => events.length === 2)
      expect(live.filter(isCaughtUp)).toEqual([])
      expect(idsOf(eventsIn([...messages, ...live]))).toEqual(whole(one))
      await reader.return?.()
    },
  )

  it('while it waits for what is new: nothing is missed, nothing comes twice', async () => {
    const one = await filled(3)
    const reader = reading(one.store)
    const messages = [...(await until(reader, isCaughtUp))]
    for (let i = 0; i < 5; i++) {
      const times = every(one, 2, 1, () => {
        broken(one)
      })
      await ok(one.store.append(anAppend(newEvents(2), 'any')))
      messages.push(...(await until(reader, (_, events) => events.length === 2)))
      expect(times()).toBe(1)
    }
    expect(idsOf(eventsIn(messages))).toEqual(whole(one))
    expect(messages.filter(isCaughtUp)).toHaveLength(1)
    await reader.return?.()
  })
})

it('a server that is away is tried for ever, with growing pauses, beginning anew once it answers', async () => {
  const pauses: number[] = []
  let isAway = true
  const clock = new ManualClock()
  const one = await filled(3, {
    clock,
    pause: (attempt) => {
      pauses.push(attempt)
      return isAway ? 1_000 : 0
    },
  })
  const reader = reading(one.store)
  await until(reader, isCaughtUp)
  const waiting = reader.next()
  await one.relay.close()
  for (let i = 0; i < 30; i++) await clock.pass(1_000)
  await eventually(() => pauses.length > 30)
  expect(pauses).toEqual([...Array(31).keys()])
  await one.relay.open()
  isAway = false
  await clock.pass(1_000)
  write(one, newEvent(), 'note-acme.2')
  expect((await waiting).value).toMatchObject({ type: 'events', events: [{ revision: 0 }] })
  const tried = pauses.length
  const next = reader.next()
  one.relay.cut()
  write(one, newEvent(), 'note-acme.2')
  expect((await next).value).toMatchObject({ type: 'events', events: [{ revision: 1 }] })
  expect(pauses[tried]).toBe(0)
  await reader.return?.()
})

it('a server that refuses for good: told as the last message', async () => {
  const one = await filled(3)
  one.server.switches.before = ({ method }) => {
    if (method === 'subscribe') throw accessDenied()
  }
  const reader = reading(one.store)
  expect(await reader.next()).toMatchObject({
    value: { type: 'failed', fault: { type: 'Unavailable' } },
  })
  expect(await reader.next()).toEqual({ done: true, value: undefined })
})

it('caught up comes behind the events before it, however slowly they are taken', async () => {
  const one = await filled(200)
  const reader = reading(one.store, { limit: 1 })
  const messages = await until(reader, isCaughtUp)
  expect(messages.slice(0, -1).every(({ type }) => type === 'events')).toBe(true)
  expect(idsOf(eventsIn(messages))).toEqual(whole(one))
  await reader.return?.()
})

type Checkpoint = { readonly commit: bigint; readonly prepare: bigint }

const checkpointing: readonly (readonly [string, (at: Checkpoint) => readonly Checkpoint[]])[] = [
  ['are repeated', (at) => [at, at, at]],
  ['go back', (at) => [at, { commit: at.commit / 2n, prepare: 0n }]],
  ['go back to the start', () => [{ commit: 0n, prepare: 0n }]],
  ['are left out', () => []],
  ['run ahead of their events', (at) => [{ commit: at.commit + 150n, prepare: at.prepare + 150n }]],
]

describe.each(checkpointing)('checkpoints that %s', (_, checkpoints) => {
  it.each([
    ['rare', { types: ['Done'] }],
    ['all', { types: ['Noted', 'Done'] }],
  ])('lose nothing and bring nothing twice, whenever the call breaks (%s)', async (_, filter) => {
    const one = await rig()
    one.server.switches.checkpoints = checkpoints
    for (let i = 0; i < 1_600; i++) write(one, newEvent({ type: i % 590 > 587 ? 'Done' : 'Noted' }))
    const reader = reading(one.store, { filter, limit: 100 })
    let nth = 0
    one.server.switches.beforeResponse = ({ method }) => {
      if (method === 'subscribe' && ++nth % (filter.types.length === 1 ? 6 : 300) === 5)
        throw new Refusal(14, 'Connection dropped')
    }
    const messages = await until(reader, isCaughtUp)
    const wanted = one.log.records.filter(({ type }) => filter.types.includes(type))
    expect(idsOf(eventsIn(messages))).toEqual(idsOf(wanted))
    const places = messages.map((message) => ('position' in message ? message.position : undefined))
    expect(places).toEqual([...places].sort())
    await reader.return?.()
  })
})

describe('what a reader holds', () => {
  const subscribed = async (options?: Parameters<typeof rig>[0], signal?: AbortSignal) => {
    const one = await filled(3, options)
    const reader = reading(one.store, signal === undefined ? {} : { signal })
    await until(reader, isCaughtUp)
    expect(one.server.openSubscriptions()).toBe(1)
    return { one, reader }
  }
  const isFree = ({ server }: Rig) => eventually(() => server.openSubscriptions() === 0)

  it('return() ends the call at once', async () => {
    const { one, reader } = await subscribed()
    const waiting = reader.next()
    await reader.return?.()
    expect(await waiting).toEqual({ done: true, value: undefined })
    await isFree(one)
  })

  it('return() between two messages ends the call, too', async () => {
    const { one, reader } = await subscribed()
    await reader.return?.()
    await isFree(one)
  })

  it('the signal ends the call, also when nobody asks', async () => {
    const controller = new AbortController()
    const { one } = await subscribed({}, controller.signal)
    controller.abort()
    await isFree(one)
  })

  it('close() ends the call, also when nobody asks', async () => {
    const { one } = await subscribed()
    await one.store.close()
    await isFree(one)
  })

  it('return() ends a wait for a server that is away', async () => {
    const { one, reader } = await subscribed({ pause: () => 3_600_000 })
    const waiting = reader.next()
    await one.relay.close()
    await reader.return?.()
    expect(await waiting).toEqual({ done: true, value: undefined })
    await one.relay.open()
  })

  it('a reader that asks no more is held no call for; when it asks again it goes on', async () => {
    const clock = new ManualClock()
    const { one, reader } = await subscribed({ clock, idleMs: 5_000 })
    await clock.pass(5_000)
    await isFree(one)
    await ok(one.store.append(anAppend(newEvents(2), 'any')))
    expect((await reader.next()).value).toMatchObject({
      events: [{ revision: 3 }, { revision: 4 }],
    })
    await reader.return?.()
    await isFree(one)
  })

  it('a reader left in the midst of catching up loses nothing by that', async () => {
    const clock = new ManualClock()
    const one = await filled(50, { clock, idleMs: 5_000 })
    const reader = reading(one.store, { limit: 7 })
    const seen = [(await reader.next()).value!]
    await clock.pass(5_000)
    await isFree(one)
    seen.push(...(await until(reader, isCaughtUp)))
    expect(idsOf(eventsIn(seen))).toEqual(whole(one))
    await reader.return?.()
  })

  it('a reader that is slow makes the server wait', async () => {
    const one = await rig()
    const large = { data: { text: 'x'.repeat(100_000) } }
    for (let i = 0; i < 300; i++) write(one, newEvent(large))
    let sent = 0
    one.server.switches.beforeResponse = ({ method }) => {
      if (method === 'subscribe') sent++
    }
    const reader = reading(one.store, { limit: 1 })
    expect((await reader.next()).value).toMatchObject({ type: 'events' })
    // As long as anything moves.
    for (let before = -1; before !== sent;) {
      before = sent
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(sent).toBeLessThan(250)
    await reader.return?.()
  })
})
