import { describe, expect, it } from '@jest/globals'
import type { Position } from '@threadbook/sourcing'
import { guarded, NoAnswer, sleep, Stopped } from '../src/clock.js'
import { understand } from '../src/faults.js'
import { IDS_PER_STREAM, KnownIds } from '../src/known-ids.js'
import { startingAt } from '../src/place.js'
import { fromPosition, toPosition } from '../src/position.js'
import { serverFilter } from '../src/server-filter.js'
import { ManualClock } from './manual-clock.js'

describe('positions', () => {
  it('come back as they were, and sort as text in the order of the log', () => {
    const inOrder = [
      { commit: 0n, prepare: 0n },
      { commit: 9n, prepare: 9n },
      { commit: 10n, prepare: 0n },
      { commit: 10n, prepare: 9n },
      { commit: 10n, prepare: 10n },
      { commit: 5_486_026n, prepare: 5_486_026n },
      { commit: 9_223_372_036_854_775_807n, prepare: 1n },
      { commit: 18_446_744_073_709_551_615n, prepare: 18_446_744_073_709_551_615n },
    ]
    const texts = inOrder.map(toPosition)
    expect([...texts].reverse().sort()).toEqual(texts)
    expect(texts.map(fromPosition)).toEqual(inOrder)
  })

  it.each(['', '0000000000000007', '1/1', 'x/y'])('of another log are not taken: %p', (text) => {
    expect(() => fromPosition(text as Position)).toThrow('position')
  })
})

describe('a place in the log', () => {
  const p = (n: number) => toPosition({ commit: BigInt(n), prepare: BigInt(n) })

  it('moves with events', () => {
    const place = startingAt(p(1))
    expect(place.position()).toBe(p(1))
    place.sawEvent(p(5))
    expect(place.position()).toBe(p(5))
  })

  it('moves with a checkpoint once something behind it confirms it', () => {
    const place = startingAt(undefined)
    place.sawCheckpoint(p(5))
    expect(place.position()).toBeUndefined()
    place.sawCheckpoint(p(8))
    expect(place.position()).toBe(p(5))
    place.sawAllUpTo(undefined)
    expect(place.position()).toBe(p(8))
  })

  it('does not go back with one, nor to one that an event belies', () => {
    const place = startingAt(p(10))
    place.sawCheckpoint(p(3))
    place.sawCheckpoint(p(10))
    place.sawAllUpTo(undefined)
    expect(place.position()).toBe(p(10))
    place.sawCheckpoint(p(99))
    place.sawEvent(p(12))
    place.sawAllUpTo(p(11))
    expect(place.position()).toBe(p(12))
  })

  it('is the end once all of it has been seen', () => {
    const place = startingAt(undefined)
    place.sawAllUpTo(undefined)
    expect(place.position()).toBeUndefined()
    place.sawAllUpTo(p(7))
    expect(place.position()).toBe(p(7))
  })
})

