/** Keys for sealing, close at hand: fresh ones made ahead, so that no new stream waits for one. */
import { randomBytes } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import { BoundedMap } from './bounded-map.js'
import { Faulted } from './faulted.js'
import type { Key } from './sealed.js'
import type { KeyId, Vault } from './vault.js'

export interface KeyRing {
  /** The id of a key that nothing was sealed with yet; it is in the vault already. */
  readonly fresh: () => Promise<KeyId>
  /** Makes a key of this id, which nobody may have made before: it would be replaced. */
  readonly make: (id: KeyId) => Promise<void>
  /** Undefined where the key is gone. For sealing only: reading asks the vault itself. */
  readonly key: (id: KeyId) => Promise<Key | undefined>
}

const KEY_BYTES = 32

/**
 * Makes `batch` keys (64 unless told) in one go whenever the last fresh one was taken, and keeps
 * the bytes of the 1,024 used last. A process that dies leaves at most `batch` unused keys behind.
 */
export const keyRing = (vault: Vault, newId: () => string, batch = 64): KeyRing => {
  const known = new BoundedMap<KeyId, Uint8Array>(1_024)
  const unused: KeyId[] = []
  let filling: Promise<void> | undefined

  const add = async (ids: readonly KeyId[]) => {
    const made = new Map(ids.map((id) => [id, randomBytes(KEY_BYTES)]))
    const added = await vault.add(made)()
    if (E.isLeft(added)) throw new Faulted(added.left)
    for (const [id, bytes] of made) known.set(id, bytes)
  }

  const fill = async () => {
    const ids = Array.from({ length: batch }, () => newId())
    await add(ids)
    unused.push(...ids)
  }

  return {
    make: (id) => add([id]),
    fresh: async () => {
      for (;;) {
        const id = unused.shift()
        if (id !== undefined) return id
        filling ??= fill().finally(() => (filling = undefined))
        await filling
      }
    },
    key: async (id) => {
      const cached = known.get(id)
      if (cached !== undefined) return { id, bytes: cached }
      const found = await vault.read([id])()
      if (E.isLeft(found)) throw new Faulted(found.left)
      const bytes = found.right.get(id)
      if (bytes === undefined) return undefined
      known.set(id, bytes)
      return { id, bytes }
    },
  }
}
