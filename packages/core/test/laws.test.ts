/** What holds for every kind of stream, whatever happens in it. */
import { describe, expect, it } from '@jest/globals'
import { conversations, kinds } from '@threadbook/core'
import {
  clock,
  commands,
  events,
  play,
  runs,
  stories,
  type KindName,
} from '@threadbook/core/testing'
import {
  decodeEvent,
  fold,
  type Category,
  type DomainEvent,
  type StreamEvent,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'

type AnyCategory = Category<
  Record<string, unknown>,
  unknown,
  DomainEvent,
  { readonly type: string }
>
type AnyCommand = Record<string, unknown>

const everyKind = Object.entries(kinds).map(
  ([name, { category }]) => [name as KindName, category as unknown as AnyCategory] as const,
)

/** Makes every change of what a decision is lent an error. */
const frozen = <A>(value: A): A => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (value instanceof Map || value instanceof Set)
    for (const change of ['set', 'add', 'delete', 'clear'])
      Object.defineProperty(value, change, {
        value: () => {
          throw new Error(`${change} of what was only lent`)
        },
      })
  const parts =
    value instanceof Map || value instanceof Set ? [...value.values()] : Object.values(value)
  parts.forEach(frozen)
  return Object.freeze(value)
}

const past = (event: DomainEvent, revision: number): StreamEvent => ({
  ...event,
  id: String(revision),
  stream: 'any-acme.1',
  revision,
  metadata: {
    schemaVersion: 1,
    account: 'acme',
    actor: 'user:ada',
    commandId: String(revision),
    occurredAt: clock('09:00'),
    recordedAt: clock('09:00'),
  },
})

/**
 * Accepted again they do something again: trashing restarts the 30 days (D-06), a name is simply
 * given again. (What sealed fields hold cannot be compared.)
 */
const again = new Set(['Trash', 'NameContact', 'ChangeTicket', 'ChangeContact'])

describe.each(everyKind)('%s', (name, category) => {
  const anyEvents = fc.array(events[name] as fc.Arbitrary<DomainEvent>, { maxLength: 30 })
  const run = runs[name] as unknown as fc.Arbitrary<readonly AnyCommand[]>
  const anyCommand = commands[name] as unknown as fc.Arbitrary<AnyCommand>
  const stampedNow = (command: AnyCommand) => ({
    ...command,
    at: clock('19:00'),
    now: clock('19:00'),
  })

  it('is named as its streams are', () => expect(category.category).toBe(name))

  it('folds any events in any order', () => {
    fc.assert(
      fc.property(anyEvents, (happened) => {
        fold(category, happened.map(past))
      }),
    )
  })

  it('folds the same to the same', () => {
    fc.assert(
      fc.property(anyEvents, (happened) => {
        const one = fold(category, happened.map(past))
        expect(fold(category, structuredClone(happened).map(past))).toEqual(one)
      }),
    )
  })

  it('folds without touching the events', () => {
    fc.assert(
      fc.property(anyEvents, (happened) => {
        fold(category, frozen(happened.map(past)))
      }),
    )
  })

  it('decides in any situation, and only reads', () => {
    fc.assert(
      fc.property(anyEvents, anyCommand, (happened, command) => {
        const state = frozen(fold(category, happened.map(past)))
        category.decide(frozen(stampedNow(command)), state)
      }),
    )
  })

  it('knows every event that it decides on', () => {
    fc.assert(
      fc.property(run, (asked) => {
        for (const event of play(category as never, asked as never).events)
          expect(decodeEvent(category.events)(event)).toEqual(E.right(event))
      }),
    )
  })

  it('does nothing the second time', () => {
    fc.assert(
      fc.property(run, anyCommand, (asked, command) => {
        if (again.has(command['type'] as string)) return
        const once = play(category as never, [...asked, stampedNow(command)] as never)
        const twice = play(
          category as never,
          [...asked, stampedNow(command), stampedNow(command)] as never,
        )
        if (once.answers.at(-1) !== 'refused') expect(twice.answers.at(-1)).toBe('unchanged')
      }),
    )
  })

  it('D-28 reads back what it stores, event by event', () => {
    fc.assert(
      fc.property(events[name] as fc.Arbitrary<DomainEvent>, (event) => {
        const back = JSON.parse(JSON.stringify(past(event, 0))) as StreamEvent
        expect(decodeEvent(category.events)(back)).toEqual(E.right(past(event, 0)))
      }),
      { numRuns: 300 },
    )
  })
})

describe('a conversation', () => {
  const { given } = stories(conversations)

  it('S-104 D-02 is what it was after Trash and back', () => {
    fc.assert(
      fc.property(runs.conversation, (asked) => {
        const { events: happened } = play(conversations, asked)
        const before = fold(conversations, happened)
        if (before.situation !== 'present' || before.trashed !== undefined) return
        const trashing = [
          { type: 'Trashed', data: {} },
          { type: 'Restored', data: {} },
        ].map((event, index) => past(event, happened.length + index))
        expect(fold(conversations, [...happened, ...(trashing as never[])])).toEqual(before)
      }),
    )
  })

  it('D-04 is open while it is snoozed', () => {
    fc.assert(
      fc.property(runs.conversation, (asked) => {
        const state = fold(conversations, play(conversations, asked).events)
        if (state.situation === 'present' && state.snoozedUntil !== undefined)
          expect(state.closed).toBeUndefined()
      }),
    )
  })

  it('D-26 held by a bot or owned or neither, never lost between', () => {
    fc.assert(
      fc.property(runs.conversation, (asked) => {
        const state = fold(conversations, play(conversations, asked).events)
        if (state.situation !== 'present') return
        if (state.owner !== undefined) expect(state.everOwned).toBe(true)
        if (state.handler.kind === 'bot') expect(state.botTookPart).toBe(true)
      }),
    )
  })

  it('says nothing more once purged', () => {
    fc.assert(
      fc.property(runs.conversation, (asked) => {
        const types = play(conversations, asked).events.map(({ type }) => type)
        if (types.includes('Purged')) expect(types.indexOf('Purged')).toBe(types.length - 1)
      }),
    )
  })

  it('folds 10,000 messages in linear time', () => {
    const message = (n: number) => ({
      type: 'MessageReceived' as const,
      data: {
        messageId: `message-${String(n)}`,
        channel: 'email' as const,
        preview: {},
        content: {},
        attachments: [],
        from: { identity: 'maria', who: {} },
        mailClass: 'personal' as const,
        claims: [`claim-${String(n)}`],
      },
    })
    const start = {
      type: 'ConversationStarted' as const,
      data: { inbox: 'i', channel: 'email' as const, key: 'k' },
    }
    const many = [start, ...Array.from({ length: 10_000 }, (_, n) => message(n))]
    const situation = given(...many)
    const started = performance.now()
    situation.state()
    expect(performance.now() - started).toBeLessThan(500)
  })
})
