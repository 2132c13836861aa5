/** Histories that could have been: what runs of commands lead to. */
import {
  isSealedData,
  sealed,
  type Category,
  type DomainEvent,
  type StreamEvent,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import { conversations, type ConversationEvent } from '../conversation/index.js'
import type { Stamped } from '../request.js'
import { ids } from './arbitrary.js'
import { commands, perKind, type CommandOfKind, type KindName } from './generators.js'

/** As a store would hold it: every box sealed, though with nothing in it that could be opened. */
const stored = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || isSealedData(value)) return value
  if (sealed().is(value)) return { k: '1', n: 'bm9uY2U=', c: 'c2VhbGVk' }
  if (Array.isArray(value)) return value.map(stored)
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, stored(part)]))
}

export interface Played<E extends DomainEvent, R = unknown> {
  readonly events: readonly StreamEvent<E>[]
  /** How each command was answered, in order. */
  readonly answers: readonly ('accepted' | 'unchanged' | 'refused')[]
  /** What the refused ones were refused with, in order. */
  readonly refusals: readonly R[]
}

/** The events that commands lead to, one after the other in one stream; refused ones lead to none. */
export const play = <C extends Stamped<unknown>, S, E extends DomainEvent, R>(
  category: Category<C, S, E, R>,
  asked: readonly C[],
  stream = `${category.category}-acme.1`,
): Played<E, R> => {
  const happened: StreamEvent<E>[] = []
  const answers: Played<E>['answers'][number][] = []
  const refusals: R[] = []
  let state = category.initial()
  for (const [index, command] of asked.entries()) {
    const decided = category.decide(command, state)
    if (E.isLeft(decided)) {
      answers.push('refused')
      refusals.push(decided.left)
    } else answers.push(decided.right.length > 0 ? 'accepted' : 'unchanged')
    for (const { type, data } of E.isRight(decided) ? decided.right : []) {
      const event = {
        type,
        data: stored(data),
        id: `${stream}/${String(happened.length)}`,
        stream,
        revision: happened.length,
        metadata: {
          schemaVersion: category.events.byName.get(type)?.version ?? 1,
          account: 'acme',
          actor: (command as { readonly actor?: string }).actor ?? 'system',
          commandId: `${stream}/${String(index)}`,
          occurredAt: command.at,
          recordedAt: command.now,
        },
      } as unknown as StreamEvent<E>
      happened.push(event)
      state = category.evolve(state, event)
    }
  }
  return { events: happened, answers, refusals }
}

/** Stamps for a run of commands: the clock never goes back, and a date may lie in the past. */
const stamped = <C>(asked: fc.Arbitrary<C>): fc.Arbitrary<readonly Stamped<C>[]> =>
  fc
    .array(
      fc.record({
        command: asked,
        minutes: fc.constantFrom(0, 1, 5, 29, 30, 31, 600),
        late: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.nat({ max: 1_440 })),
      }),
      { maxLength: 40, size: '+1' },
    )
    .map((steps) => {
      let now = Date.UTC(2026, 10, 23, 9)
      return steps.map(({ command, minutes, late }) => {
        now += minutes * 60_000
        const at = new Date(now - late * 60_000).toISOString()
        return { ...command, at, now: new Date(now).toISOString() }
      })
    })

/** A conversation that somebody or the team begins, and then anything at all. */
const conversationRuns: fc.Arbitrary<readonly CommandOfKind<'conversation'>[]> = fc
  .tuple(
    commands.conversation.filter(({ type }) => type === 'ReceiveMessage' || type === 'SendMessage'),
    fc.record({ inbox: ids, key: ids }),
    stamped(commands.conversation),
  )
  .map(([first, start, rest]) => {
    const now = rest[0]?.now ?? new Date(Date.UTC(2026, 10, 23, 9)).toISOString()
    const begin = { ...first, start, kind: 'composed', at: now, now }
    return [begin, ...rest] as CommandOfKind<'conversation'>[]
  })

/** Runs of any commands of one kind. */
export const runs = perKind((name) =>
  name === 'conversation' ? conversationRuns : stamped(commands[name] as fc.Arbitrary<object>),
) as { readonly [K in KindName]: fc.Arbitrary<readonly CommandOfKind<K>[]> }

export const conversationHistories: fc.Arbitrary<readonly StreamEvent<ConversationEvent>[]> =
  conversationRuns.map((asked) => play(conversations, asked).events)
