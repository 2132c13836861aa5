/** The port to the keys. Destroying a key is how the library forgets: the log stays as it is. */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Unavailable } from './event-store.js'
import type { KeyEncryptionKey } from './key-wrapping.js'

export type KeyId = string

/** A key under the name that its vault keeps it by. */
export interface ExportedKey {
  readonly name: string
  readonly bytes: Uint8Array
}

export interface RotateOptions {
  /** Looked at between batches; `rotate` rejects, and what is done stays done. */
  readonly signal?: AbortSignal
  /** After each batch of at most 256 keys: how many there were so far. */
  readonly onProgress?: (keys: number) => void
}

export interface Vault {
  /** Adds keys (32 bytes each) under new ids; durable once it answers. */
  readonly add: (keys: ReadonlyMap<KeyId, Uint8Array>) => TaskEither<Unavailable, void>
  /**
   * The keys that there are; one that was destroyed is missing from the answer, also when another
   * process destroyed it a moment ago.
   */
  readonly read: (ids: Iterable<KeyId>) => TaskEither<Unavailable, ReadonlyMap<KeyId, Uint8Array>>
  /** Removes keys for good, their bytes on disk included. Unknown ids are no error. */
  readonly destroy: (ids: readonly KeyId[]) => TaskEither<Unavailable, void>
  /**
   * The account's key for keyed hashes (32 bytes): made when first asked for, the same ever after,
   * also when two processes ask at once.
   */
  readonly macKey: (account: string) => TaskEither<Unavailable, Uint8Array>
  /**
   * Wraps every key by this key-encryption key, new ones from now on, and leaves no byte of how
   * they were wrapped before; answers how many it had to. The keys stay what they are. Stopped
   * anywhere, it is called again; until then keys are wrapped by either.
   */
  readonly rotate: (
    to: KeyEncryptionKey,
    options?: RotateOptions,
  ) => TaskEither<Unavailable, number>
  /**
   * At most `limit` of all keys that there are, those for hashes too, behind this name and in the
   * order of the names' bytes: for copies into another vault.
   */
  readonly exportKeys: (
    after: string | undefined,
    limit: number,
  ) => TaskEither<Unavailable, readonly ExportedKey[]>
  /** Adds those that are missing; answers the names of those that are there with other bytes. */
  readonly importKeys: (keys: readonly ExportedKey[]) => TaskEither<Unavailable, readonly string[]>
  /** As `destroy`, by the names that `exportKeys` gives. */
  readonly forgetKeys: (names: readonly string[]) => TaskEither<Unavailable, void>
  readonly close: () => Promise<void>
}
