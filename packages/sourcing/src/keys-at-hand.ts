/**
 * The keys that were read last, unwrapped: a list that is looked at again need neither look for its
 * keys nor unwrap them. Only where a vault can tell that none was destroyed since (decision 059).
 */
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { BoundedMap } from './bounded-map.js'
import type { Unavailable } from './event-store.js'

/** 32 bytes each, about a megabyte in all. */
const MOST_AT_HAND = 4_096

export type StoredByName = ReadonlyMap<string, Uint8Array>

/** The half of `StoredKeys` that reads. */
export interface ReadableKeys {
  readonly get: (names: readonly string[]) => TaskEither<Unavailable, StoredByName>
  /**
   * Another value than before as soon as another connection may have removed or replaced a key;
   * what this one does itself need not show. Left out where asking takes as long as `get`.
   */
  readonly version?: TaskEither<Unavailable, unknown>
}

type Keys = ReadonlyMap<string, Uint8Array>

export interface KeysAtHand {
  /** As `get` of stored keys, unwrapped. Each key is the caller's own. */
  readonly read: (names: readonly string[]) => TaskEither<Unavailable, Keys>
  /** Once keys were removed or replaced: what is being read meanwhile is not kept either. */
  readonly forget: () => void
}

export const keysAtHand = (
  { get, version }: ReadableKeys,
  unwrap: (name: string, stored: Uint8Array) => Uint8Array,
): KeysAtHand => {
  let atHand = new BoundedMap<string, Uint8Array>(MOST_AT_HAND)
  let seen: unknown

  const forget = () => {
    atHand = new BoundedMap(MOST_AT_HAND)
  }

  const readAll = async (names: readonly string[]): Promise<E.Either<Unavailable, Keys>> => {
    const found = await get(names)()
    if (E.isLeft(found)) return found
    return E.right(
      new Map(Array.from(found.right, ([name, stored]) => [name, unwrap(name, stored)])),
    )
  }

  return {
    forget,
    read: (names) => async () => {
      if (version === undefined) return readAll(names)
      const now = await version()
      if (E.isLeft(now)) return now
      if (now.right !== seen) forget()
      seen = now.right
      const kept = atHand
      const keys = new Map<string, Uint8Array>()
      const missing: string[] = []
      for (const name of names) {
        const key = kept.get(name)
        if (key === undefined) missing.push(name)
        else keys.set(name, key.slice())
      }
      if (missing.length === 0) return E.right(keys)
      const read = await readAll(missing)
      if (E.isLeft(read)) return read
      for (const [name, key] of read.right) {
        kept.set(name, key.slice())
        keys.set(name, key)
      }
      return E.right(keys)
    },
  }
}
