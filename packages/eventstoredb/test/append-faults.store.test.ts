import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { EventStoreDBClient } from '@eventstore/db-client'
import { describe, expect, it } from '@jest/globals'
import type { ExpectedRevision } from '@threadbook/sourcing'
import { eventStoreDBEventStore } from '@threadbook/eventstoredb'
import {
  anAppend,
  closing,
  eventually,
  faultOf,
  gate,
  idsOf,
  newEvent,
  newEvents,
  ok,
  rig,
  startSmallServer,
  storedIds,
  STREAM,
  write,
  type Rig,
} from './harness.js'
import { ManualClock } from './manual-clock.js'
import { accessDenied, notLeader, notReady, Refusal, urlOf } from './server/index.js'

const isAppend = ({ method }: { readonly method: string }) => /append/i.test(method)

/** Does it at the first so many appends, or as many times as it is told. */
const atFirst = (times: number, work: () => void) => {
  let done = 0
  return (call: { readonly method: string }) => {
    if (isAppend(call) && done++ < times) work()
  }
}

const lost = () => {
  throw new Refusal(14, 'Connection dropped')
}

/** By a client of the host's own all appends share one call, those that are sent again, too. */
const shared = (url: string) => EventStoreDBClient.connectionString(url)
const ways = [
  ['by a connection string', {}],
  ["by a client of the host's own", { client: shared }],
] as const

const expectations: readonly (readonly [ExpectedRevision, number])[] = [
  ['noStream', 0],
  [2, 3],
  ['any', 0],
  ['any', 3],
  ['streamExists', 3],
]

describe.each(ways)('%s', (_, how) => {
  describe.each(expectations)('expected %s, %s events there', (expected, before) => {
    const begun = async (): Promise<{ one: Rig; there: readonly string[] }> => {
      const one = await rig({}, how)
      if (before === 0) return { one, there: [] }
      const events = newEvents(before)
      await ok(one.store.append(anAppend(events)))
      return { one, there: idsOf(events) }
    }

    it('an append whose answer is lost is stored once and answered', async () => {
      const { one, there } = await begun()
      one.server.switches.beforeAnswer = atFirst(1, () => {
        one.relay.cut()
      })
      const batch = newEvents(2)
      const answer = await ok(one.store.append(anAppend(batch, expected)))
      expect(answer).toMatchObject({ stream: STREAM, revision: before + 1 })
      expect(storedIds(one)).toEqual([...there, ...idsOf(batch)])
    })

    it('an append that is lost on its way is sent again', async () => {
      const { one, there } = await begun()
      one.server.switches.before = atFirst(3, () => {
        one.relay.cut()
        lost()
      })
      const batch = newEvents(2)
      expect(await ok(one.store.append(anAppend(batch, expected)))).toMatchObject({
        revision: before + 1,
      })
      expect(storedIds(one)).toEqual([...there, ...idsOf(batch)])
    })

    it('an append whose answer is lost and that others followed is still answered', async () => {
      const { one, there } = await begun()
      const batch = newEvents(2)
      const later = newEvent()
      one.server.switches.beforeAnswer = atFirst(1, () => {
        write(one, later)
        one.relay.cut()
      })
      expect(await ok(one.store.append(anAppend(batch, expected)))).toMatchObject({
        revision: before + 1,
      })
      expect(storedIds(one)).toEqual([...there, ...idsOf(batch), later.id])
    })
  })

  it('a server that is not ready is asked again', async () => {
    const one = await rig({}, how)
    let refusals = 3
    one.server.switches.before = (call) => {
      if (isAppend(call) && refusals-- > 0) throw notReady()
    }
    await ok(one.store.append(anAppend()))
    expect(refusals).toBeLessThan(0)
    expect(storedIds(one)).toHaveLength(1)
  })

  it('a node that is not the leader sends us to the leader', async () => {
    const one = await rig({}, how)
    const leader = await startSmallServer(one.log)
    one.server.switches.before = (call) => {
      if (call.method !== 'other') throw notLeader('127.0.0.1', leader.port)
    }
    const events = newEvents(2)
    await ok(one.store.append(anAppend(events)))
    expect(leader.history.some(isAppend)).toBe(true)
    const slice = await ok(one.store.readStream(STREAM))
    expect(idsOf(slice.events)).toEqual(idsOf(events))
  })

  it('a limit smaller than ours is learnt from the server, which is then asked no more', async () => {
    const one = await rig({}, { ...how, maxAppendBytes: 10_000 })
    const large = anAppend([newEvent({ data: { text: 'x'.repeat(20_000) } })])
    const fault = { type: 'AppendTooLarge', stream: STREAM, limit: 10_000 }
    expect(await faultOf(one.store.append(large))).toMatchObject(fault)
    expect(one.store.maxAppendBytes).toBe(10_000)
    const asked = one.server.history.length
    expect(await faultOf(one.store.append(large))).toMatchObject(fault)
    expect(one.server.history).toHaveLength(asked)
    await ok(one.store.append(anAppend()))
  })

  it('a refusal for good is told at once', async () => {
    const one = await rig({}, how)
    let asked = 0
    one.server.switches.before = (call) => {
      if (!isAppend(call)) return
      asked++
      throw accessDenied()
    }
    expect(await faultOf(one.store.append(anAppend()))).toMatchObject({
      type: 'Unavailable',
      reason: expect.stringContaining('access-denied'),
    })
    expect(asked).toBe(1)
  })

  it('a server that does not answer is given so long, then asked again', async () => {
    const clock = new ManualClock()
    const one = await rig({ clock, timeoutMs: 500 }, how)
    await ok(one.store.append(anAppend()))
    one.relay.freeze()
    const batch = newEvents(2)
    const answer = ok(one.store.append(anAppend(batch, 0)))
    await clock.pass(500)
    one.relay.thaw()
    expect(await answer).toMatchObject({ revision: 2 })
    expect(storedIds(one).slice(1)).toEqual(idsOf(batch))
  })

  it('a server that stays silent is reported after a second attempt, however impatient', async () => {
    const clock = new ManualClock()
    const one = await rig({ clock, timeoutMs: 500, patienceMs: 0 }, how)
    await ok(one.store.append(anAppend()))
    one.relay.freeze()
    const answer = faultOf(one.store.append(anAppend([newEvent()], 0)))
    await clock.pass(500)
    await clock.pass(500)
    expect(await answer).toMatchObject({ type: 'Unavailable' })
  })
})

