/** Other processes at the same store: they run what is built (see scripts/build-before-tests.mjs). */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll } from '@jest/globals'

const running = new Set<() => void>()
afterAll(() => {
  for (const kill of running) kill()
})

export interface Program {
  /** What it has written so far. */
  readonly lines: readonly string[]
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
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  return { lines, kill, ended }
}

/** Waits for what is bound to become so. */
export const eventually = async (
  isSo: () => boolean | Promise<boolean>,
  withinMs = 25_000,
): Promise<void> => {
  for (const deadline = Date.now() + withinMs; !(await isSo()); await sleep(10))
    if (Date.now() > deadline) throw new Error(`not so within ${String(withinMs)} ms`)
}
