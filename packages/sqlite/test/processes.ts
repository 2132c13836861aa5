/** Other processes at the same file: they run what is built (see scripts/build-before-tests.mjs). */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { afterAll } from '@jest/globals'
import { buildSync } from 'esbuild'

const running = new Set<() => void>()
afterAll(() => {
  for (const kill of running) kill()
})

export interface Program {
  /** What it writes, line by line. */
  readonly lines: AsyncIterable<string>
  readonly all: () => Promise<readonly string[]>
  readonly kill: () => void
  /** Its exit code; null where it was killed. */
  readonly ended: Promise<number | null>
}

export const start = (program: string, ...args: readonly string[]): Program => {
  const child = spawn(process.execPath, [join(__dirname, 'programs', `${program}.mjs`), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const kill = () => void child.kill('SIGKILL')
  running.add(kill)
  const ended = once(child, 'close').then(([code]: (number | null)[]) => {
    running.delete(kill)
    return code ?? null
  })
  const lines = createInterface({ input: child.stdout })
  return {
    lines,
    all: async () => {
      const all: string[] = []
      for await (const line of lines) all.push(line)
      return all
    },
    kill,
    ended,
  }
}

/** The address of a module of src that is no entry point, built for a program; gone with the tests. */
export const built = (source: string): string => {
  const root = join(__dirname, '../../..')
  // Inside node_modules, so that dependencies are found and no other tool looks here.
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true })
  const room = mkdtempSync(join(root, 'node_modules/.cache/built-'))
  afterAll(() => {
    rmSync(room, { recursive: true, force: true })
  })
  const file = join(room, 'built.mjs')
  buildSync({
    entryPoints: [join(__dirname, '../src', source)],
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  })
  return pathToFileURL(file).href
}
