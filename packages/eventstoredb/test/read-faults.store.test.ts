import { describe, expect, it } from '@jest/globals'
import type { Position } from '@threadbook/sourcing'
import {
  anAppend,
  arrival,
  eventually,
  faultOf,
  idsOf,
  newEvent,
  ok,
  rig,
  STREAM,
  write,
  type Rig,
} from './harness.js'
import { ManualClock } from './manual-clock.js'
import { accessDenied, notReady, Refusal } from './server/index.js'

const filled = async (options?: Parameters<typeof rig>[0], count = 40): Promise<Rig> => {
  const one = await rig(options)
  for (let i = 0; i < count; i++) write(one)
  return one
}

/** At one response of the first call of a kind. */
const once = (one: Rig, method: string, nth: number, work: () => void) => {
  let done = false
  one.server.switches.beforeResponse = async (call, response) => {
    if (done || call.method !== method || response !== nth) return
    done = true
    await arrival()
    work()
  }
}

const everything = async ({ store }: Rig, limit: number): Promise<readonly string[]> => {
  const ids: string[] = []
  for (let after: Position | undefined; ;) {
    const slice = await ok(store.readAll({ after, limit }))
    ids.push(...idsOf(slice.events))
    after = slice.position
    if (slice.end) return ids
  }
}

const whole = ({ log }: Rig): readonly string[] => idsOf(log.records)

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
    'the server shuts down',
    () => {
      throw new Refusal(14, 'Server shutting down')
    },
  ],
]

describe.each(breaks)('%s', (_, broken) => {
  it.each(['forwards', 'backwards'] as const)(
    'in the middle of reading a stream %s: it is read again, from the start',
    async (direction) => {
      const one = await filled()
      once(one, 'read', 20, () => {
        broken(one)
      })
      const { exists, events } = await ok(one.store.readStream(STREAM, { direction }))
      expect(exists).toBe(true)
      const ids = direction === 'forwards' ? whole(one) : [...whole(one)].reverse()
      expect(idsOf(events)).toEqual(ids)
    },
  )

  it.each([1, 7, 1_000])(
    'in the middle of reading the log in slices of %s: all of it, once, in order',
    async (limit) => {
      const one = await filled({}, 12)
      once(one, 'subscribe', Math.min(limit + 1, 5), () => {
        broken(one)
      })
      expect(await everything(one, limit)).toEqual(whole(one))
    },
  )

  it('before the first event of a slice: it is read again', async () => {
    const one = await filled()
    once(one, 'subscribe', 1, () => {
      broken(one)
    })
    const slice = await ok(one.store.readAll())
    expect(idsOf(slice.events)).toEqual(whole(one))
    expect(slice.end).toBe(true)
  })
})

it('a slice that breaks off gives what had come, says it is not the end, and no place beyond', async () => {
  const one = await filled()
  const log = (await ok(one.store.readAll())).events
  once(one, 'subscribe', 20, () => {
    throw new Refusal(14, 'Connection dropped')
  })
  const slice = await ok(one.store.readAll())
  expect(slice.events).toEqual(log.slice(0, slice.events.length))
  expect(slice.end).toBe(slice.events.length === log.length)
  expect(slice.position).toBe(slice.events.at(-1)!.position)
})

it('a read the server leaves without an answer is given up and tried again', async () => {
  const clock = new ManualClock()
  const one = await filled({ clock, timeoutMs: 500 })
  one.relay.freeze()
  const slice = ok(one.store.readStream(STREAM))
  await clock.pass(500)
  one.relay.thaw()
  expect(idsOf((await slice).events)).toEqual(whole(one))
})

it.each([1, 20])(
  'a slice that the server leaves in the midst is given up, and what had come is given (response %s)',
  async (nth) => {
    const clock = new ManualClock()
    const one = await filled({ clock, timeoutMs: 500 })
    const log = (await ok(one.store.readAll())).events
    let isFrozen = false
    once(one, 'subscribe', nth, () => {
      isFrozen = true
      one.relay.freeze()
    })
    const slice = ok(one.store.readAll())
    await eventually(() => isFrozen)
    await clock.pass(500)
    one.relay.thaw()
    const { events, end } = await slice
    expect(events).toEqual(log.slice(0, events.length))
    expect(end).toBe(events.length === log.length)
    expect(idsOf((await ok(one.store.readAll())).events)).toEqual(whole(one))
  },
)

it.each(['readStream', 'readAll'] as const)(
  '%s of a server that stays silent is Unavailable, after a second attempt',
  async (read) => {
    const clock = new ManualClock()
    const one = await filled({ clock, timeoutMs: 500, patienceMs: 0 })
    one.relay.freeze()
    const fault = faultOf<unknown, unknown>(
      read === 'readStream' ? one.store.readStream(STREAM) : one.store.readAll(),
    )
    await clock.pass(500)
    await clock.pass(500)
    expect(await fault).toMatchObject({ type: 'Unavailable' })
  },
)

it('a server that is not ready is asked again', async () => {
  const one = await filled()
  let refusals = 5
  one.server.switches.before = () => {
    if (refusals-- > 0) throw notReady()
  }
  expect(await everything(one, 7)).toEqual(whole(one))
  expect(refusals).toBeLessThan(0)
})

it('a server that is down for good is Unavailable', async () => {
  const one = await filled({ patienceMs: 0 })
  await one.relay.close()
  const unavailable = { type: 'Unavailable' }
  expect(await faultOf(one.store.readStream(STREAM))).toMatchObject(unavailable)
  expect(await faultOf(one.store.readAll())).toMatchObject(unavailable)
  await one.relay.open()
})

it('a refusal for good is told at once', async () => {
  const one = await filled()
  let asked = 0
  one.server.switches.before = () => {
    asked++
    throw accessDenied()
  }
  const denied = { type: 'Unavailable', reason: expect.stringContaining('access-denied') }
  expect(await faultOf(one.store.readStream(STREAM))).toMatchObject(denied)
  expect(await faultOf(one.store.readAll())).toMatchObject(denied)
  expect(asked).toBe(2)
})

it("the server's own events, links and tombstones are not given out, places move over them", async () => {
  const one = await filled({}, 3)
  const other = 'note-acme.2'
  await ok(one.store.append(anAppend([newEvent()], 'any', other)))
  one.log.tombstone(other, 'any')
  one.log.softDelete(STREAM, 'any')
  for (const filter of [undefined, { streamPrefixes: [''] }, { types: ['$metadata', 'Noted'] }]) {
    const slice = await ok(one.store.readAll({ filter }))
    expect(slice.events).toHaveLength(4)
    expect(slice.end).toBe(true)
    expect((await ok(one.store.readAll({ filter, after: slice.position }))).events).toEqual([])
  }
})

it('a position of another log is an error of the caller', async () => {
  const one = await filled()
  const after = '0000000000000007' as Position
  await expect(one.store.readAll({ after })()).rejects.toThrow('position')
  await expect(one.store.subscribe({ after })[Symbol.asyncIterator]().next()).rejects.toThrow(
    'position',
  )
})

it('no read leaves a call open on the server', async () => {
  const one = await filled()
  await everything(one, 7)
  await ok(one.store.readAll({ limit: 1 }))
  await ok(one.store.readStream(STREAM, { limit: 1 }))
  while (one.server.calls() > 0) await new Promise((resolve) => setTimeout(resolve, 1))
  expect(one.server.openSubscriptions()).toBe(0)
})
