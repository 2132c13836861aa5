import { EventEmitter } from 'node:events'
import { describe, expect, it } from '@jest/globals'
import type { EventFilter } from '@threadbook/sourcing'
import type { LogPosition, OpenCall, ServerFilter, StreamsClient } from '../src/client.js'
import { openFeed, type Fed } from '../src/feed.js'
import { toPosition } from '../src/position.js'

/** A call as the client gives it: events wait inside it, the rest is told at once. */
class FakeCall extends EventEmitter {
  readonly inside: unknown[] = []
  isPaused = false
  unsubscribed = 0
  options: { readonly fromPosition: unknown; readonly filter: ServerFilter } | undefined
  get readableLength(): number {
    return this.inside.length
  }
  pause(): void {
    this.isPaused = true
  }
  resume(): void {
    this.isPaused = false
    this.flow()
  }
  async unsubscribe(): Promise<void> {
    this.unsubscribed++
  }
  /** What the client holds goes on to whoever listens. */
  flow(): void {
    while (!this.isPaused && this.inside.length > 0) this.emit('data', this.inside.shift())
  }
  checkpoint(n: number): void {
    this.options?.filter.checkpointReached(this, at(n))
  }
}

const at = (n: number): LogPosition => ({ commit: BigInt(n), prepare: BigInt(n) })

const event = (n: number, parts: { type?: string; streamId?: string } = {}) => ({
  event: {
    streamId: 'note-acme.1',
    id: String(n),
    revision: BigInt(n),
    type: 'Noted',
    data: {},
    position: at(n),
    ...parts,
  },
})

const opened = (filter: EventFilter = {}, bound = 10) => {
  const call = new FakeCall()
  const client = {
    subscribeToAll: (options: FakeCall['options']) => {
      call.options = options
      return call as unknown as OpenCall
    },
  } as unknown as StreamsClient
  const feed = openFeed(client, { after: undefined, filter, bound })
  return { call, feed }
}

const told = (fed: readonly Fed[]): readonly string[] =>
  fed.map((one) => {
    if (one.type === 'event') return one.event === undefined ? 'passed over' : one.event.id
    return one.type === 'checkpoint' ? `at ${String(Number(one.position.slice(0, 20)))}` : one.type
  })

describe('order', () => {
  it('what is told while events wait inside the client comes behind them', async () => {
    const { call, feed } = opened()
    call.inside.push(event(1), event(2))
    call.checkpoint(2)
    call.inside.push(event(3))
    call.emit('caughtUp')
    call.inside.push(event(4))
    call.flow()
    expect(told(await feed.take())).toEqual(['1', '2', 'at 2', '3', 'caughtUp', '4'])
  })

  it('what is told while none waits comes at once', async () => {
    const { call, feed } = opened()
    call.emit('caughtUp')
    expect(told(await feed.take())).toEqual(['caughtUp'])
  })

  it('a drop is the last thing, whatever still waited', async () => {
    const { call, feed } = opened()
    call.inside.push(event(1), event(2))
    call.emit('caughtUp')
    call.isPaused = true
    call.emit('error', new Error('14 UNAVAILABLE'))
    call.resume()
    call.emit('error', new Error('once more'))
    expect(told(await feed.take())).toEqual(['dropped'])
    expect(await feed.take()).toEqual([])
    expect(call.unsubscribed).toBeGreaterThan(0)
  })

  it.each(['end', 'close'])('an %s without an error is a drop, too', async (how) => {
    const { call, feed } = opened()
    call.inside.push(event(1))
    call.flow()
    call.emit(how)
    expect(told(await feed.take())).toEqual(['1', 'dropped'])
  })

  it('a call that cannot even be made is a drop', async () => {
    const client = {
      subscribeToAll: () => {
        throw new Error('no')
      },
    } as unknown as StreamsClient
    const feed = openFeed(client, { after: undefined, filter: {}, bound: 1 })
    expect(told(await feed.take())).toEqual(['dropped'])
  })
})

describe('backpressure', () => {
  it('as many as it is bound to wait here, the rest inside the client, until they are taken', async () => {
    const { call, feed } = opened({}, 3)
    for (let n = 1; n <= 7; n++) call.inside.push(event(n))
    call.flow()
    expect(call.isPaused).toBe(true)
    expect(call.readableLength).toBe(4)
    expect(told(await feed.take())).toEqual(['1', '2', '3'])
    expect(told(await feed.take())).toEqual(['4', '5', '6'])
    expect(call.isPaused).toBe(false)
    expect(told(await feed.take())).toEqual(['7'])
  })
})

describe('close', () => {
  it('ends the call once and whoever waits, and nothing comes any more', async () => {
    const { call, feed } = opened()
    const waiting = feed.take()
    feed.close()
    feed.close()
    expect(await waiting).toEqual([])
    call.inside.push(event(1))
    call.flow()
    expect(await feed.take()).toEqual([])
    expect(call.unsubscribed).toBe(1)
  })

  it('an error that comes afterwards ends nothing', () => {
    const { call, feed } = opened()
    feed.close()
    expect(() => call.emit('error', new Error('late'))).not.toThrow()
  })
})

describe('what does not pass the filter', () => {
  it.each<readonly [string, EventFilter, readonly string[]]>([
    ['none', {}, ['1', '2', '3', 'passed over', 'passed over']],
    ['types', { types: ['Noted'] }, ['1', '2', 'passed over', 'passed over', 'passed over']],
    [
      'types and prefixes',
      { types: ['Noted'], streamPrefixes: ['task-'] },
      ['passed over', '2', 'passed over', 'passed over', 'passed over'],
    ],
    ['an empty list', { types: [] }, Array.from({ length: 5 }, () => 'passed over')],
  ])('moves the place on: %s', async (_, filter, wanted) => {
    const { call, feed } = opened(filter)
    call.inside.push(
      event(1),
      event(2, { streamId: 'task-acme.1' }),
      event(3, { type: 'Done' }),
      event(4, { type: '$metadata' }),
      { link: event(5).event },
    )
    call.flow()
    const fed = await feed.take()
    expect(told(fed)).toEqual(wanted)
    expect(fed.map((one) => ('position' in one ? one.position : ''))).toEqual(
      [1, 2, 3, 4, 5].map((n) => toPosition(at(n))),
    )
  })
})
