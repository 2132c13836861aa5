/** What is measured: the same work done by several subjects, one of which is the floor. */
export interface Timed {
  /** Operations done in `ms`. */
  readonly operations: number
  readonly ms: number
}

export interface Subject {
  readonly name: string
  /** What ran, so that nobody has to guess: durability, sealing, batch sizes, versions. */
  readonly settings: string
  /** Does the work once, in a process of its own. `folder` is empty, and removed afterwards. */
  readonly run: (folder: string) => Promise<Timed>
}

export interface Scenario {
  readonly name: string
  /** What one operation is. */
  readonly operation: string
  readonly size: number
  /** The hand-written program, or the part that cannot be done without. */
  readonly floor: Subject
  readonly subjects: readonly Subject[]
}

/** How long a piece of work took. */
export const timed = async (operations: number, work: () => Promise<void>): Promise<Timed> => {
  const began = performance.now()
  await work()
  return { operations, ms: performance.now() - began }
}
