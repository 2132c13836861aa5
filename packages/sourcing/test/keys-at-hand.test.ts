import { randomBytes } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { openVault, type StoredKeys, type Vault } from '@threadbook/sourcing'
import { memoryKeys } from '@threadbook/sourcing/memory'
import * as E from 'fp-ts/lib/Either.js'

const bytes = () => Uint8Array.from(randomBytes(32))
const [a, b] = [bytes(), bytes()]

/** A vault with keys `a` and `b`, what it looked for, and a say in what it takes others to have done. */
const watching = async () => {
  const kept = memoryKeys()
  const looked: string[][] = []
  let version = 0
  let meanwhile = async () => {}
  const keys: StoredKeys = {
    ...kept,
    version: async () => E.right(version),
    get: (names) => async () => {
      looked.push(names.map((name) => name.replace('key/', '')))
      const found = await kept.get(names)()
      await meanwhile()
      return found
    },
  }
  const vault = await openVault(keys)
  await vault.add(new Map(Object.entries({ a, b })))()
  return {
    vault,
    looked,
    /** As another connection would. */
    destroyBeside: async (id: string) => {
      await kept.remove([`key/${id}`])()
      version++
    },
    whileReading: (work: () => Promise<void>) => {
      meanwhile = async () => {
        meanwhile = async () => {}
        await work()
      }
    },
  }
}

const read = async (vault: Vault, ...ids: string[]) => {
  const found = await vault.read(ids)()
  return E.isRight(found) ? Object.fromEntries(found.right) : found.left
}

describe('keys at hand', () => {
  it('are looked for once, and only those that are missing', async () => {
    const { vault, looked } = await watching()
    expect(await read(vault, 'a')).toEqual({ a })
    expect(await read(vault, 'a', 'b', 'a')).toEqual({ a, b })
    expect(await read(vault, 'b', 'a')).toEqual({ a, b })
    expect(looked).toEqual([['a'], ['b']])
  })

  it('are as they were, whatever somebody did with those that they were given', async () => {
    const { vault } = await watching()
    for (let time = 0; time < 3; time++) {
      const found = await vault.read(['a'])()
      expect(found).toEqual(E.right(new Map([['a', a]])))
      if (E.isRight(found)) found.right.get('a')!.fill(0)
    }
  })

  it('are gone once they were destroyed, here or by another process', async () => {
    const { vault, destroyBeside } = await watching()
    await read(vault, 'a', 'b')
    await vault.destroy(['a'])()
    expect(await read(vault, 'a', 'b')).toEqual({ b })
    await destroyBeside('b')
    expect(await read(vault, 'a', 'b')).toEqual({})
  })

  it('are gone once they were destroyed while somebody read them', async () => {
    const { vault, whileReading } = await watching()
    whileReading(async () => void (await vault.destroy(['a'])()))
    await read(vault, 'a')
    expect(await read(vault, 'a')).toEqual({})
  })

  it('are gone once another process destroyed them while somebody read them', async () => {
    const { vault, whileReading, destroyBeside } = await watching()
    whileReading(() => destroyBeside('a'))
    await read(vault, 'a')
    expect(await read(vault, 'a')).toEqual({})
  })

  it('are looked for again where another vault cannot tell', async () => {
    const kept = memoryKeys()
    const vault = await openVault(kept)
    await vault.add(new Map([['a', a]]))()
    expect(await read(vault, 'a')).toEqual({ a })
    await kept.remove(['key/a'])()
    expect(await read(vault, 'a')).toEqual({})
  })

  it('are 4,096 at most', async () => {
    const { vault, looked } = await watching()
    const many = Array.from({ length: 4_096 }, (_, n) => `many-${String(n)}`)
    await vault.add(new Map(many.map((id) => [id, bytes()])))()
    await read(vault, 'a')
    await read(vault, ...many)
    looked.length = 0
    await read(vault, 'a', many.at(-1)!)
    expect(looked).toEqual([['a']])
  })
})
