import { randomBytes } from 'node:crypto'
import { expect } from '@jest/globals'
import type { Vault } from '../vault.js'
import { faultOf, ok, suite, type BesideCase, type Case, type KitOptions } from './suite.js'

export const key = (): Uint8Array => Uint8Array.from(randomBytes(32))

export const read = async (vault: Vault, ...ids: readonly string[]) =>
  Object.fromEntries([...(await ok(vault.read(ids)))].map(([id, bytes]) => [id, [...bytes]]))

const cases: readonly (Case<Vault> | BesideCase<Vault>)[] = [
  {
    name: 'keys that were added are read back, as many as asked for',
    run: async (vault) => {
      const [a, b] = [key(), key()]
      await ok(vault.add(new Map([['a', a]])))
      await ok(
        vault.add(
          new Map([
            ['b', b],
            ['c', key()],
          ]),
        ),
      )
      expect(await read(vault, 'a', 'b', 'never')).toEqual({ a: [...a], b: [...b] })
      expect(await read(vault, 'a', 'a')).toEqual({ a: [...a] })
      expect(await read(vault)).toEqual({})
    },
  },
  {
    name: 'all keys can be taken to another vault, page by page; what was destroyed is not among them',
    run: async (vault, open) => {
      expect(await ok(vault.exportKeys(undefined, 10))).toEqual([])
      const kept = new Map(Array.from({ length: 25 }, (_, n) => [`key ${String(n)}`, key()]))
      await ok(vault.add(kept))
      await ok(vault.add(new Map([['gone', key()]])))
      await ok(vault.destroy(['gone']))
      const mac = await ok(vault.macKey('acme'))
      const other = await open()
      const names: string[] = []
      for (let after: string | undefined; ;) {
        const page = await ok(vault.exportKeys(after, 10))
        names.push(...page.map(({ name }) => name))
        expect(await ok(other.importKeys(page))).toEqual([])
        after = page.at(-1)?.name
        if (page.length < 10) break
      }
      expect(names).toHaveLength(26)
      expect(names).toEqual([...new Set(names)].sort())
      expect(await read(other, ...kept.keys(), 'gone')).toEqual(await read(vault, ...kept.keys()))
      expect([...(await ok(other.macKey('acme')))]).toEqual([...mac])
      await ok(other.forgetKeys(names))
      expect(await ok(other.exportKeys(undefined, 100))).toEqual([])
    },
  },
  {
    name: 'what is taken in replaces nothing: keys that are there with other bytes are named',
    run: async (vault) => {
      await ok(vault.add(new Map([['a', key()]])))
      const [there] = await ok(vault.exportKeys(undefined, 1))
      const before = await read(vault, 'a')
      const other = { name: there!.name, bytes: key() }
      expect(await ok(vault.importKeys([other, { name: 'key/b', bytes: key() }]))).toEqual([
        there!.name,
      ])
      expect(await read(vault, 'a')).toEqual(before)
      expect(Object.keys(await read(vault, 'b'))).toEqual(['b'])
      expect(await ok(vault.importKeys([there!]))).toEqual([])
      expect(await ok(vault.importKeys([]))).toEqual([])
    },
  },
  {
    name: 'adding none is no error',
    run: async (vault) => {
      await ok(vault.add(new Map()))
      expect(await read(vault, 'a')).toEqual({})
    },
  },
  {
    name: 'two thousand keys at once',
    run: async (vault) => {
      const ids = Array.from({ length: 2_000 }, (_, index) => `key-${String(index)}`)
      await ok(vault.add(new Map(ids.map((id) => [id, key()]))))
      expect(Object.keys(await read(vault, ...ids))).toHaveLength(2_000)
      await ok(vault.destroy(ids))
      expect(await read(vault, ...ids)).toEqual({})
    },
  },
  {
    name: 'a key that was destroyed is missing, the others stay; unknown ids are no error',
    run: async (vault) => {
      const b = key()
      await ok(
        vault.add(
          new Map([
            ['a', key()],
            ['b', b],
          ]),
        ),
      )
      await ok(vault.destroy(['a', 'never']))
      await ok(vault.destroy(['a']))
      await ok(vault.destroy([]))
      expect(await read(vault, 'a', 'b')).toEqual({ b: [...b] })
    },
  },
  {
    name: 'ids are told apart letter by letter',
    run: async (vault) => {
      const ids = ['a', 'A', 'a ', 'a/1', "a'", 'ä', '🔑']
      const keys = new Map(ids.map((id) => [id, key()]))
      await ok(vault.add(keys))
      await ok(vault.destroy(['A']))
      keys.delete('A')
      expect(await read(vault, ...ids)).toEqual(
        Object.fromEntries([...keys].map(([id, bytes]) => [id, [...bytes]])),
      )
    },
  },
  {
    name: 'bytes changed by the caller, before or after, change nothing that is kept',
    run: async (vault) => {
      const given = key()
      const before = [...given]
      await ok(vault.add(new Map([['a', given]])))
      given.fill(0)
      ;(await ok(vault.read(['a']))).get('a')!.fill(1)
      ;(await ok(vault.macKey('acme'))).fill(1)
      expect(await read(vault, 'a')).toEqual({ a: before })
      expect([...(await ok(vault.macKey('acme')))]).not.toEqual(Array(32).fill(1))
    },
  },
  {
    name: "an account's key for hashes has 32 bytes, stays the same, and is its own",
    run: async (vault) => {
      const acme = await ok(vault.macKey('acme'))
      expect(acme).toHaveLength(32)
      expect(await ok(vault.macKey('acme'))).toEqual(acme)
      expect(await ok(vault.macKey('Acme'))).not.toEqual(acme)
    },
  },
  {
    name: 'a key for hashes is no key to be read or destroyed',
    run: async (vault) => {
      const acme = await ok(vault.macKey('acme'))
      expect(await read(vault, 'acme')).toEqual({})
      await ok(vault.destroy(['acme']))
      expect(await ok(vault.macKey('acme'))).toEqual(acme)
    },
  },
  {
    name: 'sixteen who ask for the key for hashes at once get the same',
    run: async (vault) => {
      const keys = await Promise.all(Array.from({ length: 16 }, () => ok(vault.macKey('acme'))))
      expect(new Set(keys.map((bytes) => Buffer.from(bytes).toString('hex'))).size).toBe(1)
    },
  },
  {
    name: 'two processes that ask for the key for hashes at once get the same',
    runBeside: async (vault, other) => {
      const keys = await Promise.all([
        ok(vault.macKey('acme')),
        ok(other.macKey('acme')),
        ok(vault.macKey('acme')),
      ])
      expect(keys[1]).toEqual(keys[0])
      expect(keys[2]).toEqual(keys[0])
    },
  },
  {
    name: 'what one process adds or destroys, the other sees at once',
    runBeside: async (vault, other) => {
      const a = key()
      await ok(vault.add(new Map([['a', a]])))
      expect(await read(other, 'a')).toEqual({ a: [...a] })
      expect(await read(vault, 'a')).toEqual({ a: [...a] })
      await ok(vault.destroy(['a']))
      expect(await read(other, 'a')).toEqual({})
      expect(await read(vault, 'a')).toEqual({})
    },
  },
  {
    name: 'after close every call is answered Unavailable, and closing again is no error',
    run: async (vault) => {
      await vault.close()
      await vault.close()
      for (const task of [
        vault.add(new Map()),
        vault.read(['a']),
        vault.destroy(['a']),
        vault.macKey('acme'),
        vault.rotate(key()),
      ])
        expect(await faultOf<unknown, unknown>(task)).toMatchObject({ type: 'Unavailable' })
    },
  },
]

/** All that a vault owes its callers, as tests. `open` gives a new vault with nothing in it. */
export const vaultConformance = (
  name: string,
  open: () => Promise<Vault>,
  options?: KitOptions<Vault>,
): void => {
  suite(`vault: ${name}`, cases, open, options)
}
