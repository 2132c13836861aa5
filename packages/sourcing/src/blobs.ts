/** The port to bytes too large for an event (attachments, long bodies). They come sealed. */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Unavailable } from './event-store.js'

export interface Blobs {
  /** Durable once it answers. Ids are random and new; putting the same id again replaces it. */
  readonly put: (id: string, bytes: Uint8Array) => TaskEither<Unavailable, void>
  readonly get: (id: string) => TaskEither<Unavailable, Uint8Array | undefined>
  /** Unknown ids are no error. */
  readonly remove: (ids: readonly string[]) => TaskEither<Unavailable, void>
  /** The ids of at most `limit` blobs behind this one, in the order of their bytes: for copies. */
  readonly list: (
    after: string | undefined,
    limit: number,
  ) => TaskEither<Unavailable, readonly string[]>
  readonly close: () => Promise<void>
}
