/** What a store can be made to go through, where its adapter's tests can make it. */
import type { StreamName } from '../../event.js'
import type { Append, EventStore } from '../../event-store.js'
import type { Case, KitOptions, LeftCase } from '../suite.js'

/** Cases that need a hook which is not given are left, and say so. */
export interface EventStoreKitOptions extends KitOptions<EventStore> {
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

export interface HookCase<Hook> {
  readonly name: string
  readonly runWith: (store: EventStore, hook: Hook) => Promise<void>
}

export const withHook = <Hook>(
  hook: Hook | undefined,
  left: string,
  cases: readonly HookCase<Hook>[],
): readonly (Case<EventStore> | LeftCase)[] =>
  cases.map(({ name, runWith }) =>
    hook === undefined ? { name, left } : { name, run: (store) => runWith(store, hook) },
  )
