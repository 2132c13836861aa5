import { randomBytes } from 'node:crypto'
import { expect } from '@jest/globals'
import { keyEncryptionKeyId, type KeyEncryption } from '../key-wrapping.js'
import type { Vault } from '../vault.js'
import { faultOf, ok, suite, type Case, type Skip } from './suite.js'
import { key, read, vaultConformance } from './vault.js'

export interface WrappedVaults {
  /** A new vault with nothing in it. */
  readonly open: (encryption: KeyEncryption) => Promise<Vault>
  /** The same keys a second time, as another process would open them, or this one once more. */
  readonly beside: (vault: Vault, encryption: KeyEncryption) => Promise<Vault>
  readonly skip?: readonly Skip[]
}

const [ours, next, another] = [randomBytes(32), randomBytes(32), randomBytes(32)]
const withOurs = { keyEncryptionKey: ours }
const withNext = { keyEncryptionKey: next }
const withBoth = { keyEncryptionKey: next, earlierKeyEncryptionKeys: [ours] }
const [ourId, nextId] = [keyEncryptionKeyId(ours), keyEncryptionKeyId(next)]

/** More than are rotated at once. */
const MANY = 600

const fill = async (vault: Vault, count: number, prefix = 'key'): Promise<readonly string[]> => {
  const ids = Array.from({ length: count }, (_, index) => `${prefix}-${String(index)}`)
  await ok(vault.add(new Map(ids.map((id) => [id, key()]))))
  return ids
}

