/** Followers behind a log in memory. */
import { describe, expect, it } from '@jest/globals'
import {
  startFollowing,
  type Adapters,
  type Follower,
  type FollowingOptions,
  type Position,
  type Unavailable,
} from '@threadbook/sourcing'
import { memory } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'
import { v4 } from 'uuid'

type Log = Pick<Adapters, 'store' | 'readModels'>

const append = async ({ store }: Log, stream: string, type: string, count = 1) => {
  for (let i = 0; i < count; i++) {
    const time = '2026-01-02T03:04:05.678Z'
    const metadata = {
      schemaVersion: 1,
      account: 'acme',
      actor: 'system',
      commandId: v4(),
      occurredAt: time,
      recordedAt: time,
    }
    const events = [{ id: v4(), type, data: { i }, metadata }] as const
    const appended = await store.append({ stream: `${stream}-acme.1`, expected: 'any', events })()
    if (E.isLeft(appended)) throw new Error(appended.left.type)
  }
}

interface Watched extends Follower {
  /** Types and revisions, as they came. */
  readonly seen: string[]
}

const watching = (
  follower: Partial<Follower> = {},
  meanwhile?: (seen: readonly string[]) => Promise<E.Either<Unavailable, void>>,
): Watched => {
  const seen: string[] = []
  return {
    name: 'watching',
    filter: { types: ['Noted'] },
    from: 'start',
    seen,
    handle: async (events) => {
      for (const { type, revision } of events) {
        seen.push(`${type} ${String(revision)}`)
        const done = await meanwhile?.(seen)
        if (done !== undefined && E.isLeft(done)) return done
      }
      return E.right(undefined)
    },
    ...follower,
  }
}

const start = async (log: Log, followers: readonly Follower[], options: FollowingOptions = {}) => {
  const started = await startFollowing(log, followers, { pause: () => 0, ...options })
  if (E.isLeft(started)) throw new Error(started.left.type)
  return started.right
}

const noted = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `Noted ${String(from + i)}`)

describe('followers', () => {
  it('are given what is in the log, and what comes, each event once and in order', async () => {
    const log = await memory()
    await append(log, 'note', 'Noted', 250)
    const one = watching()
    const other = watching({ name: 'other', filter: { streamPrefixes: ['page-'] } })
    const following = await start(log, [one, other])
    await append(log, 'note', 'Noted', 3)
    await append(log, 'page', 'Turned', 2)
    await append(log, 'note', 'Ignored', 2)
    await following.settled()
    expect(one.seen).toEqual(noted(0, 252))
    expect(other.seen).toEqual(['Turned 0', 'Turned 1'])
    await append(log, 'page', 'Turned')
    await following.settled()
    expect(other.seen).toHaveLength(3)
    await following.stop()
  })

  it('begin at what comes from then on unless told, also where the log was empty', async () => {
    const empty = await memory()
    await (await start(empty, [watching({ from: 'end' })])).stop()
    await append(empty, 'note', 'Noted')
    const late = watching({ from: 'end' })
    const following = await start(empty, [late])
    await following.settled()
    expect(late.seen).toEqual(['Noted 0'])
    await following.stop()

    const full = await memory()
    await append(full, 'note', 'Noted', 2)
    const { name, filter, handle, seen } = watching()
    const next = await start(full, [{ name, filter, handle }])
    await append(full, 'note', 'Noted')
    await next.settled()
    expect(seen).toEqual(['Noted 2'])
    await next.stop()
  })

  it('go on from where they stopped', async () => {
    const log = await memory()
    await append(log, 'note', 'Noted', 2)
    const first = await start(log, [watching()])
    await first.settled()
    await first.stop()
    await append(log, 'note', 'Noted')
    const again = watching()
    const second = await start(log, [again])
    await second.settled()
    expect(again.seen).toEqual(['Noted 2'])
    await second.stop()
  })

  it('try again after a fault, from the event that it was at, and others do not wait', async () => {
    const log = await memory()
    const faults: unknown[] = []
    let down = true
    const shaky = watching({}, async (seen) =>
      seen.at(-1) === 'Noted 1' && down
        ? E.left({ type: 'Unavailable', reason: 'away' })
        : E.right(undefined),
    )
    const steady = watching({ name: 'steady' })
    const following = await start(log, [shaky, steady], {
      pause: () => 1,
      onFault: (_, fault) => {
        faults.push(fault)
        if (faults.length === 3) down = false
      },
    })
    await append(log, 'note', 'Noted', 3)
    await following.settled()
    expect(steady.seen).toEqual(noted(0, 2))
    expect(faults).toEqual(Array(3).fill({ type: 'Unavailable', reason: 'away' }))
    expect(shaky.seen.filter((each) => each === 'Noted 1').length).toBeGreaterThan(3)
    expect(shaky.seen.at(-1)).toBe('Noted 2')
    await following.stop()
  })

  it('that throw are faults too', async () => {
    const log = await memory()
    let thrown = 0
    const broken = watching({}, async () => {
      if (thrown++ === 0) throw new Error('a bug')
      return E.right(undefined)
    })
    const following = await start(log, [broken])
    await append(log, 'note', 'Noted')
    await following.settled()
    expect(thrown).toBe(2)
    await following.stop()
  })

  it('settle only when what came of what they did is handled, too', async () => {
    const log = await memory()
    const chain = watching({}, async (seen) => {
      if (seen.length < 5) await append(log, 'note', 'Noted')
      return E.right(undefined)
    })
    const following = await start(log, [chain])
    await append(log, 'note', 'Noted')
    await following.settled()
    expect(chain.seen).toEqual(noted(0, 4))
    await following.stop()
  })

  it('can be stopped in a pause, and a wait for them be given up', async () => {
    const log = await memory()
    const stuck = watching({}, async () => E.left({ type: 'Unavailable', reason: 'away' }))
    const following = await start(log, [stuck], { pause: () => 60_000 })
    await append(log, 'note', 'Noted')
    await expect(following.settled(AbortSignal.timeout(20))).rejects.toThrow()
    await following.stop()
    expect(stuck.seen).toEqual(['Noted 0'])
  })

  it('cannot start where checkpoints cannot be read', async () => {
    const log = await memory()
    await log.close()
    expect(await startFollowing(log, [watching()])).toMatchObject(E.left({ type: 'Unavailable' }))
  })

  it('tell of checkpoints that could not be written', async () => {
    const { store, readModels } = await memory()
    const log: Log = {
      store,
      readModels: {
        ...readModels,
        writeCheckpoint: (_: string, position: Position) => async () =>
          E.left({ type: 'Unavailable', reason: position }),
      },
    }
    const faults: unknown[] = []
    const following = await start(log, [watching()], { onFault: (_, fault) => faults.push(fault) })
    await append(log, 'note', 'Noted')
    await following.settled()
    await following.stop()
    expect(faults[0]).toMatchObject({ type: 'Unavailable' })
  })
})
