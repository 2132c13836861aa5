import { getActiveResourcesInfo } from 'node:process'
import { describe, expect, it } from '@jest/globals'
import {
  oneTurn,
  processTurns,
  type Leases,
  type LeaseRow,
  type TurnClock,
} from '@threadbook/sourcing'
import { memoryReadModels } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'

/** Time passes when it is told to, in one process; what waits goes on in order of time. */
const manualClock = () => {
  let time = 0
  let sleepers: { readonly at: number; readonly wake: () => void }[] = []
  const clock: TurnClock = {
    now: () => time,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) {
          resolve()
          return
        }
        const wake = () => {
          signal.removeEventListener('abort', wake)
          resolve()
        }
        sleepers.push({ at: time + milliseconds, wake })
        signal.addEventListener('abort', wake)
      }),
  }
  const settle = async () => {
    for (let turn = 0; turn < 50; turn++) await Promise.resolve()
  }
  const pass = async (milliseconds: number) => {
    const until = time + milliseconds
    for (;;) {
      await settle()
      const next = Math.min(...sleepers.map(({ at }) => at))
      if (next > until) break
      time = next
      const due = sleepers.filter(({ at }) => at <= time)
      sleepers = sleepers.filter(({ at }) => at > time)
      for (const { wake } of due) wake()
    }
    time = until
    await settle()
  }
  return { clock, pass }
}

const process = (leases: Leases, told: string[], name: string, takeOverAfter = 1_000) => {
  const stopping = new AbortController()
  const { clock, pass } = manualClock()
  const turns = processTurns(leases, { takeOverAfter, clock })
  const ended = turns.take(
    'work',
    async (_, signal) => {
      told.push(`${name} begins`)
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => {
          resolve()
        })
      })
      told.push(`${name} ends`)
    },
    stopping.signal,
  )
  return {
    pass,
    stop: async () => {
      stopping.abort()
      await ended
      await turns.stop()
    },
  }
}

describe('work that is done in turn', () => {
  it('begins at once where nobody is at it, and gives its turn back when it is stopped', async () => {
    const leases = memoryReadModels()
    const told: string[] = []
    const one = process(leases, told, 'one')
    await one.pass(0)
    expect(told).toEqual(['one begins'])
    await one.stop()
    expect(told).toEqual(['one begins', 'one ends'])
    expect(await leases.readLeases()).toEqual(E.right(new Map()))
  })

  it('is left to who is at it as long as that one lives, however fast the clocks go', async () => {
    const leases = memoryReadModels()
    const told: string[] = []
    const one = process(leases, told, 'one')
    await one.pass(0)
    const two = process(leases, told, 'two')
    for (let round = 0; round < 50; round++) {
      await one.pass(300)
      await two.pass(600)
    }
    expect(told).toEqual(['one begins'])
    await one.stop()
    await two.stop()
  })

  it('is taken over when no sign of life came for long enough, and not before', async () => {
    const leases = memoryReadModels()
    const told: string[] = []
    const one = process(leases, told, 'one')
    await one.pass(0)
    const two = process(leases, told, 'two')
    // The first one's time stands still: it is dead.
    await two.pass(990)
    expect(told).toEqual(['one begins'])
    await two.pass(300)
    expect(told).toEqual(['one begins', 'two begins'])
    // It was not: it finds out, and stops.
    await one.pass(300)
    expect(told).toEqual(['one begins', 'two begins', 'one ends'])
    await one.stop()
    expect(told).toHaveLength(3)
    await two.stop()
  })

  it('goes to who waits, soon after it was given back', async () => {
    const leases = memoryReadModels()
    const told: string[] = []
    const one = process(leases, told, 'one')
    await one.pass(0)
    const two = process(leases, told, 'two')
    await two.pass(0)
    await one.stop()
    await two.pass(250)
    expect(told).toEqual(['one begins', 'one ends', 'two begins'])
    await two.stop()
  })

  it('is seized for a moment, whoever is at it, who loses it and has it again afterwards', async () => {
    const leases = memoryReadModels()
    const told: string[] = []
    const one = process(leases, told, 'one')
    await one.pass(0)
    const holder = async () => {
      const rows = await leases.readLeases()
      return E.isRight(rows) ? rows.right.get('work')?.holder : undefined
    }
    const before = await holder()
    const turns = processTurns(leases)
    const [during, answer] = await turns.seize('work', async () => [await holder(), 'done'])
    expect(answer).toBe('done')
    expect(during).toBeDefined()
    expect(during).not.toBe(before)
    expect(await holder()).toBe(before)
    await expect(turns.seize('work', () => Promise.reject(new Error('broke')))).rejects.toThrow()
    expect(await holder()).toBe(before)
    await one.pass(5_000)
    expect(told).toEqual(['one begins'])
    await turns.stop()
    await one.stop()
  })

  it('ends where its signs of life are not heard for so long that others may be at it', async () => {
    const leases = memoryReadModels()
    let silent = false
    const flaky: Leases = {
      readLeases: async () =>
        silent ? E.left({ type: 'Unavailable', reason: 'away' }) : leases.readLeases(),
      moveLease: (name, from, to) => async () =>
        silent
          ? E.left({ type: 'Unavailable', reason: 'away' })
          : leases.moveLease(name, from, to)(),
    }
    const told: string[] = []
    const one = process(flaky, told, 'one')
    await one.pass(0)
    silent = true
    await one.pass(700)
    silent = false
    await one.pass(500)
    expect(told).toEqual(['one begins'])
    silent = true
    await one.pass(1_300)
    expect(told).toEqual(['one begins', 'one ends'])
    await one.stop()
  })

  it('ends in time where no answer comes at all', async () => {
    const leases = memoryReadModels()
    let frozen = false
    const freezing: Leases = {
      readLeases: leases.readLeases,
      moveLease: (name, from, to) => () =>
        frozen ? new Promise(() => undefined) : leases.moveLease(name, from, to)(),
    }
    const told: string[] = []
    const one = process(freezing, told, 'one')
    await one.pass(0)
    frozen = true
    await one.pass(1_000)
    expect(told).toEqual(['one begins', 'one ends'])
  })

  it('goes on where an answer was lost, but not what it answered', async () => {
    const leases = memoryReadModels()
    const losing: Leases = {
      readLeases: leases.readLeases,
      moveLease: (name, from, to) => async () => {
        await leases.moveLease(name, from, to)()
        return E.right(false)
      },
    }
    const told: string[] = []
    const one = process(losing, told, 'one')
    await one.pass(5_000)
    expect(told).toEqual(['one begins'])
    await one.stop()
    expect(told).toEqual(['one begins', 'one ends'])
  })

  it('is done by one at a time, with ten that come, stop and die', async () => {
    const leases = memoryReadModels()
    const rows: (LeaseRow | undefined)[] = []
    const watched: Leases = {
      readLeases: leases.readLeases,
      moveLease: (name, from, to) => async () => {
        const moved = await leases.moveLease(name, from, to)()
        if (E.isRight(moved) && moved.right) rows.push(to)
        return moved
      },
    }
    const told: string[] = []
    const all = Array.from({ length: 10 }, (_, n) => process(watched, told, String(n)))
    for (let round = 0; round < 30; round++) {
      for (const one of all) await one.pass(100)
      if (round % 10 === 9) await all.splice(0, 1)[0]!.stop()
    }
    for (let round = 0; round < 10; round++) for (const one of all) await one.pass(100)
    const running = told.reduce((sum, line) => sum + (line.endsWith('begins') ? 1 : -1), 0)
    expect(running).toBe(1)
    expect(rows.length).toBeGreaterThan(10)
    for (const one of all) await one.stop()
  })
})