const wrappingCases = ({ open, beside }: WrappedVaults): readonly Case<Vault>[] => {
  const during = async <A>(opening: Promise<Vault>, work: (vault: Vault) => Promise<A>) => {
    const vault = await opening
    try {
      return await work(vault)
    } finally {
      await vault.close()
    }
  }

  const everything = async (vault: Vault, ids: readonly string[]) => ({
    keys: await read(vault, ...ids),
    mac: [...(await ok(vault.macKey('acme')))],
  })

  const expectRefused = (vault: Vault, encryption: KeyEncryption, expected: string) =>
    expect(beside(vault, encryption).then((opened) => opened.close())).rejects.toThrow(expected)

  /** Ends after its first batch. */
  const rotateALittle = async (vault: Vault) => {
    const stop = new AbortController()
    const onProgress = () => {
      stop.abort()
    }
    await expect(vault.rotate(next, { signal: stop.signal, onProgress })()).rejects.toThrow()
  }

  return [
    {
      name: 'opened again with its key-encryption key, it holds the same keys',
      run: async (vault) => {
        const ids = await fill(vault, 3)
        const before = await everything(vault, ids)
        const again = await during(beside(vault, withOurs), (other) => everything(other, ids))
        expect(again).toEqual(before)
        expect(Object.keys(again.keys)).toEqual(ids)
      },
    },
    {
      name: 'without it, or with another, opening is refused, and says which is expected',
      run: async (vault) => {
        await fill(vault, 1)
        await expectRefused(vault, {}, ourId)
        await expectRefused(vault, { keyEncryptionKey: another }, ourId)
        await expectRefused(vault, { keyEncryptionKey: another }, keyEncryptionKeyId(another))
        await expectRefused(vault, { earlierKeyEncryptionKeys: [another] }, ourId)
        expect(Object.keys(await read(vault, 'key-0'))).toEqual(['key-0'])
      },
    },
    {
      name: 'the key for hashes alone is reason enough to refuse',
      run: async (vault) => {
        await ok(vault.macKey('acme'))
        await expectRefused(vault, {}, ourId)
      },
    },
    {
      name: 'what is no key-encryption key is refused',
      run: async (vault) => {
        await expectRefused(vault, { keyEncryptionKey: randomBytes(31) }, 'expected 32 bytes')
        await expectRefused(vault, { keyEncryptionKey: new Uint8Array() }, 'expected 32 bytes')
        await fill(vault, 1)
        await expect(vault.rotate(randomBytes(33))()).rejects.toThrow('expected 32 bytes')
        await during(beside(vault, withOurs), async (other) => {
          expect(Object.keys(await read(other, 'key-0'))).toEqual(['key-0'])
        })
      },
    },
    {
      name: 'keys stored plain go on working with a key-encryption key, and rotation wraps them',
      run: async () => {
        await during(open({}), async (plain) => {
          const ids = await fill(plain, 3)
          const before = await everything(plain, ids)
          await during(beside(plain, withOurs), async (vault) => {
            expect(await everything(vault, ids)).toEqual(before)
            await fill(vault, 1, 'new')
            expect(await ok(vault.rotate(ours))).toBe(4)
            expect(await ok(vault.rotate(ours))).toBe(0)
            expect(await everything(vault, ids)).toEqual(before)
          })
          await expectRefused(plain, {}, ourId)
        })
      },
    },
    {
      name: 'rotation leaves the keys what they are; from then on the new one is enough',
      run: async (vault) => {
        const ids = await fill(vault, MANY)
        const before = await everything(vault, ids)
        const heard: number[] = []
        expect(await ok(vault.rotate(next, { onProgress: (keys) => heard.push(keys) }))).toBe(
          MANY + 1,
        )
        expect(heard.at(-1)).toBe(MANY + 1)
        expect(heard.length).toBeGreaterThan(1)
        expect(await everything(vault, ids)).toEqual(before)
        await expectRefused(vault, withOurs, nextId)
        const again = await during(beside(vault, withNext), (other) => everything(other, ids))
        expect(again).toEqual(before)
      },
    },
    {
      name: 'rotation that stops halfway loses nothing, and is finished by another',
      run: async (vault) => {
        const ids = await fill(vault, MANY)
        const before = await everything(vault, ids)
        await rotateALittle(vault)
        await expectRefused(vault, withOurs, nextId)
        await expectRefused(vault, withNext, ourId)
        await during(beside(vault, withBoth), async (other) => {
          expect(await everything(other, ids)).toEqual(before)
          const left = await ok(other.rotate(next))
          expect(left).toBeGreaterThan(0)
          expect(left).toBeLessThan(MANY + 1)
        })
        const again = await during(beside(vault, withNext), (other) => everything(other, ids))
        expect(again).toEqual(before)
      },
    },
    {
      name: 'two that rotate at once end with every key, wrapped by the new one',
      run: async (vault) => {
        const ids = await fill(vault, MANY)
        const before = await everything(vault, ids)
        await during(beside(vault, withBoth), (other) =>
          Promise.all([ok(vault.rotate(next)), ok(other.rotate(next))]),
        )
        const again = await during(beside(vault, withNext), (other) => everything(other, ids))
        expect(again).toEqual(before)
      },
    },
    {
      name: 'destroyed keys stay destroyed, also those destroyed while others are rotated',
      run: async (vault) => {
        const ids = await fill(vault, MANY)
        const [first, second, ...others] = ids
        await ok(vault.destroy([first!]))
        await rotateALittle(vault)
        await ok(vault.destroy([second!]))
        await Promise.all([ok(vault.rotate(next)), ok(vault.destroy(others.slice(-5)))])
        const kept = others.slice(0, -5)
        expect(Object.keys(await read(vault, ...ids)).sort()).toEqual([...kept].sort())
        await during(beside(vault, withNext), async (other) => {
          expect(Object.keys(await read(other, ...ids)).sort()).toEqual([...kept].sort())
        })
      },
    },
    {
      name: 'who lacks the new one is told so, rather than that a key is gone',
      run: async (vault) => {
        const [id] = await fill(vault, 1)
        await during(beside(vault, withOurs), async (other) => {
          await ok(other.macKey('acme'))
          await ok(vault.rotate(next))
          for (const task of [other.read([id!]), other.macKey('acme')])
            expect(await faultOf<unknown, unknown>(task)).toMatchObject({
              type: 'Unavailable',
              reason: expect.stringContaining(nextId) as unknown,
            })
        })
      },
    },
    {
      name: 'what is added while others rotate is wrapped by what its vault has, and can be read',
      run: async (vault) => {
        await fill(vault, MANY)
        await rotateALittle(vault)
        const [mine] = await fill(vault, 1, 'mine')
        await during(beside(vault, withBoth), async (other) => {
          const [its] = await fill(other, 1, 'its')
          expect(Object.keys(await read(other, mine!, its!))).toEqual([mine, its])
          expect(Object.keys(await read(vault, mine!, its!))).toEqual([mine, its])
          await ok(other.rotate(next))
        })
        await during(beside(vault, withNext), async (other) => {
          expect(Object.keys(await read(other, mine!))).toEqual([mine])
        })
      },
    },
  ]
}

/** What a vault owes its callers whose keys are wrapped, all of the vault's own kit included. */
export const keyWrappingConformance = (name: string, vaults: WrappedVaults): void => {
  const { open, beside, skip = [] } = vaults
  vaultConformance(`${name}, wrapped`, () => open(withOurs), {
    beside: (vault) => beside(vault, withOurs),
  })
  suite(`key wrapping: ${name}`, wrappingCases(vaults), () => open(withOurs), { skip })
}
