/** Lets works of the same name run one after another, in the order they came. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>()
  async take<A>(name: string, work: () => Promise<A>): Promise<A> {
    const before = this.#last.get(name)
    const mine = before === undefined ? work() : before.then(work, work)
    this.#last.set(name, mine)
    try {
      return await mine
    } finally {
      if (this.#last.get(name) === mine) this.#last.delete(name)
    }
  }
}
