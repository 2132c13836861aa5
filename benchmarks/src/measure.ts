/** Runs interleaved (A B A B …), each in a process of its own, so that all meet the same weather. */
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { inChild } from './child.js'
import type { FixtureFolder } from './fixtures.js'
import { machine } from './machine.js'
import { resultsOf } from './results-of.js'
import type { Result } from './results.js'
import type { Measured, Scenario, Subject } from './scenario.js'
import { subjectsOf } from './subjects.js'

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
  return [...runs].flatMap(([size, subjects]) =>
    resultsOf({ scenario, size, runs: subjects, failures, machine: machine() }),
  )
}
