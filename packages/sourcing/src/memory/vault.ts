import * as E from 'fp-ts/lib/Either.js'
import { compareText } from '../filter.js'
import { keyWrapping, wrappedBy, type KeyEncryption } from '../key-wrapping.js'
import { vaultOver, type StoredKeys } from '../stored-keys.js'
import type { Vault } from '../vault.js'
import { door } from './door.js'

/** `kept`: what another vault of this process holds, to be opened again. */
export const memoryKeys = (kept = new Map<string, Uint8Array>()): StoredKeys => {
  const { task, close } = door()
  return {
    put: (added) =>
      task(() => {
        for (const [name, stored] of added) kept.set(name, stored)
        return E.right(undefined)
      }),
    putNew: (name, stored) =>
      task(() => {
        const there = kept.get(name) ?? stored
        kept.set(name, there)
        return E.right(Uint8Array.from(there))
      }),
    get: (names) =>
      task(() => {
        const found = new Map<string, Uint8Array>()
        for (const name of names) {
          const stored = kept.get(name)
          if (stored !== undefined) found.set(name, Uint8Array.from(stored))
        }
        return E.right(found)
      }),
    remove: (names) =>
      task(() => {
        for (const name of names) {
          kept.get(name)?.fill(0)
          kept.delete(name)
        }
        return E.right(undefined)
      }),
    wrappings: task(() => E.right([...new Set(Array.from(kept.values(), wrappedBy))])),
    wrappedBy: (id, limit) =>
      task(() =>
        E.right(
          new Map(
            [...kept]
              .filter(([, stored]) => wrappedBy(stored) === id)
              .slice(0, limit)
              .map(([name, stored]) => [name, Uint8Array.from(stored)]),
          ),
        ),
      ),
    replace: (keys) =>
      task(() => {
        for (const { name, from, to } of keys) {
          const there = kept.get(name)
          if (there !== undefined && Buffer.compare(there, from) === 0) there.set(to)
        }
        return E.right(undefined)
      }),
    list: (after, limit) =>
      task(() =>
        E.right(
          new Map(
            [...kept]
              .sort(([a], [b]) => compareText(a, b))
              .filter(([name]) => after === undefined || compareText(name, after) > 0)
              .slice(0, limit)
              .map(([name, stored]) => [name, Uint8Array.from(stored)]),
          ),
        ),
      ),
    scrub: task(() => E.right(undefined)),
    close: async () => {
      close()
    },
  }
}

export const memoryVault = (options?: KeyEncryption): Vault =>
  vaultOver(memoryKeys(), keyWrapping(options))
