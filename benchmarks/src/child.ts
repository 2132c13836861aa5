/** A process for one piece of work, which is bounded in time. */
import { fork } from 'node:child_process'

/** A run that takes longer is ended, and counts as failed; a fixture may be a million conversations. */
const MOST_MS = { run: 300_000, fixture: 1_800_000 }
const STDERR_KEPT = 600

export const inChild = <A>(task: keyof typeof MOST_MS, ...args: readonly string[]): Promise<A> =>
  new Promise((resolve, reject) => {
    const child = fork(new URL('run-one.js', import.meta.url), [task, ...args], {
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let answer: A | undefined
    let words = ''
    const timer = setTimeout(() => child.kill('SIGKILL'), mostMs)
    child.stderr?.on('data', (bytes: Buffer) => {
      words = (words + bytes.toString()).slice(-STDERR_KEPT)
    })
    child.on('message', (message) => (answer = message as A))
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      if (answer !== undefined) resolve(answer)
      else reject(new Error(`${[task, ...args].join(' ')}: ended with ${code ?? signal}\n${words}`))
    })
  })
