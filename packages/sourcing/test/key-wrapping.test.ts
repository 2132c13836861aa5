import { randomBytes } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { keyEncryptionKeyId, keyRing, openVault, type KeyEncryption } from '@threadbook/sourcing'
import { memoryKeys, memoryVault } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'

const [kek, key] = [randomBytes(32), Uint8Array.from(randomBytes(32))]
const wrapped: KeyEncryption = { keyEncryptionKey: kek }

/** A vault with a key called `a`, and what is kept of it: one entry by the key's name. */
const holding = async (encryption: KeyEncryption) => {
  const kept = new Map<string, Uint8Array>()
  const vault = await openVault(memoryKeys(kept), encryption)
  await vault.add(new Map([['a', key]]))()
  const [[name, stored]] = [...kept] as [[string, Uint8Array]]
  return { vault, kept, name, stored }
}

const unreadable = {
  type: 'Unavailable',
  reason: expect.stringMatching(/^key\/.*: .*stored key/) as unknown,
}

const forms: readonly (readonly [string, KeyEncryption])[] = [
  ['wrapped', wrapped],
  ['plain', {}],
]

describe.each(forms)('a stored key, %s,', (_, encryption) => {
  it('has 68 bytes', async () => {
    expect((await holding(encryption)).stored).toHaveLength(68)
  })

  it('that was changed in any byte is told of, and is neither another key nor a missing one', async () => {
    const { vault, kept, name, stored } = await holding(encryption)
    for (let at = 8; at < stored.length; at++) {
      const changed = Uint8Array.from(stored)
      changed[at]! ^= 1
      // The nonce of a plain key means nothing.
      if (encryption === wrapped || at >= 20) {
        kept.set(name, changed)
        expect(await vault.read(['a'])()).toEqual(E.left(unreadable))
      }
    }
    kept.set(name, stored)
    expect(await vault.read(['a'])()).toEqual(E.right(new Map([['a', key]])))
  })

  it('whose beginning was changed is told of', async () => {
    const { vault, kept, name, stored } = await holding(encryption)
    for (let at = 0; at < 8; at++) {
      const changed = Uint8Array.from(stored)
      changed[at]! ^= 1
      kept.set(name, changed)
      expect(await vault.read(['a'])()).toMatchObject({ left: { type: 'Unavailable' } })
    }
  })

  it('opens under its own name only', async () => {
    const { vault, kept, name, stored } = await holding(encryption)
    kept.set(name.replace('a', 'b'), stored)
    expect(await vault.read(['b'])()).toEqual(E.left(unreadable))
  })

  it('is no key for hashes of the same name', async () => {
    const { vault, kept, stored } = await holding(encryption)
    const before = new Set(kept.keys())
    await vault.macKey('a')()
    for (const each of kept.keys()) if (!before.has(each)) kept.set(each, stored)
    expect(await vault.macKey('a')()).toMatchObject({ left: { type: 'Unavailable' } })
  })

  it('of zeros, or of another size, is told of', async () => {
    const { vault, kept, name, stored } = await holding(encryption)
    for (const bytes of [new Uint8Array(68), stored.subarray(0, 67), key, new Uint8Array()]) {
      kept.set(name, bytes)
      expect(await vault.read(['a'])()).toEqual(E.left(unreadable))
    }
  })
})

it('nothing that is stored shows a key that is wrapped', async () => {
  const { stored } = await holding(wrapped)
  expect(Buffer.from(stored).includes(Buffer.from(key.subarray(0, 8)))).toBe(false)
  expect(Buffer.from(stored).includes(kek.subarray(0, 8))).toBe(false)
  expect(Buffer.from((await holding({})).stored).includes(Buffer.from(key))).toBe(true)
})

it('the same key is never wrapped the same way twice', async () => {
  const [one, other] = [await holding(wrapped), await holding(wrapped)]
  expect(one.stored).not.toEqual(other.stored)
})

it('a stored key begins with the id of its key-encryption key', async () => {
  const { stored } = await holding(wrapped)
  expect(Buffer.from(stored).toString('hex', 0, 8)).toBe(keyEncryptionKeyId(kek))
})

it.each([
  [
    'wrapped',
    'HoCAavYY2KsAAQIDBAUGBwgJCgsRiOB5FADQQH677JXrUWXz6DW/hxFrfjgfx2qzh95kDEOtzKB4vNa7Oa0LOnNetjM=',
  ],
  [
    'plain',
    'AAAAAAAAAAAAAAAAAAAAAAAAAAAJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCeZT0y4aJiRSwfVgam5CjIs=',
  ],
])('keys stored by the first version are read for ever: %s', async (_, stored) => {
  const kept = new Map([['key/a', Uint8Array.from(Buffer.from(stored, 'base64'))]])
  const vault = await openVault(memoryKeys(kept), { keyEncryptionKey: new Uint8Array(32).fill(7) })
  expect(await vault.read(['a'])()).toEqual(E.right(new Map([['a', new Uint8Array(32).fill(9)]])))
})

it('a key-encryption key that its host overwrites afterwards is kept as it was', async () => {
  const mine = Uint8Array.from(kek)
  const { vault } = await holding({ keyEncryptionKey: mine })
  mine.fill(0)
  expect(await vault.read(['a'])()).toEqual(E.right(new Map([['a', key]])))
})

it('a key of another size than 32 bytes is a mistake', async () => {
  const vault = memoryVault(wrapped)
  await expect(vault.add(new Map([['a', randomBytes(16)]]))()).rejects.toThrow('expected 32 bytes')
})

it('a ring of keys works with a wrapped vault as with any other', async () => {
  const vault = memoryVault(wrapped)
  let made = 0
  const ring = keyRing(vault, () => `key-${String(made++)}`, 4)
  const id = await ring.fresh()
  const known = await ring.key(id)
  expect(await vault.read([id])()).toEqual(E.right(new Map([[id, Uint8Array.from(known!.bytes)]])))
})