describe('what is thrown', () => {
  class Thrown extends Error {
    constructor(fields: object) {
      super('of the server')
      Object.assign(this, fields)
    }
  }
  it.each([
    [
      { type: 'wrong-expected-version', actualVersion: 4n },
      { kind: 'conflict', actual: 4 },
    ],
    [
      { type: 'wrong-expected-version', actualState: 4n },
      { kind: 'conflict', actual: 4 },
    ],
    [
      { type: 'wrong-expected-version', actualVersion: 0n },
      { kind: 'conflict', actual: 0 },
    ],
    [
      { type: 'wrong-expected-version', actualVersion: 'no_stream' },
      { kind: 'conflict', actual: 'noStream' },
    ],
    [
      { type: 'wrong-expected-version', actualState: 'no_stream' },
      { kind: 'conflict', actual: 'noStream' },
    ],
    [
      { type: 'wrong-expected-version', actualVersion: -1n },
      { kind: 'conflict', actual: 'noStream' },
    ],
    [{ type: 'wrong-expected-version' }, { kind: 'conflict', actual: undefined }],
    [{ type: 'stream-not-found' }, { kind: 'absent' }],
    [{ type: 'stream-deleted' }, { kind: 'ended' }],
    [{ type: 'stream-tombstoned' }, { kind: 'ended' }],
    [
      { type: 'maximum-append-size-exceeded', maxAppendSize: 7 },
      { kind: 'tooLarge', limit: 7 },
    ],
    [{ type: 'access-denied' }, { kind: 'refused' }],
    [{ type: 'invalid-argument' }, { kind: 'refused' }],
    [{ type: 'unknown', code: 3 }, { kind: 'refused' }],
    [{ type: 'unknown', code: 7 }, { kind: 'refused' }],
    [{ type: 'unavailable' }, { kind: 'passing' }],
    [{ type: 'cancelled' }, { kind: 'passing' }],
    [{ type: 'deadline-exceeded' }, { kind: 'passing' }],
    [{ type: 'timeout' }, { kind: 'passing' }],
    [{ type: 'not-leader' }, { kind: 'passing' }],
    [{ type: 'unknown', code: 13 }, { kind: 'passing' }],
    [{ type: 'unknown' }, { kind: 'passing', reason: 'unknown: of the server' }],
    [{ type: 'what nobody has heard of' }, { kind: 'passing' }],
    [{}, { kind: 'passing', reason: 'of the server' }],
    [{ code: 14 }, { kind: 'passing' }],
  ])('%o', (fields, understood) => {
    expect(understand(new Thrown(fields))).toMatchObject(understood)
  })

  it.each([undefined, null, 'text', 7])('also if it is no error at all: %p', (thrown) => {
    expect(understand(thrown)).toEqual({ kind: 'passing', reason: String(thrown) })
  })
})

describe('ids that are known', () => {
  const standing = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({
      id: String(from + index),
      revision: from + index,
    }))

  it('what is read without a gap is known, and nothing is missing below', () => {
    const known = new KnownIds()
    expect(known.missing('a', 3)).toBe(0)
    known.learn('a', 0, standing(0, 3))
    expect(known.missing('a', 2)).toBeUndefined()
    expect(known.missing('a', 3)).toBe(3)
    known.learn('a', 2, standing(2, 4))
    expect(known.missing('a', 5)).toBeUndefined()
    expect(known.has('a', '4', 5)).toBe(true)
    expect(known.has('a', '4', 3)).toBe(false)
    expect(known.has('b', '4', 5)).toBe(false)
  })

  it('what was read behind a gap does not count', () => {
    const known = new KnownIds()
    known.learn('a', 0, standing(0, 3))
    known.learn('a', 5, standing(5, 3))
    expect(known.next('a')).toBe(3)
    const other = new KnownIds()
    other.learn('a', 5, standing(5, 3))
    expect(other.missing('a', 7)).toBe(0)
  })

  it('a stream that begins later, as after a deletion, is known from its beginning', () => {
    const known = new KnownIds()
    known.learn('a', 0, standing(5, 3))
    expect(known.missing('a', 7)).toBeUndefined()
  })

  it('what was appended is known, also to a stream that begins later', () => {
    const known = new KnownIds()
    known.appended('a', { from: 0, first: 5 }, [{ id: 'x' }, { id: 'y' }])
    known.appended('a', { from: 7, first: 7 }, [{ id: 'z' }])
    expect(known.missing('a', 7)).toBeUndefined()
    expect(['x', 'y', 'z'].map((id) => known.has('a', id, 6))).toEqual([true, true, false])
    known.appended('a', { from: 9, first: 9 }, [{ id: 'behind a gap' }])
    expect(known.next('a')).toBe(8)
  })

  it('of a long stream the newest are known, and that is enough', () => {
    const known = new KnownIds()
    known.learn('a', 0, standing(0, IDS_PER_STREAM + 10))
    expect(known.missing('a', IDS_PER_STREAM + 9)).toBeUndefined()
    expect(known.has('a', '9', Infinity)).toBe(false)
    expect(known.has('a', '10', Infinity)).toBe(true)
    const far = 5 * IDS_PER_STREAM
    expect(known.missing('a', far)).toBe(far + 1 - IDS_PER_STREAM)
  })

  it('of many streams those used last are known', () => {
    const known = new KnownIds()
    for (let stream = 0; stream < 15; stream++)
      known.learn(String(stream), 0, standing(0, IDS_PER_STREAM))
    expect(known.missing('0', 0)).toBe(0)
    expect(known.missing('5', 0)).toBeUndefined()
    expect(known.missing('14', 0)).toBeUndefined()
    known.forget('14')
    expect(known.missing('14', 0)).toBe(0)
  })
})

