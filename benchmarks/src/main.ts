/** Measures the scenarios that are asked for and, at full size, writes down what each came to. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asked } from './arguments.js'
import { fixturesIn } from './fixtures.js'
import { machine } from './machine.js'
import { measure } from './measure.js'
import { startPostgres } from './postgres-server.js'
import { keep, report } from './report/write.js'
import type { Scenario } from './scenario.js'
import { scenarios } from './scenarios/index.js'
import { roleOf } from './subjects.js'
import { table } from './table.js'

const ROUNDS = 5
const QUICK_ROUNDS = 2

const { words, quick, rounds, list, report: onlyReport } = asked(process.argv.slice(2))
const chosen = scenarios.filter(
  ({ name }) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word)),
)
const isMissing = ({ needs }: Scenario) =>
  needs === 'eventStoreDB' && process.env['EVENTSTOREDB_URL'] === undefined

const roundsOf = (its: number | undefined) => rounds ?? (quick ? QUICK_ROUNDS : (its ?? ROUNDS))

/** Started when the first scenario needs it. */
const servers = (root: string) => {
  let stop: (() => Promise<void>) | undefined
  return {
    start: async ({ needs }: Scenario) => {
      if (needs === 'postgres') stop ??= await startPostgres(root)
    },
    stop: async () => stop?.(),
  }
}

const measureAll = async (root: string, start: (scenario: Scenario) => Promise<void>) => {
  const fixtures = fixturesIn(root, console.log)
  let failures = 0
  for (const scenario of chosen) {
    if (isMissing(scenario)) {
      console.log(`\n${scenario.name}: passed over, EVENTSTOREDB_URL names no server`)
      continue
    }
    await start(scenario)
    const measured = await measure(scenario, {
      sizes: quick ? [scenario.quick] : scenario.sizes,
      rounds: roundsOf(scenario.rounds),
      root,
      fixtures,
      onFailure: (subject, { message }) => {
        // That a peer fails is a result, too.
        if (roleOf(scenario, subject) !== 'peer') failures++
        console.error(`\nFAILED ${message.trim()}`)
      },
    })
    for (const size of new Set(measured.map((result) => result.size)))
      console.log(
        table(
          scenario,
          size,
          measured.filter((result) => result.size === size),
        ),
      )
    if (!quick) await keep(measured)
  }
  if (failures > 0) process.exitCode = 1
}

const run = async () => {
  console.log(machine())
  const root = await mkdtemp(join(tmpdir(), 'threadbook-bench-'))
  const { start, stop } = servers(root)
  try {
    await measureAll(root, start)
  } finally {
    await stop()
    await rm(root, { recursive: true, force: true })
  }
}

if (list) for (const { name } of chosen) console.log(name)
else if (onlyReport) await report()
else await run()
