/** Runs interleaved (A B A B …), each in a process of its own, so that all meet the same weather. */
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { inChild } from './child.js'
import type { FixtureFolder } from './fixtures.js'
import type { Result, Spread } from './results.js'
import type { Measured, Scenario, Subject } from './scenario.js'
import { median } from './statistics.js'
import { roleOf, subjectsOf } from './subjects.js'

export interface MeasureOptions {
  readonly sizes: readonly number[]
  readonly rounds: number
  /** Where runs get their folders. */
  readonly root: string
  readonly fixtures: FixtureFolder
  /** Hears of each run that failed; the others go on. */
  readonly onFailure: (subject: Subject, error: Error) => void
}

const MOST_FAILURES = 2

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

const resultsOf = (
  scenario: Scenario,
  size: number,
  runs: ReadonlyMap<Subject, readonly Measured[]>,
  failures: ReadonlyMap<Subject, number>,
): readonly Result[] => {
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

export const measure = async (
  scenario: Scenario,
  { sizes, rounds, root, fixtures, onFailure }: MeasureOptions,
): Promise<readonly Result[]> => {
  const runs = new Map(
    sizes.map((size) => [
      size,
      new Map(subjectsOf(scenario).map((subject) => [subject, [] as Measured[]])),
    ]),
  )
  const failures = new Map<Subject, number>()
  for (let round = 0; round < rounds; round++)
    for (const [size, subjects] of runs)
      for (const [subject, measured] of subjects) {
        // What never works is left out, and said.
        if (measured.length === 0 && (failures.get(subject) ?? 0) >= MOST_FAILURES) continue
        const folder = await mkdtemp(join(root, 'run-'))
        try {
          const fixture = await fixtures(scenario.fixture, size)
          measured.push(
            await inChild(['run', scenario.name, subject.name, folder, fixture, String(size)]),
          )
        } catch (error) {
          onFailure(subject, error as Error)
          failures.set(subject, (failures.get(subject) ?? 0) + 1)
        } finally {
          await rm(folder, { recursive: true, force: true })
        }
      }
  return [...runs].flatMap(([size, subjects]) => resultsOf(scenario, size, subjects, failures))
}
