/**
 * What a vault is kept in: keys in their stored form (`key-wrapping.ts`) under names. The adapters
 * of a vault are adapters of this port; none of them looks into a key.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { randomBytes } from 'node:crypto'
import type { Unavailable } from './event-store.js'
import { keysAtHand, type ReadableKeys, type StoredByName } from './keys-at-hand.js'
import {
  keyWrapping,
  Unwrappable,
  type KeyEncryption,
  type KeyEncryptionKeyId,
  type KeyWrapping,
} from './key-wrapping.js'
import type { Vault } from './vault.js'

export interface Replacement {
  readonly name: string
  readonly from: Uint8Array
  readonly to: Uint8Array
}

export interface StoredKeys extends ReadableKeys {
  /** Adds or replaces; durable once it answers. */
  readonly put: (keys: StoredByName) => TaskEither<Unavailable, void>
  /** Adds it unless there is one of its name; answers the one that there is. */
  readonly putNew: (name: string, stored: Uint8Array) => TaskEither<Unavailable, Uint8Array>
  /** For good, with their bytes on disk. Unknown names are no error. */
  readonly remove: (names: readonly string[]) => TaskEither<Unavailable, void>
  /** What the keys that there are begin with (`wrappedBy`), each once. */
  readonly wrappings: TaskEither<Unavailable, readonly KeyEncryptionKeyId[]>
  /** At most `limit` of the keys that begin so. */
  readonly wrappedBy: (
    id: KeyEncryptionKeyId,
    limit: number,
  ) => TaskEither<Unavailable, StoredByName>
  /** Each that is still what it was replaced `from`; others, and those removed, stay as they are. */
  readonly replace: (keys: readonly Replacement[]) => TaskEither<Unavailable, void>
  /** At most `limit` keys behind this name, in the order of the names' bytes. */
  readonly list: (after: string | undefined, limit: number) => TaskEither<Unavailable, StoredByName>
  /** Leaves no byte on disk of what was replaced. */
  readonly scrub: TaskEither<Unavailable, void>
  readonly close: () => Promise<void>
}

const KEY_BYTES = 32
const ROTATED_AT_ONCE = 256

const KEY = 'key/'
const keyName = (id: string): string => KEY + id
const macName = (account: string): string => `mac/${account}`

/** Answers what cannot be unwrapped as a fault: to be told that a key is gone, it has to be gone. */
const faulting = <A>(work: () => Promise<E.Either<Unavailable, A>>): TaskEither<Unavailable, A> => {
  return async () => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Unwrappable)) throw error
      return E.left({ type: 'Unavailable', reason: error.message })
    }
  }
}

/** For keys that are new, or were looked at before (`openVault`). */
export const vaultOver = (keys: StoredKeys, given: KeyWrapping): Vault => {
  let wrapping = given
  const atHand = keysAtHand(keys, (name, stored) => wrapping.unwrap(name, stored))

  /** What is gone once it is answered is not at hand either. */
  const forgetting =
    (work: TaskEither<Unavailable, void>): TaskEither<Unavailable, void> =>
    async () => {
      const done = await work()
      atHand.forget()
      return done
    }

  const rewrap = (name: string, from: Uint8Array): Replacement => ({
    name,
    from,
    to: wrapping.wrap(name, wrapping.unwrap(name, from)),
  })

  return {
    // New ids: nothing that is at hand was replaced.
    add: (added) => async () =>
      keys.put(
        new Map([...added].map(([id, bytes]) => [keyName(id), wrapping.wrap(keyName(id), bytes)])),
      )(),
    read: (ids) => {
      const names = Array.from(ids, keyName) // may be read more than once
      return faulting(async () => {
        const found = await atHand.read(names)()
        if (E.isLeft(found)) return found
        return E.right(
          new Map(Array.from(found.right, ([name, bytes]) => [name.slice(KEY.length), bytes])),
        )
      })
    },
    destroy: (ids) => forgetting(keys.remove(ids.map(keyName))),
    macKey: (account) =>
      faulting(async () => {
        const name = macName(account)
        const known = await keys.get([name])()
        if (E.isLeft(known)) return known
        const stored = known.right.get(name)
        if (stored !== undefined) return E.right(wrapping.unwrap(name, stored))
        const kept = await keys.putNew(name, wrapping.wrap(name, randomBytes(KEY_BYTES)))()
        return E.isLeft(kept) ? kept : E.right(wrapping.unwrap(name, kept.right))
      }),
    exportKeys: (after, limit) =>
      faulting(async () => {
        const found = await keys.list(after, limit)()
        if (E.isLeft(found)) return found
        return E.right(
          Array.from(found.right, ([name, stored]) => ({
            name,
            bytes: wrapping.unwrap(name, stored),
          })),
        )
      }),
    importKeys: (imported) =>
      faulting(async () => {
        const there = await keys.get(imported.map(({ name }) => name))()
        if (E.isLeft(there)) return there
        const missing = imported.filter(({ name }) => !there.right.has(name))
        const others = imported.flatMap(({ name, bytes }) => {
          const stored = there.right.get(name)
          const isSame =
            stored === undefined || Buffer.compare(wrapping.unwrap(name, stored), bytes) === 0
          return isSame ? [] : [name]
        })
        if (missing.length === 0) return E.right(others)
        const put = await keys.put(
          new Map(missing.map(({ name, bytes }) => [name, wrapping.wrap(name, bytes)])),
        )()
        return E.isLeft(put) ? put : E.right(others)
      }),
    forgetKeys: (names) => forgetting(keys.remove(names)),
    rotate: (to, { signal, onProgress } = {}) =>
      faulting(async () => {
        wrapping = wrapping.to(to)
        const { id: wanted } = wrapping
        let rotated = 0
        for (;;) {
          signal?.throwIfAborted()
          const wrappings = await keys.wrappings()
          if (E.isLeft(wrappings)) return wrappings
          const id = wrappings.right.find((each) => each !== wanted)
          if (id === undefined) break
          const found = await keys.wrappedBy(id, ROTATED_AT_ONCE)()
          if (E.isLeft(found)) return found
          const replaced = await keys.replace(
            Array.from(found.right, ([name, stored]) => rewrap(name, stored)),
          )()
          if (E.isLeft(replaced)) return replaced
          rotated += found.right.size
          onProgress?.(rotated)
        }
        const scrubbed = await keys.scrub()
        return E.isLeft(scrubbed) ? scrubbed : E.right(rotated)
      }),
    close: keys.close,
  }
}

/**
 * A vault over keys that may have been stored before. Rejects, with the id of the key-encryption
 * key that is missing, where not all of them could be unwrapped.
 */
export const openVault = async (keys: StoredKeys, options?: KeyEncryption): Promise<Vault> => {
  const wrapping = keyWrapping(options)
  const wrappings = await keys.wrappings()
  if (E.isLeft(wrappings)) throw new Error(wrappings.left.reason)
  wrapping.expect(wrappings.right)
  return vaultOver(keys, wrapping)
}
