/** What a store can be made to go through, where its adapter's tests can make it. */
import type { StreamName } from '../../event.js'
import type { Append, EventStore } from '../../event-store.js'
import type { Case, KitOptions, LeftCases } from '../suite.js'

/** Cases that need a hook which is not given are left, and say why. */
export interface EventStoreKitOptions extends KitOptions<EventStore> {
  readonly lacks?: Readonly<Partial<Record<'beside' | 'readStreams' | HookName, string>>>
  /**
   * Breaks what is under way, as a network does that fails or a server that starts anew. Answers
   * once it is broken; by then or soon after, and by itself, the store can be reached again.
   */
  readonly disturb?: (store: EventStore) => Promise<void>
  /** Appends from a process of its own, which is killed once that is stored and before it is told. */
  readonly appendAndDie?: (store: EventStore, append: Append) => Promise<void>
  /** Deletes a stream as the store's own tools do; it may begin anew. */
  readonly deleteStream?: (store: EventStore, stream: StreamName) => Promise<void>
  /** Ends a stream as the store's own tools do, for ever. */
  readonly endStream?: (store: EventStore, stream: StreamName) => Promise<void>
}

type HookName = 'disturb' | 'appendAndDie' | 'deleteStream' | 'endStream'

export interface HookCase<Hook> {
  readonly name: string
  readonly runWith: (store: EventStore, hook: Hook) => Promise<void>
}

export interface HookCases {
  readonly cases: readonly Case<EventStore>[]
  readonly left: readonly LeftCases[]
}

export const withHook = <Hook>(
  about: string,
  hook: Hook | undefined,
  reason: string,
  all: readonly HookCase<Hook>[],
): HookCases =>
  hook === undefined
    ? { cases: [], left: [{ about, reason, names: all.map(({ name }) => name) }] }
    : {
        cases: all.map(({ name, runWith }) => ({ name, run: (store) => runWith(store, hook) })),
        left: [],
      }
