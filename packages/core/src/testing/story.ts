/** Given what happened, when something is asked for, then this happens. */
import { expect } from '@jest/globals'
import {
  isSealedData,
  sealed,
  type Category,
  type DomainEvent,
  type IsoTime,
  type StreamEvent,
} from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'

/** An event with what its metadata says: nothing said is "a moment ago, by the system". */
export type Told<E> = E & {
  readonly at?: IsoTime
  /** Where it was written down later than it happened. */
  readonly recordedAt?: IsoTime
  readonly by?: string
}

/** A command, stamped by the story's clock unless it is itself. */
type Unstamped<C> = C extends unknown
  ? Omit<C, 'at' | 'now'> & { readonly at?: IsoTime; readonly now?: IsoTime }
  : never

const DAY = '2026-11-23'
const START = `${DAY}T09:00:00.000Z`

/** `09:30` or `09:30:01` on the day that stories tell of; whole times are taken as they are. */
export const clock = (time: string): IsoTime => {
  if (time.length > 8) return time
  return `${DAY}T${time.length === 5 ? `${time}:00` : time}.000Z`
}

/** When an event or a command happened. */
export const at = <A extends object>(time: string, told: A): A & { readonly at: IsoTime } => ({
  ...told,
  at: clock(time),
})

/** An event that was written down later than it happened. */
export const recordedAt = <A extends object>(
  time: string,
  told: A,
): A & { readonly recordedAt: IsoTime } => ({ ...told, recordedAt: clock(time) })

/** Whose act an event was. */
export const by = <A extends object>(actor: string, told: A): A & { readonly by: string } => ({
  ...told,
  by: actor,
})

const isBox = (value: object): boolean => sealed().is(value) && !isSealedData(value)
const boxes = new WeakMap<object, string>()
let boxesSeen = 0

/** Boxes refuse to be printed; each is shown by a name, so that equal means the same box. */
const shown = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if (isBox(value)) {
    const name = boxes.get(value) ?? `(sealed ${String(++boxesSeen)})`
    boxes.set(value, name)
    return name
  }
  if (Array.isArray(value)) return value.map(shown)
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shown(part)]))
}

const isLater = (a: IsoTime, b: IsoTime): IsoTime => (a > b ? a : b)

export interface Outcome<E> {
  readonly then: (...events: readonly E[]) => void
  readonly thenNothing: () => void
  /** With details, these and no others. */
  readonly thenRefused: (type: string, details?: object) => void
}

export interface Situation<C, S, E> {
  readonly when: (command: Unstamped<C>) => Outcome<E>
  /** What the events lead to. */
  readonly state: () => S
}

/** The teller of stories about one kind of stream. */
export const stories = <C, S, E extends DomainEvent, R extends { readonly type: string }>(
  category: Category<C, S, E, R>,
): { readonly given: (...events: readonly Told<E>[]) => Situation<C, S, E> } => ({
  given: (...told) => {
    let now = START
    const events = told.map((event, revision): StreamEvent<E> => {
      const { at: occurredAt = now, recordedAt = isLater(now, occurredAt), by = 'system' } = event
      now = recordedAt
      return {
        type: event.type,
        data: event.data,
        id: `event-${String(revision)}`,
        stream: `${category.category}-acme.1`,
        revision,
        metadata: {
          schemaVersion: 1,
          account: 'acme',
          actor: by,
          commandId: `command-${String(revision)}`,
          occurredAt,
          recordedAt,
        },
      } as StreamEvent<E>
    })
    const state = () => events.reduce(category.evolve, category.initial())
    return {
      state,
      when: (command) => {
        const { at: happened, now: asked = isLater(now, happened ?? now) } = command as {
          at?: IsoTime
          now?: IsoTime
        }
        const stamped = { ...command, at: happened ?? asked, now: asked }
        const decided = category.decide(stamped as C, state())
        return {
          then: (...expected) => expect(shown(decided)).toStrictEqual(shown(E.right(expected))),
          thenNothing: () => expect(shown(decided)).toEqual(E.right([])),
          thenRefused: (type, details) => {
            if (details === undefined) expect(shown(decided)).toMatchObject(E.left({ type }))
            else expect(shown(decided)).toEqual(E.left({ type, ...details }))
          },
        }
      },
    }
  },
})
