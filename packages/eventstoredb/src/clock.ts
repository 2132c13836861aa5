/** Time, and waiting that can be ended: every call has a timer of our own around it. */

/** Where time comes from; a test brings its own. */
export interface Clock {
  /** Milliseconds from some moment on. */
  readonly now: () => number
  /** Calls back once after so many milliseconds, unless the answer is called before. */
  readonly after: (ms: number, callback: () => void) => () => void
}

export const realClock: Clock = {
  now: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms)
    return () => {
      clearTimeout(timer)
    }
  },
}

/** Who is to be called when a signal is given. Appends come and go too fast for a listener each. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>()

/** Calls back once when the signal is given, unless the answer is called before. */
const onAbort = (signal: AbortSignal, callback: () => void): (() => void) => {
  let callbacks = waiting.get(signal)
  if (callbacks === undefined) {
    const all = new Set<() => void>()
    callbacks = all
    waiting.set(signal, all)
    const callAll = () => {
      for (const each of [...all]) each()
    }
    signal.addEventListener('abort', callAll, { once: true })
  }
  const its = callbacks
  its.add(callback)
  return () => {
    its.delete(callback)
  }
}

/** No answer came in time: what became of the call is unknown. */
export class NoAnswer extends Error {}

/** Whoever waited is gone. */
export class Stopped extends Error {}

export interface Limits {
  readonly clock: Clock
  /** The longest silence. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/**
 * The work's answer; or an error once there was no sign of life from it for so long, or the signal
 * was given. Then the work is on its own: `abandon` is to end it.
 */
export const guarded = <A>(
  { clock, timeoutMs, signal }: Limits,
  work: (alive: () => void) => Promise<A>,
  abandon: () => void = () => undefined,
): Promise<A> =>
  new Promise((resolve, reject) => {
    let lastSign = clock.now()
    let disarm = (): void => undefined
    let unlisten = (): void => undefined
    const free = () => {
      disarm()
      unlisten()
    }
    const giveUp = (error: Error) => {
      free()
      reject(error)
      abandon()
    }
    const stop = () => {
      giveUp(new Stopped('closed'))
    }
    const watch = (ms: number) => {
      disarm = clock.after(ms, () => {
        const left = lastSign + timeoutMs - clock.now()
        if (left > 0) watch(left)
        else giveUp(new NoAnswer(`no answer for ${String(timeoutMs / 1000)} s`))
      })
    }
    if (signal.aborted) {
      stop()
      return
    }
    unlisten = onAbort(signal, stop)
    watch(timeoutMs)
    const alive = () => {
      lastSign = clock.now()
    }
    work(alive).then(
      (answer) => {
        free()
        resolve(answer)
      },
      (error: Error) => {
        free()
        reject(error)
      },
    )
  })

/** Waits so long, or until the signal is given. */
export const sleep = (clock: Clock, ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve()
      return
    }
    const wake = () => {
      cancel()
      signal.removeEventListener('abort', wake)
      resolve()
    }
    const cancel = clock.after(ms, wake)
    signal.addEventListener('abort', wake)
  })
