/** Load, decide, append: what happens to commands that meet, repeat or cannot be carried out. */
import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  accept,
  commandHandling,
  event,
  eventTypes,
  keyRing,
  refuse,
  sealed,
  toSeal,
  type Category,
  type CommandHandling,
  type EventsOf,
  type EventStore,
  type Vault,
} from '@threadbook/sourcing'
import fc from 'fast-check'
import { memoryEventStore, memoryVault } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { v4 } from 'uuid'

const walletEvents = eventTypes(
  event('Opened', { key: t.string }),
  event('Paid', { cents: t.number }),
  event('Noted', { text: sealed<string>() }),
)
type WalletEvent = EventsOf<typeof walletEvents>
interface Wallet {
  readonly key: string | undefined
  readonly cents: number
}
type WalletCommand =
  | { readonly type: 'open'; readonly key: string }
  | { readonly type: 'pay'; readonly cents: number }
  | { readonly type: 'note'; readonly text: string }

/** Streams to decide on: money goes in and out, never below nothing. */
const wallets: Category<WalletCommand, Wallet, WalletEvent, { readonly type: 'Overdrawn' }> = {
  category: 'wallet',
  events: walletEvents,
  initial: () => ({ key: undefined, cents: 0 }),
  evolve: (state, { type, data }) => {
    if (type === 'Opened') return { ...state, key: data.key }
    return type === 'Paid' ? { ...state, cents: state.cents + data.cents } : state
  },
  keyOf: ({ key }) => key,
  decide: (command, { cents }) => {
    if (command.type === 'open') return accept({ type: 'Opened', data: { key: command.key } })
    if (command.type === 'note')
      return accept({ type: 'Noted', data: { text: toSeal(command.text) } })
    if (command.cents === 0) return accept()
    return cents + command.cents < 0
      ? refuse({ type: 'Overdrawn' })
      : accept({ type: 'Paid', data: { cents: command.cents } })
  },
}

const NOW = '2026-03-02T09:00:00.000Z'

let store: EventStore
let vault: Vault
let handling: CommandHandling
beforeEach(() => {
  store = memoryEventStore()
  vault = memoryVault()
  handling = handlingOver(store)
})

const handlingOver = (over: EventStore, more: { cachedStreams?: number; attempts?: number } = {}) =>
  commandHandling({ store: over, keys: keyRing(vault, v4), now: () => NOW, ...more })

const context = (commandId: string = v4()) => ({ account: 'acme', actor: 'system', commandId })

const pay = (cents: number, { wallet = 'ada', commandId = v4(), by = handling } = {}) =>
  by.transact(context(commandId), ({ decide }) => decide(wallets, wallet, { type: 'pay', cents }))

const right = <A>(answer: E.Either<unknown, A>): A => {
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left))
  return answer.right
}

const centsOf = async (wallet = 'ada', by = handling): Promise<number> =>
  right(await by.read('acme', wallets, wallet)).cents
const eventsOf = async (wallet = 'ada') =>
  right(await store.readStream(`wallet-acme.${wallet}`)()).events

/** The store, with something done in the middle of what is asked of it. */
const counting = () => {
  const asked = { reads: 0, appends: 0 }
  const over: EventStore = {
    ...store,
    readStream: (...args) => (asked.reads++, store.readStream(...args)),
    appendAll: (...args) => (asked.appends++, store.appendAll(...args)),
  }
  return { asked, over }
}

describe('a receipt', () => {
  it('says where the command led', async () => {
    expect(right(await pay(5))).toEqual({
      value: 1,
      receipts: [
        {
          stream: 'wallet-acme.ada',
          revision: 0,
          position: expect.any(String),
          outcome: 'accepted',
        },
      ],
    })
  })

  it('says that there was nothing to do', async () => {
    await pay(5)
    expect(right(await pay(0)).receipts).toMatchObject([{ revision: 0, outcome: 'unchanged' }])
    expect(await eventsOf()).toHaveLength(1)
  })

  it('stands for each stream decided on, in the order of the first decision', async () => {
    const { receipts } = right(
      await handling.transact(context(), async ({ decide, load }) => {
        await load(wallets, 'bo')
        await load(wallets, 'zoe')
        await decide(wallets, 'ada', { type: 'pay', cents: 1 })
        return decide(wallets, 'bo', { type: 'pay', cents: 1 })
      }),
    )
    expect(receipts.map(({ stream }) => stream)).toEqual(['wallet-acme.ada', 'wallet-acme.bo'])
  })
})

