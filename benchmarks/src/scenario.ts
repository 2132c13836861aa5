/** What is measured: the same work done by several subjects, one of which is the floor. */

/** Where a run works. Both folders lie on the disk that durability is paid for on. */
export interface Run {
  /** Empty, of this run alone, and removed afterwards. */
  readonly folder: string
  /** What the scenario's fixture made, shared by all runs: read it, or copy what you change. */
  readonly fixture: string
  readonly size: number
}

/** What a run took. */
export interface Measured {
  readonly operations: number
  readonly ms: number
  /** Of the processor, all threads of the process. */
  readonly cpuMs?: number
  /** Where memory is what is measured. */
  readonly bytes?: number
}

export interface Subject {
  readonly name: string
  /** What ran, so that nobody has to guess: durability, sealing, batch sizes, versions. */
  readonly settings: string
  /** Does the work once, in a process of its own. */
  readonly run: (run: Run) => Promise<Measured>
}

/** Something made once, in a process of its own, for all runs and all scenarios that name it. */
export interface Fixture {
  readonly name: string
  /** Of the same size; a copy of it is what is made further. */
  readonly from?: Fixture
  readonly make: (folder: string, size: number) => Promise<void>
}

export interface Scenario {
  readonly name: string
  /** What one operation is; with an s, several. */
  readonly operation: string
  /** `perSecond`: operations a second. `ms`: milliseconds an operation. `bytes`: of memory. */
  readonly measure: 'perSecond' | 'ms' | 'bytes'
  /** Ascending. Several of them make a growth curve. */
  readonly sizes: readonly number[]
  /** What `size` counts, where it is not the operations themselves. */
  readonly sizeOf?: string
  /** Instead of `sizes`, for looking. */
  readonly quick: number
  /** Runs of each subject; 5 unless told. */
  readonly rounds?: number
  readonly fixture?: Fixture
  /**
   * `postgres`: a server that all runs share; `newDatabase` gives a run a database of its own on it.
   * `eventStoreDB`: the server that EVENTSTOREDB_URL names; without one it is passed over.
   */
  readonly needs?: 'postgres' | 'eventStoreDB'
  /** The hand-written program, or the part that cannot be done without. */
  readonly floor: Subject
  readonly subjects: readonly Subject[]
  /** What somebody would pick instead. */
  readonly peers?: readonly Subject[]
}

/**
 * Operations before the measured ones: statements and code are compiled by then, as they are in a
 * service that runs for days. The same for all that are compared.
 */
export const WARM_UP = 2_000

/** How long a piece of work took. */
export const timed = async (
  operations: number,
  work: () => Promise<unknown> | void,
): Promise<Measured> => {
  const cpuBefore = process.cpuUsage()
  const began = performance.now()
  await work()
  const ms = performance.now() - began
  const { user, system } = process.cpuUsage(cpuBefore)
  return { operations, ms, cpuMs: (user + system) / 1_000 }
}
