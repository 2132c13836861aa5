import { createHash, randomBytes } from 'node:crypto'
import { expect } from '@jest/globals'
import type { Blobs } from '../blobs.js'
import { faultOf, ok, suite, type BesideCase, type Case, type KitOptions } from './suite.js'

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values)

const get = async (blobs: Blobs, id: string) => {
  const found = await ok(blobs.get(id))
  return found === undefined ? undefined : [...found]
}

const hash = (of: Uint8Array): string => createHash('sha256').update(of).digest('hex')

const cases: readonly (Case<Blobs> | BesideCase<Blobs>)[] = [
  {
    name: 'bytes come back as they were; an unknown id has none',
    run: async (blobs) => {
      await ok(blobs.put('a', bytes(0, 1, 255)))
      await ok(blobs.put('A', bytes(2)))
      expect(await get(blobs, 'a')).toEqual([0, 1, 255])
      expect(await get(blobs, 'A')).toEqual([2])
      expect(await get(blobs, 'never')).toBeUndefined()
    },
  },
  {
    name: 'no bytes are something else than no blob',
    run: async (blobs) => {
      await ok(blobs.put('a', bytes()))
      expect(await get(blobs, 'a')).toEqual([])
    },
  },
  {
    name: 'five megabytes',
    run: async (blobs) => {
      const large = Uint8Array.from(randomBytes(5_000_000))
      await ok(blobs.put('a', large))
      expect(hash((await ok(blobs.get('a')))!)).toBe(hash(large))
    },
  },
  {
    name: 'a part of a larger buffer is that part',
    run: async (blobs) => {
      await ok(blobs.put('a', bytes(1, 2, 3, 4, 5).subarray(1, 4)))
      expect(await get(blobs, 'a')).toEqual([2, 3, 4])
    },
  },
  {
    name: 'putting an id again replaces it',
    run: async (blobs) => {
      await ok(blobs.put('a', bytes(1, 2, 3)))
      await ok(blobs.put('a', bytes(4)))
      expect(await get(blobs, 'a')).toEqual([4])
    },
  },
  {
    name: 'ids are listed page by page, in the order of their bytes, without what was removed',
    run: async (blobs) => {
      expect(await ok(blobs.list(undefined, 10))).toEqual([])
      const ids = ['b', 'a', 'A', 'é', '💬', 'gone', 'a2']
      for (const id of ids) await ok(blobs.put(id, bytes(1)))
      await ok(blobs.remove(['gone']))
      const all = ['A', 'a', 'a2', 'b', 'é', '💬']
      expect(await ok(blobs.list(undefined, 10))).toEqual(all)
      const pages: string[] = []
      for (let after: string | undefined; ;) {
        const page = await ok(blobs.list(after, 2))
        pages.push(...page)
        after = page.at(-1)
        if (page.length < 2) break
      }
      expect(pages).toEqual(all)
    },
  },
  {
    name: 'what was removed is gone, the others stay; unknown ids are no error',
    run: async (blobs) => {
      for (const id of ['a', 'b', 'c']) await ok(blobs.put(id, bytes(1)))
      await ok(blobs.remove(['a', 'never', 'c']))
      await ok(blobs.remove(['a']))
      await ok(blobs.remove([]))
      expect([await get(blobs, 'a'), await get(blobs, 'b'), await get(blobs, 'c')]).toEqual([
        undefined,
        [1],
        undefined,
      ])
    },
  },
  {
    name: 'bytes changed by the caller, before or after, change nothing that is kept',
    run: async (blobs) => {
      const given = bytes(1, 2, 3)
      await ok(blobs.put('a', given))
      given.fill(0)
      ;(await ok(blobs.get('a')))!.fill(0)
      expect(await get(blobs, 'a')).toEqual([1, 2, 3])
    },
  },
  {
    name: 'many at once',
    run: async (blobs) => {
      const ids = Array.from({ length: 50 }, (_, index) => `blob-${String(index)}`)
      await Promise.all(ids.map((id, index) => ok(blobs.put(id, bytes(index)))))
      const found = await Promise.all(ids.map((id) => get(blobs, id)))
      expect(found).toEqual(ids.map((_, index) => [index]))
    },
  },
  {
    name: 'what one process puts or removes, the other sees at once',
    runBeside: async (blobs, other) => {
      await ok(blobs.put('a', bytes(1)))
      expect(await get(other, 'a')).toEqual([1])
      await ok(blobs.remove(['a']))
      expect(await get(other, 'a')).toBeUndefined()
    },
  },
  {
    name: 'after close every call is answered Unavailable, and closing again is no error',
    run: async (blobs) => {
      await blobs.close()
      await blobs.close()
      for (const task of [blobs.put('a', bytes(1)), blobs.get('a'), blobs.remove(['a'])])
        expect(await faultOf<unknown, unknown>(task)).toMatchObject({ type: 'Unavailable' })
    },
  },
]

/** All that a store of blobs owes its callers, as tests. `open` gives a new one, empty. */
export const blobsConformance = (
  name: string,
  open: () => Promise<Blobs>,
  options?: KitOptions<Blobs>,
): void => {
  suite(`blobs: ${name}`, cases, open, options)
}