describe('a refusal', () => {
  it('appends nothing of its transaction', async () => {
    const answer = await handling.transact(context(), async ({ decide }) => {
      await decide(wallets, 'bo', { type: 'pay', cents: 5 })
      return decide(wallets, 'ada', { type: 'pay', cents: -5 })
    })
    expect(answer).toEqual(E.left({ type: 'Overdrawn' }))
    expect([await centsOf('ada'), await centsOf('bo')]).toEqual([0, 0])
  })
})

describe('a command id', () => {
  it('that was accepted is answered with the revision of the first time', async () => {
    await pay(5, { commandId: 'first' })
    await pay(7)
    const { receipts } = right(await pay(5, { commandId: 'first' }))
    expect(receipts).toMatchObject([{ revision: 0, outcome: 'repeated' }])
    expect(await centsOf()).toBe(12)
  })

  it('is known after a restart', async () => {
    await pay(5, { commandId: 'first' })
    const restarted = handlingOver(store)
    const { receipts } = right(await pay(5, { commandId: 'first', by: restarted }))
    expect(receipts).toMatchObject([{ outcome: 'repeated' }])
  })

  it('that was refused is decided again', async () => {
    expect(await pay(-5, { commandId: 'first' })).toEqual(E.left({ type: 'Overdrawn' }))
    await pay(9)
    expect(right(await pay(-5, { commandId: 'first' })).receipts).toMatchObject([
      { outcome: 'accepted' },
    ])
  })

  it('decides each of several streams once, whichever of them had it before', async () => {
    await pay(5, { commandId: 'both', wallet: 'ada' })
    await handling.transact(context('both'), async ({ decide }) => {
      await decide(wallets, 'ada', { type: 'pay', cents: 5 })
      return decide(wallets, 'bo', { type: 'pay', cents: 5 })
    })
    expect([await centsOf('ada'), await centsOf('bo')]).toEqual([5, 5])
  })

  it.each([
    ['one process', () => handling],
    ['two processes', () => handlingOver(store)],
  ])(
    'sent twice at once to %s is accepted once, and both keep the state stored',
    async (_, other) => {
      const second = other()
      const opening = async (by: CommandHandling) =>
        by.transact(context('open'), async ({ decide, freshKey }) =>
          decide(wallets, 'ada', { type: 'open', key: await freshKey() }),
        )
      const both = (await Promise.all([opening(handling), opening(second)])).map(right)
      expect(both.map(({ receipts }) => receipts[0]?.outcome).sort()).toEqual([
        'accepted',
        'repeated',
      ])
      const [opened, ...others] = await eventsOf()
      expect(others).toEqual([])
      for (const by of [handling, second])
        expect(right(await by.read('acme', wallets, 'ada')).key).toBe(
          (opened!.data as { key: string }).key,
        )
    },
  )
})

describe('two at once on one stream', () => {
  it('are both decided on what is there: the slower one again', async () => {
    const other = handlingOver(store)
    const all = Array.from({ length: 8 }, (_, n) => pay(1, { by: n % 2 === 0 ? handling : other }))
    const revisions = (await Promise.all(all)).map((each) => right(each).receipts[0]!.revision)
    expect([...revisions].sort()).toEqual([...revisions.keys()])
    expect([await centsOf('ada', handling), await centsOf('ada', other)]).toEqual([8, 8])
  })

  it('never decide on what another has changed meanwhile', async () => {
    await pay(5)
    const other = handlingOver(store)
    const answers = await Promise.all([pay(-5), pay(-5, { by: other })])
    expect(answers.filter(E.isRight)).toHaveLength(1)
    expect(await centsOf()).toBe(0)
  })

  it('wait for each other where they name the same turn', async () => {
    const { asked, over } = counting()
    const turns = handlingOver(over)
    await Promise.all(
      Array.from({ length: 8 }, () =>
        turns.transact(
          context(),
          ({ decide }) => decide(wallets, 'ada', { type: 'pay', cents: 1 }),
          'ada',
        ),
      ),
    )
    expect(asked.appends).toBe(8)
  })
})

it('gives up after so many conflicts, and says so', async () => {
  let rival = 0
  const over: EventStore = {
    ...store,
    appendAll: (appends) => async () => {
      right(await pay(1, { commandId: `rival ${String(rival++)}` }))
      return store.appendAll(appends)()
    },
  }
  const unlucky = handlingOver(over, { attempts: 3 })
  expect(await pay(100, { by: unlucky })).toMatchObject({
    left: { type: 'TooManyConflicts', attempts: 3, last: { type: 'Conflict', actual: 2 } },
  })
  expect(await centsOf()).toBe(3)
})

/** A stream of so many payments of one cent each, its state in the cache of `by`. */
const longWallet = async (payments: number, by = handling) => {
  const { transact } = by
  for (let paid = 0; paid < payments; paid += 100)
    right(
      await transact(context(), async ({ under }) => {
        for (let i = 0; i < 100; i++)
          await under(context()).decide(wallets, 'ada', { type: 'pay', cents: 1 })
        return E.right(undefined)
      }),
    )
}