describe("the server's filter", () => {
  const passing = (filter: Parameters<typeof serverFilter>[0], texts: readonly string[]) => {
    const regex = new RegExp(serverFilter(filter).regex.replace(/\\z$/, '$'))
    return texts.filter((text) => regex.test(text))
  }

  it('by types, whole and letter by letter', () => {
    const types = ['A', 'AB', 'a', 'A\n', 'A.B', 'AxB', '(x)', '[ab]', 'a|b', '$x', '\\d', '^']
    for (const type of types) expect(passing({ types: [type] }, types)).toEqual([type])
    expect(passing({ types: [] }, types)).toEqual([])
  })

  it('by what streams begin with, letter by letter', () => {
    const streams = ['a-1', 'a-12', 'A-1', 'a.1', 'ax1', 'cafe\u0301', 'caf\u00e9', '$$a-1']
    expect(passing({ streamPrefixes: ['a-1'] }, streams)).toEqual(['a-1', 'a-12'])
    expect(passing({ streamPrefixes: ['a.'] }, streams)).toEqual(['a.1'])
    expect(passing({ streamPrefixes: ['cafe'] }, streams)).toEqual(['cafe\u0301'])
    expect(passing({ streamPrefixes: ['', 'x'] }, streams)).toEqual(streams)
    expect(passing({ streamPrefixes: [] }, streams)).toEqual([])
  })

  it('without any, all but the types of the server itself', () => {
    expect(passing({}, ['A', '$metadata', '\n', '🦜'])).toEqual(['A', '\n', '🦜'])
  })
})

describe('a call with a timer around it', () => {
  const opened = () => {
    const clock = new ManualClock()
    const controller = new AbortController()
    let alive = (): void => undefined
    let answer = (_: string): void => undefined
    let abandoned = 0
    const call = guarded(
      { clock, timeoutMs: 100, signal: controller.signal },
      (sign) => {
        alive = sign
        return new Promise<string>((resolve) => {
          answer = resolve
        })
      },
      () => {
        abandoned++
      },
    )
    const sign = () => {
      alive()
    }
    const reply = (text: string) => {
      answer(text)
    }
    return { clock, controller, call, sign, reply, abandoned: () => abandoned }
  }

  it('the answer is the answer, and nothing is left behind', async () => {
    const { clock, call, reply, abandoned } = opened()
    reply('yes')
    expect(await call).toBe('yes')
    await new Promise(setImmediate)
    expect(clock.timers()).toBe(0)
    expect(abandoned()).toBe(0)
  })

  it('the longest silence counts, not the length of the call', async () => {
    const { clock, call, sign, reply } = opened()
    for (let i = 0; i < 20; i++) {
      clock.tick(60)
      sign()
    }
    reply('yes')
    expect(await call).toBe('yes')
  })

  it('after a silence it is given up', async () => {
    const { clock, call, sign, abandoned } = opened()
    clock.tick(60)
    sign()
    clock.tick(60)
    clock.tick(40)
    await expect(call).rejects.toThrow(NoAnswer)
    expect(abandoned()).toBe(1)
    expect(clock.timers()).toBe(0)
  })

  it('the signal ends it', async () => {
    const { clock, controller, call, abandoned } = opened()
    controller.abort()
    await expect(call).rejects.toThrow(Stopped)
    expect(abandoned()).toBe(1)
    expect(clock.timers()).toBe(0)
  })

  it('the signal ends a pause', async () => {
    const clock = new ManualClock()
    const controller = new AbortController()
    const pause = sleep(clock, 3_600_000, controller.signal)
    controller.abort()
    await pause
    await sleep(clock, 3_600_000, controller.signal)
    expect(clock.timers()).toBe(0)
  })
})