it('a server that is down is tried again until patience ends, with the pauses told', async () => {
  const clock = new ManualClock()
  const pauses: number[] = []
  const pause = (attempt: number) => {
    pauses.push(attempt)
    return 1_000
  }
  const one = await rig({ clock, pause, patienceMs: 3_000 })
  await ok(one.store.append(anAppend()))
  await one.relay.close()
  const answer = faultOf(one.store.append(anAppend([newEvent()], 0)))
  for (let i = 0; i < 3; i++) await clock.pass(1_000)
  expect(await answer).toMatchObject({ type: 'Unavailable' })
  expect(pauses).toEqual([0, 1, 2])
  await one.relay.open()
  expect(storedIds(one)).toHaveLength(1)
  await ok(one.store.append(anAppend([newEvent()], 0)))
})

it('after a restart of the server an append at any revision is not stored twice', async () => {
  const one = await rig()
  const batch = newEvents(2)
  await ok(one.store.append(anAppend(batch, 'any')))
  one.log.restart()
  const other = closing(await eventStoreDBEventStore(urlOf(one.server)))
  for (const store of [one.store, other])
    expect(await faultOf(store.append(anAppend(batch, 'any')))).toMatchObject({
      type: 'Conflict',
      actual: 1,
    })
  expect(storedIds(one)).toEqual(idsOf(batch))
})

it('an append at any revision that others overtake goes behind them', async () => {
  const one = await rig()
  const other = closing(await eventStoreDBEventStore(urlOf(one.server)))
  const theirs = newEvents(3)
  let overtaken = 0
  one.server.switches.before = async (call) => {
    if (!isAppend(call) || overtaken >= theirs.length) return
    const event = theirs[overtaken++]!
    await ok(other.append(anAppend([event], 'any')))
  }
  const mine = newEvents(2)
  // The switch is passed by the others' appends, too.
  const answer = await ok(one.store.append(anAppend(mine, 'any')))
  expect(answer).toMatchObject({ revision: 4 })
  expect(storedIds(one).slice(3)).toEqual(idsOf(mine))
})

