/** What benchmarks/results.json holds. */
import type { Role } from './subjects.js'

/** Over the runs of one subject. */
export interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
}

export interface Result {
  readonly scenario: string
  readonly operation: string
  readonly size: number
  readonly subject: string
  readonly role: Role
  readonly settings: string
  readonly machine: string
  /** Medians; one of the three, as the scenario measures. */
  readonly perSecond?: number
  /** Milliseconds an operation. */
  readonly ms?: number
  readonly bytes?: number
  readonly spread: Spread
  /** At all sizes of the scenario together; their figures are missing above. */
  readonly failedRuns?: number
  /** Of the processor, an operation. */
  readonly cpuMicroseconds?: number
  /** How many times as fast, or as small: more is better, whatever is measured. */
  readonly ratioToFloor?: number
  readonly ratioToBestPeer?: number
  readonly ratiosToPeers?: Readonly<Record<string, number>>
}
