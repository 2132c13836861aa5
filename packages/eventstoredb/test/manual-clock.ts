import type { Clock } from '@threadbook/eventstoredb'

interface Timer {
  readonly ms: number
  readonly at: number
  readonly callback: () => void
}

/** Time that stands still until a test moves it. Who waits for 0 ms does not wait. */
export class ManualClock implements Clock {
  #now = 0
  readonly #timers = new Set<Timer>()
  readonly #watchers = new Set<() => void>()

  readonly now = (): number => this.#now

  readonly after = (ms: number, callback: () => void): (() => void) => {
    const timer = { ms, at: this.#now + ms, callback }
    this.#timers.add(timer)
    if (ms === 0) setImmediate(() => this.#fire(timer))
    for (const watcher of [...this.#watchers]) watcher()
    return () => {
      this.#timers.delete(timer)
    }
  }

  /** Who waits. */
  readonly timers = (): number => this.#timers.size

  /** Once somebody waits for so long, moves the time so far. */
  async pass(ms: number): Promise<void> {
    await this.#until(() => [...this.#timers].some((timer) => timer.ms === ms))
    this.tick(ms)
  }

  /** Moves the time, whoever waits. */
  tick(ms: number): void {
    this.#now += ms
    for (const timer of [...this.#timers]) if (timer.at <= this.#now) this.#fire(timer)
  }

  #fire(timer: Timer): void {
    if (this.#timers.delete(timer)) timer.callback()
  }

  #until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isSo()) return
        this.#watchers.delete(look)
        resolve()
      }
      this.#watchers.add(look)
      look()
    })
  }
}
