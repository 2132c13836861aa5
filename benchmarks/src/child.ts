/** A process for one piece of work, which is bounded in time. */
import { fork } from 'node:child_process'

/** A run that takes longer is ended, and counts as failed. */
const MOST_MS = 300_000
const STDERR_KEPT = 600

export const inChild = <A>(args: readonly string[], mostMs = MOST_MS): Promise<A> =>
  new Promise((resolve, reject) => {
    const child = fork(new URL('run-one.js', import.meta.url), args, {
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
      else reject(new Error(`${args.join(' ')}: ended with ${code ?? signal}\n${words}`))
    })
  })
