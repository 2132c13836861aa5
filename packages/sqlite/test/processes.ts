/** Other processes at the same file: they run what is built (see scripts/build-before-tests.mjs). */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll } from '@jest/globals'

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
