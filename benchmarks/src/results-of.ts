/** Medians and ratios of what was measured. */
import type { Result, Spread } from './results.js'
import type { Measured, Scenario, Subject } from './scenario.js'
import { median } from './statistics.js'
import { roleOf } from './subjects.js'

const spreadOf = (figures: readonly number[]): Spread => ({
  median: median(figures),
  least: Math.min(...figures),
  most: Math.max(...figures),
})

const figureOf = (measure: Scenario['measure'], { operations, ms, bytes }: Measured): number => {
  switch (measure) {
    case 'perSecond':
      return (operations / ms) * 1_000
    case 'ms':
      return ms / operations
    case 'bytes':
      if (bytes === undefined) throw new Error('expected the bytes that were measured')
      return bytes
  }
}

/** How many times as good: as fast, or as small. */
const ratio = (measure: Scenario['measure'], mine: number, other: number): number =>
  measure === 'perSecond' ? mine / other : other / mine

interface Runs {
  readonly scenario: Scenario
  readonly size: number
  readonly runs: ReadonlyMap<Subject, readonly Measured[]>
  readonly failures: ReadonlyMap<Subject, number>
  readonly machine: string
}

/** The results of a scenario at one size; a subject none of whose runs worked has none. */
export const resultsOf = ({ scenario, size, runs, failures, machine }: Runs): readonly Result[] => {
  const { name, operation, measure, floor, peers = [] } = scenario
  const spreads = new Map(
    [...runs]
      .filter(([, measured]) => measured.length > 0)
      .map(([subject, measured]) => [
        subject,
        spreadOf(measured.map((one) => figureOf(measure, one))),
      ]),
  )
  const ofPeers = peers.flatMap((peer) => {
    const spread = spreads.get(peer)
    return spread === undefined ? [] : [{ name: peer.name, figure: spread.median }]
  })
  const atFloor = spreads.get(floor)?.median
  return [...spreads].map(([subject, spread]): Result => {
    const ratiosToPeers = Object.fromEntries(
      ofPeers.map((peer) => [peer.name, ratio(measure, spread.median, peer.figure)]),
    )
    const cpu = runs
      .get(subject)!
      .flatMap(({ cpuMs, operations }) =>
        cpuMs === undefined ? [] : [(cpuMs * 1_000) / operations],
      )
    return {
      scenario: name,
      operation,
      size,
      subject: subject.name,
      role: roleOf(scenario, subject),
      settings: subject.settings,
      machine,
      [measure]: spread.median,
      spread,
      ...(failures.has(subject) && { failedRuns: failures.get(subject)! }),
      ...(cpu.length > 0 && { cpuMicroseconds: median(cpu) }),
      ...(atFloor !== undefined && { ratioToFloor: ratio(measure, spread.median, atFloor) }),
      ...(ofPeers.length > 0 && {
        ratioToBestPeer: Math.min(...Object.values(ratiosToPeers)),
        ratiosToPeers,
      }),
    }
  })
}