it('an id that stands anywhere below is a conflict, though the server would take it', async () => {
  const one = await rig()
  const [first, second, third] = newEvents(3)
  await ok(one.store.append(anAppend([first, second!, third!])))
  const other = closing(await eventStoreDBEventStore(urlOf(one.server)))
  for (const store of [one.store, other])
    expect(await faultOf(store.append(anAppend([newEvent(), first], 2)))).toEqual({
      type: 'Conflict',
      stream: STREAM,
      expected: 2,
      actual: 2,
    })
  expect(storedIds(one)).toHaveLength(3)
})

describe('a repetition that the server, not knowing yet what it has taken, calls a conflict', () => {
  /** From now on it takes appends and says that it did not; and cannot read them so many times. */
  const forgetful = async (unread: number): Promise<Rig> => {
    const one = await rig()
    const { log } = one
    const [append, read] = [log.append.bind(log), log.read.bind(log)]
    log.append = (...args) => {
      const outcome = append(...args)
      if (outcome.type !== 'written') return outcome
      return { type: 'wrongExpectedVersion', current: outcome.last }
    }
    let left = unread
    log.read = (stream) => (left-- > 0 ? 'absent' : read(stream))
    return one
  }

  it.each([0, 1, 3])('is answered as the first time (%s times not to be read)', async (unread) => {
    const one = await forgetful(unread)
    const batch = newEvents(2)
    const answer = await ok(one.store.append(anAppend(batch)))
    expect(answer).toMatchObject({ revision: 1 })
    expect(answer).toEqual(await ok(one.store.append(anAppend(batch))))
    expect(storedIds(one)).toEqual(idsOf(batch))
  })

  it('is a conflict where nobody can read it, and where others stand there', async () => {
    const one = await forgetful(Infinity)
    expect(await faultOf(one.store.append(anAppend(newEvents(2))))).toMatchObject({ actual: 1 })
    const other = await rig()
    for (let i = 0; i < 2; i++) write(other)
    expect(await faultOf(other.store.append(anAppend(newEvents(2))))).toMatchObject({ actual: 1 })
  })
})

it('what reads and appends have shown of a stream is not read again before an append', async () => {
  const one = await rig()
  await ok(one.store.append(anAppend(newEvents(3))))
  await ok(one.store.append(anAppend(newEvents(3), 2)))
  const other = closing(await eventStoreDBEventStore(urlOf(one.server)))
  await ok(other.readStream(STREAM))
  const reads = () => one.server.history.filter(({ method }) => method === 'read').length
  const before = reads()
  await ok(other.append(anAppend(newEvents(1), 5)))
  await ok(other.append(anAppend(newEvents(1), 6)))
  expect(reads()).toBe(before)
})

it('an append under way when the store is closed is answered at once', async () => {
  const one = await rig()
  await ok(one.store.append(anAppend()))
  const { open, opened } = gate()
  one.server.switches.before = () => opened
  const answer = faultOf(one.store.append(anAppend([newEvent()], 0)))
  await one.store.close()
  expect(await answer).toMatchObject({ type: 'Unavailable' })
  open()
})

it.each(['0', '5', '20'])(
  'a process that closes its store while it appends ends by itself (after %s ms)',
  async (pause) => {
    const { server } = await rig()
    const program = join(__dirname, 'programs', 'append-and-close.mjs')
    const child = spawn(process.execPath, [program, urlOf(server), pause], { stdio: 'inherit' })
    const tooLate = setTimeout(() => child.kill(), 20_000)
    expect(await once(child, 'exit')).toEqual([0, null])
    clearTimeout(tooLate)
  },
)

const credentials = { username: 'ada', password: 'secret' }

it.each([
  ['the first store of the process: through the call that all share', 'batchAppend', {}, {}],
  ["a client of the host's own: as it does", 'batchAppend', {}, { client: shared }],
  ['with credentials: each alone', 'append', { credentials }, { client: shared }],
] as const)('%s', async (_, method, options, how) => {
  const one = await rig(options, how)
  await ok(one.store.append(anAppend()))
  expect(one.server.history.filter(isAppend)).toMatchObject([{ method }])
})

