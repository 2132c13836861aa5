/** Fixtures of one invocation: each made once, when it is first asked for. */
import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { inChild } from './child.js'
import type { Fixture } from './scenario.js'

export type FixtureFolder = (fixture: Fixture | undefined, size: number) => Promise<string>

/** A million conversations take some minutes. */
const MOST_MS = 1_800_000

export const fixturesIn = (root: string, told: (words: string) => void): FixtureFolder => {
  const made = new Map<string, Promise<string>>()

  const make = async ({ name, from }: Fixture, size: number): Promise<string> => {
    const folder = join(root, `${name}-${size}`)
    if (from === undefined) await mkdir(folder, { recursive: true })
    else await cp(await folderOf(from, size), folder, { recursive: true })
    const began = performance.now()
    await inChild(['fixture', name, folder, String(size)], MOST_MS)
    const seconds = ((performance.now() - began) / 1_000).toFixed(1)
    told(`(made: ${name} of ${size.toLocaleString('en')}, ${seconds} s)`)
    return folder
  }

  const folderOf: FixtureFolder = async (fixture, size) => {
    if (fixture === undefined) return root
    const key = `${fixture.name} ${size}`
    const making = made.get(key) ?? make(fixture, size)
    made.set(key, making)
    return making
  }
  return folderOf
}