describe('a turn that somebody waits for', () => {
  const timers = () => getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length

  const behindAnother = async () => {
    const leases = memoryReadModels()
    const one = process(leases, [], 'one')
    await one.pass(0)
    const { clock, pass } = manualClock()
    return { one, turns: processTurns(leases, { takeOverAfter: 1_000, clock }), pass }
  }

  it('keeps the process alive while another is at it, which looks for turns do not', async () => {
    const { one, turns, pass } = await behindAnother()
    const before = timers()
    const waiting = oneTurn(turns, 'work', async () => ({ is: 'done' }))
    await pass(0)
    expect(timers()).toBe(before + 1)
    await one.stop()
    await pass(250)
    expect(await waiting).toBe('done')
    expect(timers()).toBe(before)
    await turns.stop()
  })

  it('begins again where it was lost in the middle, and rejects as its work does', async () => {
    const { clock, pass } = manualClock()
    const turns = processTurns(memoryReadModels(), { takeOverAfter: 1_000, clock })
    let tries = 0
    const twice = oneTurn(turns, 'work', async () => (++tries === 1 ? undefined : { is: tries }))
    await pass(1_000)
    expect(await twice).toBe(2)
    const broken = oneTurn(turns, 'work', () => Promise.reject(new Error('broke')))
    await expect(Promise.all([broken, pass(1_000)])).rejects.toThrow('broke')
    await turns.stop()
  })

  it('ends with the reason of its signal, and with a fault where turns are stopped', async () => {
    const { one, turns, pass } = await behindAnother()
    const work = () => Promise.reject(new Error('it was not its turn'))
    const asked = new AbortController()
    const givenUp = oneTurn(turns, 'work', work, asked.signal)
    await pass(0)
    asked.abort(new Error('no longer wanted'))
    await expect(givenUp).rejects.toThrow('no longer wanted')
    const late = oneTurn(turns, 'work', work)
    await pass(0)
    await Promise.all([turns.stop(), pass(1_000)])
    await expect(late).rejects.toMatchObject({ fault: { type: 'Unavailable', reason: 'closed' } })
    await one.stop()
  })
})