it('a second store of the process sends each append alone, until the first is closed', async () => {
  const [one, other] = [await rig(), await rig()]
  for (const { store } of [one, other]) await ok(store.append(anAppend()))
  await one.store.close()
  await ok(other.store.append(anAppend([newEvent()], 0)))
  const methods = ({ server }: Rig) => server.history.filter(isAppend).map(({ method }) => method)
  expect(methods(one)).toEqual(['batchAppend'])
  expect(methods(other)).toEqual(['append', 'batchAppend'])
})

it('what is sent again goes alone, past what may be wrong with the shared call', async () => {
  const one = await rig()
  one.server.switches.before = ({ method }) => {
    if (method === 'batchAppend' || method === 'other') lost()
  }
  await ok(one.store.append(anAppend()))
  expect(storedIds(one)).toHaveLength(1)
})

it("another store's lost connection does not touch an append that waits for its answer", async () => {
  const [one, other] = [await rig(), await rig()]
  const { open, opened } = gate()
  await ok(one.store.append(anAppend()))
  await ok(other.store.append(anAppend()))
  other.server.switches.beforeAnswer = () => opened
  const waiting = ok(other.store.append(anAppend([newEvent()], 0)))
  await eventually(() => other.server.calls() > 0)
  one.server.switches.beforeAnswer = atFirst(1, () => {
    one.relay.cut()
  })
  await ok(one.store.append(anAppend([newEvent()], 0)))
  open()
  expect(await waiting).toMatchObject({ revision: 1 })
  expect(other.server.history.filter(isAppend)).toHaveLength(2)
})

describe('streams that were deleted', () => {
  it('one that was deleted does not exist, and begins anew behind its old revisions', async () => {
    const one = await rig()
    const old = newEvents(2)
    await ok(one.store.append(anAppend(old)))
    one.log.softDelete(STREAM, 'any')
    expect(await ok(one.store.readStream(STREAM))).toEqual({ exists: false, events: [] })
    expect(await faultOf(one.store.append(anAppend([newEvent()], 'streamExists')))).toMatchObject({
      type: 'Conflict',
      actual: 'noStream',
    })
    expect(await faultOf(one.store.append(anAppend([newEvent()], 0)))).toMatchObject({
      type: 'Conflict',
      actual: 1,
    })
    expect(await ok(one.store.append(anAppend(newEvents(1))))).toMatchObject({ revision: 2 })
    expect((await ok(one.store.readStream(STREAM))).events).toMatchObject([{ revision: 2 }])
  })

  it('its old events, at any revision, are a conflict and not brought back', async () => {
    const one = await rig()
    const old = newEvents(2)
    await ok(one.store.append(anAppend(old)))
    one.log.softDelete(STREAM, 'any')
    expect(await faultOf(one.store.append(anAppend(old, 'any')))).toMatchObject({
      type: 'Conflict',
      actual: 'noStream',
    })
    expect(storedIds(one)).toHaveLength(2)
  })

  it.each(['any', 'noStream', 'streamExists', 0] as const)(
    'one that was ended takes no append that expects %s',
    async (expected) => {
      const one = await rig()
      await ok(one.store.append(anAppend()))
      one.log.tombstone(STREAM, 'any')
      const fault = { type: 'StreamEnded', stream: STREAM }
      expect(await faultOf(one.store.append(anAppend([newEvent()], expected)))).toEqual(fault)
      expect(await faultOf(one.store.readStream(STREAM))).toEqual(fault)
    },
  )

  it('one whose events are all hidden is appended to where it ends', async () => {
    const one = await rig()
    await ok(one.store.append(anAppend(newEvents(3))))
    const client = EventStoreDBClient.connectionString(one.url)
    await client.setStreamMetadata(STREAM, { truncateBefore: 3 })
    await client.dispose()
    expect(await ok(one.store.append(anAppend([newEvent()], 'any')))).toMatchObject({ revision: 3 })
  })
})

it.each([
  ['stream', anAppend([newEvent()], 'any', '$streams')],
  ['events.1.type', anAppend([newEvent(), newEvent({ type: '$metadata' })])],
])('names that the server keeps for itself are refused: %s', async (field, append) => {
  const one = await rig()
  expect(await faultOf(one.store.append(append))).toMatchObject({ type: 'InvalidAppend', field })
  expect(one.server.history).toEqual([])
})
