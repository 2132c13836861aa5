import { randomBytes } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import type { KeyId, Vault } from '../vault.js'
import { door } from './door.js'

const KEY_BYTES = 32

export const memoryVault = (): Vault => {
  const { task, close } = door()
  const keys = new Map<KeyId, Uint8Array>()
  const macKeys = new Map<string, Uint8Array>()
  return {
    add: (added) =>
      task(() => {
        for (const [id, bytes] of added) keys.set(id, Uint8Array.from(bytes))
        return E.right(undefined)
      }),
    read: (ids) =>
      task(() => {
        const found = new Map<KeyId, Uint8Array>()
        for (const id of ids) {
          const bytes = keys.get(id)
          if (bytes !== undefined) found.set(id, Uint8Array.from(bytes))
        }
        return E.right(found)
      }),
    destroy: (ids) =>
      task(() => {
        for (const id of ids) {
          keys.get(id)?.fill(0)
          keys.delete(id)
        }
        return E.right(undefined)
      }),
    macKey: (account) =>
      task(() => {
        const key = macKeys.get(account) ?? Uint8Array.from(randomBytes(KEY_BYTES))
        macKeys.set(account, key)
        return E.right(Uint8Array.from(key))
      }),
    close: async () => {
      close()
    },
  }
}
