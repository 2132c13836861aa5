import type { Fixture, Scenario } from '../scenario.js'
import { appendMany, appendManyGrowth, appendOne } from './append.js'
import { appendSealed, sealingCost } from './append-sealed.js'
import { command, commandGrowth, longStreamCommand } from './command.js'
import { eventStoreDBScenarios } from './eventstoredb.js'
import { importCorpus } from './import-corpus.js'
import { listScenarios } from './list.js'
import { loadMemory, loadSqlite } from './load.js'
import { restingMemory, restingSqlite } from './memory-at-rest.js'
import { appendPostgres, commandsPostgres } from './postgres.js'
import { rareType, replaySealed, replayUnsealed } from './read-log.js'
import { rebuildSqlite } from './rebuild.js'
import { rebuildMeanwhile } from './rebuild-meanwhile.js'
import { rebuildPostgres } from './rebuild-postgres.js'
import { startUp } from './start-up.js'

export const scenarios: readonly Scenario[] = [
  appendOne,
  appendMany,
  appendSealed,
  sealingCost,
  command,
  longStreamCommand,
  appendManyGrowth,
  commandGrowth,
  loadMemory,
  loadSqlite,
  rareType,
  replaySealed,
  replayUnsealed,
  rebuildSqlite,
  rebuildMeanwhile,
  importCorpus,
  ...listScenarios,
  appendPostgres,
  commandsPostgres,
  rebuildPostgres,
  startUp,
  restingSqlite,
  restingMemory,
  ...eventStoreDBScenarios,
]

const withItsOwn = (fixture: Fixture | undefined): readonly Fixture[] =>
  fixture === undefined ? [] : [...withItsOwn(fixture.from), fixture]

/** All that a scenario names, and what those are made from. */
export const fixtures: readonly Fixture[] = [
  ...new Set(scenarios.flatMap(({ fixture }) => withItsOwn(fixture))),
]