describe('a long stream that another is at work on', () => {
  it('is not read anew once its state is given back', async () => {
    let read = 0
    let goOn = () => undefined as void
    const looked = new Promise<void>((resolve) => (goOn = resolve))
    let isSlow = false
    const slow = handlingOver({
      ...store,
      readStream: (stream, options) => async () => {
        const slice = await store.readStream(stream, options)()
        read += right(slice).events.length
        if (isSlow && read > 0) goOn()
        return slice
      },
      appendAll: (appends) => async () => {
        if (isSlow) await looked
        return store.appendAll(appends)()
      },
    })
    await longWallet(5_000, slow)
    isSlow = true
    read = 0
    const [paid, cents] = await Promise.all([pay(1, { by: slow }), centsOf('ada', slow)])
    expect(right(paid).receipts).toMatchObject([{ revision: 5_000 }])
    expect(cents).toBe(5_001)
    expect(read).toBeLessThan(100)
  })

  it('is read as a whole where reading it failed before', async () => {
    await longWallet(500)
    const gone = E.left({ type: 'Unavailable' as const, reason: 'away' })
    let isGone = true
    const limits: (number | undefined)[] = []
    const later = handlingOver({
      ...store,
      readStream: (stream, options) => {
        limits.push(options?.limit)
        return isGone ? async () => gone : store.readStream(stream, options)
      },
    })
    expect(await later.read('acme', wallets, 'ada')).toEqual(gone)
    isGone = false
    expect(await centsOf('ada', later)).toBe(500)
    expect(limits).toEqual([2_000, 2_000])
  })

  it('is what the log says, whoever reads, decides, throws or is refused meanwhile', async () => {
    const step = fc.record({
      wallet: fc.constantFrom('ada', 'bo'),
      does: fc.oneof(fc.integer({ min: -60, max: 60 }), fc.constantFrom('read', 'throw')),
    })
    const asked = fc.array(step, { minLength: 2, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(asked, fc.scheduler(), async (steps, scheduler) => {
        store = memoryEventStore()
        handling = handlingOver(store)
        await longWallet(100)
        const later = <A>(task: () => Promise<A>) =>
          scheduler.schedule(Promise.resolve()).then(task)
        const by = handlingOver(
          {
            ...store,
            readStream:
              (...args) =>
              () =>
                later(store.readStream(...args)),
            appendAll:
              (...args) =>
              () =>
                later(store.appendAll(...args)),
          },
          { cachedStreams: 1, attempts: 100 },
        )
        /** How many events of each are known to be stored; what was read, and how many were then. */
        const stored = new Map([['ada', 100]])
        const reads: { wallet: string; cents: number; stored: number }[] = []
        const ask = async ({ wallet, does }: (typeof steps)[number]) => {
          const before = stored.get(wallet) ?? 0
          if (does === 'read')
            reads.push({ wallet, cents: await centsOf(wallet, by), stored: before })
          else if (does === 'throw')
            await by
              .transact(context(), async ({ decide }) => {
                await decide(wallets, wallet, { type: 'pay', cents: 1 })
                throw new Error('a bug')
              })
              .catch(() => undefined)
          else {
            const paid = await pay(does, { wallet, by })
            if (E.isLeft(paid)) expect(paid.left).toEqual({ type: 'Overdrawn' })
            else stored.set(wallet, Math.max(before, paid.right.receipts[0]!.revision + 1))
          }
        }
        await scheduler.waitFor(Promise.all(steps.map(ask)))
        await scheduler.waitFor(ask({ wallet: 'ada', does: 'read' }))
        for (const { wallet, cents, stored } of reads) {
          const events = await eventsOf(wallet)
          const sums = [0]
          for (const { data } of events)
            sums.push(sums.at(-1)! + (data as { readonly cents: number }).cents)
          expect(sums.slice(stored)).toContain(cents)
        }
      }),
    )
  })
})

describe('the cache', () => {
  it('reads only what came since', async () => {
    await pay(1)
    const { asked, over } = counting()
    const from: (number | undefined)[] = []
    const cached = handlingOver({
      ...over,
      readStream: (stream, options) => (from.push(options?.from), over.readStream(stream, options)),
    })
    await pay(1, { by: cached })
    await pay(1)
    await pay(1, { by: cached })
    expect(from).toEqual([0, 2])
    expect(asked.reads).toBe(2)
    expect(await centsOf('ada', cached)).toBe(4)
  })

  it('keeps at most as many streams as it is told', async () => {
    const from: (number | undefined)[] = []
    const small = handlingOver(
      {
        ...store,
        readStream: (stream, options) => (
          from.push(options?.from),
          store.readStream(stream, options)
        ),
      },
      { cachedStreams: 2 },
    )
    for (const wallet of ['a', 'b', 'c', 'c', 'b', 'a']) await pay(1, { wallet, by: small })
    expect(from).toEqual([0, 0, 0, 1, 1, 0])
  })

  it('forgets what was decided and not stored', async () => {
    await pay(5)
    await handling.transact(context(), async ({ decide }) => {
      await decide(wallets, 'ada', { type: 'pay', cents: 5 })
      return E.left({ type: 'never mind' })
    })
    expect(await centsOf()).toBe(5)
    expect(right(await pay(1)).receipts).toMatchObject([{ revision: 1 }])
  })

  it('survives work that throws', async () => {
    await pay(5)
    const work = handling.transact(context(), async ({ decide }) => {
      await decide(wallets, 'ada', { type: 'pay', cents: 5 })
      throw new Error('a bug')
    })
    await expect(work).rejects.toThrow('a bug')
    expect(await centsOf()).toBe(5)
  })
})

describe('one transaction', () => {
  it('for several commands stores each under its own id', async () => {
    await handling.transact(context('one'), async (transaction) => {
      await transaction.decide(wallets, 'ada', { type: 'pay', cents: 5 })
      return transaction.under(context('two')).decide(wallets, 'ada', { type: 'pay', cents: -3 })
    })
    const events = await eventsOf()
    expect(events.map(({ metadata }) => metadata.commandId)).toEqual(['one', 'two'])
    expect(new Set(events.map(({ id }) => id)).size).toBe(2)
    for (const commandId of ['one', 'two'])
      expect(right(await pay(9, { commandId })).receipts).toMatchObject([{ outcome: 'repeated' }])
    expect(await centsOf()).toBe(2)
  })

  it('sees in later decisions what earlier ones decided', async () => {
    const answer = await handling.transact(context(), async ({ decide }) => {
      await decide(wallets, 'ada', { type: 'pay', cents: 5 })
      return decide(wallets, 'ada', { type: 'pay', cents: -6 })
    })
    expect(answer).toEqual(E.left({ type: 'Overdrawn' }))
  })
})

describe('what is stored by others', () => {
  const put = (type: string, data: unknown, schemaVersion = 1) =>
    store.append({
      stream: 'wallet-acme.ada',
      expected: 'any',
      events: [
        {
          id: v4(),
          type,
          data,
          metadata: { ...context(), schemaVersion, occurredAt: NOW, recordedAt: NOW },
        },
      ],
    })()

  it.each([
    ['an unknown type', 'Stolen', {}, 1, { type: 'UnknownEvent', event: 'Stolen' }],
    ['a newer version', 'Paid', { cents: 1 }, 2, { type: 'UnknownEvent', schemaVersion: 2 }],
    ['another shape', 'Paid', { cents: 'a' }, 1, { type: 'MalformedEvent', field: 'cents' }],
  ])('is a fault where it is of %s', async (_, type, data, version, fault) => {
    right(await put(type, data, version))
    expect(await pay(1)).toMatchObject({ left: fault })
    expect(await handling.read('acme', wallets, 'ada')).toMatchObject({ left: fault })
    expect(await eventsOf()).toHaveLength(1)
  })
})

describe('sealing', () => {
  const note = () =>
    handling.transact(context(), ({ decide }) =>
      decide(wallets, 'ada', { type: 'note', text: 'private' }),
    )
  const open = async () => {
    let key = ''
    await handling.transact(context(), async ({ decide, freshKey }) => {
      key = await freshKey()
      return decide(wallets, 'ada', { type: 'open', key })
    })
    return key
  }

  it('is done with the key of the stream', async () => {
    const key = await open()
    right(await note())
    expect((await eventsOf())[1]?.data).toMatchObject({ text: { k: key } })
    expect(JSON.stringify(await eventsOf())).not.toContain('private')
  })

  it('is a fault where that key was destroyed', async () => {
    const key = await open()
    right(await vault.destroy([key])())
    handling = handlingOver(store)
    expect(await note()).toEqual(E.left({ type: 'KeyGone', key }))
    expect(await eventsOf()).toHaveLength(1)
  })

  it('is never left out: a stream without a key takes nothing private', async () => {
    await expect(note()).rejects.toThrow('no key')
    expect(await eventsOf()).toHaveLength(0)
  })
})

it('answers a store that is gone with its fault', async () => {
  await store.close()
  expect(await pay(1)).toMatchObject({ left: { type: 'Unavailable' } })
})
